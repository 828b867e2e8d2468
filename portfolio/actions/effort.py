"""Hours of own effort: told by the municipality itself, or by the secretariat for it; and what an hour counts as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, allowed, check_version, require
from governance import on_behalf
from governance.models import Collaboration, Organisation
from portfolio.effort_rules import Rates, Rules, Told
from portfolio.models import Effort, HourlyRate
from portfolio.periods import Period

OWN, MANAGE = "governance.report_effort", "governance.manage_portfolio"
WRITTEN = ["hours", "rate", "estimated", "registered_by", "on_behalf", "version"]
BATCH = 500


@transaction.atomic
def tell_hours(*, collaboration: Collaboration, told: Sequence[Told], by: Any) -> list[Effort]:
    """Write these figures, change those that are different, and take away those that are emptied (N8, R19)."""
    for_others = may_tell(by, collaboration, [one.organisation for one in told])
    _hold(told)
    rules = Rules(collaboration, {one.organisation for one in told}, {one.period.starts_on.year for one in told})
    rates, standing = Rates(collaboration), _standing(collaboration, told)
    new: list[Effort] = []
    changed: list[Effort] = []
    gone: list[Effort] = []
    for one in told:
        current = standing.get(one.key)
        _as_it_was_seen(one, current)
        if one.hours is None:
            gone += [current] if current else []
        elif current is None or not same(one, current):
            _may_be_told(rules, one)
            row = current or _blank(collaboration, one)
            _fill(row, one, rates, by, on_behalf=one.organisation.pk in for_others)
            (changed if current else new).append(row)
    Effort.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Effort.objects.bulk_update(changed, WRITTEN, batch_size=BATCH)
    return [*Effort.objects.bulk_create(new, batch_size=BATCH), *changed]


def may_tell(by: Any, collaboration: Collaboration, organisations: Iterable[Organisation]) -> set[int]:
    """Stop who may not; answer with the municipalities that the secretariat tells for."""
    places = {organisation.pk for organisation in organisations}
    own = list(allowed(Organisation.objects.filter(pk__in=places), by, OWN))
    for place in own:
        on_behalf.speak_for(by, place)
    others = places - {place.pk for place in own}
    if others:
        require(by, MANAGE, on=collaboration)
    return others


def same(told: Told, current: Effort) -> bool:
    """Nothing new is said; a rate that is not named stays as it is."""
    rate = current.rate if told.rate is None else told.rate
    return (told.hours, told.estimated, rate) == (current.hours, current.estimated, current.rate)


def _hold(told: Sequence[Told]) -> None:
    """One at a time for each municipality, in the same order for all."""
    places = {one.organisation.pk for one in told}
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=places).order_by("pk"))


def _standing(collaboration: Collaboration, told: Sequence[Told]) -> dict[Any, Effort]:
    rows = Effort.objects.filter(
        collaboration=collaboration,
        organisation__in={one.organisation.pk for one in told},
        starts_on__in={one.period.starts_on for one in told},
        span__in={one.period.span for one in told},
    )
    return {(row.organisation_id, row.project_id, row.starts_on): row for row in rows}


def _as_it_was_seen(told: Told, current: Effort | None) -> None:
    if told.version is None or told.version == (current.version if current else 0):
        return
    if current is not None:
        raise Stale(current)
    raise NotAllowedNow(
        _("Somebody has removed the hours of %(municipality)s in %(period)s meanwhile. Look once more, and tell again.")
        % {"municipality": told.organisation, "period": told.period}
    )


def _may_be_told(rules: Rules, told: Told) -> None:
    if problem := rules.problem(told):
        raise NotAllowedNow(problem)
    rules.remember(told)


def _blank(collaboration: Collaboration, told: Told) -> Effort:
    return Effort(
        collaboration=collaboration,
        organisation=told.organisation,
        project=told.project,
        span=told.period.span,
        starts_on=told.period.starts_on,
        example=told.example,
        version=0,
    )


def _fill(row: Effort, told: Told, rates: Rates, by: Any, *, on_behalf: bool) -> None:
    assert told.hours is not None
    row.hours, row.estimated = told.hours, told.estimated
    row.rate = told.rate or row.rate or rates.of(told.period)
    row.registered_by, row.on_behalf = by, on_behalf
    row.version += 1


# --- what an hour counts as ---------------------------------------------------------------------------


@transaction.atomic
def agree_rate(*, collaboration: Collaboration, since: date, amount: Decimal, by: Any, example: bool = False) -> Any:
    """From this day an hour counts as so much; hours told before any rate was agreed get theirs now."""
    require(by, MANAGE, on=collaboration)
    if collaboration.hourly_rates.filter(since=since).exists():
        raise NotAllowedNow(_("There is already a rate from this day. Change it."), at="since")
    made = HourlyRate.objects.create(collaboration=collaboration, since=since, amount=amount, example=example)
    _value_the_unvalued(collaboration)
    return made


@transaction.atomic
def change_rate(*, rate: HourlyRate, version: int | None, amount: Decimal, by: Any) -> HourlyRate:
    """Put a rate right; hours that are told keep the rate they were told with."""
    require(by, MANAGE, on=rate.collaboration)
    rate = HourlyRate.objects.select_for_update().get(pk=rate.pk)
    check_version(rate, version)
    rate.amount, rate.version = amount, rate.version + 1
    rate.save()
    return rate


def _value_the_unvalued(collaboration: Collaboration) -> None:
    rates = Rates(collaboration)
    without = Effort.objects.filter(collaboration=collaboration, rate=None)
    for starts_on, span in without.order_by().values_list("starts_on", "span").distinct():
        amount = rates.of(Period(starts_on, span))
        if amount is not None:
            without.filter(starts_on=starts_on, span=span).update(rate=amount)
