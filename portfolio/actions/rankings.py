"""«Lagre rangeringen»: the order of a day, kept as it was, and the resolution that adopted it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.models import Collaboration, Resolution
from portfolio import candidates
from portfolio.actions.ordering import RIGHT, complete
from portfolio.models import FocusArea, Habits, Ranking


@transaction.atomic
def save_ranking(
    *, collaboration: Collaboration, name: str, reason: str, focus_area: FocusArea | None = None, by: Any
) -> Ranking:
    """A new edition, over all or of one focus area; saved twice as it stands, it is one."""
    require(by, RIGHT, on=collaboration)
    entries = [entry for entry in complete(collaboration) if focus_area is None or entry.area == focus_area.pk]
    if not entries:
        raise NotAllowedNow(_("There is nothing to rank here yet. Register a project or an idea first."))
    edition = collaboration.criteria_sets.in_force() if Habits.objects.of(collaboration).scoring else None
    found = candidates.points(edition)
    lines = [_line(place, entry, found.get(entry.candidate)) for place, entry in enumerate(entries, 1)]
    newest = collaboration.rankings.filter(focus_area=focus_area).first()
    if newest and (newest.name, newest.reason, newest.lines) == (name, reason, lines):
        return newest
    return Ranking.objects.create(
        collaboration=collaboration,
        number=(collaboration.rankings.aggregate(last=Max("number"))["last"] or 0) + 1,
        name=name,
        reason=reason,
        focus_area=focus_area,
        criteria=edition,
        lines=lines,
        example=any(entry.example for entry in entries),
        made_by=by,
    )


def _line(place: int, entry: candidates.Entry, given: candidates.Points | None) -> dict[str, Any]:
    return {
        "candidate": entry.candidate,
        "key": entry.key,
        "place": place,
        "title": entry.title,
        "area": entry.area_name,
        "points": str(given.total) if given and given.total is not None else None,
        "example": entry.example,
    }


@transaction.atomic
def adopt_ranking(*, ranking: Ranking, resolution: Resolution, by: Any) -> Ranking:
    """Name the resolution that adopted it, once."""
    ranking = Ranking.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=ranking.pk)
    require(by, RIGHT, on=ranking.collaboration)
    if ranking.resolution_id == resolution.pk:
        return ranking
    if ranking.resolution_id:
        raise NotAllowedNow(_("This ranking is decided already. Save a new one to be decided anew."))
    require_adopted(resolution, ranking.collaboration)
    ranking.resolution = resolution
    ranking.save(update_fields=["resolution"])
    return ranking


def require_adopted(resolution: Resolution, collaboration: Collaboration) -> None:
    """A resolution that stands behind something is adopted, and one of the collaboration's own bodies made it."""
    if resolution.item.meeting.body.collaboration_id != collaboration.pk or not resolution.is_adopted:
        raise NotAllowedNow(
            _("Choose a resolution of the collaboration's own bodies that was adopted."), at="resolution"
        )
