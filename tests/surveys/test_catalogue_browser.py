"""The catalogue and the step «Names» in a browser: nothing spills over, axe finds nothing, the keyboard is enough."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from surveys.actions import catalogue, merging
from surveys.models import Area, ImportJob, Product
from tests.browser import faults_of, window
from tests.surveys.inventory_people import looked_over, sheet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elements(digi: Collaboration, areas: dict[str, Area], survey_admin: User) -> Product:
    """A system with another name, a double that was merged, and two others that look alike."""
    found = Product.objects.get(name="Elements")
    catalogue.confirm_alias(product=found, name="ePhorte", kind="former", by=survey_admin)
    gone = catalogue.define_product(name="Elementer")
    merging.merge(gone=gone, kept=found, collaboration=digi, by=survey_admin)
    for name in ("KommTek", "Komtek"):
        catalogue.define_product(name=name, supplier="Norkart")
    return found


@pytest.fixture
def names(digi: Collaboration, sortland: Organisation, elements: Product, survey_admin: User) -> ImportJob:
    rows = [["Sak/arkiv", "Elements Sky", "", "vet ikke"], ["Lønn/HR", "KOMTEKK", "", "vet ikke"]]
    return looked_over(sheet(*rows), by=survey_admin, collaboration=digi, municipality=sortland, on_behalf=True)


def test_nothing_spills_and_axe_finds_nothing(
    browser: Browser, live_server: Any, survey_admin: User, elements: Product, names: ImportJob
) -> None:
    addresses = (
        reverse("import_names", args=["vesteralen", names.pk]),
        reverse("products", args=["vesteralen"]),
        reverse("product", args=["vesteralen", elements.pk]),
        reverse("doubles", args=["vesteralen"]),
        reverse("supplier", args=["vesteralen", elements.supplier_id]),
    )
    assert faults_of(browser, live_server, [(survey_admin, one) for one in addresses], unfolded=False) == []


def test_a_name_is_answered_by_the_keyboard_alone(
    browser: Browser, live_server: Any, survey_admin: User, names: ImportJob
) -> None:
    step = reverse("import_names", args=["vesteralen", names.pk])
    page, _complaints = window(browser, live_server, survey_admin, step)
    first = page.locator("input[type=radio]").first
    first.focus()
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[role=status], .ds-alert").first).to_be_visible()

    assert names.names.filter(decision="same").count() == 1
