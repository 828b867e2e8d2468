"""An IT collaboration registers once, and it stands in the list of every municipality it covers (A18, S7)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from governance.models import Membership, Organisation, Role
from surveys import comparison, rounds
from surveys.actions import covering, inventory, looking_over, merging
from surveys.actions import rounds as opening
from surveys.models import Coverage, Integration, Inventory, NationalSolution, SystemUse
from surveys.tasks import coverage_of_the_day
from tests.people import appoint, person

OWN = "/kommune/1870/systemer/"
ALL = "/vesteralen/kartlegging/it-samarbeid/"
LAST_YEAR = timezone.localdate() - timedelta(days=365)


@pytest.fixture
def it(digi, sortland, hadsel, secretary):
    return covering.register_it_collaboration(
        collaboration=digi, name="Vesterålen IT", municipalities=[sortland, hadsel], since=LAST_YEAR, by=secretary
    )


@pytest.fixture
def theirs(it):
    return Inventory.objects.get(municipality=it)


@pytest.fixture
def leader(it):
    who = person("IT-leder Vesterålen IT")
    appoint(who, Role.IT_LEADER, it)
    return who.user


def add(theirs, area, product="Elements", **more):
    return inventory.add_system(inventory=theirs, area=area, product=product, end_unknown=True, by=None, **more)


def test_what_it_registers_stands_in_each_municipality_and_follows(theirs, ours, hadsels, areas):
    solution = NationalSolution.objects.create(slug="x", name="Digipost", owner="Posten", category="Post")
    use = add(theirs, areas["Sak/arkiv"], hosting="shared", annual_cost=900_000, integrations={solution.pk: "ready"})

    for own in (ours, hadsels):
        copy = own.uses.get()
        assert (copy.through, copy.hosting, copy.annual_cost) == (use, "shared", None)
        assert Integration.objects.get(use=copy).state == "ready"
    inventory.change_system(
        use=use, version=None, area=areas["Lønn/HR"], product="Visma HRM", contract_end=date(2028, 1, 1),
        integrations={}, by=None,
    )  # fmt: skip
    copy = ours.uses.get()
    assert (copy.area.name, copy.product.name, copy.contract_end) == ("Lønn/HR", "Visma HRM", date(2028, 1, 1))
    assert not Integration.objects.exists()
    inventory.remove_system(use=use, by=None)
    assert not SystemUse.objects.exists()
    inventory.restore_system(inventory=theirs, pk=use.pk, by=None)
    assert ours.uses.get().through_id == use.pk


def test_a_copy_is_not_changed_or_taken_away_in_the_municipality(client, theirs, ours, areas, it_leader):
    add(theirs, areas["Sak/arkiv"])
    copy = ours.uses.get()
    client.force_login(it_leader)

    page = client.get(f"{OWN}{copy.pk}/")

    assert page.context_data["edits"] is False
    assert "Vesterålen IT" in page.content.decode()
    assert "Vesterålen IT" in client.get(OWN).content.decode()
    data = {"area": copy.area_id, "product": "ACOS WebSak", "end_unknown": "on", "version": copy.version}
    assert client.post(f"{OWN}{copy.pk}/", data).status_code == 409
    assert client.post(f"{OWN}{copy.pk}/fjern/").status_code == 409
    with pytest.raises(NotAllowedNow, match="Vesterålen IT"):
        inventory.add_system(inventory=ours, area=copy.area, product="Elements", end_unknown=True, by=it_leader)
    assert ours.uses.get().product.name == "Elements"


def test_an_own_row_stands_and_is_not_doubled_and_the_copy_comes_when_it_goes(theirs, ours, areas, it_leader):
    own = inventory.add_system(inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=None)
    add(theirs, areas["Sak/arkiv"])
    assert ours.uses.get() == own

    inventory.remove_system(use=own, by=it_leader)

    assert ours.uses.get().is_covered
    with pytest.raises(NotAllowedNow):
        inventory.restore_system(inventory=ours, pk=own.pk, by=it_leader)


def test_no_system_gives_way_to_what_the_it_collaboration_has(theirs, ours, areas, it_leader):
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)

    add(theirs, areas["Sak/arkiv"])

    assert [use.answer for use in ours.uses.all()] == ["system"]


def test_no_system_stands_again_when_the_coverage_has_ended(digi, theirs, ours, areas, it_leader):
    inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)
    add(theirs, areas["Sak/arkiv"])
    add(theirs, areas["Lønn/HR"])

    covering.bring_up_to_date(digi.members(), LAST_YEAR - timedelta(days=1))

    assert [(use.area.name, use.answer) for use in ours.uses.all()] == [("Sak/arkiv", "none")]


def test_no_system_that_the_municipality_took_away_itself_does_not_come_back(digi, theirs, ours, areas, it_leader):
    use = inventory.answer_area(inventory=ours, area=areas["Sak/arkiv"], answer="none", by=it_leader)
    inventory.remove_system(use=use, by=it_leader)
    add(theirs, areas["Sak/arkiv"])

    covering.bring_up_to_date(digi.members(), LAST_YEAR - timedelta(days=1))

    assert not ours.uses.exists()


def test_the_copies_end_with_the_coverage_and_come_with_its_first_day(digi, it, theirs, ours, bo, areas, secretary):
    add(theirs, areas["Sak/arkiv"])
    today = timezone.localdate()
    coverage = Coverage.objects.get(municipality=ours.municipality)
    covering.end_coverage(collaboration=digi, coverage=coverage, until=today, by=secretary)
    covering.cover(
        collaboration=digi, it_collaboration=it, municipality=bo, since=today + timedelta(days=1), by=secretary
    )
    assert ours.uses.exists()
    assert not SystemUse.objects.filter(inventory__municipality=bo).exists()

    covering.bring_up_to_date(digi.members(), today + timedelta(days=1))

    assert not ours.uses.exists()
    assert SystemUse.objects.get(inventory__municipality=bo).is_covered


def test_the_night_and_the_first_look_bring_the_copies_up_to_date(client, theirs, ours, areas, it_leader):
    add(theirs, areas["Sak/arkiv"])
    Coverage.objects.filter(municipality=ours.municipality).update(until=timezone.localdate() - timedelta(days=1))

    client.force_login(it_leader)
    client.get("/vesteralen/kartlegging/systemer/liste/")
    assert not ours.uses.exists()

    Coverage.objects.filter(municipality=ours.municipality).update(until=None)
    coverage_of_the_day()
    assert ours.uses.get().is_covered


def test_the_same_night_twice_changes_nothing(theirs, ours, areas):
    add(theirs, areas["Sak/arkiv"])
    ours.refresh_from_db()
    before = (ours.revision, ours.uses.get().version)

    coverage_of_the_day()

    ours.refresh_from_db()
    assert (ours.revision, ours.uses.get().version) == before


def test_it_is_counted_through_its_copies_alone(digi, it, theirs, ours, areas):
    add(theirs, areas["Sak/arkiv"])

    assert SystemUse.objects.of(digi).count() == 2
    assert it not in digi.members()
    line = next(line for line in comparison.lines(list(digi.members())) if line.area == areas["Sak/arkiv"])
    assert (line.answered, line.having) == (2, 2)


def test_only_its_own_it_leader_changes_its_list(
    client, it, theirs, areas, leader, it_leader, secretary, survey_admin, outsider
):
    path = f"/it-samarbeid/{it.pk}/systemer/"
    data = {"area": areas["Sak/arkiv"].pk, "product": "Elements", "end_unknown": "on"}
    for who in (it_leader, secretary, survey_admin, outsider):
        client.force_login(who)
        assert client.get(path).status_code == 404
        assert client.post(f"{path}nytt/", data).status_code == 404
    client.force_login(leader)
    assert client.get(path).status_code == 200

    assert client.post(f"{path}nytt/", data).status_code == 302

    use = theirs.uses.get()
    page = client.get(f"{path}{use.pk}/")
    assert page.status_code == 200
    assert client.post(f"{path}{use.pk}/fjern/", {"version": use.version}).status_code == 302
    assert client.post(f"{path}{use.pk}/angre/").status_code == 302
    assert SystemUse.objects.count() == 3
    assert client.get("/").status_code == 200
    assert client.get(f"{path}?format=xlsx").status_code == 200


def test_the_secretariat_registers_covers_appoints_and_ends(client, digi, secretary, sortland, bo, leader):
    client.force_login(secretary)
    data = {"name": "Sør-IT", "municipalities": [sortland.pk], "since": "01.01.2026"}

    page = client.post(f"{ALL}ny/", data, follow=True)
    made = page.context_data["chosen"]

    assert client.post(f"{ALL}{made.pk}/dekker/", {"municipality": bo.pk, "since": "01.02.2026"}).status_code == 302
    twice = client.post(f"{ALL}{made.pk}/dekker/", {"municipality": bo.pk, "since": "01.03.2026"})
    assert list(twice.context_data["form"].errors) == ["municipality"]
    digi.known_people.add(leader.person)
    assert client.post(f"{ALL}{made.pk}/leder/", {"person": leader.person.pk}).status_code == 302
    coverage = made.covers.get(municipality=bo)
    early = client.post(f"{ALL}{made.pk}/dekker/{coverage.pk}/slutt/", {"until": "01.01.2026"})
    assert "01.01.2026" in str(early.context_data["form"].errors["until"])
    assert client.post(f"{ALL}{made.pk}/dekker/{coverage.pk}/slutt/", {"until": "01.06.2026"}).status_code == 302
    assert client.post(f"{ALL}ny/", data).context_data["form"].errors["name"]
    assert client.get(ALL).status_code == 200
    assert Organisation.objects.filter(kind="it_collab").count() == 2


def test_nobody_else_registers_and_strangers_are_not_covered(client, digi, it, it_leader, survey_admin, secretary, bo):
    for who in (it_leader, survey_admin):
        with pytest.raises(PermissionDenied):
            covering.cover(collaboration=digi, it_collaboration=it, municipality=bo, since=LAST_YEAR, by=who)
        client.force_login(who)
        assert client.get(f"{ALL}ny/").status_code == 403
        assert client.get(f"{ALL}{it.pk}/").status_code == 200
    Membership.objects.filter(organisation=bo).update(until=LAST_YEAR)
    with pytest.raises(NotAllowedNow):
        covering.cover(collaboration=digi, it_collaboration=it, municipality=bo, since=LAST_YEAR, by=secretary)


def test_the_database_refuses_a_copy_twice_and_one_that_waits(theirs, ours, areas):
    use = add(theirs, areas["Sak/arkiv"])
    for said in ({"product": use.product, "answer": "system", "end_unknown": True}, {"answer": "none"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SystemUse.objects.create(inventory=ours, area=areas["Lønn/HR"], through=use, **said)


def test_a_covered_line_is_looked_over_already_in_a_round(digi, theirs, ours, areas, secretary, it_leader):
    add(theirs, areas["Sak/arkiv"])
    today = timezone.localdate()
    runde = opening.open_round(collaboration=digi, title="2026", answer_by=today, by=secretary)

    looking_over.confirm(round=runde, use=ours.uses.get(), by=it_leader)

    group = rounds.groups(runde, ours)[0]
    assert (group.done, group.total) == (1, 3)
    assert not runde.confirmations.exists()


def test_undoing_a_merging_leaves_one_copy_of_what_an_it_collaboration_has(
    digi, theirs, ours, hadsels, areas, survey_admin
):
    """The copy gave way to the municipality's own row; the own row is removed, and a new copy comes, before undo."""
    use = add(theirs, areas["Sak/arkiv"], product="P360", remark="felles")
    own = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Public 360°", end_unknown=True, by=None
    )
    gone, kept = use.product, own.product
    merging_ = merging.merge(gone=gone, kept=kept, collaboration=digi, by=survey_admin)
    inventory.remove_system(use=own, by=None)
    assert [(one.product, one.through) for one in ours.uses.all()] == [(kept, use)]

    merging.undo_merge(merging=merging_, collaboration=digi, by=survey_admin)

    for place in (ours, hadsels):
        assert [(one.product, one.through, one.remark) for one in place.uses.all()] == [(gone, use, "felles")]
