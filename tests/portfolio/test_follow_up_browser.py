"""Risks, milestones and the log in a browser: at both widths nothing spills over, and axe finds nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.models import Body, Organisation
from portfolio.actions import log, milestones, risks
from portfolio.models import Project
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def followed(project: Project, steering: Body, hadsel: Organisation, secretary: User) -> Project:
    today = timezone.localdate()
    where = {"collaboration": project.collaboration, "project": project, "organisation": hadsel, "by": secretary}
    first = risks.register_risk(
        description="Leverandøren rekker ikke flyttingen av gamle saker før avtalene løper ut.", **where,
        measure="Prøv i én kommune først.", judged=risks.Judged(4, 4, 2, 3), on=today - timedelta(days=30),
        in_portfolio=True,
    )  # fmt: skip
    risks.change_risk(risk=first, version=1, judged=risks.Judged(3, 4, 2, 3), comment="Ny plan", by=secretary)
    risks.register_risk(description="Deling av drift", kind="opportunity", judged=risks.Judged(2, 4), **where)
    moved = milestones.add_milestone(project=project, title="Pilot", planned_on=date(2021, 11, 30), by=secretary)
    spring = {"planned_on": date(2022, 5, 31), "planned_precision": "season"}
    milestones.change_milestone(milestone=moved, version=1, reason="Leverandøren er sen", by=secretary, **spring)
    milestones.add_milestone(project=project, title="Valg", planned_on=today, check_with=steering, by=secretary)
    told = {"happened_on": today, "concerns": "time", "before": "Høsten 2021", "after": "Våren 2022", "by": secretary}
    log.write_entry(project=project, kind="change", text="Piloten ble utsatt.", lesson="Avtal frister.", **told)
    return project


def test_every_page_of_the_follow_up_is_whole_and_accessible(
    browser: Browser, live_server: Any, secretary: User, followed: Project
) -> None:
    of_project = ["project_risks", "new_project_risk", "milestones", "new_milestone", "log", "new_log_entry"]
    seen = [reverse(name, args=["vesteralen", followed.slug]) for name in of_project]
    seen += [followed.risks.get(number=1).get_absolute_url(), followed.get_absolute_url()]
    seen += [reverse(name, args=["vesteralen"]) for name in ("portfolio_risks", "lessons")]
    assert faults_of(browser, live_server, [(secretary, path) for path in seen]) == []
