from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portfolio.models.projects import Project
from surveys.models import Area, NationalSolution, Product

TARGETS = ("on_project", "solution", "product", "area")

# One at a time, so that two who save at once do not close the ring together.
NO_RING = """
    IF NEW.kind = 'needs' AND NEW.on_project_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('portfolio_dependency'));
        IF EXISTS (
            WITH RECURSIVE reached(id) AS (
                SELECT NEW.on_project_id
                UNION
                SELECT further.on_project_id FROM portfolio_dependency AS further JOIN reached
                    ON further.project_id = reached.id
                WHERE further.kind = 'needs' AND further.on_project_id IS NOT NULL AND further.id <> NEW.id
            )
            SELECT 1 FROM reached WHERE id = NEW.project_id
        ) THEN
            RAISE EXCEPTION 'Projects can not wait for each other in a ring.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""


def _one_target() -> Q:
    """Exactly one of them is named."""
    found = Q()
    for one in TARGETS:
        found |= Q(**{f"{name}__isnull": name != one for name in TARGETS})
    return found


class DependencyQuerySet(models.QuerySet["Dependency"]):
    def in_full(self) -> DependencyQuerySet:
        return self.select_related("on_project__collaboration", "solution", "product", "area")


@pghistory.track()
class Dependency(models.Model):
    """What a project depends on: another project, a national solution, a system or an area, and by when (D15)."""

    class Kind(models.TextChoices):
        NEEDS = "needs", _("needs it to be ready first")
        CONNECTS = "connects", _("is to be connected to it")
        AFFECTS = "affects", _("is affected by it")

    project = models.ForeignKey(Project, models.PROTECT, related_name="dependencies")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.NEEDS)
    on_project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="needed_by", verbose_name=_("project")
    )
    solution = models.ForeignKey(
        NationalSolution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("national solution")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("system")
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = DependencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = [F("needed_by").asc(nulls_last=True), "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="dependency_on_one_thing",
                condition=_one_target(),
                violation_error_message=_("Choose one thing that the project depends on."),
            ),
            models.CheckConstraint(
                name="dependency_not_on_itself",
                condition=Q(on_project=None) | ~Q(on_project=F("project")),
                violation_error_message=_("A project does not depend on itself."),
            ),
            models.UniqueConstraint(
                fields=["project", *TARGETS],
                nulls_distinct=False,
                name="dependency_once",
                violation_error_message=_("This dependency is registered already."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_ring",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NO_RING,
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} – {self.target}"

    @property
    def target(self) -> Any:
        return self.on_project or self.solution or self.product or self.area

    @property
    def warning(self) -> str:
        """Why one must look at it: what it waits for has stopped, comes too late, or should have been there."""
        other = self.on_project
        if other is None or other.state == Project.State.FINISHED:
            return ""
        if other.state == Project.State.STOPPED:
            return gettext("It is stopped.")
        if self.needed_by and other.ends_on and other.ends_on > self.needed_by:
            return gettext("It ends %(day)s, later than it is needed.") % {"day": other.ends}
        if self.needed_by and self.needed_by < timezone.localdate():
            return gettext("It should have been ready.")
        return ""
