from __future__ import annotations

import pghistory
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from governance.models.bodies import Body
from governance.models.collaborations import Collaboration
from governance.models.people import Person
from governance.models.positions import Position
from governance.models.sorting import norwegian_key


@pghistory.track(exclude=["sort_key"])
class Competence(models.Model):
    """A line of the collaboration's own catalogue: procurement, benefits, project management (B6, B18)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="competences")
    name = models.CharField(_("competence"), max_length=100)
    example = models.BooleanField(_("example"), default=False)
    sort_key = norwegian_key("name")

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["sort_key"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "collaboration",
                Lower("name"),
                name="competence_once_in_a_catalogue",
                violation_error_message=_("The catalogue has this competence already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class PersonCompetence(models.Model):
    """What a person can."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="competences")
    competence = models.ForeignKey(Competence, models.CASCADE, related_name="people")

    class Meta:
        verbose_name = _("competence of a person")
        default_permissions = ()
        ordering = ["competence__sort_key"]
        constraints = [models.UniqueConstraint(fields=["person", "competence"], name="person_competence_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.competence}"


@pghistory.track()
class PositionCompetence(models.Model):
    """What a position asks for."""

    position = models.ForeignKey(Position, models.CASCADE, related_name="competences")
    competence = models.ForeignKey(Competence, models.CASCADE, related_name="positions")

    class Meta:
        verbose_name = _("competence of a position")
        default_permissions = ()
        ordering = ["competence__sort_key"]
        constraints = [models.UniqueConstraint(fields=["position", "competence"], name="position_competence_once")]

    def __str__(self) -> str:
        return f"{self.position}: {self.competence}"


@pghistory.track()
class WantedCompetence(models.Model):
    """What a body must be able to do; what nobody in it can is a gap (B6)."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="wanted_competences")
    competence = models.ForeignKey(Competence, models.CASCADE, related_name="wanted")

    class Meta:
        verbose_name = _("competence wanted")
        default_permissions = ()
        ordering = ["competence__sort_key"]
        constraints = [models.UniqueConstraint(fields=["body", "competence"], name="wanted_competence_once")]

    def __str__(self) -> str:
        return f"{self.body}: {self.competence}"
