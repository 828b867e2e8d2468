"""Follow-up of what was decided: who it means, what they answer, and what the body closes (D12, X1–X3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from digivesteralen.ui import richtext
from governance import exemption
from governance import follow_up as reads
from governance.actions import agenda, cases, meetings
from governance.models import Body, Case, Meeting, Organisation, Person, ResolutionPoint

RIGHT = "governance.prepare_meetings"
OVER = (ResolutionPoint.State.DONE, ResolutionPoint.State.DROPPED)


class Names:
    """Whom the words of the minutes mean: a person of the collaboration, or an organisation in it."""

    def __init__(self, body: Body) -> None:
        self.body = body

    def meant_by(self, words: str) -> dict[str, Any]:
        """«Direktør Sortland» or «Sortland kommune»; words that are no such name mean nobody in particular."""
        found: dict[str, Any] = {"owner": None, "organisation": None}
        if not words:
            return found
        people = list(Person.objects.of(self.body.collaboration).filter(name__iexact=words.strip())[:2])
        if len(people) == 1:
            found["owner"] = people[0]
            found["organisation"] = _stands_for(people[0], self.body)
            return found
        place = words.strip().removesuffix(" kommune")
        found["organisation"] = Organisation.objects.filter(
            memberships__collaboration=self.body.collaboration, name__iexact=place
        ).first()
        return found


def _stands_for(person: Person, body: Body) -> Organisation | None:
    """The party that the person speaks for in the body, else the employer."""
    seat = body.seats.active().filter(person=person, represents__isnull=False).first()
    return seat.represents if seat else person.organisation


@transaction.atomic
def answer_point(
    *,
    point: ResolutionPoint,
    state: str,
    answer: str = "",
    done_on: date | None = None,
    version: int | None = None,
    by: Any,
) -> ResolutionPoint:
    """The owner, or the secretariat, tells how it stands with a point (X2)."""
    point = _locked(point, version)
    if not may_answer(by, point):
        raise PermissionDenied(RIGHT)
    if point.closed_in is not None:
        raise NotAllowedNow(
            _("The point was closed in case %(number)s. Make a new case if it is to be taken up again.")
            % {"number": point.closed_in.number}
        )
    if state in OVER:
        done_on = done_on or timezone.localdate()
        if done_on > timezone.localdate():
            raise NotAllowedNow(_("A point can't be done on a day to come."))
    point.state, point.done_on = state, done_on if state in OVER else None
    point.answer, point.answered_at, point.answered_by = answer.strip(), timezone.now(), by
    return _saved(point, "state", "done_on", "answer", "answered_at", "answered_by")


@transaction.atomic
def hand_over_point(
    *,
    point: ResolutionPoint,
    owner: Person | None,
    organisation: Organisation | None,
    version: int | None = None,
    by: Any,
) -> ResolutionPoint:
    """Somebody else follows it up from now on; the minutes go on saying whom the body named."""
    point = _locked(point, version)
    require(by, RIGHT, on=point.resolution.item.meeting.body.collaboration)
    if owner is not None and not reads.may_read(owner, point.resolution.item.case):
        raise NotAllowedNow(
            _("%(name)s can't read the case, which is exempt from public disclosure. Choose one of those who read it.")
            % {"name": owner.name}
        )
    point.owner, point.organisation = owner, organisation
    return _saved(point, "owner", "organisation")


def may_answer(user: Any, point: ResolutionPoint) -> bool:
    """The owner in person, and those who prepare the meetings."""
    own = point.owner is not None and point.owner.user_id is not None and point.owner.user_id == user.pk
    return own or holds(user, RIGHT, point.resolution.item.meeting.body.collaboration)


@transaction.atomic
def follow_up_case(*, meeting: Meeting, by: Any) -> Case | None:
    """The standing case «Oppfølging av vedtak» of a planned meeting: made, or brought up to date.

    None when nothing is open and the case is not on the agenda. What is done is closed when the body treats it.
    """
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    if meeting.state != Meeting.State.PLANNED:
        raise NotAllowedNow(_("The agenda has already been sent and stands as it is. Add what is new as a late case."))
    points = list(reads.open_points(meeting.body))
    case = reads.the_case_of(meeting)
    if case is None and not points:
        return None
    text = _list_of(points)
    with translation.override("nb"):
        title = _("Follow-up of resolutions")
    if case is not None:
        return cases.change_case(case=case, information=text, by=by)
    case = cases.make_case(
        body=meeting.body,
        kind=Case.Kind.ORIENTATION,
        title=title,
        information=text,
        follows_up=True,
        ready=True,
        example=meeting.example,
        by=by,
    )
    return agenda.put_on_agenda(meeting=meeting, case=case, by=by).case


def screen_lists(case: Case, by: Any) -> None:
    """The case has become exempt: the lists that are not sent yet tell its points by number alone (rule 8)."""
    told = ResolutionPoint.objects.filter(resolution__item__case=case).values_list("text", flat=True)
    lists = Case.objects.filter(body=case.body, follows_up=True, sequence=None).exclude(stage=Case.Stage.WITHDRAWN)
    for one in lists:
        if any(text in richtext.plain(one.information) for text in told):
            cases.change_case(case=one, information=_list_of(reads.open_points(case.body)), by=by)


def _list_of(points: Iterable[ResolutionPoint]) -> str:
    with translation.override("nb"):
        return reads.listed(points) or _("Nothing is open.")


def close_what_is_done(case: Case, meeting: Meeting) -> int:
    """The body has been told: what was carried out before the meeting is «lukket i sak n/år»."""
    done = ResolutionPoint.objects.of(meeting.body).to_follow_up().not_closed().filter(done_on__lte=meeting.day)
    closed = ResolutionPoint.objects.filter(pk__in=list(done.values_list("pk", flat=True)))
    return closed.update(closed_in=case)


@transaction.atomic
def set_review(*, case: Case, review_on: date | None, version: int | None = None, by: Any) -> Case:
    """The day by which the resolution is to be taken up again; it comes up when a meeting near it is planned."""
    case = cases.locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    if review_on is not None and review_on <= timezone.localdate():
        raise NotAllowedNow(_("Choose a day to come for taking the case up again."))
    case.review_on = review_on
    return cases.saved(case, "review_on")


@transaction.atomic
def take_up_again(*, case: Case, meeting: Meeting, by: Any) -> Case:
    """A treated case whose day has come returns as a new case on the agenda, with its link to the old (D2, D12)."""
    case = cases.locked(case, None)
    require(by, RIGHT, on=case.body.collaboration)
    if case.stage != Case.Stage.TREATED:
        raise NotAllowedNow(_("Only a treated case is taken up again."))
    if case.continued_by.exists():
        raise NotAllowedNow(_("The case has already come back as a new case."))
    with translation.override("nb"):
        information = _("The resolution in case %(number)s was to be looked at again.") % {"number": case.number}
        proposal = _("The resolution in case %(number)s stands.") % {"number": case.number}
    anew = cases.make_case(
        body=case.body,
        title=case.title,
        information=information,
        proposal=proposal,
        continues=case,
        **exemption.marks_of(case),
        ready=True,
        example=case.example,
        by=by,
    )
    return agenda.put_on_agenda(meeting=meeting, case=anew, by=by).case


def _locked(point: ResolutionPoint, version: int | None) -> ResolutionPoint:
    found = ResolutionPoint.objects.select_for_update(of=("self",)).select_related(
        "resolution__item__meeting__body__collaboration", "resolution__item__case__body", "owner", "closed_in__body"
    )
    current = found.get(pk=point.pk)
    check_version(current, version)
    return current


def _saved(point: ResolutionPoint, *fields: str) -> ResolutionPoint:
    point.version += 1
    point.save(update_fields=[*fields, "version"])
    return point
