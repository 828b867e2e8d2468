"""Several apply for the same money: an order is proposed, a body decides it, and from then on it stands («30-23»)."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.actions import running
from governance.models import Body, Case, Collaboration, Organisation, Resolution
from portfolio.actions import application_lists, ideas
from portfolio.models import Application, ApplicationList
from tests.governance.meeting_helpers import a_case, begun, held, the_item
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


@pytest.fixture
def called(digi: Collaboration, secretary: User) -> ApplicationList:
    return application_lists.call(
        collaboration=digi, title="Fornyingsmidler", money="Skjønnsmidler", deadline=timezone.localdate(), by=secretary
    )


@pytest.fixture
def three(called: ApplicationList, six: list[Organisation], secretary: User) -> list[Application]:
    """Andøy, Bø and Hadsel apply with an idea each."""
    made = []
    for place, amount in zip(six[:3], (100_000, 200_000, 300_000), strict=True):
        idea = ideas.register_idea(
            collaboration=called.collaboration, sender=place, title=f"Idé fra {place}", background="Trengs.",
            by=secretary,
        )  # fmt: skip
        made.append(
            application_lists.apply(found=called, idea=idea, applicant=place, amount=Decimal(amount), by=secretary)
        )
    return made


@pytest.fixture
def case(steering: Body, directors: dict[str, User], secretary: User) -> Case:
    found = a_case(steering, secretary, "Søknader om fornyingsmidler")
    held(steering, secretary, found)
    return Case.objects.get(pk=found.pk)


def order(found: ApplicationList) -> list[str]:
    return list(found.applications.order_by("position").values_list("applicant__name", flat=True))


def test_a_municipality_applies_for_itself_until_the_deadline(
    go: Any, called: ApplicationList, sortland: Organisation, contact: User, secretary: User
) -> None:
    idea = ideas.register_idea(
        collaboration=called.collaboration, sender=sortland, title="Felles vakt", background="Trengs.", by=contact
    )
    form = go(contact).get(here("new_application", called.pk)).context_data["form"]
    assert list(form.fields["applicant"].queryset) == [sortland]
    told = {"idea": idea.pk, "applicant": sortland.pk, "amount": "250 000"}
    go(contact).post(here("new_application", called.pk), told)
    assert called.applications.get().amount == 250_000
    assert "idea" in go(contact).post(here("new_application", called.pk), told).context_data["form"].errors
    application_lists.change_call(
        found=called, version=None, deadline=timezone.localdate() - timedelta(days=1), by=secretary
    )
    with pytest.raises(NotAllowedNow):
        application_lists.apply(found=called, idea=idea, applicant=sortland, amount=Decimal(1), by=contact)
    assert go(contact).get(here("new_application", called.pk)).status_code == 409, "said before the form is filled in"


def test_nobody_applies_for_another(called: ApplicationList, three: list[Application], contact: User) -> None:
    with pytest.raises(PermissionDenied):
        application_lists.apply(
            found=called, idea=three[0].idea, applicant=three[1].applicant, amount=Decimal(1), by=contact
        )
    with pytest.raises(PermissionDenied):
        application_lists.move(application=three[0], up=False, by=contact)


def test_a_case_in_which_the_body_said_no_decides_no_order(
    called: ApplicationList, three: list[Application], steering: Body, directors: dict[str, User], secretary: User
) -> None:
    case = a_case(steering, secretary, "Søknader")
    meeting = begun(steering, secretary, case)
    running.resolve(item=the_item(meeting), outcome=Resolution.Outcome.NOT_ADOPTED, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    case.refresh_from_db()
    with pytest.raises(NotAllowedNow):
        application_lists.decide(
            found=called, case=case, outcomes=[(one, Application.Outcome.GRANTED) for one in three], by=secretary
        )


def test_an_application_is_taken_out_after_a_question(
    go: Any, called: ApplicationList, three: list[Application], secretary: User
) -> None:
    url = here("take_out_application", called.pk, three[0].pk)
    asked = go(secretary).get(url).context_data
    assert called.applications.count() == 3
    go(secretary).post(url, {"version": asked["version"]})
    assert order(called) == ["Bø", "Hadsel"]


def test_the_secretariat_proposes_the_order(
    go: Any, called: ApplicationList, three: list[Application], secretary: User
) -> None:
    version = str(ApplicationList.objects.get().version)
    up = here("move_application", called.pk, three[2].pk, "opp")
    go(secretary).post(up, {"version": version})
    assert order(called) == ["Andøy", "Hadsel", "Bø"]
    assert go(secretary).post(up, {"version": version}).status_code == 409  # pressed twice
    application_lists.move(application=three[0], up=True, by=secretary)
    assert order(called) == ["Andøy", "Hadsel", "Bø"]
    application_lists.take_out(application=three[2], by=secretary)
    assert list(called.applications.values_list("position", flat=True)) == [1, 2]
    with pytest.raises(Stale):
        application_lists.move(application=three[0], up=False, version=1, by=secretary)


def test_the_body_decides_another_order_and_both_are_told(
    go: Any, called: ApplicationList, three: list[Application], case: Case, secretary: User, director: User
) -> None:
    told = {"case": case.pk, "version": str(ApplicationList.objects.get().version)}
    for one, place in zip(three, (2, 1, 2), strict=True):
        told |= {f"place-{one.pk}": place, f"outcome-{one.pk}": "granted"}
    wrong = go(secretary).post(here("decide_application_list", called.pk), told)
    assert f"place-{three[0].pk}" in wrong.context_data["form"].errors
    told |= {f"place-{three[2].pk}": 3, f"outcome-{three[2].pk}": "not_prioritised"}
    assert go(secretary).post(here("decide_application_list", called.pk), told).status_code == 302

    called.refresh_from_db()
    assert (called.case, order(called)) == (case, ["Bø", "Andøy", "Hadsel"])
    rows = called.applications.order_by("position").values_list("proposed", "outcome")
    assert list(rows) == [(2, "granted"), (1, "granted"), (3, "not_prioritised")]
    page = go(director).get(called.get_absolute_url())
    assert page.status_code == 200
    sheet = load_workbook(BytesIO(go(director).get(f"{called.get_absolute_url()}?format=xlsx").content)).active
    assert sheet is not None
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == ["Bø", "Andøy", "Hadsel"]
    assert go(secretary).post(here("decide_application_list", called.pk), told).status_code == 409


def test_a_list_is_decided_only_in_a_case_that_is_treated(
    called: ApplicationList, three: list[Application], steering: Body, case: Case, secretary: User
) -> None:
    granted = [(one, "granted") for one in three]
    with pytest.raises(NotAllowedNow):
        application_lists.decide(found=called, case=a_case(steering, secretary), outcomes=granted, by=secretary)
    with pytest.raises(NotAllowedNow):
        application_lists.decide(found=called, case=case, outcomes=granted[:2], by=secretary)
    with pytest.raises(NotAllowedNow):
        application_lists.decide(found=called, case=case, outcomes=[(one, "") for one in three], by=secretary)


def test_a_decided_list_cannot_be_tampered_with(
    called: ApplicationList, three: list[Application], case: Case, secretary: User
) -> None:
    application_lists.decide(found=called, case=case, outcomes=[(one, "granted") for one in three], by=secretary)
    for change in (
        "UPDATE portfolio_application SET outcome = 'not_prioritised'",
        "UPDATE portfolio_application SET position = position + 5",
        "DELETE FROM portfolio_application",
        "UPDATE portfolio_applicationlist SET decided_on = NULL, case_id = NULL",
        "UPDATE portfolio_applicationlist SET title = 'En annen'",
        "DELETE FROM portfolio_applicationlist",
    ):
        with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    with pytest.raises(NotAllowedNow):
        application_lists.move(application=three[0], up=False, by=secretary)
    assert called.applications.filter(outcome="granted").count() == 3
