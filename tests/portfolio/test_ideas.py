"""An idea comes from somewhere, is recommended, gets one answer and perhaps becomes a project (R36, K5, L16, L17)."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.start.tasks.of_portfolio import ideas_waiting, own_ideas
from governance.actions import proposals
from governance.models import Body, Collaboration, Organisation, Proposal
from portfolio import active_limit
from portfolio.actions import focus_areas, ideas, initiatives, proposal_ideas
from portfolio.actions.habits import change_habits
from portfolio.alike import alike
from portfolio.models import Idea, Project
from tests.governance.meeting_helpers import a_case, held
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

TEXTS = {"title": "Felles digital byggesak", "background": "Seks ulike løsninger i dag, og lang behandlingstid."}


@pytest.fixture
def go(client: Client) -> Callable[[User], Client]:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


@pytest.fixture
def idea(digi: Collaboration, sortland: Organisation, contact: User) -> Idea:
    """Sortland's own people send it by the short form."""
    return ideas.register_idea(collaboration=digi, sender=sortland, by=contact, **TEXTS)


@pytest.fixture
def proposal(digi: Collaboration, sortland: Organisation, contact: User) -> Proposal:
    return proposals.send_proposal(
        sender=sortland, to=digi, title="Felles skjema", wanted="Ett skjema.", background="Seks i dag.", by=contact
    )


@pytest.fixture
def above(digi: Collaboration) -> Collaboration:
    digi.parent = Collaboration.objects.create(slug="nordland", name="DigiNordland")
    digi.save()
    return digi.parent


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def fresh(idea: Idea) -> Idea:
    return Idea.objects.select_related("collaboration").get(pk=idea.pk)


# --- where it comes from -------------------------------------------------------------------------------


def test_an_idea_is_numbered_within_the_year(digi: Collaboration, idea: Idea, secretary: User) -> None:
    second = ideas.register_idea(collaboration=digi, by=secretary, **TEXTS)
    old = ideas.register_idea(collaboration=digi, registered_on=date(2024, 3, 1), by=secretary, **TEXTS)
    assert [one.number for one in (idea, second, old)] == [1, 2, 1]
    assert old.label == "1/24"
    assert (idea.sender_in_words, idea.state) == ("Sortland", "new")


def test_three_lines_are_enough_for_a_director_and_the_idea_stands_in_the_list(
    go: Any, digi: Collaboration, contact: User, sortland: Organisation
) -> None:
    page = go(contact).get(here("new_idea"))
    assert "sender" in page.context_data["form"].fields
    told = {**TEXTS, "sender": f"organisation-{sortland.pk}"}
    made = go(contact).post(here("new_idea"), told)
    found = Idea.objects.get()
    assert made.headers["Location"] == found.get_absolute_url()
    assert (found.sender_organisation, found.sender_person) == (sortland, contact.person)
    assert "Felles digital byggesak" in go(contact).get(here("ideas")).content.decode()
    assert go(contact).post(here("new_idea"), told).headers["Location"] == found.get_absolute_url()
    assert Idea.objects.count() == 1, "pressed twice"


def test_nobody_sends_an_idea_for_another_municipality(
    go: Any, digi: Collaboration, six: list[Organisation], contact: User, outsider: User
) -> None:
    hadsel = next(place for place in six if place.name == "Hadsel")
    with pytest.raises(PermissionDenied):
        ideas.register_idea(collaboration=digi, sender=hadsel, by=contact, **TEXTS)
    with pytest.raises(PermissionDenied):
        ideas.register_idea(collaboration=digi, by=contact, **TEXTS)
    assert go(outsider).get(here("new_idea")).status_code == 404
    assert go(outsider).get(here("ideas")).status_code == 404


def test_an_idea_of_a_measure_names_its_project_when_it_is_taken_up(
    go: Any, digi: Collaboration, area: Any, secretary: User
) -> None:
    measure = focus_areas.register_measure(focus_area=area, text="Felles skjemaportal", by=secretary)
    form = go(secretary).get(f"{here('new_idea')}?tiltak={measure.pk}").context_data["form"]
    assert form["title"].value() == "Felles skjemaportal"
    go(secretary).post(f"{here('new_idea')}?tiltak={measure.pk}", {**TEXTS, "sender": ""})
    made = Idea.objects.get()
    assert (made.source, made.measure) == ("measure", measure)
    project = ideas.take_up(idea=made, title=made.title, by=secretary)
    measure.refresh_from_db()
    assert measure.project == project


# --- the first step and the second -------------------------------------------------------------------------


def test_the_sender_mends_it_until_it_is_recommended(go: Any, idea: Idea, contact: User, secretary: User) -> None:
    changed = {**TEXTS, "gains": "Alle som bygger.", "version": "1"}
    assert go(contact).post(here("change_idea", idea.pk), changed).status_code == 302
    assert go(contact).post(here("change_idea", idea.pk), changed).status_code == 409  # from an older version
    ideas.recommend(idea=fresh(idea), state="detail", comment="Mange kan ha nytte av den.", by=secretary)
    assert go(contact).get(here("change_idea", idea.pk)).status_code == 403
    page = go(secretary).get(here("change_idea", idea.pk)).content.decode()
    assert "<details" not in page.split("data-draft=")[1].split('name="problem"')[0]


def test_what_is_not_prioritised_says_why_and_may_be_taken_up_again(idea: Idea, secretary: User, contact: User) -> None:
    with pytest.raises(NotAllowedNow):
        ideas.recommend(idea=idea, state="not_prioritised", by=secretary)
    with pytest.raises(PermissionDenied):
        ideas.recommend(idea=idea, state="detail", by=contact)
    ideas.recommend(idea=idea, state="not_prioritised", comment="Fagsystemet byttes først.", by=secretary)
    ideas.recommend(idea=idea, state="detail", by=secretary)
    with pytest.raises(NotAllowedNow):
        ideas.recommend(idea=idea, state="taken", by=secretary)
    assert fresh(idea).state == "detail"


# --- the answer (R36) ---------------------------------------------------------------------------------------


def test_an_idea_is_answered_once_with_a_reason_and_the_sender_is_told(
    go: Any, idea: Idea, secretary: User, contact: User
) -> None:
    wrong = go(secretary).post(here("answer_idea", idea.pk), {"answer": "national", "version": "1"})
    assert "reason" in wrong.context_data["form"].errors
    answer = {"answer": "national", "reason": "Direktoratet lager den.", "on": f"{timezone.localdate():%d.%m.%Y}"}
    go(secretary).post(here("answer_idea", idea.pk), {**answer, "version": "1"})
    found = fresh(idea)
    assert (found.state, found.answer, found.answered_by) == ("answered", "national", secretary)
    assert go(secretary).post(here("answer_idea", idea.pk), {**answer, "version": "2"}).status_code == 409
    with pytest.raises(NotAllowedNow):
        ideas.answer_idea(idea=found, answer="not_now", reason="Ikke i år.", by=secretary)
    with pytest.raises(NotAllowedNow):
        ideas.take_up(idea=found, title="Likevel", by=secretary)

    jobs.run(Job.objects.get(kind="portfolio.idea_mail").pk)
    assert contact.email in mail.outbox[0].to
    assert "Direktoratet lager den." in mail.outbox[0].body
    assert "Direktoratet lager den." in go(contact).get(found.get_absolute_url()).content.decode()


def test_only_the_secretariat_answers_and_not_before_the_idea_came(
    idea: Idea, contact: User, director: User, secretary: User
) -> None:
    for user in (contact, director):
        with pytest.raises(PermissionDenied):
            ideas.answer_idea(idea=idea, answer="here", by=user)
    for day in (idea.registered_on - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(NotAllowedNow):
            ideas.answer_idea(idea=idea, answer="not_now", reason="Ikke nå.", on=day, by=secretary)


def test_an_answer_may_stand_on_a_case_that_is_treated(
    idea: Idea, steering: Body, directors: dict[str, User], secretary: User
) -> None:
    waiting = a_case(steering, secretary)
    with pytest.raises(NotAllowedNow):
        ideas.answer_idea(idea=idea, answer="here", case=waiting, by=secretary)
    held(steering, secretary, waiting)
    waiting.refresh_from_db()
    assert ideas.answer_idea(idea=idea, answer="here", case=waiting, by=secretary).case == waiting


def test_the_answer_cannot_be_tampered_with(idea: Idea, secretary: User) -> None:
    ideas.answer_idea(idea=idea, answer="each", reason="Hver kommune gjør det selv.", by=secretary)
    for change in (
        "UPDATE portfolio_idea SET answer = 'national'",
        "UPDATE portfolio_idea SET reason = 'En annen'",
        "UPDATE portfolio_idea SET state = 'new', answer = '', reason = '', answered_on = NULL, answered_by_id = NULL",
        "UPDATE portfolio_idea SET state = 'here'",
        "UPDATE portfolio_idea SET number = 7",
        "DELETE FROM portfolio_idea",
    ):
        with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert fresh(idea).answer == "each"


def test_an_idea_does_not_jump_from_one_state_to_another(idea: Idea, secretary: User) -> None:
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE portfolio_idea SET state = 'taken', answer = 'here'")
    with pytest.raises(Stale):
        ideas.recommend(idea=idea, version=7, state="detail", by=secretary)


# --- one answer for an idea and its proposal --------------------------------------------------------------------


def test_a_proposal_becomes_an_idea_and_the_answer_of_the_idea_is_its_answer(
    go: Any, digi: Collaboration, proposal: Proposal, secretary: User, contact: User
) -> None:
    assert here("proposal_idea", proposal.pk) not in go(contact).get(here("proposal", proposal.pk)).content.decode()
    assert go(contact).post(here("proposal_idea", proposal.pk)).status_code == 403
    assert here("proposal_idea", proposal.pk) in go(secretary).get(here("proposal", proposal.pk)).content.decode()
    go(secretary).post(here("proposal_idea", proposal.pk))
    made = Idea.objects.get()
    assert (made.source, made.sender, made.solution) == ("proposal", proposal.sender, "Ett skjema.")
    assert go(secretary).post(here("proposal_idea", proposal.pk)).status_code == 409

    ideas.answer_idea(idea=made, answer="not_now", reason="Kapasiteten er brukt opp.", by=secretary)
    step = Proposal.objects.get(pk=proposal.pk).last_step
    assert (step.state, step.solved, step.reason) == ("not_supported", "not_now", "Kapasiteten er brukt opp.")
    assert (fresh(made).answer, fresh(made).reason) == ("not_now", "Kapasiteten er brukt opp.")


def test_the_answer_of_the_proposal_is_that_of_the_idea(
    digi: Collaboration, proposal: Proposal, secretary: User
) -> None:
    made = proposal_ideas.make_idea(collaboration=digi, proposal=proposal, by=secretary)
    proposals.answer(proposal=proposal, state="adopted", solved="here", reason="Vi gjør det.", by=secretary)
    assert (fresh(made).state, fresh(made).reason) == ("here", "Vi gjør det.")
    project = ideas.take_up(idea=fresh(made), title="Felles skjema", by=secretary)
    assert fresh(made).project == project


def test_an_adopted_proposal_becomes_an_idea_that_is_answered(
    digi: Collaboration, proposal: Proposal, secretary: User
) -> None:
    proposals.answer(proposal=proposal, state="adopted", solved="here", reason="Vi gjør det.", by=secretary)
    made = proposal_ideas.make_idea(collaboration=digi, proposal=proposal, by=secretary)
    assert (made.state, made.answer) == ("here", "here")


def test_an_answer_from_before_the_idea_was_made_is_its_answer(
    digi: Collaboration, sortland: Organisation, secretary: User
) -> None:
    days = [timezone.localdate() - timedelta(days=ago) for ago in (3, 1)]
    for late in (False, True):  # made after the answer, and an answer dated back
        sent = proposals.send_proposal(
            sender=sortland, to=digi, title="Felles skjema", wanted="Ett.", background="Seks.", sent_on=days[0],
            by=secretary,
        )  # fmt: skip
        told = {"state": "adopted", "solved": "here", "reason": "Vi gjør det.", "on": days[1], "by": secretary}
        if late:
            made = proposal_ideas.make_idea(collaboration=digi, proposal=sent, by=secretary)
            proposals.answer(proposal=sent, **told)
        else:
            proposals.answer(proposal=sent, **told)
            made = proposal_ideas.make_idea(collaboration=digi, proposal=sent, by=secretary)
        assert (fresh(made).registered_on, fresh(made).answered_on) == (days[0], days[1])


def test_an_idea_is_lifted_on_a_day_that_has_been(
    above: Collaboration, digi: Collaboration, sortland: Organisation, secretary: User
) -> None:
    days = [timezone.localdate() - timedelta(days=ago) for ago in (3, 1)]
    idea = ideas.register_idea(collaboration=digi, sender=sortland, registered_on=days[0], by=secretary, **TEXTS)
    found = ideas.answer_idea(idea=idea, answer="parent", reason="Hele fylket.", on=days[1], by=secretary)
    assert (found.answered_on, found.proposal.sent_on) == (days[1], days[0])


def test_a_proposal_that_is_solved_elsewhere_is_no_idea(
    digi: Collaboration, proposal: Proposal, secretary: User
) -> None:
    proposals.answer(proposal=proposal, state="not_supported", solved="national", reason="KS gjør det.", by=secretary)
    with pytest.raises(NotAllowedNow):
        proposal_ideas.make_idea(collaboration=digi, proposal=proposal, by=secretary)


def test_what_the_steering_group_decides_in_the_case_is_the_answer_of_both(
    digi: Collaboration, steering: Body, directors: dict[str, User], proposal: Proposal, secretary: User
) -> None:
    made = proposal_ideas.make_idea(collaboration=digi, proposal=proposal, by=secretary)
    proposals.forward(proposal=proposal, to=steering, reason="Styringsgruppen avgjør.", by=secretary)
    case = proposals.make_case(proposal=Proposal.objects.get(pk=proposal.pk), by=secretary)
    with pytest.raises(NotAllowedNow):  # it is answered by the case
        ideas.answer_idea(idea=made, answer="here", by=secretary)
    type(case).objects.filter(pk=case.pk).update(stage="ready")
    case.refresh_from_db()
    held(steering, secretary, case)
    assert (fresh(made).state, fresh(made).case) == ("here", case)


def test_a_lifted_idea_goes_up_as_one_proposal_from_the_same_sender(
    go: Any, above: Collaboration, digi: Collaboration, idea: Idea, sortland: Organisation, secretary: User
) -> None:
    told = {"answer": "parent", "reason": "Gjelder hele fylket.", "version": "1"}
    go(secretary).post(here("answer_idea", idea.pk), {**told, "on": f"{timezone.localdate():%d.%m.%Y}"})
    found, proposal = fresh(idea), Proposal.objects.get()
    assert (found.answer, found.proposal, found.state) == ("parent", proposal, "answered")
    assert (proposal.sender, proposal.last_step.collaboration) == (sortland, above)


def test_nothing_is_lifted_where_nothing_stands_above(go: Any, idea: Idea, secretary: User) -> None:
    form = go(secretary).get(here("answer_idea", idea.pk)).context_data["form"]
    assert "parent" not in dict(form.fields["answer"].choices)
    with pytest.raises(NotAllowedNow):
        ideas.answer_idea(idea=idea, answer="parent", reason="Opp.", by=secretary)
    assert not Proposal.objects.exists()


# --- what it became ---------------------------------------------------------------------------------------------


def test_an_idea_is_taken_up_as_a_project_from_a_form_that_is_filled_in(go: Any, idea: Idea, secretary: User) -> None:
    page = go(secretary).get(here("take_up_idea", idea.pk))
    assert page.context_data["form"]["title"].value() == TEXTS["title"]
    made = go(secretary).post(
        here("take_up_idea", idea.pk), {"title": "Digital byggesak", "kind": "project", "key": "equal", "version": "1"}
    )
    project = Project.objects.get()
    assert made.headers["Location"] == project.get_absolute_url()
    found = fresh(idea)
    assert (found.project, found.state, found.answer) == (project, "taken", "here")
    again = go(secretary).post(
        here("take_up_idea", idea.pk), {"title": "Igjen", "kind": "project", "key": "equal", "version": "2"}
    )
    assert again.status_code == 409
    assert Project.objects.count() == 1


def test_a_quick_measure_asks_and_takes_one_press(go: Any, idea: Idea, secretary: User, contact: User) -> None:
    assert go(contact).post(here("take_up_quickly", idea.pk)).status_code == 403
    asked = go(secretary).get(here("take_up_quickly", idea.pk)).context_data
    assert (asked["version"], Project.objects.count()) == (1, 0)
    go(secretary).post(here("take_up_quickly", idea.pk), {"version": "1"})
    assert Project.objects.get(quick_measure=True).idea == fresh(idea)
    assert go(secretary).post(here("take_up_quickly", idea.pk), {"version": "1"}).status_code == 409
    assert Project.objects.count() == 1


# --- what looks like it, and the list ---------------------------------------------------------------------------


def test_what_looks_alike_is_told_when_an_idea_is_registered(
    go: Any, digi: Collaboration, idea: Idea, secretary: User
) -> None:
    initiatives.register_initiative(collaboration=digi, name="Digital byggesak felles", run_by="KS", by=secretary)
    page = go(secretary).post(
        here("new_idea"), {"title": "Digital byggesak", "background": "Det samme.", "sender": ""}, follow=True
    )
    assert idea.get_absolute_url() in page.content.decode()
    assert {one.name for one in alike(Idea.objects.latest("pk"))} == {str(idea), "Digital byggesak felles"}
    other = ideas.register_idea(collaboration=digi, title="Varsling av brann", background="Nytt.", by=secretary)
    assert alike(other) == []


def test_the_list_is_narrowed_and_comes_as_a_workbook(
    go: Any, digi: Collaboration, idea: Idea, secretary: User, area: Any
) -> None:
    own = ideas.register_idea(
        collaboration=digi, title="=Felles vakt", background="Trengs.", focus_area=area, by=secretary
    )
    ideas.answer_idea(idea=own, answer="not_now", reason="Ikke i år.", by=secretary)

    def left(query: str) -> list[str]:
        table = go(secretary).get(f"{here('ideas')}?{query}").context_data["table"]
        return [row.record.title for row in table.rows]

    assert len(left("")) == 2
    assert left("state=waiting") == [idea.title]
    assert left("state=answered") == left(f"area={area.slug}") == left("sender=secretariat") == [own.title]
    assert left(f"sender=organisation-{idea.sender_organisation_id}") == left("q=byggesak") == [idea.title]
    assert left("source=window") == []
    sheet = load_workbook(BytesIO(go(secretary).get(f"{here('ideas')}?format=xlsx").content)).active
    assert sheet is not None
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["=Felles vakt", idea.title]


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    go: Any, digi: Collaboration, sortland: Organisation, secretary: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            go(secretary).get(here("ideas"))
        return len(counted)

    ideas.register_idea(collaboration=digi, sender=sortland, by=secretary, **TEXTS)
    queries()
    few = queries()
    for _one in range(12):
        ideas.register_idea(collaboration=digi, sender=sortland, by=secretary, **TEXTS)
    assert queries() == few


def test_an_empty_list_leads_those_who_may_send_to_the_form(
    go: Any, digi: Collaboration, director: User, project_leader: User
) -> None:
    assert here("new_idea") in go(director).get(here("ideas")).content.decode()
    assert here("new_idea") not in go(project_leader).get(here("ideas")).content.decode()
    assert go(project_leader).get(here("new_idea")).status_code == 403


# --- what waits, and few but clear -------------------------------------------------------------------------------


def test_what_waits_stands_on_the_start_page_of_the_secretariat(
    digi: Collaboration, idea: Idea, secretary: User, contact: User
) -> None:
    def told(source: Any, user: User) -> list[str]:
        return [task.url for task in source(user)]

    assert told(ideas_waiting, secretary) == [idea.get_absolute_url()]
    assert told(ideas_waiting, contact) == told(own_ideas, contact) == []
    ideas.recommend(idea=idea, state="detail", by=secretary)
    assert told(ideas_waiting, secretary) == []
    ideas.answer_idea(idea=fresh(idea), answer="each", reason="Hver for seg.", by=secretary)
    assert told(own_ideas, contact) == [idea.get_absolute_url()]
    assert told(own_ideas, secretary) == []
    for number in range(4):
        ideas.register_idea(collaboration=digi, by=secretary, **{**TEXTS, "title": f"Idé {number}"})
    assert told(ideas_waiting, secretary) == [f"{here('ideas')}?state=waiting"]


def test_one_more_than_agreed_is_a_warning_and_no_stop(
    go: Any, digi: Collaboration, project: Project, idea: Idea, secretary: User
) -> None:
    assert active_limit.warning(digi, more=5) == ""  # nothing is agreed
    change_habits(
        collaboration=digi, version=1, status="simple", effort="month", more_keys=False, active_limit=1, by=secretary
    )
    assert "limit" in go(secretary).get(here("portfolio")).context_data["active"].__dict__
    told = {"title": "Digital byggesak", "kind": "project", "key": "equal", "version": "1"}
    page = go(secretary).post(here("take_up_idea", idea.pk), told, follow=True)
    assert [str(one.level_tag) for one in get_messages(page.wsgi_request)] == ["success", "warning"]
    assert Project.objects.count() == 2
    now = active_limit.active(digi)
    assert (now.planning, now.execution, now.limit, now.is_beyond) == (1, 0, 1, False)
