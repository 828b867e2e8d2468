"""The portfolio is approved in numbered versions; what was approved stands as it was."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, connection, transaction

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents.models import Job
from governance.actions import cases, running
from governance.models import Body, Case, Collaboration, Organisation, Resolution
from portfolio import portfolio_document
from portfolio.actions import projects
from portfolio.actions.versions import DOCUMENT, View, case_of, give_views, propose_portfolio_version
from portfolio.models import Participation, PortfolioItem, PortfolioVersion, Project, ProjectOpinion

Parts = dict[str, Participation]


@pytest.fixture
def version(digi: Collaboration, project: Project, invited: Parts, steering: Body, secretary: User) -> PortfolioVersion:
    return propose_portfolio_version(collaboration=digi, projects=[project], by=secretary)


@pytest.fixture
def frozen(version: PortfolioVersion, held: Callable[..., Any]) -> PortfolioVersion:
    held(version.case)
    version.refresh_from_db()
    return version


def test_a_version_comes_with_its_case(version: PortfolioVersion) -> None:
    assert version.number == 1
    assert version.case.kind == Case.Kind.DECISION
    assert version.case.stage == Case.Stage.READY


def test_the_projects_stand_in_the_order_they_were_given(
    digi: Collaboration, project: Project, steering: Body, secretary: User
) -> None:
    other = projects.register_project(collaboration=digi, title="Felles arkiv", by=secretary)
    version = propose_portfolio_version(collaboration=digi, projects=[other, project], by=secretary)
    assert [item.project for item in version.items.all()] == [other, project]


def test_one_version_waits_at_a_time(digi: Collaboration, project: Project, version: Any, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        propose_portfolio_version(collaboration=digi, projects=[project], by=secretary)


def test_a_withdrawn_case_does_not_stand_in_the_way_of_the_next(
    digi: Collaboration, project: Project, version: PortfolioVersion, secretary: User
) -> None:
    cases.withdraw_case(case=version.case, by=secretary)
    assert propose_portfolio_version(collaboration=digi, projects=[project], by=secretary).number == 2


def test_the_resolution_freezes_the_version_and_orders_its_pdf(frozen: PortfolioVersion, project: Project) -> None:
    assert frozen.state == PortfolioVersion.State.APPROVED
    assert frozen.frozen_at is not None
    assert Job.objects.filter(kind=DOCUMENT, subject=str(frozen.pk)).count() == 1
    facts = frozen.items.get().frozen
    assert facts["title"] == project.title
    assert sum(Decimal(line["if_all"]) for line in facts["shares"]) == project.to_share


@pytest.mark.parametrize("outcome", [Resolution.Outcome.NOT_ADOPTED, Resolution.Outcome.POSTPONED])
def test_what_was_not_adopted_is_not_frozen(version: PortfolioVersion, held: Callable[..., Any], outcome: str) -> None:
    held(version.case, outcome)
    version.refresh_from_db()
    assert version.state != PortfolioVersion.State.APPROVED
    assert not Job.objects.filter(kind=DOCUMENT).exists()


def test_a_postponed_version_is_frozen_when_its_case_comes_back_and_is_adopted(
    version: PortfolioVersion, held: Callable[..., Any], secretary: User
) -> None:
    held(version.case, Resolution.Outcome.POSTPONED)
    version.case.refresh_from_db()
    newer = cases.bring_back(case=version.case, by=secretary)
    cases.mark_ready(case=newer, by=secretary)
    assert case_of(version) == newer
    held(newer)
    version.refresh_from_db()
    assert version.state == PortfolioVersion.State.APPROVED


def test_a_later_change_of_the_project_does_not_reach_the_approved_version(
    frozen: PortfolioVersion, project: Project, secretary: User
) -> None:
    projects.change_project(project=project, version=None, title="Nytt navn", shared_cost=Decimal(1), by=secretary)
    facts = PortfolioItem.objects.get(version=frozen).facts
    assert (facts["title"], facts["shared_cost"]) == ("Felles skjema", "600000.00")


def test_a_cost_that_changed_after_the_agenda_was_sent_is_told(
    version: PortfolioVersion, project: Project, held: Callable[..., Any], secretary: User
) -> None:
    projects.change_project(project=project, version=None, shared_cost=Decimal(700_000), by=secretary)
    held(version.case)
    item = version.items.get()
    assert (item.laid["shared_cost"], item.frozen["shared_cost"]) == ("600000.00", "700000.00")


def test_views_on_an_exempt_portfolio_are_read_by_those_who_read_its_case(
    client: Any, version: PortfolioVersion, held: Any, directors: dict[str, User], it_leader: User, bo: Organisation,
    secretary: User,
) -> None:  # fmt: skip
    cases.change_case(case=version.case, exempt=True, legal_ground="offentleglova § 23", by=secretary)
    held.called(version.case)
    against = View("against", "For dyrt for oss")
    on_projects = {version.items.get().pk: against}
    give_views(version=version, organisation=bo, on_projects=on_projects, on_whole=against, by=directors["Bø"])
    for reader, times in ((it_leader, 0), (directors["Andøy"], 1)):
        client.force_login(reader)
        assert client.get(version.get_absolute_url()).content.decode().count("For dyrt for oss") == times


def test_what_was_said_stands_in_no_paper_when_the_case_came_back_as_exempt(
    version: PortfolioVersion, held: Any, directors: dict[str, User], bo: Organisation, secretary: User
) -> None:
    """The version was laid in a case that all may read; the one as which it came back is read by few (rule 8)."""
    held(version.case, Resolution.Outcome.POSTPONED)
    version.case.refresh_from_db()
    newer = cases.bring_back(case=version.case, by=secretary)
    again = cases.change_case(case=newer, exempt=True, legal_ground="offentleglova § 23", by=secretary)
    cases.mark_ready(case=again, by=secretary)
    meeting = held.called(again)
    on_projects = {version.items.get().pk: View("against", "For dyrt for oss")}
    give_views(version=version, organisation=bo, on_projects=on_projects, by=directors["Bø"])
    running.start_meeting(meeting=meeting, by=secretary)
    running.resolve(item=meeting.items.get(case=again), outcome=Resolution.Outcome.AS_PROPOSED, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    version.refresh_from_db()
    assert version.state == PortfolioVersion.State.APPROVED and not version.case.exempt
    told = portfolio_document.context(version)
    assert told["treatment"] is None
    assert "For dyrt" not in repr(told["items"]) + repr(portfolio_document.kept(version))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE portfolio_portfolioversion SET number = 99",
        "UPDATE portfolio_portfolioversion SET state = 'laid', frozen_at = NULL",
        "DELETE FROM portfolio_portfolioversion",
        "UPDATE portfolio_portfolioitem SET frozen = '{}'",
        "UPDATE portfolio_portfolioitem SET position = 7",
        "DELETE FROM portfolio_portfolioitem",
        "INSERT INTO portfolio_portfolioitem (version_id, project_id, position, laid) "
        "SELECT version_id, project_id, 9, '{}' FROM portfolio_portfolioitem",
    ],
)
def test_an_approved_version_can_not_be_changed_even_in_the_database(frozen: PortfolioVersion, statement: str) -> None:
    refusal = pytest.raises(Error, match="closed|Cannot (update|delete)")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_directors_say_what_they_think_per_project_and_of_the_whole(
    version: PortfolioVersion, held: Any, directors: dict[str, User], sortland: Organisation
) -> None:
    held.called(version.case)
    item = version.items.get()
    give_views(
        version=version,
        organisation=sortland,
        on_projects={item.pk: View("with_remark", "Start etter sommeren.")},
        on_whole=View("supports"),
        by=directors["Sortland"],
    )
    opinion = ProjectOpinion.objects.get()
    assert (opinion.organisation, opinion.stance) == (sortland, "with_remark")
    assert version.case.opinions.get().stance == "supports"


def test_a_view_is_no_decision(
    version: PortfolioVersion, held: Any, directors: dict[str, User], sortland: Organisation
) -> None:
    held.called(version.case)
    give_views(
        version=version,
        organisation=sortland,
        on_projects={version.items.get().pk: View("supports")},
        on_whole=View("supports"),
        by=directors["Sortland"],
    )
    assert Participation.objects.taking_part().count() == 0


def test_views_are_given_for_the_own_municipality_and_while_the_agenda_is_out(
    version: PortfolioVersion, held: Any, directors: dict[str, User], sortland: Organisation, secretary: User
) -> None:
    views: dict[str, Any] = {
        "version": version,
        "organisation": sortland,
        "on_projects": {},
        "on_whole": View("supports"),
    }
    with pytest.raises(NotAllowedNow):
        give_views(**views, by=directors["Sortland"])
    held.called(version.case)
    with pytest.raises(NotAllowedNow):
        give_views(**views, by=directors["Hadsel"])
    with pytest.raises(PermissionDenied):
        give_views(**views, by=secretary)
