"""Criteria with weights, as editions: what candidates are scored by, and who decided it (D16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance.models import Collaboration, Resolution
from portfolio.actions.ordering import RIGHT
from portfolio.actions.rankings import require_adopted
from portfolio.models import CriteriaSet, Criterion
from portfolio.models.criteria import WHOLE


class Line(NamedTuple):
    """One criterion as it is written in the form."""

    name: str
    text: str
    weight: Decimal


@override("nb")
def usual() -> list[Line]:
    """What a collaboration begins with, until it writes its own."""
    return [
        Line(_("Strategic value"), _("5: carries a goal of the strategy. 1: outside it."), Decimal(30)),
        Line(_("Economic benefit"), _("5: large saving for all. 1: none."), Decimal(20)),
        Line(_("Qualitative benefit"), _("5: clearly better services. 1: none."), Decimal(20)),
        Line(_("Operational need or required by law"), _("5: must be done now. 1: can wait."), Decimal(15)),
        Line(_("Risk"), _("5: low risk. 1: high risk."), Decimal(15)),
    ]


@transaction.atomic
def draft_criteria(*, collaboration: Collaboration, example: bool = False, by: Any) -> CriteriaSet:
    """A draft to change: as those in use, else the usual ones. A draft that is there is gone on with."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    draft = collaboration.criteria_sets.drafts().first()
    if draft:
        return draft
    before = collaboration.criteria_sets.in_force()
    lines = [Line(one.name, one.text, one.weight) for one in before.criteria.all()] if before else usual()
    number = (collaboration.criteria_sets.aggregate(last=Max("number"))["last"] or 0) + 1
    draft = CriteriaSet.objects.create(collaboration=collaboration, number=number, example=example)
    _write(draft, lines)
    return draft


@transaction.atomic
def change_criteria(*, edition: CriteriaSet, version: int | None, lines: Sequence[Line], by: Any) -> CriteriaSet:
    """Write the draft anew; what is in use is not changed."""
    edition = _held(edition, version, by)
    require_whole(lines)
    edition.criteria.all().delete()
    _write(edition, lines)
    edition.version += 1
    edition.save(update_fields=["version"])
    return edition


@transaction.atomic
def adopt_criteria(
    *,
    edition: CriteriaSet,
    version: int | None,
    adopted_on: date,
    resolution: Resolution | None = None,
    decided_by: str = "",
    by: Any,
) -> CriteriaSet:
    """Take the draft into use, on a resolution or from a day; from then on it stands as it is."""
    edition = _held(edition, version, by)
    require_whole([Line(one.name, one.text, one.weight) for one in edition.criteria.all()])
    if adopted_on > timezone.localdate():
        raise NotAllowedNow(
            _("The day is in the future. Take the criteria into use when it has come."), at="adopted_on"
        )
    if resolution:
        require_adopted(resolution, edition.collaboration)
    edition.adopted_on, edition.resolution, edition.decided_by = adopted_on, resolution, decided_by
    edition.version += 1
    edition.save()
    return edition


@transaction.atomic
def discard_criteria(*, edition: CriteriaSet, by: Any) -> None:
    """Throw the draft away; those in use go on."""
    edition = _held(edition, None, by)
    edition.criteria.all().delete()
    edition.delete()


def unbalanced(lines: Sequence[Line]) -> str:
    """The sentence that names the sum and what is missing or too much; empty when the weights make 100."""
    total = sum((line.weight for line in lines), Decimal(0))
    said = {"sum": wording.number(total), "difference": wording.number(abs(WHOLE - total))}
    if total < WHOLE:
        return _("The weights add up to %(sum)s, and must add up to 100. Add %(difference)s.") % said
    if total > WHOLE:
        return _("The weights add up to %(sum)s, and must add up to 100. Take away %(difference)s.") % said
    return ""


def require_whole(lines: Sequence[Line]) -> None:
    if sentence := unbalanced(lines):
        raise NotAllowedNow(sentence)


def _held(edition: CriteriaSet, version: int | None, by: Any) -> CriteriaSet:
    edition = CriteriaSet.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=edition.pk)
    require(by, RIGHT, on=edition.collaboration)
    check_version(edition, version)
    if not edition.is_draft:
        raise NotAllowedNow(_("These criteria are in use and stand as they are. Make a new edition to change them."))
    return edition


def _write(edition: CriteriaSet, lines: Sequence[Line]) -> None:
    Criterion.objects.bulk_create(
        Criterion(edition=edition, position=position, name=line.name, text=line.text, weight=line.weight)
        for position, line in enumerate(lines, 1)
    )
