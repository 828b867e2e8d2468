"""The data files hold what the founding documents say: the counts, the names that refer to each other, the unknowns."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from digivesteralen.demo import facts

SIX = {"1871", "1867", "1866", "1851", "1870", "1868"}


def slugs(things: list[dict[str, Any]]) -> set[str]:
    found = [thing["slug"] for thing in things]
    assert len(found) == len(set(found)), "a slug names one thing"
    return set(found)


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return []


# --- Municipalities


def test_six_forty_seven_and_a_neighbour() -> None:
    assert Counter(one.collaboration for one in facts.municipalities()) == {"vesteralen": 6, "trondelag": 47, "nabo": 1}
    assert {one.number for one in facts.municipalities("vesteralen")} == SIX


@pytest.mark.parametrize(
    ("collaboration", "day", "people"),
    [
        ("vesteralen", date(2020, 1, 1), 32_303),
        ("vesteralen", date(2021, 1, 1), 32_162),
        ("vesteralen", date(2024, 1, 1), 32_670),
        ("trondelag", date(2018, 1, 1), 458_744),
    ],
)
def test_population_adds_up_to_the_published_sum(collaboration: str, day: date, people: int) -> None:
    assert sum(one.population[day] for one in facts.municipalities(collaboration)) == people


def test_a_merged_municipality_names_its_successors() -> None:
    merged = {one.number: one.successors for one in facts.municipalities("trondelag") if one.valid_to}
    assert merged["5012"] == ("5055", "5056", "5059"), "Snillfjord was split in three"
    assert all(merged.values())
    assert all(not one.successors for one in facts.municipalities("trondelag") if not one.valid_to)


def test_organisation_numbers_pass_the_check_digit() -> None:
    for one in facts.municipalities():
        if one.organisation_number:
            digits = [int(digit) for digit in one.organisation_number]
            total = sum(digit * weight for digit, weight in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
            assert total % 11 == 0, one.name


def test_regions_hold_the_same_members_in_both_files() -> None:
    for region in facts.trondelag()["regions"]:
        members = {one.number for one in facts.municipalities() if region["name"] in one.regions}
        assert set(region["members"]) == members, region["name"]


def test_os_is_a_neighbour_from_another_county() -> None:
    (os,) = facts.municipalities("nabo")
    assert (os.number, os.county, os.successors) == ("0441", "Hedmark", ("3430",))
    assert os.regions == ("Rørosregionen",)


# --- DigiVesterålen


def test_findings_by_category() -> None:
    counts = {one["category"]: len(one["points"]) for one in facts.vesteralen()["findings"]}
    assert counts == {
        "Strategiutforming": 5,
        "Teknologi": 7,
        "Gjennomføringsmodeller": 3,
        "Gevinster": 7,
        "Kompetanse": 7,
        "Samarbeid": 6,
    }
    assert sum(counts.values()) == 35


def test_survey_holds_known_counts_and_no_others() -> None:
    survey = facts.vesteralen()["survey"]
    assert (survey["answers"], survey["people"], survey["people_approximate"]) == (35, 50, True)
    known = {
        question["slug"]: [option["count"] for option in question["options"] if "count" in option]
        for question in survey["questions"]
    }
    assert known == {"sporsmal-9": [26, 10, 17, 29], "styrker": [19, 8, 12]}
    assert [len(question["options"]) for question in survey["questions"]] == [11, 11]


def test_the_twelve_of_the_strengths_is_the_only_uncertain_count() -> None:
    options = [option for question in facts.vesteralen()["survey"]["questions"] for option in question["options"]]
    assert [option["count"] for option in options if option.get("uncertain")] == [12]


def test_a_label_is_marked_cut_when_it_is_cut() -> None:
    for question in facts.vesteralen()["survey"]["questions"]:
        for option in question["options"]:
            assert option.get("cut", False) == option["label"].endswith("…"), option["label"]


def test_money_of_the_main_project() -> None:
    known = facts.vesteralen()
    assert (known["grant"]["awarded"], known["grant"]["remaining"]) == (2_000_000, 1_200_000)
    assert known["grant"]["remaining_approximate"]
    assert known["own_effort"]["amount"] == 1_000_000
    assert (known["base_budget"]["minimum"], known["base_budget"]["maximum"]) == (1_200_000, 1_500_000)
    assert [set(line) for line in known["base_budget"]["lines"]] == [{"name"}] * 4, "amounts are unknown"


def test_shape_of_the_collaboration() -> None:
    known = facts.vesteralen()
    assert set(known["collaboration"]["members"]) == SIX
    assert set(known["grant"]["applicants"]) == {"1870", "1851", "1868"}
    assert len(known["mandate"]["points"]) == 5
    assert len(known["agreement"]["sections"]) == 8
    assert {value["number"] for value in known["agreement"]["values"]} == SIX
    assert all(value["example"] for value in known["agreement"]["values"])
    assert [len(one["points"]) for one in known["recommendations"]] == [3, 3, 0]
    assert len(known["strategy"]["sub_goals"]) == 4
    assert len(known["projects"]) == 2
    (steering_group,) = [body for body in known["bodies"] if body["slug"] == "styringsgruppen"]
    assert steering_group["meetings_held"] == 5


def test_three_of_six_focus_areas_have_no_measure() -> None:
    areas = facts.vesteralen()["focus_areas"]
    assert [bool(area["measures"]) for area in areas] == [True, False, False, False, True, True]


def test_names_of_an_organisation_do_not_overlap() -> None:
    for one in facts.vesteralen()["organisations"] + facts.trondelag()["organisations"]:
        for earlier, later in zip(one["names"], one["names"][1:], strict=False):
            assert earlier["to"] + timedelta(days=1) == later["from"], one["slug"]


def test_what_refers_is_there() -> None:
    known = facts.vesteralen()
    bodies, areas = slugs(known["bodies"]), slugs(known["focus_areas"])
    organisations, projects = slugs(known["organisations"]), slugs(known["projects"])
    assert {body["reports_to"] for body in known["bodies"] if "reports_to" in body} <= bodies
    assert {area for project in known["projects"] for area in project["focus_areas"]} <= areas
    measures = [measure for area in known["focus_areas"] for measure in area["measures"]]
    assert {measure["project"] for measure in measures if "project" in measure} == projects
    assert {measure["partner"] for measure in measures if "partner" in measure} <= organisations
    assert {known["grant"]["giver"], known["pre_project"]["project_manager_organisation"]} <= organisations
    assert known["collaboration"]["parent"] in slugs(known["related_collaborations"])


# --- The final report


def test_report_follows_the_chapters_of_the_first_document() -> None:
    chapters = facts.report()["chapters"]
    assert [chapter["number"] for chapter in chapters] == [
        *("1", "2", "3", "3.1", "3.2", "3.3"),
        *("4", "4.1", "4.2", "4.3", "4.4", "4.5", "5"),
    ]


def test_report_texts_are_of_a_length_one_reads() -> None:
    report = facts.report()
    parts = [chapter for chapter in report["chapters"] if chapter["number"] not in {"3", "4"}]
    parts += report["annexes"] + [section for annex in report["annexes"] for section in annex.get("sections", [])]
    for part in parts:
        words = len(part["text"].split())
        assert 80 <= words <= 250, (part, words)


def test_report_describes_every_focus_area() -> None:
    described = [section["focus_area"] for annex in facts.report()["annexes"] for section in annex.get("sections", [])]
    assert described == [area["slug"] for area in facts.vesteralen()["focus_areas"]]


def test_paragraphs_are_parted_by_an_empty_line() -> None:
    assert facts.paragraphs("\nEn.\nEn til.\n\nTo.\n") == ["En.\nEn til.", "To."]


# --- Trøndelag


def test_resolution_of_eleven_points() -> None:
    (resolution,) = [one for one in facts.trondelag()["history"] if one["kind"] == "resolution"]
    assert (resolution["date"], len(resolution["points"])) == (date(2018, 5, 2), 11)
    assert "slutte seg til" in resolution["points"][resolution["recommends_accession_point"] - 1]


def test_way_to_the_resolution() -> None:
    history = facts.trondelag()["history"]
    assert [one["date"] for one in history] == [date(2017, 11, 15), date(2018, 1, 30), date(2018, 5, 2)]
    assert len(history[0]["points"]) == 3


def test_holtalen_decided_as_proposed_and_entered_no_agreement() -> None:
    (decision,) = facts.trondelag()["decisions"]
    assert (decision["number"], decision["date"], decision["case"]) == ("5026", date(2019, 4, 30), "63/19")
    assert decision["points"] == decision["proposal_points"]
    assert len(decision["points"]) == 3
    assert [one["what"] for one in decision["accedes_to"]] == ["strategy", "collaboration", "region"]
    assert decision["unanimous"]
    assert decision["agreement"] == "ikke inngått"


def test_strategy_has_three_pillars_and_five_goals() -> None:
    strategy = facts.trondelag()["strategy"]
    assert (len(strategy["pillars"]), len(strategy["goals"])) == (3, 5)
    assert (strategy["period_from"].year, strategy["period_to"].year) == (2018, 2021)


# --- Inventory and lists


def test_inventory_has_a_hundred_systems_over_all_six() -> None:
    rows = facts.inventory()
    assert len({row.system for row in rows}) >= 100
    assert {row.municipality for row in rows} == SIX
    assert all(row.example for row in rows)
    assert facts.inventory("1870") == [row for row in rows if row.municipality == "1870"]


def test_four_areas_have_the_same_system_in_four_municipalities() -> None:
    rows = facts.inventory()
    users = Counter((row.functional_area, row.system) for row in rows)
    assert len({area for (area, _), count in users.items() if count >= 4}) == 4
    assert len({row.functional_area for row in rows}) == 38


def test_contracts_end_together_in_some_areas() -> None:
    ending: dict[str, set[str]] = defaultdict(set)
    for row in facts.inventory():
        if row.contract_end and date(2026, 11, 22) <= row.contract_end <= date(2028, 5, 22):
            ending[row.functional_area].add(row.municipality)
    assert len([area for area, who in ending.items() if len(who) >= 3]) >= 3


def test_a_known_end_is_not_also_unknown() -> None:
    assert not [row for row in facts.inventory() if row.end_unknown and row.contract_end]


def test_inventory_uses_the_catalogue_or_says_it_is_made_up() -> None:
    known = {(one.functional_area, one.product) for one in facts.catalogue()}
    for row in facts.inventory():
        made_up = re.fullmatch(r"Eksempelsystem \d+", row.system)
        assert made_up or (row.functional_area, row.system) in known, row.system


def test_catalogue_names_one_product_a_row() -> None:
    rows = facts.catalogue()
    assert len(rows) == len({(row.functional_area, row.product) for row in rows})
    assert not [row.product for row in rows if ";" in row.product or " / " in row.product]


def test_every_data_file_has_a_source() -> None:
    named = {one["name"] for one in facts.sources()} | {"sources.toml"}
    assert named == {path.name for path in facts.DATA.iterdir()}


# --- The example layer


def test_example_says_so() -> None:
    assert facts.example()["example"] is True


def test_a_person_for_every_role_and_municipality() -> None:
    appointments = [(person, one) for person in facts.example()["people"] for one in person["appointments"]]
    for role in ("director", "it_leader", "contact"):
        assert {one["on"] for _, one in appointments if one["role"] == role} >= SIX, role
    assert {"5001", "5025", "5026"} <= {one["on"] for _, one in appointments if one["role"] == "director"}
    roles = {one["role"] for _, one in appointments}
    assert roles >= {"secretariat_leader", "secretariat_adviser", "survey_admin", "system_admin", "auditor"}
    assert roles >= {"project_leader", "observer", "member", "deputy"}
    chairs = [one["on"] for _, one in appointments if one.get("chair")]
    assert chairs == ["styringsgruppen", "radmannsutvalget", "strategigruppen"]


def test_people_sign_in_at_reserved_addresses() -> None:
    emails = [person["email"] for person in facts.example()["people"]]
    assert len(emails) == len(set(emails))
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+@[a-z]+\.example", email) for email in emails)


def test_example_refers_to_what_is_there() -> None:
    made_up, known = facts.example(), facts.vesteralen()
    people, projects = slugs(made_up["people"]), slugs(made_up["projects"])
    cases = {(meeting["slug"], case["slug"]) for meeting in made_up["meetings"] for case in meeting["cases"]}
    digut = facts.trondelag()
    bodies = slugs(known["bodies"]) | slugs(digut["bodies"]) | slugs(digut["other_bodies"]) | slugs(digut["efagrad"])
    collaborations = {"vesteralen", "trondelag", digut["region_collaboration"]["slug"]}
    places = bodies | projects | {one.number for one in facts.municipalities()} | collaborations
    appointments = [one for person in made_up["people"] for one in person["appointments"]]
    assert {one["on"] for one in appointments if "on" in one} <= places
    assert {one["for"] for one in appointments if "for" in one} <= people
    for meeting in made_up["meetings"]:
        assert meeting["body"] in bodies
        assert {one["person"] for one in meeting.get("attendance", []) + meeting.get("replies", [])} <= people
        assert {case["project"] for case in meeting["cases"] if "project" in case} <= projects
    assert {(view["meeting"], view["case"]) for view in made_up["views"]} <= cases
    assert {view["person"] for view in made_up["views"]} | {one["who"] for one in made_up["waiting"]} <= people
    for project in made_up["projects"]:
        assert {answer["number"] for answer in project.get("answers", [])} <= set(project["invited"])
        assert set(project["focus_areas"]) <= slugs(known["focus_areas"])


def test_five_projects_leave_one_area_empty() -> None:
    projects = facts.example()["projects"]
    assert len(projects) == 5
    assert {project["state"] for project in projects} == {"idea", "planning", "running", "closed"}
    empty = slugs(facts.vesteralen()["focus_areas"]) - {area for one in projects for area in one["focus_areas"]}
    assert empty == {"felles-fagsystemer"}


def test_a_running_project_with_shared_cost_stands_on_a_resolution() -> None:
    made_up = facts.example()
    held = {(one["slug"], case["slug"]) for one in made_up["meetings"] for case in one["cases"] if "resolution" in case}
    for project in made_up["projects"]:
        if project["state"] in {"running", "closed"} and "cost" in project and not project.get("base_budget"):
            decided = project["decided_in"]
            assert (decided["meeting"], decided["case"]) in held


def test_one_meeting_held_and_one_to_come() -> None:
    meetings = {meeting["state"]: meeting for meeting in facts.example()["meetings"]}
    assert (len(meetings["approved"]["cases"]), len(meetings["sent"]["cases"])) == (3, 4)
    assert meetings["approved"]["same_year"]
    assert meetings["sent"]["days"] == 21


def test_one_thing_waits_per_role() -> None:
    waiting = Counter(one["role"] for one in facts.example()["waiting"])
    held = {one["role"] for person in facts.example()["people"] for one in person["appointments"]}
    assert set(waiting) == (held - {"deputy"}) | {"chair"}
    assert set(waiting.values()) == {1}


def test_no_nynorsk_and_no_dated_word_on_screen() -> None:
    wrong = re.compile(r"\b(ikkje|kommunar|vertskommune|gevinstuttak|saksfremlegg|eit|ein)\b", re.IGNORECASE)
    for source in (facts.vesteralen(), facts.trondelag(), facts.example(), facts.report()):
        assert [text for text in texts(source) if wrong.search(text)] == []


# --- Days


@pytest.mark.parametrize(
    ("loaded", "days", "same_year", "expected"),
    [
        (date(2026, 11, 23), 21, False, date(2026, 12, 14)),
        (date(2026, 11, 22), 21, False, date(2026, 12, 14)),  # a Sunday becomes the Monday after
        (date(2026, 11, 22), -60, True, date(2026, 9, 23)),
        (date(2026, 11, 24), -3, False, date(2026, 11, 20)),  # what is past stays past
        (date(2027, 1, 20), -60, True, date(2027, 1, 1)),
        (date(2028, 1, 20), -60, True, date(2028, 1, 3)),  # New Year's Day was a Saturday
        (date(2028, 1, 1), -60, True, date(2028, 1, 1)),
    ],
)
def test_day_from_loading(loaded: date, days: int, same_year: bool, expected: date) -> None:
    assert facts.day(loaded, days, same_year=same_year) == expected
