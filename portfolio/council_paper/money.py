"""What it costs the municipality: its share twice and year by year, how it is worked out, its hours, what it bears."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from digivesteralen.documents.paper import Column, Paragraph, Part, Table
from digivesteralen.ui import wording
from governance.models import Population
from portfolio.council_paper.about import written
from portfolio.council_paper.basis import Basis
from portfolio.council_paper.keys import key
from portfolio.council_paper.standing import amount
from portfolio.models import Participation, Project, ProjectCase
from portfolio.shares import Financing, Line, shares

# More names than this become a number.
NAMED = 8


def economy(basis: Basis) -> list[Part]:
    if basis.divided is None or basis.own is None:
        told: list[Part] = [*written(basis.case.consequences if basis.case else "")]
        return told or [Paragraph(_("The collaboration has stated no cost for the municipality."))]
    return [*_shares(basis.divided, basis.own), *_internal(basis.own.participation), *_consequences(basis)]


def _shares(divided: Financing, own: Line) -> list[Part]:
    project = divided.project
    if project.to_share is None:
        return [Paragraph(_("The shared cost is not known yet.")), *_hours_alone(own)]
    total = Paragraph(_total(project))
    if divided.problem:
        return [total, Paragraph(_why_not(divided))]
    told = [key(divided, own), last_ore(divided, own), _if_it_joins(divided, own), _reopened(own)]
    return [total, *_table(own), *(Paragraph(line) for line in told if line)]


def _total(project: Project) -> str:
    if project.in_base_budget:
        return _("The base budget pays; the municipalities pay nothing of their own for this project.")
    sums = {"cost": project.shared_cost, "grant": project.grant_share, "rest": project.to_share}
    named = {name: wording.money(value) for name, value in sums.items()}
    if project.grant_share:
        return (
            _("Shared cost: %(cost)s. Grants pay %(grant)s of it, and %(rest)s is left for the municipalities.") % named
        )
    return _("Shared cost: %(cost)s. No grants pay any of it.") % named


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


def last_ore(divided: Financing, own: Line) -> str:
    """Who carries the last øre, so that nobody has to wonder why two equal shares differ."""
    carry, place = divided.if_all.last_ore, own.participation.organisation
    if not carry:
        return ""
    exactly = _("The shares add up to the amount exactly.")
    if len(carry) <= NAMED:
        names = ", ".join(organisation.name for organisation in carry)
        return f"{exactly} " + _("One øre more than rounded down: %(names)s.") % {"names": names}
    said = {"count": len(carry), "municipality": place}
    if place in carry:
        return f"{exactly} " + _("%(count)s carry one øre more than rounded down, %(municipality)s too.") % said
    return f"{exactly} " + _("%(count)s carry one øre more than rounded down, but not %(municipality)s.") % said


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
