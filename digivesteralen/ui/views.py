from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import public
from digivesteralen.ui import gallery as examples
from digivesteralen.ui.preferences import SCHEME_COOKIE, SCHEMES

A_YEAR = 365 * 24 * 60 * 60


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember language and colours: on the person, and in the browser for the pages before sign-in."""
    scheme, language = request.POST.get("color_scheme", ""), request.POST.get("language", "")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe and back.startswith("/") else "/")
    if scheme in SCHEMES:
        _remember(request, response, "color_scheme", scheme, SCHEME_COOKIE)
    if language in dict(settings.LANGUAGES):
        _remember(request, response, "language", language, settings.LANGUAGE_COOKIE_NAME)
    return response


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str, cookie: str) -> None:
    if request.user.is_authenticated:
        setattr(request.user, name, value)
        request.user.save(update_fields=[name])
    response.set_cookie(
        cookie, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )


@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for those who build and test; not part of a real installation."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    shown = examples.context(request)
    if request.method == "POST" and shown["form"].is_valid():
        return redirect(request.path)
    return TemplateResponse(request, "ui/gallery.html", shown)
