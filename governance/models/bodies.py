from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models.collaborations import Collaboration


class BodyQuerySet(models.QuerySet["Body"]):
    def visible_to(self, user: Any) -> BodyQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def with_votes(self, on: date | None = None) -> BodyQuerySet:
        """Bodies with seats that vote on the day, and can be asked in writing."""
        day = on or timezone.localdate()
        voting = Q(seats__role="steering", seats__since__lte=day) & (Q(seats__until=None) | Q(seats__until__gte=day))
        return self.filter(voting).distinct()

    def where_may(self, user: Any, right: str) -> BodyQuerySet:
        return self.filter(pk__in=allowed(Body.objects.all(), user, right))


@pghistory.track()
class Body(models.Model):
    """A group that governs or carries out: steering group, secretariat, working group, network (B1–B12)."""

    class Kind(models.TextChoices):
        STEERING = "steering", _("steering group")
        STRATEGY = "strategy", _("strategy group")
        SECRETARIAT = "secretariat", _("secretariat")
        RESOURCE = "resource", _("resource group")
        WORKING = "working", _("working group")
        REFERENCE = "reference", _("reference group")
        EXPERT = "expert", _("expert group")
        NETWORK = "network", _("network")

    class Level(models.IntegerChoices):
        GOVERNING = 1, _("level 1: governing")
        OPERATIONAL = 2, _("level 2: carrying out")

    class DecisionRule(models.TextChoices):
        CONSENSUS = "consensus", _("consensus")
        MAJORITY = "majority", _("simple majority")
        CHAIR = "chair", _("consensus, else the chair decides")

    class Rules(models.TextChoices):
        STEERING = "steering", _("steering group by agreement")
        ELECTED = "elected", _("elected body (the Local Government Act, chapter 11)")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="bodies")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=60)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    reports_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reporting", verbose_name=_("reports to")
    )
    permanent = models.BooleanField(_("permanent"), default=True)
    existed_before = models.BooleanField(_("existed before the collaboration"), default=False)
    mandate = models.TextField(_("mandate"), blank=True)
    seats_minimum = models.PositiveSmallIntegerField(_("fewest per municipality"), null=True, blank=True)
    seats_maximum = models.PositiveSmallIntegerField(_("most per municipality"), null=True, blank=True)
    decision_rule = models.CharField(_("how it decides"), max_length=10, choices=DecisionRule, default="consensus")
    rules = models.CharField(_("rules"), max_length=10, choices=Rules, default=Rules.STEERING)
    number_padding = models.PositiveSmallIntegerField(_("digits in case numbers"), default=1)
    number_separator = models.CharField(_("sign in case numbers"), max_length=1, default="/")
    remark_days = models.PositiveSmallIntegerField(_("days for remarks to the minutes"), default=7)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["level", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        permissions = [
            ("view_body", "See the body's own papers"),
            ("view_papers", "Read all the papers of the body's meetings, also what is exempt"),
            ("give_view", "Give a view on the body's cases"),
            ("approve_minutes", "Remark on and approve the body's minutes"),
            ("propose_case", "Propose a case to the body"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "slug"], name="body_slug_once"),
            models.CheckConstraint(
                name="body_slug_is_plain",
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                violation_error_message=_("Use the letters a–z, digits and hyphens."),
            ),
            models.CheckConstraint(
                name="body_seats_make_sense",
                condition=Q(seats_maximum=None)
                | Q(seats_minimum=None)
                | Q(seats_maximum__gte=models.F("seats_minimum")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("body", args=[self.collaboration.slug, self.slug])

    @property
    def name_in_text(self) -> str:
        """«i styringsgruppen», but «i IT-nettverket»."""
        return self.name if self.name[1:2].isupper() else self.name[:1].lower() + self.name[1:]

    def render_number(self, sequence: int, year: int) -> str:
        """The case number in the body's own pattern: «12/26» or «012-26»."""
        return f"{sequence:0{self.number_padding}d}{self.number_separator}{year % 100:02d}"
