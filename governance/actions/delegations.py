"""What a council has left to its municipal director, so that the director may decide on the spot (rule 1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.documents.uploads import Upload
from digivesteralen.ui import wording
from governance.models import Appointment, Collaboration, Delegation, Organisation, Role

OWN_RIGHT = "governance.decide_for_municipality"
ON_BEHALF_RIGHT = "governance.register_on_behalf"


class Facts(TypedDict, total=False):
    """What stands in the council's record of the delegation."""

    to: Required[str]
    matters: Required[str]
    decided_by: Required[str]
    decided_on: Required[date]
    case_number: Required[str]
    since: Required[date]
    until: date | None
    ceiling: Decimal | None
    extract: Upload | Document | None


@transaction.atomic
def register_delegation(
    *, organisation: Organisation, example: bool = False, by: Any, **facts: Unpack[Facts]
) -> Delegation:
    """One of the municipality's own people registers what the council has delegated."""
    require(by, OWN_RIGHT, on=organisation)
    return _register(Delegation(organisation=organisation, example=example), facts, by)


@transaction.atomic
def register_on_behalf(
    *, collaboration: Collaboration, organisation: Organisation, by: Any, **facts: Unpack[Facts]
) -> Delegation:
    """The secretariat registers it with the extract; it covers nothing before the municipality has confirmed it."""
    require(by, ON_BEHALF_RIGHT, on=collaboration)
    if not collaboration.members().filter(pk=organisation.pk).exists():
        raise NotAllowedNow(
            _("%(municipality)s is not a member of %(collaboration)s.")
            % {"municipality": organisation, "collaboration": collaboration}
        )
    if not facts.get("extract"):
        raise NotAllowedNow(_("Attach the extract when you register on behalf of a municipality."))
    return _register(Delegation(organisation=organisation, on_behalf=True), facts, by)


@transaction.atomic
def correct_delegation(
    *, delegation: Delegation, version: int | None = None, by: Any, **facts: Unpack[Facts]
) -> Delegation:
    """Mend what was written wrong, as long as nothing is decided by it; afterwards it is ended and registered anew."""
    delegation = _locked(delegation, version)
    require(by, OWN_RIGHT, on=delegation.organisation)
    if delegation.decisions.exists():
        raise NotAllowedNow(
            _("Decisions are made by this delegation, so it stands as it is. End it, and register a new one.")
        )
    facts["extract"] = facts.get("extract") or delegation.extract
    return _register(delegation, facts, by)


@transaction.atomic
def end_delegation(*, delegation: Delegation, version: int | None = None, until: date, by: Any) -> Delegation:
    """The council has taken it back, or it is replaced: the last day on which it holds."""
    delegation = _locked(delegation, version)
    require(by, OWN_RIGHT, on=delegation.organisation)
    if until < delegation.since:
        raise NotAllowedNow(_("The last day can't be before the first."))
    last = delegation.decisions.order_by("-decided_on").values_list("decided_on", flat=True).first()
    if last and until < last:
        raise NotAllowedNow(
            _("A decision was made by this delegation on %(day)s. It can't end before that.")
            % {"day": wording.short_day(last)}
        )
    delegation.until = until
    _overlaps_no_other(delegation)
    return _saved(delegation)


@transaction.atomic
def confirm_delegation(*, delegation: Delegation, version: int | None = None, by: Any) -> Delegation:
    """The municipality says that what was registered on its behalf is right; from now on it holds."""
    delegation = _waiting(delegation, version, by)
    delegation.confirmed_at = timezone.now()
    return _saved(delegation)


@transaction.atomic
def object_to_delegation(*, delegation: Delegation, version: int | None = None, by: Any) -> Delegation:
    """The municipality says that what was registered on its behalf is wrong; it covers nothing."""
    delegation = _waiting(delegation, version, by)
    delegation.objected_at = timezone.now()
    return _saved(delegation)


def held_covering(organisation: Organisation, on: date, amount: Decimal | None, *, by: Any) -> Delegation:
    """The same for a verb: no delegation of the municipality is ended or changed meanwhile."""
    _hold(organisation.pk)
    return covering(organisation, on, amount, by=by)


def covering(organisation: Organisation, on: date, amount: Decimal | None, *, by: Any) -> Delegation:
    """The delegation by which this person may decide this on that day; refused with what is lacking."""
    if not is_director(by, organisation, on):
        raise NotAllowedNow(
            _("Only the municipal director of %(municipality)s decides by delegation, and you do not hold that role.")
            % {"municipality": organisation}
        )
    found: Delegation | None = Delegation.objects.covering(organisation, on, amount).first()
    if found is None:
        raise NotAllowedNow(_what_is_lacking(organisation, on, amount))
    return found


def is_director(user: Any, organisation: Organisation, on: date | None = None) -> bool:
    """Who holds the role that a council delegates to."""
    held = Appointment.objects.active(on).filter(role=Role.DIRECTOR, organisation=organisation, person__user=user)
    return held.exists()


def who(delegation: Delegation) -> str:
    """«Kommunedirektøren, etter delegasjon»: what is stored is read by all, in bokmål."""
    with translation.override("nb"):
        return (_("%(who)s, by delegation") % {"who": delegation.to})[:100]


def _what_is_lacking(organisation: Organisation, on: date, amount: Decimal | None) -> str:
    told = {"municipality": organisation, "day": wording.short_day(on)}
    in_force = Delegation.objects.in_force(on).filter(organisation=organisation).order_by("-ceiling").first()
    if in_force is not None:
        return _(
            "The delegation of %(municipality)s covers at most %(ceiling)s, and %(amount)s is written here. "
            "The municipality's own body has to decide it."
        ) % {**told, "ceiling": wording.money(in_force.ceiling), "amount": wording.money(amount)}
    waiting = Delegation.objects.filter(organisation=organisation, on_behalf=True, confirmed_at=None, objected_at=None)
    if waiting.exists():
        return _("The delegation of %(municipality)s is registered on its behalf. Confirm it first.") % told
    earlier = Delegation.objects.standing().filter(organisation=organisation, until__lt=on).order_by("-until").first()
    if earlier is not None:
        return _(
            "The delegation of %(municipality)s held until %(until)s. Register the new one, "
            "or register the decision of the body that made it."
        ) % {**told, "until": wording.short_day(earlier.until)}
    return (
        _(
            "%(municipality)s has no registered delegation that holds on %(day)s. Register it, "
            "or register the decision of the body that made it."
        )
        % told
    )


def _register(delegation: Delegation, facts: Facts, by: Any) -> Delegation:
    if facts["decided_on"] > timezone.localdate():
        raise NotAllowedNow(_("The date of the decision is in the future. Register it when it is made."))
    for name in ("to", "matters", "decided_by", "decided_on", "case_number", "since"):
        setattr(delegation, name, facts[name])
    delegation.until, delegation.ceiling = facts.get("until"), facts.get("ceiling")
    delegation.registered_by, delegation.registered_at = by, timezone.now()
    _overlaps_no_other(delegation)
    delegation.extract = _kept(delegation, facts.get("extract"), by)
    if delegation.pk:
        return _saved(delegation)
    delegation.save()
    return delegation


def _kept(delegation: Delegation, extract: Upload | Document | None, by: Any) -> Document | None:
    if not isinstance(extract, Upload):
        return extract
    return files.keep(
        extract.content,
        kind="governance.delegation_extract",
        subject=delegation.organisation_id,
        title=_("Extract: %(adoption)s") % {"adoption": delegation},
        file_name=extract.file_name,
        mime=extract.mime,
        by=by,
    )


def _overlaps_no_other(delegation: Delegation) -> None:
    """At any day at most one, so that nobody doubts what covers a decision."""
    _hold(delegation.organisation_id)
    others = Delegation.objects.standing().filter(organisation=delegation.organisation).exclude(pk=delegation.pk)
    others = others.filter(Q(until=None) | Q(until__gte=delegation.since))
    if delegation.until:
        others = others.filter(since__lte=delegation.until)
    other = others.first()
    if other is not None:
        raise NotAllowedNow(
            _("From %(day)s the delegation in case %(number)s holds already. End it the day before the new one begins.")
            % {"day": wording.short_day(other.since), "number": other.case_number}
        )


def _hold(organisation: int) -> None:
    """One at a time for each municipality."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation)


def _waiting(delegation: Delegation, version: int | None, by: Any) -> Delegation:
    delegation = _locked(delegation, version)
    require(by, OWN_RIGHT, on=delegation.organisation)
    if not delegation.awaits_confirmation:
        raise NotAllowedNow(_("There is nothing registered on behalf of the municipality that waits for an answer."))
    return delegation


def _locked(delegation: Delegation, version: int | None) -> Delegation:
    current = (
        Delegation.objects.select_for_update(of=["self"])
        .select_related("organisation", "extract")
        .get(pk=delegation.pk)
    )
    check_version(current, version)
    return current


def _saved(delegation: Delegation) -> Delegation:
    delegation.version += 1
    delegation.save()
    return delegation
