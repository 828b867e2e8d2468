"""One recommendation becomes 47 municipalities' own decisions: 30 answer, one leaves, and two must be cleared anew."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.ui import wording
from governance.models import Adoption, Case, Meeting
from portfolio.models import Participation, Project, Share
from portfolio.shares import financing
from tests.journey.actors import nb
from tests.journey.conftest import House
from tests.journey.test_1_agreement import extract

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

SECRETARY = "jorund.leksmyren@fylket"
TITLE = "Felles opplæring i skytjenester"
COST = Decimal("4700000.00")
# Those who decide exactly what their share was, and those with room for more.
EXACTLY, ROOM = ["Røros", "Holtålen"], Decimal("200000.00")
OWN = {
    "Trondheim": "astrid.elvebrekkmo@trondheim",
    "Røros": "kare.bergstadlien@roros",
    "Holtålen": "signe.gaulamoen@holtalen",
}
ANSWERS = 30


def test_the_steering_group_recommends_and_47_are_asked(house: House) -> None:
    jorund = house.actor(SECRETARY)
    jorund.go("/trondelag/prosjekter/ny/")
    jorund.send({"title": TITLE, "shared_cost": "4700000", "key": "equal"})
    project = Project.objects.get(title=TITLE)
    house.story["cloud"] = project.get_absolute_url()
    jorund.press(nb("Lay the financing plan"))
    jorund.press(nb("Make the case"))
    case = Case.objects.get(project_cases__project=project)
    jorund.go("/trondelag/moter/nytt/")
    jorund.send({"day": f"{timezone.localdate():%d.%m.%Y}", "begins": "07.00", "place": "Teams"})
    here = Meeting.objects.latest("pk").get_absolute_url()
    jorund.go(f"{here}saksliste/")
    jorund.send({"case": case.title})
    jorund.press(nb("Send the agenda"))
    jorund.press(nb("Send the agenda"))
    jorund.press(nb("Start the meeting"))
    jorund.press(nb("Start the meeting"))
    item = case.items.get()
    jorund.go(f"{here}sak/{item.pk}/")
    jorund.send({"outcome": "recommended"})
    jorund.press(nb("End the meeting"))
    asked = Adoption.objects.filter(case=case)
    assert asked.count() == 47
    assert set(asked.values_list("state", flat=True)) == {Adoption.State.OPEN}
    assert project.participations.count() == 47
    assert not project.participations.taking_part().exists(), "a recommendation decides for nobody"
    house.story["cloud case"] = case.pk


def test_thirty_answer_three_themselves_and_the_rest_on_their_behalf_with_the_extract(
    house: House, tmp_path: Path
) -> None:
    project = Project.objects.get(title=TITLE)
    share = wording.money((COST / ANSWERS).quantize(Decimal("0.01"))).removesuffix(" kr")
    parts = {part.organisation.name: part for part in project.participations.whole()}
    answering = [*OWN, *[name for name in parts if name not in OWN][: ANSWERS - len(OWN)]]
    jorund = house.actor(SECRETARY)
    for number, name in enumerate(answering):
        matter = parts[name].adoption.get_absolute_url()
        who = house.actor(OWN[name]) if name in OWN else jorund
        told = {
            "state": "adopted",
            "decided_by": "Kommunestyret",
            "decided_on": _days_ago(10),
            "case_number": f"{number + 1}/26",
            "amount": share if name in EXACTLY else str(ROOM).replace(".", ","),
        }
        who.go(f"{matter}{'registrer' if name in OWN else 'pa-vegne'}/")
        who.send(told if name in OWN else {**told, "extract": extract(tmp_path)})
    assert project.participations.taking_part().count() == ANSWERS
    on_behalf = Adoption.objects.filter(participation__project=project, on_behalf=True)
    assert on_behalf.count() == ANSWERS - len(OWN)
    assert all(one.extract for one in on_behalf)


def test_the_numbers_that_count_are_told_on_one_page(house: House) -> None:
    jorund = house.actor(SECRETARY)
    jorund.go(reverse("adoption_map", args=["trondelag"]))
    jorund.sees(TITLE)
    jorund.go(reverse("adoption_matrix", args=["trondelag"]))
    jorund.sees(TITLE)
    jorund.go(reverse("participation_matrix", args=["trondelag"]))
    jorund.sees(TITLE)
    jorund.go(house.story["cloud"])
    lines = financing(*_with_parts()).lines
    so_far = [line.so_far for line in lines if line.so_far is not None]
    assert len(so_far) == ANSWERS
    assert sum(so_far) == COST
    jorund.sees(wording.money(max(so_far)))


def test_one_leaves_and_exactly_two_must_be_cleared_anew(house: House, tmp_path: Path) -> None:
    astrid, signe = house.actor(OWN["Trondheim"]), house.actor(OWN["Holtålen"])
    before = _decisions()
    jorund = house.actor(SECRETARY)
    jorund.is_refused(f"{house.story['cloud']}deltakelse/5001/utmelding/", 403)
    astrid.go(f"{house.story['cloud']}deltakelse/5001/utmelding/")
    told = {"decided_by": "Kommunestyret", "decided_on": _days_ago(1), "case_number": "99/26"}
    astrid.send({**told, "leaves_on": _days_ago(1)})
    project = Project.objects.get(title=TITLE)
    reopened = Share.objects.filter(project=project).reopened()
    assert {one.organisation.name for one in reopened} == set(EXACTLY)
    divided = financing(*_with_parts())
    assert {line.participation.organisation.name for line in divided.reopened} == set(EXACTLY)
    assert divided.unfunded == sum(one.excess for one in reopened) > 0
    assert _decisions() == before, "the decisions of the others stand"
    signe.go("/")
    signe.sees("Avklar på nytt", TITLE)
    signe.go(house.story["cloud"])
    signe.sees(nb("Must be settled anew"))


def test_the_workbook_of_the_decisions_has_them_all(house: House) -> None:
    file = house.actor(SECRETARY).fetch(reverse("adoptions", args=["trondelag"]) + "?format=xlsx")
    rows = list(load_workbook(BytesIO(file)).active.iter_rows(min_row=2, values_only=True))
    ours = [row for row in rows if any(TITLE in str(cell) for cell in row)]
    assert len(ours) >= 47
    amounts = [cell for row in ours for cell in row if isinstance(cell, int | float) and cell == float(ROOM)]
    assert len(amounts) == ANSWERS - len(EXACTLY)


def _days_ago(count: int) -> str:
    return f"{timezone.localdate() - timedelta(days=count):%d.%m.%Y}"


def _with_parts() -> tuple[Project, list[Participation]]:
    project = Project.objects.get(title=TITLE)
    return project, list(project.participations.whole())


def _decisions() -> list[tuple[str, str, Decimal | None]]:
    asked = Adoption.objects.filter(participation__project__title=TITLE).exclude(organisation__name="Trondheim")
    return sorted(asked.values_list("organisation__name", "state", "amount"))
