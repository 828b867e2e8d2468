from __future__ import annotations

from decimal import Decimal
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Collaboration
from portfolio.models.projects import Project

# At the end of the transaction: parts of a cost are the cost, to the øre (rule 2).
ADDS_UP = """
    IF EXISTS (
        SELECT 1 FROM portfolio_project project
        WHERE project.id IN ({ids})
        AND EXISTS (SELECT 1 FROM portfolio_{table} part WHERE part.project_id = project.id)
        AND ({differs})
    ) THEN
        RAISE EXCEPTION 'The parts of the cost do not add up to the cost.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
LINES_DIFFER = """
    (SELECT sum(part.amount) FROM portfolio_costline part WHERE part.project_id = project.id)
        IS DISTINCT FROM project.shared_cost
"""
YEARS_DIFFER = """
    (SELECT sum(part.cost) FROM portfolio_projectyear part WHERE part.project_id = project.id)
        IS DISTINCT FROM project.shared_cost
    OR (SELECT sum(part.grant_share) FROM portfolio_projectyear part WHERE part.project_id = project.id)
        IS DISTINCT FROM project.grant_share
"""


def adds_up(table: str, differs: str) -> list[pgtrigger.Trigger]:
    def trigger(name: str, operation: Any, ids: str) -> pgtrigger.Trigger:
        return pgtrigger.Trigger(
            name=name,
            when=pgtrigger.After,
            operation=operation,
            timing=pgtrigger.Deferred,
            level=pgtrigger.Row,
            func=ADDS_UP.format(ids=ids, table=table, differs=differs),
        )

    return [
        trigger("adds_up_when_added", pgtrigger.Insert, "NEW.project_id"),
        trigger("adds_up_when_changed", pgtrigger.Update, "OLD.project_id, NEW.project_id"),
        trigger("adds_up_when_removed", pgtrigger.Delete, "OLD.project_id"),
    ]


# Nobody has worked or paid in a period that has not begun, by the calendar of Oslo.
HAS_BEGUN = """
    IF NEW.{first_day} > (now() AT TIME ZONE 'Europe/Oslo')::date THEN
        RAISE EXCEPTION 'The period has not begun.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def has_begun(first_day: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="has_begun",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(first_day),
        func=HAS_BEGUN.format(first_day=first_day),
    )


class OfProject(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> OfProject:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class CostLine(models.Model):
    """A line of a project's shared cost. Where there are lines, their sum is the shared cost (rule 2)."""

    class Kind(models.TextChoices):
        PROCUREMENT = "procurement", _("procurement and licences")
        CONSULTANTS = "consultants", _("external consultants")
        PROJECT_LEADER = "leader", _("project leader")
        TRAINING = "training", _("training")
        OPERATION = "operation", _("operation and maintenance")
        TRAVEL = "travel", _("gatherings and travel")
        OTHER = "other", _("other")

    project = models.ForeignKey(Project, models.CASCADE, related_name="cost_lines")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    title = models.CharField(_("what"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    amount = models.DecimalField(_("amount, NOK"), max_digits=14, decimal_places=2)

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("cost line")
        verbose_name_plural = _("cost lines")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="cost_line_place_once"),
            models.CheckConstraint(
                name="cost_line_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("The amount can't be below zero."),
            ),
            models.CheckConstraint(
                name="cost_line_year_is_a_year",
                condition=Q(year=None) | Q(year__gte=2000, year__lte=2100),
                violation_error_message=_("Write a year between 2000 and 2100."),
            ),
        ]
        triggers = adds_up("costline", LINES_DIFFER)

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ProjectYear(models.Model):
    """What a project costs in a year and how much of it grants pay: the municipal part is phased in (R24, N9).

    Where there are years, they add up to the shared cost and the grants, and each year is split by itself (rule 2).
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    cost = models.DecimalField(_("shared cost, NOK"), max_digits=14, decimal_places=2)
    grant_share = models.DecimalField(_("of which grants, NOK"), max_digits=14, decimal_places=2, default=Decimal(0))

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("year of a project")
        verbose_name_plural = _("years of a project")
        ordering = ["year"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year"],
                name="project_year_once",
                violation_error_message=_("The year is written twice."),
            ),
            models.CheckConstraint(
                name="project_year_is_a_year",
                condition=Q(year__gte=2000, year__lte=2100),
                violation_error_message=_("Write a year between 2000 and 2100."),
            ),
            models.CheckConstraint(
                name="project_year_grants_within_the_cost",
                condition=Q(grant_share__gte=0, cost__gte=models.F("grant_share")),
                violation_error_message=_("The grants of a year can't be larger than its cost."),
            ),
        ]
        triggers = adds_up("projectyear", YEARS_DIFFER)

    def __str__(self) -> str:
        return f"{self.project} {self.year}"

    @property
    def to_share(self) -> Decimal:
        return self.cost - self.grant_share


@pghistory.track()
class ProjectAccount(models.Model):
    """What a project has spent in a month of its shared cost, and what it is now expected to cost in all (D15)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="accounts")
    month = models.DateField(_("month"))
    spent = models.DecimalField(_("spent in the month, NOK"), max_digits=14, decimal_places=2)
    forecast = models.DecimalField(
        _("expected in all, NOK"), max_digits=14, decimal_places=2, null=True, blank=True,
        help_text=_("What the whole project is now expected to cost."),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("account of a month")
        ordering = ["month"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["project", "month"],
                name="project_account_once_a_month",
                violation_error_message=_("The month is already registered. Change that row."),
            ),
            models.CheckConstraint(
                name="project_account_begins_the_month",
                condition=Q(month__day=1),
                violation_error_message=_("The period is a month."),
            ),
            models.CheckConstraint(
                name="project_account_forecast_not_negative",
                condition=Q(forecast=None) | Q(forecast__gte=0),
                violation_error_message=_("The amount can't be below zero."),
            ),
        ]
        triggers = [has_begun("month")]

    def __str__(self) -> str:
        return f"{self.project} {self.month:%m.%Y}"
