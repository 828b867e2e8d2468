"""«Kom i gang»: what an empty collaboration does first, told by the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Body, Collaboration, Meeting


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


def afterwards(collaboration: Collaboration) -> list[Step]:
    """What waits until the governing level is there: who carries the duties, and the level that carries out (B3)."""
    slug = collaboration.slug
    steering = collaboration.steering_group()
    operational = collaboration.bodies.filter(level=Body.Level.OPERATIONAL)
    told = [
        (
            "duties",
            _("Who does what a legal entity must do"),
            _("Say which municipality receives grants, keeps the accounts and employs the secretariat."),
            _("Lay a duty on a municipality"),
            reverse("lay_duty", args=[slug]),
            collaboration.duties.active().exists(),
        ),
        (
            "operational",
            _("The level that carries out"),
            _("Secretariat, resource group and expert groups, below the steering group.")
            if steering
            else _("Set up the steering group first. The secretariat and the groups come below it."),
            _("New body"),
            reverse("new_body", args=[slug]),
            operational.exists(),
        ),
    ]
    return [Step(*step, skipped=False) for step in told]


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
