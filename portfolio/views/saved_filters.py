from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs
from portfolio.actions import saved_filters as actions
from portfolio.forms.filters import PortfolioFilter
from portfolio.forms.saved_filters import SavedFilterForm
from portfolio.models import SavedFilter
from portfolio.views.finding import SEE, find_collaboration, own_municipality, posted


@needs(SEE)
def save(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Give what one looks at a name; the address says what that is."""
    collaboration = find_collaboration(request, samarbeid)
    own = own_municipality(request.user, collaboration)
    narrowed = PortfolioFilter(request.GET, collaboration=collaboration, own=own)
    if not narrowed.is_valid() or not narrowed.query:
        raise NotAllowedNow(_("There is nothing to save. Choose a filter or an order first."))
    form = SavedFilterForm(posted(request), collaboration=collaboration, owner=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            saved = actions.save_filter(
                collaboration=collaboration, query=narrowed.query, by=request.user, **form.cleaned_data
            )
            messages.success(request, _("The filter «%(name)s» is saved.") % {"name": saved.name})
            return redirect(saved)
    context = {
        "collaboration": collaboration,
        "form": form,
        "told": narrowed.told,
        "back": f"{reverse('portfolio', args=[samarbeid])}?{narrowed.query}",
    }
    return TemplateResponse(request, "portfolio/save_filter.html", context)


@needs(SEE)
@require_POST
def delete(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), collaboration=collaboration, pk=pk)
    actions.delete_filter(saved=saved, by=request.user)
    messages.success(request, _("The filter «%(name)s» is deleted.") % {"name": saved.name})
    return redirect("portfolio", samarbeid)
