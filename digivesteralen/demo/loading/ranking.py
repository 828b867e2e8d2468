"""What comes first, made up: Vesterålen has only the secretariat's order, Trøndelag gives points by criteria."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from governance.models import Collaboration
from portfolio import candidates
from portfolio.actions import criteria, ordering, rankings, scores
from portfolio.actions.scores import Given

SAVED = "Eksempel: før årets budsjett"
WHY = "Eksempel: kommunene skal legge inn midler i budsjettene sine."
# By criterion, for one project after the other.
POINTS = [[5, 4, 4, 3, 3], [4, 2, 5, 4, 4], [3, 5, 3, 2, 2], [2, 3, 4, 5]]


def load(collaboration: Collaboration, secretary: Any) -> None:
    """The order is saved, and one has been moved since; scoring stays off."""
    rankings.save_ranking(collaboration=collaboration, name=SAVED, reason=WHY, by=secretary)
    last = candidates.in_order(collaboration)[-1]
    ordering.move(collaboration=collaboration, key=last.key, to=1, by=secretary)


def load_scored(collaboration: Collaboration, secretary: Any) -> None:
    """Criteria in use, points for the first few, and the order that follows from them; the last is not scored yet."""
    draft = criteria.draft_criteria(collaboration=collaboration, example=True, by=secretary)
    edition = criteria.adopt_criteria(
        edition=draft, version=None, adopted_on=timezone.localdate(), decided_by="Eksempel: styringsgruppen",
        by=secretary,
    )  # fmt: skip
    asked = list(edition.criteria.all())
    for entry, values in zip(candidates.in_order(collaboration), POINTS, strict=False):
        given = {one.pk: Given(value) for one, value in zip(asked, values, strict=False)}
        scores.give_points(collaboration=collaboration, key=entry.key, given=given, by=secretary)
    rankings.save_ranking(collaboration=collaboration, name=SAVED, reason=WHY, by=secretary)
    ordering.order_by_points(collaboration=collaboration, by=secretary)
    rankings.save_ranking(
        collaboration=collaboration, name="Eksempel: etter poeng", reason="Eksempel: poengene er gitt.", by=secretary
    )
