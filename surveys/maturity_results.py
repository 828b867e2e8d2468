"""What a wave says about maturity: municipality by dimension, the region, how even they are, and what has changed.

A reader without the right to single answers does not see a small group's opinions (rule 10): such a municipality is
left out of everything that is shown, with so many more that it cannot be worked out from the rest; a dimension or a
statement that few have answered likewise. What is answered on behalf of a municipality is open. Three reads per wave,
however many municipalities.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from governance.models import Collaboration, Organisation, Population, RegionMembership
from surveys.models import Answer, Dimension, MaturityModel, Question, SameQuestion, Survey
from surveys.respondents import guarded
from surveys.scoring import Gap, Region, Score, gap_by_size, leading_number, of_group, of_one, of_region, share_of

Key = tuple[int, int]


@dataclass(frozen=True)
class Item:
    """One question as it counts: towards which dimension, and on which scale."""

    pk: int
    text: str
    dimension: int
    low: Decimal
    high: Decimal
    reversed: bool


@dataclass(frozen=True)
class Wave:
    """One survey's answers as scores; everything that is shown is worked out from here."""

    survey: Survey
    model: MaturityModel
    dimensions: Sequence[Dimension]
    places: Sequence[Organisation]
    items: Sequence[Item]
    scores: Mapping[Key, Score]
    of_items: Mapping[Key, Score]
    counts: Mapping[int, tuple[int, int]]
    hidden: int
    some_hidden: bool = False
    last: Any = None
    by_people: bool = False
    _populations: dict[str, Any] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        return sum(answers for answers, _people in self.counts.values())

    @property
    def people(self) -> int:
        return sum(people for _answers, people in self.counts.values())

    @property
    def day(self) -> date | None:
        """The day the figures are of: when it closed, else the newest answer."""
        closed = self.survey.closes_on
        if closed and closed < timezone.localdate():
            return closed
        return timezone.localdate(self.last) if self.last else self.survey.opens_on

    def region(self, dimension: Dimension, places: Sequence[Organisation] | None = None) -> Region | None:
        chosen = self.places if places is None else places
        return of_region((self.scores.get((place.pk, dimension.pk)) for place in chosen), by_people=self.by_people)

    @cached_property
    def regions(self) -> Mapping[int, Region | None]:
        return {dimension.pk: self.region(dimension) for dimension in self.dimensions}

    def overall(self, place: Organisation) -> Decimal | None:
        """The mean of the dimensions that the municipality has a score in."""
        known = [score.mean for one in self.dimensions if (score := self.scores.get((place.pk, one.pk)))]
        return sum(known, Decimal(0)) / len(known) if known else None

    @cached_property
    def populations(self) -> dict[int, int]:
        """The newest count that is not newer than the wave (S14)."""
        day = self.day or timezone.localdate()
        newest = Population.objects.filter(organisation__in=[place.pk for place in self.places], on__lte=day)
        rows = newest.order_by("organisation", "-on").distinct("organisation")
        return dict(rows.values_list("organisation", "people"))

    def gap(self, dimension: Dimension | None = None) -> Gap | None:
        """The smallest third beside the largest, in one dimension or over all (S14, K10)."""
        pairs = []
        for place in self.places:
            score = self.scores.get((place.pk, dimension.pk)) if dimension else None
            share = (score.mean if score else None) if dimension else self.overall(place)
            pairs.append((share, self.populations.get(place.pk)))
        return gap_by_size(pairs)

    @cached_property
    def named_regions(self) -> list[tuple[str, list[Organisation]]]:
        """The regions that the municipalities lie in, with those that answered (A5)."""
        by_pk = {place.pk: place for place in self.places}
        rows = RegionMembership.objects.active().filter(organisation__in=by_pk).order_by("region__name")
        found: dict[str, list[Organisation]] = defaultdict(list)
        for name, pk in rows.values_list("region__name", "organisation"):
            found[name].append(by_pk[pk])
        return list(found.items())


def waves(collaboration: Collaboration) -> QuerySet[Survey]:
    """The surveys that can be scored and have answers, the newest first."""
    asked = Survey.objects.of(collaboration).filter(maturity__isnull=False, questions__dimension__isnull=False)
    return asked.filter(responses__isnull=False).distinct().select_related("maturity", "collaboration").newest_first()


def read(
    survey: Survey,
    *,
    everything: bool = False,
    by_people: bool = False,
    only: Mapping[int, int] | None = None,
) -> Wave:
    """The scores of a wave; ``only`` takes some of its questions, each under the dimension that is named."""
    assert survey.maturity is not None
    items = _items(survey, only)
    rows = survey.responses.order_by()
    responses = list(rows.values_list("pk", "municipality", "people", "completed", "municipality__number"))
    given = _given(survey, items)
    counts: dict[int, tuple[int, int]] = {}
    for _pk, place, people, _completed, _number in responses:
        if place is not None:
            answers, so_far = counts.get(place, (0, 0))
            counts[place] = (answers + 1, so_far + people)
    guard = survey.personal_opinion and not everything
    numbers: dict[int | None, str] = {row[1]: row[4] or "" for row in responses} if guard else {}
    small = _small(Counter(row[1] for row in responses), numbers)
    places = _places(survey, {place for place in counts if place not in small})
    scores, of_items, some_hidden = _scores([row[:3] for row in responses], items, given, small, numbers)
    dimensions = Dimension.objects.filter(pk__in={item.dimension for item in items})
    return Wave(
        survey=survey,
        model=survey.maturity,
        dimensions=list(dimensions.order_by("position", "pk")),
        places=places,
        items=items,
        scores=scores,
        of_items=of_items,
        counts={place: count for place, count in counts.items() if place not in small},
        hidden=len(small - {None}),
        some_hidden=some_hidden,
        last=max((row[3] for row in responses if row[3]), default=None),
        by_people=by_people,
    )


def _items(survey: Survey, only: Mapping[int, int] | None) -> list[Item]:
    asked = survey.questions.filter(scale_min__isnull=False, scale_max__isnull=False)
    asked = asked.filter(dimension__isnull=False) if only is None else asked.filter(pk__in=only)
    rows: Any = asked.order_by("position").values_list("pk", "text", "dimension", "scale_min", "scale_max", "reversed")
    return [Item(pk, text, only[pk] if only else side, *scale) for pk, text, side, *scale in rows]


def _given(survey: Survey, items: Sequence[Item]) -> dict[Any, dict[int, Decimal | None]]:
    """By answer and question the share that was given; what has no score is missing."""
    by_pk = {item.pk: item for item in items}
    rows = Answer.objects.filter(response__survey=survey, question__in=by_pk).order_by()
    given: dict[Any, dict[int, Decimal | None]] = defaultdict(dict)
    for response, question, option, score, number, text in rows.values_list(
        "response", "question", "option", "option__score", "number", "text"
    ):
        item = by_pk[question]
        value = score if option else number if number is not None else leading_number(text)
        given[response][question] = share_of(value, item.low, item.high, from_the_other_end=item.reversed)
    return given


def _small(answers: Mapping[int | None, int], numbers: Mapping[int | None, str]) -> set[int | None]:
    """The municipalities that are hidden when so many have answered from each: the same as beside the results.

    None is where the municipality is not known. Without numbers nothing is guarded.
    """
    hidden = guarded({numbers[place]: count for place, count in answers.items()}) if numbers else set()
    return {place for place in answers if numbers.get(place) in hidden}


def _places(survey: Survey, answered: set[int]) -> list[Organisation]:
    """Members, and those that answered while they were members."""
    members = Organisation.objects.members_of(survey.collaboration).municipalities().values("pk")
    return list(Organisation.objects.filter(Q(pk__in=members) | Q(pk__in=answered)).order_by("sort_key"))


def _scores(
    responses: Sequence[tuple[Any, int | None, int]],
    items: Sequence[Item],
    given: Mapping[Any, dict[int, Any]],
    small: Collection[int | None],
    numbers: Mapping[int | None, str],
) -> tuple[dict[Key, Score], dict[Key, Score], bool]:
    """The scores that may be shown, of dimensions and of statements; and whether single dimensions are hidden too."""
    in_dimension: dict[int, list[int]] = defaultdict(list)
    for item in items:
        in_dimension[item.dimension].append(item.pk)
    shares: dict[Any, list[tuple[Decimal | None, int]]] = defaultdict(list)
    single: dict[Any, list[tuple[Decimal | None, int]]] = defaultdict(list)
    for response, place, people in responses:
        said = given.get(response, {})
        for dimension, questions in in_dimension.items():
            shares[place, dimension].append((of_one([said.get(question) for question in questions]), people))
        for question, share in said.items():
            single[place, question].append((share, people))
    dimensions, some_hidden = _shown(shares, small, numbers)
    return dimensions, _shown(single, small, numbers)[0], some_hidden


def _shown(
    shares: Mapping[Any, Any], small: Collection[int | None], numbers: Mapping[int | None, str]
) -> tuple[dict[Key, Score], bool]:
    """Fewer may have answered a dimension or a statement than the whole: what is small is hidden there too."""
    every = {key: score for key, rows in shares.items() if (score := of_group(rows))}
    answers: dict[int, dict[int | None, int]] = defaultdict(dict)
    for (place, what), score in every.items():
        answers[what][place] = score.answers
    few = {what: _small(counts, numbers) for what, counts in answers.items()}
    open_ = {key: score for key, score in every.items() if key[0] is not None and key[0] not in small}
    shown = {key: score for key, score in open_.items() if key[0] not in few[key[1]]}
    return shown, len(shown) < len(open_)


# --- two waves ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One dimension in two waves, on the questions that both asked."""

    dimension: Dimension
    before: Region | None
    after: Region | None
    shared: int
    asked: int

    @property
    def difference(self) -> Decimal | None:
        return self.after.mean - self.before.mean if self.before and self.after else None


@dataclass(frozen=True)
class Comparison:
    """The later wave beside an earlier: only what a person has linked, or what comes from one statement."""

    before: Wave
    after: Wave
    changes: Sequence[Change]

    @property
    def comparable(self) -> list[Change]:
        return [change for change in self.changes if change.shared]

    @property
    def not_comparable(self) -> list[Dimension]:
        return [change.dimension for change in self.changes if not change.shared]

    @property
    def came(self) -> list[Organisation]:
        return self._only_in(self.after, self.before)

    @property
    def left(self) -> list[Organisation]:
        return self._only_in(self.before, self.after)

    @property
    def base_changed(self) -> bool:
        return self.before.counts != self.after.counts

    @staticmethod
    def _only_in(one: Wave, other: Wave) -> list[Organisation]:
        return [place for place in one.places if place.pk in one.counts and place.pk not in other.counts]

    def of_place(self, place: Organisation, dimension: Dimension) -> Decimal | None:
        """How far one municipality has moved."""
        before, after = (wave.scores.get((place.pk, dimension.pk)) for wave in (self.before, self.after))
        return after.mean - before.mean if before and after else None


def compare(later: Wave, earlier: Survey, *, everything: bool = False) -> Comparison:
    """The later wave, read already, is read anew only where something in it was not asked before."""
    survey, by_people = later.survey, later.by_people
    same = same_questions(survey, earlier)
    dimension_of = dict(
        survey.questions.filter(dimension__isnull=False).order_by("position").values_list("pk", "dimension")
    )
    shared = {pk: dimension for pk, dimension in dimension_of.items() if pk in same}
    asked_anew = len(shared) == len(dimension_of)
    after = later if asked_anew else read(survey, everything=everything, by_people=by_people, only=shared)
    before = read(
        earlier,
        everything=everything,
        by_people=by_people,
        only={same[pk]: dimension for pk, dimension in shared.items()},
    )
    every = Dimension.objects.filter(pk__in=set(dimension_of.values())).order_by("position", "pk")
    counted = list(shared.values())
    asked = list(dimension_of.values())
    return Comparison(
        before,
        after,
        [
            Change(one, before.region(one), after.region(one), counted.count(one.pk), asked.count(one.pk))
            for one in every
        ],
    )


def same_questions(later: Survey, earlier: Survey) -> dict[int, int]:
    """The questions of the later wave that stand in the earlier too: linked by a person, or from one statement."""
    rows = Question.objects.filter(survey__in=[later, earlier]).filter(scale_min__isnull=False)
    asked = list(rows.order_by("position").values_list("pk", "survey", "statement"))
    here = SameQuestion.objects.filter(question__survey__collaboration=later.collaboration_id)
    links = dict(here.values_list("question", "same_as"))
    old: dict[Any, int] = {}
    for pk, survey, statement in asked:
        if survey == earlier.pk:
            old[_first(pk, links)] = pk
            if statement:
                old["statement", statement] = pk
    found: dict[int, int] = {}
    for pk, survey, statement in asked:
        match = old.get(_first(pk, links)) or (old.get(("statement", statement)) if statement else None)
        if survey == later.pk and match and match not in found.values():
            found[pk] = match
    return found


def _first(pk: int, links: Mapping[int, int]) -> int:
    """The question that a chain of links began with."""
    seen = {pk}
    while (earlier := links.get(pk)) and earlier not in seen:
        pk = earlier
        seen.add(pk)
    return pk


def earlier_waves(survey: Survey) -> list[Survey]:
    """What a wave may be set beside: every scored survey that closed, or opened, before it."""
    begin = survey.opens_on or survey.closes_on
    return [
        one
        for one in waves(survey.collaboration)
        if one.pk != survey.pk and begin and (one.opens_on or one.closes_on or date.min) < begin
    ]
