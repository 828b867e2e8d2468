from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.accounts.session_limits import fresh
from digivesteralen.documents import files
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables, wording
from digivesteralen.ui.numbers import version_in
from governance import adoption_map as maps
from governance import adoption_matrix as matrices
from governance import adoption_panels, consequences
from governance.actions import adoptions as actions
from governance.actions import asking, delegations
from governance.adoption_states import key_figures
from governance.forms.adoptions import AdoptionFilter, DecisionForm, DelegatedForm, ObjectionForm, ScheduleForm
from governance.matters import said
from governance.models import Adoption, Case, Delegation
from governance.models.adoptions import AdoptionQuerySet
from governance.tables import AdoptionTable
from governance.views.finding import find_adoption, find_collaboration

SEE = "governance.view_collaboration"
OWN = "governance.decide_for_municipality"
ON_BEHALF = "governance.register_on_behalf"
AS_PROPOSED = "som_foreslatt"


@needs(SEE)
def adoptions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Kommunenes vedtak»: the numbers that count, and a list that can be narrowed."""
    found = find_collaboration(request, samarbeid)
    all_of_them = Adoption.objects.visible_to(request.user).filter(collaboration=found)
    form = AdoptionFilter(request.GET, collaboration=found)
    shown = narrowed(all_of_them, form).select_related("organisation", "collaboration")
    as_workbook = request.GET.get("format") == "xlsx"
    # The page has room for what one looks for; the workbook has all.
    table = AdoptionTable(shown.newest_first(), exclude=() if as_workbook else AdoptionTable.FOR_WORKBOOKS)
    table = tables.page(request, table)
    if as_workbook:
        return writing.response(table, file_name=f"kommunenes-vedtak-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form, "figures": key_figures(all_of_them.numbers())}
    return TemplateResponse(request, "governance/adoptions/list.html", context)


@needs(SEE)
def adoption_matrix(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """All matters and all municipalities, page by page, with sums both ways."""
    found = find_collaboration(request, samarbeid)
    all_of_them = Adoption.objects.visible_to(request.user).filter(collaboration=found)
    form = AdoptionFilter(request.GET, collaboration=found)
    shown = matrices.whole(all_of_them, narrowed(all_of_them, form)) if form.is_narrowed else all_of_them
    if request.GET.get("format") == "xlsx":
        return _workbook(request, shown, found.slug)
    matrix = matrices.matrix(found, shown, request.GET.get("page"), request.GET.get("kommuner"))
    context = {"collaboration": found, "filter": form, "matrix": matrix}
    return TemplateResponse(request, "governance/adoptions/matrix.html", context)


@needs(SEE)
def adoption_map(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Kart over tallene som teller»: a bar per matter, a tile per municipality, each with its numbers in words."""
    found = find_collaboration(request, samarbeid)
    all_of_them = Adoption.objects.visible_to(request.user).filter(collaboration=found)
    form = AdoptionFilter(request.GET, collaboration=found)
    shown = matrices.whole(all_of_them, narrowed(all_of_them, form)) if form.is_narrowed else all_of_them
    page = Paginator(shown.by_matter(), tables.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "collaboration": found,
        "filter": form,
        "figures": key_figures(shown.numbers()),
        "page": page,
        "steps": matrices.steps(page),
        "matters": [(row, said(row)) for row in page],
        "chart": maps.bars(found, list(page)),
        "regions": maps.of_all(found, shown.by_municipality()),
    }
    return TemplateResponse(request, "governance/adoptions/map.html", context)


def narrowed(shown: AdoptionQuerySet, form: AdoptionFilter) -> AdoptionQuerySet:
    """What the filter leaves; the states are methods of the queryset by the same names."""
    if not form.is_valid():
        return shown
    wanted = form.cleaned_data
    if wanted["status"]:
        shown = getattr(shown, wanted["status"])()
    if wanted["q"]:
        shown = shown.filter(matter__icontains=wanted["q"])
    if wanted["organisation"]:
        shown = shown.filter(organisation=wanted["organisation"])
    if wanted.get("region"):
        shown = shown.filter(organisation__regions=wanted["region"])
    return shown


def _workbook(request: HttpRequest, shown: AdoptionQuerySet, slug: str) -> HttpResponse:
    """The whole matrix, or a sentence where it is more than a workbook is good for."""
    cells = matrices.size(shown)
    if cells > matrices.MOST_CELLS:
        messages.error(
            request,
            _("The matrix has %(cells)s cells. Narrow it to at most %(most)s with the filter, and download it again.")
            % {"cells": wording.number(cells), "most": wording.number(matrices.MOST_CELLS)},
        )
        query = request.GET.copy()
        query.pop("format", None)
        return redirect(f"{request.path}?{query.urlencode()}")
    return writing.response(matrices.sheets(shown), file_name=f"saker-og-kommuner-{slug}.xlsx")


@needs(SEE)
def adoption(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_adoption(request, samarbeid, pk, among=Adoption.objects.readable_by(request.user))
    is_in = holds(request.user, SEE, found.collaboration)
    decides = is_in and holds(request.user, OWN, found.organisation)
    case_seen = found.case and Case.objects.visible_to(request.user).filter(pk=found.case.pk).exists()
    context = {
        "case_url": found.case.get_absolute_url() if found.case and case_seen else "",
        "delegation": covering(request.user, found) if decides and not found.is_decided else None,
        "collaboration": found.collaboration,
        "adoption": found,
        "decides": decides,
        "on_behalf": not decides and holds(request.user, ON_BEHALF, found.collaboration),
        "panels": adoption_panels.of(request, found),
    }
    return TemplateResponse(request, "governance/adoptions/page.html", context)


def covering(user: Any, found: Adoption) -> Delegation | None:
    """The delegation by which this person may decide the whole of what the municipality is asked for, here and now."""
    if not delegations.is_director(user, found.organisation):
        return None
    amount, _hours = consequences.covered_by(found)
    shown = Delegation.objects.visible_to(user)
    known: Delegation | None = shown.covering(found.organisation, amount=amount).first()
    return known


@needs(OWN, on="organisation")
def schedule(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_adoption(request, samarbeid, pk)
    require(request.user, OWN, on=found.organisation)
    data = request.POST if request.method == "POST" else None
    form = ScheduleForm(data, version=found.version, initial={"scheduled_on": found.scheduled_on})
    if form.is_valid():
        actions.schedule(adoption=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The day of treatment is registered."))
        return redirect(found)
    return _form(request, found, form, _("The matter is to be treated"), _("Register the day"))


@needs(OWN, on="organisation")
@fresh
def register(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """«Registrer kommunens vedtak», by one of the municipality's own people."""
    found = find_adoption(request, samarbeid, pk)
    require(request.user, OWN, on=found.organisation)
    if found.is_decided:
        raise NotAllowedNow(_("The municipality's decision is already registered. Use «Correct the decision»."))
    form = _decision_form(request, found)
    if form.is_valid():
        actions.register_adoption(
            adoption=found, version=form.cleaned_data["version"], by=request.user, **form.decision
        )
        messages.success(request, _("The decision of %(name)s is registered.") % {"name": found.organisation})
        return redirect(found)
    return _form(request, found, form, _("Register the municipality's decision"), _("Register the decision"))


@needs(OWN, on="organisation")
@fresh
def register_by_delegation(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """«Registrer vedtak etter delegasjon»: the director decides on the spot, on a form of its own (rule 1)."""
    found = find_adoption(request, samarbeid, pk)
    require(request.user, OWN, on=found.organisation)
    if found.is_decided:
        raise NotAllowedNow(_("The municipality's decision is already registered. Use «Correct the decision»."))
    delegation = delegations.covering(found.organisation, timezone.localdate(), None, by=request.user)
    form = _decision_form(request, found, DelegatedForm, delegation=delegation)
    if form.is_valid():
        actions.register_by_delegation(
            adoption=found, version=form.cleaned_data["version"], by=request.user, **form.decision
        )
        messages.success(
            request, _("The decision of %(name)s is registered, by delegation.") % {"name": found.organisation}
        )
        return redirect(found)
    title = _("Register a decision by delegation")
    return _form(request, found, form, title, _("Register the decision"), delegation=delegation)


@needs(OWN, on="organisation")
@fresh
def correct(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Replace what is registered, with a reason; both stay in the history."""
    found = find_adoption(request, samarbeid, pk)
    require(request.user, OWN, on=found.organisation)
    if not found.is_decided:
        raise NotAllowedNow(_("There is no registered decision to correct."))
    form = _decision_form(request, found, corrects=True)
    if form.is_valid():
        known = {name: form.cleaned_data[name] for name in ("version", "reason")}
        actions.correct(adoption=found, by=request.user, **known, **form.decision)
        messages.success(request, _("The decision is corrected. The earlier registration stays in the history."))
        return redirect(found)
    return _form(request, found, form, _("Correct the decision"), _("Correct the decision"))


@needs(ON_BEHALF)
@fresh
def register_on_behalf(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The secretariat registers what it got by e-mail, with the extract; the municipality is told."""
    found = find_adoption(request, samarbeid, pk)
    require(request.user, ON_BEHALF, on=found.collaboration)
    if found.is_decided and not found.awaits_confirmation:
        raise NotAllowedNow(
            _("The municipality itself stands behind what is registered. Only its own people correct it.")
        )
    form = _decision_form(request, found, corrects=found.is_decided, on_behalf=True)
    if form.is_valid():
        known = {name: form.cleaned_data.get(name, "") for name in ("reason",)}
        actions.register_on_behalf(
            adoption=found, version=form.cleaned_data["version"], by=request.user, **known, **form.decision
        )
        messages.success(
            request,
            _("Registered on behalf of %(name)s, who is told by e-mail and confirms or objects.")
            % {"name": found.organisation},
        )
        return redirect(found)
    title = _("Register on behalf of %(name)s") % {"name": found.organisation}
    return _form(request, found, form, title, _("Register on behalf of the municipality"), on_behalf=True)


@needs(OWN, on="organisation")
@fresh
def confirm(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_adoption(request, samarbeid, pk)
    require(request.user, OWN, on=found.organisation)
    if request.method == "POST":
        actions.confirm(adoption=found, version=version_in(request), by=request.user)
        messages.success(request, _("The registration is confirmed."))
        return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "title": _("Confirm what is registered on behalf of %(name)s?") % {"name": found.organisation},
        "text": _("You confirm that the state, the date, the case number and the text are those of the municipality."),
        "submit": _("Confirm the registration"),
        "cancel": found.get_absolute_url(),
        "version": found.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(OWN, on="organisation")
@fresh
def object_to(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_adoption(request, samarbeid, pk)
    require(request.user, OWN, on=found.organisation)
    form = ObjectionForm(request.POST if request.method == "POST" else None, version=found.version)
    if form.is_valid():
        actions.object_to(adoption=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The objection is registered. The matter counts as not decided."))
        return redirect(found)
    return _form(request, found, form, _("Object to the registration"), _("Object"))


@needs(ON_BEHALF)
def remind(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_adoption(request, samarbeid, pk)
    require(request.user, ON_BEHALF, on=found.collaboration)
    if request.method == "POST":
        asking.remind(adoption=found, by=request.user)
        messages.success(request, _("A reminder is on its way to %(name)s.") % {"name": found.organisation})
    return redirect(found)


@needs(SEE)
def extract(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponseBase:
    """The file the decision stands in; seen by those who see the decision."""
    found = find_adoption(request, samarbeid, pk)
    if found.extract is None:
        raise Http404
    return files.response(found.extract, inline=True)


def _decision_form(
    request: HttpRequest, adoption: Adoption, kind: type[DecisionForm] = DecisionForm, **how: Any
) -> DecisionForm:
    """The form as it was sent, or with the proposal as the decision when that button was pressed."""
    posted = request.method == "POST"
    form = kind(
        request.POST if posted else None,
        request.FILES if posted else None,
        adoption=adoption,
        version=adoption.version,
        **how,
    )
    if posted and AS_PROPOSED in request.POST:
        return kind(adoption=adoption, version=version_in(request), initial=form.as_proposed, **how)
    return form


def _form(request: HttpRequest, adoption: Adoption, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    takes_text = isinstance(form, DecisionForm) and bool(adoption.proposal)
    context = {
        "collaboration": adoption.collaboration,
        "adoption": adoption,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": adoption.draft_key,
        "secondary": _("Adopted as proposed") if takes_text else "",
        "secondary_name": AS_PROPOSED,
        **more,
    }
    return TemplateResponse(request, "governance/adoptions/form.html", context)
