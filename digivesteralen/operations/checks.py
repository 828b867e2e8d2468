"""A check before the portal is opened: what a real installation cannot do without is set."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

# Each has a value of its own on a machine where somebody tries the portal, and none that is right elsewhere.
NEEDED = {
    "DATABASE_URL": "Without it the portal starts a database of its own under VAR_DIR.",
    "REDIS_URL": "Without it the portal starts a queue of its own under VAR_DIR.",
    "PORTAL_ADDRESS": "Without it the links in e-mails lead to this machine.",
    "EMAIL_BACKEND": "Without it e-mail is written to files; docs/drift.md names the one that sends.",
    "EMAIL_HOST": "Without it e-mail is handed to a server on this machine.",
    "DEFAULT_FROM_EMAIL": "Without it e-mail comes from an address that does not exist.",
}


@register(Tags.security, deploy=True)
def what_is_needed_is_set(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = [
        Warning(f"{name} is not set.", hint=hint, id="operations.W001")
        for name, hint in NEEDED.items()
        if not os.environ.get(name, "").strip()
    ]
    if os.environ.get("PORTAL_ADDRESS", "").strip().startswith("http://"):
        hint = "Links to choose a password go out with it; write https://."
        found.append(Warning("PORTAL_ADDRESS begins with http://.", hint=hint, id="operations.W002"))
    return found
