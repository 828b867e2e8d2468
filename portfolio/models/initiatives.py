from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, user: Any) -> InitiativeQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class Initiative(models.Model):
    """Something others run that the municipalities stand differently to, shown beside the own projects (A20).

    As Helseplattformen or a national network: the collaboration decides nothing in it and shares no cost of it.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="initiatives")
    slug = models.SlugField(_("address"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    run_by = models.CharField(_("run by"), max_length=200)
    text = models.TextField(_("what it is"), blank=True)
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
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & ~Q(slug="nytt"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiative", args=[self.collaboration.slug, self.slug])


@pghistory.track()
class Standing(models.Model):
    """How one municipality stands to an initiative of others, from a day, and where that is known from."""

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
    since = models.DateField(_("from"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("standing")
        ordering = ["organisation__sort_key", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["initiative", "organisation"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"
