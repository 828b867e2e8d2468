"""One purchase that a municipality makes by itself, and the alerts that the example contracts give today."""

from __future__ import annotations

from datetime import timedelta

from digivesteralen.demo.loading.cast import Cast
from surveys.actions import procurement
from surveys.actions.alerts import raise_alerts
from surveys.models import Area

BUYER = "1868"


def load(cast: Cast) -> None:
    """What shows on «Felles anskaffelser» beside the contracts of the inventory."""
    procurement.plan_own_purchase(
        municipality=cast.municipality(BUYER),
        area=Area.objects.get(key="epj pleie omsorg"),
        title="Eksempel: nytt journalsystem for helse og omsorg",
        signs_on=cast.today + timedelta(days=150),
        note="Eksempel: konkurransegrunnlaget er nesten ferdig.",
        example=True,
        by=cast.director_of(BUYER),
    )
    raise_alerts()
