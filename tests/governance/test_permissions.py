"""Roles to rights: written once, held on containers, and told in docs/access.md."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from guardian.shortcuts import assign_perm

from digivesteralen.accounts.access import allowed, holds
from digivesteralen.accounts.models import User
from governance import checks, permissions
from governance.access_table import table
from governance.models import Body, Collaboration, Organisation, Role, RoleGroup
from governance.permissions import GRANTS, sync, sync_everybody
from governance.role_groups import ROWS
from governance.tasks import housekeeping
from governance.views import adoptions

pytestmark = pytest.mark.django_db

YES, NO = True, False


@pytest.mark.parametrize(
    ("who", "manage", "prepare", "decide", "give_view", "on_behalf", "exempt", "surveys"),
    [
        ("director", NO, NO, YES, YES, NO, NO, NO),
        ("contact", NO, NO, YES, NO, NO, NO, NO),
        ("it_leader", NO, NO, NO, NO, NO, NO, NO),
        ("secretary", YES, YES, NO, NO, YES, YES, NO),
        ("survey_admin", NO, NO, NO, NO, NO, NO, YES),
        ("project_leader", NO, NO, NO, NO, NO, NO, NO),
        ("auditor", NO, NO, NO, NO, NO, YES, NO),
        ("observer", NO, NO, NO, NO, NO, NO, NO),
        ("outsider", NO, NO, NO, NO, NO, NO, NO),
        ("sysadmin", NO, NO, NO, NO, NO, NO, NO),
    ],
)
def test_who_may_do_what(
    request: pytest.FixtureRequest,
    digi: Collaboration,
    steering: Body,
    sortland: Organisation,
    who: str,
    manage: bool,
    prepare: bool,
    decide: bool,
    give_view: bool,
    on_behalf: bool,
    exempt: bool,
    surveys: bool,
) -> None:
    user = request.getfixturevalue(who)
    held = [
        holds(user, "governance.manage_collaboration", digi),
        holds(user, "governance.prepare_meetings", digi),
        holds(user, "governance.decide_for_municipality", sortland),
        holds(user, "governance.give_view", steering),
        holds(user, "governance.register_on_behalf", digi),
        holds(user, "governance.view_exempt", digi),
        holds(user, "governance.manage_surveys", digi),
    ]
    assert held == [manage, prepare, decide, give_view, on_behalf, exempt, surveys]


def test_a_director_decides_for_the_own_municipality_only(director: Any, six: list[Organisation]) -> None:
    assert [
        place.name for place in allowed(Organisation.objects.all(), director, "governance.decide_for_municipality")
    ] == ["Sortland"]


def test_a_list_and_a_page_answer_the_same(
    directors: dict[str, Any], secretary: Any, outsider: Any, digi: Collaboration
) -> None:
    """Also when somebody slips in a right on a whole model: it opens neither."""
    for user in (directors["Bø"], secretary, outsider):
        user.user_permissions.add(Permission.objects.get(codename="manage_collaboration"))
        fresh = User.objects.get(pk=user.pk)
        for right in ("governance.view_collaboration", "governance.manage_collaboration"):
            listed = set(allowed(Collaboration.objects.all(), fresh, right))
            assert listed == {place for place in Collaboration.objects.all() if holds(fresh, right, place)}
        assert digi not in allowed(Collaboration.objects.all(), outsider, "governance.manage_collaboration")


def test_the_secretariat_decides_for_no_municipality(secretary: Any, six: list[Organisation]) -> None:
    assert not allowed(Organisation.objects.all(), secretary, "governance.decide_for_municipality").exists()


def test_every_role_is_granted_something_and_only_rights_that_exist() -> None:
    assert set(GRANTS) == set(Role)
    for rights in GRANTS.values():
        for container, codenames in rights.items():
            assert codenames <= {codename for codename, _name in container._meta.permissions}


def test_syncing_again_changes_nothing(director: Any) -> None:
    before = set(director.groups.values_list("name", flat=True))
    sync(director)
    assert set(director.groups.values_list("name", flat=True)) == before
    assert RoleGroup.objects.count() == Group.objects.count()


def test_a_right_that_was_slipped_into_a_group_is_taken_out(director: Any, sortland: Organisation) -> None:
    group = Group.objects.get(name=f"director:organisation:{sortland.pk}")
    assign_perm("edit_inventory", group, sortland)
    assert holds(director, "governance.edit_inventory", sortland)
    sync(director)
    assert not holds(director, "governance.edit_inventory", sortland)


def test_the_night_brings_everybody_up_to_date(director: Any, digi: Collaboration) -> None:
    director.person.appointments.update(until="2021-12-31")
    assert holds(director, "governance.view_collaboration", digi)
    housekeeping()
    assert not holds(director, "governance.view_collaboration", digi)
    assert sync_everybody() == User.objects.filter(person__isnull=False).count()


# --- Start-up checks ----------------------------------------------------------------------------


def test_the_checks_are_content(director: Any, secretary: Any) -> None:
    assert checks.rights_stand_on_containers(None, databases=["default"]) == []
    assert checks.nobody_is_anonymous(None) == []


def test_every_address_says_its_right() -> None:
    assert checks.every_address_says_its_right(None) == []


def test_a_right_on_a_whole_model_is_found(director: Any) -> None:
    group = Group.objects.create(name="slipped in")
    group.permissions.add(Permission.objects.get(codename="decide_for_municipality"))
    assert [error.id for error in checks.rights_stand_on_containers(None, databases=["default"])] == ["governance.E004"]


def test_a_right_on_another_model_is_found(director: Any, secretary: Any) -> None:
    permission = Permission.objects.get(content_type__app_label="accounts", codename="change_user")
    assign_perm(permission, director, secretary)
    assert [error.id for error in checks.rights_stand_on_containers(None, databases=["default"])] == ["governance.E003"]


def test_an_anonymous_user_is_found(settings: Any) -> None:
    settings.ANONYMOUS_USER_NAME = "AnonymousUser"
    assert [error.id for error in checks.nobody_is_anonymous(None)] == ["governance.E001"]


def test_a_view_that_does_not_say_its_right_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(adoptions.adoption, "need")
    assert [error.id for error in checks.every_address_says_its_right(None)] == ["governance.E002"]


def test_the_table_of_access_is_current() -> None:
    told = Path(settings.BASE_DIR, "docs", "access.md").read_text(encoding="utf-8")
    assert told == table(), "Run: manage.py access_table -o docs/access.md"


def test_the_tables_of_rights_are_the_three_containers() -> None:
    assert set(ROWS) == {Collaboration, Body, Organisation}


def test_a_new_version_with_other_rights_holds_at_once(digi: Collaboration, secretary: User, monkeypatch: Any) -> None:
    """Also for who has been here today already."""
    permissions.sync_today(secretary)
    more = {**permissions.GRANTS[Role.SECRETARIAT], Collaboration: frozenset({"view_collaboration"})}
    monkeypatch.setitem(permissions.GRANTS, Role.SECRETARIAT, more)
    permissions.granted.cache_clear()
    permissions.sync_today(secretary)
    permissions.granted.cache_clear()

    assert not holds(User.objects.get(pk=secretary.pk), "governance.manage_portfolio", digi)
