"""A treated case goes on to another body (X5), and the answer is told where it began."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from governance import case_trail
from governance.actions import cases, forwarding, running
from governance.models import Body, Case, Collaboration, Forwarding
from tests.governance.meeting_helpers import a_case, begun, held
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def treated(steering: Body, secretary: Any, directors: Any) -> Case:
    case = a_case(steering, secretary, "Felles arkiv")
    held(steering, secretary, case)
    return Case.objects.select_related("body__collaboration").get(pk=case.pk)


@pytest.fixture
def council(digi: Collaboration) -> Body:
    return Body.objects.create(collaboration=digi, kind="working", name="Fagrådet", slug="fagradet", level=1)


def test_a_case_goes_on_to_a_body_outside_the_portal(
    client: Client, secretary: Any, director: Any, treated: Case
) -> None:
    client.force_login(secretary)
    today = f"{timezone.localdate():%d.%m.%Y}"
    url = f"/vesteralen/saker/{treated.pk}/oversend/"
    told = {"receiver": "Fylkesstyret", "sent_on": today, "note": "Saken legges fram."}
    assert client.post(url, told).status_code == 302
    assert client.post(url, told).status_code == 409, "once to each"
    sent = Forwarding.objects.get()
    assert (sent.to, sent.received_as, sent.registered_by) == ("Fylkesstyret", None, secretary)
    answer = f"/vesteralen/oversending/{sent.pk}/svar/"
    assert (
        client.post(answer, {"answer": "Tatt til etterretning.", "answered_on": today, "version": 1}).status_code == 302
    )
    client.force_login(director)
    page = client.get(treated.get_absolute_url()).content.decode()
    assert "Fylkesstyret" in page and "Saken legges fram." in page and "Tatt til etterretning." in page
    assert client.get(url).status_code == 403


def test_a_body_in_the_portal_gets_a_case_of_its_own(
    client: Client, secretary: Any, treated: Case, council: Body
) -> None:
    client.force_login(secretary)
    url = f"/vesteralen/saker/{treated.pk}/oversend/"
    today = f"{timezone.localdate():%d.%m.%Y}"
    assert client.post(url, {"body": council.pk, "sent_on": today}).status_code == 302
    received = Forwarding.objects.get().received_as
    assert received is not None
    assert (received.body, received.title, received.stage, received.number) == (council, "Felles arkiv", "draft", "")
    assert received.proposed_points == ["Styringsgruppen støtter forslaget.", "Sekretariatet følger opp."]
    assert treated.get_absolute_url() in client.get(received.get_absolute_url()).content.decode()


def test_an_exempt_case_stays_exempt_where_it_goes(
    steering: Body, secretary: Any, directors: Any, council: Body
) -> None:
    case = a_case(steering, secretary, "Tilbud", exempt=True, legal_ground="offentleglova § 23")
    held(steering, secretary, case)
    sent = forwarding.forward_case(case=case, body=council, by=secretary)
    assert sent.received_as is not None and sent.received_as.exempt


def test_what_makes_no_sense_is_refused_with_a_sentence(
    client: Client, steering: Body, secretary: Any, director: Any, treated: Case, council: Body
) -> None:
    for wrong in ({}, {"body": council, "receiver": "Fylkesstyret"}, {"body": steering}):
        with pytest.raises(NotAllowedNow):
            forwarding.forward_case(case=treated, by=secretary, **wrong)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(NotAllowedNow):
        forwarding.forward_case(case=treated, receiver="Fylkesstyret", sent_on=tomorrow, by=secretary)
    with pytest.raises(NotAllowedNow):
        forwarding.forward_case(case=a_case(steering, secretary, "Ikke behandlet"), receiver="X", by=secretary)
    with pytest.raises(PermissionDenied):
        forwarding.forward_case(case=treated, receiver="Fylkesstyret", by=director)
    client.force_login(secretary)
    page = client.post(f"/vesteralen/saker/{treated.pk}/oversend/", {"sent_on": f"{tomorrow:%d.%m.%Y}"})
    assert sorted(page.context_data["form"].errors) == ["receiver", "sent_on"]


def test_an_answer_has_a_day_between_the_sending_and_today(secretary: Any, director: Any, treated: Case) -> None:
    sent = forwarding.forward_case(case=treated, receiver="Fylkesstyret", by=secretary)
    for day in (timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(NotAllowedNow):
            forwarding.register_answer(forwarding=sent, answer="Ja", answered_on=day, by=secretary)
    with pytest.raises(PermissionDenied):
        forwarding.register_answer(forwarding=sent, answer="Ja", answered_on=timezone.localdate(), by=director)


@pytest.mark.parametrize("changes", [{"receiver": ""}, {"answer": "Ja"}, {"answered_on": timezone.localdate()}])
def test_the_database_refuses_half_a_forwarding(secretary: Any, treated: Case, changes: dict[str, Any]) -> None:
    sent = forwarding.forward_case(case=treated, receiver="Fylkesstyret", by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Forwarding.objects.filter(pk=sent.pk).update(**changes)
    with the_database_refuses("(?i)cannot delete"), transaction.atomic():
        sent.delete()


def test_the_whole_treatment_stands_in_date_order_on_every_page_of_the_matter(
    client: Client, secretary: Any, it_leader: Any, treated: Case, council: Body
) -> None:
    sent = forwarding.forward_case(case=treated, body=council, by=secretary)
    forwarding.register_answer(forwarding=sent, answer="Ja", answered_on=timezone.localdate(), by=secretary)
    there = Case.objects.get(pk=sent.received_as_id)
    expected = [
        (f"Styringsgruppen, sak {treated.number}", "Vedtatt som foreslått"),
        ("Styringsgruppen", "Oversendt til Fagrådet"),
        ("Fagrådet", "Besvart"),
    ]
    for case in (treated, there):
        told = case_trail.steps(case, secretary)
        assert [(step.where, step.what) for step in told] == expected
        assert [step.day for step in told] == sorted(step.day or timezone.localdate() for step in told)
    client.force_login(secretary)
    assert "Oversendt til Fagrådet" in client.get(there.get_absolute_url()).content.decode()
    assert case_trail.family_of(treated, it_leader) == [treated], "a draft is seen by those who prepare"


def test_a_postponed_case_shows_its_earlier_number(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary, a_case(steering, secretary, "Felles vakt"))
    running.resolve(item=meeting.items.get(), outcome="postponed", by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    old = Case.objects.get()
    new = cases.bring_back(case=old, by=secretary)
    told = case_trail.steps(new, secretary)
    assert [(step.where, step.what) for step in told] == [(f"Styringsgruppen, sak {old.number}", "Utsatt")]
