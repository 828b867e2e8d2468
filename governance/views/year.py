from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui.moments import moment
from digivesteralen.ui.numbers import whole
from governance import calendars, series
from governance.actions import fixed_cases
from governance.actions import meetings as actions
from governance.forms.planning import DatesForm, FixedForm, SeriesForm
from governance.models import Collaboration, FixedItem, Meeting
from governance.views.finding import find_collaboration
from governance.year_plan import YearPlan

SEE = "governance.view_collaboration"
PREPARE = "governance.prepare_meetings"


@needs(SEE)
def year_plan(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Årshjul: the meetings of all bodies by month, and the cases that come back."""
    found = find_collaboration(request, samarbeid)
    today = timezone.localdate()
    asked = whole(request.GET.get("ar", ""))
    year = asked if asked and 2000 <= asked <= 2100 else today.year
    visible = Meeting.objects.visible_to(request.user).filter(body__collaboration=found)
    plan = YearPlan(found, visible, year)
    name = _("Meetings of %(collaboration)s %(year)s") % {"collaboration": found.name, "year": year}
    if request.GET.get("format") == "xlsx":
        return writing.response([plan.sheet()], file_name=f"arshjul-{found.slug}-{year}.xlsx")
    if request.GET.get("format") == "ics":
        return _calendar(calendars.published(plan.meetings, name), f"arshjul-{found.slug}-{year}.ics")
    context = {
        "collaboration": found,
        "plan": plan,
        # As text: a year is no amount.
        "year": str(year),
        "before": str(year - 1),
        "after": str(year + 1),
        "chart": plan.strip(today) if plan.meetings else None,
        "prepares": holds(request.user, PREPARE, found),
    }
    return TemplateResponse(request, "governance/planning/year.html", context)


@needs(PREPARE)
def new_fixed(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, PREPARE, on=found)
    form = FixedForm(request.POST if request.method == "POST" else None, collaboration=found)
    if form.is_valid():
        fixed_cases.fix_case(by=request.user, **form.cleaned_data)
        messages.success(request, _("The case comes back every year."))
        return redirect("year_plan", samarbeid)
    return _form(request, found, form, _("New fixed case"), _("Save the fixed case"))


@needs(PREPARE)
def edit_fixed(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found, fixed = _fixed(request, samarbeid, pk)
    form = FixedForm(request.POST if request.method == "POST" else None, instance=fixed, collaboration=found)
    if form.is_valid():
        fixed_cases.change_fixed(fixed=fixed, by=request.user, **form.cleaned_data)
        messages.success(request, _("The fixed case is saved."))
        return redirect("year_plan", samarbeid)
    return _form(request, found, form, _("Change the fixed case"), _("Save the fixed case"), fixed=fixed)


@needs(PREPARE)
def stop_fixed(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found, fixed = _fixed(request, samarbeid, pk)
    if request.method == "POST":
        fixed_cases.stop_fixed(fixed=fixed, by=request.user)
        messages.success(request, _("The case comes back no more."))
        return redirect("year_plan", samarbeid)
    context = {
        "collaboration": found,
        "title": _("Take «%(title)s» out of the year plan?") % {"title": fixed.title},
        "text": _("Cases that were already made from it stand as they are."),
        "submit": _("Take it out"),
        "cancel": reverse("year_plan", args=[samarbeid]),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(PREPARE)
def new_series(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The rule, then its dates to look over, and only then the meetings."""
    found = find_collaboration(request, samarbeid)
    require(request.user, PREPARE, on=found)
    data = request.POST if request.method == "POST" else None
    form = SeriesForm(data, collaboration=found)
    if not form.is_valid():
        return _form(request, found, form, _("Several meetings at once"), _("Show the dates"))
    looked_over = "day_0" in request.POST
    days = DatesForm(request.POST if looked_over else None, days=form.rule.days())
    if looked_over and days.is_valid():
        starts = [moment(day, form.cleaned_data["begins"]) for day in days.chosen]
        made = _made(form, starts, request.user)
        messages.success(request, _("%(count)s meetings are planned.") % {"count": len(made)})
        return redirect(f"{reverse('year_plan', args=[samarbeid])}?ar={made[0].year}")
    return _dates_page(request, found, form, days)


def _made(form: SeriesForm, starts: list[datetime], user: Any) -> list[Meeting]:
    body = form.cleaned_data["body"]
    return actions.make_series(body=body, starts=starts, lasts=form.lasts, by=user, **form.shared)


def _dates_page(request: HttpRequest, found: Collaboration, form: SeriesForm, days: DatesForm) -> HttpResponse:
    told = series.warnings(days.days, form.cleaned_data["body"])
    fields = [(days[f"day_{number}"], day, told[day]) for number, day in enumerate(days.days)]
    carried = [(name, request.POST.get(name, "")) for name in form.fields if name != "version"]
    context = {"collaboration": found, "form": days, "fields": fields, "carried": carried}
    return TemplateResponse(request, "governance/planning/dates.html", context)


def _fixed(request: HttpRequest, samarbeid: str, pk: int) -> tuple[Collaboration, FixedItem]:
    found = find_collaboration(request, samarbeid)
    require(request.user, PREPARE, on=found)
    known = FixedItem.objects.select_related("body__collaboration")
    return found, get_object_or_404(known, pk=pk, body__collaboration=found)


def _form(
    request: HttpRequest, found: Collaboration, form: Any, title: str, submit: str, fixed: FixedItem | None = None
) -> HttpResponse:
    context = {"collaboration": found, "form": form, "title": title, "submit": submit, "fixed": fixed}
    return TemplateResponse(request, "governance/planning/form.html", context)


def _calendar(content: bytes, file_name: str) -> HttpResponse:
    told = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return HttpResponse(content, content_type=calendars.MIME, headers=told)
