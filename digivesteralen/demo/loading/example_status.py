"""How the made-up projects stand: reports of the last months, by those who lead them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from portfolio.actions import status
from portfolio.models import Project

LIGHTS = ("progress", "economy", "quality", "risk", "benefit")


def load(cast: Cast, collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    for fact in told:
        reports = fact.get("statuses", [])
        if not reports:
            continue
        project = Project.objects.select_related("leader__user").get(collaboration=collaboration, slug=fact["slug"])
        by = project.leader.user if project.leader else secretary
        for one in reports:
            day = cast.past(one["days"])
            moment = min(cast.moment(day, "09:00"), timezone.now())
            status.publish(project=project, at=moment, by=by, reported_for=day, **_told(one))


def _told(one: dict[str, Any]) -> dict[str, Any]:
    """Three lines, or a word and a line for each of six lights."""
    words: dict[str, Any] = {"overall": one["light"], "overall_text": one.get("short", "")}
    for name in LIGHTS:
        answer = one.get(name, "")
        word, text = answer if isinstance(answer, list) else ("", answer)
        words |= {name: word, f"{name}_text": text}
    return words
