"""How alike the municipalities are: by hand, by property, and as the pages tell it (surveys.md 8.2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import convergence
from surveys.actions import catalogue, inventory
from surveys.models import Family, Product

# --- by hand --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "index", "effective", "largest"),
    [
        ([6], "1.0000", "1.00", "1.0000"),  # all the same
        ([1, 1, 1, 1, 1, 1], "0.0000", "6.00", "0.1667"),  # all different
        ([4, 1, 1], "0.4000", "2.00", "0.6667"),  # H = 18/36, C = (1/2 − 1/6) / (5/6)
        ([1.5, 1, 1, 1, 1, 0.5], "0.0167", "5.54", "0.2500"),  # archive as it was written: H = 6.5/36
        ([2, 2, 1.5, 0.5], "0.1500", "3.43", "0.3333"),  # archive by its real names: H = 10.5/36
        ([1, 1, 1, 1, 1, 0.5, 0.5], "0.0000", "6.55", "0.1667"),  # more systems than municipalities is not below 0
        ([2], "1.0000", "1.00", "1.0000"),
        ([1, 1], "0.0000", "2.00", "0.5000"),
    ],
)
def test_an_area_worked_out_by_hand(shares, index, effective, largest):
    found = convergence.index(shares)

    assert (str(found.index), str(found.effective), str(found.largest)) == (index, effective, largest)


@pytest.mark.parametrize("shares", [[], [1], [0.5, 0.5]])
def test_one_municipality_alone_is_not_alike(shares):
    assert convergence.index(shares) is None


# --- by property ----------------------------------------------------------------------------------

CHOICES = st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1, max_size=4), min_size=2, max_size=12)


def shares_of(choices):
    found = {}
    for systems in choices:
        for system in sorted(systems):
            found[system] = found.get(system, 0) + 1 / len(systems)
    return found


@given(CHOICES)
def test_the_index_is_from_nought_to_one_and_whole_only_when_all_are_the_same(choices):
    found = convergence.index(shares_of(choices).values())

    assert 0 <= found.index <= 1
    assert found.effective >= 1
    assert (found.index == 1) == (len(shares_of(choices)) == 1)


@given(CHOICES, st.randoms())
def test_the_order_of_the_municipalities_means_nothing(choices, chance):
    shuffled = list(choices)
    chance.shuffle(shuffled)

    assert convergence.index(shares_of(choices).values()) == convergence.index(shares_of(shuffled).values())


@given(CHOICES, st.data())
def test_one_that_changes_to_what_most_have_never_makes_them_less_alike(choices, data):
    before = shares_of(choices)
    largest = max(before, key=before.get)
    who = data.draw(st.integers(0, len(choices) - 1))
    after = shares_of([*choices[:who], {largest}, *choices[who + 1 :]])

    assert convergence.index(after.values()).index >= convergence.index(before.values()).index


# --- in the database ------------------------------------------------------------------------------


@pytest.fixture
def lists(digi):
    return {place.name: inventory.inventory_of(place) for place in digi.members()}


def use(lists, area, **systems):
    for name, product in systems.items():
        for one in product if isinstance(product, list) else [product]:
            inventory.add_system(inventory=lists[name], area=area, product=one, end_unknown=True, by=None)


def places(lists):
    return [one.municipality_id for one in lists.values()]


def test_an_answer_without_a_system_counts_as_an_answer_and_is_not_compared(lists, areas):
    area = areas["Sak/arkiv"]
    use(lists, area, Sortland="Elements", Hadsel="ACOS WebSak")
    for name, answer in (("Bø", "none"), ("Øksnes", "irrelevant")):
        inventory.answer_area(inventory=lists[name], area=area, answer=answer, by=None)

    [found] = convergence.per_area(places(lists))["product"]

    assert (found.answered, found.having, found.index) == (4, 2, 0)
    assert convergence.whole([found], members=6, asked_areas=6).coverage == Decimal("0.1111")


def test_a_municipality_with_two_systems_gives_a_half_to_each(lists, areas):
    use(
        lists, areas["Sak/arkiv"], Sortland="Elements", Hadsel="Elements", Bø=["Elements", "Public 360"],
        Øksnes="Public 360", Andøy="ACOS WebSak", Lødingen="ACOS WebSak",
    )  # fmt: skip

    [found] = convergence.per_area(places(lists))["product"]

    assert str(found.index) == "0.2167"  # 2.5, 1.5 and 2 of 6: H = 12.5/36, C = (12.5/36 − 1/6) / (5/6)


def test_the_three_levels_tell_of_merged_modules_families_and_suppliers(lists, areas):
    area = areas["Sak/arkiv"]
    use(lists, area, Sortland="Flyt Sak", Hadsel="Flyt Arkiv", Bø="WebSak Fokus", Øksnes="ACOS WebSak")
    vendor = catalogue.define_supplier(name="Visma", by=None)
    family = Family.objects.create(name="Flyt", key="flyt", supplier=vendor)
    Product.objects.filter(name__startswith="Flyt").update(family=family, supplier=vendor)
    Product.objects.filter(name="WebSak Fokus").update(merged_into=Product.objects.get(name="ACOS WebSak"))

    found = convergence.per_area(places(lists), ["product", "family", "supplier"])

    assert str(found["product"][0].index) == "0.1667"  # 1, 1 and 2 of 4: H = 6/16
    assert str(found["family"][0].index) == "0.3333"  # 2 and 2 of 4: H = 1/2
    assert str(found["supplier"][0].index) == "0.3333"


def test_what_awaits_confirmation_and_what_others_have_is_not_counted(lists, areas, sortland):
    use(lists, areas["Sak/arkiv"], Sortland="Elements", Hadsel="Elements")

    assert convergence.per_area([sortland.pk])["product"][0].index is None
    assert convergence.per_area(places(lists))["product"][0].index == 1


def test_all_areas_each_the_same_or_by_the_costs_that_are_shared(lists, areas):
    use(lists, areas["Sak/arkiv"], Sortland="Elements", Hadsel="Elements")
    use(lists, areas["Lønn/HR"], Sortland="Visma HRM", Hadsel="HR Pro")
    uses = lists["Sortland"].uses
    uses.filter(area=areas["Sak/arkiv"]).update(annual_cost=300_000, shares_cost=True)
    uses.filter(area=areas["Lønn/HR"]).update(annual_cost=100_000, shares_cost=True)
    lists["Hadsel"].uses.update(annual_cost=5_000_000, shares_cost=False)

    found = convergence.per_area(places(lists))["product"]

    assert convergence.whole(found, members=6, asked_areas=6).index == Decimal("0.5")
    assert convergence.whole(found, members=6, asked_areas=6, by_cost=True).index == Decimal("0.75")


def test_one_read_whatever_there_is(lists, areas, django_assert_num_queries):
    use(lists, areas["Sak/arkiv"], Sortland="Elements", Hadsel="Elements")

    with django_assert_num_queries(1):
        convergence.per_area(places(lists), ["product", "family", "supplier"])
