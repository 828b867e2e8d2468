"""An IT leader keeps the municipality's list of systems, and submits it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import files
from surveys import neighbours, progress
from surveys.actions import catalogue, inventory
from surveys.models import Product, SystemUse
from tests.surveys.inventory_people import opened


def add(where, area, product, by=None, **more):
    more = more or {"end_unknown": True}
    return inventory.add_system(inventory=where, area=area, product=product, by=by, **more)


def test_four_answers_are_enough(ours, areas, it_leader):
    use = inventory.add_system(
        inventory=ours,
        area=areas["Sak/arkiv"],
        product="acos websak",
        supplier="ACOS",
        contract_end=date(2027, 6, 30),
        by=it_leader,
    )

    assert (use.product.name, use.supplier.name) == ("ACOS WebSak", "Acos AS")
    assert Product.objects.count() == 2


def test_nobody_else_writes_in_the_list_by_whatever_way_the_verb_is_called(
    ours, areas, it_leader, hadsels_it_leader, secretary, survey_admin
):
    use = add(ours, areas["Sak/arkiv"], "Elements", it_leader)

    for other in (hadsels_it_leader, secretary, survey_admin):
        for verb in (
            lambda by: add(ours, areas["Lønn/HR"], "Visma HRM", by),
            lambda by: inventory.remove_system(use=use, version=use.version, by=by),
            lambda by: inventory.answer_area(inventory=ours, area=areas["Lønn/HR"], answer="none", by=by),
            lambda by: inventory.submit(inventory=ours, version=None, by=by),
            lambda by: inventory.confirm_upload(inventory=ours, by=by),
            lambda by: inventory.discard_upload(inventory=ours, by=by),
        ):
            with pytest.raises(PermissionDenied):
                verb(other)
    assert list(ours.uses.all()) == [use]


def test_a_review_is_registered_by_who_prepares_the_meetings_of_the_members(ours, areas, it_leader, secretary):
    add(ours, areas["Sak/arkiv"], "Elements", it_leader)
    inventory.submit(inventory=ours, version=None, by=it_leader)
    review = {
        "inventories": [ours],
        "kind": "reviewed",
        "on": date(2026, 5, 4),
        "meeting_name": "Møte",
        "present": "Alle",
    }

    with pytest.raises(PermissionDenied):
        inventory.register_review(by=it_leader, **review)
    assert len(inventory.register_review(by=secretary, **review)) == 1


def test_a_confirmed_other_name_is_the_same_system(ours, areas, it_leader):
    elements = Product.objects.get(name="Elements")
    catalogue.confirm_alias(product=elements, name="ePhorte", by=it_leader)

    assert add(ours, areas["Sak/arkiv"], "Ephorte", it_leader).product == elements


def test_the_same_system_stands_once_in_an_area(ours, areas, it_leader):
    add(ours, areas["Sak/arkiv"], "Elements", it_leader)

    with pytest.raises(NotAllowedNow):
        add(ours, areas["Sak/arkiv"], "elements", it_leader)


def test_the_database_refuses_a_contract_that_both_ends_and_is_not_known(ours, areas, it_leader):
    use = add(ours, areas["Sak/arkiv"], "Elements", it_leader)

    with pytest.raises(IntegrityError), transaction.atomic():
        SystemUse.objects.filter(pk=use.pk).update(contract_end=date(2027, 1, 1))


def test_two_who_correct_the_same_system_do_not_overwrite_each_other(ours, areas, it_leader):
    use = add(ours, areas["Sak/arkiv"], "Elements", it_leader)
    said = {"area": areas["Sak/arkiv"], "product": "Elements", "end_unknown": True, "by": it_leader}
    inventory.change_system(use=use, version=1, **said)

    with pytest.raises(Stale):
        inventory.change_system(use=use, version=1, **said)


def test_what_was_removed_can_be_taken_back_as_it_was(ours, areas, it_leader):
    use = add(ours, areas["Sak/arkiv"], "Elements", it_leader, contract_end=date(2027, 3, 1))
    inventory.remove_system(use=use, by=it_leader)
    assert not SystemUse.objects.exists()

    inventory.restore_system(inventory=ours, pk=use.pk, by=it_leader)

    assert SystemUse.objects.get().contract_end == date(2027, 3, 1)


def test_same_as_hadsel_takes_the_system_but_not_their_contract(ours, hadsels, areas, it_leader):
    theirs = add(hadsels, areas["Sak/arkiv"], "Elements", contract_end=date(2027, 3, 1), annual_cost=100)

    use = inventory.copy_system(inventory=ours, like=theirs, by=it_leader)

    assert (use.product, use.contract_end, use.end_unknown, use.annual_cost) == (theirs.product, None, True, None)


def test_no_system_is_an_answer_and_a_system_takes_its_place(ours, areas, it_leader):
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)
    assert [group.answered for group in progress.progress(ours)] == [1, 0, 0]

    add(ours, areas["Sak/arkiv"], "Elements", it_leader)

    assert SystemUse.objects.get().answer == "system"
    with pytest.raises(NotAllowedNow):
        inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)


def test_what_was_submitted_is_frozen_and_can_be_uploaded_again(ours, areas, it_leader):
    add(ours, areas["Sak/arkiv"], "Elements", it_leader, contract_end=date(2027, 3, 1))
    ours.refresh_from_db()

    snapshot = inventory.submit(inventory=ours, version=ours.version, by=it_leader)

    rows = opened(files.content(snapshot.document))
    assert rows[1][2:4] == ["Sak/arkiv", "Elements"]
    with pytest.raises(NotAllowedNow):
        add(ours, areas["Lønn/HR"], "Visma", it_leader)


def test_an_empty_inventory_is_not_submitted(ours, it_leader):
    with pytest.raises(NotAllowedNow):
        inventory.submit(inventory=ours, version=ours.version, by=it_leader)


def test_reopened_and_submitted_again_gives_a_second_version(ours, areas, it_leader):
    add(ours, areas["Sak/arkiv"], "Elements", it_leader)
    for _turn in range(2):
        ours.refresh_from_db()
        inventory.submit(inventory=ours, version=ours.version, by=it_leader)
        ours.refresh_from_db()
        inventory.reopen(inventory=ours, version=ours.version, by=it_leader)
        ours.refresh_from_db()
        use = SystemUse.objects.get()
        inventory.change_system(
            use=use,
            version=use.version,
            area=use.area,
            product="Elements",
            end_unknown=True,
            remark=str(_turn),
            by=it_leader,
        )

    assert [one.document.version for one in ours.snapshots.all()] == [2, 1]


def test_the_working_group_comes_before_the_it_leaders(ours, areas, it_leader, secretary):
    add(ours, areas["Sak/arkiv"], "Elements", it_leader)
    ours.refresh_from_db()
    inventory.submit(inventory=ours, version=ours.version, by=it_leader)
    said = {"on": date(2026, 1, 5), "meeting_name": "IT-ledermøte", "present": "Alle seks", "by": secretary}

    with pytest.raises(NotAllowedNow):
        inventory.register_review(inventories=[ours], kind="assured", **said)
    inventory.register_review(inventories=[ours], kind="reviewed", **said)
    inventory.register_review(inventories=[ours], kind="assured", **said)

    ours.refresh_from_db()
    assert (ours.state, ours.reviews.count()) == ("assured", 2)


def test_others_with_the_same_system_are_named(ours, hadsels, areas, it_leader, hadsels_it_leader):
    add(ours, areas["Sak/arkiv"], "Elements")
    add(hadsels, areas["Sak/arkiv"], "elements")

    [same] = neighbours.same_systems(ours, it_leader)

    assert [place.name for place in same.others] == ["Hadsel"]
    assert neighbours.contacts(same.others)[hadsels.municipality_id].name == "IT-leder Hadsel"
