from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Collaboration


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, user: Any) -> StrategyQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def newest(self) -> Strategy | None:
        """The edition in force: earlier ones stay as they were (R33)."""
        return self.order_by("-number").first()


@pghistory.track()
class Strategy(models.Model):
    """One edition of what a collaboration wants: vision, main goal, goals, pillars (G1–G13, D12)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="strategies")
    number = models.PositiveSmallIntegerField(_("edition"), default=1)
    title = models.CharField(_("title"), max_length=200, blank=True)
    vision = models.TextField(_("vision"), blank=True)
    main_goal = models.TextField(_("main goal"), blank=True)
    period = models.CharField(_("period"), max_length=100, blank=True, help_text=_("For example «2021/22–2025»."))
    note = models.TextField(_("note"), blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="strategy_edition_once"),
            models.CheckConstraint(name="strategy_edition_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Strategy"))

    def get_absolute_url(self) -> str:
        return reverse("strategy", args=[self.collaboration.slug])


@pghistory.track()
class Pillar(models.Model):
    """A pillar that groups the goals of a strategy (G8)."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="pillars")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["strategy", "position"], name="pillar_place_once")]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Goal(models.Model):
    """One numbered goal or sub-goal of a strategy; projects point to those they serve (G3–G6, L8)."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="goals")
    pillar = models.ForeignKey(Pillar, models.SET_NULL, null=True, blank=True, related_name="goals")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("goal")
        ordering = ["position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["strategy", "position"], name="goal_place_once")]

    def __str__(self) -> str:
        return self.title
