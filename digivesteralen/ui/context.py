"""What the frame around every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from digivesteralen.ui import menu
from digivesteralen.ui.preferences import color_scheme


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "scheme": color_scheme(request),
        "languages": settings.LANGUAGES,
        "acting_for": SimpleLazyObject(lambda: menu.acting_for(user) if user and user.is_authenticated else []),
        "accessibility_statement": getattr(settings, "ACCESSIBILITY_STATEMENT_URL", ""),
        "privacy_page": getattr(settings, "PRIVACY_URL", ""),
        "contact_address": getattr(settings, "CONTACT_EMAIL", ""),
        "DEMO": getattr(settings, "DEMO", False),
    }
