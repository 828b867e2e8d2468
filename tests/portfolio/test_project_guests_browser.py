"""The pages about people from outside, and «Hvem ser dette», in a browser: nothing spills over, axe finds nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from portfolio.actions.project_guests import share_project
from portfolio.models import Project
from tests.browser import SPILLS, violations, window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_sharing_a_project_is_whole_and_accessible(
    browser: Browser, live_server: Any, project: Project, secretary: User, width: int
) -> None:
    share_project(
        project=project, name="Gjest Leverandør", email="gjest@leverandor.example", purpose="Skal gi et tilbud.",
        until=timezone.localdate() + timedelta(days=7), by=secretary,
    )  # fmt: skip
    guest = User.objects.get(email="gjest@leverandor.example")
    faults = []
    home = project.get_absolute_url()
    shared = f"/vesteralen/delt/{project.slug}/"
    seen = [(secretary, path) for path in (f"{home}gjester/", f"{home}gjester/ny/", shared, f"{home}#hvem-ser")]
    for who, path in [*seen, (guest, "/"), (guest, shared)]:
        page, complaints = window(browser, live_server, who, path, width=width)
        if path.endswith("#hvem-ser"):
            page.locator("#hvem-ser summary").click()
            expect(page.locator("#hvem-ser").get_by_text("Sekretær Vesterålen").first).to_be_visible()
        faults += [(path, complaint) for complaint in [*complaints, *violations(page)]]
        faults += [(path, "spills")] if page.evaluate(SPILLS) else []
        page.context.close()
    assert faults == []
