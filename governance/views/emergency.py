"""Emergency access: opened by whoever runs the installation, read about by the secretariat and the auditor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from digivesteralen.accounts.access import needs, operators, require
from digivesteralen.accounts.session_limits import fresh
from digivesteralen.audit.models import Act
from digivesteralen.ui import forms
from governance.actions import emergency as actions
from governance.emergency import LOOKED
from governance.models import Collaboration, EmergencyAccess
from governance.models.emergency import SHORTEST_REASON
from governance.views.finding import find_collaboration

OVERSEES = "governance.view_exempt"
# As many looks are shown for each; the whole stands in the acts.
SHOWN = 200


class EmergencyForm(forms.DsForm):
    """Which collaboration, and why."""

    collaboration = forms.forms.ModelChoiceField(
        Collaboration.objects.filter(external=False), label=gettext_lazy("Collaboration")
    )
    reason = forms.TextField(
        label=gettext_lazy("Reason"), rows=3, limit=500, min_length=SHORTEST_REASON,
        help_text=gettext_lazy("What is wrong, and what you must look at. The secretariat and the auditor read this."),
    )  # fmt: skip


@operators
@fresh
def own_accesses(request: HttpRequest) -> HttpResponse:
    """Open emergency access, and see those one has opened."""
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen, reason = form.cleaned_data["collaboration"], form.cleaned_data["reason"]
        opened = actions.open_access(collaboration=chosen, reason=reason, by=request.user)
        messages.success(request, _("You see %(collaboration)s for 30 minutes.") % {"collaboration": chosen})
        return redirect(opened.collaboration)
    mine = EmergencyAccess.objects.filter(opened_by=request.user.pk).select_related("collaboration")[:25]
    return TemplateResponse(request, "governance/emergency/own.html", {"form": form, "mine": mine})


@operators
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(EmergencyAccess, pk=pk, opened_by=request.user.pk)
    actions.end_access(access=found, by=request.user)
    messages.success(request, _("The emergency access is over."))
    return redirect("emergency")


@needs(OVERSEES)
@require_GET
def accesses(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Who has looked, when, why, and at what; for the secretariat and the auditor."""
    found = find_collaboration(request, samarbeid)
    require(request.user, OVERSEES, on=found)
    held = list(found.emergency_accesses.select_related("opened_by")[:50])
    looks = Act.objects.filter(
        verb=LOOKED, object_type=EmergencyAccess._meta.label_lower, object_id__in=[str(one.pk) for one in held]
    )
    seen: dict[str, list[Act]] = {}
    for look in looks.order_by("at", "pk"):
        seen.setdefault(look.object_id, []).append(look)
    listed = [(one, seen.get(str(one.pk), [])[:SHOWN]) for one in held]
    return TemplateResponse(request, "governance/emergency/list.html", {"collaboration": found, "listed": listed})
