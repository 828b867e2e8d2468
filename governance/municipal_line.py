"""The line of a municipality in the register: what it came from, what became of it, who it was on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Organisation, Succession


@dataclass(frozen=True)
class Event:
    """What happened on a day, in sentences; the places are those to go on to."""

    day: date
    sentences: list[str]
    places: list[Organisation] = field(default_factory=list)


class Then:
    """A municipality as it was on a day."""

    def __init__(self, place: Organisation, day: date) -> None:
        self.place, self.day = place, day
        self.name, self.official_name = place.name_on(day), place.official_name_on(day)
        period = next((one for one in place.periods.all() if one.holds_on(day)), None)
        self.number = period.number if period else place.number
        self.county = period.county if period else place.county
        self.population = place.population_on(day)


class Line:
    """Municipalities with all that they came from and all that they became, read once."""

    def __init__(self, number: str) -> None:
        self.number = number
        places = Organisation.objects.ever_with_number(number).municipalities()
        self.own = list(places.prefetch_related("names", "periods", "populations"))
        rows = Succession.objects.select_related("predecessor", "successor")
        about = [f"{side}__{part}" for side in ("predecessor", "successor") for part in ("names", "periods")]
        self.successions = list(rows.prefetch_related(*about))

    def on(self, day: date) -> list[Organisation]:
        """Who had the number that day; else those who then were what had it before or after."""
        held = [
            place for place in self.own if any(p.number == self.number and p.holds_on(day) for p in _periods(place))
        ]
        return held or _once_each(then for place in self.own for then in self._then(place, day))

    def today(self) -> list[Organisation]:
        return _once_each(then for place in self.own for then in self._then(place, timezone.localdate()))

    def _then(self, place: Organisation, day: date) -> list[Organisation]:
        if place.since and day < place.since:
            before = [one.predecessor for one in self.successions if one.successor_id == place.pk and one.on > day]
            return [found for one in before for found in self._then(one, day)]
        if place.until and day > place.until:
            after = [one.successor for one in self.successions if one.predecessor_id == place.pk and one.on <= day]
            return [found for one in after for found in self._then(one, day)]
        return [place]

    def events(self, place: Organisation) -> list[Event]:
        """The newest last."""
        found: dict[date, Event] = {}

        def tell(day: date, sentence: str, places: Iterable[Organisation] = ()) -> None:
            event = found.setdefault(day, Event(day, []))
            event.sentences.append(sentence)
            event.places.extend(one for one in places if one not in event.places)

        self._tell_beginning(place, tell)
        for before, after in zip(_periods(place), _periods(place)[1:], strict=False):
            if after.since and before.number != after.number:
                about = {"number": after.number, "before": before.number, "county": after.county}
                tell(after.since, _("New number: %(number)s, %(county)s. Before it was %(before)s.") % about)
            elif after.since and before.language_form != after.language_form:
                tell(after.since, _("New language form: %(form)s.") % {"form": after.get_language_form_display()})
        for name in place.names.all():
            if name.until and name.until != place.until:
                day = name.until + timedelta(days=1)
                about = {"name": place.official_name_on(day), "before": name.official_name or name.name}
                tell(day, _("New name: %(name)s. Before it was %(before)s.") % about)
        self._tell_end(place, tell)
        return [found[day] for day in sorted(found)]

    def _tell_beginning(self, place: Organisation, tell: Any) -> None:
        came = [one for one in self.successions if one.successor_id == place.pk]
        for day in sorted({one.on for one in came}):
            rows = [one for one in came if one.on == day]
            names = _listed(one.predecessor.name_on(day - timedelta(days=1)) for one in rows)
            if day == place.since:
                sentence = _("The municipality was made, out of %(names)s.")
            elif all(one.kind == Succession.Kind.BORDER for one in rows):
                sentence = _("A part of %(names)s was moved here.")
            else:
                sentence = _("%(names)s became a part of it.")
            tell(day, sentence % {"names": names}, [one.predecessor for one in rows])

    def _tell_end(self, place: Organisation, tell: Any) -> None:
        went = [one for one in self.successions if one.predecessor_id == place.pk]
        for day in sorted({one.on for one in went}):
            rows = [one for one in went if one.on == day]
            names = _listed(one.successor.name_on(day) for one in rows)
            if any(one.kind == Succession.Kind.BORDER for one in rows):
                sentence = _("A part of it was moved to %(names)s.")
            elif len(rows) > 1:
                sentence = _("The municipality ended and was divided between %(names)s.")
            else:
                sentence = _("The municipality ended and became a part of %(names)s.")
            tell(day, sentence % {"names": names}, [one.successor for one in rows])


def heirs(number: str, visible: Any) -> list[Organisation]:
    """Of those the user may see, the municipalities of today that someone with this number became."""
    known = Organisation.objects.ever_with_number(number).municipalities()
    if not known.exclude(number=number, until=None).exists():
        return []
    today = [place.pk for place in Line(number).today() if place.number != number]
    return list(visible.filter(pk__in=today).order_by("sort_key"))


def _periods(place: Organisation) -> list[Any]:
    return list(place.periods.all())


def _once_each(places: Iterable[Organisation]) -> list[Organisation]:
    return list({place.pk: place for place in places}.values())


def _listed(names: Iterable[str]) -> str:
    *first, last = sorted(set(names)) or [""]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
