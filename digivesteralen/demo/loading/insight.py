"""Where the municipalities stood: the survey of 2021, its findings and activities; and an inventory of made-up rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading import catalogue_names
from digivesteralen.demo.loading.cast import Cast
from digivesteralen.reports import actions as reports
from digivesteralen.reports.models import Report
from governance.models import Collaboration
from portfolio.models import FocusArea
from surveys.actions import catalogue, findings, inventory, surveys
from surveys.models import Area, Inventory, Question, Review

INSTRUMENTS = {
    "kartlegging": "mapping",
    "spørreundersøkelse": "survey",
    "intervju": "interview",
    "dokumentinnhenting": "documents",
}
OPERATED = {"egen kommune": "own", "leverandør": "supplier", "IT-samarbeid": "it_collab"}
DONE = {"draft": 0, "submitted": 1, "reviewed": 2, "quality_assured": 3}


def load_founding(collaboration: Collaboration, secretary: Any) -> None:
    """What the report of 2021 holds; a figure that is not known stays unknown."""
    told = facts.vesteralen()
    survey = _survey(collaboration, told["survey"])
    for activity in told["activities"]:
        findings.define_activity(
            collaboration=collaboration,
            kind=INSTRUMENTS[activity["kind"]],
            title=activity["title"],
            summary=activity["text"],
            since=told["survey"]["from"],
            until=told["survey"]["to"],
            precision=told["survey"]["precision"],
            survey=survey if activity["kind"] == "spørreundersøkelse" else None,
            by=secretary,
        )
    for fact in told["findings"]:
        category = findings.define_category(
            collaboration=collaboration, name=fact["category"], note=fact.get("note", ""), by=secretary
        )
        for point in fact["points"]:
            findings.define_finding(category=category, text=point, by=secretary)
    _report(collaboration, told, secretary)


def _survey(collaboration: Collaboration, fact: dict[str, Any]) -> Any:
    survey = surveys.define_survey(
        collaboration=collaboration,
        slug=fact["slug"],
        title=fact["title"],
        opens_on=fact["from"],
        closes_on=fact["to"],
        precision=fact["precision"],
        reported_answers=fact["answers"],
        reported_people=fact["people"],
        reported_approximate=fact["people_approximate"],
        note=f"{fact['people_note']} {fact['note']}",
    )
    for question in fact["questions"]:
        surveys.define_question(
            survey=survey,
            text=question["text"],
            kind=Question.Kind(question["kind"]),
            number=str(question.get("number", "")),
            theme=question["tag"],
            options=[
                {
                    "text": option["label"],
                    "cut": option.get("cut", False),
                    "is_other": option.get("other", False),
                    "reported_count": option.get("count"),
                    "uncertain": option.get("uncertain", False),
                }
                for option in question["options"]
            ],
        )
    return survey


def _report(collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> Report:
    """The final report of the pre-project, with the authored texts; its figures come from the data."""
    fact = facts.report()
    report = reports.begin_report(
        collaboration=collaboration, title=fact["title"], slug="sluttrapport-forprosjekt", by=secretary
    )
    report.chapters.all().delete()
    for chapter in fact["chapters"]:
        reports.add_chapter(
            report=report,
            number=chapter["number"],
            title=chapter["title"],
            text=chapter["text"].strip(),
            blocks=chapter["data"],
            by=secretary,
        )
    for annex in fact["annexes"]:
        sections = annex.get("sections", [])
        reports.add_chapter(
            report=report,
            number=annex["letter"],
            title=annex["title"],
            text=annex["text"].strip(),
            blocks=annex["data"],
            by=secretary,
        )
        for section in sections:
            area = FocusArea.objects.get(collaboration=collaboration, slug=section["focus_area"])
            reports.add_chapter(
                report=report, number="", title=area.name, text=section["text"].strip(), focus_area=area, by=secretary
            )
    for recommendation in told["recommendations"]:
        reports.recommend(report=report, text=recommendation["text"], points=recommendation["points"], by=secretary)
    return report


def load_example(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    """The inventory of made-up rows, how far each municipality has come, and an open survey."""
    _catalogue()
    areas = {(area.service_area.name, area.name): area for area in Area.objects.select_related("service_area")}
    states = {one["number"]: one for one in facts.example()["inventory_states"]}
    for number, state in states.items():
        _fill(cast, number, areas)
        _hand_in(cast, number, state, secretary)
    for fact in facts.example()["surveys"]:
        surveys.define_survey(
            collaboration=collaboration,
            slug=fact["slug"],
            title=fact["title"],
            purpose=fact["text"],
            opens_on=cast.past(fact["from_days"]),
            closes_on=cast.today + timedelta(days=fact["to_days"]),
            example=True,
        )


def _catalogue() -> None:
    """The service areas, areas and systems an IT leader is offered."""
    seen: dict[str, int] = {}
    for fact in facts.catalogue():
        position = seen.setdefault(fact.service_area, len(seen) + 1)
        area = catalogue.define_area(service_area=fact.service_area, name=fact.functional_area, position=position)
        catalogue.define_product(name=fact.product, supplier=fact.supplier, area=area)
    catalogue_names.load()
    for row in facts.inventory():
        position = seen.setdefault(row.service_area, len(seen) + 1)
        catalogue.define_area(service_area=row.service_area, name=row.functional_area, position=position)


def _fill(cast: Cast, number: str, areas: dict[tuple[str, str], Area]) -> None:
    inventory_row = inventory.inventory_of(cast.municipality(number))
    Inventory.objects.filter(pk=inventory_row.pk).update(example=True)
    leader = it_leader(cast, number)
    for row in facts.inventory(number):
        inventory.add_system(
            inventory=inventory_row,
            area=areas[row.service_area, row.functional_area],
            product=row.system,
            supplier=row.supplier,
            contract_end=row.contract_end,
            end_unknown=row.contract_end is None,
            operation=OPERATED[row.operated_by],
            example=True,
            by=leader,
            **row.contract,
        )


def _hand_in(cast: Cast, number: str, state: dict[str, Any], secretary: Any) -> None:
    """As far as the municipality has come: handed in, gone through, quality-assured (R30)."""
    steps = DONE[state["state"]]
    row = Inventory.objects.get(municipality__number=number)
    if steps >= 1:
        inventory.submit(inventory=row, version=None, by=it_leader(cast, number))
    for step, kind, name in (
        (2, Review.Kind.WORKING_GROUP, "Arbeidsgruppen"),
        (3, Review.Kind.IT_LEADERS, "IT-lederne"),
    ):
        if steps >= step:
            inventory.register_review(
                inventories=[Inventory.objects.get(pk=row.pk)],
                kind=kind,
                on=cast.past(state["days"]),
                meeting_name=f"Møte i {name.lower()}",
                present=name,
                by=secretary,
            )


def it_leader(cast: Cast, number: str) -> Any:
    fact = next(
        one
        for one in facts.example()["people"]
        if one.get("number") == number and one["appointments"][0]["role"] == "it_leader"
    )
    return cast.user(fact["slug"])
