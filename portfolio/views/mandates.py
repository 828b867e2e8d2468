from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from governance.models import Case
from portfolio.actions import mandates as actions
from portfolio.forms.mandates import AdoptForm, MandateForm
from portfolio.views.finding import LEAD, MANAGE, SEE, find_project, posted
from portfolio.views.project_pages import MANDATE
from portfolio.views.project_parts import form_of, led_project, managed_project, shown


@needs(SEE)
def mandate(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """What the project is to do, as it was adopted, what is being written, and what was adopted before (D3)."""
    found = find_project(request, samarbeid, prosjekt)
    editions = found.mandates.newest_first().prefetch_related("points")
    adopted = list(editions.adopted())
    standing = adopted[0] if adopted else None
    cases = Case.objects.visible_to(request.user).select_related("body__collaboration")
    context = {
        "draft": editions.drafts().first(),
        "standing": standing,
        "case": cases.filter(items__resolution__mandates=standing).first() if standing else None,
        "earlier": adopted[1:],
    }
    return shown(request, found, "portfolio/mandate.html", **context)


@needs(LEAD)
def write(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The draft, or the next edition from the one that stands."""
    found = led_project(request, samarbeid, prosjekt)
    form = MandateForm(posted(request), draft=found.mandates.drafts().first(), before=found.mandate_points)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.write_mandate(project=found, by=request.user, **form.values)
            messages.success(
                request, _("The mandate is saved as draft. It is registered as adopted when the body has decided.")
            )
            return redirect("mandate", samarbeid, prosjekt)
    return form_of(request, found, MANDATE, form, _("Write the mandate"), _("Save the mandate"))


@needs(MANAGE)
def adopt(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    edition = get_object_or_404(found.mandates, pk=pk)
    form = AdoptForm(posted(request), mandate=edition, project=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.adopt_mandate(mandate=edition, by=request.user, **form.cleaned_data)
            messages.success(request, _("The mandate is adopted, and stands as it is."))
            return redirect("mandate", samarbeid, prosjekt)
    title, submit = _("Register the mandate as adopted"), _("Register it as adopted")
    return form_of(request, found, MANDATE, form, title, submit, about=edition)
