"""Finding an earlier decision, and quoting it in a case."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.ui import tables
from governance import quoting
from governance.actions import quoting as actions
from governance.forms.quoting import QuoteFilter, QuoteForm
from governance.models import Case
from governance.quoting_tables import BodyDecisionTable, MunicipalDecisionTable
from governance.views.finding import find_case

PREPARE = "governance.prepare_meetings"
BODIES, MUNICIPALITIES = "organ", "kommune"


@needs(PREPARE)
def earlier_decisions(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """What bodies and municipalities of the collaboration have decided, to be quoted in the case."""
    case = _editable(request, samarbeid, pk)
    form = QuoteFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    words = wanted.get("q", "")
    table: tables.DsTable
    if wanted.get("of") == MUNICIPALITIES:
        table = MunicipalDecisionTable(quoting.of_municipalities(case, request.user, words), case=case)
    else:
        table = BodyDecisionTable(quoting.of_bodies(case, request.user, words), case=case)
    context = {
        "collaboration": case.body.collaboration,
        "case": case,
        "title": _("Quote an earlier decision"),
        "filter": form,
        "table": tables.page(request, table),
    }
    return TemplateResponse(request, "governance/cases/earlier_decisions.html", context)


@needs(PREPARE)
def quote_decision(request: HttpRequest, samarbeid: str, pk: int, av: str, vedtak: int) -> HttpResponse:
    """The words as they will stand in the case, and whether the extract shall follow."""
    case = _editable(request, samarbeid, pk)
    if av == BODIES:
        quoted = quoting.of_item(get_object_or_404(quoting.of_bodies(case, request.user), pk=vedtak))
    elif av == MUNICIPALITIES:
        quoted = quoting.of_adoption(get_object_or_404(quoting.of_municipalities(case, request.user), pk=vedtak))
    else:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = QuoteForm(data, version=case.version, quoted=quoted)
    if form.is_valid():
        known = {"version": form.cleaned_data["version"], "with_extract": form.cleaned_data.get("with_extract", False)}
        changed = actions.quote(case=case, quoted=quoted, by=request.user, **known)
        messages.success(request, _("The decision is quoted last in the case information."))
        return redirect(changed)
    context = {
        "collaboration": case.body.collaboration,
        "case": case,
        "title": _("Quote this decision?"),
        "quoted": quoted,
        "form": form,
        "submit": _("Quote it"),
    }
    return TemplateResponse(request, "governance/cases/quote.html", context)


def _editable(request: HttpRequest, samarbeid: str, pk: int) -> Case:
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.is_editable:
        raise NotAllowedNow(_("The case has gone out, and stands as it is. Bring a supplement as a new case."))
    return found
