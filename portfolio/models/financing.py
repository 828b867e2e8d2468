from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Case, Collaboration


class OfCollaboration(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> OfCollaboration:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


class BaseBudgetQuerySet(OfCollaboration):
    def counting(self, on: date | None = None) -> BaseBudgetQuerySet:
        """The newest revision of each year that applies on the day (R18)."""
        day = on or timezone.localdate()
        applying = self.filter(Q(applies_from=None) | Q(applies_from__lte=day))
        return applying.order_by("collaboration_id", "-year", "-revision").distinct("collaboration_id", "year")


BASE_BUDGET_LINES = ["secretariat", "consultants", "gatherings", "operation"]


@pghistory.track()
class BaseBudget(models.Model):
    """The base budget of a year, as a range and perhaps a figure; an unknown line is empty, not invented (N7, N19).

    The frame can be adjusted up and down: each revision has its day, its reason and its case, and the newest counts
    (R18).
    """

    LINES: ClassVar[list[str]] = BASE_BUDGET_LINES

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="base_budgets")
    year = models.PositiveSmallIntegerField(_("year"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    applies_from = models.DateField(_("applies from"), null=True, blank=True)
    reason = models.CharField(_("why it is adjusted"), max_length=200, blank=True)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="base_budgets", verbose_name=_("decided in the case")
    )
    minimum = models.DecimalField(_("at least, NOK"), max_digits=14, decimal_places=2)
    maximum = models.DecimalField(_("at most, NOK"), max_digits=14, decimal_places=2)
    figure = models.DecimalField(_("budget, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    secretariat = models.DecimalField(_("secretariat"), max_digits=14, decimal_places=2, null=True, blank=True)
    consultants = models.DecimalField(_("external consultants"), max_digits=14, decimal_places=2, null=True, blank=True)
    gatherings = models.DecimalField(
        _("gatherings and common arenas"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    operation = models.DecimalField(
        _("running the secretariat"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = BaseBudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("base budget")
        ordering = ["-year", "-revision"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "year", "revision"],
                name="base_budget_revision_once",
                violation_error_message=_("There is already a base budget for this year."),
            ),
            models.CheckConstraint(
                name="base_budget_adjusted_for_a_reason",
                condition=Q(revision=1) | (~Q(reason="") & Q(applies_from__isnull=False)),
                violation_error_message=_("Write why the base budget is adjusted, and from which day."),
            ),
            models.CheckConstraint(
                name="base_budget_is_a_range",
                condition=Q(minimum__gte=0, maximum__gte=models.F("minimum")),
                violation_error_message=_("The highest amount must be at least as large as the lowest."),
            ),
            models.CheckConstraint(name="base_budget_not_negative", condition=Q(figure=None) | Q(figure__gte=0)),
            *[
                models.CheckConstraint(
                    name=f"base_budget_{line}_not_negative",
                    condition=Q(**{line: None}) | Q(**{f"{line}__gte": 0}),
                    violation_error_message=_("The amount can't be below zero."),
                )
                for line in BASE_BUDGET_LINES
            ],
        ]

    def __str__(self) -> str:
        return f"{self.year}"

    @property
    def lines(self) -> list[tuple[Any, Decimal | None]]:
        return [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in self.LINES]  # type: ignore[union-attr]

    def gap(self, covered: Decimal) -> tuple[Decimal, Decimal]:
        """What is missing, from and to: the range less what covers it (K3)."""
        return max(self.minimum - covered, Decimal(0)), max(self.maximum - covered, Decimal(0))


@pghistory.track()
class OwnEffort(models.Model):
    """The municipalities' own work in money, estimated or counted (N8, R19)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="own_efforts")
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    amount = models.DecimalField(_("amount, NOK"), max_digits=14, decimal_places=2)
    hours = models.DecimalField(_("hours"), max_digits=9, decimal_places=1, null=True, blank=True)
    estimated = models.BooleanField(_("estimated"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OfCollaboration.as_manager()

    class Meta:
        verbose_name = _("own effort")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="own_effort_not_negative",
                condition=Q(amount__gte=0) & (Q(hours=None) | Q(hours__gte=0)),
                violation_error_message=_("The amount can't be below zero."),
            )
        ]

    def __str__(self) -> str:
        return self.title
