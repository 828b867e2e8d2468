"""docs/access.md says what the code does."""

import pytest

from governance import access_table, checks
from governance.models import Body, Collaboration, Organisation, Role
from governance.permissions import GRANTS
from tests.test_structure import ROOT


def test_the_page_is_current() -> None:
    page = ROOT / "docs" / "access.md"

    assert page.read_text() == access_table.table(), "run manage.py access_table -o docs/access.md"


@pytest.mark.parametrize("container", [Collaboration, Body, Organisation])
def test_every_right_is_given_to_somebody_and_known(container: type) -> None:
    given = {right for grants in GRANTS.values() for right in grants.get(container, ())}

    assert given == {codename for codename, _name in container._meta.permissions}  # type: ignore[attr-defined]


def test_every_role_has_its_line() -> None:
    assert set(GRANTS) == set(Role)


def test_no_address_asks_for_a_right_that_nobody_has() -> None:
    needs = {(view.need.right, view.need.on) for _route, view in checks.addresses() if view.need.kind == "needs"}

    assert [need for need in needs if not access_table.holders(*need)] == []
