"""What one cell says, as a careful person would read it; and what the names in a cell are."""

import pytest

from surveys.former_numbers import former_numbers
from surveys.inventory_cells import READERS
from surveys.inventory_names import Named, parts_of, systems
from surveys.models.catalogue import key_of

END = {"end_unknown": False, "end_running": False}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("contract_end", "Q4 2026", {"contract_end": "2026-12-31", **END}),
        ("contract_end", "2. kvartal 2027", {"contract_end": "2027-06-30", **END}),
        ("contract_end", 2028, {"contract_end": "2028-12-31", **END}),
        ("contract_end", "46387", {"contract_end": "2026-12-31", **END}),
        ("contract_end", "31.12.26", {"contract_end": "2026-12-31", **END}),
        ("contract_end", "Løpende", {"contract_end": None, "end_unknown": False, "end_running": True}),
        ("contract_end", "TBD", {"contract_end": None, "end_unknown": True, "end_running": False}),
        ("contract_end", "\xa0", {}),
        ("concluded_on", "2021", {"concluded_on": "2021-01-01"}),
        ("live_on", "Q2 2024", {"live_on": "2024-04-01"}),
        ("binding_until", "2027", {"binding_until": "2027-12-31"}),
        ("notice_months", "3 mnd", {"notice_months": 3}),
        ("notice_months", "6 måneder til årsslutt", {"notice_months": 6, "notice_to": "year"}),
        ("notice_months", "90 dager", {"notice_months": 3}),
        ("notice_months", "ett år", {"notice_months": 12}),
        ("notice_months", "ingen", {"notice_months": 0}),
        ("options", "2 x 1 år", {"options": 2, "option_months": 12}),
        ("options", "1+1+1", {"options": 3, "option_months": 12}),
        ("options", "2+1+1", {"options": 2, "option_months": 12}),
        ("options", "Ja, 2 × 12 mnd", {"options": 2, "option_months": 12}),
        ("options", "opsjon på 1+1 år", {"options": 2, "option_months": 12}),
        ("options", "ingen", {"options": 0}),
        ("options", "2", {"options": 2}),
        ("renews_months", "årlig", {"renews_months": 12}),
        ("renews_months", "1 år om gangen", {"renews_months": 12}),
        ("renews_months", "nei", {}),
        ("annual_cost", "kr 300.000,-", {"annual_cost": "300000.00"}),
        ("annual_cost", "ca 250 000", {"annual_cost": "250000.00"}),
        ("annual_cost", "ca. kr 1\xa0250,50", {"annual_cost": "1250.50"}),
        ("annual_cost", "N/A", {}),
        ("users", "ca 120", {"users": 120}),
        ("users", 12.0, {"users": 12}),
        ("operation", "IKT-samarbeid", {"operation": "it_collab"}),
        ("operation", "Eksempel Drift AS", {"operated_by": "Eksempel Drift AS"}),
        ("hosting", "Skytjeneste", {"hosting": "cloud"}),
        ("contract_type", "SSA-L", {"contract_type": "ssa_l"}),
        ("criticality", "Høy", {"criticality": "high"}),
        ("availability", "24/7", {"availability": "always"}),
        ("personal_data", "Ja", {"personal_data": "personal"}),
        ("personal_data", "særlige kategorier", {"personal_data": "sensitive"}),
        ("dpia", "N/A", {"dpia": "unneeded"}),
        ("dpia", "vet ikke", {}),
        ("processing_agreement", "Nei", {"processing_agreement": "missing"}),
        ("archive_duty", True, {"archive_duty": "yes"}),
        ("shares_cost", "ja", {"shares_cost": True}),
        ("business_fit", "4 – bra", {"business_fit": 4}),
        ("replacement_year", "Q1 2029", {"replacement_year": 2029}),
        ("supplier", "N/A", {}),
        ("supplier", "MS Excel", {"supplier": "MS Excel"}),
        ("remark", "første\r\nandre", {"remark": "første\nandre"}),
        ("owner", "Virksomhetsleder helse", {"owner": "Virksomhetsleder helse"}),
    ],
)
def test_a_cell_says_what_a_careful_person_reads(field, value, said):
    assert READERS[field](value)[0] == said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contract_end", "03/04/2026"),
        ("contract_end", "snart"),
        ("concluded_on", "31.02.2024"),
        ("notice_months", "15y 3m ago"),
        ("notice_months", "etter avtale"),
        ("renews_months", "ja"),
        ("options", "flere"),
        ("options", "3+2+1"),
        ("annual_cost", "-1"),
        ("annual_cost", "mye"),
        ("users", "2,5"),
        ("shares_cost", "kanskje"),
        ("archive_duty", "tja"),
        ("criticality", "rød"),
        ("business_fit", "6"),
        ("replacement_year", "1999"),
        ("owner", "x" * 201),
        ("operation", "x" * 201),
    ],
)
def test_a_cell_nobody_can_read_is_a_fault_that_says_the_cure(field, value):
    with pytest.raises(ValueError, match=r"\w+"):
        READERS[field](value)


@pytest.mark.parametrize(("field", "value"), [("annual_cost", "ca 250 000"), ("users", "rundt 40"), ("options", "1+1")])
def test_what_is_taken_with_a_grain_of_salt_is_told(field, value):
    assert READERS[field](value)[1]


KNOWN = {key_of(name) for name in ("Elements", "Public 360°", "KF Lovdata / Infoserie", "Gerica", "Norkart A/S")}


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Elements", ["Elements"]),
        ("Elements / Public 360°", ["Elements", "Public 360°"]),
        ("Elements+Gerica", ["Elements", "Gerica"]),
        ("Elements; Gerica", ["Elements", "Gerica"]),
        ("Elements, Gerica", ["Elements", "Gerica"]),
        ("Elements\nGerica", ["Elements", "Gerica"]),
        ("Elements og Gerica", ["Elements", "Gerica"]),
        ("KF Lovdata / Infoserie", ["KF Lovdata / Infoserie"]),
        ("KF Lovdata / Infoserie / Gerica", ["KF Lovdata / Infoserie", "Gerica"]),
        ("Norkart A/S", ["Norkart A/S"]),
        ("Notepad++", ["Notepad++"]),
        ("Eksempel (modul A, B)", ["Eksempel (modul A, B)"]),
    ],
)
def test_a_cell_is_cut_where_a_person_would(cell, names):
    assert [one.name for one in systems(cell, KNOWN, wide=True)] == names


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("Gerica (ny fra 2023)", Named("Gerica", {"remark": "ny fra 2023", "live_on": "2023-01-01"})),
        ("Gerica, ny fra 2023", Named("Gerica", {"remark": "ny fra 2023", "live_on": "2023-01-01"})),
        ("Gerica – utgår 2027", Named("Gerica", {"remark": "utgår 2027", "phased_out_on": "2027-01-01"})),
        ("Gerica (utgår)", Named("Gerica", {"remark": "utgår"})),
        (
            "Gerica, erstattes av Elements i 2028",
            Named("Gerica", {
                "remark": "erstattes av Elements i 2028", "planned_replacement": "Elements", "replacement_year": 2028,
            }),
        ),
        ("Gerica (Tietoevry)", Named("Gerica", {"remark": "Tietoevry"})),
        ("samme som Hadsel", Named("", same_as="Hadsel")),
        ("Same som i Bø kommune.", Named("", same_as="Bø kommune")),
    ],
)  # fmt: skip
def test_a_remark_in_the_cell_is_no_part_of_the_name(cell, named):
    assert systems(cell, KNOWN, wide=True) == [named]


def test_a_list_of_names_keeps_a_known_one_whole():
    known = {key_of("Fiks SvarUt / SvarInn"), key_of("ID-porten")}
    assert parts_of("ID-porten, Fiks SvarUt / SvarInn; KRR", known) == ["ID-porten", "Fiks SvarUt / SvarInn", "KRR"]


def test_a_number_of_before_leads_to_the_municipality_of_now():
    assert "1601" in former_numbers("5001")
    assert former_numbers("1870") == set()
