"""3e, 3f: the IT leader's inventory, an inventory and a survey imported from spreadsheets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from playwright.sync_api import expect

from digivesteralen.servers.addresses import BASE_DIR
from governance.models import Collaboration
from surveys.models import ImportJob, Inventory, Response, Survey, SystemUse
from tests.journey.actors import Actor, nb
from tests.journey.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

FILES = BASE_DIR / "tests" / "files"
IMPORTS = "/vesteralen/kartlegging/import/ny/"
SURVEY = "/vesteralen/kartlegging/undersokelser/digital-modenhet/"


# --- e: the inventory ---


def test_the_it_leader_adds_a_system_in_four_fields(house: House) -> None:
    even = house.actor("even.myrskogen@andoy")
    for path in ("nytt/", "lever/"):
        house.actor("kari.blafjellmo@sortland").is_refused(f"/kommune/1871/systemer/{path}", 403)
        house.actor("signe.gaulamoen@holtalen").is_refused(f"/kommune/1871/systemer/{path}", 404)
    even.go("/")
    even.go("/kommune/1871/systemer/")
    even.press(nb("Add a system"))
    like = _that_hadsel_has_and_andoy_lacks()
    house.story["system"] = str(like.product)
    even.send(
        {
            "area": str(like.area_id),
            "product": str(like.product),
            "supplier": str(like.supplier or ""),
            "contract_end": f"{timezone.localdate() + timedelta(days=180):%d.%m.%Y}",
        }
    )
    added = _own("1871").get(product=like.product, area=like.area)
    assert added.contract_end == timezone.localdate() + timedelta(days=180)


def test_the_receipt_tells_what_ends_soon_and_who_has_the_same(house: House) -> None:
    even = house.actor("even.myrskogen@andoy")
    even.go("/kommune/1871/systemer/")
    even.press(nb("Submit the inventory"))
    even.press(nb("Submit for %(municipality)s", municipality="Andøy"))
    ending = _own("1871").ending_soon(18).count()
    assert ending >= 1
    assert even.page.locator("h1").inner_text().startswith(f"{ending} ")
    row = even.page.locator("main tr").filter(has_text=house.story["system"])
    assert "Hadsel" in row.first.inner_text()
    even.sees("18", "Jonas Fjærelid")
    assert Inventory.objects.get(municipality__number="1871").state == Inventory.State.SUBMITTED


def test_an_inventory_is_imported_with_preview_and_confirmed_by_its_own_it_leader(house: House) -> None:
    linn = house.actor("linn.dalseteren@sortland")
    house.actor("kari.blafjellmo@sortland").is_refused(IMPORTS, 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(IMPORTS, 404)
    before = set(SystemUse.objects.values_list("pk", flat=True))
    job = _upload(linn, IMPORTS, {"municipality": "1851", "file": FILES / "inventory-long.xlsx"})
    linn.sees(nb("new"), nb("changed"), nb("unchanged"), nb("with errors"))
    assert set(SystemUse.objects.values_list("pk", flat=True)) == before, "nothing is written before it is confirmed"
    assert job.counts["new"] + job.counts["changed"] > 0
    _apply(linn)
    assert ImportJob.objects.get(pk=job.pk).state == ImportJob.State.APPLIED
    waiting = SystemUse.objects.awaiting().filter(inventory__municipality__number="1851")
    assert waiting.exists()
    berit = house.actor("berit.lyngskar@lodingen")
    linn.is_refused("/kommune/1851/systemer/bekreft/", 403)
    berit.go("/kommune/1851/systemer/bekreft/")
    berit.follow(berit.page.locator("main button[name=confirm]"))
    assert not waiting.exists()
    berit.sees("ACOS WebSak")


def test_the_same_inventory_again_changes_nothing(house: House) -> None:
    linn = house.actor("linn.dalseteren@sortland")
    before = list(SystemUse.objects.order_by("pk").values())
    job = _upload(linn, IMPORTS, {"municipality": "1851", "file": FILES / "inventory-long.xlsx"})
    assert (job.counts["new"], job.counts["changed"]) == (0, 0)
    linn.sees(nb("No changes"))
    assert list(SystemUse.objects.order_by("pk").values()) == before


# --- f: the survey ---


def test_a_survey_is_imported_from_forms_and_asks_for_what_the_file_lacks(house: House) -> None:
    linn = house.actor("linn.dalseteren@sortland")
    house.actor("kari.blafjellmo@sortland").is_refused(f"{SURVEY}import/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(f"{SURVEY}import/", 404)
    linn.go(SURVEY)
    linn.press(nb("Import answers"))
    job = _upload(linn, f"{SURVEY}import/", {"file": FILES / "forms-norsk.xlsx"})
    assert not _survey().responses.exists()
    linn.press(nb("Fill in municipality and people"))
    people = linn.page.locator("main table input[inputmode=numeric], main table input[type=number]")
    people.first.fill("4")
    linn.last = people.first.get_attribute("name") or ""
    linn.submit()
    _preview(linn)
    _apply(linn)
    assert ImportJob.objects.get(pk=job.pk).state == ImportJob.State.APPLIED


def test_the_results_tell_answers_and_people_apart(house: House) -> None:
    linn = house.actor("linn.dalseteren@sortland")
    responses = Response.objects.filter(survey=_survey())
    answers, people = responses.count(), responses.aggregate(all=Sum("people"))["all"]
    assert (answers, people) == (20, 33)
    linn.go(SURVEY)
    linn.sees(f"{answers} svar", f"{people} personer")
    chart = linn.page.locator("main figure[data-chart]").first
    expect(chart.locator("svg:visible").first).to_be_visible()
    linn.sees("IKT-drift: samarbeid om vaktordning og overvåking i alle seks kommunene, også om natten og i helgene")
    linn.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chart.locator("summary").click()
    expect(chart.locator("table")).to_be_visible()
    chart.get_by_role("button", name=nb("Copy to Word")).click()
    expect(chart.locator("[data-copied]")).not_to_be_empty()
    linn.look()


# --- what the steps have in common ---


def _upload(linn: Actor, path: str, values: dict[str, str | Path]) -> ImportJob:
    """Upload, connect the columns, as far as the preview."""
    linn.go(path)
    linn.send({**values})
    columns = linn.page.locator("form[action$='/kolonner/'] button[type=submit]")
    linn.wait_here(columns)
    linn.follow(columns)
    _preview(linn)
    return ImportJob.objects.get(pk=linn.path.rstrip("/").rpartition("/")[2])


def _preview(linn: Actor) -> None:
    linn.wait_here(linn.page.locator("main .p-kpis").first)


def _apply(linn: Actor) -> None:
    linn.follow(linn.page.locator("form[action$='/bruk/'] button[type=submit]"))
    linn.wait_here(linn.page.get_by_role("link", name=nb("See the result")))


def _that_hadsel_has_and_andoy_lacks() -> SystemUse:
    own = _own("1871").values("product")
    found = _own("1866").exclude(product__in=own).select_related("product", "supplier", "area").order_by("pk").first()
    assert found is not None
    return found


def _own(number: str) -> Any:
    place = Collaboration.objects.get(slug="vesteralen")
    return SystemUse.objects.of(place).counted().systems().filter(inventory__municipality__number=number)


def _survey() -> Survey:
    return Survey.objects.get(collaboration__slug="vesteralen", slug="digital-modenhet")
