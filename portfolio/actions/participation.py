"""Inviting municipalities, and what each of them says for itself (rule 1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.actions.adoptions import OWN_RIGHT, Decision, open_adoption, register_adoption
from governance.models import Organisation
from portfolio.actions.projects import locked
from portfolio.actions.proposals import matter_of_leaving, matter_of_participation, propose_shares
from portfolio.actions.shares import recalculate
from portfolio.models import Participation, Project, Status


@transaction.atomic
def invite(
    *,
    project: Project,
    organisations: Sequence[Organisation],
    answer_by: date | None = None,
    invited_on: date | None = None,
    by: Any,
) -> list[Participation]:
    """Ask municipalities to take part: one decision is opened for each, and nothing is answered for them (R7, R23)."""
    project = locked(project, None)
    if project.state in {Project.State.FINISHED, Project.State.STOPPED}:
        raise NotAllowedNow(_("The project has ended; nobody can be invited to it."))
    _only_members(project, organisations)
    day = invited_on or timezone.localdate()
    known = set(project.participations.values_list("organisation", flat=True))
    for organisation in organisations:
        if organisation.pk not in known:
            _invite(project, organisation, answer_by, day, by)
    propose_shares(project=project, by=by)
    recalculate([project])
    return list(project.participations.whole())


def _invite(project: Project, organisation: Organisation, answer_by: date | None, day: date, by: Any) -> None:
    adoption = open_adoption(
        collaboration=project.collaboration,
        organisation=organisation,
        matter=matter_of_participation(project),
        answer_by=answer_by,
        asked_on=day,
        example=project.example,
        by=by,
    )
    Participation.objects.create(
        project=project, organisation=organisation, adoption=adoption, invited_on=day, example=project.example
    )


def _only_members(project: Project, organisations: Sequence[Organisation]) -> None:
    members = set(project.collaboration.members().values_list("pk", flat=True))
    for organisation in organisations:
        if organisation.pk not in members:
            raise NotAllowedNow(
                _("%(municipality)s is not a member of %(collaboration)s.")
                % {"municipality": organisation, "collaboration": project.collaboration}
            )


@transaction.atomic
def answer_interest(
    *, participation: Participation, version: int | None = None, interest: str, reason: str = "", by: Any
) -> Participation:
    """A signal from the municipality's own people; it binds nobody and counts as no yes (J5, K6)."""
    participation = _locked(participation, version)
    require(by, OWN_RIGHT, on=participation.organisation)
    if participation.adoption.is_decided:
        raise NotAllowedNow(_("The municipality has already decided; its decision is what counts."))
    participation.interest, participation.reason = interest, reason
    return _saved(participation)


@transaction.atomic
def give_notice(
    *, participation: Participation, version: int | None = None, leaves_on: date, by: Any, **decision: Unpack[Decision]
) -> Participation:
    """The municipality's own people register its decision to leave; the project does not decide it for them (R7)."""
    participation = _locked(participation, version)
    require(by, OWN_RIGHT, on=participation.organisation)
    if participation.status not in {Status.TAKES_PART, Status.RESERVED}:
        raise NotAllowedNow(_("Only a municipality that takes part can leave."))
    if leaves_on < decision["decided_on"]:
        raise NotAllowedNow(_("The last day can't be before the day of the decision."))
    withdrawal = open_adoption(
        collaboration=participation.project.collaboration,
        organisation=participation.organisation,
        matter=matter_of_leaving(participation.project),
        example=participation.example,
        by=by,
    )
    participation.withdrawal = register_adoption(adoption=withdrawal, by=by, **decision)
    participation.leaves_on = leaves_on
    return _saved(participation)


def _locked(participation: Participation, version: int | None) -> Participation:
    current = (
        Participation.objects.select_for_update(of=["self"])
        .select_related("organisation", "adoption", "withdrawal", "project__collaboration")
        .get(pk=participation.pk)
    )
    check_version(current, version)
    return current


def _saved(participation: Participation) -> Participation:
    participation.version += 1
    participation.save()
    recalculate([participation.project])
    return participation
