from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from governance.models.sorting import norwegian_key
from surveys.models.inventory import SystemUse


@pghistory.track(exclude=["sort_key"])
class NationalSolution(models.Model):
    """A common solution of the state or of KS that a municipality can take into use (felles nasjonal løsning, F2)."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("solution"), max_length=120, unique=True)
    owner = models.CharField(_("owner"), max_length=120)
    category = models.CharField(_("category"), max_length=60)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    # A standard, a fund or a product that is often named beside the solutions, and is none.
    counted = models.BooleanField(_("counted among the solutions"), default=True)
    version = models.PositiveIntegerField(default=1)
    sort_key = norwegian_key("name")

    class Meta:
        verbose_name = _("national solution")
        verbose_name_plural = _("national solutions")
        ordering = ["category", "sort_key"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="solution_slug_is_plain", condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"))
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Requirement(models.Model):
    """What a municipality needs before it can take a solution into use (L14, S9)."""

    class Kind(models.TextChoices):
        MEMBERSHIP = "member", _("membership")
        AGREEMENT = "agreed", _("agreement")
        RELEASE = "release", _("a version or integration of its system")
        SOLUTION = "solution", _("another solution")

    solution = models.ForeignKey(NationalSolution, models.CASCADE, related_name="requirements")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("what is needed"), max_length=300)
    member_of = models.ForeignKey(
        Collaboration, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("membership in")
    )
    other = models.ForeignKey(
        NationalSolution, models.PROTECT, null=True, blank=True, related_name="needed_by", verbose_name=_("solution")
    )

    class Meta:
        verbose_name = _("requirement of a solution")
        verbose_name_plural = _("requirements of solutions")
        ordering = ["solution", "kind", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="requirement_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="requirement_points_to_its_kind",
                condition=(Q(member_of=None) | Q(kind="member")) & (Q(other=None) | Q(kind="solution")),
            ),
            models.CheckConstraint(name="requirement_of_another", condition=Q(other=None) | ~Q(other=F("solution"))),
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class Uptake(models.Model):
    """How far a municipality has come with a national solution, and since when (S10). No row is not answered."""

    class State(models.TextChoices):
        NOT_BEGUN = "none", _("not begun")
        PLANNED = "planned", _("planned")
        BEING_INTRODUCED = "begun", _("being introduced")
        IN_USE = "in_use", _("in use")
        NOT_RELEVANT = "no", _("not relevant")

    solution = models.ForeignKey(NationalSolution, models.PROTECT, related_name="uptakes")
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="uptakes")
    state = models.CharField(_("state"), max_length=7, choices=State)
    on = models.DateField(_("date"), null=True, blank=True, help_text=_("When it was, or will be, in use."))
    # Of the requirements that nothing in the portal tells: those the municipality says it fulfils.
    fulfilled = models.ManyToManyField(Requirement, related_name="+", blank=True, verbose_name=_("in place"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    registered_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("take-up of a solution")
        verbose_name_plural = _("take-up of solutions")
        ordering = ["solution", "municipality__sort_key"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["solution", "municipality"], name="uptake_once"),
            models.CheckConstraint(
                name="uptake_state_is_known",
                condition=Q(state__in=["none", "planned", "begun", "in_use", "no"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solution}, {self.municipality}: {self.get_state_display()}"


@pghistory.track()
class Integration(models.Model):
    """Whether a system in use is connected to a national solution, or ready for it (S9)."""

    class State(models.TextChoices):
        CONNECTED = "on", _("connected")
        READY = "ready", _("ready for it")
        NOT_READY = "not", _("not ready")
        UNKNOWN = "unknown", _("not known")

    use = models.ForeignKey(SystemUse, models.CASCADE, related_name="integrations")
    solution = models.ForeignKey(NationalSolution, models.PROTECT, related_name="integrations")
    state = models.CharField(_("state"), max_length=7, choices=State)

    class Meta:
        verbose_name = _("integration with a solution")
        verbose_name_plural = _("integrations with solutions")
        ordering = ["use", "solution__sort_key"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["use", "solution"], name="integration_once")]

    def __str__(self) -> str:
        return f"{self.use}: {self.solution}, {self.get_state_display()}"
