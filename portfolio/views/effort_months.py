"""Hours of one municipality, project by project, for one month: one number each (N8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs
from governance.models import Collaboration, Organisation
from portfolio.actions import effort as actions
from portfolio.effort_rules import Rules, Told, told_monthly
from portfolio.forms.effort import HoursForm, Place
from portfolio.models import Effort, Habits, Project
from portfolio.periods import MONTH, Period, month_of, this_month
from portfolio.views.effort import OWN
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

LAST_MONTH = "forrige"


@needs(SEE)
def months(request: HttpRequest, samarbeid: str, kommune: str) -> HttpResponse:
    """The month of one municipality; its own people fill it in, or the secretariat for them."""
    collaboration = find_collaboration(request, samarbeid)
    place = get_object_or_404(collaboration.members(), number=kommune)
    period = month_of(request.GET.get("maned", "")) or this_month()
    if not period.has_begun:
        raise NotAllowedNow(_("%(period)s has not begun. Tell the hours when they are worked.") % {"period": period})
    grid = Grid(collaboration, place, period)
    proposed = grid.standing_in(period.before) if request.GET.get("som") == LAST_MONTH else {}
    form = HoursForm(posted(request), places=grid.places(proposed))
    may_tell = holds(request.user, OWN, place) or holds(request.user, MANAGE, collaboration)
    if request.method == "POST" and not may_tell:
        raise PermissionDenied(OWN)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.tell_hours(collaboration=collaboration, told=form.told(), by=request.user)
            messages.success(request, _("The hours of %(period)s are saved.") % {"period": period})
            return redirect(request.path + f"?maned={period.key}")
    context = {
        "collaboration": collaboration,
        "municipality": place,
        "period": period,
        "before": period.before,
        "after": _next(period),
        "rows": grid.rows(form),
        "form": form,
        "may_tell": may_tell,
        "on_behalf": may_tell and not holds(request.user, OWN, place),
        "proposed": bool(proposed),
        "last_month": LAST_MONTH,
    }
    return TemplateResponse(request, "portfolio/effort_months.html", context)


def _next(period: Period) -> Period | None:
    after = Period(period.ends_before, MONTH)
    return after if after.has_begun else None


class Grid:
    """The rows of one municipality and month: the projects it takes part in, and the collaboration as a whole."""

    def __init__(self, collaboration: Collaboration, place: Organisation, period: Period) -> None:
        self.collaboration, self.place, self.period = collaboration, place, period
        self.rules = Rules(collaboration, [place], {period.starts_on.year})
        self.standing = self._standing()
        self.projects = self._projects()

    def _standing(self) -> dict[int | None, Effort]:
        told = Effort.objects.filter(collaboration=self.collaboration, organisation=self.place)
        rows = told.filter(starts_on=self.period.starts_on, span=MONTH).select_related("project", "registered_by")
        return {row.project_id: row for row in rows}

    def _projects(self) -> list[Project | None]:
        """All it takes part in where months are the habit, else those whose grant demands it; and what is told."""
        habits = Habits.objects.of(self.collaboration)
        monthly = habits.effort == Habits.Effort.MONTH
        known = self.collaboration.projects.all() if monthly else told_monthly(self.collaboration)
        joined = known.filter(pk__in=[project for _place, project in self.rules.windows])
        with_us = [one for one in joined if self.rules.is_in(self.place, one, self.period)]
        told = [row.project for row in self.standing.values() if row.project and row.project not in with_us]
        whole = [None] if monthly or None in self.standing else []
        return [*sorted([*with_us, *told], key=lambda project: project.number), *whole]

    def standing_in(self, period: Period) -> dict[int | None, Decimal]:
        """What the same rows had in another month."""
        told = Effort.objects.filter(collaboration=self.collaboration, organisation=self.place, span=MONTH)
        return dict(told.filter(starts_on=period.starts_on).values_list("project", "hours"))

    def places(self, proposed: dict[int | None, Decimal]) -> list[Place]:
        return [
            Place(
                self.place, self.period, project, self.standing.get(project.pk if project else None),
                proposed.get(project.pk if project else None),
            )
            for project in self.projects
            if not self._otherwise(project)
        ]  # fmt: skip

    def _otherwise(self, project: Project | None) -> str:
        told = Told(organisation=self.place, period=self.period, project=project, hours=Decimal(0))
        return self.rules.told_otherwise(told)

    def rows(self, form: HoursForm) -> list[dict[str, Any]]:
        controls = {place.project: form.control(place) for place in form.places.values()}
        return [
            {
                "project": project,
                "standing": self.standing.get(project.pk if project else None),
                "control": controls.get(project),
                "otherwise": self._otherwise(project),
            }
            for project in self.projects
        ]
