"""Keeping how alike the municipalities are on a day, so that it can be told later from what to what (8.2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.models import Collaboration
from surveys.convergence import AreaIndex, per_area
from surveys.models import Area, AreaConvergence, ConvergenceMeasure

RIGHT = "governance.manage_surveys"


@transaction.atomic
def take_measure(*, collaboration: Collaboration, title: str, by: Any) -> ConvergenceMeasure:
    """Keep the index of every area as it is today. It cannot be changed afterwards, and there is one a day."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    today = timezone.localdate()
    if ConvergenceMeasure.objects.filter(collaboration=collaboration, on=today).exists():
        raise NotAllowedNow(_("A measure was taken today already. It stands, and the next can be taken tomorrow."))
    return keep(collaboration=collaboration, title=title, on=today, by=by)


def keep(
    *, collaboration: Collaboration, title: str, on: date, by: Any, among: Collection[int] | None = None
) -> ConvergenceMeasure:
    """The measure with every area at every level; areas that nobody has answered count in the coverage."""
    members = list(collaboration.sharing().values_list("pk", flat=True))
    found = per_area(members if among is None else among, AreaConvergence.Level.values)
    if not any(area.index is not None for area in found[AreaConvergence.Level.PRODUCT]):
        raise NotAllowedNow(
            _("There is nothing to compare yet: no area has a system from two municipalities. Wait until it has.")
        )
    measure = ConvergenceMeasure.objects.create(
        collaboration=collaboration,
        title=title,
        on=on,
        members=len(members),
        taken_by=by,
        example=any(area.example for area in found[AreaConvergence.Level.PRODUCT]),
    )
    AreaConvergence.objects.bulk_create(_rows(measure, found))
    return measure


def _rows(measure: ConvergenceMeasure, found: dict[str, list[AreaIndex]]) -> list[AreaConvergence]:
    every = list(Area.objects.values_list("pk", flat=True))
    rows = []
    for level, areas in found.items():
        known = {area.area_id: area for area in areas}
        rows += [_row(measure, level, known.get(pk) or AreaIndex(pk, 0, 0, None)) for pk in every]
    return rows


def _row(measure: ConvergenceMeasure, level: str, area: AreaIndex) -> AreaConvergence:
    made = area.measured
    return AreaConvergence(
        measure=measure,
        area_id=area.area_id,
        level=level,
        answered=area.answered,
        having=area.having,
        index=made.index if made else None,
        effective=made.effective if made else None,
        largest=made.largest if made else None,
    )
