from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from digivesteralen.servers import addresses


@register(Tags.security, deploy=True)
def three_roles(**_: Any) -> list[CheckMessage]:
    """The owner of the tables can change the history; the portal must not be that role."""
    if addresses.database("app")["USER"] != addresses.database("owner")["USER"]:
        return []
    return [
        Warning(
            "The portal speaks to the database as the owner of its tables, and could change the history.",
            hint="Set DATABASE_OWNER_URL to a role of its own; “manage.py roles” prints the SQL.",
            id="audit.W001",
        )
    ]
