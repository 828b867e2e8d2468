"""What a project tells the form on which a municipality registers its decision: how much it is asked to cover."""

from __future__ import annotations

from decimal import Decimal

from governance.models import Adoption
from portfolio.actions.shares import up_to_date
from portfolio.models import Participation


def share_of(adoption: Adoption) -> tuple[Decimal | None, Decimal | None] | None:
    """The amount and the hours of the municipality if all invited join; nothing where no project asks."""
    up_to_date(adoption.collaboration)
    shares = Participation.objects.filter(adoption=adoption).values_list("share__if_all", "share__hours_if_all")
    return shares.first()
