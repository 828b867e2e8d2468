from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def demo_stays_out_of_production(**kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and settings.DEMO:
        return [Error("DEMO and PRODUCTION are both on: demo sign-ins have known passwords.", id="accounts.E001")]
    return []
