"""The sharing rule of a collaboration: all who see it may read it, the secretariat sets it (rule 9)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from surveys import sharing
from surveys.actions.sharing import RIGHT, set_sharing
from surveys.forms.sharing import SharingForm
from surveys.views.finding import find_collaboration


@needs("governance.view_collaboration")
def rule(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    if request.method == "POST":
        require(request.user, RIGHT, on=found)
    stands = sharing.rule_of(found)
    form = SharingForm(request.POST if request.method == "POST" else None, collaboration=found, instance=stands)
    if form.is_valid():
        set_sharing(collaboration=found, by=request.user, **form.said())
        messages.success(request, _("What is shared is saved. It holds at once, on every page."))
        return redirect("sharing_rule", found.slug)
    context = {
        "collaboration": found,
        "form": form,
        "rule": stands,
        "registered": not stands._state.adding,
        "words": sharing.in_words(found),
        "manages": holds(request.user, RIGHT, found),
    }
    return TemplateResponse(request, "surveys/inventory/sharing.html", context)
