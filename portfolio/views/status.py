"""How all projects stand: the list, the reminder, and the paper for a meeting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.documents.models import Document, Job
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import forms, tables
from governance.models import Collaboration
from governance.views.finding import find_meeting
from portfolio import status_document
from portfolio.actions import status_papers, status_reminders
from portfolio.models import FocusArea, Project, StatusReport
from portfolio.status import Occasion, occasion_of
from portfolio.status_tables import LIGHT_COLORS, StatusTable, light_in_words, status_sheet
from portfolio.views.finding import MANAGE, SEE, find_collaboration

NONE = "ingen"


class StatusFilter(forms.FilterForm):
    light = forms.forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[
            ("", gettext_lazy("all")),
            *reversed(StatusReport.Light.choices),
            (NONE, gettext_lazy("not reported")),
        ],
    )
    area = forms.forms.ModelChoiceField(
        FocusArea.objects.none(), label=gettext_lazy("Focus area"), empty_label=gettext_lazy("all"),
        to_field_name="slug",
    )  # fmt: skip
    missing = forms.forms.BooleanField(label=gettext_lazy("Missing only"))

    def narrow(self, projects: Any) -> Any:
        if not self.is_valid():
            return projects
        data = self.cleaned_data
        if data["light"]:
            projects = projects.filter(light=None if data["light"] == NONE else data["light"])
        projects = projects.filter(focus_area=data["area"]) if data["area"] else projects
        return projects.filter(reported=False) if data["missing"] else projects


@needs(SEE)
def status(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Every project under way: the newest light, the trend, and what is missing for the next meeting or the month."""
    collaboration = find_collaboration(request, samarbeid)
    occasion = occasion_of(collaboration)
    mine = Project.objects.reported_by(request.user)
    everything = collaboration.projects.under_way().with_status(occasion.counts)
    narrowed = StatusFilter(request.GET)
    narrowed.fields["area"].queryset = collaboration.focus_areas.all()  # type: ignore[attr-defined]
    shown = narrowed.narrow(everything.annotate(may_write=Exists(mine.filter(pk=OuterRef("pk")))))
    shown = shown.select_related("collaboration", "focus_area", "leader")
    writes = mine.filter(collaboration=collaboration).exists()
    table = tables.page(request, StatusTable(shown, occasion=occasion, writes=writes))
    if request.GET.get("format") == "xlsx":
        return _workbook(collaboration, occasion, table)
    manages = holds(request.user, MANAGE, collaboration)
    context = {
        "collaboration": collaboration,
        "occasion": occasion,
        "filter": narrowed,
        "table": table,
        "figures": _figures(everything, occasion),
        "manages": manages,
        "query": request.GET.urlencode(),
        "reminded": status_reminders.leaders_missing(collaboration, occasion).exists() if manages else False,
        "paper": Document.objects.of(status_papers.KIND, occasion.meeting.pk).latest_version()
        if occasion.meeting
        else None,
    }
    return TemplateResponse(request, "portfolio/status.html", context)


def _workbook(collaboration: Collaboration, occasion: Occasion, table: StatusTable) -> HttpResponse:
    """All that the filters leave, in the order of the page."""
    projects = list(table.data.data)
    newest = StatusReport.objects.in_bulk([one.last_report for one in projects if one.last_report])
    sheet = status_sheet(projects, newest, occasion)
    return writing.response([sheet], file_name=f"status-{collaboration.slug}.xlsx")


def _figures(projects: Any, occasion: Occasion) -> list[tuple[int, str, str]]:
    """How many of each light, the worst first, and how many have not reported for the occasion."""
    counted = list(projects.order_by().values_list("light", "reported").annotate(Count("pk")))
    told = [
        (sum(number for seen, _reported, number in counted if seen == light), light)
        for light in [*reversed(StatusReport.Light.values), None]
    ]
    cards = [
        (number, light_in_words(light), LIGHT_COLORS.get(light or "", "neutral")) for number, light in told if number
    ]
    missing = sum(number for _light, reported, number in counted if not reported)
    wanted = _("missing for the month") if occasion.month else _("missing for the next meeting")
    return [*cards, *([(missing, wanted, "warning")] if occasion.is_wanted else [])]


@needs(MANAGE)
@require_POST
def remind(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """One e-mail to each leader who has not reported, and the names of projects that nobody can be asked about."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    asked = status_reminders.remind(collaboration=collaboration, by=request.user)
    sentence = ngettext(
        "%(count)s project leader is reminded by e-mail. Each gets one reminder a day at most.",
        "%(count)s project leaders are reminded by e-mail. Each gets one reminder a day at most.",
        len(asked),
    )
    messages.success(request, sentence % {"count": len(asked)})
    if silent := status_reminders.without_leader(collaboration):
        sentence = _("Nobody can be reminded about these. They lack a project leader with an e-mail address: %(names)s")
        messages.warning(request, sentence % {"names": ", ".join(project.title for project in silent)})
    return redirect("status", samarbeid)


@needs(MANAGE)
def paper(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """The status of all projects as a PDF for one meeting: what it will hold, and the versions that were made."""
    meeting = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, MANAGE, on=meeting.body.collaboration)
    if request.method == "POST":
        job = status_papers.order(meeting=meeting, by=request.user)
        return redirect(job)
    made = Document.objects.of(status_papers.KIND, meeting.pk)
    context = {
        "collaboration": meeting.body.collaboration,
        "meeting": meeting,
        "told": status_document.collected(meeting, timezone.now()) if meeting.starts_at else None,
        "documents": made.order_by("-version"),
        "job": Job.objects.filter(kind=status_papers.KIND, subject=str(meeting.pk)).unfinished().first(),
    }
    return TemplateResponse(request, "portfolio/status_paper.html", context)
