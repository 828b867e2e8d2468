"""How alike the municipalities were before: a made-up measure of last year, when only some had answered."""

from __future__ import annotations

from typing import Any

from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from surveys.actions import convergence
from surveys.models import Inventory

DAYS, TITLE = -400, "Eksempel: første kartlegging"


def load(cast: Cast, collaboration: Collaboration, by: Any) -> None:
    """The measure counts those that have come furthest since."""
    done = Inventory.objects.of(collaboration).exclude(state=Inventory.State.DRAFT)
    convergence.keep(
        collaboration=collaboration,
        title=TITLE,
        on=cast.past(DAYS),
        by=by,
        among=list(done.values_list("municipality", flat=True)),
    )
