"""What is told about a project, and a meeting to tell it for."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.models import Body, Collaboration, Meeting
from portfolio.models import Habits

LINES: dict[str, Any] = {
    "overall": "green",
    "progress_text": "31 av 84 skjema er digitale.",
    "economy_text": "Følger planen.",
    "risk_text": "Knapp kapasitet hos fagområdene.",
}
SIX_LIGHTS: dict[str, Any] = {
    "overall": "yellow",
    "overall_text": "Leverandøren er valgt.",
    "progress": "ahead",
    "economy": "unknown",
    "quality": "better",
    "risk": "medium",
    "benefit": "not_begun",
}


def ahead(body: Body, *, days: int) -> Meeting:
    """A planned meeting so many days from now."""
    starts = timezone.now() + timedelta(days=days)
    last = body.meetings.order_by("-number").values_list("number", flat=True).first()
    return Meeting.objects.create(
        body=body, year=timezone.localdate(starts).year, number=(last or 0) + 1, starts_at=starts,
        ends_at=starts + timedelta(hours=2), place="Sortland",
    )  # fmt: skip


def six_lights_in(collaboration: Collaboration) -> None:
    Habits.objects.create(collaboration=collaboration, status=Habits.Status.FULL)
