"""The country's municipalities, and what a municipality's own people keep up to date."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from governance import consequences
from governance.actions.register import registered_name
from governance.models import Organisation, Population

pytestmark = pytest.mark.django_db

HEAD = "kommunenummer;navn_kartverket;organisasjonsnummer;fylkesnavn;folketall_2024_01_01;maalform;nettsted\n"
ROWS = (
    "1870;Sortland;847737492;Nordland;10514;Nøytral;www.sortland.kommune.no\n301;Oslo;958935420;Oslo;717710;Bokmål;\n"
)


def read(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("import_municipalities", str(path), stdout=out, stderr=StringIO())
    return out.getvalue().strip().splitlines()[-1]


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "kommuner.csv"
    assert read(file, HEAD + ROWS) == "new=2 changed=0 unchanged=0 errors=0"
    assert read(file, HEAD + ROWS) == "new=0 changed=0 unchanged=2 errors=0"
    oslo = Organisation.objects.get(number="0301")
    assert (oslo.name, oslo.language_form) == ("Oslo", "nb")
    assert Population.objects.get(organisation=oslo).people == 717710


def test_a_changed_name_and_a_changed_count_are_changes(tmp_path: Path) -> None:
    file = tmp_path / "kommuner.csv"
    read(file, HEAD + ROWS)
    assert read(file, HEAD + ROWS.replace("Sortland;", "Suortá;")) == "new=0 changed=1 unchanged=1 errors=0"
    assert (
        read(file, HEAD + ROWS.replace("Sortland;", "Suortá;").replace("717710", "717711"))
        == "new=0 changed=1 unchanged=1 errors=0"
    )


def test_those_who_share_by_people_hear_once_whose_count_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[set[int]] = []
    monkeypatch.setattr(consequences, "_on_population", [lambda organisations, by: heard.append(set(organisations))])
    file = tmp_path / "kommuner.csv"
    read(file, HEAD + ROWS)
    both = set(Organisation.objects.values_list("pk", flat=True))
    read(file, HEAD + ROWS)
    read(file, HEAD + ROWS.replace("Sortland;", "Suortá;"))
    read(file, HEAD + ROWS.replace("717710", "717711"))
    assert heard == [both, {Organisation.objects.get(number="0301").pk}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("navn;nummer\nSortland;1870\n", "kommunenummer"),
        (HEAD + "87x;Sortland;;;;;\n", "87x"),
        (HEAD + "1870;;;;;;\n", "navn_kartverket"),
        (HEAD + "1870;Sortland;12;;;;\n", "organisasjonsnummer"),
        (HEAD + "1870;Sortland;;;mange;;\n", "mange"),
    ],
)
def test_what_cannot_be_read_names_the_row_and_what_was_expected(tmp_path: Path, text: str, expected: str) -> None:
    file, told = tmp_path / "kommuner.csv", StringIO()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_municipalities", str(file), stdout=StringIO(), stderr=told)
    assert expected in told.getvalue()
    assert not Organisation.objects.exists()


def test_a_name_in_two_languages_is_short_in_daily_use() -> None:
    assert registered_name("Aarborte - Hattfjelldal", "HATTFJELLDAL KOMMUNE/AARBORTEN TJÏELTE") == "Hattfjelldal"
    assert registered_name("Gáivuotna - Kåfjord", "GÁIVUONA SUOHKAN") == "Gáivuotna - Kåfjord"
    assert registered_name("Bø", "BØ KOMMUNE") == "Bø"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="missing.csv"):
        call_command("import_municipalities", str(tmp_path / "missing.csv"))


def test_the_municipality_keeps_its_own_contact_details(
    client: Client, director: Any, directors: dict[str, Any], sortland: Organisation
) -> None:
    client.force_login(director)
    data = {"website": "www.sortland.kommune.no", "email_domain": "sortland.kommune.no", "version": sortland.version}
    assert client.post("/kommune/1870/kontakt/", data).status_code == 302
    assert client.post("/kommune/1870/kontakt/", data).status_code == 409
    client.force_login(directors["Bø"])
    assert client.get("/kommune/1870/").status_code == 200
    assert client.get("/kommune/1870/kontakt/").status_code == 403


def test_a_municipality_of_another_collaboration_is_not_found(
    client: Client, outsider: Any, sortland: Organisation
) -> None:
    client.force_login(outsider)
    assert client.get("/kommune/1870/").status_code == 404
    assert client.get("/kommune/9999/").status_code == 404
