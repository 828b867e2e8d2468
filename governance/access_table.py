"""docs/access.md: who may do what, made from GRANTS and from what every address says it asks for."""

from collections.abc import Iterator
from typing import Any

from django.utils import translation

from governance.checks import addresses
from governance.models import Body, Collaboration, Organisation, Role
from governance.permissions import GRANTS
from governance.role_groups import ROWS

HEAD = """# Who may do what

Made by `manage.py access_table -o docs/access.md` from `governance/permissions.py` and the URLconf; a test says when it
is out of date.

A right is held on a collaboration, a body or a municipality, by a group; a dated appointment puts a person into the
group and takes the person out. What one may not see answers 404, what one sees but may not do 403, what is not possible
now 409.
"""

ASKED = {"public": "nothing (public)", "own": "sign-in", "operators": "to run the installation"}
WITHOUT_RIGHT = {
    "public": "everybody",
    "own": "everybody who is signed in, about their own",
    "operators": "system administrators",
}
PLACES: dict[type, str] = {Collaboration: "a collaboration", Body: "a body", Organisation: "a municipality"}


def table() -> str:
    """The whole page."""
    with translation.override("en"):
        return "\n".join([HEAD, *_rights(), *_views()]) + "\n"


def _rights() -> Iterator[str]:
    for container in (Collaboration, Body, Organisation):
        assert container in ROWS
        roles = [role for role in Role if container in GRANTS[role]]
        yield f"## Rights on {PLACES[container]}\n"
        yield f"| Right | What it opens | {' | '.join(str(role.label) for role in roles)} |"
        yield f"|---|---|{'---|' * len(roles)}"
        for codename, name in container._meta.permissions:
            marks = ["yes" if codename in GRANTS[role][container] else "–" for role in roles]
            yield f"| `{codename}` | {name} | {' | '.join(marks)} |"
        yield ""


def _views() -> Iterator[str]:
    yield "## Addresses\n"
    yield "| Address | Asks for | On | Who has it |"
    yield "|---|---|---|---|"
    for route, view in sorted(addresses(), key=lambda found: found[0]):
        need = view.need
        asked = ASKED.get(need.kind, f"`{need.right}`")
        yield f"| `{route}` | {asked} | {need.on or '–'} | {_who(need)} |"


def _who(need: Any) -> str:
    if need.kind != "needs":
        return WITHOUT_RIGHT[need.kind]
    found = holders(need.right, need.on)
    return "every role" if found == list(Role) else ", ".join(str(role.label) for role in found)


def holders(right: str, on: str) -> list[Role]:
    """The roles that GRANTS gives a right on that kind of container."""
    container = {"collaboration": Collaboration, "body": Body, "organisation": Organisation}[on]
    return [role for role in Role if right.partition(".")[2] in GRANTS[role].get(container, frozenset())]
