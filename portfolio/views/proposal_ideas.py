"""The button on the page of a proposal, and the idea that begins from it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from governance.models import Collaboration, Proposal
from portfolio.actions.proposal_ideas import idea_of, make_idea, step_here
from portfolio.views.finding import MANAGE, find_collaboration


@require_POST
@needs(MANAGE)
def start(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    here = find_collaboration(request, samarbeid)
    found = get_object_or_404(Proposal.objects.visible_to(request.user).of(here), pk=pk)
    require(request.user, MANAGE, on=here)
    idea = make_idea(collaboration=here, proposal=found, by=request.user)
    messages.success(request, _("The idea is registered. The answer you give is the answer of the proposal too."))
    return redirect(idea)


def panel(request: Any, collaboration: Collaboration, proposal: Proposal) -> str:
    """«Lag idé av forslaget» for who runs the portfolio, or the idea that is made of it."""
    made = idea_of(collaboration, proposal)
    makes = made is None and holds(request.user, MANAGE, collaboration) and step_here(collaboration, proposal)
    if made is None and not makes:
        return ""
    context = {"collaboration": collaboration, "proposal": proposal, "made": made}
    return render_to_string("portfolio/_proposal_idea.html", context, request)
