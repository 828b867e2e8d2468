from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.audit.log import record
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import case_panels, written
from governance.actions import cases as actions
from governance.actions import opinions
from governance.forms.cases import CaseFilter, CaseForm, OpinionForm
from governance.matters import matter_of_case
from governance.meeting_tables import OPINION_COLORS, STAGE_COLORS, CaseTable
from governance.models import Adoption, Case, Forwarding, Opinion
from governance.quorum import answering_seats, voting_seats
from governance.views.finding import find_case, find_collaboration, find_numbered_case
from governance.views.forwardings import forwardings_of

SEE = "governance.view_collaboration"
PREPARE = "governance.prepare_meetings"


@needs(SEE)
def cases(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = (
        Case.objects.visible_to(request.user).filter(body__collaboration=found).select_related("body__collaboration")
    )
    form = CaseFilter(request.GET, collaboration=found)
    table = tables.page(request, CaseTable(narrowed(shown, form)))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"saker-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form, "prepares": holds(request.user, PREPARE, found)}
    return TemplateResponse(request, "governance/cases/list.html", context)


def narrowed(shown: Any, form: CaseFilter) -> Any:
    if not form.is_valid():
        return shown
    wanted = form.cleaned_data
    if wanted["q"]:
        shown = shown.filter(title__icontains=wanted["q"])
    exact = {name: wanted[name] for name in ("body", "stage", "year") if wanted[name]}
    return shown.filter(**exact)


@needs(SEE)
def case(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    return _page(request, find_numbered_case(request, samarbeid, organ, nummer, aar))


@needs(SEE)
def case_draft(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Before it has a number; afterwards its number is its address."""
    found = find_case(request, samarbeid, pk)
    return redirect(found) if found.number else _page(request, found)


def _page(request: HttpRequest, found: Case) -> HttpResponse:
    if found.exempt:
        record("looked_at_exempt", by=request.user, on=found)
    context = {
        "collaboration": found.body.collaboration,
        "case": found,
        "stage_color": STAGE_COLORS[found.stage],
        "items": found.items.select_related("meeting__body__collaboration", "resolution").order_by("-pk"),
        "views": views_of(found),
        "own_views": own_views(request.user, found) if opinions.is_open(found) else [],
        "treatment": opinions.round_of(found),
        "matter": matter_of_case(found, Adoption.objects.visible_to(request.user)),
        "forwardings": forwardings_of(found, request.user),
        "forwarded_from": Forwarding.objects.visible_to(request.user).filter(received_as=found).first(),
        "panels": case_panels.of(found, request.user),
        "continued_by": found.continued_by.visible_to(request.user).select_related("body__collaboration").first(),
        "prepares": holds(request.user, PREPARE, found.body.collaboration),
        "may_write": found.stage == Case.Stage.READY and bool(answering_seats(found.body)),
    }
    return TemplateResponse(request, "governance/cases/page.html", context)


def views_of(found: Case) -> list[dict[str, Any]]:
    """What each seat's municipality has said; silence is «not answered» and never a yes."""
    if found.sequence is None:
        return []
    given = {opinion.organisation_id: opinion for opinion in found.opinions.select_related("organisation", "person")}
    item = found.items.select_related("meeting").order_by("-pk").first()
    if item and item.meeting.written:
        seats = written.seats(item.meeting)
    else:
        seats = list(voting_seats(found.body, item.meeting.day if item else None))
    parties = {seat.represents_id: seat.represents for seat in seats if seat.represents}
    parties |= {key: opinion.organisation for key, opinion in given.items()}
    ordered = sorted(parties.values(), key=lambda place: place.sort_key)
    return [_view_of(place, given.get(place.pk)) for place in ordered]


def _view_of(place: Any, opinion: Opinion | None) -> dict[str, Any]:
    return {"place": place, "opinion": opinion, "color": OPINION_COLORS[opinion.stance] if opinion else "neutral"}


def own_views(user: Any, found: Case) -> list[dict[str, Any]]:
    """One form for each municipality that the user speaks for in the body."""
    given = {opinion.organisation_id: opinion for opinion in found.opinions.all()}
    return [
        {"place": seat.represents, "form": _opinion_form(None, found, given.get(seat.represents_id), seat.represents)}
        for seat in opinions.seats_of(user, found.body)
    ]


def _opinion_form(data: Any, found: Case, opinion: Opinion | None, place: Any) -> OpinionForm:
    told = ("stance", "text", "accepts_writing")
    initial = {name: getattr(opinion, name) for name in told} if opinion else None
    version = opinion.version if opinion else None
    return OpinionForm(
        data,
        version=version,
        initial=initial,
        auto_id=f"id_{place.number}_%s",
        asks_about_form=opinions.asks_about_form(found),
    )


@needs("governance.give_view", on="body")
def give_view(request: HttpRequest, samarbeid: str, pk: int, nummer: str) -> HttpResponse:
    """«Ditt syn i styringsgruppen»; the municipality's own decision is another form."""
    found = find_case(request, samarbeid, pk)
    require(request.user, "governance.give_view", on=found.body)
    seat = get_object_or_404(opinions.seats_of(request.user, found.body), represents__number=nummer)
    opinions.require_open(found)
    given = found.opinions.filter(organisation=seat.represents).first()
    form = _opinion_form(request.POST if request.method == "POST" else None, found, given, seat.represents)
    if form.is_valid():
        opinion = opinions.give_view(case=found, organisation=seat.represents, by=request.user, **form.cleaned_data)
        receipt = _(
            "%(place)s: «%(stance)s» is registered as your view in %(body)s. It is no decision of the municipality."
        )
        told = {"place": seat.represents, "stance": opinion.get_stance_display(), "body": found.body.name_in_text}
        messages.success(request, receipt % told)
        return redirect(opinions.round_of(found) or found)
    context = {
        "collaboration": found.body.collaboration,
        "case": found,
        "form": form,
        "place": seat.represents,
        "treatment": opinions.round_of(found),
    }
    return TemplateResponse(request, "governance/cases/view.html", context)


@needs(PREPARE)
def new_case(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, PREPARE, on=found)
    form = CaseForm(request.POST if request.method == "POST" else None, collaboration=found)
    if form.is_valid():
        texts = form.texts
        body = form.cleaned_data["body"]
        made = actions.make_case(body=body, title=texts.pop("title"), by=request.user, **texts)
        return _saved(request, made)
    context = {"collaboration": found, "form": form, "draft": f"new-case-{found.pk}"}
    return TemplateResponse(request, "governance/cases/form.html", context)


@needs(PREPARE)
def edit_case(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.is_editable:
        raise NotAllowedNow(_("The case has gone out with the agenda and stands as it is."))
    data = request.POST if request.method == "POST" else None
    form = CaseForm(data, instance=found, collaboration=found.body.collaboration)
    if form.is_valid():
        version = form.cleaned_data["version"]
        return _saved(request, actions.change_case(case=found, version=version, by=request.user, **form.texts))
    context = {"collaboration": found.body.collaboration, "case": found, "form": form, "draft": f"case-{found.pk}"}
    return TemplateResponse(request, "governance/cases/form.html", context)


def _saved(request: HttpRequest, saved: Case) -> HttpResponse:
    """One press saves; the other saves and says that the case can come on an agenda."""
    if "ready" in request.POST and saved.stage == Case.Stage.DRAFT:
        saved = actions.mark_ready(case=saved, by=request.user)
        messages.success(request, _("The case is saved, and ready for an agenda."))
    else:
        messages.success(request, _("The case is saved."))
    return redirect(saved)


@needs(PREPARE)
@require_POST
def change_stage(request: HttpRequest, samarbeid: str, pk: int, verb: str) -> HttpResponse:
    """Ready, back to being prepared, or back as a new case."""
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    verbs = {"klar": actions.mark_ready, "utkast": actions.back_to_draft, "ta-opp": actions.bring_back}
    changed = verbs[verb](case=found, by=request.user)
    messages.success(request, _("The case is now: %(stage)s.") % {"stage": changed.get_stage_display()})
    return redirect(changed)


@needs(PREPARE)
def withdraw_case(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if request.method == "POST":
        withdrawn = actions.withdraw_case(case=found, by=request.user)
        messages.success(request, _("The case is withdrawn."))
        return redirect(withdrawn)
    context = {
        "collaboration": found.body.collaboration,
        "title": _("Withdraw the case «%(case)s»?") % {"case": found},
        "text": _("A case that has its number keeps it, and stands on the agenda as withdrawn."),
        "submit": _("Withdraw the case"),
        "cancel": found.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
