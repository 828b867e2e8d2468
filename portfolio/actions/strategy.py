"""What the collaboration wants: strategy, focus areas and measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from digivesteralen.accounts.access import check_version
from governance.models import Collaboration
from portfolio.addresses import slug_for
from portfolio.models import FocusArea, Goal, Measure, Pillar, Project, Strategy

Titled = tuple[str, str]


@transaction.atomic
def register_strategy(
    *,
    collaboration: Collaboration,
    title: str = "",
    vision: str = "",
    main_goal: str = "",
    period: str = "",
    note: str = "",
    goals: Sequence[Titled] = (),
    pillars: Sequence[Titled] = (),
    example: bool = False,
    by: Any,
) -> Strategy:
    """A new edition; the earlier ones stay, so that old reports keep the edition they used (R33)."""
    _lock(collaboration)
    number = _next(collaboration.strategies, "number")
    strategy = Strategy.objects.create(
        collaboration=collaboration,
        number=number,
        title=title,
        vision=vision,
        main_goal=main_goal,
        period=period,
        note=note,
        example=example,
    )
    Pillar.objects.bulk_create(_numbered(Pillar, strategy, pillars))
    Goal.objects.bulk_create(_numbered(Goal, strategy, goals))
    return strategy


@transaction.atomic
def change_strategy(
    *, strategy: Strategy, version: int | None, goals: Sequence[Titled], by: Any, **fields: str
) -> Strategy:
    """Mend the words of the present edition; a goal keeps its place, so that projects go on pointing to it."""
    strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)
    check_version(strategy, version)
    for name in ("title", "vision", "main_goal", "period", "note"):
        setattr(strategy, name, fields.get(name, getattr(strategy, name)))
    strategy.version += 1
    strategy.save()
    for position, (title, text) in enumerate(goals, 1):
        strategy.goals.update_or_create(position=position, defaults={"title": title, "text": text})
    strategy.goals.filter(position__gt=len(goals)).delete()
    return strategy


@transaction.atomic
def register_focus_area(
    *,
    collaboration: Collaboration,
    short_name: str,
    name: str,
    text: str = "",
    measures: Sequence[str] = (),
    slug: str = "",
    example: bool = False,
    by: Any,
) -> FocusArea:
    """A focus area comes last in the list; it may have no measure yet (F7)."""
    _lock(collaboration)
    taken = set(collaboration.focus_areas.values_list("slug", flat=True))
    area = FocusArea.objects.create(
        collaboration=collaboration,
        position=_next(collaboration.focus_areas, "position"),
        short_name=short_name,
        name=name,
        slug=slug or slug_for(short_name, taken),
        text=text,
        example=example,
    )
    for measure in measures:
        register_measure(focus_area=area, text=measure, example=example, by=by)
    return area


@transaction.atomic
def change_focus_area(
    *, area: FocusArea, version: int | None, short_name: str, name: str, text: str, by: Any
) -> FocusArea:
    area = FocusArea.objects.select_for_update().get(pk=area.pk)
    check_version(area, version)
    area.short_name, area.name, area.text = short_name, name, text
    area.version += 1
    area.save()
    return area


@transaction.atomic
def register_measure(
    *, focus_area: FocusArea, text: str, project: Project | None = None, example: bool = False, by: Any
) -> Measure:
    FocusArea.objects.select_for_update().get(pk=focus_area.pk)
    return Measure.objects.create(
        focus_area=focus_area,
        position=_next(focus_area.measures, "position"),
        text=text,
        project=project,
        example=example,
    )


@transaction.atomic
def measure_became(*, measure: Measure, project: Project | None, by: Any) -> Measure:
    """Say which project a measure became (L17)."""
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    measure.project = project
    measure.save(update_fields=["project"])
    return measure


def _lock(collaboration: Collaboration) -> None:
    """One at a time may take the next number in a collaboration."""
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)


def _next(rows: Any, column: str) -> int:
    last: int | None = rows.aggregate(last=Max(column))["last"]
    return (last or 0) + 1


def _numbered(model: Any, strategy: Strategy, titled: Sequence[Titled]) -> list[Any]:
    return [
        model(strategy=strategy, position=position, title=title, text=text)
        for position, (title, text) in enumerate(titled, 1)
    ]
