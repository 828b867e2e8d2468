"""Organisations as the portal knows them: registered by a secretariat, with names over time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration, Organisation, OrganisationName

# What a secretariat registers by hand.
REGISTERED = (
    Organisation.Kind.COUNTY,
    Organisation.Kind.STATE,
    Organisation.Kind.ASSOCIATION,
    Organisation.Kind.SUPPLIER,
    Organisation.Kind.PARTNER,
)


@transaction.atomic
def register_municipality(
    *, collaboration: Collaboration, number: str, name: str, county: str = "", by: Any
) -> Organisation:
    """Bring in a municipality that the portal does not know yet; the number is the country's, so it is there once."""
    require(by, "governance.manage_collaboration", on=collaboration)
    known = Organisation.objects.filter(number=number).first()
    if known is not None:
        raise NotAllowedNow(
            _("The number %(number)s belongs to %(name)s, which is already registered.")
            % {"number": number, "name": known}
        )
    return Organisation.objects.create(kind=Organisation.Kind.MUNICIPALITY, number=number, name=name, county=county)


@transaction.atomic
def register_organisation(*, collaboration: Collaboration, kind: str, name: str, by: Any, **facts: Any) -> Organisation:
    """A county authority, a state body, an association, a supplier or a partner that the municipalities deal with."""
    require(by, "governance.manage_collaboration", on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if kind not in REGISTERED:
        raise NotAllowedNow(
            _("Municipalities come from the country's list, and IT collaborations have their own page.")
        )
    known = Organisation.objects.filter(kind__in=REGISTERED, name__iexact=name, until=None).first()
    if known is not None:
        raise NotAllowedNow(_("%(name)s is already registered. Use that one.") % {"name": known})
    return Organisation.objects.create(kind=kind, name=name, **facts)


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, collaboration: Collaboration, version: int | None = None, by: Any, **facts: Any
) -> Organisation:
    """Correct what is told of it. A name that came from a day is told by ``rename``."""
    organisation = _locked(organisation, collaboration, version, by)
    for fact, value in facts.items():
        setattr(organisation, fact, value)
    return _saved(organisation)


@transaction.atomic
def rename(
    *,
    organisation: Organisation,
    collaboration: Collaboration,
    version: int | None = None,
    name: str,
    since: date,
    official_name: str = "",
    by: Any,
) -> Organisation:
    """It is called something else from a day; what is dated before still tells the old name (A7)."""
    organisation = _locked(organisation, collaboration, version, by)
    if name == organisation.name:
        raise NotAllowedNow(_("It is already called %(name)s.") % {"name": name})
    before = since - timedelta(days=1)
    open_one = organisation.names.filter(until=None).first()
    begun = open_one.since if open_one else _day_after(organisation.names.order_by("until").last())
    if begun and begun >= since:
        raise NotAllowedNow(
            _("It got the name %(name)s on %(day)s. Choose a later day.")
            % {"name": organisation.name, "day": f"{begun:%d.%m.%Y}"}
        )
    if open_one is None:
        open_one = OrganisationName(
            organisation=organisation, name=organisation.name, official_name=organisation.official_name, since=begun
        )
    open_one.until = before
    open_one.save()
    organisation.names.create(name=name, official_name=official_name, since=since)
    organisation.name, organisation.official_name = name, official_name
    return _saved(organisation)


def _day_after(name: OrganisationName | None) -> date | None:
    return name.until + timedelta(days=1) if name and name.until else None


def _locked(organisation: Organisation, collaboration: Collaboration, version: int | None, by: Any) -> Organisation:
    require(by, "governance.manage_collaboration", on=collaboration)
    current = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if current.kind not in REGISTERED:
        raise NotAllowedNow(
            _("Municipalities come from the country's list, and IT collaborations have their own page.")
        )
    check_version(current, version)
    return current


def _saved(organisation: Organisation) -> Organisation:
    organisation.version += 1
    organisation.save()
    return organisation


@transaction.atomic
def update_contact(
    *, organisation: Organisation, version: int | None = None, website: str, email_domain: str, by: Any
) -> Organisation:
    """The municipality's own people keep its contact details."""
    require(by, "governance.update_contact", on=organisation)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    check_version(organisation, version)
    organisation.website, organisation.email_domain = website, email_domain
    organisation.version += 1
    organisation.save(update_fields=["website", "email_domain", "version"])
    return organisation
