from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Resolution
from portfolio.models.criteria import CriteriaSet
from portfolio.models.focus_areas import FocusArea


class RankingQuerySet(models.QuerySet["Ranking"]):
    def visible_to(self, user: Any) -> RankingQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def in_short(self) -> RankingQuerySet:
        """Without the lines, of which there may be thousands."""
        return self.defer("lines").select_related("collaboration", "focus_area", "made_by", "resolution")


@pghistory.track()
class Ranking(models.Model):
    """«Lagre rangeringen»: the order as it stood one day, named, with who saved it and why; a new one is a new edition.

    Each of ``lines`` tells candidate, place, title and points as they were. Only the resolution can come later.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="rankings")
    number = models.PositiveIntegerField(_("edition"))
    name = models.CharField(_("name"), max_length=120)
    reason = models.TextField(_("why"))
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, null=True, blank=True, related_name="rankings", verbose_name=_("focus area")
    )
    criteria = models.ForeignKey(CriteriaSet, models.PROTECT, null=True, blank=True, related_name="rankings")
    lines = models.JSONField(_("the order"))
    made_at = models.DateTimeField(_("saved"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="rankings")
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="rankings", verbose_name=_("decided in")
    )
    example = models.BooleanField(_("example"), default=False)

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="ranking_edition_once"),
            models.CheckConstraint(name="ranking_says_why", condition=~Q(reason="") & ~Q(name="")),
        ]
        triggers = [
            pgtrigger.Protect(name="saved_is_saved", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_the_resolution_comes_later",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "collaboration", "number", "name", "reason", "focus_area", "criteria", "lines", "made_at",
                    "made_by", "example",
                ),
            ),
            pgtrigger.Protect(
                name="decided_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__resolution__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(_("%(name)s (edition %(number)s)")) % {"name": self.name, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("ranking_edition", args=[self.collaboration.slug, self.number])
