"""Maturity as it is shown: figures, tables and sentences, on the scale that was answered on, with one decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.ui import charts, wording
from governance.models import Organisation
from surveys.maturity_results import Change, Comparison, Wave
from surveys.models import Dimension
from surveys.scoring import Region, Score, on_scale

LEVELS = 5
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Cell:
    """One number of the heat map; the colour only supports it."""

    label: str
    words: str
    level: str
    n: str


@dataclass(frozen=True)
class Row:
    """A municipality, a region or the whole collaboration, across the dimensions."""

    name: str
    number: str
    n: str
    cells: Sequence[Cell]
    mine: bool = False


def value(wave: Wave, share: Decimal | None) -> Decimal | None:
    """On the model's scale, to one decimal."""
    found = on_scale(share, wave.model.scale_min, wave.model.scale_max)
    return None if found is None else found.quantize(TENTH, ROUND_HALF_UP)


def words(wave: Wave, share: Decimal | None) -> str:
    return _("missing") if share is None else wording.number(value(wave, share), 1)


def step(wave: Wave, difference: Decimal | None) -> str:
    """How far something moved, with its sign; a step is of the scale, not a share."""
    if difference is None:
        return "–"
    moved = (difference * (wave.model.scale_max - wave.model.scale_min)).quantize(TENTH, ROUND_HALF_UP)
    sign = "+" if moved > 0 else ""
    return sign + wording.number(moved or abs(moved), 1)


def deviation(wave: Wave, share: Decimal) -> str:
    """A standard deviation in steps of the scale."""
    return wording.number(share * (wave.model.scale_max - wave.model.scale_min), 1)


def counted(answers: int, people: int) -> str:
    """«n = 4 svar, 12 personer»; people are named where they are another number."""
    said = ngettext("%(n)s answer", "%(n)s answers", answers) % {"n": wording.number(answers)}
    if people != answers:
        said += ", " + ngettext("%(n)s person", "%(n)s people", people) % {"n": wording.number(people)}
    return f"n = {said}"


def of_municipalities(count: int) -> str:
    return ngettext("%(n)s municipality", "%(n)s municipalities", count) % {"n": wording.number(count)}


def weighting(wave: Wave) -> str:
    """Said on every figure that shows a mean of several municipalities."""
    if wave.by_people:
        return _("Mean of the municipalities, weighted by the people behind the answers.")
    return _("Mean of the municipalities; each counts the same.")


def base(wave: Wave) -> str:
    """n and the day, under every figure."""
    told = [counted(wave.answers, wave.people), of_municipalities(len(wave.counts))]
    if wave.day:
        told.append(wording.day(wave.day))
    note = f"{weighting(wave)} {', '.join(told)}."
    if wave.hidden:
        note += " " + ngettext(
            "%(count)s municipality is left out, so that nobody sees what fewer than five have answered.",
            "%(count)s municipalities are left out, so that nobody sees what fewer than five have answered.",
            wave.hidden,
        ) % {"count": wave.hidden}
    if wave.some_hidden:
        note += " " + _("Single figures with fewer than five answers behind them are left out and stand as missing.")
    return note


def scale(wave: Wave) -> tuple[float, float]:
    return float(wave.model.scale_min), float(wave.model.scale_max)


# --- the heat map -------------------------------------------------------------------------------------


def _cell(wave: Wave, dimension: Dimension, score: Score | Region | None) -> Cell:
    if score is None:
        return Cell(dimension.name, _("missing"), "na", "")
    level = min(int(score.mean * LEVELS) + 1, LEVELS)
    return Cell(dimension.name, words(wave, score.mean), str(level), counted(score.answers, score.people))


def row_of(wave: Wave, place: Organisation, *, mine: bool = False) -> Row:
    cells = [_cell(wave, one, wave.scores.get((place.pk, one.pk))) for one in wave.dimensions]
    there = wave.counts.get(place.pk)
    return Row(str(place), place.number, counted(*there) if there else _("no answer"), cells, mine)


def row_of_region(wave: Wave, name: str, places: Sequence[Organisation]) -> Row:
    cells = [_cell(wave, one, wave.region(one, places)) for one in wave.dimensions]
    answered = sum(place.pk in wave.counts for place in places)
    told = _("%(answered)s of %(all)s municipalities") % {"answered": answered, "all": len(places)}
    return Row(name, "", told, cells)


def whole(wave: Wave) -> Row:
    return row_of_region(wave, str(wave.survey.collaboration), wave.places)


def regions(wave: Wave) -> list[Row]:
    return [row_of_region(wave, name, places) for name, places in wave.named_regions]


# --- spread -------------------------------------------------------------------------------------------


def dots(wave: Wave, own: Organisation | None) -> charts.Chart:
    """Each municipality's dot per dimension, the own one marked, and the mean of all."""
    rows, each = [], []
    for one in wave.dimensions:
        region = wave.regions[one.pk]
        mine = wave.scores.get((own.pk, one.pk)) if own else None
        rows.append(
            (
                one.name,
                value(wave, region.lowest) if region else None,
                value(wave, region.mean) if region else None,
                value(wave, region.highest) if region else None,
                value(wave, mine.mean) if mine else None,
            )
        )
        scores = [wave.scores.get((place.pk, one.pk)) for place in wave.places]
        each.append([value(wave, score.mean) for score in scores if score])
    return charts.dot_range(
        _("How far apart the municipalities are"),
        rows,
        scale=scale(wave),
        own_name=str(own) if own and own.pk in wave.counts else "",
        mean_name=_("Mean"),
        note=base(wave),
        label=_("Dimension"),
        id="spredning",
        dots=each,
        decimals=1,
    )


@dataclass(frozen=True)
class Spread:
    """How even the municipalities are in one dimension."""

    dimension: Dimension
    region: Region
    deviation: str
    lowest: str
    highest: str
    sentence: str
    sizes: str


def spreads(wave: Wave) -> list[Spread]:
    """The least even first: there is most to even out."""
    found = []
    for one in wave.dimensions:
        region = wave.regions[one.pk]
        if region is None or region.municipalities < 2:
            continue
        gap = wave.gap(one)
        found.append(
            Spread(
                one,
                region,
                deviation(wave, region.deviation),
                _with_names(wave, one, region.lowest),
                _with_names(wave, one, region.highest),
                _told(wave, one, region),
                step(wave, gap.difference) if gap else "–",
            )
        )
    return sorted(found, key=lambda spread: (-spread.region.deviation, spread.dimension.position))


def _told(wave: Wave, dimension: Dimension, region: Region) -> str:
    return _(
        "%(dimension)s: standard deviation %(deviation)s between %(municipalities)s; from %(lowest)s to %(highest)s."
    ) % {
        "dimension": dimension,
        "deviation": deviation(wave, region.deviation),
        "municipalities": of_municipalities(region.municipalities),
        "lowest": _with_names(wave, dimension, region.lowest),
        "highest": _with_names(wave, dimension, region.highest),
    }


def _with_names(wave: Wave, dimension: Dimension, share: Decimal) -> str:
    """«2,1 (Bø)»; of many with the same number, how many."""
    there = [
        str(place)
        for place in wave.places
        if (score := wave.scores.get((place.pk, dimension.pk))) and score.mean == share
    ]
    names = ", ".join(there) if len(there) < 3 else of_municipalities(len(there))
    return f"{words(wave, share)} ({names})"


def gap_sentence(wave: Wave) -> str:
    """The smallest municipalities beside the largest, over all dimensions (S14, K10)."""
    gap = wave.gap()
    if gap is None:
        return ""
    told = {
        "count": gap.each,
        "smallest": words(wave, gap.smallest),
        "largest": words(wave, gap.largest),
        "difference": step(wave, abs(gap.difference)).removeprefix("+"),
    }
    if value(wave, gap.smallest) == value(wave, gap.largest):
        text = _(
            "Over all, the municipalities with the fewest inhabitants (%(count)s) and those with the most (%(count)s) "
            "stand alike, at %(largest)s."
        )
    else:
        text = _(
            "Over all, the municipalities with the fewest inhabitants (%(count)s) have %(smallest)s and those with the "
            "most (%(count)s) have %(largest)s: %(difference)s between them."
        )
    return text % told


# --- two waves ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """One dimension then and now, in words."""

    dimension: Dimension
    before: str
    after: str
    difference: str
    before_n: str
    after_n: str
    spread: str
    remark: str


def dumbbell(compared: Comparison) -> charts.Chart:
    after, before = compared.after, compared.before
    rows = [
        (
            change.dimension.name,
            value(after, change.before.mean) if change.before else None,
            value(after, change.after.mean) if change.after else None,
        )
        for change in compared.comparable
    ]
    return charts.dumbbell(
        _("Two waves: %(before)s and %(after)s") % {"before": before.survey, "after": after.survey},
        rows,
        (_dated(before), _dated(after)),
        scale=scale(after),
        note=f"{weighting(after)} {base_change(compared)}",
        label=_("Dimension"),
        id="endring",
        decimals=1,
    )


def _dated(wave: Wave) -> str:
    return wording.short_day(wave.day) if wave.day else str(wave.survey)


def moved(compared: Comparison) -> list[Moved]:
    return [_moved(compared, change) for change in compared.comparable]


def _moved(compared: Comparison, change: Change) -> Moved:
    wave, (before, after) = compared.after, (change.before, change.after)
    spread = ""
    if before and after:
        old, new = deviation(wave, before.deviation), deviation(wave, after.deviation)
        spread = f"{old} → {new}"
        if old != new:
            spread += " (" + (_("more even") if after.deviation < before.deviation else _("less even")) + ")"
    part = {"shared": change.shared, "asked": change.asked}
    return Moved(
        change.dimension,
        words(wave, before.mean) if before else _("missing"),
        words(wave, after.mean) if after else _("missing"),
        step(wave, change.difference),
        counted(before.answers, before.people) if before else "",
        counted(after.answers, after.people) if after else "",
        spread,
        ""
        if change.shared == change.asked
        else _("on %(shared)s of %(asked)s statements, those that both asked") % part,
    )


def base_change(compared: Comparison) -> str:
    """Whether it is the same municipalities, and as many, that answered both times."""
    then, now = (counted(wave.answers, wave.people) for wave in (compared.before, compared.after))
    if not compared.base_changed:
        return _("The same municipalities answered both times, with as many answers and people (%(n)s).") % {"n": now}
    told = [_("Those who answered are not the same: %(then)s before, %(now)s now.") % {"then": then, "now": now}]
    for places, text in ((compared.came, _("New: %(names)s.")), (compared.left, _("Not this time: %(names)s."))):
        if places:
            names = ", ".join(map(str, places)) if len(places) <= 6 else of_municipalities(len(places))
            told.append(text % {"names": names})
    return " ".join(told)


def rows_in_order(wave: Wave, shown: Sequence[Organisation], own: Any) -> list[Row]:
    return [row_of(wave, place, mine=place.pk in own) for place in shown]
