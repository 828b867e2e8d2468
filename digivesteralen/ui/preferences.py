"""Language and colours: what the person has chosen, else what the browser remembers, else the default."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import check_for_language

SCHEMES = ("auto", "light", "dark")
SCHEME_COOKIE = "farger"


def color_scheme(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    chosen = user.color_scheme if user and user.is_authenticated else request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in SCHEMES else "auto"


def language(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    remembered = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    chosen = user.language if user and user.is_authenticated else remembered
    known = chosen in dict(settings.LANGUAGES) and check_for_language(chosen)
    return chosen if known else settings.LANGUAGE_CODE
