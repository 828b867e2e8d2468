"""The organisation chart is drawn from what is registered, and says the same in words."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.ui import charts
from digivesteralen.ui.charts import Node
from governance import organisation_chart
from governance.models import Body, BodyCapacity, Collaboration, Duty, Organisation, Region

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
SINCE = date(2021, 1, 1)


@pytest.fixture
def whole(digi: Collaboration, steering: Body, hadsel: Organisation) -> Collaboration:
    """Two levels under a county network, a secretariat that is employed, and a council that serves."""
    above = Collaboration.objects.create(slug="diginordland", name="DigiNordland", external=True)
    beside = Collaboration.objects.create(slug="digihelgeland", name="DigiHelgeland", external=True)
    digi.parent = above
    digi.save()
    digi.siblings.add(beside)
    secretariat = Body.objects.create(
        collaboration=digi, kind="secretariat", name="Sekretariatet", slug="sekretariatet", level=2, reports_to=steering
    )
    for name in ("Ressursgruppen", "Referansegruppen"):
        Body.objects.create(
            collaboration=digi, kind="resource", name=name, slug=name.lower(), level=2, reports_to=secretariat
        )
    Duty.objects.create(collaboration=digi, kind="employer", organisation=hadsel, since=SINCE)
    region = Region.objects.create(name="Indre Vesterålen")
    other = Collaboration.objects.create(slug="indre", name="Indre")
    joint = Body.objects.create(
        collaboration=other, kind="steering", name="Felles styringsgruppe", slug="felles", level=1
    )
    BodyCapacity.objects.create(body=joint, collaboration=digi, kind="efagrad", region=region, since=SINCE)
    return digi


def drawn(collaboration: Collaboration) -> Any:
    bodies = collaboration.bodies.select_related("region").prefetch_related("statuses")
    return organisation_chart.chart(collaboration, list(bodies), timezone.localdate())


def test_everything_is_drawn_under_what_it_belongs_to(whole: Collaboration) -> None:
    chart = drawn(whole)
    under = {name: above for name, above, _more in chart.rows}
    assert under == {
        "DigiNordland": "–",
        "DigiVesterålen": "DigiNordland",
        "Styringsgruppen": "DigiVesterålen",
        "Sekretariatet": "Styringsgruppen",
        "Ressursgruppen": "Sekretariatet",
        "Referansegruppen": "Sekretariatet",
        "Felles styringsgruppe": "DigiVesterålen",
    }
    for said in ("Hadsel", "DigiHelgeland", "Indre Vesterålen", "6 "):
        assert said in chart.description


@pytest.mark.parametrize("options", [{}, {"narrow": True}, {"mode": "print"}])
def test_no_box_covers_another_and_none_leaves_the_sheet(whole: Collaboration, options: Any) -> None:
    root = ElementTree.fromstring(drawn(whole).svg(**options))
    boxes = [
        tuple(float(box.attrib[name]) for name in ("x", "y", "width", "height")) for box in root.iter(SVG + "rect")
    ]
    assert len(boxes) == 7
    for x, y, width, height in boxes:
        assert x >= 0 and x + width <= float(root.attrib["width"]) + 1
        assert y >= 0 and y + height <= float(root.attrib["height"]) + 1
    for number, (x, y, width, height) in enumerate(boxes):
        for left, top, broad, tall in boxes[number + 1 :]:
            assert x + width <= left or left + broad <= x or y + height <= top or top + tall <= y
    assert root.find(SVG + "title") is not None


def test_a_single_one_below_the_first_of_many_keeps_to_its_place() -> None:
    deep = Node("Rådmannsutvalget", [], "accent", [Node("Strategigruppen", [], "accent", [Node("Sekretariatet")])])
    chart = charts.tree("Skjev", [Node("Topp", [], "accent", [deep, *[Node(f"eFagråd {n}") for n in range(4)]])])
    for options in ({}, {"narrow": True}):
        root = ElementTree.fromstring(chart.svg(**options))
        for box in root.iter(SVG + "rect"):
            left, width = float(box.attrib["x"]), float(box.attrib["width"])
            assert left >= 0 and left + width <= float(root.attrib["width"]) + 1


def test_too_many_for_the_width_stand_one_under_the_other() -> None:
    roots = [Node("Topp", [], "accent", [Node(f"Gruppe {n}") for n in range(20)])]
    chart = charts.tree("Mange", roots)
    boxes = list(ElementTree.fromstring(chart.svg()).iter(SVG + "rect"))
    assert len({box.attrib["y"] for box in boxes}) == 21


def test_bodies_that_report_to_each_other_in_a_ring_are_still_there(digi: Collaboration, steering: Body) -> None:
    other = Body.objects.create(
        collaboration=digi, kind="network", name="Nettverket", slug="nettverket", level=2, reports_to=steering
    )
    Body.objects.filter(pk=steering.pk).update(reports_to=other)
    found = organisation_chart.branches(list(digi.bodies.all()))
    assert {branch.body.name for branch in found} == {"Styringsgruppen", "Nettverket"}


def test_the_page_has_the_figure_and_the_same_as_a_list(
    client: Client, whole: Collaboration, director: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(director)
    client.get("/vesteralen/")
    with django_assert_max_num_queries(60):
        page = client.get("/vesteralen/").content.decode()
    assert 'id="organisasjonskart-t"' in page and 'id="organisasjonskart-smal-t"' in page
    assert "DigiNordland" in page and "/vesteralen/organ/sekretariatet/" in page


def test_an_empty_collaboration_has_no_figure(digi: Collaboration) -> None:
    assert drawn(digi) is None
