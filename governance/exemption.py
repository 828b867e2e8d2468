"""What an exemption from public disclosure must be like; asked by the verbs and by the forms (D10)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.ui import wording
from governance import laws
from governance.models import Body, Person

FIELDS = [
    "exempt",
    "legal_ground",
    "exempt_reason",
    "screened_title",
    "exempt_until",
    "exempt_event",
    "event_happened_on",
    "exempt_decided_by",
    "wider_access_considered",
]


def marks_of(thing: Any) -> dict[str, Any]:
    """How the thing is exempt, for what goes on from it."""
    return {name: getattr(thing, name) for name in FIELDS}


def with_who_decided(told: dict[str, Any], thing: Any, by: Any) -> dict[str, Any]:
    """What is told; whoever exempts decides it, where nobody else is named."""
    if unknown := set(told) - set(FIELDS):
        raise TypeError(f"An exemption has no {', '.join(sorted(unknown))}.")
    exempt = told.get("exempt", thing.exempt)
    if not exempt:
        return {**told, "exempt_decided_by": None}
    decided = told.get("exempt_decided_by", thing.exempt_decided_by) or Person.objects.filter(user=by).first()
    return {**told, "exempt_decided_by": decided}


def require_lawful(thing: Any, body: Body) -> None:
    """§ 16, and the grounds that have an end: refused with what to do instead."""
    for wrong in unlawful(thing, body).values():
        raise NotAllowedNow(wrong)


def unlawful(thing: Any, body: Body) -> dict[str, str]:
    """What is wrong with an exemption, by field; also asked by the form."""
    wrong: dict[str, str] = {}
    if not thing.exempt:
        return wrong
    ground = laws.ground_named(thing.legal_ground)
    if body.profile_on(timezone.localdate()).by_law and laws.cites_internal(thing.legal_ground):
        wrong["legal_ground"] = _(
            "%(body)s is an elected body: its case papers cannot be exempt as internal (%(ground)s). "
            "Choose another ground, or leave the case open."
        ) % {"body": body.name, "ground": laws.provision("elected_body_papers").dated}
    if ground and ground.ends and not (thing.exempt_until or thing.exempt_event):
        wrong["exempt_until"] = _("%(ground)s holds for a time. Write the day or the event that it ends with.") % {
            "ground": ground
        }
    if thing.event_happened_on and thing.event_happened_on > timezone.localdate():
        wrong["event_happened_on"] = _("%(day)s is in the future. Register the event when it has happened.") % {
            "day": wording.short_day(thing.event_happened_on)
        }
    return wrong
