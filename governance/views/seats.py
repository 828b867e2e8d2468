from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from digivesteralen.accounts.access import holds, needs
from digivesteralen.accounts.session_limits import require_fresh
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import competence_gaps, vacancies
from governance.forms.people import SeatFilter
from governance.models import Appointment, Collaboration
from governance.seat_tables import SeatTable
from governance.titles import Titles
from governance.views.finding import find_collaboration

SEE = "governance.view_collaboration"
MANAGE = "governance.manage_collaboration"


@needs(SEE)
def seats(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Who sits where, today or on another day."""
    found = find_collaboration(request, samarbeid)
    form = SeatFilter(request.GET, collaboration=found)
    wanted = form.cleaned_data if form.is_valid() else {}
    day = wanted.get("dato") or timezone.localdate()
    as_workbook = request.GET.get("format") == "xlsx"
    hidden = () if as_workbook else SeatTable.FOR_WORKBOOKS
    shown = narrowed(held_on(found, day), wanted)
    table = tables.page(request, SeatTable(shown, collaboration=found, titles=Titles(found, day), exclude=hidden))
    if as_workbook:
        require_fresh(request)
        return writing.response(table, file_name=f"verv-{found.slug}-{day.isoformat()}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form, "day": day, "today": timezone.localdate()}
    return TemplateResponse(request, "governance/seats/list.html", context)


def held_on(collaboration: Collaboration, day: date) -> Any:
    """Seats in the bodies, and roles in the collaboration as a whole."""
    held = Appointment.objects.active(day).filter(Q(body__collaboration=collaboration) | Q(collaboration=collaboration))
    return held.select_related(
        "person__organisation",
        "body",
        "collaboration",
        "represents",
        "region",
        "appointed_by",
        "substitute_for__person",
        "resolution__item__meeting__body",
        "resolution__item__case__body",
    ).order_by("body__level", "body__name", "-is_chair", "person__name", "pk")


def narrowed(shown: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("q"):
        words = wanted["q"]
        shown = shown.filter(
            Q(person__name__icontains=words) | Q(title__icontains=words) | Q(person__title__icontains=words)
        )
    if wanted.get("body"):
        shown = shown.filter(body=wanted["body"])
    if wanted.get("organisation"):
        place = wanted["organisation"]
        shown = shown.filter(Q(represents=place) | Q(represents=None, person__organisation=place))
    if wanted.get("role"):
        shown = shown.filter(role=wanted["role"])
    return shown


@needs(SEE)
def vacancies_of(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What is empty or about to be: seats, contact points, positions, competences."""
    found = find_collaboration(request, samarbeid)
    day = timezone.localdate()
    rows = vacancies.regions(found, day)
    context = {
        "collaboration": found,
        "day": day,
        "lacks": vacancies.lacks_of(found, day),
        "without_council": [row for row in rows if not row.has_council],
        "without_contact": [row for row in rows if row.contact is None] if has_strategy_group(found) else [],
        "gaps": [one for one in competence_gaps.coverage(found, day) if one.gaps],
        "ending": vacancies.ending(found, day),
        "ended": vacancies.ended(found, day)[:50],
    }
    return TemplateResponse(request, "governance/seats/vacancies.html", context)


def has_strategy_group(collaboration: Collaboration) -> bool:
    return collaboration.bodies.filter(kind="strategy").exists()


@needs(SEE)
def councils(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Each region with its eFagråd, how far it has come, and its contact point (B20, B21)."""
    found = find_collaboration(request, samarbeid)
    day = timezone.localdate()
    visible = set(Collaboration.objects.visible_to(request.user).values_list("pk", flat=True))
    context = {
        "collaboration": found,
        "rows": vacancies.regions(found, day),
        "visible": visible,
        "manages": holds(request.user, MANAGE, found),
        "strategy": found.bodies.filter(kind="strategy").first(),
    }
    return TemplateResponse(request, "governance/seats/councils.html", context)
