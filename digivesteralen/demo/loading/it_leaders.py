"""An open round of confirmation, an IT collaboration that two municipalities have, and what is shared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from digivesteralen.demo.loading.cast import Cast
from governance.models import Appointment, Collaboration, Role
from surveys.actions import covering, inventory, looking_over, rounds
from surveys.actions.sharing import set_sharing
from surveys.models import Area, Inventory, ServiceArea

COVERED = ("1867", "1868")
CONFIRMING = "1871"


def load(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    agreement = collaboration.agreements.earliest("pk")
    set_sharing(collaboration=collaboration, agreement=agreement, operation=True, by=secretary)
    _it_collaboration(cast, collaboration, secretary)
    opened = rounds.open_round(
        collaboration=collaboration,
        title=f"Eksempel: systemer {cast.today.year}",
        opens_on=cast.past(-5),
        answer_by=cast.day(40),
        example=True,
        by=secretary,
    )
    own = Inventory.objects.get(municipality__number=CONFIRMING)
    group = ServiceArea.objects.filter(areas__uses__inventory=own).earliest("position")
    looking_over.confirm_group(round=opened, inventory=own, group=group, by=_it_leader(CONFIRMING))


def _it_collaboration(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    """One system in an area that neither of the two has answered."""
    made = covering.register_it_collaboration(
        collaboration=collaboration,
        name="Eksempel: IT-samarbeidet i vest",
        municipalities=cast.municipalities(COVERED),
        since=cast.today - timedelta(days=365),
        example=True,
        by=secretary,
    )
    keeper = _it_leader(COVERED[0])
    covering.appoint_leader(collaboration=collaboration, it_collaboration=made, person=keeper.person, by=secretary)
    unanswered = Area.objects.exclude(uses__inventory__municipality__number__in=COVERED)
    free = unanswered.exclude(products=None).earliest("pk")
    product = free.products.earliest("pk")
    inventory.add_system(
        inventory=Inventory.objects.get(municipality=made),
        area=free,
        product=product.name,
        supplier=product.supplier.name if product.supplier else "",
        contract_end=cast.today + timedelta(days=500),
        operation="it_collab",
        operated_by=made.name,
        hosting="shared",
        notice_months=6,
        example=True,
        by=keeper,
    )


def _it_leader(number: str) -> Any:
    leads = Appointment.objects.active().filter(role=Role.IT_LEADER, organisation__number=number)
    return leads.earliest("pk").person.user
