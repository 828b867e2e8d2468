from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from portfolio.models.projects import Project
from surveys.models import Area


@pghistory.track()
class WindowIdea(models.Model):
    """That a project began as an idea from a window of joint procurement: for which area and day, and with whom.

    The municipalities are proposed when somebody is invited; nobody is asked by this (rule 1).
    """

    project = models.OneToOneField(Project, models.PROTECT, related_name="window_idea")
    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="window_ideas")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    on = models.DateField(_("last day of the old contracts"))
    municipalities: Any = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("could buy together"))

    class Meta:
        verbose_name = _("idea from a window")
        verbose_name_plural = _("ideas from windows")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "area", "on"],
                name="window_idea_once",
                violation_error_message=_("An idea is made of this window already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.on}"
