from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import containers
from digivesteralen.documents.models import Document
from digivesteralen.ui import wording
from governance.models.organisations import Organisation

# First words of our own addresses; a collaboration can't take one as its slug.
RESERVED_SLUGS = [
    "admin", "dokument", "healthz", "jobb", "komponenter", "kommune", "konto", "offentlig", "personvern",
    "readyz", "sok", "static", "sprak", "tilgjengelighet", "hjelp", "it-samarbeid", "kalender", "kom-i-gang",
    "nytt-samarbeid",
]  # fmt: skip


# For so long the secretariat finds a municipality's no among what waits for it.
CONTEST_IS_TOLD = timedelta(days=30)


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    def visible_to(self, user: Any) -> CollaborationQuerySet:
        return self.filter(pk__in=containers(Collaboration, user, "governance.view_collaboration"))

    def with_public_pages(self) -> CollaborationQuerySet:
        """Those that anybody may read about."""
        return self.filter(public_pages=True, external=False)


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
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    siblings = models.ManyToManyField("self", blank=True, verbose_name=_("sister collaborations"))
    period = models.CharField(_("period"), max_length=100, blank=True, help_text=_("For example «2021/22–2025»."))
    skipped_steps = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    public_pages = models.BooleanField(
        _("public pages"),
        default=False,
        help_text=_("Anyone may read the plan of meetings and the published minutes, without signing in."),
    )
    second_step = models.BooleanField(
        _("two steps for everybody"),
        default=False,
        db_default=False,
        help_text=_("Whoever has a role here signs in with an app or a passkey besides the password."),
    )
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

    def sharing(self) -> models.QuerySet[Organisation]:
        """The members of today whose own things are open here (rule 9): those that have said yes themselves."""
        return self.members().filter(pk__in=self.memberships.sharing().values("organisation"))

    def legal_form_on(self, day: date | None = None) -> Collaboration.LegalForm:
        """The organisational form that day; an agreement until anything else is registered (R4, R6)."""
        when = day or timezone.localdate()
        begun = [period for period in self.legal_forms.all() if period.since is None or period.since <= when]
        newest = max(begun, key=lambda period: period.since or date.min, default=None)
        return self.LegalForm(newest.form) if newest else self.LegalForm.AGREEMENT

    def steering_group(self) -> Any:
        """The body that recommends for the collaboration, or nothing while it is not set up."""
        return self.bodies.filter(kind="steering").order_by("pk").first()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_municipalities(self) -> MembershipQuerySet:
        return self.filter(organisation__kind=Organisation.Kind.MUNICIPALITY)

    def not_contested(self) -> MembershipQuerySet:
        """Without those to which the municipality's own people have said no: they never were (rule 1)."""
        return self.filter(contested_at=None)

    def active(self, on: date | None = None) -> MembershipQuerySet:
        day = on or timezone.localdate()
        return self.not_contested().filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def sharing(self) -> MembershipQuerySet:
        """Those of today by which the organisation's own things are open to the others (rules 1 and 9)."""
        return self.active().filter(awaits=False)

    def not_ended(self) -> MembershipQuerySet:
        """Those of today and those that are to come."""
        return self.not_contested().filter(Q(until=None) | Q(until__gte=timezone.localdate()))

    def lately_contested(self) -> MembershipQuerySet:
        """Those to which a municipality has said no so lately that the secretariat is told of it (rule 1)."""
        return self.filter(contested_at__gt=timezone.now() - CONTEST_IS_TOLD)


@pghistory.track()
class Membership(models.Model):
    """An organisation's membership in a collaboration over time, and whose decision it stands on (L1, rule 1)."""

    class Ground(models.TextChoices):
        FOUNDING = "founding", _("from the founding")
        DECISION = "decision", _("own decision")

    class EndGround(models.TextChoices):
        DECISION = "decision", _("own decision")
        CEASED = "ceased", _("the municipality became part of another")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    named_role = models.CharField(
        _("named role"),
        max_length=100,
        blank=True,
        help_text=_("A role besides being a member, for example «central role»."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    ground = models.CharField(_("member by"), max_length=10, choices=Ground, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    case_number = models.CharField(_("case number"), max_length=50, blank=True)
    extract = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("extract of the record")
    )
    # The secretariat's word alone opens nothing that is the municipality's: its own people say yes first (rule 1).
    awaits = models.BooleanField(_("awaits the municipality's own yes"), default=False, db_default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # «Kommunen er ikke med»: it stands in the history as what was written down, and counts nowhere.
    contested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contested by"),
    )
    contested_at = models.DateTimeField(_("contested"), null=True, blank=True)
    contested_why = models.TextField(_("why it is contested"), blank=True, default="", db_default="")
    end_ground = models.CharField(_("ended by"), max_length=10, choices=EndGround, blank=True)
    end_decided_by = models.CharField(_("end decided by"), max_length=200, blank=True)
    end_decided_on = models.DateField(_("end decided on"), null=True, blank=True)
    end_case_number = models.CharField(_("case number of the end"), max_length=50, blank=True)
    end_extract = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("extract of the record")
    )
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
            models.CheckConstraint(
                name="membership_decision_is_named",
                condition=~Q(ground="decision") | (~Q(decided_by="") & Q(decided_on__isnull=False)),
                violation_error_message=_("Name the municipality's own decision: the body and the day."),
            ),
            models.CheckConstraint(
                name="membership_end_is_named",
                condition=~Q(end_ground="decision") | (~Q(end_decided_by="") & Q(end_decided_on__isnull=False)),
                violation_error_message=_("Name the municipality's own decision: the body and the day."),
            ),
            models.CheckConstraint(
                name="membership_on_behalf_has_an_extract",
                condition=(~Q(ground="decision") | Q(extract__isnull=False))
                & (~Q(end_ground="decision") | Q(end_extract__isnull=False)),
                violation_error_message=_("Attach the extract when you register on behalf of a municipality."),
            ),
            models.CheckConstraint(
                name="membership_yes_is_somebody_s",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(awaits=False, confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_no_is_somebody_s_and_says_why",
                condition=Q(contested_by=None, contested_at=None, contested_why="")
                | Q(Q(awaits=True, contested_by__isnull=False, contested_at__isnull=False), ~Q(contested_why="")),
            ),
            models.CheckConstraint(
                name="membership_end_has_a_day", condition=Q(end_ground="") | Q(until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.collaboration}"

    @property
    def stands_on(self) -> str:
        """«kommunestyret, 12. mai 2026, sak 14/26», or that it was there from the founding."""
        said = str(self.get_ground_display())
        if self.ground == self.Ground.DECISION:
            said = _named(self.decided_by, self.decided_on, self.case_number)
        if self.awaits and self.contested_at is None:
            said = ", ".join(filter(None, [said, gettext("awaits the municipality's own yes")]))
        return said

    @property
    def ended_by(self) -> str:
        if self.contested_at is not None:
            told = {"day": wording.day(timezone.localdate(self.contested_at)), "why": self.contested_why}
            return gettext("never a member, says the municipality itself %(day)s: %(why)s") % told
        if self.end_ground != self.EndGround.DECISION:
            return str(self.get_end_ground_display())
        return _named(self.end_decided_by, self.end_decided_on, self.end_case_number)


def _named(body: str, day: date | None, case_number: str) -> str:
    """The municipality's own decision, as the secretariat registered it from the extract."""
    said = [body, wording.day(day) if day else ""]
    if case_number:
        said.append(gettext("case %(number)s") % {"number": case_number})
    said.append(gettext("on behalf of the municipality"))
    return ", ".join(part for part in said if part)


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
