"""Municipalities as the country counts them: numbers, names, people; and their own contact details."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance import consequences
from governance.models import Collaboration, Organisation, Population

COLUMNS = {
    "kommunenummer": "number",
    "navn_kartverket": "official_name",
    "organisasjonsnummer": "organisation_number",
    "fylkesnavn": "county",
    "maalform": "language_form",
    "nettsted": "website",
}
LANGUAGE_FORMS = {"bokmål": "nb", "nynorsk": "nn"}
COUNTED = "folketall_"


@dataclass
class Outcome:
    """What an import did, and the rows it could not read."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(f"{word}={self.counts[word]}" for word in ("new", "changed", "unchanged", "errors"))


@transaction.atomic
def import_municipalities(*, rows: Iterable[str], by: Any = None, source: str = "SSB") -> Outcome:
    """Read the country's municipalities from a list with semicolons; reading it again changes nothing."""
    outcome = Outcome()
    reader = csv.DictReader(rows, delimiter=";")
    missing = [column for column in ("kommunenummer", "navn_kartverket") if column not in (reader.fieldnames or [])]
    if missing:
        outcome.errors.append(_("The column «%(column)s» is missing.") % {"column": missing[0]})
        outcome.counts["errors"] = 1
        return outcome
    known = {municipality.number: municipality for municipality in Organisation.objects.municipalities()}
    counted: set[int] = set()
    for line, row in enumerate(reader, start=2):
        problem = _problem(row)
        if problem:
            outcome.errors.append(_("Row %(row)s: %(problem)s") % {"row": line, "problem": problem})
            outcome.counts["errors"] += 1
        else:
            outcome.counts[_write(known, counted, row, source)] += 1
    consequences.counted(counted, by)
    return outcome


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
def update_contact(
    *, organisation: Organisation, version: int | None = None, website: str, email_domain: str, by: Any
) -> Organisation:
    """The municipality's own people keep its contact details."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    check_version(organisation, version)
    organisation.website, organisation.email_domain = website, email_domain
    organisation.version += 1
    organisation.save(update_fields=["website", "email_domain", "version"])
    return organisation


def _problem(row: dict[str, Any]) -> str:
    number, owner = (row.get("kommunenummer") or "").strip(), (row.get("organisasjonsnummer") or "").strip()
    if not (number.isdecimal() and len(number) <= 4):
        return _("column kommunenummer holds «%(value)s»; expected four digits.") % {"value": number}
    if not (row.get("navn_kartverket") or "").strip():
        return _("column navn_kartverket is empty; expected a name.")
    if owner and not (owner.isdecimal() and len(owner) == 9):
        return _("column organisasjonsnummer holds «%(value)s»; expected nine digits.") % {"value": owner}
    for column, value in row.items():
        if column and column.startswith(COUNTED) and value and not value.strip().isdecimal():
            return _("column %(column)s holds «%(value)s»; expected a whole number.") % {
                "column": column,
                "value": value,
            }
    return ""


def _write(known: dict[str, Organisation], counted: set[int], row: dict[str, Any], source: str) -> str:
    values = {name: (row.get(column) or "").strip() for column, name in COLUMNS.items()}
    values["number"] = values["number"].zfill(4)
    values["name"] = short_name(values["official_name"], row.get("navn_enhetsregisteret") or "")
    values["language_form"] = LANGUAGE_FORMS.get(values["language_form"].lower(), "")
    municipality = known.get(values["number"])
    if municipality is None:
        municipality = Organisation.objects.create(kind=Organisation.Kind.MUNICIPALITY, **values)
        known[municipality.number] = municipality
        if _count(municipality, row, source):
            counted.add(municipality.pk)
        return "new"
    changed = [name for name, value in values.items() if value and getattr(municipality, name) != value]
    if changed:
        for name in changed:
            setattr(municipality, name, values[name])
        municipality.version += 1
        municipality.save(update_fields=[*changed, "version"])
    if _count(municipality, row, source):
        counted.add(municipality.pk)
        return "changed"
    return "changed" if changed else "unchanged"


def short_name(official: str, registered: str) -> str:
    """«Sortland - Suortá» is «Sortland» in daily use: the part that the register of entities calls «… KOMMUNE»."""
    parts = [part for part in official.split(" - ") if f"{part.upper()} KOMMUNE" in registered.upper()]
    return parts[0] if len(parts) == 1 else official


def _count(municipality: Organisation, row: dict[str, Any], source: str) -> bool:
    """Store the counts of people that stand in columns like «folketall_2024_01_01»."""
    stored = dict(municipality.populations.values_list("on", "people"))
    changed = False
    for column, value in row.items():
        if not (column and column.startswith(COUNTED) and value and value.strip()):
            continue
        day = date.fromisoformat(column.removeprefix(COUNTED).replace("_", "-"))
        people = int(value)
        if stored.get(day) != people:
            Population.objects.update_or_create(
                organisation=municipality, on=day, defaults={"people": people, "source": source}
            )
            changed = True
    return changed
