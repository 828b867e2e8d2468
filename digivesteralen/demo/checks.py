"""A start-up check: what was a demo is no portal."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from digivesteralen.accounts.models import User
from digivesteralen.demo.signins import PASSWORD


@register(Tags.database)
def nobody_has_the_password_of_the_demo(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Settings say that this is no demo, but the database may once have been one; run by migrate."""
    if settings.DEMO or not databases or User._meta.db_table not in connection.introspection.table_names():
        return []
    made_up = User.objects.filter(is_active=True, email__endswith=".example").order_by("pk")
    if not any(user.check_password(PASSWORD) for user in made_up.iterator()):
        return []
    return [
        Error(
            "The database holds people of the demo, whose password everybody knows.",
            hint="Begin with an empty database, or set DEMO=1 without PRODUCTION.",
            id="demo.E001",
        )
    ]
