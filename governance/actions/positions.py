"""The secretariat's positions: employed by a legal entity, up and down over time (B4, B5, R5, R18, L18)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.actions.bodies import MANAGE, seen
from governance.models import Body, Competence, Organisation, Person, Position, PositionCompetence, Resolution

STAFFED = (Body.Kind.SECRETARIAT, Body.Kind.RESOURCE)


@transaction.atomic
def fill_position(
    *,
    body: Body,
    title: str,
    employer: Organisation,
    share: int,
    person: Person | None = None,
    permanent: bool = True,
    since: date | None = None,
    until: date | None = None,
    competences: Any = (),
    resolution: Resolution | None = None,
    decided_by: str = "",
    example: bool = False,
    by: Any,
) -> Position:
    """A position from a day, filled or vacant; the steering group has decided who employs (B5)."""
    require(by, MANAGE, on=body.collaboration)
    seen(resolution, by)
    if body.kind not in STAFFED:
        raise NotAllowedNow(_("Positions belong to a secretariat or a resource group."))
    if not employer.legal_entity:
        raise NotAllowedNow(
            _("%(name)s is no legal entity and employs nobody. Choose the municipality that is the employer.")
            % {"name": employer}
        )
    if not permanent and until is None:
        raise NotAllowedNow(_("A temporary position has a last day. Write it."))
    position = Position.objects.create(
        body=body,
        title=title,
        employer=employer,
        share=share,
        person=person,
        permanent=permanent,
        since=since or timezone.localdate(),
        until=until,
        resolution=resolution,
        decided_by=decided_by,
        example=example,
    )
    _ask_for(position, competences)
    return position


@transaction.atomic
def change_position(
    *,
    position: Position,
    version: int | None = None,
    since: date,
    share: int,
    person: Person | None,
    decided_by: str = "",
    resolution: Resolution | None = None,
    by: Any,
) -> Position:
    """Another share or another person from a day: the position ends the day before and goes on as a new one (R18)."""
    position = _locked(position, version, by)
    seen(resolution, by)
    if since <= position.since:
        raise NotAllowedNow(_("The change comes after the position began. Choose a later day."))
    if position.until is not None and since > position.until:
        raise NotAllowedNow(_("The position has ended by then. Make a new one."))
    asked_for = Competence.objects.filter(positions__position=position)
    until = position.until
    _end(position, since - timedelta(days=1))
    return fill_position(
        body=position.body,
        title=position.title,
        employer=position.employer,
        share=share,
        person=person,
        permanent=position.permanent,
        since=since,
        until=until,
        competences=list(asked_for),
        resolution=resolution,
        decided_by=decided_by,
        example=position.example,
        by=by,
    )


@transaction.atomic
def end_position(*, position: Position, version: int | None = None, until: date, by: Any) -> Position:
    """The last day of a position."""
    return _end(_locked(position, version, by), until)


def _locked(position: Position, version: int | None, by: Any) -> Position:
    found = Position.objects.select_for_update(of=["self"]).select_related("body__collaboration", "employer", "person")
    position = found.get(pk=position.pk)
    require(by, MANAGE, on=position.body.collaboration)
    check_version(position, version)
    return position


def _end(position: Position, until: date) -> Position:
    if until < position.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    position.until = until
    position.version += 1
    position.save()
    return position


def _ask_for(position: Position, competences: Any) -> None:
    for competence in competences:
        PositionCompetence.objects.create(position=position, competence=competence)
