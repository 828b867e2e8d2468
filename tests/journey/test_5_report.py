"""3g, 3h: the final report is ordered, published and frozen; the command line gives the same files."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from digivesteralen.reports import insight
from digivesteralen.reports.models import Report
from digivesteralen.servers.addresses import BASE_DIR
from digivesteralen.ui import wording
from governance.models import Meeting
from portfolio.models import BaseBudget, Grant, OwnEffort, PortfolioVersion
from surveys import results
from surveys.models import Finding, Survey, SystemUse
from tests.journey.actors import nb, plain, text_of
from tests.journey.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

REPORT = "/vesteralen/rapporter/sluttrapport-forprosjekt/1/"


def test_the_secretariat_orders_and_publishes_the_final_report(house: House) -> None:
    ragnhild, kari = house.actor("ragnhild.fjelltunet@hadsel"), house.actor("kari.blafjellmo@sortland")
    kari.is_refused(f"{REPORT}publiser/", 403)
    kari.is_refused(REPORT, 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(REPORT, 404)
    ragnhild.go("/vesteralen/rapporter/")
    ragnhild.go(REPORT)
    ragnhild.press(nb("Make the PDF"))
    assert ragnhild.page.locator("main .job progress, main .job .document").count(), "progress is shown, or the file"
    ragnhild.wait_here(ragnhild.page.locator("main .job .document"))
    ragnhild.go(REPORT)
    ragnhild.press(nb("Publish"))
    ragnhild.press(nb("Publish the report"))
    file = ragnhild.document(_report().title)
    shown = ragnhild.page.locator("main .document code.sha256").first.text_content()
    assert shown == hashlib.sha256(file).hexdigest()
    assert "utkast" not in text_of(file).lower()
    house.story["report"] = file
    kari.go(REPORT)
    document = _report().document
    assert document is not None and kari.fetch(document.get_absolute_url()) == file


def test_the_report_says_what_the_database_says(house: House) -> None:
    told, report = text_of(house.story["report"]), _report()
    place = report.collaboration
    names = [str(chapter) for chapter in report.chapters.all()]
    names += [recommendation.text for recommendation in report.recommendations.all()]
    names += [member.name for member in place.members()]
    names += [area.name for area in place.focus_areas.all()]
    names += [finding.text for finding in Finding.objects.filter(category__collaboration=place)]
    names += [body.name for body in place.bodies.filter(example=False)]
    names += [str(use.product) for use in SystemUse.objects.of(place).counted().systems()]
    missing = [name for name in names if plain(name) not in told]
    assert missing == []
    grants = Grant.objects.filter(collaboration=place, example=False).won().with_totals()
    sums = [amount for grant in grants for amount in (grant.awarded, grant.spent, grant.remaining)]
    sums += [effort.amount for effort in OwnEffort.objects.filter(collaboration=place, example=False)]
    for budget in BaseBudget.objects.filter(collaboration=place, example=False).counting():
        sums += [budget.minimum, budget.maximum]
    for amount in sums:
        assert plain(wording.money(amount)) in told or plain(wording.number(amount)) in told, amount
    assert insight.counts(report) == {name: report.document.made_from[name] for name in insight.counts(report)}
    for count, words in _counts(report):
        assert f"{words} {count}" in told, (words, count)
    for survey in Survey.objects.of(place):
        answers, people, approximate = results.totals(survey)
        if answers:
            assert plain(results.counted(answers, people, approximate=approximate)) in told


def test_the_command_line_gives_the_same_files(house: House, tmp_path: Path) -> None:
    meeting = Meeting.objects.get(body__collaboration__slug="vesteralen", pk=_newest_approved().pk)
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    ragnhild.go(meeting.get_absolute_url())
    minutes = ragnhild.document(nb("Minutes"))
    number = f"{meeting.number}/{meeting.year}"
    assert _made(house, tmp_path, "minutes", "vesteralen", meeting.body.slug, number) == minutes
    assert _made(house, tmp_path, "report", "final", "vesteralen") == house.story["report"]
    version = PortfolioVersion.objects.latest("number")
    ragnhild.go(version.get_absolute_url())
    assert _made(house, tmp_path, "report", "portfolio", "vesteralen") == ragnhild.document(str(version.number))


def test_the_command_line_says_what_is_missing(house: House, tmp_path: Path) -> None:
    told = _run(house, "report", "portfolio", "trondelag", "-o", str(tmp_path / "file.pdf"))
    assert told.returncode == 1 and "DiguT" in told.stderr
    told = _run(house, "report", "final", "finnes-ikke", "-o", str(tmp_path / "file.pdf"))
    assert told.returncode == 1 and "vesteralen" in told.stderr
    assert not (tmp_path / "file.pdf").exists()


def _made(house: House, folder: Path, *words: str) -> bytes:
    file = folder / f"{words[0]}-{words[1]}.pdf"
    told = _run(house, *words, "-o", str(file))
    assert told.returncode == 0, told.stderr
    return file.read_bytes()


def _run(house: House, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, env=house.environment, cwd=BASE_DIR, capture_output=True, text=True, timeout=120)


def _counts(report: Report) -> list[tuple[int, str]]:
    summary = insight.inventory_summary(report)
    return [
        (summary["municipalities"], nb("Municipalities that have registered systems")),
        (summary["systems"], nb("Different systems")),
        (summary["areas"], nb("Areas with systems")),
    ]


def _newest_approved() -> Meeting:
    approved = Meeting.objects.filter(state=Meeting.State.APPROVED, number_only=False)
    newest = approved.filter(body__collaboration__slug="vesteralen").order_by("-starts_at").first()
    assert newest is not None
    return newest


def _report() -> Report:
    return Report.objects.select_related("collaboration", "document").get(
        collaboration__slug="vesteralen", slug="sluttrapport-forprosjekt"
    )
