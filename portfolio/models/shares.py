from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from portfolio.models.participation import Participation, Status
from portfolio.models.projects import Project


class ShareQuerySet(models.QuerySet["Share"]):
    def visible_to(self, user: Any) -> ShareQuerySet:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))

    def paying(self) -> ShareQuerySet:
        """Those whose own decision binds them (rule 1)."""
        return self.filter(pays=True)

    def reopened(self) -> ShareQuerySet:
        """«Må avklares på nytt»: the municipality's decision covers less than its share (rule 2)."""
        return self.filter(excess__gt=0)


class Share(models.Model):
    """What one municipality pays for one project as things stand today, worked out and kept so that sums are quick.

    Nobody types it: ``portfolio.actions.shares`` writes it from decisions, keys and populations, so it has no history
    of its own. ``if_all`` is the share if all invited join, ``so_far`` with those who have said yes, ``excess`` what
    the municipality's decision does not cover of it (rule 2).
    """

    participation = models.OneToOneField(Participation, models.CASCADE, primary_key=True, related_name="share")
    project = models.ForeignKey(Project, models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="shares")
    status = models.CharField(_("participation"), max_length=10, choices=Status)
    pays = models.BooleanField(_("bound by its own decision"))
    if_all = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    so_far = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    hours_if_all = models.DecimalField(max_digits=9, decimal_places=1, null=True)
    hours_so_far = models.DecimalField(max_digits=9, decimal_places=1, null=True)
    covered = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    excess = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    last_ore = models.BooleanField(_("carries the last øre"), default=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of the cost")
        default_permissions = ()
        indexes = [
            # No amount stands in an index, not even included: then all shares are worked out anew by writing in place
            # (HOT), in a third of the time; a municipality's sums over 2 000 projects are read in 10 ms as it is.
            models.Index(fields=["organisation", "project"], name="share_of_a_municipality"),
            models.Index(fields=["project", "status"], name="share_by_status"),
        ]
        constraints = [
            models.CheckConstraint(name="share_without_a_yes_costs_nothing", condition=Q(pays=True) | Q(so_far=None)),
        ]

    def __str__(self) -> str:
        return f"{self.participation}"

    @property
    def example(self) -> bool:
        return self.participation.example


class YearShare(models.Model):
    """The part of a share that falls in one year, where the project's cost is laid out over years (R24)."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="year_shares")
    project = models.ForeignKey(Project, models.CASCADE, related_name="year_shares")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="year_shares")
    year = models.PositiveSmallIntegerField()
    if_all = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    so_far = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("share of a year")
        default_permissions = ()
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["participation", "year"], name="year_share_once")]
        indexes = [models.Index(fields=["organisation", "year"], name="year_share_of_a_municipality")]

    def __str__(self) -> str:
        return f"{self.participation} {self.year}"


class ProjectSums(models.Model):
    """A project's shares added up, kept beside them: what lists and totals of many projects are made of."""

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="sums")
    invited = models.PositiveIntegerField(default=0)
    paying = models.PositiveIntegerField(default=0)
    not_settled = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    covered = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    unfunded = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("sums of a project")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.project}"


class SharesDay(models.Model):
    """The day (Oslo) for which a collaboration's shares were last worked out: those who join or leave do so by date."""

    collaboration = models.OneToOneField(Collaboration, models.CASCADE, primary_key=True, related_name="shares_day")
    day = models.DateField()

    class Meta:
        verbose_name = _("day of the shares")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.collaboration} {self.day}"
