from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from governance.models.organisations import Period, ends_after_start, in_force, never_two_at_once


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, user: Any) -> InitiativeQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class Initiative(models.Model):
    """Something others run that the municipalities stand differently to, shown beside the own projects (A20, A21, N10).

    As Helseplattformen, DigiFin or a national network: the collaboration decides nothing in it and shares no cost of
    it. A source may tell how many are in it and not which: that is a count with its day and source.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="initiatives")
    slug = models.SlugField(_("address"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    run_by = models.CharField(_("run by"), max_length=200)
    text = models.TextField(_("what it is"), blank=True)
    counted = models.PositiveSmallIntegerField(_("so many are in it"), null=True, blank=True)
    counted_of = models.PositiveSmallIntegerField(_("of so many"), null=True, blank=True)
    counted_on = models.DateField(_("counted on"), null=True, blank=True)
    counted_source = models.CharField(_("where the count is from"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative of others")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "slug"], name="initiative_slug_once"),
            models.CheckConstraint(
                name="initiative_slug_is_plain",
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & ~Q(slug__in=["nytt", "matrise"]),
            ),
            models.CheckConstraint(
                name="initiative_count_is_whole",
                condition=Q(counted=None, counted_of=None)
                | Q(counted__isnull=False, counted_of__isnull=False, counted__lte=F("counted_of")),
                violation_error_message=_(
                    "Tell how many are in it, and of how many: the first is no more than the second."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiative", args=[self.collaboration.slug, self.slug])

    @property
    def count_in_words(self) -> str:
        """«24 av 47», where a source tells that and not which."""
        if self.counted is None:
            return ""
        return gettext("%(inside)s of %(all)s") % {"inside": self.counted, "all": self.counted_of}


class StandingQuerySet(models.QuerySet["Standing"]):
    def active(self, on: date | None = None) -> StandingQuerySet:
        return self.filter(in_force(on or timezone.localdate()))


@pghistory.track()
class Standing(Period):
    """How one municipality stood to an initiative of others in a period, and where that is known from."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("is in")
        OPTION = "option", _("has an option")
        CONSIDERS = "considers", _("considers it")
        OUTSIDE = "outside", _("is not in")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="standings")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="standings", verbose_name=_("municipality")
    )
    kind = models.CharField(_("how it stands"), max_length=10, choices=Kind)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        ordering = ["organisation__sort_key", F("since").asc(nulls_first=True), "pk"]
        default_permissions = ()
        constraints = [
            ends_after_start("standing_ends_after_start"),
            never_two_at_once(
                "standing_one_at_a_time",
                F("initiative"),
                F("organisation"),
                says=_("It is already told how the municipality stands on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"
