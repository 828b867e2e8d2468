"""The button on the page of a window of joint procurement, and the idea that begins from it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from governance.models import Collaboration
from portfolio.actions.window_ideas import NO_WINDOW, idea_of, start_idea
from portfolio.views.finding import MANAGE, find_collaboration
from surveys.windows import Window, windows


@require_POST
@needs(MANAGE)
def start(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    said = request.POST.get("dag", "")
    window = next((one for one in windows(found, area=pk) if one.on and one.on.isoformat() == said), None)
    if window is None:
        raise NotAllowedNow(_("The window has changed since the page was shown. Open it again and look it over."))
    idea = start_idea(collaboration=found, window=window, by=request.user)
    messages.success(request, _("The idea is registered. Those who can join are ticked when the project invites."))
    return redirect(idea)


def panel(request: Any, collaboration: Collaboration, window: Window) -> str:
    """«Lag en idé av dette» for who runs the portfolio, or the project that is made of the window already."""
    if window.kind in NO_WINDOW:
        return ""
    made = idea_of(collaboration, window)
    manages = holds(request.user, MANAGE, collaboration)
    if made is None and not manages:
        return ""
    context = {"collaboration": collaboration, "window": window, "made": made, "manages": manages}
    return render_to_string("portfolio/_window_idea.html", context, request)
