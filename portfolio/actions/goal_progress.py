"""How far the goals have come: notes in words, indicators with their values (G9–G13)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from portfolio.models import Goal, GoalNote, Indicator, IndicatorValue

RIGHT = "governance.manage_portfolio"


class IndicatorFields(TypedDict, total=False):
    name: str
    unit: str
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    target_on: date | None


@transaction.atomic
def note_progress(*, goal: Goal, on: date, text: str, example: bool = False, by: Any) -> GoalNote:
    require(by, RIGHT, on=goal.strategy.collaboration)
    _not_to_come(on)
    return GoalNote.objects.create(goal=goal, on=on, text=text, written_by=by, example=example)


@transaction.atomic
def change_note(*, note: GoalNote, version: int | None, on: date, text: str, by: Any) -> GoalNote:
    note = _locked(note, version, by)
    _not_to_come(on)
    note.on, note.text = on, text
    note.version += 1
    note.save()
    return note


@transaction.atomic
def remove_note(*, note: GoalNote, version: int | None = None, by: Any) -> None:
    """The history keeps it."""
    _locked(note, version, by).delete()


@transaction.atomic
def add_indicator(*, goal: Goal, example: bool = False, by: Any, **fields: Unpack[IndicatorFields]) -> Indicator:
    require(by, RIGHT, on=goal.strategy.collaboration)
    return Indicator.objects.create(goal=goal, example=example, **fields)


@transaction.atomic
def change_indicator(
    *, indicator: Indicator, version: int | None, by: Any, **fields: Unpack[IndicatorFields]
) -> Indicator:
    indicator = _locked(indicator, version, by)
    first = indicator.values.order_by("on").first()
    baseline_on = fields.get("baseline_on")
    if first and baseline_on and first.on <= baseline_on:
        raise NotAllowedNow(
            _("A value is written for %(day)s already. The baseline must be older than that.")
            % {"day": wording.day(first.on)},
            at="baseline_on",
        )
    for name, value in fields.items():
        setattr(indicator, name, value)
    indicator.version += 1
    indicator.save()
    return indicator


@transaction.atomic
def remove_indicator(*, indicator: Indicator, version: int | None = None, by: Any) -> None:
    indicator = _locked(indicator, version, by)
    if indicator.values.exists():
        raise NotAllowedNow(_("The indicator has values. Remove the values first."))
    indicator.delete()


@transaction.atomic
def write_value(
    *, indicator: Indicator, on: date, value: Decimal, note: str = "", example: bool = False, by: Any
) -> IndicatorValue:
    """What was measured on a day; the same day again replaces what stood there."""
    indicator = _locked(indicator, None, by)
    _not_to_come(on)
    if indicator.baseline_on and on <= indicator.baseline_on:
        raise NotAllowedNow(
            _("The baseline was measured %(day)s. Write a value of a later day, or change the baseline.")
            % {"day": wording.day(indicator.baseline_on)},
            at="on",
        )
    written, _new = IndicatorValue.objects.update_or_create(
        indicator=indicator, on=on, defaults={"value": value, "note": note, "example": example}
    )
    return written


@transaction.atomic
def remove_value(*, value: IndicatorValue, by: Any) -> None:
    _locked(value.indicator, None, by)
    IndicatorValue.objects.filter(pk=value.pk).delete()


def _locked(row: Any, version: int | None, by: Any) -> Any:
    """A note or an indicator, held; the right is that of the goal's collaboration."""
    rows = type(row).objects.select_for_update(of=["self"]).select_related("goal__strategy__collaboration")
    current = rows.get(pk=row.pk)
    require(by, RIGHT, on=current.goal.strategy.collaboration)
    check_version(current, version)
    return current


def _not_to_come(on: date) -> None:
    if on > timezone.localdate():
        raise NotAllowedNow(
            _("%(day)s has not been yet. Choose today or an earlier day.") % {"day": wording.day(on)}, at="on"
        )
