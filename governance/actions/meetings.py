"""Making, moving and cancelling meetings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance import notices
from governance.models import AgendaItem, Body, Case, Meeting, Person
from governance.models.exemption import exempt_today

RIGHT = "governance.prepare_meetings"


@transaction.atomic
def make_meeting(
    *,
    body: Body,
    starts_at: datetime,
    by: Any,
    ends_at: datetime | None = None,
    place: str = "",
    chair: Person | None = None,
    secretary: Person | None = None,
    answer_by: datetime | None = None,
    why_written: str = "",
    kind: str = Meeting.Kind.MEETING,
    series: UUID | None = None,
    example: bool = False,
) -> Meeting:
    """Plan a meeting; it gets the body's next number in the year of its date in Norway (rule 4).

    With a moment to answer by it is a written treatment. The fixed cases of the year stand on the agenda as drafts.
    """
    require(by, RIGHT, on=body.collaboration)
    if not body.meets:
        raise NotAllowedNow(
            _("%(body)s does not meet here. When it has treated a case, its outcome is written down on its own page.")
            % {"body": body}
        )
    year = timezone.localdate(starts_at).year
    number = _next_number(body, year)
    meeting = Meeting.objects.create(
        body=body,
        year=year,
        number=number,
        kind=kind,
        series=series,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        chair=chair,
        secretary=secretary,
        written=answer_by is not None,
        answer_by=answer_by,
        why_written=why_written,
        example=example,
    )
    if not meeting.written:
        from governance.actions import fixed_cases  # noqa: PLC0415 -- the agenda knows its meeting

        fixed_cases.put_fixed_on_agenda(meeting=meeting, by=by)
    return meeting


@transaction.atomic
def make_series(
    *, body: Body, starts: list[datetime], lasts: timedelta | None, by: Any, **values: Any
) -> list[Meeting]:
    """Plan several meetings at once; each is changed and cancelled by itself afterwards."""
    if not starts:
        raise NotAllowedNow(_("Choose at least one date."))
    if len(set(starts)) < len(starts):
        raise NotAllowedNow(_("The same date stands twice. Take one of them out."))
    series = uuid4()
    return [
        make_meeting(
            body=body, starts_at=start, ends_at=start + lasts if lasts else None, series=series, by=by, **values
        )
        for start in sorted(starts)
    ]


@transaction.atomic
def register_earlier_meeting(*, body: Body, year: int, number: int, by: Any, example: bool = False) -> Meeting:
    """A meeting of which only the number is known (V2); it holds nothing that nobody knows."""
    require(by, RIGHT, on=body.collaboration)
    Body.objects.select_for_update().get(pk=body.pk)
    meeting, _new = Meeting.objects.get_or_create(
        body=body,
        year=year,
        number=number,
        defaults={"number_only": True, "state": Meeting.State.APPROVED, "example": example},
    )
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, version: int | None = None, by: Any, **values: Any) -> Meeting:
    """Change time, place and who leads; after the agenda is out the members get a new summons."""
    meeting = locked(meeting, version)
    require(by, RIGHT, on=meeting.body.collaboration)
    if meeting.written:
        raise NotAllowedNow(_("A written treatment has no time and place. Prolong its deadline instead."))
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.CALLED):
        raise NotAllowedNow(_("The meeting has begun or is cancelled, and can't be moved any more."))
    starts_at = values.get("starts_at", meeting.starts_at)
    if timezone.localdate(starts_at).year != meeting.year:
        raise NotAllowedNow(
            _("The meeting has its number from %(year)s. Cancel it and make a new one in the other year.")
            % {"year": meeting.year}
        )
    changeable = ("starts_at", "ends_at", "place", "chair", "secretary", "kind")
    for name in changeable:
        if name in values:
            setattr(meeting, name, values[name])
    meeting.calendar_sequence += 1
    meeting = saved(meeting, "calendar_sequence", *changeable)
    if meeting.state == Meeting.State.CALLED:
        ask_for_summons(meeting, by=by, reason=_("The time or place of the meeting was changed."))
        notices.tell_members(meeting, "moved", by=by)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, version: int | None = None, by: Any) -> Meeting:
    """Cancel; numbers that were given stay used, and the cases can come on another agenda as new cases."""
    meeting = locked(meeting, version)
    require(by, RIGHT, on=meeting.body.collaboration)
    if Meeting.State.CANCELLED not in Meeting.NEXT[meeting.state]:
        raise NotAllowedNow(_("Only a meeting that has not begun can be cancelled."))
    was_called = meeting.agenda_is_out
    on_agenda = Case.objects.filter(items__in=meeting.items.filter(withdrawn=False), stage=Case.Stage.ON_AGENDA)
    if was_called:
        on_agenda.update(stage=Case.Stage.POSTPONED)
    else:
        on_agenda.update(stage=Case.Stage.READY)
        AgendaItem.objects.filter(meeting=meeting).delete()
    meeting.state = Meeting.State.CANCELLED
    meeting.calendar_sequence += 1
    meeting = saved(meeting, "state", "calendar_sequence")
    if was_called:
        notices.tell_members(meeting, "cancelled", by=by)
    return meeting


def ask_for_summons(meeting: Meeting, *, by: Any, reason: str = "", exempt: bool = False) -> Job:
    """The frozen summons and all papers in one file, and the same for all, without what is exempt."""
    arguments = {"reason": reason}
    # A reason that may tell of an exempt case stands in the edition of those who may read it (rule 8).
    public = {"reason": "" if exempt else reason}
    key = f"summons-public:{meeting.pk}:{meeting.version}"
    jobs.ask("governance.summons_public", meeting.pk, by=by, arguments=public, key=key)
    if not meeting.written:
        for kind, told in (("governance.folder_public", public), ("governance.folder", arguments)):
            jobs.ask(kind, meeting.pk, by=by, arguments=told, key=f"{kind}:{meeting.pk}:{meeting.version}")
    key = f"summons:{meeting.pk}:{meeting.version}"
    return jobs.ask("governance.summons", meeting.pk, by=by, arguments=arguments, key=key)


def screen_anew(case: Case, *, by: Any, mark: str) -> None:
    """Something of a case that has gone out became exempt: public files of its meetings without it (rule 8)."""
    for meeting in Meeting.objects.minuted_here().filter(items__case=case, called_at__isnull=False):
        kinds = ["governance.summons_public"]
        kinds += [] if meeting.written else ["governance.folder_public"]
        kinds += ["governance.minutes_public"] if meeting.is_locked else []
        for kind in kinds:
            jobs.ask(kind, meeting.pk, by=by, key=f"{kind}:{meeting.pk}:{mark}")


def ask_for_minutes(meeting: Meeting, *, by: Any, reason: str = "", edition: int = 0) -> Job:
    """The minutes as they stand now; once approved also those for all in the collaboration."""
    arguments = {"reason": reason}
    mark = f"{meeting.pk}:{meeting.version}:{edition}"
    if meeting.is_locked:
        key = f"minutes-public:{mark}"
        public = arguments if not meeting.items.filter(exempt_today("case__")).exists() else {"reason": ""}
        jobs.ask("governance.minutes_public", meeting.pk, by=by, arguments=public, key=key)
    key = f"minutes:{mark}"
    return jobs.ask("governance.minutes", meeting.pk, by=by, arguments=arguments, key=key)


def locked(meeting: Meeting, version: int | None = None) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body__collaboration").get(pk=meeting.pk)
    check_version(meeting, version)
    return meeting


def saved(meeting: Meeting, *fields: str) -> Meeting:
    meeting.version += 1
    meeting.save(update_fields=[*fields, "version"])
    return meeting


def _next_number(body: Body, year: int) -> int:
    """The row of the body is locked, so that two who make a meeting at once never get the same number."""
    Body.objects.select_for_update().get(pk=body.pk)
    last = Meeting.objects.filter(body=body, year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
