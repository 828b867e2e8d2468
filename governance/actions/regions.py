"""Regions: municipalities that work together, across county lines and with neighbours from outside (A5, A6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration, Organisation, Region, RegionMembership

RIGHT = "governance.manage_collaboration"


@transaction.atomic
def register_region(
    *, collaboration: Collaboration, name: str, note: str = "", attached: bool = True, by: Any
) -> Region:
    """A region, and whether it belongs to this collaboration or is only known by it."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if Region.objects.filter(name__iexact=name).exists():
        raise NotAllowedNow(
            _("There is already a region called %(name)s. Register its municipalities there.") % {"name": name}
        )
    region = Region.objects.create(name=name, note=note)
    if attached:
        region.collaborations.add(collaboration)
    return region


@transaction.atomic
def change_region(
    *,
    region: Region,
    collaboration: Collaboration,
    version: int | None = None,
    name: str,
    note: str = "",
    attached: bool = True,
    by: Any,
) -> Region:
    region = _locked(region, collaboration, by)
    check_version(region, version)
    if Region.objects.filter(name__iexact=name).exclude(pk=region.pk).exists():
        raise NotAllowedNow(_("There is already a region called %(name)s. Choose another name.") % {"name": name})
    region.name, region.note = name, note
    region.version += 1
    region.save()
    region.collaborations.add(collaboration) if attached else region.collaborations.remove(collaboration)
    return region


@transaction.atomic
def put_in_region(
    *,
    region: Region,
    collaboration: Collaboration,
    organisation: Organisation,
    since: date | None = None,
    until: date | None = None,
    by: Any,
) -> RegionMembership:
    """A municipality is in the region from a day; without a day, for as long as anybody knows."""
    region = _locked(region, collaboration, by)
    if since and until and until < since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    held = region.memberships.filter(organisation=organisation)
    if until is not None:
        held = held.filter(Q(since=None) | Q(since__lte=until))
    if since is not None:
        held = held.filter(Q(until=None) | Q(until__gte=since))
    if held.exists():
        raise NotAllowedNow(
            _("%(name)s is already in the region on some of these days. End that first, or choose other days.")
            % {"name": organisation}
        )
    return RegionMembership.objects.create(region=region, organisation=organisation, since=since, until=until)


@transaction.atomic
def take_out_of_region(
    *, membership: RegionMembership, collaboration: Collaboration, until: date, by: Any
) -> RegionMembership:
    """The last day of a municipality in a region; that it was there stays."""
    _locked(membership.region, collaboration, by)
    membership = RegionMembership.objects.select_for_update(of=["self"]).get(pk=membership.pk)
    if membership.since and until < membership.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    membership.until = until
    membership.save(update_fields=["until"])
    return membership


def _locked(region: Region, collaboration: Collaboration, by: Any) -> Region:
    """A region that concerns several collaborations is kept by the secretariat of any of them."""
    require(by, RIGHT, on=collaboration)
    found = Region.objects.select_for_update().get(pk=region.pk)
    if not Region.objects.of(collaboration).filter(pk=region.pk).exists():
        raise NotAllowedNow(_("The region does not concern this collaboration."))
    return found
