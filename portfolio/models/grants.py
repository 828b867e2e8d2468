from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from portfolio.models.projects import Project

# One grant at a time: what is laid out and what is spent stays within what was awarded, also for two at once.
WITHIN_THE_AWARD = """
    PERFORM 1 FROM portfolio_grant WHERE id = NEW.grant_id FOR UPDATE;
    IF (SELECT coalesce(sum(amount), 0) FROM portfolio_{table} WHERE grant_id = NEW.grant_id)
        > (SELECT coalesce(awarded, 0) FROM portfolio_grant WHERE id = NEW.grant_id) THEN
        RAISE EXCEPTION 'The grant is not large enough.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
STILL_WITHIN_THE_AWARD = """
    IF coalesce(NEW.awarded, 0) < greatest(
        (SELECT coalesce(sum(amount), 0) FROM portfolio_allocation WHERE grant_id = NEW.id),
        (SELECT coalesce(sum(amount), 0) FROM portfolio_grantspending WHERE grant_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'More of the grant is used than this.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

# The collaboration is no legal person: the money goes to a municipality (R4).
RECEIVED_BY_A_MUNICIPALITY = """
    IF NEW.receiver_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM governance_organisation WHERE id = NEW.receiver_id AND kind = 'municipality'
    ) THEN
        RAISE EXCEPTION 'A municipality receives the grant.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def within_the_award(table: str) -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="within_the_award", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update,
            func=WITHIN_THE_AWARD.format(table=table),
        )
    ]  # fmt: skip


def _total(name: str) -> Any:
    model: Any = {"allocated": Allocation, "spent": GrantSpending}[name]
    rows = model.objects.filter(grant=OuterRef("pk")).order_by().values("grant")
    return Coalesce(Subquery(rows.values(total=Sum("amount"))), Decimal(0), output_field=models.DecimalField())


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, user: Any) -> GrantQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def with_totals(self) -> GrantQuerySet:
        """With ``allocated``, ``spent``, ``remaining`` and ``free``, worked out by the database (N6).

        ``remaining`` is what is not spent, ``free`` what is not laid out, and both are unknown before anything is
        awarded; ``approximate`` where the spending is.
        """
        roughly = GrantSpending.objects.filter(grant=OuterRef("pk"), approximate=True)
        return self.annotate(allocated=_total("allocated"), spent=_total("spent")).annotate(
            remaining=F("awarded") - F("spent"), free=F("awarded") - F("allocated"), approximate=Exists(roughly)
        )

    def won(self) -> GrantQuerySet:
        return self.filter(state__in=Grant.WON)

    def with_deadline(self) -> GrantQuerySet:
        """With ``deadline``: what ``Grant.due_on`` says, worked out by the database."""
        return self.annotate(
            deadline=Case(
                When(state=Grant.State.TO_APPLY, then=F("apply_by")),
                When(state__in=Grant.TO_REPORT, then=F("report_by")),
            )
        )

    def due(self, before: date) -> GrantQuerySet:
        """With something to do by the day: apply, or report."""
        known: Any = self.with_deadline()
        due: GrantQuerySet = known.filter(deadline__lte=before)
        return due


@pghistory.track()
class Grant(models.Model):
    """Money from outside, from the wish to apply until it is reported (N6, A2, D1, R20).

    to_apply → applied → granted | refused; granted → paid → reported. Spent and left follow from what is registered.
    """

    class Kind(models.TextChoices):
        DISCRETIONARY = "discretionary", _("discretionary funds (skjønnsmidler)")
        DIGIFIN = "digifin", _("DigiFin")
        STATE = "state", _("other state grant")
        COUNTY = "county", _("county grant")
        OTHER = "other", _("other grant")

    class State(models.TextChoices):
        TO_APPLY = "to_apply", _("to be applied for")
        APPLIED = "applied", _("applied for")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        PAID = "paid", _("paid out")
        REPORTED = "reported", _("reported")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.TO_APPLY: {State.APPLIED},
        State.APPLIED: {State.GRANTED, State.REFUSED},
        State.GRANTED: {State.PAID},
        State.REFUSED: {State.TO_APPLY},
        State.PAID: {State.REPORTED},
        State.REPORTED: set(),
    }
    WON: ClassVar[list[str]] = [State.GRANTED, State.PAID, State.REPORTED]
    TO_REPORT: ClassVar[list[str]] = [State.GRANTED, State.PAID]
    SOON: ClassVar[timedelta] = timedelta(days=30)

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="grants")
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.DISCRETIONARY)
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="grants_given", verbose_name=_("given by"))
    receiver = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="grants_received",
        verbose_name=_("received by"), help_text=_("The collaboration is no legal person: a municipality receives it."),
    )  # fmt: skip
    applicants = models.ManyToManyField(
        Organisation, through="GrantApplicant", related_name="grants_sought", verbose_name=_("applied for by")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("for the project"),
        help_text=_("Empty: for the base budget, or for several projects."),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.TO_APPLY)
    sought = models.DecimalField(_("applied for, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    awarded = models.DecimalField(_("awarded, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    apply_by = models.DateField(_("apply by"), null=True, blank=True)
    applied_year = models.PositiveSmallIntegerField(
        _("applied in the year"), null=True, blank=True, help_text=_("Where only the year is known.")
    )
    applied_on = models.DateField(_("applied"), null=True, blank=True)
    answered_on = models.DateField(_("answered"), null=True, blank=True)
    paid_on = models.DateField(_("paid out"), null=True, blank=True)
    report_by = models.DateField(_("report by"), null=True, blank=True)
    reported_on = models.DateField(_("reported"), null=True, blank=True)
    monthly_hours = models.BooleanField(_("hours must be told month by month"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="grant_not_negative",
                condition=(Q(awarded=None) | Q(awarded__gte=0)) & (Q(sought=None) | Q(sought__gte=0)),
                violation_error_message=_("The amount can't be below zero."),
            ),
            models.CheckConstraint(
                name="grant_awarded_when_granted",
                condition=Q(state__in=["granted", "paid", "reported"], awarded__isnull=False)
                | Q(state__in=["to_apply", "applied", "refused"], awarded=None),
                violation_error_message=_("Write what was awarded when the grant is granted, and not before."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_below_what_is_used", when=pgtrigger.Before, operation=pgtrigger.Update,
                func=STILL_WITHIN_THE_AWARD,
            ),
            pgtrigger.Trigger(
                name="received_by_a_municipality", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
                func=RECEIVED_BY_A_MUNICIPALITY,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("grant", args=[self.collaboration.slug, self.pk])

    @property
    def giver_then(self) -> str:
        """By the name it had when it was applied to: Fylkesmannen until 2021 (A7)."""
        day = self.applied_on or self.answered_on
        if day is None and self.applied_year:
            day = date(self.applied_year, 12, 31)
        return self.giver.name_on(day) if day else self.giver.name

    @property
    def is_won(self) -> bool:
        return self.state in self.WON

    @property
    def due_on(self) -> date | None:
        """The day to apply by, or to report by, whichever the state asks for."""
        if self.state == self.State.TO_APPLY:
            return self.apply_by
        return self.report_by if self.state in self.TO_REPORT else None

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_soon(self) -> bool:
        return self.due_on is not None and not self.is_late and self.due_on <= timezone.localdate() + self.SOON


@pghistory.track()
class GrantApplicant(models.Model):
    """A municipality that applied for a grant."""

    grant = models.ForeignKey(Grant, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT)

    class Meta:
        verbose_name = _("applicant for a grant")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["grant", "organisation"], name="grant_applicant_once")]

    def __str__(self) -> str:
        return f"{self.grant}: {self.organisation}"


@pghistory.track()
class Allocation(models.Model):
    """A part of a grant laid to a project, or to the base budget of a year; never more than was awarded (N9, L10)."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="allocations")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="allocations", verbose_name=_("project"),
        help_text=_("Empty: the base budget of the year."),
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("amount, NOK"), max_digits=14, decimal_places=2)
    approximate = models.BooleanField(_("approximate"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("allocation")
        ordering = ["year", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="allocation_is_an_amount",
                condition=Q(amount__gt=0),
                violation_error_message=_("Write an amount above zero."),
            ),
            models.CheckConstraint(
                name="allocation_year_is_a_year",
                condition=Q(year__gte=2000, year__lte=2100),
                violation_error_message=_("Write a year between 2000 and 2100."),
            ),
            models.UniqueConstraint(
                fields=["grant", "project", "year"],
                nulls_distinct=False,
                name="allocation_once_a_year",
                violation_error_message=_("The grant is already laid out to this in this year. Change that row."),
            ),
        ]
        triggers = within_the_award("allocation")

    def __str__(self) -> str:
        return f"{self.grant} {self.year}"


@pghistory.track()
class GrantSpending(models.Model):
    """Money that a grant has paid for, on what and when (N6)."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="spending")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="grant_spending", verbose_name=_("project")
    )
    spent_on = models.DateField(_("date"), default=timezone.localdate)
    text = models.CharField(_("for what"), max_length=200)
    amount = models.DecimalField(_("amount, NOK"), max_digits=14, decimal_places=2)
    approximate = models.BooleanField(_("approximate"), default=False)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("spending of a grant")
        ordering = ["spent_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="grant_spending_is_an_amount",
                condition=Q(amount__gt=0),
                violation_error_message=_("Write an amount above zero."),
            ),
        ]
        triggers = within_the_award("grantspending")

    def __str__(self) -> str:
        return self.text
