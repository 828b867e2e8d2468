"""Find what I may see (404); every view of this app begins here."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from digivesteralen.accounts.access import require
from governance.actions.attendance import sits_together
from governance.models import Adoption, AgendaItem, Agreement, Body, Case, Collaboration, Meeting


def find_collaboration(request: HttpRequest, samarbeid: str) -> Collaboration:
    return get_object_or_404(Collaboration.objects.visible_to(request.user), slug=samarbeid)


def find_body(request: HttpRequest, samarbeid: str, organ: str) -> Body:
    bodies = Body.objects.visible_to(request.user).select_related("collaboration", "reports_to")
    return get_object_or_404(bodies, collaboration__slug=samarbeid, slug=organ)


def find_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> Agreement:
    agreements = Agreement.objects.visible_to(request.user).whole()
    return get_object_or_404(agreements, collaboration__slug=samarbeid, slug=avtale)


def find_adoption(
    request: HttpRequest, samarbeid: str, pk: int, *, among: QuerySet[Adoption] | None = None
) -> Adoption:
    seen = Adoption.objects.visible_to(request.user) if among is None else among
    adoptions = seen.select_related(
        "collaboration",
        "organisation",
        "agreement__collaboration",
        "case__body__collaboration",
        "extract",
        "delegation__organisation",
        "registered_by",
    )
    return get_object_or_404(adoptions, collaboration__slug=samarbeid, pk=pk)


def find_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user).select_related("body__collaboration", "chair", "secretary")
    return get_object_or_404(meetings, body__collaboration__slug=samarbeid, body__slug=organ, number=nummer, year=aar)


def find_meeting_to_run(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> Meeting:
    """A meeting that people sit together in, for those who prepare it."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, "governance.prepare_meetings", on=found.body.collaboration)
    sits_together(found)
    return found


def run_page(item: AgendaItem) -> str:
    """The page of the meeting, at the case."""
    return f"{reverse('run_meeting', args=item.meeting.address)}#sak-{item.pk}"


def find_case(request: HttpRequest, samarbeid: str, pk: int) -> Case:
    return get_object_or_404(_cases(request), body__collaboration__slug=samarbeid, pk=pk)


def find_numbered_case(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> Case:
    """By the address of a sent case: «12-26» is number 12 of 2026."""
    place = {"body__collaboration__slug": samarbeid, "body__slug": organ}
    return get_object_or_404(_cases(request), sequence=nummer, year=2000 + aar, **place)


def _cases(request: HttpRequest) -> QuerySet[Case]:
    return Case.objects.visible_to(request.user).select_related(
        "body__collaboration", "case_officer", "continues__body__collaboration", "minutes_of__body__collaboration"
    )
