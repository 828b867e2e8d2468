"""The agreement as PDF: its sections, its parties, the rule that binds nobody, and who has acceded."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from governance.models import Agreement, AgreementSection


def context(agreement: Agreement) -> dict[str, Any]:
    """Everything the document tells, as data."""
    written = {section.kind: section.text for section in agreement.sections.all()}
    parties = list(agreement.parties.select_related("organisation"))
    return {
        "agreement": agreement,
        "collaboration": agreement.collaboration,
        "sections": [(kind, label, written.get(kind, "")) for kind, label in AgreementSection.Kind.choices],
        "parties": parties,
        "values": [party for party in parties if party.value],
        "answers": agreement.answers,
        "day": timezone.localdate(),
        "draft": agreement.state == Agreement.State.DRAFT,
        "example": agreement.example or any(party.example for party in parties),
    }


def make(job: Job, report: Report) -> Made:
    """The work of the job: gather, set, hand over with what it was made from."""
    agreement = Agreement.objects.select_related("collaboration").get(pk=job.subject)
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    report(20, _("Gathering the text"))
    told = context(agreement)
    report(40, _("Setting the pages"))
    content = pdf.render("pdf/agreement.html", told, title=agreement.title)
    return Made(
        content=content,
        file_name=f"{agreement.collaboration.slug}-{agreement.slug}.pdf",
        mime="application/pdf",
        title=agreement.title,
        made_from={
            "agreement": agreement.pk,
            "version": agreement.version,
            "sections": {kind: text for kind, _label, text in told["sections"]},
            "parties": [{"organisation": party.organisation_id, "value": party.value} for party in told["parties"]],
            "answers": [{"adoption": answer.pk, "version": answer.version} for answer in told["answers"]],
        },
    )
