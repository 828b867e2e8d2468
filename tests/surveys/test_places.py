"""Which municipality a text means, by the regions of today."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Collaboration, Organisation, Region
from surveys.places import Places

pytestmark = pytest.mark.django_db


def test_a_municipality_that_left_the_region_is_no_longer_named_by_it(
    digi: Collaboration, sortland: Organisation
) -> None:
    row = Region.objects.create(name="Ytre").memberships.create(organisation=sortland)
    assert Places(digi).named("Sortland i Ytre") == sortland
    row.until = timezone.localdate() - timedelta(days=1)
    row.save()
    assert Places(digi).named("Sortland i Ytre") is None
