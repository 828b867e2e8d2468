from __future__ import annotations

from typing import Any

import pghistory
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from portfolio.models.focus_areas import FocusArea
from portfolio.models.strategy import Goal


class LocalStrategyQuerySet(models.QuerySet["LocalStrategy"]):
    def visible_to(self, user: Any) -> LocalStrategyQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class LocalStrategy(models.Model):
    """What a municipality itself makes of the shared strategy; written by its own people alone (L19, rule 1)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="local_strategies")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="local_strategies", verbose_name=_("municipality")
    )
    text = models.TextField(_("what the municipality makes of it"), blank=True)
    plan_title = models.CharField(_("the municipality's own plan"), max_length=200, blank=True)
    plan_link = models.URLField(
        _("link to the plan"), max_length=500, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = LocalStrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("local adaptation of the strategy")
        ordering = ["organisation__sort_key"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["collaboration", "organisation"], name="local_strategy_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.collaboration}"

    def get_absolute_url(self) -> str:
        return reverse("local_strategy", args=[self.organisation.number, self.collaboration.slug])


@pghistory.track()
class LocalPriority(models.Model):
    """What one goal or one focus area means in the municipality: how high it stands there, and a remark."""

    class Priority(models.TextChoices):
        HIGH = "high", _("high priority here")
        SOME = "some", _("some priority here")
        NOT_NOW = "not_now", _("not now here")

    local = models.ForeignKey(LocalStrategy, models.CASCADE, related_name="priorities")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="local_priorities")
    focus_area = models.ForeignKey(FocusArea, models.PROTECT, null=True, blank=True, related_name="local_priorities")
    priority = models.CharField(_("priority"), max_length=8, choices=Priority, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("local priority")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="local_priority_is_about_one_thing",
                condition=Q(goal=None, focus_area__isnull=False) | Q(goal__isnull=False, focus_area=None),
            ),
            models.CheckConstraint(name="local_priority_says_something", condition=~Q(priority="") | ~Q(remark="")),
            models.UniqueConstraint(fields=["local", "goal"], name="local_priority_once_a_goal"),
            models.UniqueConstraint(fields=["local", "focus_area"], name="local_priority_once_an_area"),
        ]

    def __str__(self) -> str:
        return f"{self.local}: {self.goal or self.focus_area}"
