"""One joint procurement from the window in which the contracts end to the closing report; and one quick measure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.ui import wording
from governance.models import Adoption, Body, Case, Collaboration, Meeting, Organisation
from portfolio.models import Benefit, BenefitLine, Gate, GateAnswer, Idea, Participation, Project
from surveys.actions import inventory
from surveys.models import Area, SystemUse
from surveys.windows import windows
from tests.governance.meeting_helpers import held
from tests.journey.actors import Actor, nb, plain, text_of
from tests.journey.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

SYSTEM = "Timebestilling Nord"
ENDING_TOGETHER = ["Sortland", "Andøy", "Hadsel", "Øksnes"]
DIRECTORS = {
    "Sortland": "kari.blafjellmo@sortland",
    "Andøy": "solveig.tindeskar@andoy",
    "Hadsel": "ingunn.skjargren@hadsel",
    "Øksnes": "magnhild.havdonning@oksnes",
    "Bø": "harald.vagestrand@bo",
}
TITLE = "Felles timebestilling for innbyggerne"
QUICK = "Felles mal for svar på innsyn"
COST = "400 000"
# What one municipality pays a year for the old system, and measures twice on the way to the target.
BEFORE, FIRST, SECOND, TARGET = (Decimal(amount) for amount in (400_000, 350_000, 290_000, 250_000))
TOLERANCES = ("time", "cost", "scope", "quality", "uncertainty", "benefits")
PASSED = {1: "start", 2: "start", 3: "start", 4: "start", 5: "approved"}


def test_a_window_in_which_four_can_buy_together_becomes_an_idea(house: House) -> None:
    ragnhild, area = house.actor("ragnhild.fjelltunet@hadsel"), _four_contracts_end()
    house.story["area"] = area
    ragnhild.go("/vesteralen/kartlegging/innkjop/")
    ragnhild.go(f"/vesteralen/kartlegging/innkjop/{area.pk}/")
    ragnhild.sees(*ENDING_TOGETHER, SYSTEM)
    house.actor("kari.blafjellmo@sortland").is_refused(f"/vesteralen/portefolje/ide-fra-vindu/{area.pk}/", 403)
    ragnhild.press(nb("Make an idea of this"))
    idea = _idea()
    assert not idea.example
    assert {place.name for place in idea.municipalities.all()} == set(ENDING_TOGETHER)
    ragnhild.sees(idea.title, nb("Made of the window of joint procurement"))


def test_a_municipality_proposes_the_same_and_is_answered_once(house: House) -> None:
    ragnhild, kari = house.actor("ragnhild.fjelltunet@hadsel"), house.actor("kari.blafjellmo@sortland")
    kari.go("/vesteralen/forslag/nytt/")
    kari.send(
        {
            "title": f"Felles anskaffelse av {house.story['area'].name}",
            "wanted": "Vi kjøper sammen når avtalene går ut.",
            "background": "Fire kommuner betaler hver for seg for det samme.",
        }
    )
    proposal = kari.path
    ragnhild.go(proposal)
    ragnhild.press(nb("Make an idea of the proposal"))
    ragnhild.sees(_idea().title)
    own = ragnhild.path
    kari.is_refused(f"{own}svar/", 403)
    house.actor("signe.gaulamoen@holtalen").is_refused(own, 404)
    ragnhild.press(nb("Answer the idea"))
    ragnhild.send({"answer": "here", "reason": "Løses av den felles anskaffelsen."})
    ragnhild.is_refused(f"{own}svar/", 409)
    kari.go(proposal)
    kari.sees("Løses av den felles anskaffelsen.")
    kari.go(own)
    kari.sees(Idea.objects.get(pk=own.split("/")[-2]).answer_in_words)


def test_the_secretariat_recommends_it_and_puts_it_first(house: House) -> None:
    ragnhild, idea = house.actor("ragnhild.fjelltunet@hadsel"), _idea()
    ragnhild.go(idea.get_absolute_url())
    ragnhild.press(nb("Recommend"))
    ragnhild.send({"state": "detail", "comment": "Fire avtaler går ut samtidig."})
    ragnhild.go("/vesteralen/portefolje/prioritering/")
    line = ragnhild.page.locator("main tr").filter(has_text=idea.title)
    line.locator("input[name=to]").fill("1")
    ragnhild.follow(line.get_by_role("button", name=nb("Move to the place")))
    assert idea.title in _first_in_order(ragnhild)
    house.actor("kari.blafjellmo@sortland").is_refused("/vesteralen/portefolje/prioritering/lagre/", 403)
    ragnhild.press(nb("Save the ranking"))
    ragnhild.send({"name": "Før styringsgruppen", "reason": "Avtalene går ut samtidig."})
    ragnhild.sees("Før styringsgruppen", idea.title)


def test_the_idea_is_taken_up_as_a_project_with_gates(house: House) -> None:
    ragnhild, idea = house.actor("ragnhild.fjelltunet@hadsel"), _idea()
    ragnhild.go(idea.get_absolute_url())
    ragnhild.press(nb("Take up as a project"))
    ragnhild.send({"title": TITLE, "shared_cost": COST, "key": "equal"})
    project = _project()
    assert (project.kind, project.example) == (Project.Kind.PROCUREMENT, False)
    here = house.story["procurement"] = project.get_absolute_url()
    ragnhild.is_refused(f"{idea.get_absolute_url()}svar/", 409)
    ragnhild.go("/vesteralen/portefolje/prioritering/")
    assert TITLE in _first_in_order(ragnhild), "the project keeps the place of its idea"
    ragnhild.go(here)
    ragnhild.press(nb("Invite municipalities"))
    proposed = ragnhild.page.locator("main [name=organisations]")
    assert proposed.count() == 6
    assert ragnhild.page.locator("main [name=organisations]:checked").count() == len(ENDING_TOGETHER)
    for each in proposed.all():
        each.check()
    ragnhild.send({"answer_by": f"{timezone.localdate() + timedelta(days=30):%d.%m.%Y}"})
    assert project.participations.count() == 6
    house.actor("kari.blafjellmo@sortland").is_refused(f"{here}porter/faser/", 403)
    ragnhild.go(f"{here}porter/")
    ragnhild.press(nb("Follow Prosjektveiviseren"))
    ragnhild.send({"phase": "idea"})
    ragnhild.sees("BP1", "BP5")


def test_no_phase_is_entered_by_hand_and_no_gate_laid_unanswered(house: House) -> None:
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["procurement"]
    ragnhild.go(here)
    for step in ("planlegg", "start", "avslutt"):
        assert ragnhild.page.locator(f"main form[action='{here}{step}/']").count() == 0
    told = _sent_by_hand(ragnhild, f"{here}planlegg/", _project().version)
    assert "BP1" in told and "Prosjektveiviseren" in told
    assert _project().phase == "idea"
    ragnhild.go(f"{here}porter/bp1/")
    ragnhild.sees(nb("Before the gate can be laid"))
    assert ragnhild.page.locator(f"main a[href='{here}porter/bp1/legg-fram/']").count() == 0
    ragnhild.is_refused(f"{here}porter/bp1/legg-fram/", 409)
    house.actor("kari.blafjellmo@sortland").is_refused(f"{here}porter/bp1/sjekkpunkter/", 403)


def test_the_first_gate_is_laid_and_decided(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    _through(ragnhild, house.story["procurement"], 1)
    assert _project().phase == "concept"
    assert not GateAnswer.objects.filter(gate__project=_project()).exists(), "nobody takes part yet, so nobody is asked"


def test_four_of_six_say_yes_by_their_own_decisions(house: House) -> None:
    project = _project()
    for name, who in DIRECTORS.items():
        director, part = house.actor(who), project.participations.get(organisation__name=name)
        director.go(part.adoption.get_absolute_url())
        director.press(nb("Register the municipality's decision"))
        if name == "Bø":
            director.send(_decision("not_adopted", "Bø deltar ikke."))
        else:
            director.send({**_decision("adopted", f"{name} deltar."), "amount": "100 000"})
    taking_part = Participation.objects.filter(project=project).taking_part()
    assert {part.organisation.name for part in taking_part} == set(ENDING_TOGETHER)
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    ragnhild.go(house.story["procurement"])
    ragnhild.sees(*DIRECTORS, "Lødingen", "ikke avklart")


def test_at_the_second_gate_each_municipality_is_asked_whether_it_goes_on(house: House) -> None:
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["procurement"]
    _through(ragnhild, here, 2)
    asked = GateAnswer.objects.filter(gate__project=_project(), gate__number=2)
    assert {one.participation.organisation.name for one in asked} == set(ENDING_TOGETHER)
    for name in ("Sortland", "Andøy"):
        director = house.actor(DIRECTORS[name])
        director.go(f"{here}porter/bp2/")
        director.press(nb("The municipality's decision"))
        director.press(nb("Register the municipality's decision"))
        director.send(_decision("adopted", f"{name} deltar videre."))
    answered = asked.filter(adoption__state=Adoption.State.ADOPTED)
    assert {one.participation.organisation.name for one in answered} == {"Sortland", "Andøy"}
    waiting = asked.get(participation__organisation__name="Hadsel").adoption
    house.actor(DIRECTORS["Sortland"]).is_refused(f"{waiting.get_absolute_url()}registrer/", 403)
    ragnhild.go(f"{here}porter/bp2/")
    ragnhild.sees(nb("Goes on"), nb("Not answered"))


def test_the_benefit_has_a_start_value_and_an_owner_before_the_execution(house: House) -> None:
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["procurement"]
    today = timezone.localdate()
    ragnhild.go(f"{here}gevinster/ny/")
    ragnhild.send(
        {
            "gain": "Lavere lisenskostnad til timebestilling",
            "owner": "each",
            "target": "250 000 kroner i året",
            "side": "cost",
            "kind": "direct",
            "indicator": "Lisenskostnad i året",
            "unit": "kr",
            "direction": "down",
            "baseline": str(BEFORE),
            "baseline_on": f"{today - timedelta(days=200):%d.%m.%Y}",
            "target_value": str(TARGET),
            "target_on": f"{today + timedelta(days=200):%d.%m.%Y}",
        }
    )
    ragnhild.go(f"{here}porter/bp3/")
    ragnhild.sees(nb("Before the gate can be laid"))
    ragnhild.go(f"{here}gevinster/")
    ragnhild.press(nb("Say why it gives only the one"))
    ragnhild.send({"reason": "Tjenesten blir den samme."})
    kari, line = house.actor("kari.blafjellmo@sortland"), _line("Sortland")
    kari.go(line)
    kari.press(nb("Say who owns the benefit"))
    kari.send({"owner_role": "Økonomisjefen"})
    assert BenefitLine.objects.get(benefit=_benefit()).on_behalf is False
    house.actor(DIRECTORS["Andøy"]).is_refused(f"{line}plan/", 403)


def test_the_third_gate_and_the_financing_plan_begin_the_execution(house: House) -> None:
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["procurement"]
    ragnhild.go(here)
    ragnhild.press(nb("Lay the financing plan"))
    ragnhild.press(nb("Make the case"))
    plan = _project().plans.latest("pk").case
    _through(ragnhild, here, 3, plan)
    project = _project()
    assert (project.phase, project.state) == ("execution", Project.State.EXECUTION)
    assert project.financing_resolution is not None and project.financing_resolution.item.case == plan
    taking_part = Participation.objects.filter(project=project).taking_part()
    assert taking_part.count() == len(ENDING_TOGETHER), "no answer at a gate is no withdrawal"


def test_the_municipality_measures_twice_and_nobody_else_may(house: House) -> None:
    kari, line, today = house.actor("kari.blafjellmo@sortland"), _line("Sortland"), timezone.localdate()
    house.actor(DIRECTORS["Andøy"]).is_refused(f"{line}maling/", 403)
    kari.go(line)
    kari.press(nb("New measurement"))
    kari.send({"on": f"{today - timedelta(days=201):%d.%m.%Y}", "value": str(FIRST)})
    kari.sees("er før startverdien")
    kari.send({"on": f"{today - timedelta(days=30):%d.%m.%Y}", "value": str(FIRST)})
    kari.press(nb("New measurement"))
    kari.send({"on": f"{today:%d.%m.%Y}", "value": str(SECOND), "comment": "Ny pris fra i dag."})
    kari.sees(wording.number(FIRST), wording.number(SECOND), "Ny pris fra i dag.", wording.money(BEFORE - SECOND))


def test_the_plan_of_benefits_tells_what_is_realised(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    ragnhild.go(f"{house.story['procurement']}gevinster/")
    ragnhild.sees(wording.number(BEFORE - SECOND))
    ragnhild.press(nb("Plan for realising benefits (PDF)"))
    told = text_of(_ordered(ragnhild))
    for words in (TITLE, _benefit().gain, wording.number(BEFORE - SECOND)):
        assert plain(words) in told, f"«{words}» is not in the plan:\n{told}"


def test_the_last_gates_end_the_project(house: House) -> None:
    ragnhild, here = house.actor("ragnhild.fjelltunet@hadsel"), house.story["procurement"]
    _through(ragnhild, here, 4)
    assert _project().phase == "closing"
    _through(ragnhild, here, 5)
    project = _project()
    assert (project.phase, project.state) == ("realising", Project.State.FINISHED)
    ragnhild.go(here)
    ragnhild.sees(project.get_state_display())
    paper = f"{here}porter/bp5/1/pdf/"
    ragnhild.go(f"{here}porter/bp5/")
    ragnhild.wait_for(ragnhild.page.locator(f"main a[href='{paper}']"))
    told = text_of(ragnhild.fetch(paper))
    assert plain(TITLE) in told and _gate(5).answer_in_words in told.lower()


def test_the_closing_report_names_the_project(house: House) -> None:
    ragnhild = house.actor("ragnhild.fjelltunet@hadsel")
    ragnhild.go("/vesteralen/rapporter/ny/")
    ragnhild.send({"title": "Sluttrapport etter anskaffelsen"})
    here = ragnhild.path
    house.actor("kari.blafjellmo@sortland").is_refused(here, 403)
    ragnhild.press(nb("Make the PDF"))
    assert plain(TITLE) in text_of(_ordered(ragnhild))


def test_a_quick_measure_goes_without_gates_and_plans(house: House) -> None:
    """Registered by the secretariat, a yes from one municipality, started and finished; the steering group is told."""
    ragnhild, kari = house.actor("ragnhild.fjelltunet@hadsel"), house.actor("kari.blafjellmo@sortland")
    ragnhild.go("/vesteralen/portefolje/")
    ragnhild.press(nb("New quick measure"))
    ragnhild.send({"title": QUICK})
    project = Project.objects.get(title=QUICK)
    here = project.get_absolute_url()
    ragnhild.is_refused(f"{here}porter/faser/", 409)
    kari.go(here)
    kari.press(nb("The municipality's decision"))
    kari.press(nb("Register the municipality's decision"))
    kari.send(_decision("adopted", "Sortland er med."))
    ragnhild.go(here)
    ragnhild.press(nb("Start the measure"))
    told = Case.objects.get(project_cases__project=project)
    assert (told.kind, told.body.slug) == (Case.Kind.ORIENTATION, "styringsgruppen")
    ragnhild.press(nb("Finish the measure"))
    project.refresh_from_db()
    assert project.state == Project.State.FINISHED
    assert not project.gates.exists() and not project.plans.exists()


# --- what the steps have in common ---


def _four_contracts_end() -> Area:
    """In an area that is empty in the demo. The pages of the inventories have a journey of their own."""
    digi = Collaboration.objects.get(slug="vesteralen")
    filled = SystemUse.objects.values("area")
    area = Area.objects.exclude(pk__in=filled).order_by("service_area__position", "position", "pk").first()
    assert area is not None
    end = date(timezone.localdate().year + 2, 6, 30)
    for place in digi.members().filter(name__in=ENDING_TOGETHER):
        own = inventory.inventory_of(place)
        if not own.is_draft:
            own = inventory.reopen(inventory=own, version=own.version, by=None)
        inventory.add_system(inventory=own, area=area, product=SYSTEM, contract_end=end, by=None)
    assert any(window.on for window in windows(digi, area=area.pk))
    return area


def _through(ragnhild: Actor, here: str, number: int, *before: Case) -> None:
    """Prepared and laid in the browser; the sitting of a meeting is another journey's; the result is seen again."""
    own = f"{here}porter/bp{number}/"
    ragnhild.go(own)
    gate = _gate(number)
    page = {"prepared_by": "Sekretariatet", "staffing": "To fra sekretariatet", "next_ends": _in_a_year()}
    tolerances = {f"tolerance_{name}": "10 prosent" for name in TOLERANCES} if gate.rule.tolerances else {}
    ragnhild.press(nb("Change the front page"))
    ragnhild.send(page | tolerances)
    ragnhild.press(nb("Answer the checkpoints"))
    for check in gate.checks.all():
        ragnhild.fill({f"answer-{check.key}": "yes"})
    ragnhild.submit()
    for document in gate.documents.all():
        ragnhild.follow(ragnhild.page.locator(f"main a[href='{own}dokumenter/{document.key}/']"))
        ragnhild.send({"named": "Arkivsak 26/12"})
    ragnhild.press(nb("Lay %(name)s", name=gate.label))
    ragnhild.send({"proposed": PASSED[number]})
    case = _gate(number).case
    assert case is not None
    ragnhild.sees(case.title)
    ragnhild.is_refused(f"{own}sjekkpunkter/", 409)
    steering = Body.objects.get(collaboration__slug="vesteralen", slug="styringsgruppen")
    meeting = held(steering, _user("ragnhild.fjelltunet@hadsel"), *before, case)
    assert meeting.state == Meeting.State.HELD
    ragnhild.go(own)
    decided = _gate(number)
    assert decided.is_passed
    ragnhild.sees(decided.answer_in_words)


def _user(who: str) -> User:
    return User.objects.get(email=f"{who}.example")


def _ordered(actor: Actor) -> bytes:
    """The file that was just asked for, once the worker has made it."""
    card = actor.page.locator("main .job .document a[download]")
    actor.wait_here(card.first)
    return actor.fetch(card.first.get_attribute("href") or "")


def _sent_by_hand(actor: Actor, path: str, version: int) -> str:
    """What somebody is told who sends what no button sends."""
    request = actor.page.context.request
    token = next(one["value"] for one in actor.page.context.cookies() if one["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": actor.address}
    answer = request.post(f"{actor.address}{path}", headers=headers, form={"version": str(version)}, max_redirects=0)
    assert answer.status == 409
    return answer.text()


def _first_in_order(actor: Actor) -> str:
    return actor.page.locator("main tbody tr").first.inner_text()


def _decision(state: str, text: str) -> dict[str, Any]:
    return {
        "state": state,
        "decided_by": "Kommunestyret",
        "decided_on": f"{timezone.localdate():%d.%m.%Y}",
        "case_number": "61/26",
        "text": text,
    }


def _in_a_year() -> str:
    return f"{timezone.localdate() + timedelta(days=365):%d.%m.%Y}"


def _idea() -> Idea:
    return Idea.objects.get(window_area__in=SystemUse.objects.filter(product__name=SYSTEM).values("area"))


def _project() -> Project:
    return Project.objects.get(title=TITLE)


def _gate(number: int) -> Gate:
    return Gate.objects.select_related("case").get(project__title=TITLE, number=number, part=0)


def _benefit() -> Benefit:
    return Benefit.objects.get(project__title=TITLE)


def _line(name: str) -> str:
    number = Organisation.objects.get(name=name, kind="municipality").number
    return f"{_benefit().get_absolute_url()}{number}/"
