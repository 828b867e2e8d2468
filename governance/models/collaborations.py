from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models.organisations import Organisation

# First words of our own addresses; a collaboration can't take one as its slug.
RESERVED_SLUGS = [
    "admin", "dokument", "healthz", "jobb", "komponenter", "kommune", "konto", "offentlig", "personvern",
    "readyz", "sok", "static", "sprak", "tilgjengelighet", "hjelp", "it-samarbeid", "kom-i-gang", "nytt-samarbeid",
]  # fmt: skip


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    def visible_to(self, user: Any) -> CollaborationQuerySet:
        return self.filter(pk__in=allowed(Collaboration.objects.all(), user, "governance.view_collaboration"))


@pghistory.track()
class Collaboration(models.Model):
    """A digitalisation collaboration: it recommends, the municipalities decide (R1, R2). Not a legal entity (R4)."""

    class LegalForm(models.TextChoices):
        AGREEMENT = "agreement", _("collaboration by agreement – not a legal entity of its own")
        IPR = "ipr", _("inter-municipal political council (IPR)")
        KO = "ko", _("joint municipal task body (KO)")
        HOST = "host", _("host municipality")

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    legal_form = models.CharField(
        _("organisational form"), max_length=10, choices=LegalForm, default=LegalForm.AGREEMENT
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    siblings = models.ManyToManyField("self", blank=True, verbose_name=_("sister collaborations"))
    period = models.CharField(_("period"), max_length=100, blank=True, help_text=_("For example «2021/22–2025»."))
    skipped_steps = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    external = models.BooleanField(_("only named here, governed elsewhere"), default=False)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaboration")
        verbose_name_plural = _("collaborations")
        ordering = ["name"]
        default_permissions = ()
        permissions = [
            ("view_collaboration", "See the collaboration"),
            ("manage_collaboration", "Change members, agreements, bodies and people"),
            ("prepare_meetings", "Prepare cases and meetings, run meetings and write minutes"),
            ("manage_portfolio", "Change focus areas, projects and financing"),
            ("register_on_behalf", "Register a municipality's decision on its behalf"),
            ("report_status", "Write status reports"),
            ("publish_report", "Make and publish reports"),
            ("manage_surveys", "Import surveys and inventories"),
            ("view_answers", "See single answers of a survey"),
            ("view_exempt", "See cases exempt from public disclosure"),
            ("export_all", "Export what the collaboration holds"),
        ]
        constraints = [
            models.CheckConstraint(
                name="collaboration_slug_is_plain",
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                violation_error_message=_("Use the letters a–z, digits and hyphens."),
            ),
            models.CheckConstraint(
                name="collaboration_slug_is_not_reserved",
                condition=~Q(slug__in=RESERVED_SLUGS),
                violation_error_message=_("This address is taken by the portal itself. Choose another."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("collaboration", args=[self.slug])

    def members(self, on: date | None = None) -> models.QuerySet[Organisation]:
        return Organisation.objects.members_of(self, on).municipalities().order_by("sort_key")

    def steering_group(self) -> Any:
        """The body that recommends for the collaboration, or nothing while it is not set up."""
        return self.bodies.filter(kind="steering").order_by("pk").first()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_municipalities(self) -> MembershipQuerySet:
        return self.filter(organisation__kind=Organisation.Kind.MUNICIPALITY)

    def active(self, on: date | None = None) -> MembershipQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


@pghistory.track()
class Membership(models.Model):
    """An organisation's membership in a collaboration over time (L1)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        default_permissions = ()
        ordering = ["organisation__sort_key", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "organisation"], condition=Q(until=None), name="membership_open_once"
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.collaboration}"


class DutyQuerySet(models.QuerySet["Duty"]):
    def active(self, on: date | None = None) -> DutyQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


@pghistory.track()
class Duty(models.Model):
    """A duty that the collaboration, being no legal person, has laid on a named organisation (R4, R5, B5)."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("receives grants")
        ACCOUNTS = "accounts", _("keeps the accounts")
        CONTRACTS = "contracts", _("signs procurements")
        ARCHIVE = "archive", _("keeps the archive")
        PRIVACY = "privacy", _("controls personal data")
        EMPLOYER = "employer", _("employs the secretariat")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="duties")
    kind = models.CharField(_("duty"), max_length=10, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="duties")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["kind", "since"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="duty_ends_after_start",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.UniqueConstraint(fields=["collaboration", "kind"], condition=Q(until=None), name="duty_held_by_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation}"
