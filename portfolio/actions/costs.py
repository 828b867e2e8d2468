"""The cost of one project: its lines, its years, and how it is shared (rule 2, N9, R24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from portfolio import adding_up
from portfolio.actions.projects import checked, locked, saved, stay_within_the_plan
from portfolio.actions.proposals import propose_shares
from portfolio.actions.shares import recalculate
from portfolio.dividing import NoShares
from portfolio.models import CostLine, Participation, Project, ProjectYear
from portfolio.rates import cost_of_a_year
from portfolio.shares import financing

MANAGE = "governance.manage_portfolio"
Key = Project.Key


class LineFields(TypedDict):
    title: str
    kind: str
    year: int | None
    amount: Decimal


class YearFields(TypedDict):
    year: int
    cost: Decimal
    grant_share: Decimal


@transaction.atomic
def write_costs(
    *,
    project: Project,
    version: int | None,
    lines: Sequence[LineFields],
    years: Sequence[YearFields],
    shared_cost: Decimal | None,
    grant_share: Decimal,
    by: Any,
) -> Project:
    """The whole cost at once: where there are lines they are the cost, and years add up to it (rule 2)."""
    require(by, MANAGE, on=project.collaboration)
    project = locked(project, version)
    project.grant_share = grant_share
    project.shared_cost = adding_up.total(line["amount"] for line in lines) if lines else shared_cost
    if project.key == Key.RATE:
        years = _at_the_rate(project, lines, years)
    _add_up(project, lines, years)
    stay_within_the_plan(project)
    checked(project)
    saved(project)
    _rewrite(project, CostLine, [{"position": place, **line} for place, line in enumerate(lines, 1)], "position")
    _rewrite(project, ProjectYear, list(years), "year")
    propose_shares(project=project, by=by)
    recalculate([project])
    return project


@transaction.atomic
def share_cost(
    *,
    project: Project,
    version: int | None,
    key: str,
    counted_on: date | None = None,
    equal_percent: int | None = None,
    fixed_amount: Decimal | None = None,
    rate: Decimal | None = None,
    use_unit: str = "",
    amounts: Mapping[int, Decimal | None] | None = None,
    uses: Mapping[int, Decimal | None] | None = None,
    by: Any,
) -> Project:
    """Choose how the cost is shared. Amounts and use are given by participation (rule 2).

    Amounts written in are the cost, to the øre; at a rate per inhabitant the cost follows from the population.
    """
    require(by, MANAGE, on=project.collaboration)
    project = locked(project, version)
    project.key, project.counted_on, project.equal_percent = key, counted_on, equal_percent
    project.fixed_amount, project.rate, project.use_unit = fixed_amount, rate, use_unit
    checked(project)
    if key == Key.MANUAL:
        _write_amounts(project, amounts or {})
    if key == Key.USE:
        _write_uses(project, uses or {})
    if key == Key.RATE:
        _rewrite(project, ProjectYear, _at_the_rate(project, project.cost_lines.all(), _years_of(project)), "year")
        stay_within_the_plan(checked(project))
    _can_be_shared(project)
    saved(project)
    propose_shares(project=project, by=by)
    recalculate([project])
    return project


@transaction.atomic
def follow_the_rate(*, project: Project, by: Any) -> Project:
    """More are invited: at a rate per inhabitant their people make the cost larger, and nobody else pays more."""
    project = locked(project, None)
    if project.key != Key.RATE:
        return project
    _rewrite(project, ProjectYear, _at_the_rate(project, (), _years_of(project)), "year")
    stay_within_the_plan(project)
    return saved(project)


def _at_the_rate(project: Project, lines: Any, years: Sequence[YearFields]) -> list[YearFields]:
    """The cost of the project and of each year, from the people of those who may join."""
    if lines:
        raise NotAllowedNow(
            _("At an amount per inhabitant the cost follows from the population. Remove the cost lines first.")
        )
    try:
        invited = Participation.objects.filter(project=project).whole()
        a_year = cost_of_a_year(project, invited, in_years=bool(years))
    except NoShares as missing:
        raise NotAllowedNow(missing.sentence) from missing
    project.shared_cost = a_year * max(len(years), 1) + project.grant_share
    return [{**year, "cost": a_year + year["grant_share"]} for year in years]


def _years_of(project: Project) -> list[YearFields]:
    return [{"year": year.year, "cost": year.cost, "grant_share": year.grant_share} for year in project.years.all()]


def _add_up(project: Project, lines: Sequence[LineFields], years: Sequence[YearFields]) -> None:
    """The years are the cost; and amounts that are written in are what is to be shared, as one."""
    spread = [(year["cost"], year["grant_share"]) for year in years]
    if wrong := adding_up.years_differ(spread, project.shared_cost, project.grant_share):
        raise NotAllowedNow(wrong, at="shared_cost")
    if project.key == Key.MANUAL and years:
        raise NotAllowedNow(no_years_with_amounts(), at="shared_cost")
    if wrong := adding_up.written_differ(project):
        raise NotAllowedNow(wrong, at="shared_cost")


def no_years_with_amounts() -> str:
    return _(
        "Amounts written in can't be laid out over years, since each year is shared by itself. Choose another way of "
        "sharing, or remove the years."
    )


def _write_amounts(project: Project, amounts: Mapping[int, Decimal | None]) -> None:
    if project.years.exists():
        raise NotAllowedNow(no_years_with_amounts(), at="key")
    if wrong := adding_up.amounts_differ(amounts.values(), project.to_share):
        raise NotAllowedNow(_("%(wrong)s Change the amounts so that they agree.") % {"wrong": wrong}, at="key")
    _write_each(project, "amount", amounts)


def _write_uses(project: Project, uses: Mapping[int, Decimal | None]) -> None:
    if project.to_share and not adding_up.total(uses.values()):
        raise NotAllowedNow(
            _("Write the number of %(unit)s for each municipality.") % {"unit": project.use_unit}, at="use_unit"
        )
    _write_each(project, "use", uses)


def _write_each(project: Project, field: str, values: Mapping[int, Decimal | None]) -> None:
    for participation in project.participations.select_for_update(no_key=True):
        if participation.pk in values and getattr(participation, field) != values[participation.pk]:
            setattr(participation, field, values[participation.pk])
            participation.version += 1
            participation.save(update_fields=[field, "version"])


def _can_be_shared(project: Project) -> None:
    """A figure that the key needs and nobody has registered is asked for, and not guessed."""
    if problem := financing(project, list(project.participations.whole())).problem:
        raise NotAllowedNow(problem, at="key")


def _rewrite(project: Project, model: Any, rows: Sequence[Mapping[str, Any]], name: str) -> None:
    """Let the project's rows be these. Those that are the same are left alone: the history tells what changed."""
    known = {getattr(row, name): row for row in model.objects.filter(project=project)}
    for row in rows:
        kept = known.pop(row[name], None) or model(project=project)
        if any(getattr(kept, field) != value for field, value in row.items()) or kept.pk is None:
            for field, value in row.items():
                setattr(kept, field, value)
            kept.save()
    model.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
