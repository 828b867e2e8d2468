"""Whether a member is disqualified in a case: told early by the member, decided by the body in the meeting (D6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from governance import laws
from governance.actions import disqualifications as actions
from governance.actions.attendance import open_for_minutes
from governance.forms.disqualifications import QuestionForm, StepDownForm, WarningForm
from governance.forms.running import ChangeForm
from governance.models import AgendaItem, Disqualification
from governance.quorum import Presence
from governance.views.attendance import change_page
from governance.views.confirming import confirm
from governance.views.finding import find_case, find_meeting_to_run, run_page

PREPARE, OWN = "governance.prepare_meetings", "governance.give_view"
DECISION = ("votes_for", "votes_against", "ground", "ground_text", "substitute", "left_at", "returned_at")


@needs(OWN, on="body")
def warn(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """«Meld mulig inhabilitet»: a member tells of a connection to a case on an agenda that is out."""
    case = find_case(request, samarbeid, pk)
    require(request.user, OWN, on=case.body)
    places = case.items.filter(withdrawn=False, meeting__written=False).select_related("meeting__body", "case")
    item = places.order_by("-pk").first()
    if item is None or not actions.takes_warnings(item):
        raise NotAllowedNow(_("This can be told from the agenda is sent until the meeting is held."))
    own = item.disqualifications.filter(raised_by__user=request.user.pk, person__user=request.user.pk).first()
    if own is not None and "take_back" in request.POST:
        actions.take_back(question=own, by=request.user)
        messages.success(request, _("It is removed."))
        return redirect(case)
    form = WarningForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_valid():
        actions.warn(item=item, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is told. The body decides before the case whether you take part."))
        return redirect(case)
    context = {"collaboration": case.body.collaboration, "case": case, "item": item, "form": form, "own": own}
    return TemplateResponse(request, "governance/disqualifications/warn.html", context)


@needs(PREPARE)
@require_POST
def step_down(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """In one line: who, and why."""
    item = _item(request, samarbeid, organ, nummer, aar, pk)
    form = StepDownForm(request.POST, item=item, prefix="inhabil")
    if form.is_valid():
        actions.step_down(item=item, by=request.user, **form.cleaned_data)
        messages.success(request, _("The member steps down in the case."))
        return redirect(run_page(item))
    return change_page(request, item, ChangeForm(item=item), form)


@needs(PREPARE)
def new_question(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """The question with its ground, and what the body decided about it."""
    item = _item(request, samarbeid, organ, nummer, aar, pk)
    form = QuestionForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_valid():
        told = form.cleaned_data
        raised = {name: told[name] for name in ("row", "kind", "ground", "ground_text", "raised_by", "statement")}
        actions.register(item=item, result=told["result"], decision=_decision(told), by=request.user, **raised)
        return _saved(request, item)
    return _page(request, item, form, None)


@needs(PREPARE)
def question(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """What the body decides about a question that is raised, or mending what was registered."""
    known = _question(request, samarbeid, organ, nummer, aar, pk)
    open_for_minutes(known.item.meeting)
    told = {name: getattr(known, name) for name in (*DECISION, "chair_decided")}
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(
        data, item=known.item, question=known, version=known.version, initial={**told, "result": known.state}
    )
    if form.is_valid() and form.cleaned_data["result"] != Disqualification.State.RAISED:
        steps_down = form.cleaned_data["result"] == Disqualification.State.DISQUALIFIED
        version = form.cleaned_data["version"]
        actions.decide(
            question=known, steps_down=steps_down, version=version, by=request.user, **_decision(form.cleaned_data)
        )
        return _saved(request, known.item)
    return _page(request, known.item, form, known)


@needs(PREPARE)
def remove(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """It was registered by mistake."""
    known = _question(request, samarbeid, organ, nummer, aar, pk)
    if request.method == "POST":
        actions.take_back(question=known, by=request.user)
        messages.success(request, _("It is removed."))
        return redirect(run_page(known.item))
    text = _("The question about %(person)s, and what was decided about it, are removed.") % {"person": known.person}
    return confirm(request, known.item.meeting, _("Remove this?"), text, _("Remove"))


def _decision(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in DECISION} | {"chair_decided": told.get("chair_decided", False)}


def _saved(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    messages.success(request, _("What the body decided is saved."))
    return redirect(run_page(item))


def _page(request: HttpRequest, item: AgendaItem, form: QuestionForm, known: Disqualification | None) -> HttpResponse:
    presence = Presence(item.meeting)
    asked = set(item.disqualifications.values_list("person", flat=True))
    deciding = presence.deciding_on_disqualification(item, asked) if known else []
    context = {
        "collaboration": item.meeting.body.collaboration,
        "meeting": item.meeting,
        "item": item,
        "form": form,
        "question": known,
        "deciding": [person for _row, person in deciding],
        "ground": laws.provision("disqualification_decided", item.meeting.day),
        "run": run_page(item),
    }
    return TemplateResponse(request, "governance/disqualifications/question.html", context)


def _item(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> AgendaItem:
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    open_for_minutes(found)
    return get_object_or_404(found.items.select_related("meeting__body__collaboration", "case__body"), pk=pk)


def _question(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> Disqualification:
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    known = Disqualification.objects.told().select_related("item__meeting__body__collaboration", "item__case__body")
    return get_object_or_404(known, item__meeting=found, pk=pk)
