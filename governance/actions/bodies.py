"""The bodies: set up, changed, given a status from a day, and serving in another capacity (B1–B24)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance.actions.people import manages
from governance.models import Body, BodyCapacity, BodyStatus, Collaboration, Meeting, Region, Resolution
from governance.permissions import sync_body

MANAGE = "governance.manage_collaboration"


@transaction.atomic
def create_body(
    *,
    collaboration: Collaboration,
    name: str,
    slug: str,
    kind: str,
    status: str = "",
    status_since: date | None = None,
    by: Any,
    **facts: Any,
) -> Body:
    """Set up a steering group, a working group, a network; of one that is on its way its status is told."""
    manages(by, collaboration)
    _fits(collaboration, kind, facts.get("region"))
    body = Body.objects.create(collaboration=collaboration, name=name, slug=slug, kind=kind, **facts)
    if status:
        day = status_since or timezone.localdate()
        BodyStatus.objects.create(body=body, status=status, since=day, example=body.example)
    sync_body(body)
    return body


@transaction.atomic
def change_body(*, body: Body, version: int | None = None, by: Any, **facts: Any) -> Body:
    """Change what a body is; its address stays."""
    body = Body.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=body.pk)
    manages(by, body.collaboration)
    check_version(body, version)
    for fact, value in facts.items():
        setattr(body, fact, value)
    if body.reports_to_id == body.pk:
        raise NotAllowedNow(_("A body can't report to itself."))
    if not body.meets and body.meetings.exists():
        raise NotAllowedNow(_("The body has meetings here, so it is no external body."))
    _fits(body.collaboration, body.kind, body.region, but=body)
    body.version += 1
    body.save()
    return body


@transaction.atomic
def set_status(
    *,
    body: Body,
    status: str,
    since: date | None = None,
    resolution: Resolution | None = None,
    decided_by: str = "",
    example: bool = False,
    by: Any,
) -> BodyStatus:
    """How far a body has come from a day; what it was before stays (B10, B20)."""
    body = Body.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=body.pk)
    require(by, MANAGE, on=body.collaboration)
    seen(resolution, by)
    day = since or timezone.localdate()
    if status == BodyStatus.Status.FORMALISED and resolution is None and not decided_by:
        raise NotAllowedNow(_("A network is formalised by somebody's decision. Say which."))
    if body.statuses.filter(since=day).exists():
        raise NotAllowedNow(
            _("A status from %(day)s is registered already. Choose another day.") % {"day": wording.day(day)}
        )
    return BodyStatus.objects.create(
        body=body, status=status, since=day, resolution=resolution, decided_by=decided_by, example=example
    )


@transaction.atomic
def serve_as(
    *,
    body: Body,
    collaboration: Collaboration,
    kind: str,
    region: Region | None = None,
    since: date | None = None,
    until: date | None = None,
    resolution: Resolution | None = None,
    decided_by: str = "",
    example: bool = False,
    by: Any,
) -> BodyCapacity:
    """A body serves as something else too, here or in another collaboration (L7); nobody's rights change."""
    require(by, MANAGE, on=collaboration)
    if not Collaboration.objects.visible_to(by).filter(pk=body.collaboration_id).exists() and not by.is_staff:
        require(by, MANAGE, on=body.collaboration)
    seen(resolution, by)
    if body.collaboration_id == collaboration.pk and body.kind == kind:
        raise NotAllowedNow(_("The body is that already."))
    _fits(collaboration, kind, region)
    day = since or timezone.localdate()
    if body.capacities.active(day).filter(collaboration=collaboration, kind=kind).exists():
        raise NotAllowedNow(_("The body is that already."))
    return BodyCapacity.objects.create(
        body=body,
        collaboration=collaboration,
        kind=kind,
        region=region,
        since=day,
        until=until,
        resolution=resolution,
        decided_by=decided_by,
        example=example,
    )


@transaction.atomic
def end_capacity(*, capacity: BodyCapacity, version: int | None = None, until: date, by: Any) -> BodyCapacity:
    """The last day on which the body serves in the capacity."""
    capacity = BodyCapacity.objects.select_for_update(of=["self"]).get(pk=capacity.pk)
    require(by, MANAGE, on=capacity.collaboration)
    check_version(capacity, version)
    if until < capacity.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    capacity.until = until
    capacity.version += 1
    capacity.save()
    return capacity


def seen(resolution: Resolution | None, by: Any) -> None:
    """Nothing is named as ground that the one who names it may not see."""
    if resolution is None:
        return
    if not Meeting.objects.visible_to(by).filter(items__resolution=resolution).exists():
        raise NotAllowedNow(_("Choose a resolution of a body in your own collaboration."))


def efagrad_of(collaboration: Collaboration, region: Region, on: date | None = None) -> Body | None:
    """The region's council in the collaboration: its own body, or another that serves as it."""
    own = collaboration.bodies.filter(kind=Body.Kind.EFAGRAD, region=region).first()
    if own is not None:
        return own
    serving = BodyCapacity.objects.active(on).filter(collaboration=collaboration, region=region)
    found = serving.select_related("body__collaboration").first()
    return found.body if found else None


def _fits(collaboration: Collaboration, kind: str, region: Region | None, *, but: Body | None = None) -> None:
    """One council for each region: a body of its own, or another in that capacity."""
    if kind != Body.Kind.EFAGRAD:
        return
    if region is None:
        raise NotAllowedNow(_("Choose the region of the council."))
    there = efagrad_of(collaboration, region)
    if there is not None and there != but:
        raise NotAllowedNow(
            _("%(region)s has %(body)s as its council already. Change that one instead of making another.")
            % {"region": region, "body": there}
        )
