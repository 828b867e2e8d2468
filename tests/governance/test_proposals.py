"""A proposal keeps one identity from the municipality to the collaboration above, and the answer comes back (c6)."""

from datetime import date, timedelta
from typing import Any

import pghistory.models
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.start.tasks.of_bodies import own_proposals, proposals_waiting, signals_to_give
from governance import proposal_mail
from governance import proposal_signals as proposal_signals_of
from governance.actions import bodies, cases, proposal_signals, proposals, running
from governance.models import Body, Case, Collaboration, Organisation, Proposal, ProposalStep, Region, Role
from tests.at_once import at_once
from tests.governance.meeting_helpers import a_case, begun, held
from tests.people import appoint, person
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

TEXTS = {"title": "Felles skjema", "wanted": "Ett skjema for alle.", "background": "Seks ulike skjema i dag."}
HERE, ABOVE = "/vesteralen/forslag/", "/nordland/forslag/"


@pytest.fixture
def council(digi: Collaboration) -> Body:
    """The region's eFagråd."""
    return Body.objects.create(collaboration=digi, kind="expert", name="eFagrådet", slug="efagradet", level=2)


@pytest.fixture
def expert(council: Body) -> User:
    who = person("Fagperson Bø")
    appoint(who, Role.MEMBER, council)
    return who.user


@pytest.fixture
def above(digi: Collaboration) -> Collaboration:
    """DigiNordland, in the same installation."""
    digi.parent = Collaboration.objects.create(slug="nordland", name="DigiNordland")
    digi.save()
    return digi.parent


@pytest.fixture
def their_secretary(above: Collaboration) -> User:
    who = person("Sekretær Nordland")
    appoint(who, Role.SECRETARIAT, above)
    return who.user


@pytest.fixture
def sent(digi: Collaboration, sortland: Organisation, contact: User, secretary: User) -> Proposal:
    """Sortland's proposal, with the secretariat."""
    return proposals.send_proposal(sender=sortland, to=digi, by=contact, **TEXTS)


def lies(proposal: Proposal) -> str:
    return Proposal.objects.get(pk=proposal.pk).last_step.place


def steps(proposal: Proposal) -> list[tuple[str, str]]:
    return [(step.place, step.state) for step in proposal.steps.order_by("position")]


def tasks(source: Any, user: User) -> list[str]:
    return [task.title for task in source(user)]


# --- The way up, and the answer down -----------------------------------------------------------------


def test_a_municipality_sends_a_proposal_with_three_texts(
    client: Client, contact: User, secretary: User, digi: Collaboration, sortland: Organisation
) -> None:
    client.force_login(contact)
    told = {**TEXTS, "sender": f"organisation-{sortland.pk}", "to": f"collaboration-{digi.pk}"}
    assert client.post(f"{HERE}nytt/", told).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.label, proposal.sender, proposal.sender_person) == (
        f"1/{timezone.localdate():%y}", sortland, contact.person,
    )  # fmt: skip
    assert lies(proposal) == "Sekretariatet i DigiVesterålen"
    assert tasks(proposals_waiting, secretary) == [f"Besvar forslag {proposal}"]
    assert tasks(proposals_waiting, contact) == []


def test_one_identity_through_four_tiers_and_the_answer_reaches_the_sender(
    digi: Collaboration, above: Collaboration, council: Body, steering: Body, sortland: Organisation,
    contact: User, expert: User, secretary: User, their_secretary: User,
) -> None:  # fmt: skip
    proposal = proposals.send_proposal(sender=sortland, to=council, by=contact, **TEXTS)
    proposals.consider(proposal=proposal, represents=sortland, by=expert)
    proposals.forward(proposal=proposal, to=digi, reason="Gjelder alle seks.", by=expert)
    proposals.forward(proposal=proposal, to=steering, reason="Klart for styringsgruppen.", by=secretary)
    proposals.forward(proposal=proposal, to=above, reason="Best i hele fylket.", by=secretary)
    proposals.answer(proposal=proposal, state="adopted", solved="here", reason="Vi tar det i vår.", by=their_secretary)

    assert steps(proposal) == [
        ("eFagrådet", "forwarded"), ("Sekretariatet i DigiVesterålen", "forwarded"),
        ("Styringsgruppen", "forwarded"), ("Sekretariatet i DigiNordland", "adopted"),
    ]  # fmt: skip
    assert [step.solved for step in proposal.steps.all()] == ["", "", "parent", "here"]
    assert proposal.steps.get(position=1).represents == sortland
    job = Job.objects.get(key__startswith="proposal-answered:")
    jobs.run(job.pk)
    assert {message.to[0] for message in mail.outbox} == {contact.email, secretary.email}
    assert "Vi tar det i vår." in mail.outbox[0].body and "løses her" in mail.outbox[0].body
    assert tasks(own_proposals, contact) == [f"Les svaret på forslag {proposal}"]


def test_the_whole_chain_sees_the_whole_way(
    client: Client, digi: Collaboration, above: Collaboration, sent: Proposal, contact: User, secretary: User,
    their_secretary: User, outsider: User,
) -> None:  # fmt: skip
    assert client.get(f"{ABOVE}{sent.pk}/").status_code == 302
    client.force_login(their_secretary)
    assert client.get(f"{ABOVE}{sent.pk}/").status_code == 404, "not before it came there"
    proposals.forward(proposal=sent, to=above, reason="Best i hele fylket.", by=secretary)
    page = client.get(f"{ABOVE}{sent.pk}/").content.decode()
    assert "Best i hele fylket." in page and "Sortland" in page and "Send videre" in page
    assert client.get(f"{HERE}{sent.pk}/").status_code == 404, "the collaboration below stays its own"
    assert "Felles skjema" in client.get(ABOVE).content.decode()
    client.force_login(contact)
    page = client.get(f"{HERE}{sent.pk}/").content.decode()
    assert "Sekretariatet i DigiNordland" in page and "Send videre" not in page
    client.force_login(outsider)
    assert client.get(f"{HERE}{sent.pk}/").status_code == 404


def test_one_that_is_sent_back_is_mended_and_goes_up_as_the_same(
    client: Client, digi: Collaboration, council: Body, sent: Proposal, contact: User, secretary: User, expert: User
) -> None:
    proposals.forward(proposal=sent, to=council, reason="Hva mener fagfolkene?", by=secretary)
    proposals.send_back(proposal=sent, reason="Si hva det koster.", by=expert)
    assert lies(sent) == "Sekretariatet i DigiVesterålen"
    proposals.send_back(proposal=sent, reason="Kostnaden mangler.", by=secretary)
    assert tasks(own_proposals, contact) == [f"Rett forslag {sent} og send det på nytt, eller la det hvile"]
    client.force_login(contact)
    told = {**TEXTS, "title": "Felles skjema for 10 000 kr", "to": f"collaboration-{digi.pk}"}
    version = Proposal.objects.get().version
    assert client.post(f"{HERE}{sent.pk}/send-pa-nytt/", {**told, "version": version}).status_code == 302
    sent.refresh_from_db()
    assert (sent.title, sent.number) == ("Felles skjema for 10 000 kr", 1)
    assert [state for _place, state in steps(sent)] == ["forwarded", "returned", "returned", "received"]
    assert client.get(f"{HERE}{sent.pk}/send-pa-nytt/").status_code == 409


def test_a_body_treats_it_as_a_case_and_what_it_decides_is_the_answer(
    client: Client, steering: Body, sent: Proposal, contact: User, secretary: User, directors: Any
) -> None:
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    client.force_login(secretary)
    version = Proposal.objects.get().version
    answer = client.post(f"{HERE}{sent.pk}/sak/", {"solved": "each", "version": version})
    case = Case.objects.get()
    assert answer.url == case.get_absolute_url()
    assert f"{HERE}{sent.pk}/" in client.get(case.get_absolute_url()).content.decode()
    assert (case.body, case.title, case.proposed_points) == (steering, "Felles skjema", ["Ett skjema for alle."])
    with pytest.raises(NotAllowedNow, match="har behandlet"):
        proposals.answer(proposal=sent, state="adopted", solved="here", by=secretary)
    decided(case, "as_proposed", secretary)
    step = Proposal.objects.get().last_step
    assert (step.state, step.solved, step.answered_on) == ("adopted", "each", timezone.localdate())
    assert "Ett skjema for alle." in step.reason and case_number() in step.reason
    assert Job.objects.filter(key=f"proposal-answered:{step.pk}").exists()


def test_what_a_steering_group_adopts_stands_in_a_case(
    steering: Body, sent: Proposal, secretary: User, directors: Any
) -> None:
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    with pytest.raises(NotAllowedNow, match="Lag en sak"):
        proposals.answer(proposal=sent, state="adopted", solved="here", by=secretary)


def test_an_answer_may_stand_on_a_case_that_was_treated_before(
    client: Client, steering: Body, council: Body, sent: Proposal, secretary: User, directors: Any
) -> None:
    case, other = a_case(steering, secretary, "Skjema i regionen"), a_case(steering, secretary, "Ikke behandlet")
    held(steering, secretary, case)
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    with pytest.raises(NotAllowedNow, match="Velg en sak"):
        proposals.answer(proposal=sent, state="adopted", solved="here", case=other, by=secretary)
    client.force_login(secretary)
    version = Proposal.objects.get().version
    told = {"state": "adopted", "solved": "here", "case": case.pk, "version": version}
    assert client.post(f"{HERE}{sent.pk}/svar/", {**told, "case": other.pk}).context_data["form"].errors
    assert client.post(f"{HERE}{sent.pk}/svar/", told).status_code == 302
    assert Proposal.objects.get().last_step.case == case


def test_another_case_answers_nothing_while_its_own_is_under_treatment(
    steering: Body, sent: Proposal, secretary: User, directors: Any
) -> None:
    treated = a_case(steering, secretary, "Behandlet før")
    held(steering, secretary, treated)
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    case = proposals.make_case(proposal=sent, by=secretary)
    with pytest.raises(NotAllowedNow, match="har behandlet saken"):
        proposals.answer(proposal=sent, state="adopted", solved="here", case=treated, by=secretary)
    assert Proposal.objects.get().open_step.case == case


def test_a_postponed_case_comes_back_and_still_answers(
    steering: Body, sent: Proposal, secretary: User, directors: Any
) -> None:
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    case = proposals.make_case(proposal=sent, by=secretary)
    decided(case, "postponed", secretary)
    assert Proposal.objects.get().open_step is not None
    again = cases.bring_back(case=case, by=secretary)
    decided(again, "not_adopted", secretary)
    step = Proposal.objects.get().last_step
    assert (step.state, step.solved) == ("not_supported", "not_now")


@pytest.mark.parametrize("ending", ["withdrawn", "noted"])
def test_a_case_that_gives_no_answer_leaves_it_to_be_answered(
    client: Client, steering: Body, sent: Proposal, secretary: User, directors: Any, ending: str
) -> None:
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    case = proposals.make_case(proposal=sent, by=secretary)
    client.force_login(secretary)
    page = client.get(f"{HERE}{sent.pk}/").content.decode()
    assert "Lag sak" not in page and f"{HERE}{sent.pk}/svar/" not in page
    if ending == "withdrawn":
        cases.withdraw_case(case=case, by=secretary)
    else:
        decided(case, ending, secretary)
    page = client.get(f"{HERE}{sent.pk}/").content.decode()
    assert ("Lag sak" in page) is (ending == "withdrawn") and f"{HERE}{sent.pk}/svar/" in page
    proposals.answer(proposal=sent, state="adopted", solved="here", by=secretary)


def test_a_case_may_lift_it_to_the_collaboration_above(
    steering: Body, above: Collaboration, sent: Proposal, secretary: User, directors: Any
) -> None:
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    case = proposals.make_case(proposal=sent, solved="parent", by=secretary)
    decided(case, "as_proposed", secretary)
    assert [state for _place, state in steps(sent)] == ["forwarded", "forwarded", "received"]
    assert lies(sent) == "Sekretariatet i DigiNordland"


def test_an_exempt_case_tells_the_chain_its_number_and_no_more(
    client: Client, steering: Body, sent: Proposal, contact: User, secretary: User, directors: Any
) -> None:
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    case = proposals.make_case(proposal=sent, by=secretary)
    changed = {
        "exempt": True,
        "legal_ground": "offentleglova § 23",
        "title": "Hemmelig tilbud",
        "proposal": "Hemmelig.",
    }
    cases.change_case(case=case, by=secretary, **changed)
    decided(case, "as_proposed", secretary)
    assert "Hemmelig" not in Proposal.objects.get().last_step.reason
    client.force_login(contact)
    page = client.get(f"{HERE}{sent.pk}/").content.decode()
    assert "Hemmelig" not in page and case_number() in page


def test_a_collaboration_outside_the_portal_is_answered_for_by_hand(
    client: Client, digi: Collaboration, sent: Proposal, contact: User, secretary: User
) -> None:
    digi.parent = Collaboration.objects.create(slug="nordland", name="DigiNordland", external=True)
    digi.save()
    client.force_login(secretary)
    form = client.post(f"{HERE}{sent.pk}/send-videre/", {"to": "outside", "reason": "Best.", "version": sent.version})
    assert list(form.context_data["form"].errors) == ["outside"], "the name is missing"
    told = {"to": "DigiNordland", "reason": "Best i hele fylket.", "version": sent.version}
    assert client.post(f"{HERE}{sent.pk}/send-videre/", told).status_code == 302
    assert "svaret er ikke registrert" in client.get(f"{HERE}{sent.pk}/").content.decode()
    assert tasks(proposals_waiting, secretary) == [f"Registrer svaret på forslag {sent}"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = {"state": "not_supported", "solved": "national", "version": sent.version + 1}
    form = client.post(f"{HERE}{sent.pk}/svar/", {**answer, "on": f"{tomorrow:%d.%m.%Y}"}).context_data["form"]
    assert sorted(form.errors) == ["on", "reason"]
    done = {**answer, "reason": "KS ser på det.", "on": f"{timezone.localdate():%d.%m.%Y}"}
    assert client.post(f"{HERE}{sent.pk}/svar/", done).status_code == 302
    step = Proposal.objects.get().last_step
    assert (step.place, step.state, step.solved) == ("DigiNordland", "not_supported", "national")
    assert Job.objects.filter(key=f"proposal-answered:{step.pk}").exists()


def test_the_council_of_the_region_is_offered_first_and_one_that_is_not_set_up_never(
    client: Client, digi: Collaboration, sortland: Organisation, contact: User, secretary: User
) -> None:
    region = Region.objects.create(name="Indre")
    region.members.add(sortland)
    facts = {"kind": "efagrad", "region": region, "level": 2, "by": secretary}
    council = bodies.create_body(
        collaboration=digi, name="eFagrådet", slug="efagradet", status="setting_up",
        status_since=timezone.localdate() - timedelta(days=1), **facts,
    )  # fmt: skip
    client.force_login(contact)
    form = client.get(f"{HERE}nytt/").context_data["form"]
    assert form.initial["to"] == f"collaboration-{digi.pk}" and council not in form.fields["to"].places.values()
    bodies.set_status(body=council, status="established", by=secretary)
    assert client.get(f"{HERE}nytt/").context_data["form"].initial["to"] == f"body-{council.pk}"
    region.memberships.update(until=timezone.localdate() - timedelta(days=1))
    assert client.get(f"{HERE}nytt/").context_data["form"].initial["to"] == f"collaboration-{digi.pk}"


# --- Refused -----------------------------------------------------------------------------------------


def test_what_a_tier_says_needs_a_reason_and_goes_with_where_it_is_solved(
    client: Client, steering: Body, sent: Proposal, secretary: User
) -> None:
    for wrong in ({"state": "not_supported", "solved": "not_now"}, {"state": "adopted", "solved": "not_now"}):
        with pytest.raises(NotAllowedNow):
            proposals.answer(proposal=sent, by=secretary, **wrong)
    with pytest.raises(NotAllowedNow, match="begrunnelsen"):
        proposals.forward(proposal=sent, to=steering, reason=" ", by=secretary)
    with pytest.raises(NotAllowedNow, match="begrunnelsen"):
        proposals.send_back(proposal=sent, reason="", by=secretary)
    client.force_login(secretary)
    told = {"state": "adopted", "solved": "not_now", "version": sent.version}
    assert list(client.post(f"{HERE}{sent.pk}/svar/", told).context_data["form"].errors) == ["solved"]


def test_it_goes_nowhere_it_has_been_and_to_no_strangers(
    digi: Collaboration, council: Body, sent: Proposal, secretary: User, outsider: User
) -> None:
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    proposals.forward(proposal=sent, to=council, reason="Hva mener dere?", by=secretary)
    for wrong in (digi, council, elsewhere, " "):
        with pytest.raises(NotAllowedNow):
            proposals.forward(proposal=sent, to=wrong, reason="Videre.", by=secretary)


def test_only_the_tier_that_holds_it_answers(
    client: Client, council: Body, steering: Body, sent: Proposal, contact: User, director: User, expert: User,
    secretary: User,
) -> None:  # fmt: skip
    for who in (contact, director, expert):
        with pytest.raises(PermissionDenied):
            proposals.forward(proposal=sent, to=steering, reason="Videre.", by=who)
        client.force_login(who)
        assert client.get(f"{HERE}{sent.pk}/svar/").status_code == 403
    proposals.forward(proposal=sent, to=steering, reason="Klart.", by=secretary)
    with pytest.raises(PermissionDenied):  # a director speaks for a steering group in its meeting alone
        proposals.answer(proposal=sent, state="adopted", solved="here", by=director)


def test_nobody_sends_for_others(
    client: Client, digi: Collaboration, hadsel: Organisation, steering: Body, contact: User, observer: User,
    secretary: User,
) -> None:  # fmt: skip
    for sender in (hadsel, steering):
        with pytest.raises(PermissionDenied):
            proposals.send_proposal(sender=sender, to=digi, by=contact, **TEXTS)
    client.force_login(observer)
    assert client.get(f"{HERE}nytt/").status_code == 403
    registered = proposals.send_proposal(sender=hadsel, to=digi, by=secretary, **TEXTS)
    assert (registered.sender_person, registered.registered_by) == (None, secretary)
    client.force_login(secretary)
    assert "Registrert av sekretariatet" in client.get(f"{HERE}{registered.pk}/").content.decode()
    stranger = Organisation.objects.create(kind="municipality", name="Os", number="3430")
    with pytest.raises(NotAllowedNow, match="ikke medlem"):
        proposals.send_proposal(sender=stranger, to=digi, by=secretary, **TEXTS)
    with pytest.raises(NotAllowedNow):
        proposals.send_proposal(sender=steering, to=steering, by=secretary, **TEXTS)


def test_what_was_written_about_an_older_step_is_refused(
    client: Client, council: Body, sent: Proposal, secretary: User
) -> None:
    proposals.forward(proposal=sent, to=council, reason="Hva mener dere?", by=secretary)
    with pytest.raises(Stale):
        proposals.answer(proposal=sent, version=sent.version, state="adopted", solved="here", by=secretary)


@pytest.mark.django_db(transaction=True)
def test_two_who_send_it_on_at_once_send_it_once(
    council: Body, steering: Body, sent: Proposal, secretary: User
) -> None:
    told = at_once(
        *[
            lambda to=to: proposals.forward(proposal=sent, version=sent.version, to=to, reason="Videre.", by=secretary)
            for to in (council, steering, council)
        ],
        refusals=(NotAllowedNow, Stale),
    )
    assert sum(isinstance(one, (NotAllowedNow, Stale)) for one in told) == 2
    assert ProposalStep.objects.filter(state="received").count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once_when_many_send_at_once(
    digi: Collaboration, sortland: Organisation, contact: User
) -> None:
    at_once(*[lambda: proposals.send_proposal(sender=sortland, to=digi, by=contact, **TEXTS) for _one in range(5)])
    assert sorted(Proposal.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


# --- Impossible --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "Omskrevet."}, {"state": "received", "answered_on": None}, {"state": "adopted", "solved": "here"},
        {"answered_on": date(2020, 1, 1)}, {"position": 9}, {"outside": "Andre"},
    ],
)  # fmt: skip
def test_what_a_tier_has_answered_stands_whoever_writes(
    council: Body, sent: Proposal, secretary: User, change: dict[str, Any]
) -> None:
    proposals.forward(proposal=sent, to=council, reason="Hva mener dere?", by=secretary)
    with the_database_refuses(), transaction.atomic():
        ProposalStep.objects.filter(position=1).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "forwarded", "answered_on": date(2030, 1, 1)}, {"state": "not_supported", "solved": "not_now"},
        {"state": "adopted", "solved": "not_now", "answered_on": date(2030, 1, 1)}, {"answered_on": date(2030, 1, 1)},
        {"deadline": date(2020, 1, 1)}, {"received_on": date(2020, 1, 1)},
    ],
)  # fmt: skip
def test_the_database_refuses_half_an_answer(sent: Proposal, secretary: User, change: dict[str, Any]) -> None:
    with the_database_refuses(), transaction.atomic():
        ProposalStep.objects.update(handled_by=secretary, **change)


def test_a_step_goes_forward_only_and_lies_in_one_place(
    digi: Collaboration, council: Body, sent: Proposal, secretary: User, outsider: User
) -> None:
    proposals.consider(proposal=sent, by=secretary)
    with the_database_refuses(), transaction.atomic():
        ProposalStep.objects.update(state="received")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalStep.objects.create(proposal=sent, position=2, collaboration=digi)
    theirs = Collaboration.objects.get(slug="annet-sted")
    with the_database_refuses(), transaction.atomic():
        ProposalStep.objects.create(proposal=sent, position=2, collaboration=theirs, body=council)
    for rows in (sent.steps.all(), Proposal.objects.filter(pk=sent.pk)):
        with the_database_refuses(), transaction.atomic():
            rows._raw_delete("default")
    with the_database_refuses(), transaction.atomic():
        Proposal.objects.update(number=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(sender_organisation=None)


def test_the_tier_is_told_that_it_came_but_not_whoever_sent_it(
    client: Client, council: Body, sent: Proposal, expert: User, secretary: User
) -> None:
    jobs.run(Job.objects.get(key=f"proposal-arrived:{sent.last_step.pk}").pk)
    assert [message.to for message in mail.outbox] == [[secretary.email]]
    step = proposals.forward(proposal=sent, to=council, reason="Hva mener dere?", by=secretary)
    jobs.run(Job.objects.get(key=f"proposal-arrived:{step.pk}").pk)
    assert [message.to for message in mail.outbox[1:]] == [[expert.email]]
    assert "eFagrådet" in mail.outbox[1].body and sent.title in mail.outbox[1].subject
    client.force_login(secretary)
    page = client.get(council.get_absolute_url()).content.decode()
    assert f"?place={council.pk}" in page and "1 venter på svar" in page


# --- Signals -----------------------------------------------------------------------------------------


def test_signals_are_asked_for_with_a_deadline_and_bind_nobody(
    client: Client, digi: Collaboration, sent: Proposal, sortland: Organisation, hadsel: Organisation, contact: User,
    secretary: User,
) -> None:  # fmt: skip
    region = Region.objects.create(name="Indre")
    region.members.add(hadsel, Organisation.objects.get(name="Bø"))
    by = timezone.localdate() + timedelta(days=30)
    client.force_login(secretary)
    told = {"deadline": f"{by:%d.%m.%Y}", "version": sent.version}
    assert client.post(f"{HERE}{sent.pk}/spor/", told).status_code == 302
    assert Job.objects.filter(kind=proposal_mail.SIGNAL).count() == 1, "only Sortland has anybody with an address"
    assert tasks(signals_to_give, contact) == [f"Er dere interessert? Send et signal om forslag {sent}"]
    client.force_login(contact)
    signal = {"sender": f"organisation-{sortland.pk}", "stance": "interested", "note": "Gjerne i 2027."}
    assert client.post(f"{HERE}{sent.pk}/signal/", signal).status_code == 302
    assert tasks(signals_to_give, contact) == []
    with pytest.raises(PermissionDenied):
        proposal_signals.give_signal(proposal=sent, sender=hadsel, stance="interested", by=contact)
    proposal_signals.give_signal(proposal=sent, sender=region, stance="waits", by=secretary)
    page = client.get(f"{HERE}{sent.pk}/").content.decode()
    assert "Interessert (ikke bindende): 1" in page and "Avventer: 1" in page
    assert "3 kommuner har ikke svart" in page, "Bø and Hadsel answered through their region"
    region.memberships.filter(organisation=hadsel).update(until=by - timedelta(days=31))
    assert hadsel in proposal_signals_of.unanswered(sent), "Hadsel has left the region since"
    assert not sortland.adoptions.exists()


def test_a_signal_may_change_and_its_history_stays(sent: Proposal, sortland: Organisation, contact: User) -> None:
    for stance in ("interested", "not_interested"):
        signal = proposal_signals.give_signal(proposal=sent, sender=sortland, stance=stance, by=contact)
    assert sent.signals.get().stance == "not_interested"
    assert pghistory.models.Events.objects.tracks(signal).count() == 2
    with the_database_refuses(), transaction.atomic():
        signal.delete()


# --- Deadlines, lists --------------------------------------------------------------------------------


def test_deadlines_are_reminded_of_once_each(
    digi: Collaboration, sortland: Organisation, contact: User, secretary: User
) -> None:
    today = timezone.localdate()
    by = today + timedelta(days=30)
    proposal = proposals.send_proposal(sender=sortland, to=digi, by=contact, deadline=by, **TEXTS)
    proposal_signals.ask_for_signals(proposal=proposal, answer_by=by, by=secretary)
    days = [by - timedelta(days=14), by - timedelta(days=3), by + timedelta(days=1)]
    assert [proposal_mail.remind_in_time(day) for day in days] == [2, 2, 2]
    assert [proposal_mail.remind_in_time(day) for day in [today, *days]] == [0, 0, 0, 0]
    reminder = Job.objects.filter(key__startswith="proposal-reminder:").earliest("pk")
    jobs.run(reminder.pk)
    assert mail.outbox[-1].to == [secretary.email]


def test_the_list_narrows_sorts_and_goes_to_excel(
    client: Client, council: Body, sent: Proposal, secretary: User, contact: User, sortland: Organisation
) -> None:
    other = proposals.send_proposal(
        sender=sortland, to=council, by=contact, **{**TEXTS, "title": "Felles vakt"},
        sent_on=timezone.localdate() - timedelta(days=9), deadline=timezone.localdate() - timedelta(days=2),
    )  # fmt: skip
    client.force_login(secretary)

    def shown(query: str) -> list[str]:
        return [row.record.title for row in client.get(HERE + query).context_data["table"].rows]

    assert shown("?place=secretariat") == ["Felles skjema"]
    assert shown(f"?place={council.pk}") == ["Felles vakt"]
    assert shown("?overdue=on") == ["Felles vakt"]
    assert shown("?mine=waiting&sort=title") == ["Felles skjema", "Felles vakt"]
    assert shown("?place=answered") == shown("?place=sender") == shown("?place=elsewhere") == []
    proposals.send_back(proposal=other, reason="Hva koster det?", by=secretary)
    assert shown("?place=sender") == ["Felles vakt"]
    proposals.answer(proposal=sent, state="adopted", solved="here", by=secretary)
    assert shown("?place=answered") == ["Felles skjema"]
    answer = client.get(HERE + "?format=xlsx")
    assert answer.headers["Content-Type"].endswith("sheet")
    client.force_login(contact)
    assert len(shown("?mine=sent")) == 2


def test_the_list_asks_no_more_of_the_database_with_200_proposals(
    client: Client, digi: Collaboration, council: Body, sortland: Organisation, contact: User, secretary: User,
) -> None:  # fmt: skip
    for number in range(3):
        proposals.send_proposal(sender=sortland, to=(digi, council)[number % 2], by=contact, **TEXTS)
    client.force_login(secretary)
    client.get(HERE)
    few = queries(client, HERE), queries(client, "/")
    first = Proposal.objects.earliest("pk")
    made = Proposal.objects.bulk_create(
        Proposal(
            collaboration=digi, year=2026, number=100 + n, sender_organisation=sortland, registered_by=contact,
            sent_on=first.sent_on, **TEXTS,
        ) for n in range(200)
    )  # fmt: skip
    ProposalStep.objects.bulk_create(
        ProposalStep(proposal=one, position=1, collaboration=digi, body=council if one.number % 2 else None)
        for one in made
    )
    many = queries(client, HERE), queries(client, "/")
    assert many[0] <= few[0] and many[1] <= few[1]


def test_the_start_page_asks_no_more_when_many_proposals_ask_for_signals(
    sent: Proposal, sortland: Organisation, contact: User, secretary: User
) -> None:
    proposal_signals.ask_for_signals(proposal=sent, answer_by=timezone.localdate() + timedelta(days=9), by=secretary)
    with CaptureQueriesContext(connection) as few:
        assert len(tasks(signals_to_give, contact)) == 1
    facts = {name: getattr(Proposal.objects.get(), name) for name in ("sent_on", "signals_asked_on", "signals_by")}
    Proposal.objects.bulk_create(
        Proposal(
            collaboration=sent.collaboration, year=2026, number=100 + n, sender_organisation=sortland,
            registered_by=contact, **facts, **TEXTS,
        ) for n in range(20)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        assert len(tasks(signals_to_give, contact)) == 21
    assert len(many) == len(few)


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def decided(case: Case, outcome: str, by: User) -> None:
    """The body's meeting of today, with this case alone."""
    case = Case.objects.get(pk=case.pk)
    meeting = begun(case.body, by, cases.mark_ready(case=case, by=by))
    item = meeting.items.get()
    running.resolve(item=item, outcome=outcome, by=by)
    running.end_meeting(meeting=meeting, by=by)


def case_number() -> str:
    return f"1/{timezone.localdate():%y}"
