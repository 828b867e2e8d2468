from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models import Case
from portfolio.models.projects import Project


@pghistory.track()
class ProjectCase(models.Model):
    """A case of a body that concerns a project; the case itself knows no project."""

    class Purpose(models.TextChoices):
        FINANCING_PLAN = "financing_plan", _("financing plan")
        PARTICIPATION = "participation", _("participation")
        GATE = "gate", _("gate")
        REPORT = "report", _("report on a quick measure")
        OTHER = "other", _("other")

    project = models.ForeignKey(Project, models.PROTECT, related_name="project_cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="project_cases")
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose)

    class Meta:
        verbose_name = _("case of a project")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "case"], name="project_case_once"),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.case}"
