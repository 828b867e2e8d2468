"""The final report as a PDF: contents, authored chapters, and what the data tells (D4, S6, H4)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report as Progress
from digivesteralen.reports import insight
from digivesteralen.reports.blocks import BLOCKS, areas
from digivesteralen.reports.models import Report
from governance.models import Collaboration


def collaboration_of(subject: str) -> Collaboration:
    return Report.objects.select_related("collaboration").get(pk=subject).collaboration


def make(job: Job, progress: Progress) -> Made:
    """The work of the job."""
    report = Report.objects.select_related("collaboration").get(pk=job.subject)
    progress(10, _("Collecting the chapters and figures"))
    facts = context(report)
    progress(35, _("Setting the pages"))
    content = render(report, facts)
    progress(95, _("Storing the file"))
    # Publishing keeps these very bytes: what says draft is the file's name, never a page of it.
    name = f"utkast-{file_name(report)}"
    return Made(content, name, "application/pdf", report.title, made_from=made_from(report))


def file_name(report: Report) -> str:
    return f"{report.slug}-utgave-{report.edition}.pdf"


def render(report: Report, facts: dict[str, Any] | None = None) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        facts = facts or context(report)
        attachments = [pdf.Attachment(*attached) for attached in insight.attachments(report)]
        return pdf.render(
            "pdf/final_report.html", facts, title=report.title, lang="nb", variant="pdf/a-3a", attachments=attachments
        )


def context(report: Report) -> dict[str, Any]:
    """Chapters in order, each with its blocks."""
    with override("nb"):
        chapters = [_chapter(report, chapter) for chapter in report.chapters.select_related("focus_area")]
    return {
        "report": report,
        "collaboration": report.collaboration,
        "members": list(report.collaboration.members()),
        "chapters": chapters,
        "headings": [(one["anchor"], str(one["chapter"]), one["chapter"].level) for one in chapters],
        "made_on": timezone.localdate(report.published_at) if report.published_at else timezone.localdate(),
        "example": report.example or any(block["facts"].get("example") for one in chapters for block in one["blocks"]),
    }


def _chapter(report: Report, chapter: Any) -> dict[str, Any]:
    return {
        "chapter": chapter,
        "anchor": f"kap-{chapter.position}",
        "blocks": [
            {"template": f"reports/blocks/{key}.html", "title": BLOCKS[key][0], "facts": BLOCKS[key][1](report)}
            for key in chapter.blocks
        ],
        "measures": _measures(report, chapter),
    }


def _measures(report: Report, chapter: Any) -> list[str]:
    """Those of the chapter's focus area, as the report's edition of the strategy has them."""
    return next((area.measures for area in areas(report) if area.focus_area == chapter.focus_area_id), [])


def made_from(report: Report) -> dict[str, Any]:
    """What the PDF was made from: the text's version, and the counts that stand in it."""
    texts = json.dumps([[one.number, one.title, one.text] for one in report.chapters.all()], ensure_ascii=False)
    return {
        "report": report.pk,
        "version": report.version,
        "edition": report.edition,
        "strategy": strategy.pk if (strategy := report.edition_of_strategy) else None,
        "text_sha256": hashlib.sha256(texts.encode()).hexdigest(),
        **insight.counts(report),
    }
