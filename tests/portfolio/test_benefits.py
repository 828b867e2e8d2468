"""Benefits by the one common model: who owns them, what is planned, what is measured, and what comes of it (E1-E12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance import permissions
from governance.models import Appointment, Collaboration, Organisation, Role
from portfolio.actions import benefit_lines, benefits, participation, projects
from portfolio.benefits import both_sides, missing_side, planned_and_realised
from portfolio.models import Benefit, BenefitLine, BenefitMeasurement, Participation, PhaseModel, Project
from tests.people import appoint, person
from tests.refusals import the_database_refuses

TODAY = timezone.localdate()
BEGUN = TODAY - timedelta(days=400)
MEASURED: dict[str, Any] = {
    "indicator": "Timer per år til papirskjema",
    "unit": "hours",
    "baseline": Decimal(900),
    "baseline_on": BEGUN,
    "target_value": Decimal(300),
    "target_on": TODAY + timedelta(days=400),
}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The refusals are read as they are written in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def benefit(project: Project, secretary: User) -> Benefit:
    return benefits.add_benefit(
        project=project, gain="Færre skjema på papir", target="Halvparten", by=secretary, **MEASURED
    )


@pytest.fixture
def joined(invited: dict[str, Participation], decides: Callable[..., Participation]) -> Participation:
    """Sortland has decided to take part."""
    return decides(invited["Sortland"], 200_000)


@pytest.fixture
def line(benefit: Benefit, joined: Participation, director: User) -> BenefitLine:
    return benefit_lines.plan_line(benefit=benefit, participation=joined, owner_role="Servicetorget", by=director)


def measured(line: BenefitLine, by: User, value: int, days: int = 10, **more: Any) -> BenefitMeasurement:
    on = TODAY - timedelta(days=days)
    return benefit_lines.measure(line=line, on=on, value=Decimal(value), by=by, **more)


# --- the common model ---------------------------------------------------------------------------------


def test_three_fields_are_a_benefit(project: Project, secretary: User) -> None:
    made = benefits.add_benefit(project=project, gain="Kortere kø", target="2 dager", by=secretary)
    assert (made.kind, made.side, made.ten_years, made.is_measurable) == ("", "", None, False)


def test_ten_years_are_computed_to_the_ore(project: Project, secretary: User) -> None:
    made = benefits.add_benefit(project=project, gain="Lavere lisens", yearly_value=Decimal("123456.78"), by=secretary)
    assert made.ten_years == Decimal("1234567.80")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"target_on": BEGUN}, "after the day of the start value"),
        ({"baseline_on": None}, "belong together"),
        ({"unit": ""}, "its unit"),
        ({"yearly_value": Decimal(0)}, "above zero"),
        ({"starts_year": 20}, "from 2000"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    project: Project, secretary: User, wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(NotAllowedNow, match=says):
        benefits.add_benefit(project=project, gain="Noe", by=secretary, **{**MEASURED, **wrong})


def test_pressed_twice_there_is_one(project: Project, secretary: User) -> None:
    for _press in range(2):
        made = benefits.add_benefit(project=project, gain="Kortere kø", by=secretary, **MEASURED)
        benefits.add_chain(project=project, enabler="Ny løsning", benefit=made, by=secretary)
    assert (project.benefits.count(), project.benefit_chains.count()) == (1, 1)


def test_a_director_registers_no_benefit_of_the_project(project: Project, director: User) -> None:
    with pytest.raises(PermissionDenied):
        benefits.add_benefit(project=project, gain="Noe", by=director)


def test_two_who_change_a_benefit_do_not_overwrite_each_other(benefit: Benefit, secretary: User) -> None:
    benefits.change_benefit(benefit=benefit, version=1, gain="Nytt", by=secretary)
    with pytest.raises(Stale):
        benefits.change_benefit(benefit=benefit, version=1, gain="Annet", by=secretary)


# --- each municipality's own line (R12) ----------------------------------------------------------------


def test_without_an_owner_nothing_is_planned(benefit: Benefit, joined: Participation, director: User) -> None:
    with pytest.raises(NotAllowedNow, match="who owns the benefit"):
        benefit_lines.plan_line(benefit=benefit, participation=joined, expected=Decimal(10), by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        BenefitLine.objects.create(benefit=benefit, participation=joined, registered_by=director)


def test_who_has_not_said_yes_has_no_line(
    benefit: Benefit, invited: dict[str, Participation], directors: dict[str, User]
) -> None:
    part = invited["Bø"]
    with pytest.raises(NotAllowedNow, match="has not decided to take part"):
        benefit_lines.plan_line(benefit=benefit, participation=part, owner_role="x", by=directors["Bø"])


def test_a_municipality_tells_for_itself_alone(
    line: BenefitLine, joined: Participation, directors: dict[str, User], secretary: User
) -> None:
    with pytest.raises(PermissionDenied):
        measured(line, directors["Bø"], 500)
    assert not measured(line, directors["Sortland"], 500).on_behalf
    assert measured(line, secretary, 400, days=5).on_behalf


def test_the_owner_of_the_benefit_may_measure_it(
    benefit: Benefit, joined: Participation, director: User, sortland: Organisation
) -> None:
    owner = person("Kari Nilsen", organisation=sortland)
    line = benefit_lines.plan_line(benefit=benefit, participation=joined, owner=owner, by=director)
    assert measured(line, owner.user, 500).value == 500


def test_somebody_elsewhere_does_not_own_it_here(
    benefit: Benefit, joined: Participation, directors: dict[str, User]
) -> None:
    with pytest.raises(NotAllowedNow, match="Direktør Bø"):
        stranger = directors["Bø"].person
        benefit_lines.plan_line(benefit=benefit, participation=joined, owner=stranger, by=directors["Sortland"])


def test_who_has_left_a_municipality_tells_nothing_more_for_it(
    benefit: Benefit, joined: Participation, director: User, sortland: Organisation, secretary: User
) -> None:
    owner = person("Kari Nilsen")
    role = appoint(owner, Role.CONTACT, sortland)
    line = benefit_lines.plan_line(benefit=benefit, participation=joined, owner=owner, by=director)
    assert list(BenefitLine.objects.due().owned_there()) == [line]
    Appointment.objects.filter(pk=role.pk).update(until=TODAY - timedelta(days=1))
    permissions.sync_people(owner)
    assert not BenefitLine.objects.due().owned_there().exists()
    with pytest.raises(PermissionDenied):
        measured(line, owner.user, 500)
    with pytest.raises(NotAllowedNow, match="Kari Nilsen"):
        benefit_lines.plan_line(benefit=benefit, participation=joined, owner=owner, by=director)


def test_the_secretariat_writes_nothing_over_what_a_municipality_wrote(
    line: BenefitLine, benefit: Benefit, director: User, secretary: User
) -> None:
    told: dict[str, Any] = {"benefit": benefit, "participation": line.participation}
    with pytest.raises(NotAllowedNow, match="Sortland has written this itself"):
        benefit_lines.plan_line(**told, owner_role="Noen andre", by=secretary)
    own = measured(line, director, 500)
    with pytest.raises(NotAllowedNow, match="Sortland has written this itself"):
        benefit_lines.correct(measurement=own, on=own.on, value=Decimal(5), reason="Feil", by=secretary)


def test_the_database_keeps_the_line_within_its_project(
    line: BenefitLine, benefit: Benefit, six: list[Organisation], digi: Collaboration, secretary: User
) -> None:
    other = projects.register_project(collaboration=digi, title="Et annet", by=secretary)
    stranger = benefits.add_benefit(project=other, gain="Noe annet", by=secretary)
    with the_database_refuses(), transaction.atomic():
        BenefitLine.objects.filter(pk=line.pk).update(benefit=stranger)
    elsewhere = next(one for one in six if one.name == "Bø")
    with the_database_refuses(), transaction.atomic():
        Benefit.objects.filter(pk=benefit.pk).update(owner=elsewhere)
    with pytest.raises(NotAllowedNow, match="Other municipalities"):
        benefits.change_benefit(benefit=benefit, gain="x", owner=elsewhere, by=secretary)


def test_a_planned_benefit_stays(line: BenefitLine, benefit: Benefit, secretary: User) -> None:
    with pytest.raises(NotAllowedNow, match="so it stays"):
        benefits.remove_benefit(benefit=benefit, by=secretary)


# --- measurements --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "says"),
    [(BEGUN - timedelta(days=1), "before the start value"), (TODAY + timedelta(days=2), "in the future")],
)
def test_a_measurement_is_of_its_time(line: BenefitLine, director: User, on: date, says: str) -> None:
    with pytest.raises(NotAllowedNow, match=says):
        benefit_lines.measure(line=line, on=on, value=Decimal(1), by=director)
    with the_database_refuses(), transaction.atomic():
        BenefitMeasurement.objects.create(line=line, on=on, value=1, registered_by=director)


def test_what_has_no_start_value_is_not_measured(
    project: Project, joined: Participation, director: User, secretary: User
) -> None:
    plain = benefits.add_benefit(project=project, gain="Tryggere drift", by=secretary)
    line = benefit_lines.plan_line(benefit=plain, participation=joined, owner_role="IT-leder", by=director)
    with pytest.raises(NotAllowedNow, match="nothing to compare with"):
        measured(line, director, 1)


def test_a_day_is_measured_once(line: BenefitLine, director: User, secretary: User) -> None:
    first = measured(line, director, 600)
    with pytest.raises(NotAllowedNow, match="is measured already"):
        measured(line, secretary, 700)
    with the_database_refuses(), transaction.atomic():
        BenefitMeasurement.objects.create(line=line, on=first.on, value=1, registered_by=director)


def test_two_who_measure_at_once_do_not_both_count(line: BenefitLine, director: User, secretary: User) -> None:
    measured(line, director, 600, version=line.version)
    with pytest.raises(Stale):
        measured(line, secretary, 700, days=9, version=line.version)


def test_a_measurement_stays_and_is_corrected_by_a_new_one(line: BenefitLine, director: User) -> None:
    wrong = measured(line, director, 60)
    with pytest.raises(NotAllowedNow, match="why"):
        benefit_lines.correct(measurement=wrong, on=wrong.on, value=Decimal(600), reason=" ", by=director)
    right = benefit_lines.correct(
        measurement=wrong, on=wrong.on, value=Decimal(600), reason="En null manglet", by=director
    )
    assert list(line.measurements.standing()) == [right]
    with pytest.raises(NotAllowedNow, match="corrected this measurement already"):
        benefit_lines.correct(measurement=wrong, on=wrong.on, value=Decimal(6), reason="Nei", by=director)
    for tamper in ({"value": 1}, {"reason": "x"}):
        with the_database_refuses(), transaction.atomic():
            BenefitMeasurement.objects.filter(pk=wrong.pk).update(**tamper)
    with the_database_refuses(), transaction.atomic():
        BenefitMeasurement.objects.filter(pk=right.pk).delete()


def test_the_start_value_is_not_moved_past_a_measurement(line: BenefitLine, benefit: Benefit, secretary: User) -> None:
    measured(line, secretary, 600)
    later = {**MEASURED, "baseline_on": TODAY}
    with pytest.raises(NotAllowedNow, match="first measurement"):
        benefits.change_benefit(benefit=benefit, gain="x", by=secretary, **later)
    with pytest.raises(NotAllowedNow, match="the unit, the start value"):
        benefits.change_benefit(benefit=benefit, gain="x", by=secretary, **{**MEASURED, "unit": "kr"})
    for tamper in ({"baseline": 1}, {"direction": "up"}):
        with pytest.raises(NotAllowedNow, match="the unit, the start value"):
            benefits.change_benefit(benefit=benefit, gain="x", by=secretary, **{**MEASURED, **tamper})
        with the_database_refuses(), transaction.atomic():
            Benefit.objects.filter(pk=benefit.pk).update(**tamper)
    with the_database_refuses(), transaction.atomic():
        Benefit.objects.filter(pk=benefit.pk).update(baseline_on=TODAY)


# --- what comes of it ----------------------------------------------------------------------------------


def test_planned_and_realised_are_exact_and_only_what_can_be_added(
    project: Project,
    line: BenefitLine,
    invited: dict[str, Participation],
    decides: Callable[..., Participation],
    directors: dict[str, User],
    secretary: User,
) -> None:
    other = decides(invited["Bø"], 200_000)
    second = benefit_lines.plan_line(
        benefit=line.benefit,
        participation=other,
        owner_role="Arkivet",
        expected=Decimal("250.50"),
        baseline=Decimal("500.25"),
        by=directors["Bø"],
    )
    measured(line, directors["Sortland"], 700, days=30)
    measured(line, directors["Sortland"], 500, days=3)
    measured(second, directors["Bø"], 400)
    money = {**MEASURED, "unit": "kr", "baseline": Decimal("10000.10"), "target_value": Decimal("4000.05")}
    dear = benefits.add_benefit(project=project, gain="Lisens", yearly_value=Decimal(6000), by=secretary, **money)
    benefit_lines.plan_line(
        benefit=dear, participation=line.participation, owner_role="Økonomi", by=directors["Sortland"]
    )
    share = {**MEASURED, "unit": "percent", "direction": "up", "baseline": Decimal(10), "target_value": Decimal(90)}
    benefits.add_benefit(project=project, gain="Fornøyde", by=secretary, **share)
    told = planned_and_realised(project)
    assert (told.hours.planned, told.hours.realised) == (Decimal("850.50"), Decimal("500.25"))
    assert (told.hours.lines, told.hours.measured, told.money.measured) == (2, 2, 0)
    assert (told.money.planned, told.money.realised) == (Decimal("6000.05"), Decimal(0))
    assert (told.yearly_value, told.ten_years, told.priced) == (Decimal(6000), Decimal(60000), 1)
    assert [one.gain for one in told.benefits.not_added()] == ["Fornøyde"]
    assert [row["name"] for row in told.by_municipality] == ["Bø", "Sortland"]
    assert told.by_municipality[1]["hours_realised"] == Decimal(400)


def test_the_portfolio_and_one_municipality_and_a_year(
    digi: Collaboration, line: BenefitLine, six: list[Organisation], director: User
) -> None:
    measured(line, director, 500, days=0)
    ours = line.participation.organisation
    assert planned_and_realised(digi, organisation=ours).hours.realised == 400
    other = next(one for one in six if one.name == "Bø")
    assert planned_and_realised(digi, organisation=other).hours.lines == 0
    assert planned_and_realised(digi, year=TODAY.year - 1).hours.measured == 0
    assert planned_and_realised(digi, year=TODAY.year).hours.measured == 1


def test_a_past_day_is_told_with_those_who_took_part_then(project: Project, line: BenefitLine, director: User) -> None:
    measured(line, director, 500)
    today = timezone.localdate()
    participation.give_notice(
        participation=line.participation, leaves_on=today, decided_on=today, state="adopted",
        decided_by="kommunestyret", case_number="2/26", by=director,
    )  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        assert planned_and_realised(project).hours.lines == 0
        assert planned_and_realised(project, until=today).hours.realised == 400


def test_a_measurement_is_due_a_year_after_the_last_and_not_after_the_target(
    line: BenefitLine, benefit: Benefit, director: User, secretary: User
) -> None:
    assert list(BenefitLine.objects.due()) == [line]
    measured(line, director, 500)
    assert not BenefitLine.objects.due().exists()
    over = {**MEASURED, "target_on": TODAY - timedelta(days=20)}
    benefits.change_benefit(benefit=benefit, gain="x", by=secretary, **over)
    assert not BenefitLine.objects.due(TODAY + timedelta(days=4000)).exists()


def test_both_cost_and_service_is_a_figure_of_the_portfolio(
    project: Project, digi: Collaboration, secretary: User
) -> None:
    benefits.add_benefit(project=project, gain="Billigere", side="cost", by=secretary)
    assert (both_sides(digi).with_both, both_sides(digi).projects) == (0, 1)
    assert missing_side(project) == ""
    project.phase_model = PhaseModel.FULL
    assert missing_side(project)
    benefits.say_why_one_side(project=project, reason="Ren driftssak", by=secretary)
    assert missing_side(project) == ""
    benefits.say_why_one_side(project=project, reason="", by=secretary)
    benefits.add_benefit(project=project, gain="Bedre", side="service", by=secretary)
    assert both_sides(digi).with_both == 1
    assert missing_side(project) == ""
