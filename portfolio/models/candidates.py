from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Collaboration
from portfolio.models.ideas import Idea
from portfolio.models.projects import Project


@pghistory.track()
class Candidate(models.Model):
    """What is weighed against the rest, with its place in the secretariat's order (R22).

    Nobody fills this in: the rows are made the first time somebody moves, scores or saves anything.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="candidates")
    project = models.OneToOneField(Project, models.PROTECT, null=True, blank=True, related_name="candidate")
    # An idea that is taken up goes on as its project, with the place and the points it had.
    idea = models.OneToOneField(Idea, models.PROTECT, null=True, blank=True, related_name="candidate")
    place = models.PositiveIntegerField(pgettext_lazy("order", "place"))

    class Meta:
        verbose_name = _("candidate")
        ordering = ["place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "place"], name="candidate_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="candidate_is_something",
                condition=models.Q(project__isnull=False) | models.Q(idea__isnull=False),
                violation_error_message=_("A candidate is a project or an idea."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def thing(self) -> Any:
        return self.project or self.idea

    @property
    def title(self) -> str:
        return str(self.thing.title)
