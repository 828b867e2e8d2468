from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Resolution
from portfolio.models.projects import Project

POINT_STANDS = """
    IF EXISTS (
        SELECT 1 FROM portfolio_mandate WHERE adopted_on IS NOT NULL
        AND id IN (COALESCE(OLD.mandate_id, NEW.mandate_id), COALESCE(NEW.mandate_id, OLD.mandate_id))
    ) THEN RAISE EXCEPTION 'The mandate is adopted: its points stand as they are.'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class MandateQuerySet(models.QuerySet["Mandate"]):
    def adopted(self) -> MandateQuerySet:
        return self.filter(adopted_on__isnull=False)

    def drafts(self) -> MandateQuerySet:
        return self.filter(adopted_on=None)

    def newest_first(self) -> MandateQuerySet:
        return self.order_by("-number")


@pghistory.track()
class Mandate(models.Model):
    """What a project is to do, in ordered points; each edition stands as the body adopted it (D3, rule 7)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="mandates")
    number = models.PositiveSmallIntegerField(_("edition"))
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    adopted_by = models.CharField(_("adopted by"), max_length=200, blank=True)
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name=_("resolution")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="mandate_number_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(adopted_on=None), name="mandate_one_draft"),
            models.CheckConstraint(
                name="mandate_says_who_adopted_it",
                condition=Q(adopted_on=None, adopted_by="", resolution=None)
                | (Q(adopted_on__isnull=False) & ~Q(adopted_by="")),
                violation_error_message=_("Write both the day it was adopted and who adopted it."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_when_adopted",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__adopted_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.number}"

    @property
    def texts(self) -> list[str]:
        return [point.text for point in self.points.all()]


@pghistory.track()
class MandatePoint(models.Model):
    """One point of a mandate, in its place."""

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("point of a mandate")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["mandate", "position"], name="mandate_point_has_its_place"),
            models.CheckConstraint(name="mandate_point_says_something", condition=~Q(text="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_when_adopted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=POINT_STANDS,
            )
        ]

    def __str__(self) -> str:
        return self.text
