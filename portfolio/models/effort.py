from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import Collaboration, Organisation
from portfolio.models.costs import has_begun
from portfolio.models.projects import Project

# The same work is not told twice: a half-year and its months never both, also for two who tell at once.
TOLD_IN_ONE_WAY = """
    PERFORM 1 FROM governance_organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM portfolio_effort other
        WHERE other.collaboration_id = NEW.collaboration_id AND other.organisation_id = NEW.organisation_id
        AND other.project_id IS NOT DISTINCT FROM NEW.project_id AND other.span <> NEW.span
        AND extract(year FROM other.starts_on) = extract(year FROM NEW.starts_on)
        AND (extract(month FROM other.starts_on) > 6) = (extract(month FROM NEW.starts_on) > 6)
    ) THEN
        RAISE EXCEPTION 'The half-year and its months are both told.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class HourlyRateQuerySet(models.QuerySet["HourlyRate"]):
    def visible_to(self, user: Any) -> HourlyRateQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def on(self, collaboration: Collaboration, day: date) -> HourlyRate | None:
        """The rate agreed for the day: the one with the latest first day that is not later."""
        return self.filter(collaboration=collaboration, since__lte=day).order_by("-since").first()


@pghistory.track()
class HourlyRate(models.Model):
    """What an hour of own effort counts as, in NOK, from a day (N8)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="hourly_rates")
    since = models.DateField(_("from"))
    amount = models.DecimalField(_("NOK per hour"), max_digits=8, decimal_places=2)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = HourlyRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("hourly rate")
        ordering = ["-since"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "since"],
                name="hourly_rate_once_a_day",
                violation_error_message=_("There is already a rate from this day. Change it."),
            ),
            models.CheckConstraint(
                name="hourly_rate_above_zero",
                condition=Q(amount__gt=0),
                violation_error_message=_("Write an amount above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class EffortQuerySet(models.QuerySet["Effort"]):
    def visible_to(self, user: Any) -> EffortQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def editable_by(self, user: Any) -> EffortQuerySet:
        own = allowed(Organisation.objects.all(), user, "governance.report_effort")
        return self.filter(organisation__in=own)


@pghistory.track()
class Effort(models.Model):
    """Hours a municipality has worked in a period, for a project or for the collaboration as a whole (N8, R19).

    What it has pledged stands in its own decision (``Adoption.hours``); here stands what it has delivered. The rate is
    the one agreed for the period's last day, kept with the hours so that an old figure does not change when a later
    rate is agreed. In profile *Enkel*: a half-year, no project.
    """

    class Span(models.TextChoices):
        MONTH = "month", _("month")
        HALF_YEAR = "half_year", _("half-year")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="efforts")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="efforts", verbose_name=_("municipality")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="efforts", verbose_name=_("project"),
        help_text=_("Empty: the collaboration as a whole."),
    )  # fmt: skip
    span = models.CharField(_("period"), max_length=10, choices=Span, default=Span.HALF_YEAR)
    starts_on = models.DateField(_("first day of the period"))
    hours = models.DecimalField(_("hours"), max_digits=9, decimal_places=1)
    rate = models.DecimalField(_("NOK per hour"), max_digits=8, decimal_places=2, null=True, blank=True)
    estimated = models.BooleanField(_("estimated"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    registered_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    on_behalf = models.BooleanField(_("registered by the secretariat"), default=False)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = EffortQuerySet.as_manager()

    class Meta:
        verbose_name = _("own effort of a period")
        ordering = ["-starts_on", "organisation__sort_key", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "organisation", "project", "starts_on"],
                nulls_distinct=False,
                name="effort_once_a_period",
                violation_error_message=_("Hours are already registered for this period. Change that row."),
            ),
            models.CheckConstraint(
                name="effort_begins_its_period",
                condition=Q(starts_on__day=1) & (~Q(span="half_year") | Q(starts_on__month__in=[1, 7])),
                violation_error_message=_(
                    "A period begins on the first day of a month, a half-year in January or July."
                ),
            ),
            models.CheckConstraint(
                name="effort_not_negative",
                condition=Q(hours__gte=0) & (Q(rate=None) | Q(rate__gt=0)),
                violation_error_message=_("The hours can't be below zero."),
            ),
        ]
        indexes = [models.Index(fields=["collaboration", "starts_on"], name="effort_by_period")]
        triggers = [
            has_begun("starts_on"),
            pgtrigger.Trigger(
                name="told_in_one_way",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=TOLD_IN_ONE_WAY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.starts_on:%m.%Y}"

    @property
    def value(self) -> Decimal | None:
        """The hours in NOK; unknown where no rate is agreed, not nothing."""
        return None if self.rate is None else (self.hours * self.rate).quantize(Decimal("0.01"))
