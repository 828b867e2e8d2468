from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import own
from digivesteralen.ui import forms
from governance import on_behalf


class CapacityForm(forms.DsForm):
    """One of the parties that the person has roles for."""

    party = forms.RadioField(label=gettext_lazy("I act on behalf of"), choices=[])

    def __init__(self, *args: object, mine: list[on_behalf.Capacity], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["party"].choices = [(one.key, str(one)) for one in mine]  # type: ignore[attr-defined]


@own
def choose(request: HttpRequest) -> HttpResponse:
    """Whom the person acts for from now on, until another is chosen or the role ends."""
    mine = on_behalf.held(request.user)
    now = request.session.get(on_behalf.SESSION)
    form = CapacityForm(request.POST if request.method == "POST" else None, mine=mine, initial={"party": now})
    if form.is_valid():
        chosen = on_behalf.choose(request, form.cleaned_data["party"])
        messages.success(request, _("You act on behalf of %(party)s.") % {"party": chosen.place})
        return redirect(_next(request))
    return TemplateResponse(request, "governance/people/capacities.html", {"form": form, "mine": mine})


def _next(request: HttpRequest) -> str:
    """Back to where one was, inside the portal only."""
    wanted = request.GET.get("neste", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else "/"
