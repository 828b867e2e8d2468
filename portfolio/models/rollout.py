from __future__ import annotations

from typing import Any, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Person
from portfolio.models import moments
from portfolio.models.moments import Precision
from portfolio.models.participation import Participation

# A person can't give more than a full post on any day; the sum is highest on a day on which somebody's share begins.
AT_MOST_A_FULL_POST = """
    IF EXISTS (
        SELECT 1 FROM portfolio_contribution AS one WHERE one.person_id = NEW.person_id AND 100 < (
            SELECT sum(other.percent) FROM portfolio_contribution AS other
            WHERE other.person_id = NEW.person_id AND other.since <= one.since
            AND (other.until IS NULL OR other.until >= one.since)
        )
    ) THEN RAISE EXCEPTION 'More than a full post.' USING ERRCODE = 'check_violation'; END IF;
    RETURN NULL;
"""


class OfParticipation(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(participation__project__collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class RolloutStep(models.Model):
    """A step of one municipality's own way into a project; the municipalities go at different pace (K4)."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="steps")
    title = models.CharField(_("step"), max_length=200)
    planned_on = models.DateField(_("planned"))
    planned_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    reached_on = models.DateField(_("reached"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OfParticipation.as_manager()

    class Meta:
        verbose_name = _("step of the roll-out")
        ordering = ["planned_on", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "title"],
                name="rollout_step_once",
                violation_error_message=_("The municipality already has a step with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def planned(self) -> str:
        return moments.say(self.planned_on, self.planned_precision)

    @property
    def is_late(self) -> bool:
        return self.reached_on is None and self.planned_on < timezone.localdate()


class ContributionQuerySet(OfParticipation):
    def active(self, on: Any = None) -> ContributionQuerySet:
        day = on or timezone.localdate()
        return self.not_over(day).filter(since__lte=day)

    def in_full(self) -> ContributionQuerySet:
        return self.select_related(
            "person", "participation__organisation", "participation__adoption", "participation__project__collaboration"
        )

    def not_over(self, on: Any = None) -> ContributionQuerySet:
        """Those that last, and those that begin later."""
        return self.filter(Q(until=None) | Q(until__gte=on or timezone.localdate()))


@pghistory.track()
class Contribution(models.Model):
    """A named person that a municipality puts into a project: what share of a full post, from when to when (R8, L9)."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="contributions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="contributions", verbose_name=_("person"))
    role = models.CharField(_("role in the project"), max_length=100, blank=True)
    percent = models.PositiveSmallIntegerField(_("share of a full post, per cent"))
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        ordering = ["since", "pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="at_most_a_full_post",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=AT_MOST_A_FULL_POST,
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="contribution_is_a_share",
                condition=Q(percent__gte=1, percent__lte=100),
                violation_error_message=_("The share is from 1 to 100 per cent."),
            ),
            models.CheckConstraint(
                name="contribution_ends_after_start",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.UniqueConstraint(
                fields=["participation", "person", "since"],
                name="contribution_once_from_a_day",
                violation_error_message=_("The person is already registered from this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.percent} %"
