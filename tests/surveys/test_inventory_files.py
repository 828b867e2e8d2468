"""Inventory files as they lie around (surveys.md 5.4, 5.5 and 9), and what a careful person would write by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from digivesteralen.audit.log import acting
from digivesteralen.spreadsheets.writing import SheetSpec, workbook
from surveys import snapshots
from surveys.actions import catalogue, imports, inventory
from surveys.models import Integration, NationalSolution, SystemUse
from tests.surveys.inventory_people import HEADER, faults, looked_over, saved, sheet

# ruff: noqa: E501 -- one row of a sheet is one line here

PLACES = ["Andøy", "Bø", "Hadsel", "Lødingen", "Sortland", "Øksnes"]


def book(*rows: list[Any], guide: bool = False, name: str = "Ark1") -> bytes:
    """A workbook as it is, without a header of ours."""
    made = Workbook()
    page = made.active
    if guide:
        page.title = "Les dette først"
        page.append(["Fyll ut arket bak dette."])
        page = made.create_sheet(name)
    for row in rows:
        page.append(row)
    return saved(made)


def csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


# name → (file name, content, what stands afterwards as {(area, system or answer): {field: value}}, faults by cell)
LONG: dict[str, tuple[str, bytes, dict[tuple[str, str], dict[str, Any]], dict[str, str]]] = {
    "other words in the headers, in another order": (
        "a.xlsx",
        book(["Leverandør", "Systemnavn", "Område", "Avtale utløper"], ["Sikri", "Elements", "Sak/arkiv", date(2027, 6, 30)]),
        {("Sak/arkiv", "Elements"): {"contract_end": date(2027, 6, 30)}},
        {},
    ),
    "nynorsk": (
        "a.xlsx",
        book(["Fagområde", "Løysing", "Sluttdato", "Systemansvarleg", "Kor kritisk"],
             ["Lønn/HR", "Elements", "løpande", "Rådgjevar", "høg"]),
        {("Lønn/HR", "Elements"): {"end_running": True, "responsible": "Rådgjevar", "criticality": "high"}},
        {},
    ),
    "English": (
        "a.xlsx",
        book(["Business area", "Product", "Vendor", "Contract expiry", "Notice period"],
             ["Sak/arkiv", "Elements", "Sikri", "2027-01-31", "3 months"]),
        {("Sak/arkiv", "Elements"): {"contract_end": date(2027, 1, 31), "notice_months": 3}},
        {},
    ),
    "guidance first and a title above the header": (
        "a.xlsx",
        book(["Systemer 2026"], [], HEADER, ["Sak/arkiv", "Elements", None, 2026], guide=True),
        {("Sak/arkiv", "Elements"): {"contract_end": date(2026, 12, 31)}},
        {},
    ),
    "semicolons and windows-1252": (
        "a.csv",
        csv("Fagområde;System;Avtaleutløp;Merknad\nSak/arkiv;Elements;Q4 2026;Gjelder også Bø\n", "cp1252"),
        {("Sak/arkiv", "Elements"): {"contract_end": date(2026, 12, 31), "remark": "Gjelder også Bø"}},
        {},
    ),
    "tabs and a byte order mark": (
        "a.csv",
        csv("\ufeffFagområde\tSystem\tAvtaleutløp\nSak/arkiv\tElements\tvet ikke\n"),
        {("Sak/arkiv", "Elements"): {"end_unknown": True}},
        {},
    ),
    "commas with quotes": (
        "a.csv",
        csv('Fagområde,System,Avtaleutløp,Kostnad\n"Sak/arkiv","Elements","31.12.2027","12 500,50"\n'),
        {("Sak/arkiv", "Elements"): {"annual_cost": Decimal("12500.50")}},
        {},
    ),
    "no-break spaces and line breaks in the headers": (
        "a.xlsx",
        book(["Fag\xadområde", "System\xa0", "Avtale\nutløp ", " Leverandør"], ["Sak/arkiv", "Elements\xa0", "31.12.2027", "\xa0"]),
        {("Sak/arkiv", "Elements"): {"contract_end": date(2027, 12, 31)}},
        {},
    ),
    "the messy values of a contract": (
        "a.xlsx",
        book([*HEADER, "Oppsigelsestid", "Opsjoner", "Årlig kostnad", "Inngått", "Bundet til"],
             ["Sak/arkiv", "Elements", "Sikri", "Q4 2026", "3 mnd", "2 x 1 år", "kr 300.000,-", "2021", "31.12.2025"],
             ["Lønn/HR", "ACOS WebSak", "", "løpende", "6 mnd til årsslutt", "1+1+1", "ca 250 000", "", ""]),
        {
            ("Sak/arkiv", "Elements"): {
                "notice_months": 3, "options": 2, "option_months": 12, "annual_cost": Decimal(300000),
                "concluded_on": date(2021, 1, 1), "binding_until": date(2025, 12, 31),
            },
            ("Lønn/HR", "ACOS WebSak"): {
                "notice_months": 6, "notice_to": "year", "options": 3, "annual_cost": Decimal(250000),
                "end_running": True,
            },
        },
        {},
    ),
    "three kinds of empty": (
        "a.xlsx",
        book(HEADER, ["Sak/arkiv", "N/A"], ["Lønn/HR", "ingen"], ["Skoleadministrasjon", "TBD"],
             ["Økonomi/regnskap", "\xa0"], ["EPJ pleie og omsorg", None]),
        {("Sak/arkiv", "irrelevant"): {}, ("Lønn/HR", "none"): {}},
        {},
    ),
    "signs that can mean several things": (
        "a.xlsx",
        book(HEADER, ["Sak/arkiv", "-"], ["Lønn/HR", "x"], ["Skoleadministrasjon", "?"]),
        {},
        {"B2": "ingen", "B3": "ingen", "B4": "ingen"},
    ),
    "an unknown word for a choice": (
        "a.xlsx",
        book([*HEADER, "Arkivplikt", "Kritikalitet"], ["Sak/arkiv", "Elements", "", "vet ikke", "kanskje", "lilla"]),
        {},
        {"E2": "ja", "F2": "lilla"},
    ),
    "choices by label, by code and by what people say": (
        "a.xlsx",
        book([*HEADER, "DPIA", "Databehandleravtale", "Driftsmodell", "Avtaletype"],
             ["Sak/arkiv", "Elements", "", "", "gjennomført", "underway", "SaaS", "SSA-Sky"]),
        {("Sak/arkiv", "Elements"): {
            "dpia": "done", "processing_agreement": "underway", "hosting": "cloud", "contract_type": "ssa_sky",
        }},
        {},
    ),
    "the Danish list of contracts": (
        "a.xlsx",
        book(["Id", "IT Kontrakt Navn (påkrævet)", "IT Kontrakt Id", "Bemærkning", "Indgået", "Uopsigeligt til",
              "Udløbsdato", "Kontrakten opsagt"],
             [1, "Elements", "K-17", "fornyet", date(2022, 3, 1), date(2025, 3, 1), date(2027, 3, 1),
              date(2026, 5, 4)],
             [2, "Noget helt andet", "K-18", "", "", "", "", ""]),
        {("Sak/arkiv", "Elements"): {
            "concluded_on": date(2022, 3, 1), "binding_until": date(2025, 3, 1), "contract_end": date(2027, 3, 1),
        }},
        {"B3": ""},
    ),
    "the same system twice": (
        "a.xlsx",
        book(HEADER, ["Sak/arkiv", "Elements", "", "vet ikke"], ["Sak og arkiv", " ELEMENTS", "", "2028"]),
        {("Sak/arkiv", "Elements"): {"end_unknown": True}},
        {"B3": "B2"},
    ),
    "a row of sums and empty rows": (
        "a.xlsx",
        book(HEADER, ["Sak/arkiv", "Elements", "", ""], [None, None], ["Sum", 1]),
        {("Sak/arkiv", "Elements"): {}},
        {},
    ),
    "Excel is a system too, and a formula is text": (
        "a.csv",
        csv("Fagområde;System;Avtaleutløp;Merknad\nLønn/HR;MS Excel;;=SUM(A1)\n"),
        {("Lønn/HR", "MS Excel"): {"remark": "=SUM(A1)"}},
        {},
    ),
    "a remark in the cell of the system": (
        "a.xlsx",
        book(HEADER, ["Sak/arkiv", "Elements (ny fra 2023)", "", ""], ["Lønn/HR", "Elements – utgår 2027", "", ""]),
        {
            ("Sak/arkiv", "Elements"): {"live_on": date(2023, 1, 1), "remark": "ny fra 2023"},
            ("Lønn/HR", "Elements"): {"phased_out_on": date(2027, 1, 1), "remark": "utgår 2027"},
        },
        {},
    ),
    "dates that can't follow each other": (
        "a.xlsx",
        book([*HEADER, "Inngått"], ["Sak/arkiv", "Elements", "", "31.12.2020", "01.01.2022"]),
        {},
        {"D2": ""},
    ),
    "options without a length": (
        "a.xlsx",
        book([*HEADER, "Opsjoner"], ["Sak/arkiv", "Elements", "", "2027", 2]),
        {},
        {"E2": ""},
    ),
    "only «Funksjon» for the area": (
        "a.xlsx",
        book(["Funksjon", "Fagsystem", "Utløpsdato"], ["Sak/arkiv", "Elements", 2027]),
        {("Sak/arkiv", "Elements"): {"contract_end": date(2027, 12, 31), "function": ""}},
        {},
    ),
    "area and function side by side": (
        "a.xlsx",
        book(["Funksjon", "Fagområde", "Fagsystem", "Utløpsdato"], ["Journalføring", "Sak/arkiv", "Elements", 2027]),
        {("Sak/arkiv", "Elements"): {"function": "Journalføring"}},
        {},
    ),
    "the municipality by number, name and what it is called": (
        "a.xlsx",
        book(["Kommune", *HEADER], [1870, "Sak/arkiv", "Elements", "", ""], ["Sortland kommune", "Lønn/HR", "Elements", "", ""],
             ["1870 Sortland", "Skoleadministrasjon", "Elements", "", ""]),
        {("Sak/arkiv", "Elements"): {}, ("Lønn/HR", "Elements"): {}, ("Skoleadministrasjon", "Elements"): {}},
        {},
    ),
    "another Bø": (
        "a.xlsx",
        book(["Kommune", *HEADER], ["Bø i Telemark", "Sak/arkiv", "Elements", "", ""]),
        {},
        {"A2": "Andøy"},
    ),
    "two systems in a cell of a long sheet": (
        "a.xlsx",
        book(HEADER, ["Sak/arkiv", "Elements / Public 360", "", ""]),
        {},
        {"B2": "én rad"},
    ),
}  # fmt: skip


def standing(**where: Any) -> dict[tuple[str, str], SystemUse]:
    uses = SystemUse.objects.filter(**where).select_related("area", "product")
    return {(use.area.name, use.product.name if use.product else use.answer): use for use in uses}


@pytest.mark.parametrize("case", LONG)
def test_a_long_sheet_goes_in_as_a_careful_person_would_write_it(case, digi, sortland, areas, it_leader):
    name, content, wanted, wrong = LONG[case]
    job = looked_over(content, name=name, by=it_leader, collaboration=digi, municipality=sortland)
    found = dict(faults(job))
    assert set(found) == set(wrong)
    assert all(word.casefold() in found[cell].casefold() for cell, word in wrong.items())

    imports.apply(job=job, by=it_leader)

    uses = standing()
    assert set(uses) == set(wanted)
    for key, values in wanted.items():
        assert {name: getattr(uses[key], name) for name in values} == values


WIDE: dict[str, tuple[bytes, dict[tuple[str, str], list[str]], dict[str, str]]] = {
    "all the ways to write two systems": (
        book(["Fagområde", *PLACES],
             ["Sak/arkiv", "Elements/Vigilo", "Elements + Vigilo", "Elements; Vigilo", "Elements, Vigilo",
              "Elements\nVigilo", "Elements og Vigilo"], guide=True),
        {("Sak/arkiv", place): ["Elements", "Vigilo"] for place in PLACES},
        {},
    ),
    "numbers and other names above the columns": (
        book(["Systemer i regionen"], [], ["Område", 1871, "Bø i Vesterålen", "Hadsel kommune", 1851, "1870 Sortland", "ØKSNES"],
             ["Sak/arkiv", "Elements", "Elements", "Elements", "Elements", "Elements", "Elements"]),
        {("Sak/arkiv", place): ["Elements"] for place in PLACES},
        {},
    ),
    "a merged area": (
        book(["Område", "Hadsel", "Bø", "Sortland"], ["Sak/arkiv", "Elements", "Vigilo", None], [None, "Vigilo", None, "Elements"]),
        {("Sak/arkiv", "Hadsel"): ["Elements", "Vigilo"], ("Sak/arkiv", "Bø"): ["Vigilo"],
         ("Sak/arkiv", "Sortland"): ["Elements"]},
        {},
    ),
    "the same as another": (
        book(["Område", "Hadsel", "Bø", "Sortland"], ["Sak/arkiv", "Elements og Vigilo", "samme som Hadsel", "samme som Bø"],
             ["Lønn/HR", "ingen", "samme som Hadsel", "samme som Sortland"]),
        {("Sak/arkiv", "Hadsel"): ["Elements", "Vigilo"], ("Sak/arkiv", "Bø"): ["Elements", "Vigilo"],
         ("Sak/arkiv", "Sortland"): ["Elements", "Vigilo"], ("Lønn/HR", "Hadsel"): ["none"]},
        {"C3": "Hadsel", "D3": ""},
    ),
    "those that point to each other": (
        book(["Område", "Hadsel", "Bø", "Sortland"], ["Sak/arkiv", "samme som Bø", "samme som Hadsel", "samme som Bodø"]),
        {},
        {"B2": "", "C2": "", "D2": "Bodø"},
    ),
    "answers, signs and sums": (
        book(["Område", "Hadsel", "Bø", "Sortland"], ["Sak/arkiv", "ingen", "Ikke aktuelt", "-"], ["Lønn/HR", "?", "x", "TBD"],
             ["Sum", 4, 5, 6]),
        {("Sak/arkiv", "Hadsel"): ["none"], ("Sak/arkiv", "Bø"): ["irrelevant"]},
        {"D2": "ingen", "B3": "ingen", "C3": "ingen"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WIDE)
def test_a_wide_sheet_goes_in_as_a_careful_person_would_write_it(case, digi, areas, survey_admin):
    content, wanted, wrong = WIDE[case]
    catalogue.define_product(name="Vigilo")
    job = looked_over(content, by=survey_admin, collaboration=digi, on_behalf=True, wide=True)
    found = dict(faults(job))
    assert set(found) == set(wrong)
    assert all(word.casefold() in found[cell].casefold() for cell, word in wrong.items())

    if job.can_be_applied:
        imports.apply(job=job, by=survey_admin)

    there: dict[tuple[str, str], list[str]] = {}
    for use in SystemUse.objects.select_related("area", "product", "inventory__municipality").order_by("product__name"):
        said = use.product.name if use.product else use.answer
        there.setdefault((use.area.name, use.inventory.municipality.name), []).append(said)
    assert there == wanted
    assert imports.check_now(looked_over(content, by=survey_admin, name="igjen.xlsx", collaboration=digi, on_behalf=True,
                                         wide=True)).changes == 0  # fmt: skip


def test_the_same_as_hadsel_is_a_link_to_what_hadsel_has(digi, sortland, hadsels, areas, it_leader):
    theirs = inventory.add_system(
        inventory=hadsels, area=areas["Sak/arkiv"], product="Elements", supplier="Sikri", end_unknown=True, by=None
    )
    content = sheet(["Sak/arkiv", "samme som Hadsel", "", "31.12.2028"])
    job = looked_over(content, by=it_leader, collaboration=digi, municipality=sortland)
    imports.apply(job=job, by=it_leader)

    use = SystemUse.objects.get(inventory__municipality=sortland)
    assert (use.same_as, use.product.name, use.supplier.name) == (theirs, "Elements", "Sikri")
    assert use.contract_end == date(2028, 12, 31)


def test_what_resembles_a_known_system_waits_until_somebody_has_said_what_it_is(digi, sortland, areas, it_leader):
    job = looked_over(
        sheet(["Sak/arkiv", "Websak Fokus", "", ""]), by=it_leader, collaboration=digi, municipality=sortland
    )

    row = job.rows.get()
    assert row.verdict == "waiting"
    assert "ACOS WebSak" in row.messages[0]["sentence"]
    assert not job.can_be_applied


def test_integrations_are_a_list_of_names_and_an_unknown_one_is_told_its_neighbours(digi, sortland, areas, it_leader):
    for slug, name in (("id-porten", "ID-porten"), ("fiks-svarut", "Fiks SvarUt / SvarInn"), ("altinn", "Altinn")):
        NationalSolution.objects.create(slug=slug, name=name, owner="Eier", category="Kategori")
    content = sheet(
        ["Sak/arkiv", "Elements", "", "", "ID-porten, Fiks SvarUt / SvarInn", "altinn"],
        ["Lønn/HR", "Elements", "", "", "ID porten", ""],
        header=[*HEADER, "Integrert med", "Klar for"],
    )
    job = looked_over(content, by=it_leader, collaboration=digi, municipality=sortland)
    [(cell, sentence)] = faults(job)
    assert cell == "E3"
    assert "«ID-porten»" in sentence
    imports.apply(job=job, by=it_leader)

    states = dict(Integration.objects.values_list("solution__name", "state"))
    assert states == {"ID-porten": "on", "Fiks SvarUt / SvarInn": "on", "Altinn": "ready"}
    imports.undo(job=job, by=it_leader)
    assert not Integration.objects.exists()


def test_what_was_uploaded_on_behalf_keeps_its_integrations_and_links_when_it_is_confirmed(
    digi, sortland, ours, hadsels, areas, it_leader, survey_admin
):
    NationalSolution.objects.create(slug="id-porten", name="ID-porten", owner="Digdir", category="Innlogging")
    inventory.add_system(inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=it_leader)
    content = sheet(
        [1870, "Sak/arkiv", "Elements", "", "2028", "ID-porten"],
        [1866, "Sak/arkiv", "samme som Sortland", "", "", ""],
        header=["Kommune", *HEADER, "Integrert med"],
    )
    for place in (sortland, hadsels.municipality):
        job = looked_over(content, by=survey_admin, collaboration=digi, municipality=place, on_behalf=True)
        imports.apply(job=job, by=survey_admin)

    inventory.confirm_upload(inventory=ours, by=it_leader)

    use = SystemUse.objects.get(inventory=ours)
    assert use.contract_end == date(2028, 12, 31)
    assert [(one.solution.name, one.state) for one in use.integrations.all()] == [("ID-porten", "on")]
    assert SystemUse.objects.get(inventory=hadsels).same_as == use


def test_what_a_file_lacks_stays_and_is_told(digi, sortland, ours, areas, it_leader, client):
    for name in ("Sak/arkiv", "Lønn/HR", "Skoleadministrasjon"):
        inventory.add_system(inventory=ours, area=areas[name], product="Elements", end_unknown=True, by=it_leader)
    job = looked_over(
        sheet(["Sak/arkiv", "Elements", "", "2028"]), by=it_leader, collaboration=digi, municipality=sortland
    )
    absent = job.basis["absent"]
    assert (absent["count"], absent["far_fewer"]) == (2, True)
    assert "Lønn/HR: Elements" in absent["systems"]
    client.force_login(it_leader)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "<li>Lønn/HR: Elements</li>" in page

    imports.apply(job=job, by=it_leader)

    assert SystemUse.objects.count() == 3


@pytest.fixture
def everything(ours, hadsels, areas, it_leader):
    """A system of which everything is said, and an area with none."""
    like = inventory.add_system(
        inventory=hadsels, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=None
    )
    solution = NationalSolution.objects.create(
        slug="id-porten", name="ID-porten", owner="Digdir", category="Innlogging"
    )
    other = NationalSolution.objects.create(
        slug="e", name="eByggesak / ePlansak (krav), eTorg", owner="KS", category="Plan"
    )
    use = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Elements", supplier="Sikri", contract_end=date(2029, 6, 30),
        function="Journal", contract_type="ssa_l", concluded_on=date(2021, 1, 1), binding_until=date(2025, 1, 1),
        notice_months=0, notice_to="quarter", options=2, option_months=12, renews_months=12,
        annual_cost=Decimal("1250.50"), shares_cost=True, release="9.2", hosting="shared", operation="it_collab",
        operated_by="Eksempel IKT", owner="Kommunalsjef", responsible="Rådgiver", users=0, criticality="critical",
        availability="always", personal_data="sensitive", dpia="unneeded", processing_agreement="underway",
        archive_duty="yes", introduced_on=date(2020, 1, 1), live_on=date(2021, 2, 1), phased_out_on=date(2028, 1, 1),
        gone_on=date(2029, 1, 1), business_fit=5, technical_fit=1, replacement_year=2029,
        planned_replacement="Noe nytt", remark="=første\nandre", example=True, same_as=like,
        integrations={solution.pk: "on", other.pk: "ready"}, by=it_leader,
    )  # fmt: skip
    inventory.answer_area(inventory=ours, area=areas["Lønn/HR"], answer="none", by=it_leader)
    inventory.answer_area(inventory=ours, area=areas["Skoleadministrasjon"], answer="irrelevant", by=it_leader)
    return use


def test_the_own_sheet_uploaded_again_changes_nothing(everything, ours, digi, sortland, it_leader):
    empty = [name for name in SystemUse.SAID if getattr(everything, name) in (None, "") and name != "contract_end"]
    assert empty == [], "the example says everything there is to say"
    content = workbook([SheetSpec("Systemer", snapshots.header(), snapshots.rows(ours))])

    job = looked_over(content, by=it_leader, collaboration=digi, municipality=sortland)

    assert faults(job) == []
    assert job.counts == {"new": 0, "changed": 0, "unchanged": 3, "errors": 0}
    assert {column["field"] for column in job.columns} >= set(snapshots.NAMES)


def test_a_change_in_the_own_sheet_changes_that_and_undo_takes_it_back(everything, ours, digi, sortland, it_leader):
    content = workbook([SheetSpec("Systemer", snapshots.header(), snapshots.rows(ours))])
    changed = load_workbook(BytesIO(content))
    page = changed.active
    row = next(row for row in page.iter_rows(min_row=2) if row[snapshots.NAMES.index("system")].value == "Elements")
    row[snapshots.NAMES.index("users")].value = 77
    before = SystemUse.objects.values().get(pk=everything.pk)
    job = looked_over(saved(changed), by=it_leader, collaboration=digi, municipality=sortland)
    assert job.rows.to_write().get().values["said"] == {"users": 77}

    imports.apply(job=job, by=it_leader)
    assert SystemUse.objects.values().get(pk=everything.pk) == {**before, "users": 77, "version": before["version"] + 1}

    imports.undo(job=job, by=it_leader)
    assert SystemUse.objects.values().get(pk=everything.pk) == {**before, "version": before["version"] + 2}


def test_the_history_of_an_imported_row_knows_who_wrote_it(digi, sortland, areas, it_leader):
    job = looked_over(sheet(["Sak/arkiv", "Elements", "", ""]), by=it_leader, collaboration=digi, municipality=sortland)
    with acting(by=it_leader):
        imports.apply(job=job, by=it_leader)

    events: Any = SystemUse
    event = events.pgh_event_model.objects.get(pgh_obj_id=SystemUse.objects.get().pk)
    assert event.pgh_context["user"] == it_leader.pk
