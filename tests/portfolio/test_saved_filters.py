"""A way of looking at the portfolio that one wants back: under a name, alone or for all, and by its address."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.models import Collaboration
from portfolio.actions.saved_filters import MOST, delete_filter, save_filter
from portfolio.models import Project, SavedFilter

QUERY = "state=planning&municipality=1870&participation=undecided"


@pytest.fixture
def saved(digi: Collaboration, director: User) -> SavedFilter:
    return save_filter(collaboration=digi, name="Venter på oss", query=QUERY, by=director)


def address(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def test_the_address_alone_brings_the_same_view_back(
    client: Client, director: User, secretary: User, project: Project, invited: Any
) -> None:
    client.force_login(director)
    asked = f"{QUERY}&sort=cost"
    page = client.get(f"{address('portfolio')}?{asked}&page=1&format=")
    assert page.context_data["filter"].query == asked
    client.force_login(secretary)
    again = client.get(f"{address('portfolio')}?{asked}")
    assert [row.project for row in again.context_data["found"]] == [row.project for row in page.context_data["found"]]


def test_what_is_saved_is_what_one_looks_at_and_nothing_more(client: Client, director: User, project: Project) -> None:
    client.force_login(director)
    where = f"{address('save_filter')}?{QUERY}&page=3&utm=x&q="
    assert client.get(where).status_code == 200
    answer = client.post(where, {"name": "  Venter   på oss "})
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.shared, saved.owner) == ("Venter på oss", QUERY, False, director)
    assert answer["Location"] == f"{address('portfolio')}?{QUERY}"


def test_nothing_to_save_is_told(client: Client, director: User, digi: Collaboration) -> None:
    client.force_login(director)
    assert client.post(address("save_filter"), {"name": "Tomt"}).status_code == 409
    assert client.post(f"{address('save_filter')}?state=sirkus", {"name": "Tull"}).status_code == 409


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "Venter på oss"])
def test_a_name_that_will_not_do_is_told_at_its_field(
    client: Client, director: User, saved: SavedFilter, name: str
) -> None:
    client.force_login(director)
    page = client.post(f"{address('save_filter')}?{QUERY}", {"name": name})
    assert page.status_code == 200
    assert list(page.context_data["form"].errors) == ["name"]


def test_two_windows_do_not_save_the_same_name_twice(digi: Collaboration, director: User, saved: SavedFilter) -> None:
    with pytest.raises(NotAllowedNow):
        save_filter(collaboration=digi, name=saved.name, query=QUERY, by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedFilter.objects.create(collaboration=digi, owner=director, name=saved.name, query=QUERY)


def test_a_search_too_long_to_keep_is_told(digi: Collaboration, director: User) -> None:
    with pytest.raises(NotAllowedNow):
        save_filter(collaboration=digi, name="Lang", query=f"q={'x' * 500}", by=director)


def test_twenty_is_enough(digi: Collaboration, director: User, secretary: User) -> None:
    for number in range(MOST):
        save_filter(collaboration=digi, name=f"Nr {number}", query=QUERY, by=director)
    with pytest.raises(NotAllowedNow):
        save_filter(collaboration=digi, name="En til", query=QUERY, by=director)
    save_filter(collaboration=digi, name="En annens", query=QUERY, by=secretary)


def test_one_sees_ones_own_and_what_others_share(
    client: Client, digi: Collaboration, director: User, secretary: User, saved: SavedFilter
) -> None:
    save_filter(collaboration=digi, name="Til møtet", query="state=execution", shared=True, by=secretary)
    save_filter(collaboration=digi, name="Bare min", query="state=idea", by=secretary)
    client.force_login(director)
    page = client.get(address("portfolio"))
    assert [one.name for one in page.context_data["saved"]] == ["Venter på oss", "Til møtet"]


def test_nobody_outside_sees_or_deletes_it(client: Client, outsider: User, saved: SavedFilter) -> None:
    client.force_login(outsider)
    assert client.post(address("delete_filter", saved.pk)).status_code == 404
    with pytest.raises(PermissionDenied):
        save_filter(collaboration=saved.collaboration, name="x", query=QUERY, by=outsider)


def test_only_the_one_who_saved_it_deletes_it(
    client: Client, digi: Collaboration, director: User, secretary: User, saved: SavedFilter
) -> None:
    shared = save_filter(collaboration=digi, name="Til møtet", query=QUERY, shared=True, by=secretary)
    client.force_login(director)
    assert client.post(address("delete_filter", shared.pk)).status_code == 403
    assert client.get(address("delete_filter", saved.pk)).status_code == 405
    assert client.post(address("delete_filter", saved.pk)).status_code == 302
    assert list(SavedFilter.objects.all()) == [shared]
    with pytest.raises(PermissionDenied):
        delete_filter(saved=shared, by=director)
