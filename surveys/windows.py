"""Where municipalities can buy together, and when: the days on which most of them can leave what they have (8.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any

from django.utils import timezone

from governance.models import Collaboration, Organisation
from surveys.exits import FAR, TERMS, Exit, Missing, Span, Way, exits, in_both, within
from surveys.models import OwnPurchase, ProcurementHabits, SystemUse
from surveys.months import add_months, period_end
from surveys.sharing import COST, with_shared_cost

# How many windows of one area are worth telling: those with the most municipalities.
MOST = 3
TOGETHER = 2
# A renewal so near is warned of.
RENEWAL_SOON = 6

COLUMNS = (
    "area_id", "area__name", "area__service_area_id", "area__service_area__name", "area__sort_key",
    "inventory__municipality_id", "product__name", "supplier__name", "example", COST, *TERMS,
)  # fmt: skip

Place = int


class Kind(StrEnum):
    """What a window asks of the municipalities."""

    ALL = "alle"
    MOST = "flertall"
    SOME = "noen"
    OPTION = "opsjon"
    LATE = "sent"
    NONE = "mangler"


@dataclass(frozen=True, slots=True)
class Contract:
    """One system in use, as far as the others may see it, and when its contract can be left."""

    system: str
    supplier: str
    exit: Exit
    cost: Decimal | None
    example: bool


@dataclass(frozen=True, slots=True)
class Peak:
    """Days on which the same municipalities can leave, and no more of them the days before or after."""

    first: date
    last: date
    places: frozenset[Place]


@dataclass(frozen=True)
class Part:
    """One municipality in a window: whether it can join, and what it must do by when."""

    municipality: Organisation
    contracts: list[Contract]
    way: Way
    notice_by: date | None
    option_by: date | None
    missing: Missing
    earliest: date | None
    latest: date | None

    @property
    def can_join(self) -> bool:
        return self.way in (Way.FREE, Way.NOTICE, Way.OPTION)


@dataclass
class AreaContracts:
    """The contracts of one area, municipality by municipality."""

    pk: int
    name: str
    group: int
    group_name: str
    sort_key: str
    contracts: dict[Place, list[Contract]] = field(default_factory=lambda: defaultdict(list))

    @cached_property
    def missing(self) -> dict[Place, Missing]:
        """Those of which nobody can tell when they can leave: they are a group of their own, never left out."""
        found = {}
        for place, contracts in self.contracts.items():
            reasons = [contract.exit.missing for contract in contracts if contract.exit.missing]
            if reasons:
                found[place] = reasons[0]
        return found

    def spans(self, today: date, **how: bool) -> dict[Place, list[Span]]:
        """The days on which each municipality can leave all it has in the area."""
        found = {}
        for place, contracts in self.contracts.items():
            if place not in self.missing:
                first, *rest = (contract.exit.spans(today, **how) for contract in contracts)
                for spans in rest:
                    first = in_both(first, spans)
                found[place] = first
        return found


@dataclass
class Window:
    """Days on which at least two municipalities can leave what they have in an area, and what it takes (K5, R26).

    ``on`` is the last day of the old contracts; the common system is in use from the day after. Without a day it is
    an area of which too little is known.
    """

    area: AreaContracts
    kind: Kind
    today: date
    lead_months: int
    places: Mapping[Place, Organisation] = field(repr=False)
    able: frozenset[Place] = frozenset()
    on: date | None = None
    first: date | None = None
    last: date | None = None
    purchases: list[OwnPurchase] = field(default_factory=list)

    @property
    def starts_on(self) -> date | None:
        """The first day of the common system."""
        return self.on + timedelta(days=1) if self.on else None

    @property
    def procure_by(self) -> date | None:
        """When the procurement must begin for the system to be there in time."""
        return add_months(self.starts_on, -self.lead_months) if self.starts_on else None

    @property
    def is_short_of_time(self) -> bool:
        return self.procure_by is not None and self.procure_by < self.today

    @property
    def joining_count(self) -> int:
        return len(self.able)

    @property
    def in_all(self) -> int:
        return len(self.area.contracts)

    @property
    def missing(self) -> list[Organisation]:
        return in_order(self.places[place] for place in self.area.missing)

    @property
    def joining(self) -> list[Organisation]:
        return in_order(self.places[place] for place in self.able)

    @property
    def example(self) -> bool:
        return any(contract.example for contracts in self.area.contracts.values() for contract in contracts)

    @cached_property
    def parts(self) -> list[Part]:
        """Every municipality with a system in the area, those that can join first."""
        parts = [self._part(self.places[place], contracts) for place, contracts in self.area.contracts.items()]
        return sorted(parts, key=lambda part: (not part.can_join, part.municipality.sort_key))

    def _part(self, place: Organisation, contracts: list[Contract]) -> Part:
        missing = self.area.missing.get(place.pk, Missing.NO)
        if missing or self.on is None:
            return Part(place, contracts, Way.BOUND, None, None, missing, None, None)
        ways = [contract.exit.way_out(self.on, self.today) for contract in contracts]
        order = list(Way)
        ends = [contract.exit.latest for contract in contracts if contract.exit.latest]
        return Part(
            municipality=place,
            contracts=contracts,
            way=max((way for way, _by in ways), key=order.index),
            notice_by=min((by for way, by in ways if by and way in (Way.NOTICE, Way.LATE)), default=None),
            option_by=min((by for way, by in ways if by and way == Way.OPTION), default=None),
            missing=missing,
            earliest=max(contract.exit.earliest for contract in contracts),
            latest=min(ends, default=None),
        )

    @property
    def shared_costs(self) -> list[Decimal]:
        """What those who can join pay in a year, of those costs alone that each municipality shares (rule 9)."""
        joining = chain.from_iterable(self.area.contracts[place] for place in self.able)
        return [contract.cost for contract in joining if contract.cost is not None]

    @property
    def next_deadline(self) -> date | None:
        """The first day on which somebody must have given notice or used an option."""
        days = [day for part in self.parts if part.can_join for day in (part.notice_by, part.option_by) if day]
        return min(days, default=None)

    @property
    def notice_passed(self) -> list[Part]:
        return [part for part in self.parts if part.way == Way.LATE]

    @property
    def renewing(self) -> list[tuple[Organisation, Contract]]:
        """Contracts that renew themselves within half a year."""
        soon = add_months(self.today, RENEWAL_SOON)
        found = [(part.municipality, contract) for part in self.parts for contract in part.contracts]
        return [(place, one) for place, one in found if one.exit.renews_on and one.exit.renews_on <= soon]

    @property
    def signing_alone(self) -> list[OwnPurchase]:
        """Those that are about to buy by themselves before the window closes (K5)."""
        return [one for one in self.purchases if self.last is None or one.signs_on <= self.last]


def windows(collaboration: Collaboration, *, today: date | None = None, area: int | None = None) -> list[Window]:
    """Every window of the members of a collaboration, the most municipalities first, then the nearest."""
    day = today or timezone.localdate()
    places = {place.pk: place for place in collaboration.sharing()}
    lead = ProcurementHabits.objects.of(collaboration).lead_months
    purchases: dict[int, list[OwnPurchase]] = defaultdict(list)
    planned = OwnPurchase.objects.under_way().of(collaboration).select_related("municipality")
    for one in planned.filter(area=area) if area else planned:
        purchases[one.area_id].append(one)
    found = []
    for there in contracts(collaboration, day, area=area):
        shared = {"area": there, "today": day, "lead_months": lead, "places": places, "purchases": purchases[there.pk]}
        found += list(of_area(there, day, lead, shared))
    return sorted(found, key=lambda one: (-len(one.able), one.on or FAR, one.area.sort_key))


def contracts(collaboration: Collaboration, today: date, *, area: int | None = None) -> list[AreaContracts]:
    """All that the members have under contract, read once; a cost only where the rule and the municipality share it."""
    uses = SystemUse.objects.of(collaboration).counted().systems().exclude(gone_on__lte=today)
    if area:
        uses = uses.filter(area=area)
    found: dict[int, AreaContracts] = {}
    for row in with_shared_cost(uses.order_by("pk"), collaboration).values(*COLUMNS):
        there = found.get(row["area_id"])
        if there is None:
            there = found[row["area_id"]] = AreaContracts(
                row["area_id"], row["area__name"], row["area__service_area_id"], row["area__service_area__name"],
                row["area__sort_key"],
            )  # fmt: skip
        there.contracts[row["inventory__municipality_id"]].append(_contract(row, today))
    return list(found.values())


def _contract(row: Mapping[str, Any], today: date) -> Contract:
    return Contract(row["product__name"], row["supplier__name"] or "", exits(row, today), row[COST], row["example"])


def of_area(area: AreaContracts, today: date, lead_months: int, shared: dict[str, Any]) -> Iterator[Window]:
    """The windows of one area: without options, with them, and those that were missed; else that dates are missing."""
    free, with_options = area.spans(today, options=False), area.spans(today)
    alone = [peak for peak in peaks(free) if len(peak.places) >= TOGETHER and peak.first < FAR]
    more = [peak for peak in peaks(with_options) if len(peak.places) >= TOGETHER and peak.first < FAR]
    more = [peak for peak in more if not any(peak.places <= other.places for other in alone)]
    open_now = sorted([*alone, *more], key=lambda peak: (-len(peak.places), peak.first))
    # Of two windows with the same day, the one with more municipalities tells of the other too.
    by_day: dict[date, Peak] = {}
    for peak in open_now:
        by_day.setdefault(best_day(peak, today, lead_months), peak)
    for on, peak in list(by_day.items())[:MOST]:
        unaided = sum(within(on, free[place]) for place in peak.places)
        kind = _kind(unaided, len(peak.places), len(area.contracts))
        yield Window(kind=kind, able=peak.places, on=on, first=peak.first, last=_last(peak), **shared)
    missed = _missed(area, today, open_now, with_options)
    for peak in missed[:1]:
        able = frozenset(place for place in peak.places if within(peak.first, with_options[place]))
        yield Window(kind=Kind.LATE, able=able, on=peak.first, first=peak.first, last=_last(peak), **shared)
    if not open_now and not missed and area.missing and len(area.contracts) >= TOGETHER:
        yield Window(kind=Kind.NONE, **shared)


def peaks(spans: Mapping[Place, Iterable[Span]]) -> list[Peak]:
    """A sweep over all ends: each longest run of days on which a set of municipalities can leave that is largest there.

    The set grows at each beginning; where one leaves it after a beginning, it was as large as it gets.
    """
    events = sorted(
        event for place, own in spans.items() for first, last in own for event in ((first, 0, place), (last, 1, place))
    )
    here: set[Place] = set()
    begun: date | None = None
    found = []
    for day, leaves, place in events:
        if not leaves:
            here.add(place)
            begun = day
            continue
        if begun is not None:
            found.append(Peak(begun, day, frozenset(here)))
            begun = None
        here.discard(place)
    return found


def best_day(peak: Peak, today: date, lead_months: int) -> date:
    """The first of the days that leaves time for a procurement, at a month's end where it can be; else the last."""
    wanted = add_months(today, lead_months)
    if wanted <= peak.first:
        return peak.first
    if wanted >= peak.last:
        return peak.last
    return min(period_end(wanted, "month"), peak.last)


def _last(peak: Peak) -> date | None:
    return None if peak.last == FAR else peak.last


def _kind(unaided: int, able: int, in_all: int) -> Kind:
    if unaided == in_all:
        return Kind.ALL
    if unaided * 2 > in_all:
        return Kind.MOST
    return Kind.OPTION if able > unaided else Kind.SOME


def _missed(area: AreaContracts, today: date, open_now: list[Peak], able: dict[Place, list[Span]]) -> list[Peak]:
    """Days on which several could have left together, had they given notice in time; the nearest first."""
    found = []
    for peak in peaks(area.spans(today, too_late=True)):
        together = [place for place in peak.places if within(peak.first, able[place])]
        overlaps = any(other.first <= peak.last and peak.first <= other.last for other in open_now)
        if len(peak.places) >= TOGETHER > len(together) and peak.last >= today and not overlaps:
            found.append(peak)
    return found


def in_order(municipalities: Iterable[Organisation]) -> list[Organisation]:
    return sorted(municipalities, key=lambda one: one.sort_key)
