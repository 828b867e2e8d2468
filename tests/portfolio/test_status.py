"""A project leader tells how the project stands: once, frozen, and the next report tells what changed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Body, Collaboration, Meeting
from portfolio.actions import milestones, projects, status
from portfolio.models import Effort, Participation, Project, ProjectAccount, StatusReport
from portfolio.status import occasion_of
from portfolio.status_facts import differences, report_before
from tests.portfolio.status_helpers import LINES, SIX_LIGHTS, ahead, six_lights_in
from tests.refusals import the_database_refuses

Tell = Callable[..., StatusReport]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The sentences are matched in the language they are written in."""
    with override("en"):
        yield


@pytest.fixture
def tell(led: Project, project_leader: User) -> Tell:
    """The leader publishes a report of the project."""

    def publish(**told: Any) -> StatusReport:
        return status.publish(project=led, by=project_leader, **{**LINES, **told})

    return publish


def test_one_light_and_three_lines_are_a_report(tell: Tell, led: Project) -> None:
    report = tell(overall="yellow")

    assert report.is_published
    assert report.published_at is not None
    assert (report.reported_for, report.full) == (timezone.localdate(), False)
    assert Project.objects.with_light().get(pk=led.pk).light == "yellow"


@pytest.mark.parametrize("line", ["progress_text", "economy_text", "risk_text"])
def test_a_line_that_is_missing_stops_the_report_with_a_sentence(tell: Tell, line: str) -> None:
    with pytest.raises(NotAllowedNow, match="three lines"):
        tell(**{line: ""})
    assert not StatusReport.objects.exists()


def test_without_a_light_nothing_is_published(tell: Tell) -> None:
    with pytest.raises(NotAllowedNow, match="light"):
        tell(overall="")


def test_six_lights_are_asked_for_in_the_full_profile(
    tell: Tell, digi: Collaboration, secretary: User, led: Project
) -> None:
    six_lights_in(digi)
    with pytest.raises(NotAllowedNow, match="all six"):
        tell(overall_text="Går bra.")
    report = tell(**SIX_LIGHTS)
    assert report.full
    assert [word for _label, word, _color, _text in report.lights][1] == "ahead of the plan"


# --- frozen ------------------------------------------------------------------------------------------------


def test_a_published_report_is_changed_by_nobody(tell: Tell) -> None:
    """By the ORM, in bulk, or in SQL as the application's own role; nor is it deleted."""
    report = tell()
    attempts: list[Callable[[], Any]] = [
        report.save,
        report.delete,
        lambda: StatusReport.objects.filter(pk=report.pk).update(overall="red"),
        lambda: StatusReport.objects.filter(pk=report.pk).delete(),
        lambda: _sql("UPDATE portfolio_statusreport SET overall = 'red'"),
        lambda: _sql("UPDATE portfolio_statusreport SET state = 'draft', published_at = NULL"),
        lambda: _sql("DELETE FROM portfolio_statusreport"),
        lambda: _sql("TRUNCATE portfolio_statusreport CASCADE"),
    ]
    for attempt in attempts:
        with the_database_refuses(), transaction.atomic():
            attempt()
    assert StatusReport.objects.get().overall == "green"


def _sql(command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(command)


def test_whoever_will_change_a_published_report_is_told_to_make_the_next(
    tell: Tell, led: Project, project_leader: User
) -> None:
    report = tell()
    for verb in (status.save_draft, status.publish):
        with pytest.raises(NotAllowedNow, match="next one"):
            verb(project=led, report=report, by=project_leader, **{**LINES, "overall": "red"})
    with pytest.raises(NotAllowedNow, match="next one"):
        status.delete_draft(report=report, by=project_leader)


def test_the_next_report_corrects_the_last_also_on_the_same_day(tell: Tell, led: Project) -> None:
    tell(overall="green")
    tell(overall="red")

    assert led.status_reports.count() == 2
    assert Project.objects.with_light().get(pk=led.pk).light == "red"


# --- once --------------------------------------------------------------------------------------------------


def test_two_presses_on_publish_make_one_report(led: Project, project_leader: User) -> None:
    known = {"project": led, "version": 0, "after": 0, "by": project_leader}
    first, second = (status.publish(**known, **LINES) for _press in range(2))

    assert first == second
    assert StatusReport.objects.count() == 1


def test_two_presses_on_a_draft_make_one_report(led: Project, project_leader: User) -> None:
    draft = status.save_draft(project=led, by=project_leader, **LINES)
    known = {"project": led, "report": draft, "version": draft.version, "after": 0, "by": project_leader}
    first, second = (status.publish(**known) for _press in range(2))

    assert first == second == draft
    assert StatusReport.objects.count() == 1


def test_two_presses_on_unchanged_make_one_report(tell: Tell, led: Project, project_leader: User) -> None:
    last = _of_last_week(tell)
    first, second = (status.repeat_unchanged(project=led, after=last.pk, by=project_leader) for _press in range(2))

    assert first == second
    assert led.status_reports.count() == 2


def test_two_who_write_on_the_same_draft_are_told(led: Project, project_leader: User, secretary: User) -> None:
    draft = status.save_draft(project=led, version=0, after=0, by=project_leader, **LINES)
    status.save_draft(project=led, version=draft.version, after=0, by=secretary, overall="red")
    with pytest.raises(Stale) as stale:
        status.save_draft(project=led, version=draft.version, after=0, by=project_leader, overall="yellow")

    assert stale.value.current == draft
    assert StatusReport.objects.get().overall == "red"


def test_one_who_wrote_while_another_published_is_told(led: Project, project_leader: User, secretary: User) -> None:
    published = status.publish(project=led, version=0, after=0, by=secretary, **{**LINES, "overall": "red"})
    with pytest.raises(Stale) as stale:
        status.publish(project=led, version=0, after=0, by=project_leader, **LINES)
    assert stale.value.current == published


def test_a_project_has_one_draft(led: Project, project_leader: User, secretary: User) -> None:
    one = status.save_draft(project=led, by=project_leader, overall="green")
    other = status.save_draft(project=led, by=secretary, progress_text="Ny linje")
    assert one == other

    with pytest.raises(IntegrityError), transaction.atomic():
        StatusReport.objects.create(project=led, reported_for=timezone.localdate(), written_by=secretary)


def test_a_draft_can_be_unfinished_and_thrown_away(led: Project, project_leader: User) -> None:
    draft = status.save_draft(project=led, by=project_leader)
    with pytest.raises(Stale):
        status.delete_draft(report=draft, version=draft.version + 1, by=project_leader)
    status.delete_draft(report=draft, version=draft.version, by=project_leader)
    assert not StatusReport.objects.exists()


# --- what can not be ---------------------------------------------------------------------------------------


def test_tomorrow_is_not_reported_today(tell: Tell) -> None:
    with pytest.raises(NotAllowedNow, match="has not come"):
        tell(reported_for=timezone.localdate() + timedelta(days=1))


def test_a_report_does_not_come_before_one_that_is_published(tell: Tell) -> None:
    tell()
    with pytest.raises(NotAllowedNow, match="published already"):
        tell(reported_for=timezone.localdate() - timedelta(days=1))


def test_a_project_that_has_ended_has_no_status(
    tell: Tell, led: Project, project_leader: User, secretary: User
) -> None:
    _of_last_week(tell)
    projects.stop(project=led, by=secretary)
    for verb, told in ((status.publish, LINES), (status.save_draft, LINES), (status.repeat_unchanged, {})):
        with pytest.raises(NotAllowedNow, match="stopped"):
            verb(project=led, by=project_leader, **told)


def test_an_idea_has_no_status(digi: Collaboration, secretary: User) -> None:
    idea = projects.register_project(collaboration=digi, title="En idé", by=secretary)
    with pytest.raises(NotAllowedNow, match="idea"):
        status.publish(project=idea, by=secretary, **LINES)


def test_unchanged_repeats_nothing_where_there_is_nothing(led: Project, project_leader: User) -> None:
    with pytest.raises(NotAllowedNow, match="Write the first one"):
        status.repeat_unchanged(project=led, by=project_leader)


def test_unchanged_does_not_push_a_draft_aside(tell: Tell, led: Project, project_leader: User) -> None:
    _of_last_week(tell)
    status.save_draft(project=led, by=project_leader, overall="red")
    with pytest.raises(NotAllowedNow, match="draft"):
        status.repeat_unchanged(project=led, by=project_leader)


def test_unchanged_is_of_what_the_reader_saw(tell: Tell, led: Project, project_leader: User) -> None:
    seen = _of_last_week(tell)
    tell(overall="red", reported_for=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Stale):
        status.repeat_unchanged(project=led, after=seen.pk, by=project_leader)


def test_three_lines_are_not_repeated_where_six_lights_are_wanted(
    tell: Tell, led: Project, project_leader: User, digi: Collaboration, secretary: User
) -> None:
    _of_last_week(tell)
    six_lights_in(digi)
    with pytest.raises(NotAllowedNow, match="another form"):
        status.repeat_unchanged(project=led, by=project_leader)


# --- who ---------------------------------------------------------------------------------------------------


def test_a_leader_reports_on_the_own_project_alone(
    digi: Collaboration, project: Project, project_leader: User, secretary: User
) -> None:
    """``project`` is led by nobody: the secretariat reports, a project leader of another project does not."""
    for verb, told in ((status.publish, LINES), (status.save_draft, LINES), (status.repeat_unchanged, {})):
        with pytest.raises(PermissionDenied):
            verb(project=project, by=project_leader, **told)
    assert status.publish(project=project, by=secretary, **LINES).is_published


@pytest.mark.parametrize("who", ["director", "it_leader", "auditor", "observer", "member", "outsider", "sysadmin"])
def test_others_report_on_nothing(request: pytest.FixtureRequest, led: Project, who: str) -> None:
    with pytest.raises(PermissionDenied):
        status.publish(project=led, by=request.getfixturevalue(who), **LINES)


def test_one_who_leads_but_has_lost_the_role_reports_no_more(led: Project, director: User, secretary: User) -> None:
    Project.objects.filter(pk=led.pk).update(leader=director.person)
    with pytest.raises(PermissionDenied):
        status.publish(project=led, by=director, **LINES)


@pytest.mark.parametrize(("who", "sees"), [("director", 0), ("auditor", 0), ("secretary", 1), ("project_leader", 1)])
def test_a_draft_is_read_by_those_who_write_it(
    request: pytest.FixtureRequest, led: Project, secretary: User, who: str, sees: int
) -> None:
    status.save_draft(project=led, by=secretary, **LINES)
    assert StatusReport.objects.visible_to(request.getfixturevalue(who)).count() == sees


def test_what_is_published_is_read_by_all_in_the_collaboration(
    tell: Tell, director: User, auditor: User, outsider: User
) -> None:
    tell()
    assert [StatusReport.objects.visible_to(user).count() for user in (director, auditor, outsider)] == [1, 1, 0]


# --- the figures, and what differs -------------------------------------------------------------------------


def test_the_portals_own_figures_are_kept_as_they_stood(
    tell: Tell, led: Project, invited: dict[str, Participation], decides: Any, digi: Any, sortland: Any, secretary: User
) -> None:
    decides(invited["Bø"], 600_000, hours=Decimal(80))
    month = timezone.localdate().replace(day=1)
    ProjectAccount.objects.create(project=led, month=month, spent=Decimal("1200.50"), forecast=Decimal(590_000))
    half = date(month.year, 1 if month.month < 7 else 7, 1)
    Effort.objects.create(
        collaboration=digi, organisation=sortland, project=led, starts_on=half, hours=Decimal("12.5"), estimated=True,
        registered_by=secretary,
    )  # fmt: skip
    milestones.add_milestone(project=led, title="Valgt leverandør", planned_on=month, by=secretary)
    report = tell()
    ProjectAccount.objects.update(spent=Decimal(2))

    facts = StatusReport.objects.get(pk=report.pk).facts
    assert (facts["shared_cost"], facts["spent"], facts["forecast"]) == ("600000.00", "1200.50", "590000.00")
    assert (facts["hours_pledged"], facts["hours_delivered"], facts["hours_estimated"]) == ("80.00", "12.50", True)
    assert {"name": "Bø", "status": "takes_part"} in facts["participants"]
    assert sorted(facts["open_decisions"]) == ["Andøy", "Hadsel", "Lødingen", "Sortland", "Øksnes"]
    assert facts["next_milestone"]["title"] == "Valgt leverandør"


def test_what_nobody_knows_stays_unknown(tell: Tell) -> None:
    facts = tell().facts
    assert [facts[name] for name in ("spent", "forecast", "hours_pledged", "hours_delivered", "next_milestone")] == [
        None
    ] * 5


def test_the_difference_from_the_last_is_told_field_by_field(tell: Tell, led: Project, secretary: User) -> None:
    _of_last_week(tell, overall="green", economy_text="I rute.")
    month = timezone.localdate().replace(day=1)
    ProjectAccount.objects.create(project=led, month=month, spent=Decimal(5000))
    report = tell(overall="red", economy_text="Anbudet ble dyrere.")
    told = {one.label: (one.before, one.after) for one in differences(report, report_before(report))}

    assert told["overall status"] == ("as planned", "needs action")
    assert told["economy"] == ("I rute.", "Anbudet ble dyrere.")
    assert "progress" not in told
    assert "5 000" in told["Spent"][1].replace("\xa0", " ").replace(",", " ")


def test_the_first_report_differs_from_nothing(tell: Tell) -> None:
    report = tell()
    assert differences(report, report_before(report)) == []


# --- what is missing ---------------------------------------------------------------------------------------


def test_before_a_meeting_each_project_under_way_is_wanted(tell: Tell, led: Project, steering: Body) -> None:
    assert not occasion_of(led.collaboration).is_wanted
    meeting = ahead(steering, days=10)
    occasion = occasion_of(led.collaboration)
    assert (occasion.meeting, occasion.until) == (meeting, meeting.day)
    assert _missing(led) == [led]
    assert tell().meeting == meeting
    assert _missing(led) == []


def test_what_was_told_before_the_last_meeting_does_not_count_for_the_next(
    tell: Tell, led: Project, steering: Body
) -> None:
    past = ahead(steering, days=-3)
    Meeting.objects.filter(pk=past.pk).update(state="held", called_at=past.starts_at - timedelta(days=10))
    ahead(steering, days=10)
    _of_last_week(tell)
    assert _missing(led) == [led]


def test_a_meeting_that_is_moved_or_cancelled_asks_nobody_twice(tell: Tell, led: Project, steering: Body) -> None:
    meeting = ahead(steering, days=5)
    tell()
    later = ahead(steering, days=30)
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    assert occasion_of(led.collaboration).meeting == later
    assert _missing(led) == []


def test_neither_a_written_treatment_nor_another_body_is_a_meeting_to_report_for(
    led: Project, steering: Body, member: User
) -> None:
    ahead(Body.objects.get(slug="arbeidsgruppen"), days=4)
    written = ahead(steering, days=4)
    Meeting.objects.filter(pk=written.pk).update(
        written=True, answer_by=written.starts_at + timedelta(days=7), place=""
    )
    assert not occasion_of(led.collaboration).is_wanted


def test_in_the_full_profile_a_report_is_of_the_month(
    tell: Tell, led: Project, digi: Collaboration, secretary: User
) -> None:
    six_lights_in(digi)
    first = timezone.localdate().replace(day=1)
    tell(**SIX_LIGHTS, reported_for=first - timedelta(days=1))
    assert _missing(led) == [led]
    tell(**SIX_LIGHTS)
    assert _missing(led) == []
    assert occasion_of(digi).month == first


def _missing(led: Project) -> list[Project]:
    occasion = occasion_of(led.collaboration)
    return list(Project.objects.filter(collaboration=led.collaboration).under_way().not_reported(occasion.counts))


def _of_last_week(tell: Tell, **told: Any) -> StatusReport:
    week_ago = timezone.now() - timedelta(days=7)
    return tell(at=week_ago, reported_for=timezone.localdate(week_ago), **told)
