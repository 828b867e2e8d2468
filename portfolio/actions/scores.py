"""Points from 1 to 5 for one candidate, by the criteria in use (D16)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration
from portfolio.actions.ordering import RIGHT, complete, find
from portfolio.models import Assessment, CriteriaSet, Habits, Score


class Given(NamedTuple):
    """What is said by one criterion; no value takes the points away."""

    value: int | None
    comment: str = ""


@transaction.atomic
def give_points(
    *,
    collaboration: Collaboration,
    key: str,
    given: Mapping[int, Given],
    adjustment: Decimal = Decimal(0),
    comment: str = "",
    version: int | None = None,
    by: Any,
) -> Assessment:
    """Score one candidate, by criterion; some may be left for later, and then there is no sum yet."""
    require(by, RIGHT, on=collaboration)
    edition = require_scoring(collaboration)
    entry = find(complete(collaboration), key)
    assessment = Assessment.objects.select_for_update().filter(candidate=entry.candidate, edition=edition).first()
    if assessment is None:
        assessment = Assessment(candidate_id=entry.candidate, edition=edition, version=0, example=entry.example)
    check_version(assessment, version)
    if adjustment and not comment.strip():
        raise NotAllowedNow(_("Write why the points are adjusted by hand."), at="comment")
    assessment.adjustment, assessment.comment = adjustment, comment.strip()
    assessment.version += 1
    assessment.save()
    for criterion in edition.criteria.filter(pk__in=given):
        said = given[criterion.pk]
        if said.value is None:
            assessment.scores.filter(criterion=criterion).delete()
        else:
            defaults = {"value": said.value, "comment": said.comment.strip()}
            Score.objects.update_or_create(assessment=assessment, criterion=criterion, defaults=defaults)
    return assessment


def require_scoring(collaboration: Collaboration) -> CriteriaSet:
    """The criteria in use, where scoring is turned on."""
    if not Habits.objects.of(collaboration).scoring:
        raise NotAllowedNow(_("Scoring is off. Turn it on under «Way of working» first."))
    edition = collaboration.criteria_sets.in_force()
    if edition is None:
        raise NotAllowedNow(_("No criteria are in use yet. Write them and take them into use first."))
    return edition
