"""Pointing somebody out for a seat that another body fills: the eFagråd points out, the steering group elects (B21)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.actions.bodies import MANAGE, efagrad_of, seen
from governance.models import Body, Nomination, Person, Region, Resolution


@transaction.atomic
def nominate(
    *,
    body: Body,
    person: Person,
    region: Region | None = None,
    nominated_by: Body | None = None,
    nominated_on: date | None = None,
    resolution: Resolution | None = None,
    decided_by: str = "",
    example: bool = False,
    by: Any,
) -> Nomination:
    """Write down whom a council has pointed out; a new one takes the place of the one nobody has elected on yet."""
    require(by, MANAGE, on=body.collaboration)
    seen(resolution, by)
    day = nominated_on or timezone.localdate()
    if region is not None and nominated_by is None:
        nominated_by = efagrad_of(body.collaboration, region, day)
    if region is not None and nominated_by is None and not decided_by:
        raise NotAllowedNow(
            _("%(region)s has no council that can point anybody out. Say who did, or set the council up first.")
            % {"region": region}
        )
    earlier = Nomination.objects.select_for_update(of=["self"]).unanswered()
    for one in earlier.filter(body=body, region=region) if region else []:
        _withdraw(one, max(day, one.nominated_on))
    return Nomination.objects.create(
        body=body,
        person=person,
        region=region,
        nominated_by=nominated_by,
        nominated_on=day,
        resolution=resolution,
        decided_by=decided_by,
        example=example,
    )


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, version: int | None = None, on: date, by: Any) -> Nomination:
    """The council takes it back, as long as nobody is elected on it."""
    nomination = Nomination.objects.select_for_update(of=["self"]).get(pk=nomination.pk)
    require(by, MANAGE, on=nomination.body.collaboration)
    check_version(nomination, version)
    if nomination.seats.exists():
        raise NotAllowedNow(_("Somebody is elected on it already. End that seat instead."))
    if on < nomination.nominated_on:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    return _withdraw(nomination, on)


def _withdraw(nomination: Nomination, on: date) -> Nomination:
    nomination.withdrawn_on = on
    nomination.version += 1
    nomination.save()
    return nomination
