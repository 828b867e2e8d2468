"""A saved ranking as a document: the order as it was saved, why, and how far each has moved since the one before."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets.writing import XLSX, workbook
from portfolio import ranking_history, ranking_sheets
from portfolio.actions.meeting_papers import ranking_of
from portfolio.document_parts import MOST_ROWS, PDF, attached
from portfolio.models import Ranking


def make(job: Job, report: Report) -> Made:
    """The work of the job."""
    ranking = ranking_of(job.subject)
    report(30, _("Collecting the order"))
    content = render(ranking)
    report(90, _("Storing the file"))
    name = f"rangering-{ranking.collaboration.slug}-{ranking.number}.pdf"
    decided = ranking.resolution_id
    made_from = {"ranking": ranking.pk, "edition": ranking.number, "resolution": decided}
    return Made(content, name, PDF, str(ranking), made_from=made_from)


def render(ranking: Ranking) -> bytes:
    """A ranking too long to be read goes along as a workbook, whole."""
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        told = context(ranking)
        sheets = attached(ranking_sheets.ranking(ranking, told["lines"]), rows=len(told["lines"]))
        if not sheets:
            return pdf.render("pdf/ranking.html", told, title=str(ranking))
        inside = pdf.Attachment("rangering.xlsx", workbook(sheets), XLSX, _("The whole ranking"))
        return pdf.render("pdf/ranking.html", told, title=str(ranking), variant="pdf/a-3a", attachments=[inside])


def context(ranking: Ranking) -> dict[str, Any]:
    """The first lines of a long one; the case is named by its number alone, since its title may be exempt (rule 8)."""
    before = ranking_history.earlier(ranking)
    lines = ranking_history.lines(ranking, before)
    return {
        "collaboration": ranking.collaboration,
        "ranking": ranking,
        "before": before,
        "lines": lines,
        "shown": lines[:MOST_ROWS],
        "gone": ranking_history.gone(ranking, before),
        "scored": ranking_history.has_points(lines),
        "example": ranking.example or any(line.example for line in lines),
    }
