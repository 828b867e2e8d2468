from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.documents import files
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.actions import adoptions as actions
from governance.forms.adoptions import AdoptionFilter, DecisionForm, ObjectionForm, ScheduleForm
from governance.models import Adoption, Case
from governance.tables import AdoptionTable
from governance.views.finding import find_adoption, find_collaboration

SEE = "governance.view_collaboration"
OWN = "governance.decide_for_municipality"
ON_BEHALF = "governance.register_on_behalf"


@needs(SEE)
def adoptions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Kommunenes vedtak»: a list that can be narrowed, or a matrix of matters and municipalities."""
    found = find_collaboration(request, samarbeid)
    shown = Adoption.objects.visible_to(request.user).filter(collaboration=found)
    shown = shown.select_related("organisation", "collaboration").order_by(
        "-asked_on", "matter", "organisation__sort_key"
    )
    form = AdoptionFilter(request.GET, collaboration=found)
    shown = narrowed(shown, form)
    as_workbook = request.GET.get("format") == "xlsx"
    # The page has room for what one looks for; the workbook has all.
    table = tables.page(request, AdoptionTable(shown, exclude=() if as_workbook else ("hours", "decided_by")))
    if as_workbook:
        return writing.response(table, file_name=f"kommunenes-vedtak-{found.slug}.xlsx")
    as_matrix = request.GET.get("vis") == "matrise"
    context = {
        "collaboration": found,
        "table": table,
        "filter": form,
        "as_matrix": as_matrix,
        "views": [(_("List"), without_view(request), not as_matrix), (_("Matrix"), with_matrix(request), as_matrix)],
    }
    if as_matrix:
        context["matrix"] = matrix(shown)
    return TemplateResponse(request, "governance/adoptions/list.html", context)


def narrowed(shown: QuerySet[Adoption], form: AdoptionFilter) -> Any:
    if not form.is_valid():
        return shown
    wanted = form.cleaned_data
    chosen = {"waiting": "waiting", "late": "late", "decided": "decided", "confirm": "to_confirm"}.get(wanted["status"])
    if chosen:
        shown = getattr(shown, chosen)()
    if wanted["q"]:
        shown = shown.filter(matter__icontains=wanted["q"])
    if wanted["organisation"]:
        shown = shown.filter(organisation=wanted["organisation"])
    return shown


MATTERS_IN_MATRIX = 20


def matrix(shown: QuerySet[Adoption]) -> dict[str, Any]:
    """Rows of matters, columns of municipalities; the newest matters, since a page has an end."""
    rows: dict[tuple[Any, ...], dict[int, Adoption]] = {}
    columns: dict[int, Any] = {}
    for adoption in shown.order_by("-asked_on", "case", "agreement", "matter", "organisation__sort_key"):
        key = (adoption.case_id, adoption.agreement_id, adoption.matter)
        if key not in rows and len(rows) == MATTERS_IN_MATRIX:
            break
        rows.setdefault(key, {})[adoption.organisation_id] = adoption
        columns[adoption.organisation_id] = adoption.organisation
    heads = sorted(columns.values(), key=lambda organisation: organisation.sort_key)
    return {
        "heads": heads,
        "rows": [(key[2], [cells.get(head.pk) for head in heads]) for key, cells in rows.items()],
    }


def without_view(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("vis", "page"):
        query.pop(name, None)
    return f"?{query.urlencode()}"


def with_matrix(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["vis"] = "matrise"
    return f"?{query.urlencode()}"


@needs(SEE)
def adoption(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_adoption(request, samarbeid, pk)
    decides = holds(request.user, OWN, found.organisation)
    case_seen = found.case and Case.objects.visible_to(request.user).filter(pk=found.case.pk).exists()
    context = {
        "case_url": found.case.get_absolute_url() if found.case and case_seen else "",
        "collaboration": found.collaboration,
        "adoption": found,
        "decides": decides,
        "on_behalf": not decides and holds(request.user, ON_BEHALF, found.collaboration),
    }
    return TemplateResponse(request, "governance/adoptions/page.html", context)


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
def confirm(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_adoption(request, samarbeid, pk)
    require(request.user, OWN, on=found.organisation)
    if request.method == "POST":
        actions.confirm(adoption=found, by=request.user)
        messages.success(request, _("The registration is confirmed."))
        return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "title": _("Confirm what is registered on behalf of %(name)s?") % {"name": found.organisation},
        "text": _("You confirm that the state, the date, the case number and the text are those of the municipality."),
        "submit": _("Confirm the registration"),
        "cancel": found.get_absolute_url(),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(OWN, on="organisation")
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
        actions.remind(adoption=found, by=request.user)
        messages.success(request, _("A reminder is on its way to %(name)s.") % {"name": found.organisation})
    return redirect(found)


@needs(SEE)
def extract(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponseBase:
    """The file the decision stands in; seen by those who see the decision."""
    found = find_adoption(request, samarbeid, pk)
    if found.extract is None:
        raise Http404
    return files.response(found.extract, inline=True)


def _decision_form(request: HttpRequest, adoption: Adoption, **how: bool) -> DecisionForm:
    posted = request.method == "POST"
    return DecisionForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        adoption=adoption,
        version=adoption.version,
        **how,
    )


def _form(
    request: HttpRequest, adoption: Adoption, form: Any, title: str, submit: str, *, on_behalf: bool = False
) -> HttpResponse:
    context = {
        "collaboration": adoption.collaboration,
        "adoption": adoption,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": adoption.draft_key,
        "on_behalf": on_behalf,
    }
    return TemplateResponse(request, "governance/adoptions/form.html", context)
