from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation, Person
from governance.models.organisations import never_two_at_once
from portfolio.models.projects import Project


class ProjectRoleQuerySet(models.QuerySet["ProjectRole"]):
    def active(self, on: date | None = None) -> ProjectRoleQuerySet:
        day = on or timezone.localdate()
        return self.not_over(day).filter(since__lte=day)

    def not_over(self, on: date | None = None) -> ProjectRoleQuerySet:
        """Those that last, and those that begin later."""
        return self.filter(Q(until=None) | Q(until__gte=on or timezone.localdate()))

    def over(self) -> ProjectRoleQuerySet:
        return self.filter(until__lt=timezone.localdate())

    def in_full(self) -> ProjectRoleQuerySet:
        return self.select_related("person__organisation", "organisation")


@pghistory.track()
class ProjectRole(models.Model):
    """Who answers for what in a project, from when to when: a person, or somebody whom a supplier lends out (B11, B19).

    A role gives no right by itself. Only the leader tells how the project stands; `Project.leader` says who that is.
    """

    class Kind(models.TextChoices):
        LEADER = "leader", _("project leader")
        DEPUTY = "deputy", _("deputy project leader")
        OWNER = "owner", _("project owner")
        STEERING = "steering", _("steering group of the project")
        BENEFIT = "benefit", _("responsible for the benefits")
        SUPPORT = "support", _("project support")
        PROCUREMENT = "procurement", _("responsible for the procurement")
        ARCHITECT = "architect", _("architect")
        SECURITY = "security", _("information security and privacy")
        RESOURCE = "resource", _("resource person")
        OTHER = "other", _("other role")

    # What the card names (D15); the rest stands on the page of the roles.
    ON_CARD = (Kind.LEADER, Kind.OWNER, Kind.SUPPORT, Kind.BENEFIT)

    project = models.ForeignKey(Project, models.PROTECT, related_name="roles")
    kind = models.CharField(_("role"), max_length=11, choices=Kind)
    title = models.CharField(_("title of the role"), max_length=100, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="project_roles", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="project_roles",
        verbose_name=_("supplier"),
    )  # fmt: skip
    name = models.CharField(_("name of the person at the supplier"), max_length=200, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until and including"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ProjectRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in a project")
        verbose_name_plural = _("roles in projects")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="project_role_has_one_holder",
                condition=Q(person__isnull=False, organisation=None, name="")
                | Q(person=None, organisation__isnull=False) & ~Q(name=""),
                violation_error_message=_("Choose a person, or a supplier with the name of its person."),
            ),
            models.CheckConstraint(
                name="project_role_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="other_project_role_has_a_title",
                condition=~Q(kind="other") | ~Q(title=""),
                violation_error_message=_("Write what the role is called."),
            ),
            never_two_at_once(
                "one_project_leader_at_a_time",
                F("project"),
                condition=Q(kind="leader"),
                says=_("The project has another leader in that time. End that role first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said}: {self.holder}"

    @property
    def said(self) -> Any:
        return self.title or self.get_kind_display()

    @property
    def holder(self) -> str:
        """The name, and for somebody from outside whom they come from."""
        if self.organisation:
            return f"{self.name} ({self.organisation})"
        return str(self.person)
