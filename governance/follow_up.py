"""What the resolutions asked somebody to do, and what was to be looked at again (D12, X1–X3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from governance.models import Body, Case, Meeting, Person, ResolutionPoint

# A resolution is suggested for the meeting that lies this near the day it was to be taken up again.
NEAR = timedelta(days=45)


def open_points(body: Body) -> Any:
    """What somebody is to carry out, until the body has been told that it is done; overdue first."""
    points = ResolutionPoint.objects.of(body).to_follow_up().not_closed()
    return points.select_related("resolution__item__case__body", "owner", "organisation", "closed_in__body")


def the_case_of(meeting: Meeting) -> Case | None:
    """The automatic case «Oppfølging av vedtak» of this meeting, when it is on the agenda."""
    return Case.objects.filter(items__meeting=meeting, items__withdrawn=False, follows_up=True).first()


def listed(points: Iterable[ResolutionPoint]) -> str:
    """The text of the case: a list, in the markup of the editor."""
    lines = format_html_join("", "<li>{}</li>", ((line(point),) for point in points))
    return format_html("<ul>{}</ul>", lines) if lines else ""


def line(point: ResolutionPoint) -> str:
    """One line of the case's text; a point of an exempt case is only numbered, since all may read this one (rule 8)."""
    case = point.resolution.item.case
    told = {"number": point.number, "case": case.number}
    if case.is_exempt:
        return _("Case %(case)s, point %(number)s: exempt from public disclosure") % told + _how_it_stands(point)
    return _("Case %(case)s, point %(number)s") % told + f": {point.text}" + _how_it_stands(point)


def _how_it_stands(point: ResolutionPoint) -> str:
    facts = [str(point.get_status_display())]
    if point.responsible and not point.resolution.item.case.is_exempt:
        facts.insert(0, point.responsible)
    if point.deadline:
        facts.append(_("deadline %(day)s") % {"day": formats.date_format(point.deadline)})
    if point.done_on:
        facts.append(formats.date_format(point.done_on))
    return f" ({', '.join(facts)})"


def may_read(person: Person, case: Case) -> bool:
    """Whether somebody can open the points of the case: an exempt one is for those who read it (rule 8)."""
    if not case.is_exempt:
        return True
    return person.user is not None and Case.objects.visible_to(person.user).filter(pk=case.pk).exists()


def to_take_up_again(meeting: Meeting) -> Any:
    """Treated cases of the body whose day for a new look is near the meeting, and that have not come back."""
    if meeting.day is None:
        return Case.objects.none()
    treated = Case.objects.filter(body=meeting.body, stage=Case.Stage.TREATED, continued_by=None)
    near = treated.filter(review_on__isnull=False, review_on__lte=meeting.day + NEAR)
    return near.select_related("body__collaboration").order_by("review_on")
