from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import containers
from governance.models.collaborations import Collaboration
from governance.models.decisions import NamedDecision
from governance.models.organisations import Organisation, Region

if TYPE_CHECKING:
    from governance.models.rules import RuleProfile


class BodyQuerySet(models.QuerySet["Body"]):
    def visible_to(self, user: Any) -> BodyQuerySet:
        return self.filter(collaboration__in=containers(Collaboration, user, "governance.view_collaboration"))

    def with_votes(self, on: date | None = None) -> BodyQuerySet:
        """Bodies with seats that vote on the day, and can be asked in writing."""
        day = on or timezone.localdate()
        voting = Q(seats__role="steering", seats__since__lte=day) & (Q(seats__until=None) | Q(seats__until__gte=day))
        return self.filter(voting).distinct()

    def where_may(self, user: Any, right: str) -> BodyQuerySet:
        return self.filter(pk__in=containers(Body, user, right))

    def that_meet(self) -> BodyQuerySet:
        """Those whose meetings are held here; of an external political body only the outcome is known (B24)."""
        return self.exclude(kind=Body.Kind.POLITICAL)


@pghistory.track()
class Body(models.Model):
    """A group that governs or carries out: steering group, secretariat, eFagråd, working group, network (B1–B24)."""

    class Kind(models.TextChoices):
        STEERING = "steering", _("steering group")
        STRATEGY = "strategy", _("strategy group")
        SECRETARIAT = "secretariat", _("secretariat")
        RESOURCE = "resource", _("resource group")
        WORKING = "working", _("working group")
        REFERENCE = "reference", _("reference group")
        EXPERT = "expert", _("expert group")
        NETWORK = "network", _("network")
        EFAGRAD = "efagrad", _("regional digital council (eFagråd)")
        POLITICAL = "political", _("external political body")

    class Level(models.IntegerChoices):
        GOVERNING = 1, _("level 1: governing")
        OPERATIONAL = 2, _("level 2: carrying out")

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
    mandate_points = models.TextField(_("points of the mandate"), blank=True, help_text=_("One per line."))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="efagrad", verbose_name=_("region")
    )
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="own_bodies", verbose_name=_("whose body")
    )
    led_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("led by")
    )
    fte_minimum = models.DecimalField(
        _("at least this many full-time positions"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    seats_minimum = models.PositiveSmallIntegerField(_("fewest per municipality"), null=True, blank=True)
    seats_maximum = models.PositiveSmallIntegerField(_("most per municipality"), null=True, blank=True)
    number_prefix = models.CharField(_("letters before case numbers"), max_length=6, blank=True)
    number_padding = models.PositiveSmallIntegerField(_("digits in case numbers"), default=1)
    number_separator = models.CharField(_("sign in case numbers"), max_length=1, default="/")
    number_year_digits = models.PositiveSmallIntegerField(_("digits of the year in case numbers"), default=2)
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
            models.CheckConstraint(
                name="body_case_numbers_can_be_read",
                condition=Q(
                    number_padding__range=(1, 6), number_separator__in=["/", "-", "."], number_year_digits__in=[2, 4]
                ),
                violation_error_message=_("A case number has one to six digits, a sign, and two or four of the year."),
            ),
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
            models.CheckConstraint(
                name="efagrad_has_its_region",
                condition=Q(kind="efagrad", region__isnull=False) | (~Q(kind="efagrad") & Q(region=None)),
                violation_error_message=_("A regional council belongs to a region, and no other body does."),
            ),
            models.UniqueConstraint(
                fields=["collaboration", "region"],
                condition=Q(region__isnull=False),
                name="one_efagrad_per_region",
                violation_error_message=_("The region has its council already. Change that one."),
            ),
            models.CheckConstraint(
                name="political_body_is_somebodys",
                condition=Q(kind="political", owner__isnull=False) | (~Q(kind="political") & Q(owner=None)),
                violation_error_message=_("Say whose body it is: the municipality, or KS."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("body", args=[self.collaboration.slug, self.slug])

    @property
    def meets(self) -> bool:
        """Whether its meetings are held here."""
        return self.kind != self.Kind.POLITICAL

    @property
    def points(self) -> list[str]:
        """The mandate's points in order (D3)."""
        return [line.strip() for line in self.mandate_points.splitlines() if line.strip()]

    def status_on(self, day: date | None = None) -> BodyStatus | None:
        """How far it had come that day; without a word about it the body is simply there."""
        on = day or timezone.localdate()
        return max((one for one in self.statuses.all() if one.since <= on), key=lambda one: one.since, default=None)

    @property
    def name_in_text(self) -> str:
        """«i styringsgruppen», but «i IT-nettverket»."""
        return self.name if self.name[1:2].isupper() else self.name[:1].lower() + self.name[1:]

    @property
    def number_example(self) -> str:
        """How case 12 of this year is written."""
        return self.render_number(12, timezone.localdate().year)

    def render_number(self, sequence: int, year: int) -> str:
        """The case number in the body's own pattern: «12/26», «012-26» or «PS 12/2026» (D2)."""
        told = f"{year:04d}" if self.number_year_digits == 4 else f"{year % 100:02d}"
        number = f"{sequence:0{self.number_padding}d}{self.number_separator}{told}"
        return f"{self.number_prefix} {number}" if self.number_prefix else number

    def profile_on(self, day: date | None = None) -> RuleProfile:
        """The rules that hold on the day (rule 5)."""
        from governance.models.rules import in_force  # noqa: PLC0415 -- a body knows its rules

        return in_force(list(self.profiles.all()), self, day or timezone.localdate())

    @property
    def profile(self) -> RuleProfile:
        """The rules of today."""
        return self.profile_on()


@pghistory.track()
class BodyStatus(NamedDecision):
    """How far a body has come from a day: a council under way, a network that becomes formal (B10, B20)."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        SETTING_UP = "setting_up", _("being set up")
        ESTABLISHED = "established", _("established")
        INFORMAL = "informal", _("informal")
        FORMALISED = "formalised", _("formalised")
        CLOSED = "closed", _("closed down")

    body = models.ForeignKey(Body, models.CASCADE, related_name="statuses")
    status = models.CharField(_("status"), max_length=12, choices=Status)
    since = models.DateField(_("from"))
    example = models.BooleanField(_("example"), default=False)

    class Meta(NamedDecision.Meta):
        verbose_name = _("status of a body")
        ordering = ["since"]
        constraints = [models.UniqueConstraint(fields=["body", "since"], name="body_status_once_a_day")]

    def __str__(self) -> str:
        return f"{self.body}: {self.get_status_display()}"

    @property
    def is_there(self) -> bool:
        """It works as what it is."""
        return self.status in (self.Status.ESTABLISHED, self.Status.FORMALISED, self.Status.INFORMAL)


class BodyCapacityQuerySet(models.QuerySet["BodyCapacity"]):
    def active(self, on: date | None = None) -> BodyCapacityQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


@pghistory.track()
class BodyCapacity(NamedDecision):
    """A body acts in another capacity too: a joint steering group is its region's eFagråd elsewhere (B12, B23, L7).

    It gives nobody a right: those who sit in the body keep what their seats there give.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="capacities", verbose_name=_("body"))
    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="capacities")
    kind = models.CharField(_("acts as"), max_length=12, choices=Body.Kind)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until and including"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = BodyCapacityQuerySet.as_manager()

    class Meta(NamedDecision.Meta):
        verbose_name = _("capacity of a body")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "collaboration", "kind"], condition=Q(until=None), name="body_capacity_open_once"
            ),
            models.CheckConstraint(
                name="body_capacity_ends_after_start",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="efagrad_capacity_has_its_region",
                condition=Q(kind="efagrad", region__isnull=False) | (~Q(kind="efagrad") & Q(region=None)),
                violation_error_message=_("A regional council belongs to a region, and no other body does."),
            ),
            models.UniqueConstraint(
                fields=["collaboration", "region"],
                condition=Q(region__isnull=False, until=None),
                name="one_efagrad_capacity_per_region",
                violation_error_message=_("The region has its council already. Change that one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} – {self.get_kind_display()}, {self.collaboration}"
