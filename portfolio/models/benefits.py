from __future__ import annotations

from decimal import Decimal
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from portfolio.models.projects import Project

YEARS = 10
# What the lines stand on is not pulled away: whose it is, where it began, its unit, and which way is better.
HOLDS_ITS_LINES = """
    IF EXISTS (
        SELECT 1 FROM portfolio_benefitline AS line
        JOIN portfolio_participation AS part ON part.id = line.participation_id
        WHERE line.benefit_id = NEW.id AND (part.project_id <> NEW.project_id OR part.organisation_id <> NEW.owner_id)
    ) OR EXISTS (
        SELECT 1 FROM portfolio_benefitmeasurement AS told JOIN portfolio_benefitline AS line ON line.id = told.line_id
        WHERE line.benefit_id = NEW.id AND (
            NEW.baseline_on IS NULL OR told.on < NEW.baseline_on
            OR (NEW.unit, NEW.direction, NEW.baseline) IS DISTINCT FROM (OLD.unit, OLD.direction, OLD.baseline)
        )
    ) THEN RAISE EXCEPTION 'Lines or measurements would be left behind.' USING ERRCODE = 'check_violation'; END IF;
    RETURN NULL;
"""


class BenefitQuerySet(models.QuerySet["Benefit"]):
    def visible_to(self, user: Any) -> BenefitQuerySet:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))

    def not_added(self) -> BenefitQuerySet:
        """What is neither kroner nor hours: it is listed, and never added to anything."""
        return self.exclude(unit__in=[Benefit.Unit.MONEY, Benefit.Unit.HOURS]).filter(yearly_value=None)


@pghistory.track()
class Benefit(models.Model):
    """A gain by the one common model: what, whose, how much, and the rest where it is wanted (E10, D14).

    Each municipality that takes part realises its own (R12): see ``BenefitLine``.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", _("direct: money saved")
        TIME = "time", _("time saved")
        INDIRECT = "indirect", _("indirect")
        ROBUST = "robust", _("less vulnerable")
        QUALITATIVE = "qualitative", _("quality that is not counted in money")

    class Side(models.TextChoices):
        COST = "cost", _("reduced cost")
        SERVICE = "service", _("better services")
        OTHER = "other", _("something else")

    class Arises(models.TextChoices):
        OWN = "own", _("in the municipality itself")
        PUBLIC = "public", _("with other public bodies")
        SOCIETY = "society", _("with inhabitants and business")

    class Unit(models.TextChoices):
        MONEY = "kr", _("kroner")
        HOURS = "hours", _("hours")
        NUMBER = "number", _("number")
        PERCENT = "percent", _("per cent")

    class Direction(models.TextChoices):
        DOWN = "down", _("lower is better")
        UP = "up", _("higher is better")

    class Importance(models.TextChoices):
        LOW = "low", _("low")
        MODERATE = "moderate", _("moderate")
        HIGH = "high", _("high")

    class Use(models.TextChoices):
        BUDGET = "budget", _("the budget is cut")
        QUALITY = "quality", _("higher quality")
        SERVICE = "service", _("services are developed")
        COMPETENCE = "competence", _("competence")

    class Every(models.IntegerChoices):
        HALF_YEAR = 182, _("every half-year")
        YEAR = 365, _("every year")

    project = models.ForeignKey(Project, models.CASCADE, related_name="benefits")
    gain = models.CharField(_("gain"), max_length=300)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="benefits", verbose_name=_("owner"),
        help_text=_("Empty: each municipality that takes part."),
    )  # fmt: skip
    target = models.CharField(_("target"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True)
    side = models.CharField(_("reduced cost or better services"), max_length=8, choices=Side, blank=True)
    arises = models.CharField(_("where the benefit arises"), max_length=8, choices=Arises, blank=True)
    prerequisites = models.TextField(_("prerequisites"), blank=True)
    indicator = models.CharField(_("indicator"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.DOWN)
    baseline = models.DecimalField(_("start value"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_on = models.DateField(_("day of the start value"), null=True, blank=True)
    target_value = models.DecimalField(_("target value"), max_digits=14, decimal_places=2, null=True, blank=True)
    target_on = models.DateField(_("day of the target value"), null=True, blank=True)
    importance = models.CharField(_("importance"), max_length=8, choices=Importance, blank=True)
    importance_reason = models.TextField(_("reason for the importance"), blank=True)
    measure = models.TextField(_("measure that realises it"), blank=True)
    measure_by = models.CharField(_("responsible for the measure"), max_length=200, blank=True)
    method = models.TextField(_("how it is measured"), blank=True)
    method_by = models.CharField(_("responsible for the measuring"), max_length=200, blank=True)
    measured_every = models.PositiveSmallIntegerField(_("measured"), choices=Every, default=Every.YEAR)
    used_for = models.CharField(_("what the gain is used for"), max_length=12, choices=Use, blank=True)
    starts_year = models.PositiveSmallIntegerField(_("first year of the gain"), null=True, blank=True)
    yearly_value = models.DecimalField(
        _("value per year at full effect, NOK"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("benefit")
        ordering = ["pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="holds_its_lines",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf(
                    "owner_id", "project_id", "baseline_on", "unit", "direction", "baseline"
                ),  # fmt: skip
                func=HOLDS_ITS_LINES,
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="benefit_baseline_has_its_day",
                condition=Q(baseline=None, baseline_on=None) | Q(baseline__isnull=False, baseline_on__isnull=False),
                violation_error_message=_("The start value and its day belong together. Write both, or none."),
            ),
            models.CheckConstraint(
                name="benefit_target_has_its_day",
                condition=Q(target_value=None, target_on=None) | Q(target_value__isnull=False, target_on__isnull=False),
                violation_error_message=_("The target value and its day belong together. Write both, or none."),
            ),
            models.CheckConstraint(
                name="benefit_target_is_after_the_start",
                condition=Q(baseline_on=None) | Q(target_on=None) | Q(target_on__gt=models.F("baseline_on")),
                violation_error_message=_("The day of the target value must be after the day of the start value."),
            ),
            models.CheckConstraint(
                name="benefit_value_says_its_unit",
                condition=Q(baseline=None, target_value=None) | ~Q(unit="") & ~Q(indicator=""),
                violation_error_message=_("Write what is measured and its unit before the start value and the target."),
            ),
            models.CheckConstraint(
                name="benefit_value_is_above_zero",
                condition=Q(yearly_value=None) | Q(yearly_value__gt=0),
                violation_error_message=_("The value per year must be above zero; leave it empty if it has no price."),
            ),
            models.CheckConstraint(
                name="benefit_begins_in_a_year",
                condition=Q(starts_year=None) | Q(starts_year__gte=2000, starts_year__lte=2100),
                violation_error_message=_("Write a year from 2000 to 2100."),
            ),
        ]

    def __str__(self) -> str:
        return self.gain

    def get_absolute_url(self) -> str:
        return reverse("benefit", args=[self.project.collaboration.slug, self.project.slug, self.pk])

    @property
    def ten_years(self) -> Decimal | None:
        """Computed, never written: ten years at full effect."""
        return None if self.yearly_value is None else self.yearly_value * YEARS

    @property
    def is_measurable(self) -> bool:
        """There is something to compare a measurement with."""
        return self.baseline is not None and bool(self.unit)


@pghistory.track()
class OneSided(models.Model):
    """Why a project gives no reduced cost, or no better services (E11)."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="one_sided")
    reason = models.TextField(_("why not both"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("reason for one side only")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="one_sided_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Write why the project does not give both."),
            )
        ]

    def __str__(self) -> str:
        return self.reason


@pghistory.track()
class BenefitChain(models.Model):
    """One way through the benefit map: enabler, change, changed work, first gain, benefit, goal (D14)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="benefit_chains")
    enabler = models.CharField(_("enabler or deliverable"), max_length=120)
    change = models.CharField(_("what changes"), max_length=120, blank=True)
    work = models.CharField(_("how the work is done then"), max_length=120, blank=True)
    early = models.CharField(_("first gain"), max_length=120, blank=True)
    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="chains", verbose_name=_("benefit in the end"))
    goal = models.ForeignKey(
        "portfolio.Goal", models.PROTECT, null=True, blank=True, related_name="benefit_chains",
        verbose_name=_("goal of the strategy"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("line of the benefit map")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.enabler} – {self.benefit}"
