"""The saksframlegg as files: Word at once, PDF as a job; always in the language form of the municipality."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from governance.addresses import plain
from governance.models import Adoption, Collaboration, Organisation
from portfolio.council_paper import text
from portfolio.council_paper.basis import Basis, gather

OPEN, EXEMPT = "portfolio.council_paper", "portfolio.exempt_council_paper"
WORD_TEMPLATE, PDF_TEMPLATE = "portfolio/council_paper.docx", "pdf/council_paper.html"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READ = ("collaboration", "organisation", "agreement__collaboration", "case__body")


def language(adoption: Adoption) -> str:
    """Nynorsk where the municipality writes it; a neutral one gets bokmål."""
    return adoption.organisation.language_form or "nb"


def word_file(adoption: Adoption) -> Made:
    """The file in which the municipality goes on writing."""
    from digivesteralen.documents import word  # noqa: PLC0415 -- slow import

    lang = language(adoption)
    with override(lang):
        basis = gather(adoption)
        content = word.render(WORD_TEMPLATE, text.frame(basis), text.parts(basis), lang=lang)
        return _made(basis, content, "docx", WORD)


def pdf_file(adoption: Adoption) -> Made:
    """The same paper, to be read and sent as it is."""
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    lang = language(adoption)
    with override(lang):
        basis = gather(adoption)
        frame = text.frame(basis)
        context = {**frame, "parts": text.parts(basis), "example": basis.example}
        content = pdf.render(PDF_TEMPLATE, context, title=f"{frame['heading']}: {frame['matter']}", lang=lang)
        return _made(basis, content, "pdf", "application/pdf")


def _made(basis: Basis, content: bytes, ending: str, mime: str) -> Made:
    """The title of an exempt matter stands in no file name (rule 8)."""
    name = f"saksframlegg-{plain(basis.municipality.name)}-{plain(basis.title, limit=60)}.{ending}"
    title = f"{_('Case paper')}: {basis.title} – {basis.municipality}"
    return Made(content, name, mime, title, made_from=_sources(basis))


def _sources(basis: Basis) -> dict[str, Any]:
    """The rows behind the figures."""
    rows: dict[str, Any] = {
        "adoption": basis.adoption, "project": basis.project, "case": basis.case, "agreement": basis.agreement,
    }  # fmt: skip
    return {
        **{name: {"id": row.pk, "version": row.version} for name, row in rows.items() if row is not None},
        "others": [{"adoption": other.pk, "version": other.version} for other in basis.others],
        "systems": [{"id": str(use.pk), "version": use.version} for use in basis.uses],
    }


def make(job: Job, report: Report) -> Made:
    """The work of the job."""
    adoption = Adoption.objects.select_related(*READ).get(pk=job.subject)
    report(40, _("Setting the pages"))
    return pdf_file(adoption)


def key_of(adoption: Adoption) -> str:
    """The same for the same content: who asks twice gets the file that is there."""
    with override(language(adoption)):
        basis = gather(adoption)
        said = repr((text.frame(basis), text.parts(basis)))
    return f"council_paper:{adoption.pk}:{hashlib.sha256(said.encode()).hexdigest()}"


def kind_of(adoption: Adoption) -> str:
    return EXEMPT if adoption.case is not None and adoption.case.is_exempt else OPEN


def collaboration_of(subject: str) -> Collaboration:
    """Of a matter that all may see; a case that became exempt takes the papers with it (rule 8)."""
    adoption = Adoption.objects.select_related("collaboration", "case").get(pk=subject)
    if kind_of(adoption) == EXEMPT:
        raise ObjectDoesNotExist
    return adoption.collaboration


def municipality_of(subject: str) -> Organisation:
    """Of an exempt matter: the municipality whose matter it is."""
    return Adoption.objects.select_related("organisation").get(pk=subject).organisation
