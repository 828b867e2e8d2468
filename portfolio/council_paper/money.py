"""What it costs the municipality: its share twice and year by year, how it is worked out, its hours, what it bears."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from digivesteralen.documents.paper import Column, Paragraph, Part, Table
from digivesteralen.ui import wording
from governance.models import Population
from portfolio.council_paper.about import written
from portfolio.council_paper.basis import Basis
from portfolio.council_paper.standing import amount
from portfolio.models import Participation, Project, ProjectCase
from portfolio.shares import Financing, Line, Populations, shares


def economy(basis: Basis) -> list[Part]:
    if basis.divided is None or basis.own is None:
        told: list[Part] = [*written(basis.case.consequences if basis.case else "")]
        return told or [Paragraph(_("The collaboration has stated no cost for the municipality."))]
    return [*_shares(basis.divided, basis.own), *_internal(basis.own.participation), *_consequences(basis)]


def _shares(divided: Financing, own: Line) -> list[Part]:
    project = divided.project
    if project.to_share is None:
        return [Paragraph(_("The shared cost is not known yet.")), *_hours_alone(own)]
    sums = {name: wording.money(value) for name, value in _sums(project).items()}
    total = _("Shared cost: %(cost)s. Grants pay %(grant)s of it, and %(rest)s is left for the municipalities.") % sums
    if project.in_base_budget:
        total = _("The base budget pays; the municipalities pay nothing of their own for this project.")
    if divided.problem:
        return [Paragraph(total), Paragraph(_why_not(divided))]
    told = [total, key(divided, own), last_ore(divided), _if_it_joins(divided, own), _reopened(own)]
    return [Paragraph(told[0]), *_table(own), *(Paragraph(line) for line in told[1:] if line)]


def _why_not(divided: Financing) -> str:
    """For a council that reads it; the portal's own sentence tells the secretariat what to press."""
    project, parts = divided.project, [line.participation for line in divided.lines]
    if project.key in Project.BY_PEOPLE and project.counted_on:
        counts = Population.objects.filter(organisation__in=[part.organisation_id for part in parts])
        known = set(counts.filter(on__lte=project.counted_on).values_list("organisation", flat=True))
        lacking = [part.organisation.name for part in parts if part.organisation_id not in known]
        if lacking:
            named = {"day": wording.day(project.counted_on), "municipalities": ", ".join(lacking)}
            return (
                _("The shares can't be worked out: the population on %(day)s is not registered for %(municipalities)s.")
                % named
            )
    return _("The shares can't be worked out yet: the collaboration lacks the figures that the cost is shared by.")


def _sums(project: Project) -> dict[str, Decimal | None]:
    return {"cost": project.shared_cost, "grant": project.grant_share, "rest": project.to_share}


def _table(own: Line) -> list[Part]:
    """The share twice: year by year where the project has years, in all, and the hours."""
    rows = [(str(year.year), amount(year.if_all), amount(year.so_far)) for year in own.years]
    rows.append((_("Share of the cost in all"), amount(own.if_all), amount(own.so_far)))
    if own.hours_if_all is not None:
        rows.append((_("Own work, hours"), _hours(own.hours_if_all), _hours(own.hours_so_far)))
    columns = [
        Column(_("The municipality's part"), 40),
        Column(_("If all invited join"), 30, figures=True),
        Column(_("With those who have said yes"), 30, figures=True),
    ]
    caption = _("What %(municipality)s pays and does") % {"municipality": own.participation.organisation}
    return [Table(caption, columns, rows)]


def _hours(value: Decimal | None) -> str:
    return "–" if value is None else wording.number(value)


def _hours_alone(own: Line) -> list[Part]:
    """While the cost is unknown the hours may be known."""
    return _table(own) if own.hours_if_all is not None else []


def key(divided: Financing, own: Line) -> str:
    """How the cost is shared, in one sentence with the figures behind it."""
    project = divided.project
    joining = [line for line in divided.lines if line.if_all is not None]
    if project.in_base_budget or not project.to_share or own.if_all is None:
        return ""
    said = {
        "municipality": own.participation.organisation,
        "count": len(joining),
        "percent": project.equal_percent,
        "fixed": wording.money(project.fixed_amount or Decimal(0)),
        "rate": wording.money(project.rate or Decimal(0)),
        "unit": project.use_unit,
        "use": wording.number(own.participation.use or Decimal(0)),
        "all_use": wording.number(sum((line.participation.use or Decimal(0) for line in joining), Decimal(0))),
        **(_people(project, joining, own) if project.key in Project.BY_PEOPLE else {}),
    }
    return _sentences()[project.key] % said


def _people(project: Project, joining: list[Line], own: Line) -> dict[str, str]:
    assert project.counted_on is not None
    municipalities = [line.participation.organisation_id for line in joining]
    counts = Populations(municipalities)
    people = {pk: counts.on(project.counted_on)[pk] for pk in municipalities}
    return {
        "day": wording.day(project.counted_on),
        "people": wording.number(people[own.participation.organisation_id]),
        "everybody": wording.number(sum(people.values())),
    }


def _sentences() -> dict[str, str]:
    return {
        Project.Key.EQUAL: _("The cost is shared equally between the municipalities that may join (%(count)s)."),
        Project.Key.POPULATION: _(
            "The cost is shared by population on %(day)s: %(municipality)s has %(people)s of the %(everybody)s "
            "inhabitants of the municipalities that may join."
        ),
        Project.Key.MIXED: _(
            "%(percent)s per cent of the cost is shared equally between the municipalities that may join, "
            "and the rest by population on %(day)s: %(municipality)s has %(people)s of %(everybody)s inhabitants."
        ),
        Project.Key.FIXED: _(
            "Each municipality that joins pays %(fixed)s, and the rest is shared by population "
            "on %(day)s: %(municipality)s has %(people)s of %(everybody)s inhabitants."
        ),
        Project.Key.RATE: _(
            "Each municipality pays %(rate)s per inhabitant and year, counted on %(day)s: %(municipality)s has "
            "%(people)s inhabitants."
        ),
        Project.Key.USE: _(
            "The cost is shared by use, counted in %(unit)s: %(municipality)s has %(use)s of %(all_use)s."
        ),
        Project.Key.MANUAL: _("The cost is shared by amounts that are agreed for each municipality."),
    }


def last_ore(divided: Financing) -> str:
    """Who carries the last øre, so that nobody has to wonder why two equal shares differ."""
    if not divided.if_all.last_ore:
        return ""
    names = ", ".join(organisation.name for organisation in divided.if_all.last_ore)
    return _("The shares add up to the amount exactly. One øre more than rounded down: %(names)s.") % {"names": names}


def _if_it_joins(divided: Financing, own: Line) -> str:
    """What it would cost if nobody but those who have said yes came along."""
    bound = [line.participation for line in divided.lines if line.so_far is not None]
    if own.participation in bound or not own.participation.may_still_join or not divided.project.to_share or not bound:
        return ""
    share = shares(divided.project, [*bound, own.participation]).of(own.participation)
    named = {"municipality": own.participation.organisation, "amount": amount(share)}
    return _("If only those who have said yes go on together with %(municipality)s, its share is %(amount)s.") % named


def _reopened(own: Line) -> str:
    if not own.reopened or own.covered is None:
        return ""
    return _("The municipality's earlier decision covers %(amount)s; the rest must be settled anew.") % {
        "amount": wording.money(own.covered)
    }


def _internal(part: Participation) -> list[Part]:
    """What the municipality itself spends on receiving the project stands apart from the shared cost."""
    if part.internal_cost is None:
        return [Paragraph(_("The municipality's internal cost of receiving the project is not estimated."))]
    cost = {"amount": wording.money(part.internal_cost)}
    return [Paragraph(_("The municipality's internal cost of receiving the project: %(amount)s.") % cost)]


def _consequences(basis: Basis) -> list[Part]:
    """As the collaboration wrote them; those of a financing plan are the figures above."""
    plans = ProjectCase.objects.filter(case=basis.case, purpose=ProjectCase.Purpose.FINANCING_PLAN)
    if basis.case is None or plans.exists():
        return []
    return [*written(basis.case.consequences)]
