"""Inviting municipalities, and what each of them says for itself (rule 1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance.actions.adoptions import OWN_RIGHT, Decision, open_adoption, register_adoption
from governance.models import Adoption, Organisation
from portfolio.actions.costs import follow_the_rate
from portfolio.actions.projects import locked
from portfolio.actions.proposals import matter_of_leaving, matter_of_participation, propose_shares
from portfolio.actions.shares import recalculate
from portfolio.models import Participation, Project
from portfolio.models.participation import WITH

# What the municipality's own people write about its receiving of the project; it binds nobody else.
REPORT_RIGHT = "governance.report_effort"
INVITE_RIGHT = "governance.manage_portfolio"
ENDED = {Project.State.FINISHED, Project.State.STOPPED}


@transaction.atomic
def invite(
    *,
    project: Project,
    organisations: Sequence[Organisation],
    answer_by: date | None = None,
    invited_on: date | None = None,
    by: Any,
) -> list[Participation]:
    """Ask municipalities to take part: one decision is opened for each, and nothing is answered for them (R7, R23).

    Also after the project has begun; a municipality may come in when it wants (R25).
    """
    require(by, INVITE_RIGHT, on=project.collaboration)
    return invite_for_all(
        project=project, organisations=organisations, answer_by=answer_by, invited_on=invited_on, by=by
    )


@transaction.atomic
def invite_for_all(
    *,
    project: Project,
    organisations: Sequence[Organisation],
    answer_by: date | None = None,
    invited_on: date | None = None,
    by: Any,
) -> list[Participation]:
    """The same where it follows from a case or a matter that goes to them; the verb behind it has asked the right."""
    project = locked(project, None)
    may_be_asked(project)
    _only_members(project, organisations)
    day = invited_on or timezone.localdate()
    known = set(project.participations.values_list("organisation", flat=True))
    for organisation in organisations:
        if organisation.pk not in known:
            Participation.objects.create(
                project=project,
                organisation=organisation,
                adoption=ask(project, organisation, answer_by, day, matter_key(project), by),
                invited_on=day,
                joins_on=earliest_day(project, day),
                example=project.example,
            )
    project = follow_the_rate(project=project, by=by)
    propose_shares(project=project, by=by)
    recalculate([project])
    return list(project.participations.whole())


def asks_more(adoption: Adoption, organisations: Sequence[Organisation], answer_by: date | None, by: Any) -> bool:
    """Whoever puts the matter of a project to more municipalities invites them to the project."""
    part = Participation.objects.select_related("project__collaboration").filter(adoption=adoption).first()
    if part is None:
        return False
    invite_for_all(project=part.project, organisations=organisations, answer_by=answer_by, by=by)
    return True


def matter_key(project: Project, times: int = 1) -> str:
    """All who are invited to a project are asked the same; those who are asked anew, the same once more."""
    return f"prosjekt-{project.number}" if times == 1 else f"prosjekt-{project.number}-{times}"


def ask(
    project: Project, organisation: Organisation, answer_by: date | None, asked_on: date, key: str, by: Any
) -> Adoption:
    return open_adoption(
        collaboration=project.collaboration,
        organisation=organisation,
        matter=matter_of_participation(project),
        key=key,
        answer_by=answer_by,
        asked_on=asked_on,
        example=project.example,
        by=by,
    )


def earliest_day(project: Project, asked_on: date) -> date | None:
    """Who is asked after the project has begun pays for no year before it was; it may choose a later day itself."""
    return asked_on if project.state == Project.State.EXECUTION else None


def may_be_asked(project: Project) -> None:
    if project.state in ENDED:
        raise NotAllowedNow(_("The project has ended; nobody can be invited to it."))


def _only_members(project: Project, organisations: Sequence[Organisation]) -> None:
    members = set(project.collaboration.members().values_list("pk", flat=True))
    for organisation in organisations:
        if organisation.pk not in members:
            raise NotAllowedNow(
                _("%(municipality)s is not a member of %(collaboration)s.")
                % {"municipality": organisation, "collaboration": project.collaboration},
                at="organisations",
            )


@transaction.atomic
def answer_interest(
    *, participation: Participation, version: int | None = None, interest: str, reason: str = "", by: Any
) -> Participation:
    """A signal from the municipality's own people; it binds nobody and counts as no yes (J5). Who waits says why (K6).

    One that has said «interested» and then nothing takes its signal back with an empty one.
    """
    participation = locked_participation(participation, version)
    require(by, OWN_RIGHT, on=participation.organisation)
    if participation.adoption.is_decided:
        raise NotAllowedNow(_("The municipality has already decided; its decision is what counts."))
    if interest == Participation.Interest.WAITING and not reason.strip():
        raise NotAllowedNow(_("Write why the municipality waits."), at="reason")
    if interest != participation.interest:
        participation.interest_on = timezone.localdate() if interest else None
    participation.interest, participation.reason = interest, reason if interest else ""
    return saved_participation(participation)


@transaction.atomic
def join_from(
    *, participation: Participation, version: int | None = None, joins_on: date | None, by: Any
) -> Participation:
    """«Deltar fra»: the municipality's own people say from which day its yes holds; years before are not paid (R25).

    No day means from the beginning. A municipality that is with already does not get out again this way.
    """
    participation = locked_participation(participation, version)
    require(by, OWN_RIGHT, on=participation.organisation)
    _may_choose_its_day(participation, joins_on)
    participation.joins_on = joins_on
    return saved_participation(participation)


def _may_choose_its_day(participation: Participation, joins_on: date | None) -> None:
    if participation.adoption.is_decided and not participation.is_bound:
        raise NotAllowedNow(_("The municipality has decided not to take part, so there is no day to join."))
    if participation.is_leaving:
        raise NotAllowedNow(_("The municipality is leaving the project; the day it joined stands."))
    if participation.project.state in ENDED:
        raise NotAllowedNow(_("The project has ended; the day the municipality joined stands."))
    later = joins_on is not None and joins_on > (participation.joins_on or date.min)
    if later and _was_with_before_today(participation):
        raise NotAllowedNow(
            _(
                "The project is under way and %(municipality)s takes part already. To step out of it takes its own "
                "decision to leave: register a notice of leaving. If the day was forgotten when the decision was "
                "registered, correct the decision first."
            )
            % {"municipality": participation.organisation},
            at="joins_on",
        )


def _was_with_before_today(participation: Participation) -> bool:
    """The day belongs to the decision: it is free until the day after that was registered in a project under way."""
    registered = participation.adoption.registered_at
    return (
        participation.project.state == Project.State.EXECUTION
        and participation.status in WITH
        and registered is not None
        and timezone.localdate(registered) < timezone.localdate()
    )


@transaction.atomic
def give_notice(
    *, participation: Participation, version: int | None = None, leaves_on: date, by: Any, **decision: Unpack[Decision]
) -> Participation:
    """The municipality's own people register its decision to leave; the project does not decide it for them (R7).

    It is with, and pays, to the end of the last day; what it has paid for years that are gone, it has paid.
    """
    participation = locked_participation(participation, version)
    require(by, OWN_RIGHT, on=participation.organisation)
    if not participation.pays or participation.is_leaving:
        raise NotAllowedNow(_("Only a municipality that takes part can leave."))
    if leaves_on < decision["decided_on"]:
        raise NotAllowedNow(_("The last day can't be before the day of the decision."), at="leaves_on")
    if participation.joins_on and leaves_on < participation.joins_on:
        raise NotAllowedNow(
            _("%(municipality)s joins on %(day)s. The last day must be on or after that day.")
            % {"municipality": participation.organisation, "day": wording.short_day(participation.joins_on)},
            at="leaves_on",
        )
    withdrawal = open_adoption(
        collaboration=participation.project.collaboration,
        organisation=participation.organisation,
        matter=matter_of_leaving(participation.project),
        example=participation.example,
        by=by,
    )
    participation.withdrawal = register_adoption(adoption=withdrawal, by=by, **decision)
    participation.leaves_on, participation.leaves_by_no = leaves_on, False
    return saved_participation(participation)


@transaction.atomic
def tell_internal_cost(
    *,
    participation: Participation,
    version: int | None = None,
    internal_cost: Decimal | None,
    internal_spent: Decimal | None,
    by: Any,
) -> Participation:
    """What receiving the project costs inside the municipality; its own matter, and in no shared sum (R12)."""
    participation = locked_participation(participation, version)
    require(by, REPORT_RIGHT, on=participation.organisation)
    participation.internal_cost, participation.internal_spent = internal_cost, internal_spent
    return saved_participation(participation, shares_too=False)


def locked_participation(participation: Participation, version: int | None) -> Participation:
    """With its decision: nothing is done on what the municipality decides in the same moment."""
    current = (
        Participation.objects.select_for_update(of=["self", "adoption"], no_key=True)
        .select_related("organisation", "adoption", "withdrawal", "project__collaboration")
        .get(pk=participation.pk)
    )
    check_version(current, version)
    return current


def saved_participation(participation: Participation, *, shares_too: bool = True) -> Participation:
    participation.version += 1
    participation.save()
    if shares_too:
        recalculate([participation.project])
        propose_shares(project=participation.project, by=None)
    return participation
