"""What may go wrong, or better than planned: written down, assessed on days, drawn before and after (K1, D16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Organisation
from portfolio.actions import risks
from portfolio.actions.risks import Judged
from portfolio.models import Project, Risk, RiskAssessment
from portfolio.risk_matrix import drawn

TODAY = timezone.localdate
HIGH, LOW = Judged(4, 4), Judged(2, 2)


@pytest.fixture
def risk(project: Project, secretary: User) -> Risk:
    return risks.register_risk(
        collaboration=project.collaboration, project=project, description="Nøkkelperson slutter",
        judged=Judged(4, 4, 2, 3), on=TODAY() - timedelta(days=60), measure="Del kunnskapen på to.", by=secretary,
    )  # fmt: skip


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def of(risk: Risk) -> Any:
    return Risk.objects.assessed().get(pk=risk.pk)


def test_a_risk_gets_the_next_number_and_its_first_assessment(risk: Risk, project: Project, secretary: User) -> None:
    second = risks.register_risk(
        collaboration=project.collaboration, project=project, description="Leverandøren blir sen", judged=LOW,
        by=secretary,
    )  # fmt: skip
    assert (risk.number, second.number, second.label) == (1, 2, f"P{project.number}-2")
    assert (of(risk).score, of(risk).score_after) == (16, 6)


def test_the_collaboration_has_risks_of_its_own_with_their_own_numbers(risk: Risk, secretary: User) -> None:
    own = risks.register_risk(
        collaboration=risk.collaboration, description="For få folk til å drive samarbeidet", judged=HIGH, by=secretary
    )
    assert (own.number, own.label, own.get_absolute_url()) == (1, "1", "/vesteralen/portefolje/risiko/1/")


def test_other_figures_are_a_new_assessment_and_the_movement_is_kept(risk: Risk, secretary: User) -> None:
    changed = risks.change_risk(risk=risk, version=1, judged=Judged(2, 4), comment="Opplært en til", by=secretary)
    assert [made.score for made in changed.assessments.all()] == [8, 16]
    assert (of(risk).score, of(risk).score_before) == (8, 16)


def test_the_same_figures_are_no_new_assessment_unless_it_is_said_that_it_was_gone_through(
    risk: Risk, secretary: User
) -> None:
    risks.change_risk(risk=risk, version=1, judged=Judged(4, 4, 2, 3), measure="Ansett en til.", by=secretary)
    assert risk.assessments.count() == 1
    for _press in range(2):
        risks.assess_unchanged(risk=risk, by=secretary)
    assert [made.assessed_on for made in risk.assessments.all()] == [TODAY(), TODAY() - timedelta(days=60)]


def test_pressed_twice_there_is_one(project: Project, secretary: User) -> None:
    for _press in range(2):
        risks.register_risk(
            collaboration=project.collaboration, project=project, description="To trykk", judged=LOW, by=secretary
        )
    assert project.risks.count() == 1
    risks.register_risk(
        collaboration=project.collaboration, project=project, description="To trykk", judged=HIGH, by=secretary
    )
    assert project.risks.count() == 2


def test_nobody_confirms_figures_that_were_changed_meanwhile(risk: Risk, secretary: User) -> None:
    risks.change_risk(risk=risk, version=1, judged=Judged(5, 5), on=TODAY() - timedelta(days=1), by=secretary)
    with pytest.raises(Stale):
        risks.assess_unchanged(risk=risk, version=1, by=secretary)


def test_the_leader_of_the_project_writes_its_risks_and_no_others(
    led: Project, project_leader: User, director: User, auditor: User
) -> None:
    made = risks.register_risk(
        collaboration=led.collaboration, project=led, description="Sen levering", judged=LOW, by=project_leader
    )
    with pytest.raises(PermissionDenied):
        risks.register_risk(collaboration=led.collaboration, description="Egen", judged=LOW, by=project_leader)
    for other in (director, auditor):
        with pytest.raises(PermissionDenied):
            risks.change_risk(risk=made, version=None, status="closed", by=other)
        with pytest.raises(PermissionDenied):
            risks.assess_unchanged(risk=made, by=other)


@pytest.mark.parametrize(
    "fields",
    [
        {"judged": Judged(6, 1)},
        {"judged": Judged(3, 3, 2, None)},
        {"judged": LOW, "on": date(2099, 1, 1)},
        {"judged": LOW, "strategy": "exploit"},
        {"judged": LOW, "kind": "opportunity", "strategy": "avoid"},
        {"judged": LOW, "description": ""},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    project: Project, secretary: User, fields: dict[str, Any]
) -> None:
    told = {"description": "Noe", **fields}
    with pytest.raises(NotAllowedNow), transaction.atomic():
        risks.register_risk(collaboration=project.collaboration, project=project, by=secretary, **told)
    assert not Risk.objects.exists()


def test_an_assessment_is_not_put_before_the_newest(risk: Risk, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        risks.change_risk(risk=risk, version=1, judged=LOW, on=TODAY() - timedelta(days=90), by=secretary)


def test_who_saves_late_is_told(risk: Risk, secretary: User) -> None:
    risks.change_risk(risk=risk, version=1, status="closed", by=secretary)
    with pytest.raises(Stale):
        risks.change_risk(risk=risk, version=1, status="open", by=secretary)


def test_an_assessment_is_never_changed_and_a_risk_never_deleted(risk: Risk) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        RiskAssessment.objects.update(likelihood=1)
    with pytest.raises(ProgrammingError), transaction.atomic():
        RiskAssessment.objects.all().delete()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Risk.objects.filter(pk=risk.pk)._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.update(person=None, organisation=None, strategy="exploit", kind=F("kind"))


def test_the_portfolio_shows_what_is_marked_and_the_collaborations_own(
    client: Client, risk: Risk, director: User, secretary: User
) -> None:
    address = reverse("portfolio_risks", args=["vesteralen"])
    risks.register_risk(
        collaboration=risk.collaboration, description="Samarbeidet mister finansieringen", judged=HIGH, by=secretary
    )
    seen = signed_in(client, director).get(address).content.decode()
    assert "Samarbeidet mister finansieringen" in seen
    assert "Nøkkelperson slutter" not in seen
    risks.change_risk(risk=risk, version=1, in_portfolio=True, by=secretary)
    assert "Nøkkelperson slutter" in client.get(address).content.decode()


def test_closed_ones_are_out_of_the_way_until_they_are_asked_for(
    client: Client, risk: Risk, director: User, secretary: User
) -> None:
    risks.change_risk(risk=risk, version=1, status="closed", by=secretary)
    address = reverse("project_risks", args=["vesteralen", risk.project.slug])
    assert "Nøkkelperson" not in signed_in(client, director).get(address).content.decode()
    for query in ("status=all", "status=closed&level=high&q=nøkkel&kind=risk"):
        assert "Nøkkelperson" in client.get(f"{address}?{query}").content.decode()
    assert client.get(f"{address}?format=xlsx&status=all")["Content-Type"].endswith("sheet")


def test_the_secretary_writes_a_risk_in_five_fields_and_moves_it(
    client: Client, project: Project, secretary: User, hadsel: Organisation
) -> None:
    signed_in(client, secretary)
    made = {"description": "Sen levering", "likelihood": 4, "consequence": 3, "measure": "Tettere oppfølging",
            "responsible": f"kommune:{hadsel.pk}", "kind": "risk"}  # fmt: skip
    assert client.post(reverse("new_project_risk", args=["vesteralen", project.slug]), made).status_code == 302
    risk = Risk.objects.get()
    assert (risk.responsible, of(risk).score) == ("Hadsel", 12)
    page = client.get(risk.get_absolute_url()).content.decode()
    assert "4 × 3" in page
    change = reverse("change_project_risk", args=["vesteralen", project.slug, 1])
    moved = {**made, "likelihood": 2, "status": "open", "version": 1, "likelihood_after": 1}
    refused = client.post(change, moved)
    assert refused.status_code == 200
    assert list(refused.context_data["form"].errors) == ["consequence_after"]
    assert client.post(change, {**moved, "consequence_after": 2}).status_code == 302
    assert (of(risk).score, of(risk).score_after, of(risk).score_before) == (6, 2, 12)


def test_a_stranger_sees_none_of_it(client: Client, risk: Risk, outsider: User) -> None:
    signed_in(client, outsider)
    for address in (reverse("project_risks", args=["vesteralen", risk.project.slug]), risk.get_absolute_url()):
        assert client.get(address).status_code == 404


def test_the_matrix_says_each_place_in_words_and_shows_who_is_not_assessed_after(risk: Risk, secretary: User) -> None:
    risks.register_risk(
        collaboration=risk.collaboration, project=risk.project, description="Uten tiltak", judged=LOW, by=secretary
    )
    (chart,) = drawn(Risk.objects.assessed().worst_first().select_related("project"))
    first, second = chart.table()["rows"]
    assert first[1].startswith("4 × 4 = 16") and first[2].startswith("2 × 3 = 6")
    assert second[1].startswith("2 × 2 = 4")
    assert chart.note.endswith(f"{Risk.objects.get(description='Uten tiltak').label}.")


@pytest.mark.parametrize("count", [3, 40])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    client: Client, project: Project, director: User, secretary: User, count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for number in range(count):
        risks.register_risk(
            collaboration=project.collaboration, project=project, description=f"Risiko {number}", judged=HIGH,
            in_portfolio=True, by=secretary,
        )  # fmt: skip
    signed_in(client, director)
    for address in (
        reverse("portfolio_risks", args=["vesteralen"]),
        reverse("project_risks", args=["vesteralen", project.slug]),
    ):
        client.get(address)
        with django_assert_max_num_queries(24):
            client.get(address)
