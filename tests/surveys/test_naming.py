"""Which name means which system: exact names and confirmed ones do, what looks alike is only proposed (§8.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from surveys import naming
from surveys.actions import catalogue
from surveys.actions.imports import keep
from surveys.models import Alias, ImportName, NameRejection, Product
from surveys.models.catalogue import key_of
from tests.surveys.inventory_people import sheet

SAME_KEY = [
    ("ePhorte", "Ephorte"),
    ("ACOS WebSak", " acos  Websak\u00a0"),
    ("Public 360°", "PUBLIC 360"),
    ("Visma Flyt® Skole", "Visma Flyt Skole"),
    ("Teams™", "teams"),
    ("Framsikt", "Framsikt AS"),
    ("Framsikt", "Framsikt, A/S"),
    ("Ka\u030are", "Kåre"),
    ("Web\u00adSak", "Web\u200bSak"),
    ("ＡＢＣ", "abc"),
    ("Visma – Flyt", "Visma - Flyt"),
]
# The pairs of surveys.md §8.3 with different spelling: same system, whether it is proposed, other system.
SAME = [
    ("ACOS WebSak", "Acos Websak Fokus"),
    ("KommTek", "Komtek"),
    ("Gerica", "Gerica EPJ (Tietoevry)"),
    ("Public 360", "P360"),
    ("Microsoft 365", "Office 365"),
]
PREDECESSOR = [("Visma Familia", "Visma Flyt Barnevern")]
DIFFERENT = [
    ("Visma Flyt Barnehage", "Visma Flyt Barnevern"),
    ("Visma Flyt Skole", "Visma Flyt Sampro"),
    ("Visma HRM", "Visma HSPro"),
    ("KF Infoserie", "KF Lokal"),
    ("Compilo", "Compello"),
]
SUPPLIERS = {"Visma": "Visma AS", "ACOS": "Acos AS", "Microsoft": "Microsoft"}


def in_the_catalogue(name: str) -> Product:
    return catalogue.define_product(name=name, supplier=SUPPLIERS.get(name.split()[0], ""))


@pytest.fixture
def job(digi, sortland, it_leader):
    return keep(
        kind="inventory", content=sheet(), file_name="a.xlsx", collaboration=digi, municipality=sortland, by=it_leader
    )


@pytest.mark.parametrize(("one", "other"), SAME_KEY)
def test_what_people_vary_in_a_spelling_is_one_name(one, other):
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(("one", "other"), [*SAME, *PREDECESSOR, *DIFFERENT])
def test_what_only_looks_alike_is_never_one_name(one, other):
    assert key_of(one) != key_of(other)


@given(some.text())
def test_the_key_of_a_key_is_itself(text):
    assert key_of(key_of(text)) == key_of(text)


@pytest.mark.parametrize(("one", "other"), [*SAME, *PREDECESSOR, *DIFFERENT])
def test_likeness_alone_never_makes_two_names_one(db, one, other):
    product = in_the_catalogue(one)

    assert naming.known([other]) == {}
    assert naming.known([one]) == {key_of(one): product}


@pytest.mark.parametrize(("one", "other"), [*SAME, *[pair[::-1] for pair in SAME]])
def test_the_same_system_in_another_spelling_is_proposed(db, one, other):
    product = in_the_catalogue(one)

    found = naming.candidates([key_of(other)])[key_of(other)]

    assert [candidate.product for candidate in found] == [product]
    assert found[0].why


@pytest.mark.parametrize(("one", "other"), [*SAME, *PREDECESSOR])
def test_a_confirmed_name_is_the_system_without_asking(db, it_leader, one, other):
    product = in_the_catalogue(one)
    catalogue.confirm_alias(product=product, name=other, by=it_leader)

    assert naming.known([other.upper()]) == {key_of(other): product}
    assert naming.resembling(other) == []


def test_another_name_is_proposed_by_too(db, it_leader):
    elements = in_the_catalogue("Elements")
    catalogue.confirm_alias(product=elements, name="ePhorte", by=it_leader)

    assert naming.resembling("ePhorte 5") == [elements]


def test_what_somebody_said_no_to_is_not_proposed_again(db, it_leader):
    compilo = in_the_catalogue("Compilo")
    assert naming.resembling("Compello") == [compilo]

    NameRejection.objects.create(product=compilo, key=key_of("Compello"), by=it_leader)

    assert naming.resembling("Compello") == []
    assert naming.resembling("Compilo 2") == [compilo]


def test_a_word_that_many_systems_share_tells_nothing(db):
    for number in range(12):
        in_the_catalogue(f"{chr(65 + number) * 9} Flyt")

    assert naming.resembling("Zyx Flyt Qwertyuiop") == []


def test_at_most_five_are_proposed_the_likest_first(db):
    for name in ("Profil", "Profil 2", "Profil 3", "Profil 4", "Profil Web", "Profil Pluss", "Profilen"):
        in_the_catalogue(name)

    found = naming.candidates(["profill"])["profill"]

    assert len(found) == 5
    assert found[0].product.name == "Profil"
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)


def test_thousands_of_names_take_as_many_queries_as_one(db, django_assert_num_queries):
    for number in range(20):
        in_the_catalogue(f"Acos Program{number}")

    with django_assert_num_queries(5):
        naming.candidates(["program1x"])
    with django_assert_num_queries(5):
        naming.candidates(f"program{number}x" for number in range(2000))


def test_an_own_name_of_one_municipality_holds_there_alone(db, sortland, hadsel, it_leader):
    common, own = in_the_catalogue("Elements"), in_the_catalogue("Public 360")
    Alias.objects.create(product=common, name="Arkivet", key="arkivet", confirmed_by=it_leader)
    Alias.objects.create(product=own, name="Arkivet", key="arkivet", municipality=hadsel, confirmed_by=it_leader)

    assert naming.known(["Arkivet"], sortland) == {"arkivet": common}
    assert naming.known(["Arkivet"], hadsel) == {"arkivet": own}


# --- the names of an import -----------------------------------------------------------------------------


def test_a_name_that_looks_like_nothing_is_new_and_the_others_are_asked_about(job):
    in_the_catalogue("Compilo")

    naming.gather(job, {"compello": ("Compello", "B2", 3), "zyx": ("Zyx", "B5", 1)})

    assert {key: one.decision for key, one in naming.decided(job).items()} == {"compello": "", "zyx": "new"}
    asked = job.names.undecided().get()
    assert (asked.name, asked.cell, asked.rows) == ("Compello", "B2", 3)


def test_a_second_check_keeps_what_was_decided_and_forgets_what_is_gone(job, it_leader):
    compilo = in_the_catalogue("Compilo")
    naming.gather(job, {"compello": ("Compello", "B2", 3), "zyx": ("Zyx", "B5", 1), "gone": ("Gone", "B9", 1)})
    job.names.filter(key="compello").update(
        decision=ImportName.Decision.SAME, product=compilo, decided_by=it_leader, decided_at=job.asked_at
    )
    in_the_catalogue("Zyxy")

    naming.gather(job, {"compello": ("Compello", "C2", 4), "zyx": ("Zyx", "B5", 1)})

    found = naming.decided(job)
    assert set(found) == {"compello", "zyx"}
    assert (found["compello"].decision, found["compello"].product, found["compello"].rows) == ("same", compilo, 4)
    assert found["zyx"].decision == "", "something has come to look like it"


def test_a_decision_changes_what_the_decisions_stand_at(job, it_leader):
    naming.gather(job, {"zyx": ("Zyx", "B5", 1)})
    before = naming.stand(job)

    job.names.update(decision=ImportName.Decision.LATER)

    assert naming.stand(job) != before
