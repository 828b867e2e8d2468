"""Whether the parts of a cost are the cost, and the sentence that says by how much they are not (rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from portfolio.models import Project

NOTHING = Decimal(0)


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), NOTHING)


def difference(sentence: str, parts: Decimal, whole: Decimal) -> str:
    """A sentence of two sums, and how far they are apart; empty where they agree."""
    if parts == whole:
        return ""
    apart = {"parts": wording.money(parts), "whole": wording.money(whole), "rest": wording.money(abs(whole - parts))}
    missing = _("%(rest)s is missing.") if parts < whole else _("%(rest)s is too much.")
    return f"{sentence} {missing}" % apart


def lines_differ(amounts: Sequence[Decimal], cost: Decimal | None) -> str:
    if not amounts:
        return ""
    said = _("The cost lines add up to %(parts)s, but the shared cost is %(whole)s:")
    return difference(said, total(amounts), cost or NOTHING)


def years_differ(years: Sequence[tuple[Decimal, Decimal]], cost: Decimal | None, grants: Decimal) -> str:
    """Of (cost, grants) of each year; all of what is wrong."""
    if not years:
        return ""
    costs = _("The years add up to %(parts)s, but the shared cost is %(whole)s:")
    paid = _("The grants of the years add up to %(parts)s, but the grants in all are %(whole)s:")
    wrong = [
        difference(costs, total(year_cost for year_cost, _grant in years), cost or NOTHING),
        difference(paid, total(grant for _cost, grant in years), grants),
    ]
    return " ".join(filter(None, wrong))


def amounts_differ(amounts: Iterable[Decimal | None], to_share: Decimal | None) -> str:
    if to_share is None:
        return _("Register the shared cost before you write in what each municipality pays.")
    said = _("The shares add up to %(parts)s, but %(whole)s are to be shared:")
    return difference(said, total(amounts), to_share)


def written_differ(project: Project) -> str:
    """Amounts written in were the cost when they were written; they are not when it is another."""
    if project.key != Project.Key.MANUAL or project.in_base_budget or project.to_share is None:
        return ""
    written = [part.amount for part in project.participations.all()]
    apart = amounts_differ(written, project.to_share) if total(written) else ""
    how = _("Choose another way of sharing first, change the cost, and then write in the amounts.")
    return f"{apart} {how}" if apart else ""


def what_differs(project: Project) -> str:
    """A cost that is changed by itself no longer is what its parts say; told where to change them together."""
    years = [(year.cost, year.grant_share) for year in project.years.all()]
    wrong = [
        lines_differ([line.amount for line in project.cost_lines.all()], project.shared_cost),
        years_differ(years, project.shared_cost, project.grant_share),
    ]
    if any(wrong):
        return " ".join([*filter(None, wrong), _("Change them together under «Costs».")])
    return written_differ(project)
