"""The country's municipalities as its registers tell of them: who they are today, and what became of them (A1, L20)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import require
from governance import consequences, municipal_history
from governance.models import Collaboration, MunicipalityPeriod, Organisation, OrganisationName, Population, Succession
from governance.municipal_history import Change, History, Life, Stretch, county_of, short_name

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
OF_THE_PERIOD = ("county", "organisation_number", "language_form")


@dataclass
class Outcome:
    """What an import did, and the rows it could not read."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(f"{word}={self.counts[word]}" for word in ("new", "changed", "unchanged", "errors"))


@transaction.atomic
def load_register(*, collaboration: Collaboration, by: Any) -> Outcome:
    """Bring in all the municipalities of the country from the copy that comes with the portal."""
    require(by, "governance.manage_collaboration", on=collaboration)
    return import_municipalities(rows=municipal_history.own_municipalities().splitlines(), by=by)


@transaction.atomic
def import_municipalities(
    *, rows: Iterable[str], by: Any = None, source: str = "SSB", on: date | None = None
) -> Outcome:
    """Read the country's municipalities from a list with semicolons; reading it again changes nothing.

    ``on`` is the day from which what differs holds; without it the difference corrects what was told before.
    """
    outcome = Outcome()
    reader = csv.DictReader(rows, delimiter=";")
    missing = [column for column in ("kommunenummer", "navn_kartverket") if column not in (reader.fieldnames or [])]
    if missing:
        outcome.errors.append(_("The column «%(column)s» is missing.") % {"column": missing[0]})
        outcome.counts["errors"] = 1
        return outcome
    history = municipal_history.worked_out(municipal_history.own_copy())
    reading = _Reading(history, source, on)
    for line, row in enumerate(reader, start=2):
        problem = _problem(row)
        if problem:
            outcome.errors.append(_("Row %(row)s: %(problem)s") % {"row": line, "problem": problem})
            outcome.counts["errors"] += 1
        else:
            outcome.counts[reading.write(row)] += 1
    counted = reading.finish()
    tell_history(history, listed=reading.listed)
    consequences.counted(counted, by)
    return outcome


@transaction.atomic
def import_changes(*, changes: Sequence[Change], by: Any = None) -> Outcome:
    """Read what became of the municipalities; a change is new when it tells something that was not known."""
    history = municipal_history.worked_out(changes)
    touched = tell_history(history, everybody=True)
    outcome = Outcome()
    for change in changes:
        is_new = bool(touched & {id(history.of(change.old)), id(history.of(change.new))})
        outcome.counts["new" if is_new else "unchanged"] += 1
    return outcome


def tell_history(history: History, *, everybody: bool = False, listed: Collection[str] = ()) -> set[int]:
    """Write the history of the municipalities that are known, with those they came from and those they became.

    ``listed`` are the numbers whose official name a list has just told.
    """
    known = _known_lives(history)
    wanted = history.lives if everybody else history.around(life for life, _place in known.values())
    unknown = {id(life): (life, _unknown_so_far(life)) for life in wanted if id(life) not in known}
    Organisation.objects.bulk_create(place for _life, place in unknown.values())
    touched: set[int] = set(unknown)
    known |= unknown
    for life, place in known.values():
        if _tell(life, place, is_listed=place.number in listed):
            touched.add(id(life))
    numbers = [row for life, place in known.values() for row in _numbers(life, place)]
    names = [row for life, place in known.values() for row in _names(life, place)]
    MunicipalityPeriod.objects.filter(organisation__in={row.organisation_id for row in numbers}).delete()
    MunicipalityPeriod.objects.bulk_create(numbers)
    OrganisationName.objects.bulk_create(names)
    fresh = {row.organisation_id for row in numbers} | {row.organisation_id for row in names}
    touched |= {id(life) for life, place in known.values() if place.pk in fresh}
    there = set(Succession.objects.values_list("predecessor", "successor", "on"))
    made = [heir for heir in history.heirs if id(heir.before) in known and id(heir.after) in known]
    heirs = {(known[id(one.before)][1].pk, known[id(one.after)][1].pk, one.day): one for one in made}
    touched |= {id(life) for key in heirs.keys() - there for life in (heirs[key].before, heirs[key].after)}
    Succession.objects.bulk_create(
        Succession(
            predecessor_id=key[0], successor_id=key[1], on=key[2], kind=heir.kind, source=municipal_history.SOURCE
        )
        for key, heir in heirs.items()
        if key not in there
    )
    return touched


def _known_lives(history: History) -> dict[int, tuple[Life, Organisation]]:
    """Each life with its organisation; where two were registered under its numbers, the one with the newest."""
    found: dict[int, tuple[Life, Organisation]] = {}
    places = Organisation.objects.municipalities().select_for_update().order_by("pk")
    for place in places.prefetch_related("names", "periods"):
        life = history.of(place.number)
        if id(life) not in found or place.number == life.number:
            found[id(life)] = (life, place)
    return found


def _unknown_so_far(life: Life) -> Organisation:
    name = life.names[-1].text
    return Organisation(
        kind=Organisation.Kind.MUNICIPALITY,
        number=life.number,
        name=name,
        official_name=name,
        county=county_of(life.number),
        since=life.since,
        until=life.until,
    )


def _tell(life: Life, place: Organisation, *, is_listed: bool) -> bool:
    """Bring a municipality's own row in line with its life."""
    facts: dict[str, Any] = {"since": life.since, "until": life.until, "number": life.number}
    if place.number != life.number:
        facts["county"] = county_of(life.number)
    if not is_listed and place.official_name in {stretch.text for stretch in life.names[:-1]}:
        facts["official_name"] = life.names[-1].text
    changed = [name for name, value in facts.items() if getattr(place, name) != value]
    for name in changed:
        setattr(place, name, facts[name])
    if changed:
        place.version += 1
        place.save(update_fields=[*changed, "version"])
    return bool(changed)


def _numbers(life: Life, place: Organisation) -> list[MunicipalityPeriod]:
    """All its periods anew when another number is told, or a number has other days."""
    if _joined([Stretch(row.number, row.since, row.until) for row in place.periods.all()]) == life.numbers:
        return []
    *earlier, last = life.numbers
    rows = [MunicipalityPeriod(county=county_of(one.text), **_days(place, one, "number")) for one in earlier]
    now = {name: getattr(place, name) for name in OF_THE_PERIOD}
    rows.append(MunicipalityPeriod(**now, **_days(place, last, "number")))
    for row in rows:
        row.source = municipal_history.SOURCE
    return rows


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Periods in a row with the same number are one stretch of it."""
    found: list[Stretch] = []
    for one in stretches:
        if found and found[-1].text == one.text:
            found[-1] = found[-1]._replace(until=one.until)
        else:
            found.append(one)
    return found


def _names(life: Life, place: Organisation) -> list[OrganisationName]:
    """The earlier names that are not told yet."""
    told = list(place.names.all())
    new = [
        OrganisationName(official_name=one.text, **_days(place, one, "name"))
        for one in life.names[:-1]
        if not any(_meet(one, name) for name in told)
    ]
    for name in new:
        name.name = short_name(name.official_name, place.name)
    return new


def _days(place: Organisation, stretch: Stretch, what: str) -> dict[str, Any]:
    return {"organisation": place, what: stretch.text, "since": stretch.since, "until": stretch.until}


def _meet(one: Stretch, other: OrganisationName) -> bool:
    first, last = date.min, date.max
    return (one.since or first) <= (other.until or last) and (other.since or first) <= (one.until or last)


class _Reading:
    """One list being read: what is known, and what is to be written at the end."""

    def __init__(self, history: History, source: str, on: date | None) -> None:
        self.history, self.source, self.on = history, source, on
        places = Organisation.objects.municipalities().order_by("pk").prefetch_related("periods")
        self.known = {place.number: place for place in places}
        self._new: list[Organisation] = []
        self.listed: set[str] = set()
        self._people = {(one.organisation_id, one.on): one.people for one in Population.objects.all()}
        self._counts: list[Population] = []

    def write(self, row: dict[str, Any]) -> str:
        values = {name: (row.get(column) or "").strip() for column, name in COLUMNS.items()}
        values["number"] = values["number"].zfill(4)
        values["language_form"] = LANGUAGE_FORMS.get(values["language_form"].lower(), "")
        self.listed.add(values["number"])
        place = self._find(values["number"])
        values["name"] = registered_name(values["official_name"], row.get("navn_enhetsregisteret") or "")
        if place is None:
            place = Organisation(kind=Organisation.Kind.MUNICIPALITY, **values)
            self.known[place.number] = place
            self._new.append(place)
            self._count(place, row)
            return "new"
        changed = [name for name, value in values.items() if value and getattr(place, name) != value]
        if changed:
            self._change(place, {name: values[name] for name in changed})
        counted = self._count(place, row)
        return "changed" if changed or counted else "unchanged"

    def finish(self) -> set[int]:
        """Write what is new; answers with those whose people were counted."""
        Organisation.objects.bulk_create(self._new)
        Population.objects.bulk_create(
            self._counts,
            update_conflicts=True,
            unique_fields=["organisation", "on"],
            update_fields=["people", "source"],
        )
        return {count.organisation.pk for count in self._counts}

    def _find(self, number: str) -> Organisation | None:
        """Whoever has the number, or had an earlier one in the same life."""
        earlier = [stretch.text for stretch in self.history.of(number).numbers]
        return next((self.known[one] for one in (number, *reversed(earlier)) if one in self.known), None)

    def _change(self, place: Organisation, values: dict[str, Any]) -> None:
        if self.on is not None:
            self._keep_earlier(place, values, self.on)
        for name, value in values.items():
            setattr(place, name, value)
        place.version += 1
        place.save(update_fields=[*values, "version"])
        told = {name: value for name, value in values.items() if name in OF_THE_PERIOD}
        place.periods.filter(until=None).update(**told) if told else None

    def _keep_earlier(self, place: Organisation, values: dict[str, Any], on: date) -> None:
        """What it was called and what it was until the day before stands with its days."""
        before = on - timedelta(days=1)
        if values.keys() & {"name", "official_name"}:
            last = place.names.exclude(until=None).order_by("until").last()
            since = last.until + timedelta(days=1) if last and last.until else place.since
            place.names.create(name=place.name, official_name=place.official_name, since=since, until=before)
        open_one = place.periods.filter(until=None).first()
        if open_one and values.keys() & set(OF_THE_PERIOD):
            facts = {name: getattr(open_one, name) for name in ("number", "source", *OF_THE_PERIOD)}
            place.periods.filter(pk=open_one.pk).update(until=before)
            place.periods.create(since=on, **facts)

    def _count(self, place: Organisation, row: dict[str, Any]) -> bool:
        """The counts of people that stand in columns like «folketall_2024_01_01»."""
        new = False
        for column, value in row.items():
            if not (column and column.startswith(COUNTED) and value and value.strip()):
                continue
            day = date.fromisoformat(column.removeprefix(COUNTED).replace("_", "-"))
            if self._people.get((place.pk, day)) != int(value):
                self._counts.append(Population(organisation=place, on=day, people=int(value), source=self.source))
                new = True
        return new


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


def registered_name(official: str, registered: str) -> str:
    """«Sortland - Suortá» is «Sortland» in daily use: the part that the register of entities calls «… KOMMUNE»."""
    parts = [part for part in official.split(" - ") if f"{part.upper()} KOMMUNE" in registered.upper()]
    return parts[0] if len(parts) == 1 else official
