from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from digivesteralen.accounts.access import own, public
from governance import calendars, letters
from governance.actions import calendars as actions
from governance.models import CalendarLink, Meeting
from governance.permissions import sync_today


@own
def own_calendar(request: HttpRequest) -> HttpResponse:
    """The own address for a calendar: made, renewed, ended; it is shown once, when it is made."""
    if request.method == "POST":
        if request.POST.get("hva") == "avslutt":
            actions.end_link(by=request.user)
            messages.success(request, _("The calendar address works no more."))
            return redirect("own_calendar")
        token = actions.make_link(by=request.user)
        address = letters.address(reverse("calendar_feed", args=[token]))
        return _page(request, address)
    return _page(request, "")


def _page(request: HttpRequest, address: str) -> HttpResponse:
    link = CalendarLink.objects.filter(user=request.user.pk, ended_at=None).first()
    return TemplateResponse(request, "governance/planning/calendar.html", {"link": link, "address": address})


@public
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The meetings of the bodies where the holder of the address has a seat today; none when the seats have ended."""
    user = actions.holder(token)
    if user is None:
        raise Http404
    sync_today(user)
    with translation.override(user.language):
        content = calendars.published(Meeting.objects.in_calendar_of(user), _("My meetings"), user=user)
    response = HttpResponse(content, content_type=calendars.MIME)
    response["X-Robots-Tag"] = "noindex"
    return response
