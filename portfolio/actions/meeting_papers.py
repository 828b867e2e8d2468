"""The strategy and a saved ranking as documents, for the papers of a meeting."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Collaboration
from portfolio.models import Ranking, Strategy

STRATEGY, RANKING = "portfolio.strategy", "portfolio.ranking"
SEE = "governance.view_collaboration"


def order_strategy(*, strategy: Strategy, by: Any) -> Job:
    """Ask for the PDF of an edition that all in the collaboration read; each time is the next version of it."""
    require(by, SEE, on=strategy.collaboration)
    if not strategy.is_read_by_all:
        raise NotAllowedNow(_("The edition is being written and is read by its writers. Lay it before the body first."))
    return jobs.ask(STRATEGY, str(strategy.pk), by=by)


def order_ranking(*, ranking: Ranking, by: Any) -> Job:
    """Ask for the PDF of a saved ranking, as it was saved."""
    require(by, SEE, on=ranking.collaboration)
    return jobs.ask(RANKING, str(ranking.pk), by=by)


def strategy_of(subject: str) -> Strategy:
    return Strategy.objects.select_related("collaboration").get(pk=int(subject))


def ranking_of(subject: str) -> Ranking:
    return Ranking.objects.select_related("collaboration", "focus_area", "made_by", "criteria").get(pk=int(subject))


def place_of_strategy(subject: str) -> Collaboration:
    return strategy_of(subject).collaboration


def place_of_ranking(subject: str) -> Collaboration:
    return ranking_of(subject).collaboration
