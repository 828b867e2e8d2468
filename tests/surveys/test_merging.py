"""Two systems that were one become one, and two again: every row as it was."""

from random import Random

import pytest
from django.core.exceptions import PermissionDenied

from digivesteralen.accounts.access import NotAllowedNow
from surveys import naming
from surveys.actions import catalogue, merging
from surveys.actions.inventory import inventory_of, remove_system, restore_system
from surveys.models import (
    Alias,
    CommonResponsible,
    Integration,
    NameRejection,
    NationalSolution,
    Product,
    ProductMerge,
    Supplier,
    SystemUse,
)


@pytest.fixture
def kept(areas):
    return catalogue.define_product(name="Public 360°", supplier="Tietoevry")


@pytest.fixture
def gone(areas):
    return catalogue.define_product(name="P360", supplier="Tietoevry")


@pytest.fixture
def merged(digi, survey_admin, gone, kept):
    """Says that the two are one."""
    return lambda: merging.merge(gone=gone, kept=kept, collaboration=digi, by=survey_admin)


@pytest.fixture
def use(ours, hadsels, areas):
    def register(product, place="Sortland", area="Sak/arkiv", **more):
        inventory = ours if place == "Sortland" else hadsels
        return SystemUse.objects.create(
            inventory=inventory, area=areas[area], product=product, end_unknown=True, **more
        )

    return register


def everything():
    """Every row that a merging may touch, without the numbers that count its versions."""
    models = [SystemUse, Product, Alias, NameRejection, Integration, Supplier]
    return {
        model: sorted(
            ({name: value for name, value in row.items() if name != "version"} for row in model.objects.values()),
            key=str,
        )
        for model in models
    }


def test_uses_names_and_modules_go_to_the_one_that_is_kept(merged, gone, kept, use, survey_admin):
    here = use(gone)
    module = Product.objects.create(name="P360 Møte", key="p360 møte", module_of=gone)
    catalogue.confirm_alias(product=gone, name="Doculive", by=survey_admin)

    merged()

    here.refresh_from_db()
    module.refresh_from_db()
    assert (here.product, here.version) == (kept, 2)
    assert module.module_of == kept
    assert naming.known(["P360", "doculive"]) == {"p360": kept, "doculive": kept}
    assert set(kept.aliases.values_list("name", flat=True)) == {"P360", "Doculive"}


def test_where_a_municipality_has_both_in_one_area_one_row_is_left(merged, gone, kept, use, digi, survey_admin):
    mine, double = use(kept), use(gone, remark="dobbelt")
    solution = NationalSolution.objects.create(name="eInnsyn", slug="einnsyn")
    Integration.objects.create(use=double, solution=solution, state="on")
    copied = use(gone, "Hadsel", same_as=double)
    before = everything()

    merging_ = merged()

    assert list(SystemUse.objects.filter(area__name="Sak/arkiv", inventory=mine.inventory)) == [mine]
    copied.refresh_from_db()
    assert (copied.product, copied.same_as) == (kept, mine)
    merging.undo_merge(merging=merging_, collaboration=digi, by=survey_admin)
    assert everything() == before
    assert Integration.objects.get().use.remark == "dobbelt"


def test_a_row_removed_before_the_merging_comes_back_with_the_system_that_is_kept(merged, gone, kept, use, it_leader):
    row = use(gone)
    remove_system(use=row, by=it_leader)
    merged()

    back = restore_system(inventory=row.inventory, pk=row.pk, by=it_leader)

    assert SystemUse.objects.get(pk=back.pk).product == kept


@pytest.mark.parametrize("seed", range(6))
def test_undo_gives_back_every_row_as_it_was(seed, merged, gone, kept, areas, digi, survey_admin):
    """Uses, copies of them, names, noes and modules in any mixture."""
    chance = Random(seed)
    products = [gone, kept, catalogue.define_product(name="Elements")]
    places = [inventory_of(place) for place in digi.members()]
    made = []
    for inventory in places:
        for area in areas.values():
            for product in chance.sample(products, chance.randint(0, 3)):
                source = chance.choice(made) if made and chance.random() < 0.4 else None
                made.append(
                    SystemUse.objects.create(
                        inventory=inventory, area=area, product=product, end_unknown=True, same_as=source,
                        remark=str(chance.random()),
                    )
                )  # fmt: skip
    for number in range(chance.randint(0, 4)):
        Product.objects.create(name=f"M{number}", key=f"m{number}", module_of=chance.choice(products))
        NameRejection.objects.create(product=chance.choice(products), key=f"n{number % 2}{number}")
        catalogue.confirm_alias(product=chance.choice(products), name=f"A{number}", by=survey_admin)
    for product in (gone, kept):
        NameRejection.objects.create(product=product, key="both")
    NameRejection.objects.create(product=gone, key=kept.key)
    before = everything()

    merging_ = merged()
    assert not SystemUse.objects.filter(product=gone).exists()
    merging.undo_merge(merging=merging_, collaboration=digi, by=survey_admin)

    assert everything() == before


def test_undo_is_refused_when_a_row_was_changed_since(merged, gone, kept, use, digi, survey_admin):
    here = use(gone)
    merging_ = merged()
    SystemUse.objects.filter(pk=here.pk).update(version=7)

    with pytest.raises(NotAllowedNow):
        merging.undo_merge(merging=merging_, collaboration=digi, by=survey_admin)
    assert SystemUse.objects.get().product == kept


def test_a_merging_is_undone_once_and_the_newest_first(merged, gone, kept, digi, survey_admin):
    first = merged()
    other = catalogue.define_product(name="Elements")
    second = merging.merge(gone=kept, kept=other, collaboration=digi, by=survey_admin)
    gone.refresh_from_db()
    assert gone.merged_into == other, "a redirect leads to the one that counts"

    with pytest.raises(NotAllowedNow):
        merging.undo_merge(merging=first, collaboration=digi, by=survey_admin)
    merging.undo_merge(merging=second, collaboration=digi, by=survey_admin)
    merging.undo_merge(merging=first, collaboration=digi, by=survey_admin)
    with pytest.raises(NotAllowedNow):
        merging.undo_merge(merging=first, collaboration=digi, by=survey_admin)
    assert not Product.objects.exclude(merged_into=None).exists()


def test_a_system_is_not_merged_with_itself_nor_twice_nor_with_its_own_module(gone, kept, digi, survey_admin):
    with pytest.raises(NotAllowedNow):
        merging.merge(gone=kept, kept=kept, collaboration=digi, by=survey_admin)
    Product.objects.filter(pk=kept.pk).update(module_of=gone)
    with pytest.raises(NotAllowedNow):
        merging.merge(gone=gone, kept=kept, collaboration=digi, by=survey_admin)
    Product.objects.filter(pk=kept.pk).update(module_of=None)
    merging.merge(gone=gone, kept=kept, collaboration=digi, by=survey_admin)
    with pytest.raises(NotAllowedNow):
        merging.merge(gone=gone, kept=kept, collaboration=digi, by=survey_admin)
    assert ProductMerge.objects.count() == 1


def test_only_who_manages_surveys_merges(gone, kept, digi, it_leader):
    with pytest.raises(PermissionDenied):
        merging.merge(gone=gone, kept=kept, collaboration=digi, by=it_leader)


def test_that_two_are_different_is_remembered_both_ways(gone, kept, digi, survey_admin):
    merging.say_different(one=gone, other=kept, collaboration=digi, by=survey_admin)

    assert NameRejection.objects.get().by == survey_admin


def test_nothing_that_points_to_a_system_is_forgotten():
    """A new table with systems in it has to say what happens when two of them are one."""
    pointing = {
        (relation.related_model, relation.field.name)
        for relation in Product._meta.related_objects
        if hasattr(relation.related_model, "pgh_event_model")
    }

    assert pointing == {*merging.POINTERS, (SystemUse, "product"), (ProductMerge, "kept")}
    assert (CommonResponsible, "product") in pointing
