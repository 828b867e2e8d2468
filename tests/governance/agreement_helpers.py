"""Agreements as the tests need them: in force by the decisions of two councils."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from governance.models import Adoption, Agreement, Collaboration


def in_force(collaboration: Collaboration, form: str, since: date, by: Any) -> Agreement:
    """An agreement of that form, in force with two members from the day."""
    day = min(since, timezone.localdate())
    made = Agreement.objects.create(
        collaboration=collaboration,
        title=f"Avtale om {form.upper()}",
        slug=f"avtale-om-{form}",
        form=form,
        entity_name=f"Vesterålen {form.upper()}",
        period_from=since,
        state=Agreement.State.SENT,
        sent_on=day - timedelta(days=60),
    )
    for place in collaboration.members(day)[:2]:
        Adoption.objects.create(
            collaboration=collaboration,
            organisation=place,
            agreement=made,
            key=f"avtale-{made.pk}",
            matter=made.title,
            state=Adoption.State.ADOPTED,
            decided_by="Kommunestyret",
            decided_on=day - timedelta(days=30),
            case_number="1/26",
            registered_by=by,
            registered_at=timezone.now(),
        )
    return made
