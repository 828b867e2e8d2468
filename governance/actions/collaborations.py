"""Who we are: the collaboration, its members, its duties and its bodies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from governance.actions import people
from governance.models import Body, Collaboration, Duty, Membership, Organisation, Person, Role
from governance.permissions import sync_body, sync_member

STEPS = ["members", "agreement", "steering", "meeting"]


@transaction.atomic
def create_collaboration(
    *,
    slug: str,
    name: str,
    secretary_name: str = "",
    secretary_email: str = "",
    secretary_employer: Organisation | None = None,
    by: Any,
    **facts: Any,
) -> Collaboration:
    """A new collaboration, and the person in its secretariat who does the rest; made by the system administrator."""
    if not by.is_staff:
        raise PermissionDenied("is_staff")
    collaboration = Collaboration.objects.create(slug=slug, name=name, **facts)
    if secretary_email:
        secretary = people.register_person(
            collaboration=collaboration,
            name=secretary_name,
            email=secretary_email,
            organisation=secretary_employer,
            example=collaboration.example,
            by=by,
        )
        people.appoint(person=secretary, role=Role.SECRETARIAT, at=collaboration, example=collaboration.example, by=by)
        people.give_access(person=secretary, by=by)
    return collaboration


@transaction.atomic
def change_collaboration(
    *, collaboration: Collaboration, version: int | None = None, siblings: Any = None, by: Any, **facts: Any
) -> Collaboration:
    """Name, purpose, organisational form, period and tier; the address stays."""
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    check_version(collaboration, version)
    for fact in ("name", "purpose", "legal_form", "period", "parent"):
        setattr(collaboration, fact, facts.get(fact, getattr(collaboration, fact)))
    if collaboration.parent_id == collaboration.pk:
        raise NotAllowedNow(_("A collaboration can't be part of itself."))
    collaboration.version += 1
    collaboration.save()
    if siblings is not None:
        collaboration.siblings.set(siblings)
    return collaboration


@transaction.atomic
def skip_step(*, collaboration: Collaboration, step: str, by: Any) -> Collaboration:
    """Leave out a step of «Kom i gang», or take it up again."""
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if step not in STEPS:
        raise NotAllowedNow(_("There is no such step."))
    skipped = set(collaboration.skipped_steps) ^ {step}
    collaboration.skipped_steps = [known for known in STEPS if known in skipped]
    collaboration.version += 1
    collaboration.save(update_fields=["skipped_steps", "version"])
    return collaboration


@transaction.atomic
def add_member(
    *, collaboration: Collaboration, organisation: Organisation, since: date | None = None, note: str = "", by: Any
) -> Membership:
    """Write down that an organisation is a member from a day; its people then see the collaboration."""
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    day = since or timezone.localdate()
    known = Membership.objects.filter(collaboration=collaboration, organisation=organisation)
    if known.filter(Q(until=None) | Q(until__gte=day)).exists():
        raise NotAllowedNow(_("%(member)s is already a member.") % {"member": organisation})
    membership = Membership.objects.create(collaboration=collaboration, organisation=organisation, since=day, note=note)
    sync_member(membership)
    return membership


@transaction.atomic
def end_member(
    *, membership: Membership, version: int | None = None, until: date, note: str = "", by: Any
) -> Membership:
    """The last day of a membership, as the member has notified it."""
    membership = Membership.objects.select_for_update(of=["self"]).get(pk=membership.pk)
    check_version(membership, version)
    if until < membership.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    membership.until = until
    membership.note = note or membership.note
    membership.version += 1
    membership.save()
    sync_member(membership)
    return membership


@transaction.atomic
def lay_duty(
    *,
    collaboration: Collaboration,
    kind: str,
    organisation: Organisation,
    since: date | None = None,
    until: date | None = None,
    example: bool = False,
    by: Any,
) -> Duty:
    """Lay a duty on a legal entity, since the collaboration is none (R4, R5); the holder so far ends the day before."""
    if not organisation.legal_entity:
        raise NotAllowedNow(_("%(name)s is no legal entity and can't carry the duty.") % {"name": organisation})
    day = since or timezone.localdate()
    held = Duty.objects.select_for_update().filter(collaboration=collaboration, kind=kind, until=None).first()
    if held is not None:
        if day <= held.since:
            raise NotAllowedNow(
                _("%(name)s has had this duty since %(day)s. Choose a later day.")
                % {"name": held.organisation, "day": f"{held.since:%d.%m.%Y}"}
            )
        _end_duty(held, day - timedelta(days=1))
    return Duty.objects.create(
        collaboration=collaboration, kind=kind, organisation=organisation, since=day, until=until, example=example
    )


@transaction.atomic
def end_duty(*, duty: Duty, version: int | None = None, until: date, by: Any) -> Duty:
    """The last day on which the organisation carries the duty."""
    duty = Duty.objects.select_for_update(of=["self"]).get(pk=duty.pk)
    check_version(duty, version)
    return _end_duty(duty, until)


@transaction.atomic
def create_body(*, collaboration: Collaboration, name: str, slug: str, kind: str, by: Any, **facts: Any) -> Body:
    """Set up a steering group, a working group, a network."""
    body = Body.objects.create(collaboration=collaboration, name=name, slug=slug, kind=kind, **facts)
    sync_body(body)
    return body


@transaction.atomic
def change_body(*, body: Body, version: int | None = None, by: Any, **facts: Any) -> Body:
    """Change what a body is; its address stays."""
    body = Body.objects.select_for_update(of=["self"]).get(pk=body.pk)
    check_version(body, version)
    ruled = {"rules", "decision_rule"} & {fact for fact, value in facts.items() if value != getattr(body, fact)}
    if ruled and body.meetings.filter(written=True, state="called").exists():
        raise NotAllowedNow(
            _("A written treatment is out for answers under the rules as they are. Close it before you change them.")
        )
    for fact, value in facts.items():
        setattr(body, fact, value)
    if body.reports_to_id == body.pk:
        raise NotAllowedNow(_("A body can't report to itself."))
    body.version += 1
    body.save()
    return body


def secretary(collaboration: Collaboration) -> Person | None:
    """Whoever the system administrator turns to."""
    seat = collaboration.appointments.active().filter(role=Role.SECRETARIAT).select_related("person").first()
    return seat.person if seat else None


def _end_duty(duty: Duty, until: date) -> Duty:
    if until < duty.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    duty.until = until
    duty.version += 1
    duty.save()
    return duty
