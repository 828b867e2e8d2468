"""Writing a final report, ordering its PDF, publishing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.reports.models import Chapter, Recommendation, Report
from digivesteralen.reports.outline import OUTLINE
from governance.models import Collaboration

RIGHT = "governance.publish_report"
DRAFT, FINAL = "reports.draft", "reports.final"


@transaction.atomic
def begin_report(*, collaboration: Collaboration, title: str, slug: str = "", example: bool = False, by: Any) -> Report:
    """A new report with the usual chapters, empty of text; the data comes by itself."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    slug = _free_slug(collaboration, slug or slugify(title.replace("ø", "o").replace("å", "a").replace("æ", "ae")))
    report = Report.objects.create(collaboration=collaboration, slug=slug, title=title, example=example)
    with translation.override("nb"):
        Chapter.objects.bulk_create(
            Chapter(report=report, position=position, number=number, title=str(name), blocks=blocks)
            for position, (number, name, blocks) in enumerate(OUTLINE, 1)
        )
    return report


@transaction.atomic
def write_chapter(*, chapter: Chapter, version: int | None = None, title: str, text: str, by: Any) -> Chapter:
    report = _locked(chapter.report, None, by)
    chapter = Chapter.objects.select_for_update().get(pk=chapter.pk)
    check_version(chapter, version)
    chapter.title, chapter.text = title, text
    chapter.version += 1
    chapter.save()
    _touch(report)
    return chapter


@transaction.atomic
def add_chapter(
    *, report: Report, number: str, title: str, text: str = "", blocks: Sequence[str] = (), by: Any, **more: Any
) -> Chapter:
    report = _locked(report, None, by)
    last = report.chapters.order_by("-position").first()
    chapter = Chapter.objects.create(
        report=report,
        position=last.position + 1 if last else 1,
        number=number,
        title=title,
        text=text,
        blocks=list(blocks),
        **more,
    )
    _touch(report)
    return chapter


@transaction.atomic
def recommend(
    *, report: Report, text: str, points: Sequence[str] = (), by: Any, number: int | None = None
) -> Recommendation:
    """Add a numbered recommendation."""
    report = _locked(report, None, by)
    recommendation = Recommendation.objects.create(
        report=report,
        number=number or report.recommendations.count() + 1,
        text=text,
        points="\n".join(points),
    )
    _touch(report)
    return recommendation


@transaction.atomic
def change_recommendation(
    *, recommendation: Recommendation, version: int | None = None, text: str, points: str, by: Any
) -> Recommendation:
    report = _locked(recommendation.report, None, by)
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    check_version(recommendation, version)
    recommendation.text, recommendation.points = text, points
    recommendation.version += 1
    recommendation.save()
    _touch(report)
    return recommendation


@transaction.atomic
def order(*, report: Report, by: Any) -> Job:
    """Ask for the PDF as the report and the data now stand."""
    require(by, RIGHT, on=report.collaboration)
    return jobs.ask(DRAFT, str(report.pk), by=by)


@transaction.atomic
def publish(*, report: Report, version: int | None = None, by: Any) -> Report:
    """Freeze the newest PDF, with its hash, as what the collaboration has published."""
    report = _locked(report, version, by)
    draft = latest_draft(report)
    if draft is None or draft.made_from.get("version") != report.version:
        raise NotAllowedNow(
            _("The text has changed since the last PDF, or there is none. Make the PDF first and look at it.")
        )
    strategy = report.edition_of_strategy
    if draft.made_from.get("strategy") != (strategy.pk if strategy else None):
        raise NotAllowedNow(
            _("Another edition of the strategy has come since the last PDF. Make the PDF again and look at it.")
        )
    report.strategy = strategy
    report.document = files.keep(
        files.content(draft),
        kind=FINAL,
        subject=str(report.pk),
        title=draft.title,
        file_name=draft.file_name.removeprefix("utkast-"),
        mime=draft.mime,
        by=by,
        made_from=draft.made_from,
        reason=report.reason,
    )
    report.state, report.published_at = Report.State.PUBLISHED, timezone.now()
    report.version += 1
    report.save()
    return report


@transaction.atomic
def new_edition(*, report: Report, reason: str, by: Any) -> Report:
    """A published report is corrected by a new edition that says why; the earlier one stays."""
    require(by, RIGHT, on=report.collaboration)
    report = Report.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=report.pk)
    if report.state != Report.State.PUBLISHED:
        raise NotAllowedNow(_("The report is a draft and can be changed as it is."))
    if not reason.strip():
        raise NotAllowedNow(_("Say why a new edition is made."))
    if Report.objects.filter(collaboration=report.collaboration, slug=report.slug, state=Report.State.DRAFT).exists():
        raise NotAllowedNow(_("There is already a draft of a new edition."))
    newest = Report.objects.filter(collaboration=report.collaboration, slug=report.slug).order_by("-edition")[0]
    edition = Report.objects.create(
        collaboration=report.collaboration,
        slug=report.slug,
        edition=newest.edition + 1,
        title=report.title,
        reason=reason,
        strategy=report.strategy,
        example=report.example,
    )
    _copy(report.chapters.all(), edition)
    _copy(report.recommendations.all(), edition)
    return edition


def _copy(rows: Any, edition: Report) -> None:
    copies = list(rows)
    for row in copies:
        row.pk, row.report, row.version = None, edition, 1
        row._state.adding = True
    rows.model.objects.bulk_create(copies)


def latest_draft(report: Report) -> Document | None:
    return Document.objects.filter(kind=DRAFT, subject=str(report.pk)).order_by("-version").first()


def _locked(report: Report, version: int | None, by: Any) -> Report:
    report = Report.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=report.pk)
    require(by, RIGHT, on=report.collaboration)
    check_version(report, version)
    _not_published(report)
    return report


def _not_published(report: Report) -> None:
    if report.state == Report.State.PUBLISHED:
        raise NotAllowedNow(_("The report is published and stands as it is. Make a new edition with a reason."))


def _touch(report: Report) -> None:
    """The PDF made before this change no longer tells what the report says."""
    report.version += 1
    report.save(update_fields=["version"])


def _free_slug(collaboration: Collaboration, slug: str) -> str:
    taken = set(collaboration.reports.values_list("slug", flat=True))
    slug, candidate, count = slug[:50] or "rapport", slug[:50] or "rapport", 1
    while candidate in taken or candidate in {"ny"}:
        count += 1
        candidate = f"{slug}-{count}"
    return candidate
