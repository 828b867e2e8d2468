from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs
from digivesteralen.documents.models import Document, Job
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.actions import opinions
from governance.models import AgendaItem, Case, Meeting
from portfolio import comparing, overview
from portfolio.actions import versions as actions
from portfolio.models import PortfolioItem, PortfolioVersion, Project, StatusReport
from portfolio.models.participation import UNSETTLED
from portfolio.opinions import Answers, answers
from portfolio.tables import VersionTable, answers_sheet
from portfolio.views.finding import MANAGE, SEE, find_collaboration, find_version

# Rows of a matrix with a column for every municipality.
PER_PAGE = 25


@needs(SEE)
def versions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    listed = collaboration.portfolio_versions.select_related("collaboration", "case__body__collaboration")
    table = tables.page(request, VersionTable(listed))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"portefoljeversjoner-{collaboration.slug}.xlsx")
    context = {
        "collaboration": collaboration,
        "table": table,
        "manages": holds(request.user, MANAGE, collaboration),
        "waits": actions.waiting(collaboration),
    }
    return TemplateResponse(request, "portfolio/versions.html", context)


@needs(SEE)
def version(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """One version: as it is laid with the answers so far, or as it was frozen when the steering group treated it."""
    found = find_version(request, samarbeid, number)
    case = actions.case_of(found)
    seen = sees(request, case)
    items = list(found.items.select_related("project__collaboration"))
    said = answers(found, case, items) if seen else None
    seats = list(opinions.seats_of(request.user, case.body))
    previous = comparing.previous_of(found)
    context = {
        "collaboration": found.collaboration,
        "version": found,
        "case": case if seen else None,
        "meeting": meeting_of(case) if seen else None,
        "rows": [_shown(item, said, place) for place, item in enumerate(items)],
        "answers": said,
        "view_wanted": bool(seats) and found.state == PortfolioVersion.State.LAID and opinions.is_open(case),
        "left": [(seat.represents, actions.unanswered(found, case, seat.represents)) for seat in seats],
        "changed_since_laid": comparing.since_laid(items),
        "previous": previous,
        "changes": comparing.changes(previous, found) if previous else [],
        "document": Document.objects.of(actions.DOCUMENT, found.pk).latest_version(),
        "job": Job.objects.filter(kind=actions.DOCUMENT, subject=str(found.pk)).order_by("-asked_at").first(),
    }
    return TemplateResponse(request, "portfolio/version.html", context)


def sees(request: HttpRequest, case: Case) -> bool:
    """What is said of an exempt case is read by those who read the case (rule 8)."""
    return Case.objects.visible_to(request.user).filter(pk=case.pk).exists()


def meeting_of(case: Case) -> Meeting | None:
    """The meeting, or the written treatment, in which the case stands."""
    item = AgendaItem.objects.filter(case=case, withdrawn=False).select_related("meeting__body__collaboration")
    newest = item.order_by("-pk").first()
    return newest.meeting if newest else None


def _shown(item: PortfolioItem, said: Answers | None, place: int) -> dict[str, Any]:
    facts = item.facts
    state = Project.State(facts["state"])
    light = facts.get("light", "")
    return {
        "item": item,
        "facts": facts,
        "state": state.label,
        "color": overview.STATE_COLORS[state],
        "light": light if light in StatusReport.Light else "",
        "with_us": [line["name"] for line in facts["shares"] if line["pays"]],
        "undecided": sum(line["status"] in UNSETTLED and not line["pays"] for line in facts["shares"]),
        "line": said.lines[place] if said else None,
    }


@needs(SEE)
def version_answers(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """Every answer, project by municipality, in words: for all to read, also while the round is out."""
    found = find_version(request, samarbeid, number)
    case = actions.case_of(found)
    if not sees(request, case):
        raise Http404
    items = found.items.select_related("project__collaboration")
    if request.GET.get("format") == "xlsx":
        sheet = answers_sheet(answers(found, case, list(items)))
        return writing.response([sheet], file_name=f"syn-{found.collaboration.slug}-versjon-{number}.xlsx")
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "collaboration": found.collaboration,
        "version": found,
        "page": page,
        "answers": answers(found, case, list(page.object_list)),
        "caption": _("Views in the steering group"),
    }
    return TemplateResponse(request, "portfolio/answers.html", context)
