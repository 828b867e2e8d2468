"""The order and the saved rankings as workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from digivesteralen.spreadsheets.writing import SheetSpec
from portfolio.candidates import Entry, points
from portfolio.models import CriteriaSet, Ranking, Score
from portfolio.ranking_history import Moved


def order(entries: Sequence[Entry], edition: CriteriaSet | None) -> list[SheetSpec]:
    """The order as it stands; with scoring on, the points by each criterion too."""
    header = [_("Place in the order"), _("What"), _("Phase"), _("Focus area")]
    criteria = list(edition.criteria.all()) if edition else []
    if edition:
        header += [*(f"{one.name} ({one.weight.normalize():f})" for one in criteria), _("Adjusted by hand"), _("Sum")]
    given = points(edition)
    values = _values(edition)
    rows: list[list[Any]] = []
    for entry in entries:
        found = given.get(entry.candidate)
        scored: list[Any] = []
        if edition:
            scored = [
                *(values.get((entry.candidate, one.pk)) for one in criteria),
                found.adjustment if found else None,
                found.total if found else None,
            ]
        rows.append(
            [entry.place, entry.title, entry.state_word, entry.area_name, *scored, _("yes") if entry.example else ""]
        )
    about: list[list[Any]] = [[_("As of"), timezone.localdate()], [_("Criteria"), str(edition) if edition else "–"]]
    return [
        SheetSpec(_("Prioritisation"), [*header, _("Example")], rows),
        SheetSpec(_("About"), [_("What"), _("Value")], about),
    ]


def _values(edition: CriteriaSet | None) -> dict[tuple[int, int], int]:
    scores = Score.objects.filter(assessment__edition=edition).order_by() if edition else Score.objects.none()
    return {
        (candidate, criterion): value
        for candidate, criterion, value in scores.values_list("assessment__candidate", "criterion", "value")
    }


def ranking(saved: Ranking, lines: Sequence[Moved]) -> list[SheetSpec]:
    """One saved ranking, with how far each has moved since the one before."""
    header = [
        _("Place in the order"),
        _("What"),
        _("Focus area"),
        pgettext("score", "Points"),
        _("Place before"),
        _("Example"),
    ]
    rows = [[one.place, one.title, one.area, one.points, one.before, _("yes") if one.example else ""] for one in lines]
    about: list[list[Any]] = [
        [_("Ranking"), str(saved)],
        [_("Saved"), timezone.localdate(saved.made_at)],
        [_("Saved by"), str(saved.made_by)],
        [_("Why"), saved.reason],
    ]
    return [SheetSpec(_("Ranking"), header, rows), SheetSpec(_("About"), [_("What"), _("Value")], about)]
