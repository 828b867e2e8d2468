"""Three steps that are not the same: the same system, a common contract, common operation (surveys.md 8.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Lower, Replace
from django.utils import timezone

from governance.models import Collaboration, Organisation
from surveys.comparison import SYSTEM, Line, uses_of
from surveys.models import SystemUse
from surveys.sharing import shared_fields

AT_LEAST = 2
Operation = SystemUse.Operation


@dataclass(frozen=True)
class Together:
    """In how many areas at least two municipalities have the same of each.

    A common contract is known only where an IT collaboration holds it for several. Who operates a system is counted
    where the agreement shares it; else only what an IT collaboration operates for several.
    """

    system: int
    contract: int
    operation: int
    operators_known: bool


def together(collaboration: Collaboration, places: Sequence[Organisation], lines: Sequence[Line]) -> Together:
    uses = uses_of(places).in_use(timezone.localdate()).order_by()
    operators_known = "operation" in shared_fields(collaboration)
    return Together(
        system=sum(1 for line in lines if line.most >= AT_LEAST),
        contract=_areas(uses.exclude(through=None), "through"),
        operation=_areas(*_operated(uses, operators_known)),
        operators_known=operators_known,
    )


def _areas(uses: Any, *same: str) -> int:
    """The areas where at least two municipalities have the same."""
    alike = uses.values("area_id", *same).annotate(having=Count("inventory", distinct=True))
    return len({row["area_id"] for row in alike.filter(having__gte=AT_LEAST)})


def _operated(uses: Any, operators_known: bool) -> tuple[Any, str, str]:
    """Each system with the name of who operates it: the IT collaboration, another municipality, or the own."""
    named = [When(through__isnull=False, then=F("through__inventory__municipality__name"))]
    if operators_known:
        elsewhere = Q(operation__in=[Operation.OTHER, Operation.IT_COLLABORATION]) & ~Q(operated_by="")
        named += [
            When(elsewhere, then=F("operated_by")),
            When(operation=Operation.OWN, then=F("inventory__municipality__name")),
        ]
    named_by = Case(*named, default=None, output_field=CharField())
    operator = Replace(Lower(named_by), Value(" kommune"), Value(""))
    return uses.annotate(operator=operator, system=SYSTEM).exclude(operator=None), "system", "operator"
