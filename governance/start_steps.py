"""«Kom i gang»: what an empty collaboration does first, told by the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Meeting


@dataclass(frozen=True)
class Step:
    """One step: done when its facts are there, over when done or left out."""

    key: str
    title: Any
    text: Any
    action: Any
    url: str
    done: bool
    skipped: bool

    @property
    def is_over(self) -> bool:
        return self.done or self.skipped


def steps(collaboration: Collaboration) -> list[Step]:
    steering = collaboration.steering_group()
    slug = collaboration.slug
    new_body = f"{reverse('new_body', args=[slug])}?slag=steering"
    told = [
        (
            "members",
            _("The municipalities"),
            _("Say which municipalities take part."),
            _("Add a member"),
            reverse("add_member", args=[slug]),
            collaboration.memberships.active().count() > 1,
        ),
        (
            "agreement",
            _("The agreement"),
            _("Write the eight sections and send it to the municipalities. One can begin before all have answered."),
            _("New agreement"),
            reverse("new_agreement", args=[slug]),
            collaboration.agreements.exists(),
        ),
        (
            "steering",
            _("The steering group"),
            _("Set up the steering group, and give the municipal directors their seats."),
            _("Fill the seats") if steering else _("New steering group"),
            steering.get_absolute_url() if steering else new_body,
            steering is not None and steering.seats.active().exists(),
        ),
        (
            "meeting",
            _("The first meeting"),
            _("Plan the first meeting, and put cases on its agenda."),
            _("Plan a meeting"),
            f"/{slug}/moter/",
            Meeting.objects.filter(body__collaboration=collaboration).exists(),
        ),
    ]
    return [Step(*step, skipped=step[0] in collaboration.skipped_steps) for step in told]
