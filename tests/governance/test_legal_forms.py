"""The organisational form by date, and «vurder organisasjonsform» with its dated assessment (R4, R6)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from governance.actions import legal_forms
from governance.legal_forms import form_flag
from governance.models import Collaboration, FormReview, LegalFormPeriod
from tests.governance.agreement_helpers import in_force
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

PAGE = "/vesteralen/organisasjonsform/"


def fresh(digi: Collaboration) -> Collaboration:
    return Collaboration.objects.get(pk=digi.pk)


def becomes_ko(digi: Collaboration, by: Any, since: date = date(2026, 1, 1)) -> LegalFormPeriod:
    told = {"form": "ko", "name": "DigiVesterålen KO", "decided_by": "kommunestyrene", "since": since}
    return legal_forms.change_form(collaboration=digi, agreement=in_force(digi, "ko", since, by), by=by, **told)


def test_a_form_that_the_councils_decide_on_stands_on_their_agreement(
    client: Client, digi: Collaboration, secretary: Any
) -> None:
    """Nobody makes the municipalities' collaboration a task body by writing that they decided it."""
    day = date(2026, 1, 1)
    told: dict[str, Any] = {"form": "ko", "name": "DigiVesterålen KO", "decided_by": "kommunestyrene", "since": day}
    ko, host = (in_force(digi, form, day, secretary) for form in ("ko", "host"))
    for wrong in (None, host):
        with pytest.raises(NotAllowedNow, match="1. januar 2026"):
            legal_forms.change_form(collaboration=digi, agreement=wrong, by=secretary, **told)
    with pytest.raises(NotAllowedNow):
        legal_forms.change_form(
            collaboration=digi, agreement=ko, by=secretary, **{**told, "since": day - timedelta(days=1)}
        )
    client.force_login(secretary)
    page = client.post(f"{PAGE}endre/", {**told, "since": "01.01.2026"})
    assert list(page.context_data["form"].errors) == ["agreement"]
    assert legal_forms.change_form(collaboration=digi, agreement=ko, by=secretary, **told).agreement == ko


def test_the_form_switches_on_its_day_and_the_one_before_stays(digi: Collaboration, secretary: Any) -> None:
    becomes_ko(digi, secretary, date(2026, 1, 1))
    legal_forms.change_form(
        collaboration=digi, form="agreement", since=date(2026, 7, 1), decided_by="alle kommunestyrene", by=secretary
    )
    now = fresh(digi)
    assert [now.legal_form_on(day).value for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 1))] == [
        "agreement",
        "ko",
        "agreement",
    ]


def test_the_name_must_say_what_the_act_wants(client: Client, digi: Collaboration, secretary: Any) -> None:
    with pytest.raises(NotAllowedNow, match="KO"):
        legal_forms.change_form(collaboration=digi, form="ko", since=date(2026, 1, 1), decided_by="x", by=secretary)
    client.force_login(secretary)
    ipr = in_force(digi, "ipr", date(2026, 1, 1), secretary)
    told = {"form": "ipr", "since": "01.01.2027", "name": "Komiteen", "decided_by": "kommunestyrene"}
    told["agreement"] = str(ipr.pk)
    page = client.post(f"{PAGE}endre/", told)
    assert list(page.context_data["form"].errors) == ["name"]
    assert client.post(f"{PAGE}endre/", {**told, "name": "Vesterålen IPR"}).status_code == 302


def test_a_form_that_has_begun_is_never_rewritten(digi: Collaboration, secretary: Any) -> None:
    period = becomes_ko(digi, secretary)
    with pytest.raises(NotAllowedNow):
        legal_forms.change_form(
            collaboration=digi, form="ipr", since=date(2025, 6, 1), name="V IPR", decided_by="x", by=secretary,
            agreement=in_force(digi, "ipr", date(2025, 6, 1), secretary),
        )  # fmt: skip
    with pytest.raises(NotAllowedNow):
        legal_forms.take_back_form(period=period, by=secretary)
    for attempt in (
        lambda: LegalFormPeriod.objects.filter(pk=period.pk).update(form="host"),
        lambda: LegalFormPeriod.objects.filter(pk=period.pk).delete(),
    ):
        with the_database_refuses(), transaction.atomic():
            attempt()


def test_a_form_that_is_to_come_can_be_taken_back(client: Client, digi: Collaboration, secretary: Any) -> None:
    coming = becomes_ko(digi, secretary, timezone.localdate() + timedelta(days=30))
    client.force_login(secretary)
    assert client.get(f"{PAGE}{coming.pk}/angre/").status_code == 200
    assert client.post(f"{PAGE}{coming.pk}/angre/").status_code == 302
    assert not fresh(digi).legal_forms.exists()


def test_the_flag_stands_until_the_assessment_is_made(client: Client, digi: Collaboration, secretary: Any) -> None:
    client.force_login(secretary)
    assert form_flag(digi) == ""
    assert client.post(f"{PAGE}vurdering/ny/", {"trigger": "authority", "note": "Felles vedtak"}).status_code == 302
    assert client.get("/vesteralen/").context_data["form_flag"]
    review = FormReview.objects.get()
    today = timezone.localdate()
    told = {
        "result": "keep",
        "conclusion": "Ingen myndighet flyttes.",
        "assessed_on": f"{today:%d.%m.%Y}",
        "next_review": f"{today + timedelta(days=365):%d.%m.%Y}",
        "version": review.version,
    }
    assert client.post(f"{PAGE}vurdering/{review.pk}/", told).status_code == 302
    assert form_flag(digi) == ""
    assert "Ingen myndighet flyttes." in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}vurdering/{review.pk}/").status_code == 409


def test_the_flag_comes_back_when_the_review_is_due_or_the_change_is_not_made(
    digi: Collaboration, secretary: Any
) -> None:
    raised = date(2026, 1, 1)
    review = legal_forms.raise_review(collaboration=digi, trigger="tasks", raised_on=raised, by=secretary)
    known = {"review": review, "conclusion": "x", "assessed_on": date(2026, 2, 1), "by": secretary}
    with transaction.atomic():
        legal_forms.assess(result="keep", next_review=date(2026, 3, 1), **known)
        assert form_flag(digi)
        transaction.set_rollback(True)
    legal_forms.assess(result="change", **known)
    assert form_flag(digi)
    becomes_ko(digi, secretary, date(2026, 5, 1))
    assert form_flag(fresh(digi)) == ""


def test_an_assessment_is_raised_once_and_never_before_its_time(digi: Collaboration, secretary: Any) -> None:
    review = legal_forms.raise_review(collaboration=digi, trigger="tasks", by=secretary)
    with pytest.raises(NotAllowedNow):
        legal_forms.raise_review(collaboration=digi, trigger="other", by=secretary)
    with pytest.raises(NotAllowedNow):
        legal_forms.assess(review=review, result="keep", conclusion="x", assessed_on=date(2020, 1, 1), by=secretary)
    for changes in ({"assessed_on": timezone.localdate()}, {"next_review": timezone.localdate()}):
        with the_database_refuses(), transaction.atomic():
            FormReview.objects.filter(pk=review.pk).update(**changes)


def test_only_the_secretariat_changes_the_form(client: Client, digi: Collaboration, director: Any) -> None:
    with pytest.raises(PermissionDenied):
        legal_forms.raise_review(collaboration=digi, trigger="tasks", by=director)
    client.force_login(director)
    assert client.get(PAGE).status_code == 200
    for part in ("endre/", "vurdering/ny/"):
        assert client.get(f"{PAGE}{part}").status_code == 403
