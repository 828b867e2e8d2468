"""A whole year of one body, in both profiles: four meetings and a circular approval, with all that comes between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance.actions import bodies, people, rules
from governance.models import (
    AgendaItem,
    Appointment,
    Body,
    Case,
    Collaboration,
    Disqualification,
    Meeting,
    Person,
    ResolutionPoint,
    RuleProfile,
)
from tests.journey.actors import Actor, nb, plain, text_of
from tests.journey.conftest import House
from tests.journey.test_3_meeting import a_fortnight_passes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

# The same year twice: as a steering group of six lives it, and as the act asks of an elected body.
BODIES = {"enkel": "Samarbeidsrådet", "folkevalgt": "Representantskapet"}
RULES: dict[str, dict[str, Any]] = {
    "enkel": {"rules": "steering"},
    "folkevalgt": {"rules": "elected", "decision_rule": "majority", "minutes_approval": RuleProfile.Approval.SIGNED},
}
DIRECTORS = {
    "Sortland": "kari.blafjellmo@sortland",
    "Andøy": "solveig.tindeskar@andoy",
    "Hadsel": "ingunn.skjargren@hadsel",
    "Øksnes": "magnhild.havdonning@oksnes",
    "Bø": "harald.vagestrand@bo",
    "Lødingen": "torbjorn.nordlyso@lodingen",
}
# A steering group has a «referat», an elected body a «protokoll».
PAPER = {"enkel": "Referat", "folkevalgt": "Protokoll"}
in_both = pytest.mark.parametrize("profile", BODIES)


@in_both
def test_the_body_is_set_up_with_its_seats_and_rules(house: House, profile: str) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    body = _set_up(profile)
    ragnhild.go(body.get_absolute_url())
    ragnhild.sees(*DIRECTORS, "Aud Jørnvåg", body.profile.get_rules_display())
    house.actor("kari.blafjellmo@sortland").is_refused(f"{body.get_absolute_url()}regler/", 403)


@in_both
def test_first_meeting_a_substitute_a_follow_up_and_a_postponed_case(house: House, profile: str) -> None:
    ragnhild, body = house.actor("ragnhild.fjelltunet@hadsel"), _body(profile)
    here = _called(ragnhild, body, ["Plan for året", "Budsjett for neste år"])
    _started(ragnhild, here, substitute=True)
    _pressed(ragnhild)
    _resolved(
        ragnhild, "Budsjett for neste år", {"outcome": "postponed", "treatment": "Tallene kommer til neste møte."}
    )
    meeting = _ended(ragnhild, here)
    assert meeting.attendances.get(seat__represents__name="Bø").substitute.name == "Aud Jørnvåg"
    assert Case.objects.get(body=body, title="Budsjett for neste år").stage == Case.Stage.POSTPONED
    ragnhild.go(f"{here}gjennomfor/")
    _resolved(
        ragnhild,
        "Plan for året",
        {"points-0-responsible": "Sekretariatet", "points-0-deadline": f"{timezone.localdate():%d.%m.%Y}"},
    )
    _approved(house, body, here)


@in_both
def test_second_meeting_the_case_is_back_a_late_case_comes_and_one_steps_down(house: House, profile: str) -> None:
    ragnhild, body = house.actor("ragnhild.fjelltunet@hadsel"), _body(profile)
    earlier = Case.objects.get(body=body, title="Budsjett for neste år")
    ragnhild.go(earlier.get_absolute_url())
    ragnhild.press(nb("Bring the case back"))
    again = earlier.continued_by.get()
    ragnhild.go(again.get_absolute_url())
    if again.stage == Case.Stage.DRAFT:
        ragnhild.press(nb("Mark as ready"))
    here = _called(ragnhild, body, [], ready=[again.title])
    again.refresh_from_db()
    assert again.number == body.render_number(3, earlier.year or 0), "a number of its own, and the old one stays"
    assert again.continues == earlier
    _write_case(ragnhild, body, "Avtale med leverandøren", "Avtalen forlenges med ett år.")
    ragnhild.go(f"{here}saksliste/")
    ragnhild.send({"case": "Avtale med leverandøren"})
    assert AgendaItem.objects.get(case__title="Avtale med leverandøren", meeting__body=body).late
    _started(ragnhild, here)
    _steps_down(ragnhild, here, profile)
    _pressed(ragnhild)
    _pressed(ragnhild)
    meeting = _ended(ragnhild, here)
    told = text_of(ragnhild.document(PAPER[profile]))
    assert "Solveig Tindeskar" in told and plain("Avtale med leverandøren") in told
    late = meeting.items.get(case__title="Avtale med leverandøren")
    assert late.resolution.is_adopted
    assert Disqualification.objects.get(item=late).seat.represents.name == "Andøy"
    _approved(house, body, here)


@in_both
def test_between_the_meetings_the_body_answers_in_the_browser(house: House, profile: str) -> None:
    """Silence is never consent: enough answers will do for the one, every member's yes is needed of the other."""
    ragnhild, body = house.actor("ragnhild.fjelltunet@hadsel"), _body(profile)
    _write_case(ragnhild, body, "Felles høringssvar", "Høringssvaret sendes.")
    ragnhild.go(f"/vesteralen/moter/{body.slug}/skriftlig/")
    case = Case.objects.get(body=body, title="Felles høringssvar")
    day = timezone.localdate() + timedelta(days=3)
    ragnhild.page.locator(f"main [name=cases][value='{case.pk}']").check()
    why = {"why": "Fristen er før neste møte."} if profile == "folkevalgt" else {}
    ragnhild.send({**why, "day": f"{day:%d.%m.%Y}", "clock": "15.00"})
    here = Meeting.objects.get(items__case=case).get_absolute_url()
    for name, who in DIRECTORS.items():
        director = house.actor(who)
        director.go(here)
        director.follow(director.page.locator("main .ds-card a.ds-link").first)
        form = {"accepts_writing": "True"} if profile == "folkevalgt" else {}
        director.send({"stance": "supports", **form})
        assert case.opinions.filter(organisation__name=name).exists()
    ragnhild.go(f"{here}lukk/")
    ragnhild.follow(ragnhild.page.locator("main form button[type=submit]").last)
    case.refresh_from_db()
    assert case.stage == Case.Stage.TREATED
    assert AgendaItem.objects.get(case=case).resolution.is_adopted


@in_both
def test_third_meeting_carries_what_is_open_and_closes_it(house: House, profile: str) -> None:
    ragnhild, body = house.actor("ragnhild.fjelltunet@hadsel"), _body(profile)
    point = ResolutionPoint.objects.get(responsible="Sekretariatet", resolution__item__meeting__body=body)
    here = _planned(ragnhild, body)
    _with_follow_up(ragnhild, here)
    _write_case(ragnhild, body, "Rapport om porteføljen", "Rapporten tas til etterretning.")
    _send(ragnhild, here, ["Rapport om porteføljen"])
    _started(ragnhild, here)
    while ragnhild.page.locator("button[accesskey=v]", has_text=":").count():
        _pressed(ragnhild)
    _ended(ragnhild, here)
    ragnhild.go(f"/vesteralen/oppfolging/{point.pk}/")
    ragnhild.send({"state": "done", "answer": "Planen er sendt kommunene."})
    point.refresh_from_db()
    assert point.done_on == timezone.localdate()
    _approved(house, body, here)


@in_both
def test_fourth_meeting_and_the_minutes_of_the_first_are_corrected(house: House, profile: str) -> None:
    ragnhild, body = house.actor("ragnhild.fjelltunet@hadsel"), _body(profile)
    here = _called(ragnhild, body, ["Møteplan"])
    _started(ragnhild, here)
    _pressed(ragnhild)
    _ended(ragnhild, here)
    _approved(house, body, here)
    first = body.meetings.filter(written=False).earliest("pk")
    ragnhild.go(f"{first.get_absolute_url()}referat/rett/")
    ragnhild.send({"text": "Møtet sluttet kl. 10.", "reason": "Feil klokkeslett."})
    assert first.corrections.count() == 1
    ragnhild.go(first.get_absolute_url())
    ragnhild.wait_for(ragnhild.page.locator("main .document").filter(has_text="Feil klokkeslett."))
    assert "Møtet sluttet kl. 10." in text_of(ragnhild.document(PAPER[profile]))
    ragnhild.is_refused(f"{first.get_absolute_url()}referat/godkjenn/", 409)


@in_both
def test_the_year_has_its_numbers_without_gap(house: House, profile: str) -> None:
    body = _body(profile)
    numbered = Case.objects.filter(body=body, sequence__isnull=False).order_by("sequence")
    assert [case.sequence for case in numbered] == list(range(1, numbered.count() + 1))
    held = body.meetings.filter(written=False)
    assert [meeting.state for meeting in held] == [Meeting.State.APPROVED] * 4
    assert body.meetings.filter(written=True, state=Meeting.State.HELD).count() == 1


# --- what the meetings have in common ---


def _set_up(profile: str) -> Body:
    """The rows of a new body are no part of this story: they are made by the verbs of their own pages."""
    digi = Collaboration.objects.get(slug="vesteralen")
    secretary = digi.appointments.active().get(person__email="ragnhild.fjelltunet@hadsel.example").person.user
    body = bodies.create_body(
        collaboration=digi, name=BODIES[profile], slug=profile, kind="steering", level=1, example=True, by=secretary
    )
    rules.set_rules(body=body, by=secretary, **RULES[profile])
    directors = Appointment.objects.active().filter(body=digi.steering_group()).voting()
    for seat in directors.select_related("person", "represents"):
        facts = {"at": body, "represents": seat.represents, "by": secretary}
        own = people.appoint(person=seat.person, role="steering", is_chair=seat.is_chair, **facts)
        if seat.represents.name == "Bø":
            stand_in = Person.objects.get(name="Aud Jørnvåg")
            people.appoint(person=stand_in, role="substitute", substitute_for=own, **facts)
    return body


def _body(profile: str) -> Body:
    return Body.objects.get(collaboration__slug="vesteralen", slug=profile)


def _meeting(here: str) -> Meeting:
    *_rest, slug, label, _end = here.split("/")
    number, year = label.split("-")
    return Meeting.objects.get(body__collaboration__slug="vesteralen", body__slug=slug, number=number, year=year)


def _write_case(ragnhild: Actor, body: Body, title: str, proposal: str) -> None:
    ragnhild.go("/vesteralen/saker/ny/")
    ragnhild.fill({"body": body.name, "kind": "decision", "title": title, "proposal": proposal})
    ragnhild.press(nb("Save and mark as ready"))
    assert Case.objects.get(body=body, title=title).stage == Case.Stage.READY, ragnhild.text()


def _planned(ragnhild: Actor, body: Body) -> str:
    ragnhild.go("/vesteralen/moter/nytt/")
    day = f"{timezone.localdate():%d.%m.%Y}"
    ragnhild.send({"body": body.name, "day": day, "begins": "08.00", "place": "Teams"})
    return str(Meeting.objects.latest("pk").get_absolute_url())


def _called(ragnhild: Actor, body: Body, titles: list[str], ready: list[str] | None = None) -> str:
    for title in titles:
        _write_case(ragnhild, body, title, f"{title} vedtas.")
    here = _planned(ragnhild, body)
    _send(ragnhild, here, [*titles, *(ready or [])])
    return here


def _send(ragnhild: Actor, here: str, titles: list[str]) -> None:
    for title in titles:
        ragnhild.go(f"{here}saksliste/")
        ragnhild.send({"case": title})
    ragnhild.go(f"{here}saksliste/")
    ragnhild.press(nb("Send the agenda"))
    ragnhild.press(nb("Send the agenda"))
    assert _meeting(here).state == Meeting.State.CALLED


def _started(ragnhild: Actor, here: str, *, substitute: bool = False) -> None:
    ragnhild.go(f"{here}start/")
    if substitute:
        seat = Appointment.objects.get(body=_meeting(here).body, role="steering", represents__name="Bø")
        answers = ragnhild.page.locator(f"[name=seat_{seat.pk}]")
        chosen = answers.locator("option").filter(has_text="Aud Jørnvåg").get_attribute("value")
        answers.select_option(value=chosen)
    ragnhild.follow(ragnhild.page.locator("main form button[autofocus]"))
    ragnhild.sees(nb("The body has a quorum."))


def _pressed(ragnhild: Actor) -> None:
    """What one key does: the next case ends as it usually does."""
    with ragnhild.page.expect_navigation():
        ragnhild.page.keyboard.press("Enter")
    ragnhild.look()


def _resolved(ragnhild: Actor, title: str, values: dict[str, Any]) -> None:
    card = ragnhild.page.locator("main section.ds-card").filter(has_text=title)
    ragnhild.follow(card.locator("a[href*='/sak/']").first)
    ragnhild.send(values)


def _steps_down(ragnhild: Actor, here: str, profile: str) -> None:
    """In the small profile one line, who and why; in the other a question the body decides without her."""
    item = _meeting(here).items.get(case__title="Avtale med leverandøren")
    row = item.meeting.attendances.get(seat__represents__name="Andøy")
    if profile == "enkel":
        ragnhild.go(f"{here}sak/{item.pk}/endring/")
        ragnhild.send({"inhabil-row": str(row.pk), "inhabil-why": "Sitter i styret hos leverandøren."})
    else:
        ragnhild.go(f"{here}sak/{item.pk}/inhabilitet/")
        ragnhild.send(
            {
                "row": str(row.pk),
                "ground": "leads_a_party",
                "statement": "Sitter i styret hos leverandøren.",
                "result": "disqualified",
            }
        )
    ragnhild.go(f"{here}gjennomfor/")


def _ended(ragnhild: Actor, here: str) -> Meeting:
    ragnhild.go(f"{here}gjennomfor/")
    _pressed(ragnhild)
    meeting = _meeting(here)
    assert meeting.state == Meeting.State.HELD
    return meeting


def _approved(house: House, body: Body, here: str) -> None:
    """By silence that is told as silence, or by two who were there and sign."""
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    ragnhild.go(here)
    ragnhild.press(nb("Send the minutes for remarks"))
    meeting = _meeting(here)
    if meeting.profile.minutes_approval == RuleProfile.Approval.SIGNED:
        for name in ("Sortland", "Hadsel"):
            director = house.actor(DIRECTORS[name])
            director.go(f"{here}referat/")
            director.press(nb("Sign the minutes"))
        assert meeting.signatures.count() == 2
    a_fortnight_passes(meeting)
    ragnhild.go(f"{here}referat/godkjenn/")
    ragnhild.press(nb("Approve the minutes"))
    assert _meeting(here).is_locked


def _with_follow_up(ragnhild: Actor, here: str) -> None:
    """What the body asked for and nobody has closed comes on the agenda, if it is not there by itself."""
    ragnhild.go(f"{here}saksliste/")
    add = ragnhild.page.locator("main form[action$='/saksliste/oppfolging/'] button")
    if add.count():
        ragnhild.follow(add.first)
    assert _meeting(here).items.filter(case__title__startswith=nb("Follow-up of resolutions")).exists()
