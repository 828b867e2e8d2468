"""A proposal in a browser: from a municipality's three texts to the tier above, whole at both widths."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.models import Body, Collaboration, Proposal
from tests.browser import SPILLS, violations, window

pytestmark = pytest.mark.django_db(transaction=True)


def faults(page: Any, complaints: list[str]) -> list[str]:
    for details in page.locator("main details").all():
        details.evaluate("each => each.open = true")
    found = [*violations(page), *complaints]
    return [*found, f"{page.url}: {page.evaluate(SPILLS)} px too wide"] if page.evaluate(SPILLS) else found


@pytest.mark.parametrize("width", [1280, 390])
def test_a_proposal_goes_from_a_municipality_to_the_steering_group(
    browser: Browser, live_server: Any, digi: Collaboration, steering: Body, contact: User, secretary: User, width: int
) -> None:
    page, complaints = window(browser, live_server, contact, "/vesteralen/forslag/", width=width)
    page.get_by_role("link", name="Nytt forslag").click()
    page.get_by_label("Tittel").fill("Felles skjema")
    page.get_by_label("Hva foreslår dere?").fill("Ett skjema for alle.")
    page.get_by_label("Hvorfor?").fill("Seks ulike skjema i dag.")
    assert faults(page, complaints) == []
    page.get_by_role("button", name="Send forslaget").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Felles skjema")
    page.context.close()

    page, complaints = window(browser, live_server, secretary, "/", width=width)
    page.get_by_role("link", name="Besvar forslag").click()
    page.get_by_role("link", name="Send videre").click()
    page.get_by_label("Til", exact=True).select_option(label="Styringsgruppen")
    page.get_by_label("Begrunnelse").fill("Nyttig for alle seks.")
    assert faults(page, complaints) == []
    page.get_by_role("button", name="Send videre").click()
    expect(page.get_by_text("Forslaget er sendt videre.")).to_be_visible()
    page.get_by_role("link", name="Spør medlemmene").click()
    page.get_by_label("Signal innen").fill("31.12.2099")
    page.get_by_role("button", name="Spør medlemmene").click()
    expect(page.get_by_text("6 kommuner har ikke svart")).to_be_visible()
    assert faults(page, complaints) == []
    for path in ("", f"{Proposal.objects.get().pk}/svar/", f"{Proposal.objects.get().pk}/sak/"):
        page.goto(f"{live_server.url}/vesteralen/forslag/{path}")
        assert faults(page, complaints) == []
    page.context.close()
