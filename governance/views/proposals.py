"""Proposals on their way up the tiers (B16, B22, X9), and the answers on their way down."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, allowed, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import proposal_pages
from governance.actions import proposal_signals as signal_actions
from governance.actions import proposals as actions
from governance.forms.proposals import (
    AnswerForm,
    AskForm,
    CaseOfForm,
    ConsiderForm,
    ForwardForm,
    ProposalFilter,
    ProposalForm,
    ReturnForm,
    SignalForm,
    initial,
    senders_for,
)
from governance.models import Case, Collaboration, Proposal, ProposalStep
from governance.models.proposals import ProposalQuerySet
from governance.proposal_page import page_of
from governance.proposal_signals import may_answer
from governance.proposal_tables import ProposalTable
from governance.views.finding import find_collaboration

SEE = "governance.view_collaboration"
PREPARE = "governance.prepare_meetings"


@needs(SEE)
def proposals(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """All that was sent here, or came here from below."""
    found = find_collaboration(request, samarbeid)
    form = ProposalFilter(request.GET, collaboration=found)
    shown = narrowed(Proposal.objects.visible_to(request.user).of(found), form, request.user, found)
    as_workbook = request.GET.get("format") == "xlsx"
    left_out = () if as_workbook else ProposalTable.FOR_WORKBOOKS
    table = tables.page(request, ProposalTable(shown.for_lists(), collaboration=found, exclude=left_out))
    if as_workbook:
        return writing.response(table, file_name=f"forslag-{found.slug}.xlsx")
    context = {
        "collaboration": found,
        "table": table,
        "filter": form,
        "sends": bool(senders_for(request.user, found)),
        "is_empty": not form.is_narrowed and not table.count,
    }
    return TemplateResponse(request, "governance/proposals/list.html", context)


def narrowed(shown: ProposalQuerySet, form: ProposalFilter, user: Any, here: Collaboration) -> ProposalQuerySet:
    if not form.is_valid():
        return shown
    wanted = form.cleaned_data
    if wanted["q"]:
        shown = shown.filter(title__icontains=wanted["q"])
    if wanted["overdue"]:
        shown = shown.overdue()
    if wanted["mine"]:
        shown = shown.waiting_on(user) if wanted["mine"] == "waiting" else shown.with_sender(user)
    return shown.lying_with(wanted["place"], here) if wanted["place"] else shown


@needs(SEE)
def proposal(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """One timeline of all tiers, what happens next, and the answers of the tier that holds it."""
    here, found = find_proposal(request, samarbeid, pk)
    cases = Case.objects.visible_to(request.user).filter(proposal_step__proposal=found)
    step, prepares = found.open_step, holds(request.user, PREPARE, found.last_step.collaboration)
    context = {
        **page_of(found, {case.pk: case for case in cases.select_related("body__collaboration")}),
        "collaboration": here,
        "proposal": found,
        "step": step,
        "handles": actions.may_handle(request.user, step),
        "makes_case": step is not None and prepares and actions.may_become_a_case(step),
        "answers": step is not None and not actions.is_being_treated(step),
        "mends": found.is_at_sender and actions.may_send(found.sender, found.collaboration, request.user),
        "signals_for": _signals_for(request.user, found),
        "asks": holds(request.user, PREPARE, found.collaboration),
        "panels": proposal_pages.of(request, here, found),
    }
    return TemplateResponse(request, "governance/proposals/page.html", context)


@needs(SEE)
def new_proposal(request: HttpRequest, samarbeid: str) -> HttpResponse:
    here = find_collaboration(request, samarbeid)
    senders = senders_for(request.user, here)
    if not senders:
        raise PermissionDenied(actions.PROPOSE)
    form = ProposalForm(request.POST if request.method == "POST" else None, collaboration=here, senders=senders)
    if form.is_valid():
        made = actions.send_proposal(by=request.user, **form.cleaned_data)
        told = {"proposal": made, "place": made.last_step.place}
        messages.success(request, _("Proposal %(proposal)s is sent to: %(place)s.") % told)
        return redirect("proposal", samarbeid, made.pk)
    return _form(request, here, form, _("New proposal"), _("Send the proposal"), draft=f"new-proposal-{here.pk}")


@needs(SEE)
def send_again(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The sender mends what came back, and sends it again."""
    here, found = find_proposal(request, samarbeid, pk)
    if not actions.may_send(found.sender, found.collaboration, request.user):
        raise PermissionDenied(actions.PROPOSE)
    if not found.is_at_sender:
        raise NotAllowedNow(_("The proposal is not with its sender: only what was sent back can be sent again."))
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        collaboration=found.collaboration,
        senders=[],
        version=found.version,
        initial=initial(found),
    )
    if form.is_valid():
        actions.send_again(proposal=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The proposal is sent again."))
        return redirect("proposal", samarbeid, pk)
    return _form(request, here, form, _("Mend the proposal"), _("Send it again"), found)


@needs(PREPARE)
def consider(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    return _answer(
        request, samarbeid, pk, ConsiderForm, actions.consider, _("Take it up"), _("The proposal is taken up.")
    )


@needs(PREPARE)
def forward(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    return _answer(request, samarbeid, pk, ForwardForm, actions.forward, _("Send it on"), _("The proposal is sent on."))


@needs(PREPARE)
def send_back(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    done = _("The proposal is sent back, and the one it came from is told.")
    return _answer(request, samarbeid, pk, ReturnForm, actions.send_back, _("Send it back"), done)


@needs(PREPARE)
def answer(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    done = _("The answer is registered, and the sender is told.")
    form_class = partial(AnswerForm, user=request.user)
    return _answer(request, samarbeid, pk, form_class, actions.answer, _("Register the answer"), done)


@needs(PREPARE)
def make_case(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The proposal becomes a case of the body it lies in."""
    here, found, step = at_the_tier(request, samarbeid, pk)
    require(request.user, PREPARE, on=step.collaboration)
    data = request.POST if request.method == "POST" else None
    form = CaseOfForm(data, step=step, version=found.version)
    if form.is_valid():
        made = actions.make_case(proposal=found, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("The proposal is a case now. What %(body)s decides becomes the answer.")
            % {"body": made.body.name_in_text},
        )
        return redirect(made)
    return _form(request, here, form, _("Make a case of it"), _("Make the case"), found)


@needs(SEE)
def give_signal(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Interested or not; binds nobody."""
    here, found = find_proposal(request, samarbeid, pk)
    places = _signals_for(request.user, found)
    if not places:
        raise PermissionDenied(actions.SEND)
    form = SignalForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_valid():
        given = signal_actions.give_signal(proposal=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(signal)s. It binds nobody.") % {"signal": given})
        return redirect("proposal", samarbeid, pk)
    return _form(request, here, form, _("Send a signal"), _("Send the signal"), found)


@needs(PREPARE)
def ask_for_signals(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    here, found = find_proposal(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.collaboration)
    given = {"deadline": found.signals_by}
    form = AskForm(request.POST if request.method == "POST" else None, version=found.version, initial=given)
    if form.is_valid():
        told = form.cleaned_data
        signal_actions.ask_for_signals(
            proposal=found, answer_by=told["deadline"], version=told["version"], by=request.user
        )
        messages.success(request, _("The members are asked for a signal."))
        return redirect("proposal", samarbeid, pk)
    return _form(request, here, form, _("Ask for signals"), _("Ask the members"), found)


# --- Finding, and the form that all have ---------------------------------------------------------------


def find_proposal(request: HttpRequest, samarbeid: str, pk: int) -> tuple[Collaboration, Proposal]:
    here = find_collaboration(request, samarbeid)
    shown = Proposal.objects.visible_to(request.user).of(here).for_lists()
    return here, get_object_or_404(shown, pk=pk)


def at_the_tier(request: HttpRequest, samarbeid: str, pk: int) -> tuple[Collaboration, Proposal, ProposalStep]:
    """The proposal for those who answer where it lies; for them alone it may be too late."""
    here, found = find_proposal(request, samarbeid, pk)
    step = found.open_step
    if step is None:
        require(request.user, PREPARE, on=found.last_step.collaboration)
        raise NotAllowedNow(_("The proposal is answered, or back with its sender: what was said stands."))
    if not actions.may_handle(request.user, step):
        raise PermissionDenied(PREPARE)
    return here, found, step


def _answer(
    request: HttpRequest, samarbeid: str, pk: int, form_class: Any, verb: Callable[..., Any], title: str, done: str
) -> HttpResponse:
    here, found, step = at_the_tier(request, samarbeid, pk)
    form = form_class(request.POST if request.method == "POST" else None, step=step, version=found.version)
    if form.is_valid():
        verb(proposal=found, by=request.user, **form.cleaned_data)
        messages.success(request, done)
        return redirect("proposal", samarbeid, pk)
    return _form(request, here, form, title, title, found)


def _signals_for(user: Any, found: Proposal) -> list[Any]:
    """Whose signal the person may give: the own municipality's; the secretariat any that reached it."""
    if holds(user, PREPARE, found.collaboration):
        return may_answer(found)
    return list(allowed(found.collaboration.members(), user, actions.SEND))


def _form(
    request: HttpRequest,
    here: Collaboration,
    form: Any,
    title: str,
    submit: str,
    about: Proposal | None = None,
    *,
    draft: str = "",
) -> HttpResponse:
    context = {
        "collaboration": here,
        "proposal": about,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft or (about.draft_key if about else ""),
        "back": about.address_in(here) if about else "",
    }
    return TemplateResponse(request, "governance/proposals/form.html", context)
