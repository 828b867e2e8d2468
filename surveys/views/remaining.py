"""The areas of the own list that are not answered: take over what a neighbour has, or say that there is none."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs
from digivesteralen.ui import tables
from surveys import neighbours, progress
from surveys.actions import inventory as actions
from surveys.addresses import own_url
from surveys.models import Area, SystemUse
from surveys.views.own import EDIT, came_from, frame, owned


@needs(EDIT, on="organisation")
def unanswered(request: HttpRequest, nummer: str) -> HttpResponse:
    place, own = owned(request, EDIT, nummer=nummer)
    page = Paginator(progress.unanswered(own), tables.PER_PAGE).get_page(request.GET.get("page"))
    near = neighbours.suggestions(own, list(page), request.user)
    rows = [(area, near.get(area.pk, [])) for area in page]
    context = frame(request, place, own) | {"page": page, "rows": rows}
    return TemplateResponse(request, "surveys/inventory/unanswered.html", context)


@require_POST
@needs(EDIT, on="organisation")
def copy(request: HttpRequest, nummer: str, pk: Any) -> HttpResponse:
    place, own = owned(request, EDIT, nummer=nummer)
    shared = SystemUse.objects.counted().systems().filter(inventory__in=neighbours.neighbours(own, request.user))
    like = get_object_or_404(shared.select_related("area", "product", "supplier", "inventory__municipality"), pk=pk)
    use = actions.copy_system(inventory=own, like=like, by=request.user)
    text = _("%(area)s: %(system)s, the same as %(municipality)s. Fill in when your own contract ends.")
    messages.success(
        request, text % {"area": use.area, "system": use.product, "municipality": like.inventory.municipality}
    )
    return redirect(came_from(request, place, own_url(place, "inventory_unanswered")))


@require_POST
@needs(EDIT, on="organisation")
def answer(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place, own = owned(request, EDIT, nummer=nummer)
    said = SystemUse.Answer.NOT_RELEVANT if request.POST.get("answer") == "irrelevant" else SystemUse.Answer.NONE
    use = actions.answer_area(inventory=own, area=get_object_or_404(Area, pk=pk), answer=said, by=request.user)
    messages.success(request, f"{use.area}: {use.get_answer_display()}")
    return redirect(came_from(request, place, own_url(place, "inventory_unanswered")))
