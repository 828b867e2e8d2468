"""Nobody decides for a municipality: what takes part, and with how much, follows from its own decision alone."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents.uploads import Upload
from governance.actions import adoptions, cases
from governance.models import Adoption, Body, Collaboration, Organisation, Resolution
from portfolio.actions import participation, projects
from portfolio.actions.cases import attach_case, lay_financing_plan
from portfolio.actions.versions import propose_portfolio_version
from portfolio.models import Participation, Project, ProjectCase, Share, Status

Parts = dict[str, Participation]
DECISION = {"decided_by": "kommunestyret", "decided_on": date(2026, 1, 15), "case_number": "7/26"}


def again(part: Participation) -> Participation:
    return Participation.objects.whole().get(pk=part.pk)


def everything(project: Project) -> list[tuple[Any, ...]]:
    """All that a municipality has bound: status, money, hours, interest and leaving."""
    return [
        (p.organisation_id, p.status, p.adoption.state, p.adoption.amount, p.adoption.hours, p.interest, p.leaves_on)
        for p in project.participations.whole()
    ]


def test_an_invitation_settles_nothing(invited: Parts) -> None:
    assert {part.status for part in invited.values()} == {Status.UNDECIDED}
    assert Participation.objects.taking_part().count() == 0


def test_inviting_opens_one_decision_each_with_the_own_share_proposed(invited: Parts) -> None:
    adoption = invited["Bø"].adoption
    assert adoption.state == Adoption.State.OPEN
    assert adoption.amount is None
    assert "Bø" in adoption.proposal
    assert "100" in adoption.proposal
    assert Adoption.objects.count() == 6


def test_inviting_twice_changes_nothing(
    project: Project, invited: Parts, six: list[Organisation], secretary: User
) -> None:
    participation.invite(project=project, organisations=six, by=secretary)
    assert Participation.objects.count() == Adoption.objects.count() == 6


def test_the_answer_day_follows_the_invitation(project: Project, bo: Organisation, secretary: User) -> None:
    day = timezone.localdate() + timedelta(days=30)
    part = participation.invite(project=project, organisations=[bo], answer_by=day, by=secretary)[0]
    assert part.adoption.answer_by == day


def test_only_members_are_invited(project: Project, secretary: User) -> None:
    stranger = Organisation.objects.create(kind="municipality", number="5001", name="Trondheim")
    with pytest.raises(NotAllowedNow, match="Trondheim"):
        participation.invite(project=project, organisations=[stranger], by=secretary)


@pytest.mark.parametrize(
    ("state", "more", "status"),
    [
        ("adopted", {}, Status.TAKES_PART),
        ("reserved", {"conditions": "Etter ett år."}, Status.RESERVED),
        ("not_adopted", {}, Status.DECLINED),
    ],
)
def test_the_status_follows_from_the_decision(
    invited: Parts, decides: Callable[..., Participation], state: str, more: dict[str, str], status: Status
) -> None:
    assert decides(invited["Bø"], state=state, **more).status == status
    assert again(invited["Hadsel"]).status == Status.UNDECIDED


def test_interest_binds_nobody_and_counts_as_no_yes(invited: Parts, directors: dict[str, User]) -> None:
    part = participation.answer_interest(participation=invited["Bø"], interest="interested", by=directors["Bø"])
    assert part.status == Status.INTERESTED
    assert not part.pays
    assert Participation.objects.taking_part().count() == 0


def test_the_query_for_what_is_not_settled_says_the_same_as_each_status(
    invited: Parts, decides: Callable[..., Participation], directors: dict[str, User]
) -> None:
    decides(invited["Bø"], 100_000)
    decides(invited["Hadsel"], state="not_adopted")
    participation.answer_interest(participation=invited["Sortland"], interest="interested", by=directors["Sortland"])
    open_ones = {Status.UNDECIDED, Status.INTERESTED, Status.WAITING}
    expected = {part.pk for part in Participation.objects.whole() if part.status in open_ones}
    assert invited["Sortland"].pk in expected
    assert {part.pk for part in Participation.objects.not_settled()} == expected


@pytest.mark.parametrize("who", ["secretary", "auditor", "project_leader", "outsider"])
def test_nobody_else_signals_for_a_municipality(invited: Parts, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        participation.answer_interest(
            participation=invited["Bø"], interest="interested", by=request.getfixturevalue(who)
        )


def test_a_neighbour_signals_for_itself_only(invited: Parts, directors: dict[str, User]) -> None:
    with pytest.raises(PermissionDenied):
        participation.answer_interest(
            participation=invited["Bø"], interest="waiting", reason="Ingen ledige.", by=directors["Hadsel"]
        )


def test_two_who_signal_at_once_do_not_overwrite_each_other(invited: Parts, directors: dict[str, User]) -> None:
    first = invited["Bø"]
    participation.answer_interest(
        participation=first, version=first.version, interest="waiting", reason="Ingen ledige.", by=directors["Bø"]
    )
    with pytest.raises(Stale):
        participation.answer_interest(
            participation=first, version=first.version, interest="interested", by=directors["Bø"]
        )


def test_leaving_takes_the_municipalitys_own_decision_and_its_day(
    invited: Parts, decides: Callable[..., Participation], directors: dict[str, User]
) -> None:
    part = decides(invited["Bø"], 100_000)
    leaves = timezone.localdate() + timedelta(days=90)
    part = participation.give_notice(
        participation=part, leaves_on=leaves, state="adopted", by=directors["Bø"], **DECISION
    )
    assert part.status == Status.NOTICE
    assert part.pays
    assert part.status_on(leaves) == Status.NOTICE
    assert part.status_on(leaves + timedelta(days=1)) == Status.LEFT
    assert Participation.objects.taking_part(leaves).count() == 1
    assert Participation.objects.taking_part(leaves + timedelta(days=1)).count() == 0


def test_a_notice_that_the_municipality_took_back_can_be_given_again(
    invited: Parts, decides: Callable[..., Participation], directors: dict[str, User]
) -> None:
    part = decides(invited["Bø"], 100_000)
    leaves = timezone.localdate() + timedelta(days=90)
    notice = {"leaves_on": leaves, "state": "adopted", "by": directors["Bø"], **DECISION}
    part = participation.give_notice(participation=part, **notice)
    with pytest.raises(NotAllowedNow):
        participation.give_notice(participation=part, **notice)
    taken_back = {**DECISION, "state": "not_adopted", "by": directors["Bø"]}
    adoptions.correct(adoption=part.withdrawal, reason="Kommunestyret snudde.", **taken_back)
    assert again(part).status == Status.TAKES_PART
    assert participation.give_notice(participation=again(part), **notice).status == Status.NOTICE


def test_the_secretariat_does_not_take_a_municipality_out(
    invited: Parts, decides: Callable[..., Participation], secretary: User
) -> None:
    part = decides(invited["Bø"], 100_000)
    with pytest.raises(PermissionDenied):
        participation.give_notice(
            participation=part, leaves_on=date(2027, 1, 1), state="adopted", by=secretary, **DECISION
        )


def test_who_never_said_yes_can_not_leave(invited: Parts, directors: dict[str, User]) -> None:
    with pytest.raises(NotAllowedNow):
        participation.give_notice(
            participation=invited["Bø"], leaves_on=date(2027, 1, 1), state="adopted", by=directors["Bø"], **DECISION
        )


def test_what_was_registered_on_behalf_counts_until_the_municipality_objects(
    invited: Parts, secretary: User, directors: dict[str, User]
) -> None:
    extract = Upload(content=b"%PDF-1.7 utskrift", file_name="saerutskrift.pdf", mime="application/pdf")
    adoption = adoptions.register_on_behalf(
        adoption=invited["Bø"].adoption,
        state="adopted",
        amount=Decimal(100_000),
        extract=extract,
        by=secretary,
        **DECISION,
    )
    assert again(invited["Bø"]).status == Status.TAKES_PART
    adoptions.object_to(adoption=adoption, objection="Det var en orientering.", by=directors["Bø"])
    assert again(invited["Bø"]).status == Status.UNDECIDED
    assert Participation.objects.taking_part().count() == 0


@pytest.mark.parametrize("outcome", [o for o in Resolution.Outcome if o != Resolution.Outcome.NOTED])
@pytest.mark.parametrize("asks", [True, False])
def test_no_resolution_changes_participation_money_or_hours(
    project: Project,
    invited: Parts,
    decides: Callable[..., Participation],
    held: Callable[..., Any],
    secretary: User,
    directors: dict[str, User],
    outcome: str,
    asks: bool,
) -> None:
    decides(invited["Bø"], 100_000, hours=Decimal(50))
    decides(invited["Øksnes"], state="not_adopted")
    participation.answer_interest(participation=invited["Hadsel"], interest="interested", by=directors["Hadsel"])
    before = everything(project)
    link = lay_financing_plan(project=project, asks_municipalities=asks, by=secretary)
    held(link.case, outcome)
    assert everything(project) == before


@pytest.mark.parametrize("outcome", [Resolution.Outcome.AS_PROPOSED, Resolution.Outcome.NOT_ADOPTED])
def test_approving_the_portfolio_changes_no_municipality(
    project: Project,
    invited: Parts,
    decides: Callable[..., Participation],
    held: Callable[..., Any],
    digi: Collaboration,
    secretary: User,
    steering: Body,
    outcome: str,
) -> None:
    decides(invited["Bø"], 100_000)
    before = everything(project)
    version = propose_portfolio_version(collaboration=digi, projects=[project], by=secretary)
    held(version.case, outcome)
    assert everything(project) == before


def test_a_recommended_case_is_tied_to_the_decisions_that_are_already_asked_for(
    project: Project, invited: Parts, held: Callable[..., Any], secretary: User
) -> None:
    link = lay_financing_plan(project=project, asks_municipalities=True, by=secretary)
    held(link.case, Resolution.Outcome.RECOMMENDED)
    assert Adoption.objects.count() == 6
    assert set(Adoption.objects.values_list("case", flat=True)) == {link.case_id}


def test_a_recommended_case_invites_all_when_nobody_was_invited(
    project: Project, held: Callable[..., Any], steering: Body, secretary: User
) -> None:
    case = cases.make_case(
        body=steering, title="Bli med", proposal="Bli med.", asks_municipalities=True, ready=True, by=secretary
    )
    attach_case(project=project, case=case, purpose=ProjectCase.Purpose.PARTICIPATION, by=secretary)
    held(case, Resolution.Outcome.RECOMMENDED)
    assert {part.status for part in project.participations.whole()} == {Status.UNDECIDED}
    assert project.participations.count() == 6


def test_the_list_and_the_page_agree_on_who_takes_part(
    invited: Parts, decides: Callable[..., Participation], directors: dict[str, User]
) -> None:
    decides(invited["Bø"], 1)
    decides(invited["Hadsel"], 1, state="reserved", conditions="Ett år.")
    decides(invited["Andøy"], state="not_adopted")
    left = decides(invited["Sortland"], 1)
    participation.give_notice(
        participation=left, leaves_on=timezone.localdate() - timedelta(days=1), state="adopted",
        by=directors["Sortland"],
        **{**DECISION, "decided_on": timezone.localdate() - timedelta(days=5)},
    )  # fmt: skip
    listed = set(Participation.objects.taking_part())
    assert listed == {part for part in Participation.objects.whole() if part.pays}
    assert {part.organisation.name for part in listed} == {"Bø", "Hadsel"}


def test_who_waits_says_why(invited: Parts, directors: dict[str, User]) -> None:
    with pytest.raises(NotAllowedNow):
        participation.answer_interest(participation=invited["Bø"], interest="waiting", reason=" ", by=directors["Bø"])
    part = participation.answer_interest(
        participation=invited["Bø"], interest="waiting", reason="Ingen ledige før sommeren.", by=directors["Bø"]
    )
    assert (part.status, part.interest_on) == (Status.WAITING, timezone.localdate())
    assert not part.pays


def test_a_signal_counts_from_its_day_and_can_be_taken_back(invited: Parts, directors: dict[str, User]) -> None:
    part = participation.answer_interest(participation=invited["Bø"], interest="interested", by=directors["Bø"])
    assert part.status_on(timezone.localdate() - timedelta(days=1)) == Status.UNDECIDED
    part = participation.answer_interest(participation=part, interest="", by=directors["Bø"])
    assert (part.status, part.interest_on, part.reason) == (Status.UNDECIDED, None, "")


def test_internal_costs_are_the_municipalitys_own_and_in_no_shared_sum(
    project: Project, invited: Parts, directors: dict[str, User], secretary: User
) -> None:
    before = list(Share.objects.filter(project=project).order_by("pk").values())
    cost = {"internal_cost": Decimal(80_000), "internal_spent": Decimal(20_000)}
    part = participation.tell_internal_cost(participation=invited["Bø"], by=directors["Bø"], **cost)
    assert (part.internal_cost, part.internal_spent) == (Decimal(80_000), Decimal(20_000))
    assert list(Share.objects.filter(project=project).order_by("pk").values()) == before
    for stranger in (directors["Hadsel"], secretary):
        with pytest.raises(PermissionDenied):
            participation.tell_internal_cost(participation=part, by=stranger, **cost)


def test_a_changed_cost_changes_the_proposal_of_those_who_have_not_begun_only(
    project: Project, invited: Parts, decides: Callable[..., Participation], secretary: User
) -> None:
    decides(invited["Bø"], 100_000)
    before = again(invited["Bø"]).adoption.proposal
    projects.change_project(project=project, version=None, shared_cost=Decimal(900_000), by=secretary)
    assert again(invited["Bø"]).adoption.proposal == before
    assert again(invited["Hadsel"]).adoption.proposal != before
    assert again(invited["Bø"]).adoption.amount == Decimal(100_000)
