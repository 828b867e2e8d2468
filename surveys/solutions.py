"""Who has taken which national solution into use, who lags, and what stands in the way (S9, S10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from governance.models import Collaboration, Membership, Organisation
from surveys.models import Integration, NationalSolution, Requirement, SystemUse, Uptake

State = Uptake.State
READY = (Integration.State.CONNECTED, Integration.State.READY)


@dataclass(frozen=True)
class Share:
    """How many have a solution in use, of those it concerns; who has not answered is told beside it."""

    in_use: int
    concerned: int
    unanswered: int

    @property
    def part(self) -> float | None:
        return self.in_use / self.concerned if self.concerned else None


@dataclass(frozen=True)
class Row:
    """A solution with one answer for each municipality; None is not answered."""

    solution: NationalSolution
    answers: list[Uptake | None]
    share: Share


def of(collaboration: Collaboration) -> QuerySet[NationalSolution]:
    """The solutions that count, with how the members stand to each."""
    members = Q(uptakes__municipality__in=collaboration.sharing())

    def answered(*states: str) -> Count:
        return Count("uptakes", distinct=True, filter=members & Q(uptakes__state__in=states))

    return NationalSolution.objects.filter(counted=True).annotate(
        in_use=answered(State.IN_USE),
        begun=answered(State.PLANNED, State.BEING_INTRODUCED),
        irrelevant=answered(State.NOT_RELEVANT),
        answered=answered(*State.values),
    )


def share_of(solution: Any, members: int) -> Share:
    """Of one solution as ``of`` reads it."""
    return Share(solution.in_use, members - solution.irrelevant, members - solution.answered)


def matrix(solutions: Sequence[Any], municipalities: Sequence[Organisation], members: int) -> list[Row]:
    """The solutions given, with the answers of the municipalities given."""
    found = {
        (one.solution_id, one.municipality_id): one
        for one in Uptake.objects.filter(solution__in=solutions, municipality__in=municipalities)
    }
    return [
        Row(one, [found.get((one.pk, place.pk)) for place in municipalities], share_of(one, members))
        for one in solutions
    ]


def municipality_shares(places: Sequence[Organisation]) -> dict[int, Share]:
    """For each municipality how many of the solutions it has in use."""
    total = NationalSolution.objects.filter(counted=True).count()
    counts = (
        Uptake.objects.filter(municipality__in=places, solution__counted=True)
        .order_by()
        .values("municipality")
        .annotate(
            in_use=Count("pk", filter=Q(state=State.IN_USE)),
            irrelevant=Count("pk", filter=Q(state=State.NOT_RELEVANT)),
            answered=Count("pk"),
        )
    )
    found = {one["municipality"]: one for one in counts}
    nothing = {"in_use": 0, "irrelevant": 0, "answered": 0}
    return {
        place.pk: Share(one["in_use"], total - one["irrelevant"], total - one["answered"])
        for place in places
        for one in [found.get(place.pk, nothing)]
    }


@dataclass(frozen=True)
class Standing:
    """One municipality and one solution: the answer, what is still needed, and the systems that are connected."""

    municipality: Organisation
    uptake: Uptake | None
    lacking: list[Requirement]
    systems: list[Integration]

    @property
    def in_use(self) -> bool:
        return self.uptake is not None and self.uptake.state == State.IN_USE


def standings(
    solution: NationalSolution, places: Sequence[Organisation], day: date, *, systems: bool = True
) -> list[Standing]:
    """How each municipality stands to a solution, in as many queries for six as for three hundred.

    Without ``systems`` those that are connected count, but are not named.
    """
    asked = list(solution.requirements.select_related("other", "member_of"))
    uptakes = {one.municipality_id: one for one in _answers(solution, places)}
    connected = _connected(solution, places)
    members = _members(asked, places, day)
    using = set(
        Uptake.objects.filter(
            solution__in=[one.other_id for one in asked if one.other_id], municipality__in=places, state=State.IN_USE
        ).values_list("solution_id", "municipality_id")
    )

    def met(one: Requirement, place: Organisation) -> bool:
        uptake = uptakes.get(place.pk)
        if uptake and one in uptake.fulfilled.all():
            return True
        if one.kind == Requirement.Kind.RELEASE:
            return any(system.state in READY for system in connected[place.pk])
        return (one.member_of_id, place.pk) in members or (one.other_id, place.pk) in using

    return [
        Standing(
            place,
            uptakes.get(place.pk),
            [one for one in asked if not met(one, place)],
            connected[place.pk] if systems else [],
        )
        for place in places
    ]


def _answers(solution: NationalSolution, places: Sequence[Organisation]) -> QuerySet[Uptake]:
    return solution.uptakes.filter(municipality__in=places).prefetch_related("fulfilled")


def _connected(solution: NationalSolution, places: Sequence[Organisation]) -> dict[int, list[Integration]]:
    found: dict[int, list[Integration]] = defaultdict(list)
    uses = SystemUse.objects.counted().systems().filter(inventory__municipality__in=places)
    rows = solution.integrations.filter(use__in=uses).select_related("use__product", "use__inventory")
    for one in rows.order_by("use__product__sort_key"):
        found[one.use.inventory.municipality_id].append(one)
    return found


def _members(asked: Sequence[Requirement], places: Sequence[Organisation], day: date) -> set[tuple[int, int]]:
    wanted = [one.member_of_id for one in asked if one.member_of_id]
    rows = Membership.objects.active(day).filter(collaboration__in=wanted, organisation__in=places)
    return set(rows.values_list("collaboration_id", "organisation_id"))


def own(municipality: Organisation) -> QuerySet[NationalSolution]:
    """Every solution with the municipality's own answer beside it, those without one too."""
    answers = Uptake.objects.filter(solution=OuterRef("pk"), municipality=municipality)
    return NationalSolution.objects.filter(counted=True).annotate(
        state=answers.values("state")[:1], on=answers.values("on")[:1], example=Exists(answers.filter(example=True))
    )
