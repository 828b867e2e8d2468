"""Phases and gates of the full model: passed by a resolution of the right body, in order, never by hand (D13)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.actions import adoptions
from governance.actions.bodies import create_body
from governance.actions.cases import withdraw_case
from governance.actions.earlier import register_earlier_resolution
from governance.models import Adoption, Body, Case, Collaboration, Organisation
from portfolio import gate_rules
from portfolio.actions import gates, participation, projects
from portfolio.actions.cases import lay_financing_plan
from portfolio.actions.gate_cases import lay_gate, what_is_missing
from portfolio.actions.gate_decisions import may_be_told, take_up_again, tell_answer
from portfolio.actions.phase_models import choose_board, choose_full, choose_simple
from portfolio.gates import next_gate, next_gates, told_resolution
from portfolio.models import Gate, GateAnswer, Participation, Project, Share, Status
from tests.portfolio.gate_helpers import laid, ready, the_gate
from tests.refusals import the_database_refuses


@pytest.fixture
def idea(digi: Collaboration, steering: Body, secretary: User) -> Project:
    """A project in the phase «idé» of the full model, without shared cost."""
    made = projects.register_project(
        collaboration=digi, title="Felles innlogging", shared_cost=Decimal(0), by=secretary
    )
    return choose_full(project=made, by=secretary)


@pytest.fixture
def passes(idea: Project, held: Any, secretary: User) -> Any:
    """A gate is laid, and the steering group treats it."""

    def treat(number: int, outcome: str = "", part: int = 0, **more: Any) -> Gate:
        gate = laid(idea, number, secretary, part, **more)
        assert gate.case is not None
        held(gate.case, outcome or gate.case.usual_outcome)
        idea.refresh_from_db()
        return the_gate(idea, number, part)

    return treat


def refused(statement: str, *values: Any) -> None:
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_44_checkpoints_in_words_of_our_own() -> None:
    assert [len(gate_rules.checkpoints_of(n, on=date(2026, 2, 1))) for n in range(1, 7)] == [7, 10, 10, 7, 8, 2]
    assert 0 < len(gate_rules.checkpoints_of(3, 1)) < 7
    for number in range(1, 7):
        asked = gate_rules.checkpoints_of(number)
        assert all(point.words.nb.endswith("?") and point.words.en.endswith("?") for point in asked)


def test_a_project_goes_through_all_its_gates(
    idea: Project, passes: Any, six: list[Organisation], decides: Any, secretary: User
) -> None:
    assert passes(1).answer == "start"
    assert (idea.phase, idea.state) == ("concept", "planning")
    assert idea.participations.count() == 6, "nobody was invited, so all the members are asked"
    decides(idea.participations.get(organisation__name="Bø"))
    assert (passes(2), idea.phase)[1] == "planning"
    assert (passes(3), idea.phase, idea.state)[1:] == ("execution", "execution")
    stage = gates.add_stage(project=idea, by=secretary)
    assert (str(stage), stage.checks.count()) == ("BP3.1", 4)
    with pytest.raises(NotAllowedNow, match=r"BP3\.1"):
        laid(idea, 4, secretary)
    passes(3, part=1)
    assert (passes(4), idea.phase, idea.state)[1:] == ("closing", "execution")
    assert (passes(5), idea.phase, idea.state)[1:] == ("realising", "finished")
    follow_up = next_gate(idea)
    assert follow_up is not None
    assert follow_up.label == "Oppfølging"
    assert passes(6).answer == "approved"
    assert next_gate(idea) is None


def test_a_phase_is_not_entered_by_hand(idea: Project, secretary: User, passes: Any, steering: Body) -> None:
    for verb in (projects.plan, projects.start_execution):
        with pytest.raises(NotAllowedNow, match="BP"):
            verb(project=idea, by=secretary)
    refused("UPDATE portfolio_project SET phase = 'concept', state = 'planning' WHERE id = %s", idea.pk)
    refused("UPDATE portfolio_project SET state = 'planning' WHERE id = %s", idea.pk)
    refused("UPDATE portfolio_gate SET answer = 'start' WHERE project_id = %s AND number = 1", idea.pk)
    passed = passes(1)
    refused("UPDATE portfolio_project SET phase_model = 'simple', phase = '' WHERE id = %s", idea.pk)
    refused("UPDATE portfolio_project SET phase = 'execution', state = 'execution' WHERE id = %s", idea.pk)
    borrowed = "UPDATE portfolio_gate SET answer = 'start', proposed = 'start', decided_on = %s, facts = '{}', "
    about = "resolution_id = %s, case_id = %s, body_id = %s WHERE project_id = %s AND number = %s"
    told = (passed.decided_on, passed.resolution_id, passed.case_id, passed.body_id, idea.pk)
    refused(borrowed + about, *told, 3)


def test_what_a_gate_was_decided_on_stands(idea: Project, passes: Any, secretary: User) -> None:
    passed = passes(1)
    refused("UPDATE portfolio_gate SET answer = 'stop' WHERE id = %s", passed.pk)
    refused("DELETE FROM portfolio_gatecheck WHERE gate_id = %s", passed.pk)
    refused("UPDATE portfolio_gateversion SET change = 'x' WHERE gate_id = %s", passed.pk)
    refused("DELETE FROM portfolio_gate WHERE id = %s", passed.pk)
    with pytest.raises(NotAllowedNow, match="avgjort"):
        gates.change_front_page(gate=passed, version=None, staffing="Flere", by=secretary)
    with pytest.raises(NotAllowedNow):
        choose_simple(project=idea, reason="Det ble for mye", by=secretary)
    facts = passed.facts
    assert facts is not None
    assert (facts["answer"], facts["treated_by"], facts["prepared_by"]) == (
        "starte konseptfasen", "Styringsgruppen", "Sekretariatet",
    )  # fmt: skip
    assert [row[4] for row in facts["versions"]] == ["Styringsgruppen"]
    assert facts["case_number"]


def test_a_gate_is_laid_when_all_is_answered_and_named(idea: Project, secretary: User) -> None:
    gate = the_gate(idea, 1)
    told = " ".join(what_is_missing(gate))
    for said in ("7", "Mandat for konseptfasen", "Skriv på forsiden"):
        assert said in told
    with pytest.raises(NotAllowedNow):
        lay_gate(gate=gate, proposed="start", by=secretary)
    with pytest.raises(NotAllowedNow, match="hvorfor"):
        gates.answer_checks(gate=gate, version=None, answers={"strategy": ("not_relevant", " ")}, by=secretary)
    gate = ready(idea, 1, secretary)
    assert what_is_missing(gate) == []
    with pytest.raises(NotAllowedNow):
        lay_gate(gate=gate, proposed="approved", by=secretary)
    with pytest.raises(NotAllowedNow):
        lay_gate(gate=gate, proposed="start", answer_by=timezone.localdate() - timedelta(days=1), by=secretary)
    assert "BP1" in " ".join(what_is_missing(ready(idea, 2, secretary)))
    with pytest.raises(Stale):
        gates.change_front_page(gate=gate, version=1, staffing="Flere", by=secretary)


def test_only_the_secretariat_prepares_a_gate(idea: Project, director: User, observer: User) -> None:
    for user in (director, observer):
        with pytest.raises(PermissionDenied):
            gates.change_front_page(gate=the_gate(idea, 1), version=None, staffing="Flere", by=user)


def test_withdrawn_it_is_laid_again_and_postponed_it_waits(idea: Project, held: Any, secretary: User) -> None:
    gate = laid(idea, 1, secretary)
    with pytest.raises(NotAllowedNow, match="Trekk"):
        gates.answer_checks(gate=gate, version=None, answers={"strategy": ("", "")}, by=secretary)
    assert gate.case is not None
    withdraw_case(case=gate.case, by=secretary)
    again = laid(idea, 1, secretary)
    assert again.pk == gate.pk
    assert again.case is not None
    held(again.case, "postponed")
    waiting = the_gate(idea, 1)
    assert (waiting.answer, waiting.edition) == ("", 1)
    with pytest.raises(NotAllowedNow):
        laid(idea, 1, secretary)


def test_sent_back_it_becomes_a_new_edition_in_the_same_case(
    idea: Project, passes: Any, held: Any, secretary: User
) -> None:
    gate = passes(1, outcome="sent_back")
    assert (gate.edition, gate.answer) == (2, "")
    first = idea.gates.get(number=1, edition=1)
    assert (first.answer, idea.phase) == ("more", "idea")
    assert not gate.checks.filter(answer="").exists()
    again = laid(idea, 1, secretary)
    assert again.case is not None
    assert again.case.continues == first.case
    held(again.case, "recommended")
    idea.refresh_from_db()
    assert idea.phase == "concept"


def test_what_was_changed_or_not_adopted_is_told_from_the_resolution(
    idea: Project, passes: Any, secretary: User
) -> None:
    gate = passes(1, outcome="not_adopted")
    resolution = told_resolution(gate)
    assert resolution is not None
    assert (idea.phase, gate.answer) == ("idea", "")
    assert may_be_told(gate, resolution) == ["stop", "more"]
    with pytest.raises(NotAllowedNow):
        tell_answer(gate=gate, answer="start", by=secretary)
    tell_answer(gate=gate, answer="stop", by=secretary)
    idea.refresh_from_db()
    assert (idea.state, idea.phase) == ("stopped", "idea")
    with pytest.raises(NotAllowedNow):
        tell_answer(gate=gate, answer="more", by=secretary)
    take_up_again(gate=the_gate(idea, 1), by=secretary)
    gate = passes(1, outcome="changed")
    assert (idea.phase, gate.edition) == ("idea", 2)
    tell_answer(gate=gate, answer="start", by=secretary)
    idea.refresh_from_db()
    assert (idea.state, idea.phase) == ("planning", "concept")


def test_a_resolution_waits_for_no_answer_and_changes_none(
    idea: Project, passes: Any, six: list[Organisation], decides: Any, directors: dict[str, User], secretary: User
) -> None:
    parts = {part.organisation.name: part for part in
             participation.invite(project=idea, organisations=six, by=secretary)}  # fmt: skip
    for name in ("Bø", "Hadsel", "Sortland"):
        decides(parts[name])
    passes(1)
    asked = GateAnswer.objects.filter(gate__project=idea)
    assert sorted(one.participation.organisation.name for one in asked) == ["Bø", "Hadsel", "Sortland"]
    assert {one.adoption.state for one in asked} == {"open"}
    assert idea.participations.taking_part().count() == 3
    assert idea.phase == "concept", "nobody has answered, and the project goes on"


def test_who_says_no_leaves_by_its_own_decision(
    idea: Project, passes: Any, six: list[Organisation], decides: Any, directors: dict[str, User], secretary: User
) -> None:
    parts = {part.organisation.name: part for part in
             participation.invite(project=idea, organisations=six, by=secretary)}  # fmt: skip
    for name in ("Bø", "Hadsel"):
        decides(parts[name])
    passes(1)
    asked = GateAnswer.objects.get(gate__project=idea, participation=parts["Bø"]).adoption

    def says(state: str, verb: Any = adoptions.register_adoption, **more: Any) -> Status:
        verb(
            adoption=Adoption.objects.get(pk=asked.pk), state=state, decided_by="formannskapet",
            decided_on=timezone.localdate(), case_number="14/26", by=directors["Bø"], **more,
        )  # fmt: skip
        return Participation.objects.whole().get(pk=parts["Bø"].pk).status

    assert says("not_adopted") == Status.NOTICE
    later = timezone.localdate() + timedelta(days=1)
    bo = Participation.objects.whole().get(pk=parts["Bø"].pk)
    assert bo.status_on(later) == Status.LEFT
    assert Participation.objects.with_status(later).get(pk=bo.pk).status_then == Status.LEFT
    assert not Participation.objects.taking_part(later).filter(pk=bo.pk).exists()
    assert Share.objects.get(participation=bo).status == Status.NOTICE
    assert Participation.objects.whole().get(pk=parts["Hadsel"].pk).status == Status.TAKES_PART
    assert says("adopted", adoptions.correct, reason="Feil lest") == Status.TAKES_PART
    assert Participation.objects.get(pk=bo.pk).leaves_on is None


def test_a_board_of_its_own_decides(
    idea: Project, digi: Collaboration, steering: Body, directors: dict[str, User], held: Any, secretary: User
) -> None:
    board = create_body(
        collaboration=digi, name="Programstyret", slug="programstyret", kind=Body.Kind.REFERENCE, level=1, by=secretary
    )
    choose_board(project=idea, body=board, by=secretary)
    idea.refresh_from_db()
    gate = laid(idea, 1, secretary)
    assert gate.body == board
    assert gate.case is not None
    assert gate.case.body == board
    with pytest.raises(NotAllowedNow, match="behandl"):
        choose_board(project=idea, body=None, by=secretary)


def test_the_execution_begins_when_the_money_is_decided(
    digi: Collaboration, steering: Body, passes: Any, idea: Project, decides: Any, held: Any, secretary: User
) -> None:
    passes(1)
    decides(idea.participations.get(organisation__name="Bø"), 200_000)
    passes(2)
    projects.change_project(project=idea, version=None, shared_cost=Decimal(100_000), by=secretary)
    with pytest.raises(NotAllowedNow, match="finansieringsplan"):
        laid(idea, 3, secretary)
    plan = lay_financing_plan(project=idea, by=secretary)
    passes(3)
    assert (idea.phase, idea.state) == ("planning", "planning"), "the plan is not decided yet"
    held(plan.case)
    projects.start_execution(project=idea, by=secretary)
    idea.refresh_from_db()
    assert (idea.phase, idea.state) == ("execution", "execution")
    projects.plan(project=idea, by=secretary)
    idea.refresh_from_db()
    assert idea.phase == "planning"


def test_a_project_under_way_names_the_resolutions_it_stands_on(
    project: Project, steering: Body, secretary: User
) -> None:
    day = timezone.localdate() - timedelta(days=200)
    found = register_earlier_resolution(
        body=steering, day=day, title="Konsept for felles skjema", points=["Konseptfasen starter."], by=secretary
    )
    with pytest.raises(NotAllowedNow, match="BP1"):
        choose_full(project=project, phase="concept", reason="Større enn ventet", by=secretary)
    with pytest.raises(NotAllowedNow, match="hvorfor"):
        choose_full(project=project, phase="concept", resolutions={1: found}, by=secretary)
    with pytest.raises(NotAllowedNow):
        choose_full(project=project, phase="execution", resolutions={1: found}, reason="Ja", by=secretary)
    choose_full(project=project, phase="concept", resolutions={1: found}, reason="Større enn ventet", by=secretary)
    gate = the_gate(project, 1)
    assert (gate.afterwards, gate.decided_on, gate.answer) == (True, day, "start")
    assert not GateAnswer.objects.exists()
    upcoming = next_gate(Project.objects.get(pk=project.pk))
    assert upcoming is not None
    assert upcoming.label == "BP2"


def test_another_bodys_resolution_passes_no_gate(
    project: Project, digi: Collaboration, steering: Body, secretary: User
) -> None:
    other = create_body(
        collaboration=digi, name="Fagrådet", slug="fagradet", kind=Body.Kind.REFERENCE, level=2, by=secretary
    )
    day = timezone.localdate() - timedelta(days=200)
    found = register_earlier_resolution(body=other, day=day, title="Noe annet", points=["Ja."], by=secretary)
    with pytest.raises(NotAllowedNow, match="Styringsgruppen"):
        choose_full(project=project, phase="concept", resolutions={1: found}, reason="Ja", by=secretary)


def test_back_to_four_steps_while_no_gate_is_laid(idea: Project, secretary: User) -> None:
    choose_simple(project=idea, reason="Et lite prosjekt", by=secretary)
    idea.refresh_from_db()
    assert (idea.phase_model, idea.phase, idea.gates.count()) == ("simple", "", 0)
    choose_full(project=idea, by=secretary)


def test_the_next_gate_of_many_projects_is_one_question(
    idea: Project, project: Project, django_assert_num_queries: Any
) -> None:
    Gate.objects.filter(project=idea, number=1).update(planned_on=date(2027, 3, 1), planned_precision="month")
    with django_assert_num_queries(1):
        found = next_gates([idea, project])
    assert (found[idea.pk].label, found[idea.pk].when) == ("BP1", "mars 2027")
    assert (found[project.pk].label, found[project.pk].gate) == ("Finansieringsplan", None)
    assert next_gate(idea) == found[idea.pk]
    with django_assert_num_queries(1):
        marks = Gate.objects.for_timeline([idea, project])
    assert marks == [(idea.pk, "BP1", date(2027, 3, 1), "month", False)]


def test_a_meeting_ends_also_when_the_case_says_nothing_of_the_gate(idea: Project, passes: Any) -> None:
    gate = passes(1, outcome="noted")
    assert (gate.answer, idea.phase) == ("", "idea")
    assert Case.objects.get(pk=gate.case_id).stage == Case.Stage.TREATED


def test_the_database_lets_a_municipality_answer_only_for_itself(
    idea: Project, passes: Any, six: list[Organisation], decides: Any, secretary: User
) -> None:
    parts = {part.organisation.name: part for part in
             participation.invite(project=idea, organisations=six, by=secretary)}  # fmt: skip
    for name in ("Bø", "Hadsel"):
        decides(parts[name])
    passes(1)
    asked = GateAnswer.objects.get(gate__project=idea, participation=parts["Bø"])
    hadsel = parts["Hadsel"].pk
    leave = "UPDATE portfolio_participation SET withdrawal_id = %s, leaves_on = %s, leaves_by_no = %s WHERE id = %s"
    day = timezone.localdate()
    refused(leave, asked.adoption_id, day, True, hadsel)
    refused(leave, asked.adoption_id, day, False, asked.participation_id)
    refused("UPDATE portfolio_participation SET leaves_by_no = true WHERE id = %s", hadsel)
    refused("UPDATE portfolio_participation SET adoption_id = %s WHERE id = %s", asked.adoption_id, hadsel)
    refused("UPDATE portfolio_gateanswer SET participation_id = %s WHERE id = %s", hadsel, asked.pk)
    refused("DELETE FROM portfolio_gateanswer WHERE id = %s", asked.pk)
    refused(
        "INSERT INTO portfolio_gateanswer (gate_id, participation_id, adoption_id) VALUES (%s, %s, %s)",
        the_gate(idea, 2).pk, hadsel, parts["Bø"].adoption_id,
    )  # fmt: skip


def test_a_project_is_not_stopped_while_its_gate_lies_before_the_body(idea: Project, secretary: User) -> None:
    gate = laid(idea, 1, secretary)
    with pytest.raises(NotAllowedNow, match="BP1"):
        projects.stop(project=idea, by=secretary)
    assert gate.case is not None
    withdraw_case(case=gate.case, by=secretary)
    assert projects.stop(project=idea, by=secretary).state == "stopped"


def test_laid_again_it_has_a_version_of_its_own(idea: Project, passes: Any, secretary: User) -> None:
    passes(1, outcome="noted")
    laid(idea, 1, secretary)
    assert list(the_gate(idea, 1).versions.values_list("number", flat=True)) == ["1.0", "1.1"]


def test_pressed_twice_it_is_one(idea: Project, secretary: User) -> None:
    for _time in range(2):
        assert gates.add_stage(project=idea, seen=0, by=secretary).part == 1
        row: Any = {"number": "0.1", "on": date(2026, 2, 1), "change": "Utkast"}
        gates.add_version(gate=the_gate(idea, 1), by=secretary, **row)
        gates.add_receiver(gate=the_gate(idea, 1), name="Styringsgruppen", by=secretary)
    assert idea.gates.filter(number=3).count() == 2
    assert (the_gate(idea, 1).versions.count(), the_gate(idea, 1).receivers.count()) == (1, 1)
    assert gates.add_stage(project=idea, seen=1, by=secretary).part == 2


@pytest.mark.parametrize("seen", ["", "tull", "0", "7"])
def test_a_stage_is_not_added_to_others_than_the_page_showed(
    client: Client, idea: Project, secretary: User, seen: str
) -> None:
    for _stage in range(2):
        gates.add_stage(project=idea, by=secretary)
    client.force_login(secretary)

    answer = client.post(reverse("new_stage", args=[idea.collaboration.slug, idea.slug]), {"seen": seen})

    assert answer.status_code == 409
    assert idea.gates.filter(number=3).count() == 3


def test_a_case_of_another_project_passes_no_gate(
    project: Project, idea: Project, passes: Any, secretary: User
) -> None:
    found = passes(1).resolution
    with pytest.raises(NotAllowedNow, match="annet prosjekt"):
        choose_full(project=project, phase="concept", resolutions={1: found}, reason="Ja", by=secretary)
