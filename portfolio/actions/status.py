"""Telling how a project stands: a draft, published and then frozen; the next report corrects it (D15, rule 7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, check_version
from digivesteralen.ui import wording
from portfolio.models import Habits, Project, StatusReport
from portfolio.models.status_reports import LIGHTS
from portfolio.status import next_meeting
from portfolio.status_facts import facts_of

RIGHT = "governance.report_status"
TOLD = [field for light in LIGHTS for field in (light, f"{light}_text")]


class Told(TypedDict, total=False):
    """What a person writes in a report."""

    reported_for: date
    overall: str
    overall_text: str
    progress: str
    progress_text: str
    economy: str
    economy_text: str
    quality: str
    quality_text: str
    risk: str
    risk_text: str
    benefit: str
    benefit_text: str


@transaction.atomic
def save_draft(
    *,
    project: Project,
    report: StatusReport | None = None,
    version: int | None = None,
    after: int | None = None,
    by: Any,
    **told: Unpack[Told],
) -> StatusReport:
    """Keep what is written so far. A project has one draft, whoever writes on it.

    ``report`` is the draft one believes to write on; ``version`` is the draft's, 0 for none, and ``after`` the last
    published report's key, 0 for none. Whoever had something else before them is stopped.
    """
    project = _locked(project, by)
    _refuse_one_that_has_ended(project)
    draft = _filled(_draft(project, report, version, after), told, by)
    draft.save()
    return draft


@transaction.atomic
def publish(
    *,
    project: Project,
    report: StatusReport | None = None,
    version: int | None = None,
    after: int | None = None,
    at: datetime | None = None,
    by: Any,
    **told: Unpack[Told],
) -> StatusReport:
    """Publish the draft, with what is told here. Pressed twice it is one report."""
    project = _locked(project, by)
    if twin := _just_published(project, version, after, told, by):
        return twin
    draft = _filled(_draft(project, report, version, after), told, by)
    return _publish(draft, at or timezone.now())


@transaction.atomic
def repeat_unchanged(
    *, project: Project, after: int | None = None, at: datetime | None = None, by: Any
) -> StatusReport:
    """«Uendret»: the last report once more, as of today, with today's figures (users.md, Enkel)."""
    project = _locked(project, by)
    last = last_published(project)
    moment = at or timezone.now()
    today = timezone.localdate(moment)
    if last and last.unchanged and last.written_by == by and last.reported_for == today:
        return last
    _same_last(last, after)
    if last is None:
        raise NotAllowedNow(_("There is no report to repeat yet. Write the first one."))
    if project.status_reports.drafts().exists():
        raise NotAllowedNow(_("A draft is begun for this project. Publish it, or delete it first."))
    if last.full != Habits.objects.of(project.collaboration).is_full:
        raise NotAllowedNow(_("The last report was made in another form. Write this one out."))
    if last.reported_for == today:
        raise NotAllowedNow(_("The status of today is published already. Nothing is missing."))
    report = StatusReport(
        project=project, unchanged=True, reported_for=today, written_by=by, version=1, example=project.example
    )
    _fill(report, {name: getattr(last, name) for name in TOLD})
    report.full = last.full
    return _publish(report, moment)


@transaction.atomic
def delete_draft(*, report: StatusReport, version: int | None = None, by: Any) -> None:
    """Throw a draft away; what is published stays."""
    _locked(report.project, by)
    report = StatusReport.objects.select_for_update().get(pk=report.pk)
    must_be_draft(report)
    check_version(report, version)
    report.delete()


def must_be_draft(report: StatusReport) -> None:
    if report.is_published:
        raise NotAllowedNow(
            _("The report is published, and stays as it was read. Make the next one, and tell there what is different.")
        )


def last_published(project: Project) -> StatusReport | None:
    return StatusReport.objects.published().filter(project=project).newest_first().first()


def _locked(project: Project, by: Any) -> Project:
    """One at a time for each project, and only those who may report on it."""
    own = Project.objects.select_for_update(of=["self"], no_key=True).select_related("collaboration")
    project = own.get(pk=project.pk)
    if not Project.objects.reported_by(by).filter(pk=project.pk).exists():
        raise PermissionDenied(RIGHT)
    return project


def _draft(project: Project, believed: StatusReport | None, version: int | None, after: int | None) -> StatusReport:
    """The draft as it stands, or a new one; what was published in the meantime comes first."""
    last = last_published(project)
    _same_last(last, after)
    if believed is not None:
        for current in StatusReport.objects.filter(pk=believed.pk):
            must_be_draft(current)
    draft = project.status_reports.drafts().first()
    if draft is None:
        today = timezone.localdate()
        return StatusReport(project=project, reported_for=today, version=0, example=project.example)
    check_version(draft, version)
    return draft


def _same_last(last: StatusReport | None, after: int | None) -> None:
    """Somebody published while this was written: what they wrote comes first."""
    if last and after is not None and after != last.pk:
        raise Stale(last)


def _just_published(
    project: Project, version: int | None, after: int | None, told: Told, by: Any
) -> StatusReport | None:
    """The report that the same person published with the same words a moment ago, from the same page."""
    last = last_published(project)
    if last is None or after is None or last.pk == after or last.written_by != by:
        return None
    same = all(getattr(last, name) == value for name, value in told.items())
    return last if same and last.version == (version or 0) + 1 else None


def _fill(report: StatusReport, told: Any) -> None:
    for name, value in told.items():
        setattr(report, name, value)


def _filled(report: StatusReport, told: Any, by: Any) -> StatusReport:
    _fill(report, told)
    report.full = Habits.objects.of(report.project.collaboration).is_full
    report.written_by = by
    report.version += 1
    return report


def _publish(report: StatusReport, moment: datetime) -> StatusReport:
    _refuse_what_can_not_be(report)
    today = timezone.localdate(moment)
    report.state, report.published_at = StatusReport.State.PUBLISHED, moment
    report.meeting = None if report.full else next_meeting(report.project.collaboration, moment)
    report.facts = facts_of(report.project, today)
    try:
        report.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    report.save()
    return report


def _refuse_one_that_has_ended(project: Project) -> None:
    if not project.is_under_way:
        raise NotAllowedNow(
            _("«%(project)s» is %(state)s. Only projects that are planned or under way report their status.")
            % {"project": project, "state": project.get_state_display()}
        )


def _refuse_what_can_not_be(report: StatusReport) -> None:
    _refuse_one_that_has_ended(report.project)
    if report.reported_for > timezone.localdate():
        raise NotAllowedNow(
            _("The status is of a day that has not come. Choose today, or an earlier day."), at="reported_for"
        )
    last = last_published(report.project)
    if last and report.reported_for < last.reported_for:
        raise NotAllowedNow(
            _("A report of %(day)s is published already. Choose that day or a later one.")
            % {"day": wording.day(last.reported_for)},
            at="reported_for",
        )
