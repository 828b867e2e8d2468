"""3b, 3c, 3d: a meeting is called, the directors say their view and their municipality's decision, it is held."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from docx import Document as WordFile

from digivesteralen.documents.models import Document
from digivesteralen.servers import addresses
from digivesteralen.ui import wording
from governance.models import Adoption, Body, Case, Meeting, Opinion, Organisation
from governance.quorum import voting_seats
from portfolio.models import Participation, PortfolioVersion, Project, ProjectOpinion
from portfolio.shares import financing
from tests.journey.actors import Actor, Keyboard, nb, plain, text_of
from tests.journey.conftest import House
from tests.journey.test_1_agreement import extract
from tests.journey.test_2_project import TITLE as PROJECT
from tests.journey.test_2_project import column

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

RECOMMENDED = "Felles innlogging for ansatte"
WRITTEN = [
    ("orientation", "Status for arbeidet", ["Styringsgruppen tar orienteringen til etterretning."]),
    ("decision", "Møteplan for neste år", ["Styringsgruppen møtes fire ganger.", "Sekretariatet kaller inn."]),
    ("decision", RECOMMENDED, ["Kommunene anbefales å ta i bruk felles innlogging."]),
    ("decision", "Felles opplæring i personvern", ["Opplæringen holdes i vår."]),
    ("discussion", "Veien videre", ["Styringsgruppen drøftet veien videre."]),
]


# --- b: the meeting is made and called ---


def test_a_small_meeting_is_held_first(house: House) -> None:
    """Its minutes are what the next one approves."""
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    house.actor("vilde.kystgarden@ks").is_refused("/vesteralen/moter/nytt/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused("/vesteralen/moter/nytt/", 404)
    _write_case(ragnhild, "orientation", "Kort orientering", ["Styringsgruppen tar orienteringen til etterretning."])
    here = house.story["first"] = _plan_meeting(ragnhild, "08.00")
    _put_on_agenda(ragnhild, here, "Kort orientering")
    _send(ragnhild, here)
    ragnhild.press(nb("Start the meeting"))
    ragnhild.press(nb("Start the meeting"))
    with ragnhild.page.expect_navigation():
        ragnhild.page.keyboard.press("Enter")
    ragnhild.press(nb("End the meeting"))
    ragnhild.press(nb("Send the minutes for remarks"))
    assert _meeting(here).state == Meeting.State.REMARKS


def test_the_secretariat_calls_a_meeting_of_eight_cases(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    for kind, title, points in WRITTEN:
        _write_case(ragnhild, kind, title, points, asks=title == RECOMMENDED)
    ragnhild.go(house.story["project"])
    ragnhild.press(nb("Lay the financing plan"))
    ragnhild.press(nb("Make the case"))
    _lay_the_portfolio(ragnhild)
    here = house.story["meeting"] = _plan_meeting(ragnhild, "10.00")
    ragnhild.go(f"{here}saksliste/")
    ragnhild.press(nb("Approval of the minutes of meeting %(number)s", number=_meeting(house.story["first"]).label))
    plan = Case.objects.get(project_cases__project__title=PROJECT)
    portfolio = PortfolioVersion.objects.latest("number").case
    assert portfolio.title == "Godkjenning av prosjektporteføljen"
    for title in (WRITTEN[0][1], plan.title, portfolio.title, *(title for _kind, title, _points in WRITTEN[1:])):
        _put_on_agenda(ragnhild, here, title)
    house.actor("kari.blafjellmo@sortland").is_refused(f"{here}send/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(f"{here}send/", 404)
    _send(ragnhild, here)
    cases = _cases(here)
    assert len(cases) == 8
    first = cases[0].sequence or 0
    assert [case.sequence for case in cases] == list(range(first, first + 8))
    ragnhild.sees(*(f"{case.number} {case.title}" for case in cases))


def test_the_summons_is_made_by_the_worker_and_frozen(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    here = house.story["meeting"]
    ragnhild.go(here)
    file = ragnhild.document(nb("Summons"))
    told = text_of(file)
    for case in _cases(here):
        assert case.number in told and plain(case.title) in told
        for point in case.proposed_points:
            assert plain(point) in told
    stored = Document.objects.of("governance.summons", _meeting(here).pk).latest_version()
    assert stored is not None and stored.sha256 == hashlib.sha256(file).hexdigest()
    kari = house.actor("kari.blafjellmo@sortland")
    assert kari.fetch(stored.get_absolute_url()) == file
    house.actor("signe.gaulamoen@holtalen").is_refused(stored.get_absolute_url(), 404)


# --- c: the director, on two forms ---


def test_the_director_sees_what_waits_and_gives_a_view_on_each_case(house: House) -> None:
    kari = house.actor("kari.blafjellmo@sortland")
    cases = _cases(house.story["meeting"])
    kari.go("/")
    assert kari.page.locator("h1").inner_text() == "Før møtet"
    kari.sees(*(case.number for case in cases), PROJECT)
    project = Project.objects.get(title=PROJECT)
    own = financing(project, list(project.participations.whole())).of(_place("Sortland"))
    assert own is not None and own.if_all is not None
    kari.sees(wording.money(own.if_all))
    plan = project.project_cases.get().case
    for case in cases:
        if case.kind == Case.Kind.ORIENTATION:
            continue
        kari.go(case.get_absolute_url())
        if case == plan:
            kari.send({"stance": "with_remark", "text": "Sortland vil ha en vaktordning som tåler ferie."})
        else:
            kari.send({"stance": "supports"})
    assert Opinion.objects.filter(organisation=_place("Sortland"), case__in=cases).count() == 7
    house.actor("even.myrskogen@andoy").is_refused(f"/vesteralen/saker/{plan.pk}/syn/1871/", 403)
    kari.is_refused(f"/vesteralen/saker/{plan.pk}/syn/1866/", 403)


def test_the_director_gives_a_view_on_the_portfolio_per_project_and_as_a_whole(house: House) -> None:
    kari = house.actor("kari.blafjellmo@sortland")
    version = PortfolioVersion.objects.latest("number")
    here = version.get_absolute_url()
    house.actor("even.myrskogen@andoy").is_refused(f"{here}syn/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(f"{here}syn/", 404)
    kari.go(here)
    kari.press(nb("Give your view"))
    items = list(version.items.order_by("position"))
    answers = dict(zip((item.pk for item in items), ["study", "against", "with_remark"], strict=False))
    for item in items:
        stance = answers.get(item.pk, "supports")
        kari.fill({f"stance_{item.pk}": stance, f"text_{item.pk}": "" if stance == "supports" else f"Om {item.pk}."})
    kari.send({"stance_whole": "supports"})
    given = ProjectOpinion.objects.filter(version=version, organisation=_place("Sortland"))
    assert {one.item_id: one.stance for one in given} == {item.pk: answers.get(item.pk, "supports") for item in items}
    kari.sees("Sortland")
    assert not Participation.objects.filter(project__title=PROJECT).taking_part().exists(), "a view decides nothing"


def test_the_case_paper_for_the_own_council(house: House) -> None:
    kari = house.actor("kari.blafjellmo@sortland")
    project = Project.objects.get(title=PROJECT)
    part = project.participations.whole().get(organisation=_place("Sortland"))
    paper = f"/vesteralen/saksframlegg/{part.adoption_id}.docx"
    house.actor("signe.gaulamoen@holtalen").is_refused(paper, 404)
    kari.go("/")
    link = kari.page.locator(f"main a[href='{paper}']")
    with kari.page.expect_download() as coming:
        link.click()
    assert coming.value.suggested_filename.endswith(".docx")
    told = _words(Path(coming.value.path()).read_bytes())
    own = financing(project, list(project.participations.whole())).of(_place("Sortland"))
    plan = project.project_cases.get().case
    assert own is not None and own.hours_if_all is not None
    hours = f"{wording.number(own.hours_if_all)} timer"
    for text in (PROJECT, f"{plan.number} {plan.title}", wording.money(own.if_all), hours):
        assert plain(text) in told, f"«{text}» is not in the case paper:\n{told}"


def test_the_municipalities_decide_for_themselves(house: House, tmp_path: Path) -> None:
    kari, ragnhild = house.actor("kari.blafjellmo@sortland"), house.actor("ragnhild.fjelltunet@hadsel")
    project = Project.objects.get(title=PROJECT)
    parts = {part.organisation.name: part for part in project.participations.whole()}
    own = financing(project, list(parts.values())).of(_place("Sortland"))
    assert own is not None and own.if_all is not None
    house.actor("even.myrskogen@andoy").is_refused(f"{parts['Andøy'].adoption.get_absolute_url()}registrer/", 403)
    kari.go(house.story["project"])
    kari.press(nb("The municipality's decision"))
    kari.press(nb("Register the municipality's decision"))
    kari.send({**_decision("52/26", str(own.if_all).replace(".", ","), "100"), "extract": extract(tmp_path)})
    ragnhild.go(parts["Øksnes"].adoption.get_absolute_url())
    ragnhild.press(nb("Register on behalf of the municipality"))
    ragnhild.send({**_decision("33/26", "200000", "80"), "extract": extract(tmp_path)})
    ragnhild.go(house.story["project"])
    so_far = column(ragnhild, 3)
    assert {name for name, share in so_far.items() if share is not None} == {"Sortland", "Øksnes"}
    assert sum(share for share in so_far.values() if share is not None) == project.to_share
    ragnhild.sees("ikke avklart", nb("Must be settled anew"))


# --- d: the meeting is held ---


def test_eight_cases_with_at_most_thirty_keys(house: House) -> None:
    """A substitute for Bø, quorum from the attendance, «vedtatt som foreslått» by one key."""
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["meeting"]
    house.actor("kari.blafjellmo@sortland").is_refused(f"{here}start/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(f"{here}gjennomfor/", 404)
    before = _participation()
    keys = Keyboard(ragnhild)
    ragnhild.go(f"{here}start/")
    _bo_sends_a_substitute(ragnhild, keys)
    ragnhild.look()
    ragnhild.sees(nb("The body has a quorum."))
    for case in _cases(here):
        shown = ragnhild.page.locator("button[autofocus]").inner_text()
        assert case.number in shown
        with keys.to_the_next_page():
            keys.press("Enter")
    ragnhild.look()
    with keys.to_the_next_page():
        keys.press("Enter")
    assert keys.pressed <= 30, keys.pressed
    meeting = _meeting(here)
    assert meeting.state == Meeting.State.HELD
    assert meeting.attendances.get(seat__represents__name="Bø").substitute.name == "Aud Jørnvåg"
    assert _participation() == before, "a resolution of the steering group decides for nobody"


def test_the_minutes_are_ready_and_go_out(house: House) -> None:
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["meeting"]
    ragnhild.go(here)
    told = text_of(ragnhild.document(nb("Minutes")))
    assert "Aud Jørnvåg" in told and "Harald Vågestrand" in told
    for case in _cases(here):
        assert case.number in told
        for point in case.proposed_points:
            assert plain(point) in told
    house.actor("kari.blafjellmo@sortland").is_refused(f"{here}referat/send/", 403)
    ragnhild.press(nb("Send the minutes for remarks"))
    kari = house.actor("kari.blafjellmo@sortland")
    kari.go(here)
    kari.press(nb("Answer"))
    kari.send({"answer": "approves"})


def test_the_minutes_of_the_meeting_before_are_approved_by_the_case(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    first = _meeting(house.story["first"])
    assert first.state == Meeting.State.APPROVED
    ragnhild.go(house.story["first"])
    ragnhild.wait_for(ragnhild.page.locator("main .document").filter(has_text=nb("Minutes")))
    approving = first.approval_cases.get()
    _wait_for_version(ragnhild, first, f"sak {approving.number}")


def test_the_portfolio_is_frozen_as_the_steering_group_approved_it(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    version = PortfolioVersion.objects.latest("number")
    assert version.state == PortfolioVersion.State.APPROVED
    assert all(item.frozen for item in version.items.all())
    ragnhild.go(version.get_absolute_url())
    told = text_of(ragnhild.document(str(version.number)))
    for item in version.items.all():
        assert plain(item.facts["title"]) in told
    assert plain(wording.money(Project.objects.get(title=PROJECT).shared_cost)) in told


def test_a_recommendation_opens_a_decision_for_each_and_changes_none(house: House) -> None:
    case = Case.objects.get(title=RECOMMENDED)
    opened = Adoption.objects.filter(case=case)
    assert {one.organisation.name for one in opened} == {"Andøy", "Bø", "Hadsel", "Lødingen", "Sortland", "Øksnes"}
    assert {one.state for one in opened} == {Adoption.State.OPEN}
    kari = house.actor("kari.blafjellmo@sortland")
    kari.go(case.get_absolute_url())
    kari.sees(nb("Each municipality decides for itself."), "Lødingen")


def test_the_minutes_are_approved_after_the_deadline_and_locked(house: House) -> None:
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["meeting"]
    house.actor("kari.blafjellmo@sortland").is_refused(f"{here}referat/godkjenn/", 403)
    a_fortnight_passes(_meeting(here))
    ragnhild.go(here)
    ragnhild.press(nb("Approve the minutes"))
    ragnhild.press(nb("Approve the minutes"))
    meeting = _meeting(here)
    assert meeting.is_locked
    _wait_for_version(ragnhild, meeting, nb("The minutes were approved on %(day)s and are locked.").partition("%")[0])
    ragnhild.is_refused(f"{here}gjennomfor/", 409)


# --- what the steps have in common ---


def _write_case(ragnhild: Actor, kind: str, title: str, points: list[str], *, asks: bool = False) -> None:
    ragnhild.go("/vesteralen/saker/ny/")
    ragnhild.fill({"kind": kind, "title": title, "information": f"Om {title.lower()}.", "proposal": "\n".join(points)})
    if asks:
        ragnhild.fill({"asks_municipalities": True})
    ragnhild.press(nb("Save and mark as ready"))


def _plan_meeting(ragnhild: Actor, begins: str) -> str:
    ragnhild.go("/vesteralen/moter/nytt/")
    ragnhild.send({"day": f"{timezone.localdate():%d.%m.%Y}", "begins": begins, "place": "Teams"})
    return str(Meeting.objects.latest("pk").get_absolute_url())


def _put_on_agenda(ragnhild: Actor, here: str, title: str) -> None:
    ragnhild.go(f"{here}saksliste/")
    ragnhild.send({"case": title})


def _send(ragnhild: Actor, here: str) -> None:
    ragnhild.go(f"{here}saksliste/")
    ragnhild.press(nb("Send the agenda"))
    ragnhild.press(nb("Send the agenda"))
    assert _meeting(here).state == Meeting.State.CALLED


def _lay_the_portfolio(ragnhild: Actor) -> None:
    """The version that the demo has on a later agenda is taken back, and a new one with the new project is laid."""
    waiting = PortfolioVersion.objects.laid().get(collaboration__slug="vesteralen")
    ragnhild.go(waiting.case.get_absolute_url())
    ragnhild.press(nb("Withdraw the case"))
    ragnhild.press(nb("Withdraw the case"))
    ragnhild.go("/vesteralen/portefolje/versjoner/ny/")
    ragnhild.send({f"place_{Project.objects.get(title=PROJECT).pk}": "1"})
    assert PortfolioVersion.objects.latest("number").number == waiting.number + 1


def _bo_sends_a_substitute(ragnhild: Actor, keys: Keyboard) -> None:
    group = Body.objects.get(collaboration__slug="vesteralen", slug="styringsgruppen")
    seat = voting_seats(group).get(represents__name="Bø")
    answers = ragnhild.page.locator(f"[name=seat_{seat.pk}]")
    begin = ragnhild.page.locator("main button[type=submit]").first
    keys.until("Shift+Tab", answers)
    chosen = answers.locator("option").filter(has_text="Aud Jørnvåg")
    for _try in range(6):
        if chosen.evaluate("each => each.selected"):
            break
        keys.press("ArrowDown")
    keys.until("Tab", begin)
    with keys.to_the_next_page():
        keys.press("Enter")


def a_fortnight_passes(meeting: Meeting) -> None:
    """Nobody can wait for the deadline: the days of the rows are moved, as the owner of the database."""
    connection = connections.create_connection("default")
    name = connections["default"].settings_dict["NAME"]
    connection.settings_dict = {**connection.settings_dict, **addresses.database("owner"), "NAME": name}
    past = timezone.now() - timedelta(days=14)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE governance_meeting SET minutes_sent_at = %s, remarks_by = %s WHERE id = %s",
            [past, timezone.localdate(past + timedelta(days=7)), meeting.pk],
        )
    connection.close()


def _wait_for_version(actor: Actor, meeting: Meeting, words: str) -> None:
    """The newest minutes say this."""
    actor.go(meeting.get_absolute_url())
    for _try in range(3):
        if plain(words).lower() in text_of(actor.document(nb("Minutes"))).lower():
            return
        actor.wait_for(actor.page.locator(f"main .document:has-text('{meeting.label}')"))
        actor.page.wait_for_timeout(5000)
        actor.page.reload()
    raise AssertionError(f"The newest minutes do not say «{words}»")


def _participation() -> list[Any]:
    return sorted(Participation.objects.values_list("pk", "adoption__state", "adoption__amount", "adoption__version"))


def _decision(number: str, amount: str, hours: str) -> dict[str, str]:
    return {
        "state": "adopted",
        "decided_by": "Kommunestyret",
        "decided_on": f"{timezone.localdate():%d.%m.%Y}",
        "case_number": number,
        "text": "Kommunen deltar i felles sikkerhetssenter.",
        "amount": amount,
        "hours": hours,
    }


def _meeting(here: str) -> Meeting:
    number, year = here.rstrip("/").rpartition("/")[2].split("-")
    return Meeting.objects.get(
        body__collaboration__slug="vesteralen", body__slug="styringsgruppen", number=number, year=year
    )


def _cases(here: str) -> list[Case]:
    return [item.case for item in _meeting(here).items.select_related("case__body__collaboration")]


def _place(name: str) -> Organisation:
    return Organisation.objects.get(name=name, kind="municipality")


def _words(file: bytes) -> str:
    paper = WordFile(BytesIO(file))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return plain("\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells]))
