"""An edition of the strategy as a document: vision, goals and focus areas, and whether it is adopted."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from portfolio import strategy_editions
from portfolio.actions.meeting_papers import strategy_of
from portfolio.document_parts import PDF
from portfolio.models import Strategy


def make(job: Job, report: Report) -> Made:
    """The work of the job."""
    strategy = strategy_of(job.subject)
    report(30, _("Collecting the words of the strategy"))
    content = render(strategy)
    report(90, _("Storing the file"))
    name = f"strategi-{strategy.collaboration.slug}-utgave-{strategy.number}.pdf"
    made_from = {"strategy": strategy.pk, "edition": strategy.number, "version": strategy.version}
    return Made(content, name, PDF, str(strategy), made_from=made_from)


def render(strategy: Strategy) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        return pdf.render("pdf/strategy.html", context(strategy), title=str(strategy))


def context(strategy: Strategy) -> dict[str, Any]:
    """What is adopted stands as it was adopted; of what is not, the words as of today."""
    return {
        "collaboration": strategy.collaboration,
        "strategy": strategy,
        "as_of": timezone.localdate(),
        "pillars": strategy.pillars.all(),
        "goals": strategy.goals.select_related("pillar"),
        "areas": strategy_editions.areas_of(strategy),
        "example": strategy.example,
    }
