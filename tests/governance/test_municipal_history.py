"""Who a municipality was on any day: numbers, names, mergers and splits as the country's registers tell of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from digivesteralen.accounts.models import User
from governance import municipal_history
from governance.actions import register
from governance.models import Collaboration, Membership, MunicipalityPeriod, Organisation, OrganisationName, Succession
from governance.municipal_history import Change, Life, own_copy, own_municipalities, worked_out
from governance.municipal_line import Line
from tests.refusals import the_database_refuses

CHANGES = own_copy()
HISTORY = worked_out(CHANGES)
TODAY_S = {line.partition(";")[0] for line in own_municipalities().splitlines()[1:]}
DAYS = st.dates(date(2008, 1, 1), date(2026, 12, 31))
CODES = sorted(TODAY_S | {code for change in CHANGES for code in (change.old, change.new)})


def valid_on(day: date) -> dict[str, str]:
    """Another way to the same: back from today's list, taking each later change away again; with the names known."""
    found = dict.fromkeys(TODAY_S, "")
    for change in sorted(CHANGES, reverse=True):
        if change.day > day:
            found.pop(change.new, None)
    for when in sorted({change.day for change in CHANGES if change.day > day}, reverse=True):
        for change in CHANGES:
            if change.day == when:
                found.pop(change.new, None)
        found |= {change.old: change.old_name for change in CHANGES if change.day == when}
    return found


def those_with(number: str, day: date) -> list[Life]:
    def holds(stretch: municipal_history.Stretch) -> bool:
        return (stretch.since or date.min) <= day <= (stretch.until or date.max)

    return [life for life in HISTORY.lives if any(one.text == number and holds(one) for one in life.numbers)]


@settings(max_examples=200, deadline=None)
@given(day=DAYS, number=st.sampled_from(CODES))
def test_on_any_day_exactly_the_right_municipality_answers_to_a_number(day: date, number: str) -> None:
    changed = {code for change in CHANGES for code in (change.old, change.new)}
    expected = int(number in valid_on(day) and number in changed)
    assert len(those_with(number, day)) == expected


@settings(max_examples=100, deadline=None)
@given(day=DAYS)
def test_no_day_has_two_names_or_two_numbers_for_one_municipality(day: date) -> None:
    for life in HISTORY.lives:
        for stretches in (life.numbers, life.names):
            held = [one for one in stretches if (one.since or date.min) <= day <= (one.until or date.max)]
            alive = (life.since or date.min) <= day <= (life.until or date.max)
            assert len(held) == int(alive), life


letters = st.sampled_from("ABCDEF")
steps = st.lists(st.tuples(st.integers(0, 3), letters, letters), max_size=12)


@settings(max_examples=200, deadline=None)
@given(steps=steps)
def test_whatever_a_list_of_changes_says_lives_have_no_gaps_and_no_number_is_held_twice(
    steps: list[tuple[int, str, str]],
) -> None:
    days = [date(2020, 1, 1) + timedelta(days=365 * year) for year in range(4)]
    history = worked_out([Change(days[year], old, old, new, new) for year, old, new in steps])
    for life in history.lives:
        for one, following in zip(life.numbers, life.numbers[1:], strict=False):
            assert one.until is not None and following.since == one.until + timedelta(days=1)
    for day in days:
        held = [
            one.text
            for life in history.lives
            for one in life.numbers
            if (one.since or date.min) <= day <= (one.until or date.max)
        ]
        assert len(held) == len(set(held))
    assert all(heir.before is not heir.after for heir in history.heirs)


# --- in the database


@pytest.fixture
def country(db: None) -> None:
    register.import_municipalities(rows=own_municipalities().splitlines())


def who(number: str, day: date) -> str:
    """In the words of the page: who had the number that day, or then stood where it was."""
    return " + ".join(f"{one.name_on(day)} ({one.number})" for one in Line(number).on(day))


FAR_BACK, IN_2018, IN_2021, NOW = date(2009, 1, 1), date(2018, 6, 1), date(2021, 6, 1), date(2026, 6, 1)


WHO_WAS = [
    ("1870", FAR_BACK, "Sortland (1870)"),
    ("1871", NOW, "Andøy (1871)"),
    ("1868", IN_2018, "Øksnes (1868)"),
    ("1867", IN_2018, "Bø (1867)"),
    ("1851", FAR_BACK, "Lødingen (1851)"),
    ("1851", NOW, "Lødingen (1851)"),
    ("1601", FAR_BACK, "Trondheim (5001)"),
    ("5001", NOW, "Trondheim (5001)"),
    ("5030", IN_2018, "Klæbu (5030)"),
    ("5030", IN_2021, "Trondheim (5001)"),
    ("0441", IN_2018, "Os (3430)"),
    ("3430", NOW, "Os (3430)"),
    ("1902", IN_2018, "Tromsø (5501)"),
    ("5401", IN_2021, "Tromsø (5501)"),
    ("5401", NOW, "Tromsø (5501)"),
    ("3005", IN_2021, "Drammen (3301)"),
    ("1507", IN_2021, "Ålesund (1507)"),
    ("1580", NOW, "Haram (1580)"),
    ("1534", IN_2018, "Haram (1534)"),
    ("5061", NOW, "Rindal (5061)"),
]


def test_who_was_this_then(country: None) -> None:
    assert [who(number, day) for number, day, _name in WHO_WAS] == [name for _number, _day, name in WHO_WAS]


def test_what_became_of_them(country: None) -> None:
    def heirs(number: str, year: int) -> set[tuple[str, str]]:
        rows = Succession.objects.filter(predecessor__number=number, on__year=year)
        return {(row.successor.number, row.kind) for row in rows.select_related("successor")}

    assert heirs("5030", 2020) == {("5001", "merger")}
    assert heirs("1507", 2024) == {("1508", "split"), ("1580", "split")}
    assert heirs("5012", 2020) == {("5055", "split"), ("5056", "split"), ("5059", "split")}
    assert heirs("1534", 2020) == {("1507", "merger")}
    counties = MunicipalityPeriod.objects.filter(organisation__number="5512").values_list("number", "county")
    assert list(counties) == [("5412", "Troms og Finnmark"), ("5512", "Troms")], "Tjeldsund came from Nordland"
    before = MunicipalityPeriod.objects.filter(organisation__number="1852").get()
    assert (before.county, before.until) == ("Nordland", date(2019, 12, 31))


def test_a_name_in_several_languages_has_its_days(country: None) -> None:
    sortland = Organisation.objects.get(number="1870")
    assert sortland.official_name_on(IN_2018) == "Sortland - Suortá" == sortland.official_name
    assert sortland.official_name_on(date(2017, 12, 31)) == "Sortland"
    assert sortland.names_in_languages == ["Sortland", "Suortá"]
    roros = Organisation.objects.get(number="5025")
    assert (roros.name, roros.official_name_on(IN_2018)) == ("Røros", "Røros")


def test_all_357_are_read_and_a_second_time_changes_nothing(db: None, tmp_path: Path) -> None:
    file, said = tmp_path / "kommuner.csv", []
    file.write_text(own_municipalities(), encoding="utf-8")
    for _time in range(2):
        out = StringIO()
        call_command("import_municipalities", str(file), stdout=out)
        said.append(out.getvalue().strip())
    assert said == ["new=357 changed=0 unchanged=0 errors=0", "new=0 changed=0 unchanged=357 errors=0"]
    assert Organisation.objects.municipalities().existing().count() == 357
    assert Organisation.objects.municipalities().existing(IN_2021).count() == 356
    assert Organisation.objects.municipalities().existing(IN_2018).count() == 422
    events = OrganisationName.pgh_event_model.objects.count()
    call_command("import_municipalities", str(file), stdout=StringIO())
    assert OrganisationName.pgh_event_model.objects.count() == events


def test_the_file_of_changes_is_read_as_statistics_norway_gives_it(db: None, tmp_path: Path) -> None:
    rows = [
        {"oldCode": "1852", "oldName": "Tjeldsund", "newCode": "5412", "newName": "Dielddanuorri - Tjeldsund",
         "changeOccurred": "2020-01-01"},
        {"oldCode": "1913", "oldName": "Skånland", "newCode": "5412", "newName": "Dielddanuorri - Tjeldsund",
         "changeOccurred": "2020-01-01"},
    ]  # fmt: skip
    file = tmp_path / "endringer.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    said = []
    for _time in range(2):
        out = StringIO()
        call_command("import_municipalities", str(file), stdout=out)
        said.append(out.getvalue().strip())
    assert said == ["new=2 changed=0 unchanged=0 errors=0", "new=0 changed=0 unchanged=2 errors=0"]
    assert Succession.objects.filter(successor__number="5412", kind="merger").count() == 2
    file.write_text('[{"a": 1}]', encoding="utf-8")
    with pytest.raises(CommandError, match="not a list of changes"):
        call_command("import_municipalities", str(file), stdout=StringIO())


def test_one_registered_under_its_old_number_gets_the_new_and_stays_the_same(db: None) -> None:
    os = Organisation.objects.create(kind="municipality", number="0441", name="Os", county="Hedmark")
    register.import_municipalities(rows=own_municipalities().splitlines())
    os.refresh_from_db()
    assert (os.number, os.county) == ("3430", "Innlandet")
    assert [(row.number, row.county) for row in os.periods.all()] == [("0441", "Hedmark"), ("3430", "Innlandet")]
    assert Organisation.objects.ever_with_number("0441").get() == os


def test_what_differs_from_a_day_keeps_what_was_before(country: None) -> None:
    row = next(line for line in own_municipalities().splitlines() if line.startswith("1866;"))
    head = own_municipalities().splitlines()[0]
    newer = row.replace("1866;Hadsel;", "1866;Hadsel - Háhcuol;").replace(";Bokmål;", ";Nynorsk;")
    outcome = register.import_municipalities(rows=[head, newer], on=date(2026, 1, 1))
    assert str(outcome) == "new=0 changed=1 unchanged=0 errors=0"
    hadsel = Organisation.objects.get(number="1866")
    assert hadsel.official_name_on(date(2025, 12, 31)) == "Hadsel"
    assert hadsel.official_name_on(date(2026, 1, 1)) == "Hadsel - Háhcuol"
    forms = [(one.since, one.language_form) for one in hadsel.periods.all()]
    assert forms == [(None, "nb"), (date(2026, 1, 1), "nn")]
    again = register.import_municipalities(rows=[head, newer], on=date(2026, 1, 1))
    assert str(again) == "new=0 changed=0 unchanged=1 errors=0"


# --- what must never be false


def test_the_database_refuses_two_at_once(country: None) -> None:
    sortland, hadsel = (Organisation.objects.get(number=number) for number in ("1870", "1866"))
    impossible = [
        lambda: MunicipalityPeriod.objects.create(organisation=hadsel, number="1870", until=date(2010, 1, 1)),
        lambda: MunicipalityPeriod.objects.create(organisation=sortland, number="9999", since=NOW),
        lambda: OrganisationName.objects.create(organisation=sortland, name="X", until=date(2010, 1, 1)),
        lambda: Organisation.objects.create(kind="municipality", number="1870", name="En til"),
        lambda: Succession.objects.create(predecessor=hadsel, successor=hadsel, on=NOW, kind="merger"),
        lambda: Organisation.objects.filter(pk=hadsel.pk).update(since=NOW, until=IN_2018),
    ]
    for attempt in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    with the_database_refuses(), transaction.atomic():
        Succession.objects.create(predecessor=hadsel, successor=None, on=NOW, kind="merger")


# --- the page


@pytest.fixture
def told(digi: Collaboration) -> None:
    """The six, with a neighbour that was renumbered and one that was divided, all members."""
    register.import_municipalities(rows=own_municipalities().splitlines())
    for number in ("5501", "1508", "1580"):
        place = Organisation.objects.get(number=number)
        Membership.objects.create(collaboration=digi, organisation=place, since=IN_2021)


def test_the_page_tells_what_happened_and_who_it_was(
    client: Client, director: User, told: None, django_assert_max_num_queries: Any
) -> None:
    client.force_login(director)
    client.get("/kommune/5501/historie/")
    with django_assert_max_num_queries(25):
        page = client.get("/kommune/5012/historie/?dato=01.06.2018").content.decode()
    assert "nummer 5012" in page
    for name in ("Snillfjord", "Heim", "Hitra", "Orkland"):
        assert name in page
    page = client.get("/kommune/5001/historie/?dato=2009-01-01").content.decode()
    assert "1601" in page and "Sør-Trøndelag" in page and "Klæbu" in page
    page = client.get("/kommune/1508/historie/?dato=01.06.2018").content.decode()
    for name in ("Ålesund", "Haram", "Skodje", "Sandøy", "Ørskog"):
        assert name in page, "before the split it was five"
    assert client.get("/kommune/9999/historie/").status_code == 404


def test_an_old_number_leads_to_the_municipality_of_today(client: Client, director: User, told: None) -> None:
    client.force_login(director)
    assert client.get("/kommune/5401/").headers["Location"] == "/kommune/5501/"
    assert client.get("/kommune/1902/delegering/").headers["Location"] == "/kommune/5501/delegering/"
    chosen = client.get("/kommune/1507/")
    assert chosen.headers["Location"] == "/kommune/1507/historie/"
    page = client.get("/kommune/1507/historie/").content.decode()
    assert "/kommune/1508/" in page and "/kommune/1580/" in page
    assert client.get("/kommune/0301/").status_code == 404, "not ours to see"
    assert client.get("/kommune/1601/").status_code == 404, "nor under an old number"


def test_a_municipality_that_is_over_keeps_its_page(client: Client, director: User, told: None, digi: Any) -> None:
    klabu = Organisation.objects.get(number="5030")
    Membership.objects.create(collaboration=digi, organisation=klabu, since=date(2018, 1, 1))
    client.force_login(director)
    page = client.get("/kommune/5030/").content.decode()
    assert "31. desember 2019" in page and "/kommune/5001/historie/" in page
