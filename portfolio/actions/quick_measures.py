"""A quick measure without ceremony: registered and asked about in one go (K11, rule 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from digivesteralen.accounts.access import require
from governance.models import Collaboration, Organisation, Person
from portfolio.actions.participation import invite
from portfolio.actions.projects import RIGHT, register_project
from portfolio.models import Precision, Project


@transaction.atomic
def register_quick_measure(
    *,
    collaboration: Collaboration,
    title: str,
    goal: str = "",
    leader: Person | None,
    ends_on: date | None,
    ends_precision: str = Precision.DAY,
    organisations: Sequence[Organisation],
    example: bool = False,
    by: Any,
) -> Project:
    """What it is, who answers for it, when it is to be done, and which municipalities are asked.

    It has no shared cost; each municipality answers for itself, and then the secretariat starts it.
    """
    require(by, RIGHT, on=collaboration)
    told: dict[str, Any] = {"title": title, "goal": goal, "leader": leader, "ends_on": ends_on}
    there = _registered_already(collaboration, told, organisations)
    if there is not None:
        return there
    made = register_project(
        collaboration=collaboration,
        kind=Project.Kind.MEASURE,
        quick_measure=True,
        shared_cost=Decimal(0),
        ends_precision=ends_precision,
        example=example,
        by=by,
        **told,
    )
    invite(project=made, organisations=organisations, by=by)
    return made


def _registered_already(
    collaboration: Collaboration, told: dict[str, Any], organisations: Sequence[Organisation]
) -> Project | None:
    """The same answers sent twice are one measure, and the municipalities are asked once."""
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    same = collaboration.projects.filter(quick_measure=True, state=Project.State.IDEA, **told).last()
    if same is None or set(same.participations.values_list("organisation", flat=True)) != {
        place.pk for place in organisations
    }:
        return None
    return same
