"""What is frozen in the whole demo."""

from __future__ import annotations

import pytest

from tests import frozen as frozen_rows
from tests.addresses.world import World

# One process loads the demo and walks, while the other plays the journey.
pytestmark = pytest.mark.xdist_group("walk")


@pytest.mark.parametrize("frozen", [pytest.param(one, id=one.table) for one in frozen_rows.FROZEN])
def test_what_is_frozen_stands_against_the_portals_own_role(
    world: World, undone: None, frozen: frozen_rows.Frozen
) -> None:
    """T24, rule 7: column by column in SQL, and removal."""
    assert frozen_rows.attempts(frozen) == []
