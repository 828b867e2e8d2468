"""The pages of the gates in a browser: nothing spills over at either width, and axe finds nothing."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.models import Body, Collaboration
from portfolio.actions import gates, projects
from portfolio.actions.phase_models import choose_full
from tests.browser import faults_of
from tests.portfolio.gate_helpers import ready

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, digi: Collaboration, steering: Body, secretary: User
) -> None:
    project = projects.register_project(
        collaboration=digi, title="Felles innlogging", shared_cost=Decimal(0), by=secretary
    )
    choose_full(project=project, by=secretary)
    gate = ready(project, 1, secretary)
    gates.add_version(gate=gate, number="0.1", on=gate.next_ends_on, change="Utkast", by=secretary)
    gates.add_receiver(gate=gate, name="Styringsgruppen", by=secretary)
    address = ["vesteralen", project.slug]
    seen = [
        project.get_absolute_url(),
        reverse("gates", args=address),
        *[reverse(name, args=[*address, "bp1"]) for name in ("gate", "gate_checks", "gate_front_page", "lay_gate")],
        reverse("gate", args=[*address, "bp3"]),
        reverse("gate_board", args=address),
    ]
    assert faults_of(browser, live_server, [(secretary, path) for path in seen], unfolded=False) == []
