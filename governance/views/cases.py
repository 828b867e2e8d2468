from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.accounts.session_limits import fresh
from digivesteralen.audit.log import history, looked_at_exempt
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import case_panels, case_trail, extract, quoting, who_sees, written
from governance.actions import case_drafts as drafts
from governance.actions import cases as actions
from governance.actions import disqualifications, opinions
from governance.answer_tables import OPINION_COLORS
from governance.case_tables import STAGE_COLORS, CaseTable
from governance.forms import conflicts
from governance.forms.cases import CaseFilter, CaseForm, OpinionForm
from governance.matters import matter_of_case
from governance.models import Adoption, AgendaItem, Case, CaseAttachment, CaseDraft, Forwarding, Meeting, Opinion
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
        shown = shown.mentioning(wanted["q"])
    if wanted["exempt"]:
        shown = shown.exempt_today() if wanted["exempt"] == "exempt" else shown.open_today()
    exact = {name: wanted[name] for name in ("body", "stage", "year", "kind") if wanted[name]}
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
    if found.is_exempt:
        looked_at_exempt(request.user, found)
    items = list(found.items.select_related("meeting__body__collaboration", "resolution").order_by("-pk"))
    treatment = opinions.written_treatment(items[0] if items else None)
    prepares = holds(request.user, PREPARE, found.body.collaboration)
    context = {
        "collaboration": found.body.collaboration,
        "case": found,
        "stage_color": STAGE_COLORS[found.stage],
        "items": items,
        "views": views_of(found, items[0] if items else None),
        **extract.shown(items, reads_all=holds(request.user, "governance.view_papers", found.body)),
        "own_views": own_views(request.user, found, treatment) if opinions.is_open(found) else [],
        "treatment": treatment,
        "matter": matter_of_case(found, Adoption.objects.visible_to(request.user)),
        "forwardings": forwardings_of(found, request.user),
        "forwarded_from": Forwarding.objects.visible_to(request.user).filter(received_as=found).first(),
        "may_warn": disqualifications.may_warn(request.user, found),
        "trail": case_trail.steps(found, request.user),
        "attachments": attachments_of(found, request.user),
        "seen": who_sees.of_case(found),
        "panels": case_panels.of(found, request.user),
        "continued_by": found.continued_by.visible_to(request.user).select_related("body__collaboration").first(),
        "prepares": prepares,
        "open_elsewhere": quoting.open_elsewhere(found, request.user) if prepares and found.is_exempt else [],
        "may_write": found.stage == Case.Stage.READY and bool(answering_seats(found.body)),
    }
    return TemplateResponse(request, "governance/cases/page.html", context)


def attachments_of(found: Case, user: Any) -> list[tuple[CaseAttachment, bool]]:
    """Each attachment in its order, and whether this person may read it; others see that it is there (rule 8)."""
    there = list(found.attachments.select_related("document").order_by("position"))
    mine = CaseAttachment.objects.visible_to(user).filter(case=found)
    seen = set(mine.values_list("pk", flat=True)) if there else set()
    return [(one, one.pk in seen) for one in there]


def views_of(found: Case, item: AgendaItem | None) -> list[dict[str, Any]]:
    """What each seat's municipality has said; silence is «not answered» and never a yes."""
    if found.sequence is None:
        return []
    told = found.opinions.select_related("organisation", "person").only(
        "case",
        "organisation__name",
        "organisation__sort_key",
        "person__name",
        "stance",
        "text",
        "accepts_writing",
        "given_at",
    )
    given = {opinion.organisation_id: opinion for opinion in told}
    if item and not given and item.meeting.was_held and not item.meeting.written:
        return []  # all was said in the meeting, and stands in its minutes
    if item and item.meeting.written:
        seats = written.seats(item.meeting)
    else:
        voting = voting_seats(found.body, item.meeting.day if item else None).select_related(None)
        seats = list(voting.select_related("represents").only("represents__name", "represents__sort_key"))
    parties = {seat.represents_id: seat.represents for seat in seats if seat.represents}
    parties |= {key: opinion.organisation for key, opinion in given.items()}
    ordered = sorted(parties.values(), key=lambda place: place.sort_key)
    return [_view_of(place, given.get(place.pk)) for place in ordered]


def _view_of(place: Any, opinion: Opinion | None) -> dict[str, Any]:
    return {"place": place, "opinion": opinion, "color": OPINION_COLORS[opinion.stance] if opinion else "neutral"}


def own_views(user: Any, found: Case, treatment: Meeting | None) -> list[dict[str, Any]]:
    """One form for each municipality that the user speaks for in the body."""
    places = [seat.represents for seat in opinions.seats_of(user, found.body)]
    given = {opinion.organisation_id: opinion for opinion in found.opinions.filter(organisation__in=places)}
    return [
        {"place": place, "form": _opinion_form(None, treatment, given.get(place.pk), place)}
        for place in places
        if place
    ]


def _opinion_form(data: Any, treatment: Meeting | None, opinion: Opinion | None, place: Any) -> OpinionForm:
    told = ("stance", "text", "accepts_writing")
    initial = {name: getattr(opinion, name) for name in told} if opinion else None
    version = opinion.version if opinion else None
    return OpinionForm(
        data,
        version=version,
        initial=initial,
        auto_id=f"id_{place.number}_%s",
        asks_about_form=opinions.asks_about_form(treatment),
    )


@needs("governance.give_view", on="body")
@fresh
def give_view(request: HttpRequest, samarbeid: str, pk: int, nummer: str) -> HttpResponse:
    """«Ditt syn i styringsgruppen»; the municipality's own decision is another form."""
    found = find_case(request, samarbeid, pk)
    require(request.user, "governance.give_view", on=found.body)
    seat = opinions.seats_of(request.user, found.body).filter(represents__number=nummer).first()
    if seat is None or seat.represents is None:
        raise PermissionDenied(f"no seat for {nummer}")
    opinions.require_open(found)
    given = found.opinions.filter(organisation=seat.represents).first()
    treatment = opinions.round_of(found)
    form = _opinion_form(request.POST if request.method == "POST" else None, treatment, given, seat.represents)
    if form.is_valid():
        opinion = opinions.give_view(case=found, organisation=seat.represents, by=request.user, **form.cleaned_data)
        receipt = _(
            "%(place)s: «%(stance)s» is registered as your view in %(body)s. It is no decision of the municipality."
        )
        told = {"place": seat.represents, "stance": opinion.get_stance_display(), "body": found.body.name_in_text}
        messages.success(request, receipt % told)
        return redirect(treatment or found)
    context = {
        "collaboration": found.body.collaboration,
        "case": found,
        "form": form,
        "place": seat.represents,
        "treatment": treatment,
    }
    return TemplateResponse(request, "governance/cases/view.html", context)


@needs(PREPARE)
def new_case(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, PREPARE, on=found)
    kept = CaseDraft.objects.visible_to(request.user).of(found, None) if request.method == "GET" else None
    data = request.POST if request.method == "POST" else None
    form = CaseForm(data, collaboration=found, initial=kept.texts if kept else None)
    if form.is_valid():
        texts = form.texts
        body = form.cleaned_data["body"]
        made = actions.make_case(body=body, title=texts.pop("title"), by=request.user, **texts)
        drafts.discard_draft(collaboration=found, case=None, by=request.user)
        return _saved(request, made)
    context = {"collaboration": found, "form": form, "draft": f"new-case-{found.pk}", "kept": kept}
    return TemplateResponse(request, "governance/cases/form.html", context)


@needs(PREPARE)
def edit_case(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.is_editable:
        raise NotAllowedNow(
            _(
                "The case has gone out with the agenda and stands as it is. Propose the change in the meeting, or"
                " withdraw it."
            )
        )
    collaboration = found.body.collaboration
    kept = CaseDraft.objects.visible_to(request.user).of(collaboration, found) if request.method == "GET" else None
    data = _sent(request, found)
    if isinstance(data, HttpResponse):
        return data
    told: dict[str, Any] = {"initial": kept.texts, "version": kept.based_on} if kept else {}
    form = CaseForm(data, instance=found, collaboration=collaboration, **told)
    if form.is_valid():
        version = form.cleaned_data["version"]
        saved = actions.change_case(case=found, version=version, by=request.user, **form.texts)
        drafts.discard_draft(collaboration=collaboration, case=found, by=request.user)
        return _saved(request, saved)
    context = {"collaboration": collaboration, "case": found, "form": form, "draft": f"case-{found.pk}", "kept": kept}
    return TemplateResponse(request, "governance/cases/form.html", context)


def _sent(request: HttpRequest, found: Case) -> QueryDict | HttpResponse | None:
    """What is to be saved; where somebody else has saved meanwhile, both texts and the choice between them."""
    if request.method != "POST":
        return None
    chosen = any(name.startswith(conflicts.CHOICE) for name in request.POST)
    if request.POST.get("version") == str(found.version) and not chosen:
        return request.POST
    if chosen and request.POST.get("version") == str(found.version) and conflicts.is_settled(request.POST, found):
        return conflicts.settled(request.POST, found)
    differences = conflicts.differences(request.POST, found)
    if not differences:
        same = request.POST.copy()
        same["version"] = str(found.version)
        return same
    skipped = ("version", "csrfmiddlewaretoken")
    sent = [
        (name, value)
        for name, value in request.POST.items()
        if name not in skipped and not name.startswith(conflicts.CHOICE)
    ]
    context = {
        "collaboration": found.body.collaboration,
        "case": found,
        "differences": differences,
        "sent": sent,
        "asked": chosen,
        "saved": next((entry for entry in history(found) if not entry.is_act), None),
    }
    return TemplateResponse(request, "governance/cases/conflict.html", context, status=HTTPStatus.CONFLICT)


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
