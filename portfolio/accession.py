"""How far each municipality has come with an edition of the strategy (D12, R1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from governance.adoption_states import Shown, shown
from governance.models import Adoption, Organisation
from governance.models.adoptions import AdoptionQuerySet
from portfolio.models import Strategy


@dataclass(frozen=True)
class Answer:
    """One municipality, and its own treatment of the edition; none where it was not asked."""

    organisation: Organisation
    adoption: Adoption | None

    @property
    def state(self) -> Shown | None:
        return shown(self.adoption) if self.adoption else None


def answers(strategy: Strategy) -> AdoptionQuerySet:
    """What the municipalities were asked about this edition: by its own address, or in the case it was adopted in."""
    about = Q(key=strategy.matter)
    if strategy.case_id and not strategy.is_draft:
        about |= Q(case=strategy.case_id)
    return Adoption.objects.filter(collaboration=strategy.collaboration_id).filter(about)


def by_municipality(strategy: Strategy, user: Any) -> list[Answer]:
    """Every member of today and everyone that was asked, in Norwegian order."""
    asked = {
        one.organisation_id: one
        for one in answers(strategy).visible_to(user).select_related("organisation", "collaboration")
    }
    members = strategy.collaboration.members().values("pk")
    everyone = Organisation.objects.filter(Q(pk__in=members) | Q(pk__in=list(asked))).order_by("sort_key", "pk")
    return [Answer(organisation, asked.get(organisation.pk)) for organisation in everyone]


def matter_of(strategy: Strategy) -> str:
    """The address of the page on which the answers are followed up; empty where nobody was asked."""
    return answers(strategy).values_list("key", flat=True).first() or ""
