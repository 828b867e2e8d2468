from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, needs
from digivesteralen.spreadsheets import writing
from portfolio.actions.shares import up_to_date
from portfolio.forms.matrix import MatrixFilter
from portfolio.matrix_sheets import TOO_MANY, sheets
from portfolio.participation_matrix import Standing
from portfolio.views.finding import SEE, find_collaboration, own_municipality

PER_PAGE, COLUMNS_PER_PAGE = 25, 20


@needs(SEE)
def matrix(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Deltakelse»: every municipality's answer to every project, as it stood on a day (R7, R23)."""
    collaboration = find_collaboration(request, samarbeid)
    up_to_date(collaboration)
    form = MatrixFilter(request.GET, collaboration=collaboration)
    projects = form.about(collaboration.projects.in_order())
    standing = form.narrow(Standing(collaboration, projects, form.day))
    places = [form.place] if form.place else list(collaboration.members())
    if request.GET.get("format") == "xlsx":
        return _workbook(standing, places)
    page = Paginator(standing.projects.select_related("focus_area"), PER_PAGE).get_page(request.GET.get("page"))
    columns = Paginator(places, COLUMNS_PER_PAGE).get_page(request.GET.get("kommuner"))
    for project in page:
        # The address of a project takes the collaboration's.
        project.collaboration = collaboration
    pages: Any
    for pages in (page, columns):
        pages.steps = list(pages.paginator.get_elided_page_range(pages.number, on_each_side=1, on_ends=1))
    context = {
        "collaboration": collaboration,
        "filter": form,
        "page": page,
        "columns": columns,
        "rows": standing.rows(list(page), list(columns)),
        "sums": standing.columns(list(columns)),
        "standing": standing,
        "is_future": standing.day > timezone.localdate(),
        "own": own_municipality(request.user, collaboration),
        # The same words in hundreds of cells are looked up once.
        "not_invited": _("not invited"),
        "reopened": _("Must be settled anew"),
    }
    return TemplateResponse(request, "portfolio/matrix.html", context)


def _workbook(standing: Standing, places: list[Any]) -> HttpResponse:
    count = standing.projects.count() * len(places)
    if count > TOO_MANY:
        raise NotAllowedNow(
            _(
                "The workbook would have %(count)s answers, and %(most)s is the most. "
                "Choose a focus area, a state or a municipality first."
            )
            % {"count": count, "most": TOO_MANY}
        )
    name = f"deltakelse-{standing.collaboration.slug}-{standing.day.isoformat()}.xlsx"
    return writing.response(sheets(standing, places), file_name=name)
