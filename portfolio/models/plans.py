from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Case, Collaboration
from portfolio.models.projects import Project


class FinancingPlanQuerySet(models.QuerySet["FinancingPlan"]):
    def visible_to(self, user: Any) -> FinancingPlanQuerySet:
        """An exempt case takes its plan along: seen only by those who see the case (rule 8)."""
        seen = Collaboration.objects.visible_to(user)
        return self.filter(project__collaboration__in=seen, case__in=Case.objects.visible_to(user))


@pghistory.track()
class FinancingPlan(models.Model):
    """A project's financing plan as it was laid before the steering group; never changed, only followed (D18, R10)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField(_("plan"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="financing_plan")
    shared_cost = models.DecimalField(_("shared cost, NOK"), max_digits=14, decimal_places=2)
    to_share = models.DecimalField(_("to be shared, NOK"), max_digits=14, decimal_places=2)
    facts = models.JSONField(_("as it was laid"))
    laid_at = models.DateTimeField(_("laid"), auto_now_add=True)
    example = models.BooleanField(_("example"), default=False)

    objects = FinancingPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("financing plan")
        verbose_name_plural = _("financing plans")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="financing_plan_number_once"),
            models.CheckConstraint(
                name="financing_plan_shares_within_the_cost",
                condition=Q(to_share__gte=0, shared_cost__gte=models.F("to_share")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="laid_is_laid", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(_("Financing plan %(number)s")) % {"number": self.number}

    def get_absolute_url(self) -> str:
        project = self.project
        return reverse("laid_plan", args=[project.collaboration.slug, project.slug, self.number])
