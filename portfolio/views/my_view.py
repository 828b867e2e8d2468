from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs, require
from governance.actions import opinions
from governance.models import Appointment, Case, Organisation
from portfolio import overview
from portfolio.actions import versions as actions
from portfolio.actions.shares import up_to_date
from portfolio.forms.versions import ViewsForm, edition_of
from portfolio.models import Participation, PortfolioItem, PortfolioVersion, ProjectOpinion
from portfolio.views.finding import find_version, posted
from portfolio.views.versions import meeting_of


@needs(opinions.RIGHT, on="body")
def my_view(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """«Porteføljen: ditt syn»: what the director says in the steering group; the municipality decides elsewhere."""
    found = find_version(request, samarbeid, number)
    case = actions.case_of(found)
    seats, seat = _seats(request, case)
    items = list(found.items.select_related("project__collaboration"))
    form = _form(posted(request), found, case, items, seat.represents)
    if request.method == "POST":
        opinions.require_open(case)
        saved = _save(form, found, seat.represents, request)
        if form.is_valid():
            messages.success(request, _("Your view is registered. It is no decision of the municipality."))
            return redirect(found)
        if saved:
            form = _form(_with_new_editions(request.POST, found, case, seat), found, case, items, seat.represents)
    context = {
        "collaboration": found.collaboration,
        "version": found,
        "case": case,
        "meeting": meeting_of(case),
        "organisation": seat.represents,
        "seats": seats,
        "form": form,
        "is_open": opinions.is_open(case),
        "left": actions.unanswered(found, case, seat.represents),
        "rows": _rows(form, found, items, seat.represents),
    }
    return TemplateResponse(request, "portfolio/my_view.html", context)


@needs(opinions.RIGHT, on="body")
@require_POST
def support_all(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """«Støtter alle»: what is not answered yet; then one adjusts."""
    found = find_version(request, samarbeid, number)
    _seats_found, seat = _seats(request, actions.case_of(found))
    count = actions.support_the_rest(version=found, organisation=seat.represents, by=request.user)
    told = ngettext(
        "%(count)s project that was not answered is registered as supported. Change what you see otherwise.",
        "%(count)s projects that were not answered are registered as supported. Change what you see otherwise.",
        count,
    )
    messages.success(request, told % {"count": count})
    return redirect(f"{reverse('portfolio_view', args=[samarbeid, number])}?kommune={seat.represents.number}")


def _seats(request: HttpRequest, case: Case) -> tuple[list[Appointment], Any]:
    """The municipalities the reader speaks for, and the one the address names."""
    require(request.user, opinions.RIGHT, on=case.body)
    seats = list(opinions.seats_of(request.user, case.body))
    if not seats:
        raise PermissionDenied(opinions.RIGHT)
    number = request.GET.get("kommune", "")
    return seats, next((seat for seat in seats if seat.represents and seat.represents.number == number), seats[0])


def _form(
    data: Any, found: PortfolioVersion, case: Case, items: list[PortfolioItem], organisation: Organisation
) -> ViewsForm:
    given = ProjectOpinion.objects.filter(version=found, organisation=organisation)
    return ViewsForm(
        data,
        items=items,
        given={opinion.item_id: opinion for opinion in given},
        whole=case.opinions.filter(organisation=organisation).first(),
        asks_about_form=opinions.asks_about_form(opinions.round_of(case)),
    )


def _save(form: ViewsForm, found: PortfolioVersion, organisation: Organisation, request: HttpRequest) -> bool:
    """Keep what is complete, also where something else must be mended first."""
    form.full_clean()
    if not form.new_views:
        return False
    actions.give_views(
        version=found,
        organisation=organisation,
        on_projects=form.on_projects,
        on_whole=form.on_whole,
        accepts_writing=form.cleaned_data.get("accepts_writing"),
        by=request.user,
    )
    if form.errors:
        told = ngettext(
            "%(count)s answer is saved. The others must be mended first.",
            "%(count)s answers are saved. The others must be mended first.",
            len(form.new_views),
        )
        messages.info(request, told % {"count": len(form.new_views)})
    return True


def _with_new_editions(data: QueryDict, found: PortfolioVersion, case: Case, seat: Any) -> QueryDict:
    """The same form goes on from what was just saved."""
    data = data.copy()
    given = ProjectOpinion.objects.filter(version=found, organisation=seat.represents)
    for opinion in given:
        data[f"edition_{opinion.item_id}"] = str(opinion.edition)
    data["edition_whole"] = str(edition_of(case.opinions.filter(organisation=seat.represents).first()))
    return data


def _rows(
    form: ViewsForm, found: PortfolioVersion, items: list[PortfolioItem], organisation: Organisation
) -> list[tuple[Any, ...]]:
    """Each project beside its question: what it is, the own share, and what the municipality itself has decided."""
    up_to_date(found.collaboration)
    projects = overview.listed(found.collaboration).filter(pk__in=[item.project_id for item in items])
    shown = {row.project.pk: row for row in overview.rows(projects, organisation)}
    asked = Participation.objects.filter(project__in=shown, organisation=organisation).select_related(
        "adoption__collaboration", "adoption__organisation"
    )
    decisions = {part.project_id: part.adoption for part in asked}
    beside: list[tuple[Any, ...]] = [(item, shown[item.project_id], decisions.get(item.project_id)) for item in items]
    return [(*group, *more) for group, more in zip(form.open_groups(), [*beside, (None, None, None)], strict=True)]
