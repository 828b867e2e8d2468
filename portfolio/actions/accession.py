"""Each municipality accedes to an edition of the strategy by its own decision; nobody does it for it (D12, rule 1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow
from governance.actions.adoptions import open_adoption
from governance.case_panels import with_earlier
from governance.models import Adoption, Case
from portfolio.accession import answers
from portfolio.actions.strategy import locked_edition
from portfolio.models import Strategy


@transaction.atomic
def ask_for_accession(*, strategy: Strategy, answer_by: date | None = None, by: Any) -> list[Adoption]:
    """Put an adopted edition to the members that were not asked yet; nothing is answered for them."""
    strategy = locked_edition(strategy, None, by)
    if strategy.is_draft:
        raise NotAllowedNow(_("Only an adopted edition is put to the municipalities. Adopt it first."))
    if answer_by is not None and answer_by < timezone.localdate():
        raise NotAllowedNow(_("The deadline is past. Choose today or a later day."), at="answer_by")
    asked = ask_the_rest(strategy, answer_by, by)
    if not asked:
        raise NotAllowedNow(_("All the municipalities have been asked already."))
    return asked


def ask_the_rest(strategy: Strategy, answer_by: date | None, by: Any) -> list[Adoption]:
    """Each member that was not asked about this edition yet."""
    asked = set(answers(strategy).values_list("organisation", flat=True))
    missing = [member for member in strategy.collaboration.members() if member.pk not in asked]
    return [_ask(strategy, member, strategy.case, answer_by, by) for member in missing]


def opens_adoptions(case: Case, by: Any) -> bool:
    """The case of a strategy goes to the municipalities: each is asked in its own words whether it accedes.

    Not to a draft: where the body changed the words, they are asked when the edition is adopted as it was decided.
    """
    laid = Strategy.objects.filter(case__in=with_earlier(case)).select_related("collaboration")
    for strategy in laid:
        if not strategy.is_draft:
            ask_the_rest(strategy, None, by)
    return bool(laid)


@override("nb")
def _ask(strategy: Strategy, organisation: Any, case: Case | None, answer_by: date | None, by: Any) -> Adoption:
    said = {"title": str(strategy), "number": strategy.number, "municipality": organisation}
    return open_adoption(
        collaboration=strategy.collaboration,
        organisation=organisation,
        matter=(_("Accession to «%(title)s», edition %(number)s") % said)[:200],
        proposal=_("%(municipality)s municipality accedes to «%(title)s», edition %(number)s.") % said,
        case=case,
        key=strategy.matter,
        answer_by=answer_by,
        example=strategy.example,
        by=by,
    )
