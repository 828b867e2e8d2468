from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.accounts.access import allowed
from governance.models.sorting import norwegian_key

if TYPE_CHECKING:
    from governance.models import Collaboration


def in_force(day: date, prefix: str = "") -> Q:
    """A period that holds the day; an open end has no date, and a beginning that nobody knows has none either."""
    begun = Q(**{f"{prefix}since": None}) | Q(**{f"{prefix}since__lte": day})
    return begun & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": day}))


def never_two_at_once(name: str, *of: Any, says: Any, condition: Q | None = None) -> ExclusionConstraint:
    """Periods of the same do not overlap. Each of ``of`` is a whole number, told as a range: no extension is needed."""
    same = [(Func(one, one, Value("[]"), function="int8range"), RangeOperators.OVERLAPS) for one in of]
    days = Func(F("since"), F("until"), Value("[]"), function="daterange")
    return ExclusionConstraint(
        name=name,
        expressions=[*same, (days, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=says,
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> OrganisationQuerySet:
        """Own organisation, and the members of every collaboration that the user may see."""
        from governance.models import Collaboration  # noqa: PLC0415 -- the two models know each other

        collaborations = Collaboration.objects.visible_to(user)
        own = allowed(Organisation.objects.all(), user, "governance.view_organisation")
        return self.filter(Q(pk__in=own) | Q(memberships__collaboration__in=collaborations)).distinct()

    def open_to(self, user: Any) -> OrganisationQuerySet:
        """Whose own things the user may read: the own, and the members of today that have said yes themselves."""
        from governance.models import Collaboration, Membership  # noqa: PLC0415 -- the models know each other

        shared = Membership.objects.sharing().filter(collaboration__in=Collaboration.objects.visible_to(user))
        own = allowed(Organisation.objects.all(), user, "governance.view_organisation")
        return self.filter(Q(pk__in=own) | Q(pk__in=shared.values("organisation")))

    def municipalities(self) -> OrganisationQuerySet:
        return self.filter(kind=Organisation.Kind.MUNICIPALITY)

    def existing(self, on: date | None = None) -> OrganisationQuerySet:
        """Those that are there on the day: a municipality that was merged or split is not."""
        return self.filter(in_force(on or timezone.localdate()))

    def ever_with_number(self, number: str) -> OrganisationQuerySet:
        return self.filter(Q(periods__number=number) | Q(number=number)).distinct()

    def members_of(self, collaboration: Collaboration, on: date | None = None) -> OrganisationQuerySet:
        """The organisations that are members of the collaboration on the day (today)."""
        day = on or timezone.localdate()
        return self.filter(
            Q(memberships__until__isnull=True) | Q(memberships__until__gte=day),
            memberships__collaboration=collaboration,
            memberships__since__lte=day,
            memberships__contested_at=None,
        )


@pghistory.track(exclude=["sort_key"])
class Organisation(models.Model):
    """A municipality, county, state body, association or supplier that takes part or is told (A1–A15)."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality")
        COUNTY = "county", _("county authority")
        STATE = "state", _("state body")
        ASSOCIATION = "association", _("association")
        SUPPLIER = "supplier", _("supplier")
        PARTNER = "partner", _("partner")
        IT_COLLABORATION = "it_collab", _("IT collaboration")

    class LanguageForm(models.TextChoices):
        BOKMAL = "nb", "bokmål"
        NYNORSK = "nn", "nynorsk"
        NEUTRAL = "", _("neutral")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    official_name = models.CharField(_("official name"), max_length=200, blank=True)
    number = models.CharField(_("municipality number"), max_length=4, blank=True)
    organisation_number = models.CharField(_("organisation number"), max_length=9, blank=True)
    county = models.CharField(_("county"), max_length=100, blank=True)
    language_form = models.CharField(_("language form"), max_length=2, choices=LanguageForm, blank=True, default="")
    website = models.CharField(_("website"), max_length=200, blank=True)
    email_domain = models.CharField(_("e-mail domain"), max_length=100, blank=True)
    legal_entity = models.BooleanField(_("legal entity"), default=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)
    sort_key = norwegian_key("name")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key"]
        default_permissions = ()
        permissions = [
            ("view_organisation", "See the municipality's own pages"),
            ("decide_for_municipality", "Register the municipality's own decisions"),
            ("edit_inventory", "Fill in the municipality's systems"),
            ("confirm_inventory", "Confirm the municipality's systems"),
            ("update_contact", "Update the municipality's contact details"),
            ("report_effort", "Tell how many hours the municipality has worked"),
            ("answer_surveys", "Answer surveys for the municipality"),
            (
                "send_proposal",
                "Send the municipality's proposals, and tell whether it is interested in those of others",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="organisation_number_is_for_municipalities",
                condition=Q(kind="municipality", number__regex=r"^[0-9]{4}$")
                | (~Q(kind="municipality") & Q(number="")),
                violation_error_message=_("A municipality has a number of four digits; others have none."),
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number="") & Q(until=None),
                name="municipality_number_once",
                violation_error_message=_("Another municipality has this number today."),
            ),
            models.CheckConstraint(
                name="organisation_ends_after_start",
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="organisation_number_has_nine_digits",
                condition=Q(organisation_number="") | Q(organisation_number__regex=r"^[0-9]{9}$"),
                violation_error_message=_("An organisation number has nine digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("municipality", args=[self.number])

    def name_on(self, day: date) -> str:
        """What it was called that day: «Fylkesmannen» until 2021, then «Statsforvalteren» (A7)."""
        called = self._called_on(day)
        return called.name if called else self.name

    def official_name_on(self, day: date) -> str:
        called = self._called_on(day)
        return (called.official_name or called.name) if called else self.official_name or self.name

    def _called_on(self, day: date) -> OrganisationName | None:
        return next((name for name in self.names.all() if name.holds_on(day)), None)

    @property
    def names_in_languages(self) -> list[str]:
        """«Sortland - Suortá» is one official name in two languages."""
        parts = self.official_name.split(" - ")
        return parts if len(parts) > 1 else []

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()

    def population_on(self, day: date) -> Population | None:
        """The newest count that is not newer than the day."""
        return self.populations.filter(on__lte=day).order_by("-on").first()


class Period(models.Model):
    """Days from and to, both counted in; no first day when nobody knows it, no last day when it still holds."""

    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
        violation_error_message=_("The last day must be on or after the first."),
    )


@pghistory.track()
class OrganisationName(Period):
    """What an organisation was called in a period, in daily use and officially."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200)
    official_name = models.CharField(_("official name"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("earlier name")
        ordering = [F("since").asc(nulls_first=True)]
        default_permissions = ()
        constraints = [
            ends_after_start("organisation_name_ends_after_start"),
            never_two_at_once(
                "organisation_name_one_at_a_time",
                F("organisation"),
                says=_("It already has a name for some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class MunicipalityPeriod(Period):
    """What the country's registers said of a municipality in a period: number, county, language form (A3, L20)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="periods")
    number = models.CharField(_("municipality number"), max_length=4)
    county = models.CharField(_("county"), max_length=100, blank=True)
    organisation_number = models.CharField(_("organisation number"), max_length=9, blank=True)
    language_form = models.CharField(
        _("language form"), max_length=2, choices=Organisation.LanguageForm, blank=True, default=""
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("period of a municipality")
        ordering = [F("since").asc(nulls_first=True)]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="municipality_period_number_has_four_digits", condition=Q(number__regex=r"^[0-9]{4}$")
            ),
            ends_after_start("municipality_period_ends_after_start"),
            never_two_at_once(
                "municipality_period_one_at_a_time",
                F("organisation"),
                says=_("The municipality already has a number for some of these days."),
            ),
            never_two_at_once(
                "municipality_number_of_one_at_a_time",
                Func(
                    F("number"), function="", template="(%(expressions)s)::int8", output_field=models.BigIntegerField()
                ),
                says=_("Another municipality had this number on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.organisation}"


@pghistory.track()
class Succession(models.Model):
    """One municipality goes into another from a day: whole, in part, or a piece of its land (L20)."""

    class Kind(models.TextChoices):
        MERGER = "merger", _("merged")
        SPLIT = "split", _("split")
        BORDER = "border", _("the border was moved")

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="into")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="out_of")
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("change of municipalities")
        ordering = ["on", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="succession_once"),
            models.CheckConstraint(
                name="succession_has_two_sides",
                condition=~Q(predecessor=F("successor")),
                violation_error_message=_("A municipality does not go into itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.on})"


@pghistory.track()
class Population(models.Model):
    """The number of people in a municipality on a counting day, with its source (S14)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="populations")
    on = models.DateField(_("date"))
    people = models.PositiveIntegerField(pgettext_lazy("inhabitants", "people"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("population")
        ordering = ["on"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organisation", "on"], name="population_once_a_day")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.on}: {self.people}"


class RegionQuerySet(models.QuerySet["Region"]):
    def with_any_of(self, organisations: Any, on: date | None = None) -> RegionQuerySet:
        """Regions that one of them is in on the day."""
        day = on or timezone.localdate()
        rows = RegionMembership.objects.active(day).filter(organisation__in=organisations)
        return self.filter(pk__in=rows.values("region"))

    def of(self, collaboration: Collaboration) -> RegionQuerySet:
        """Regions of the collaboration, and those that one of its members is in or was in."""
        members = collaboration.memberships.values("organisation")
        rows = RegionMembership.objects.filter(organisation__in=members)
        return self.filter(Q(pk__in=rows.values("region")) | Q(collaborations=collaboration)).distinct()


@pghistory.track()
class Region(models.Model):
    """Municipalities that work together in a region; the county line does not matter (A5, A6)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    members = models.ManyToManyField(
        Organisation, through="RegionMembership", related_name="regions", blank=True, verbose_name=_("municipalities")
    )
    collaborations = models.ManyToManyField(
        "governance.Collaboration", related_name="regions", blank=True, verbose_name=_("collaborations")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def members_on(self, day: date) -> models.QuerySet[Organisation]:
        rows = RegionMembership.objects.active(day).filter(region=self)
        return Organisation.objects.filter(pk__in=rows.values("organisation"))


class RegionMembershipQuerySet(models.QuerySet["RegionMembership"]):
    def active(self, on: date | None = None) -> RegionMembershipQuerySet:
        return self.filter(in_force(on or timezone.localdate()))


@pghistory.track()
class RegionMembership(Period):
    """A municipality is in a region in a period; one from another county or outside the collaboration may be too."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="region_memberships", verbose_name=_("municipality")
    )

    objects = RegionMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a region")
        ordering = ["organisation__sort_key", "pk"]
        default_permissions = ()
        constraints = [
            ends_after_start("region_membership_ends_after_start"),
            never_two_at_once(
                "region_membership_one_at_a_time",
                F("region"),
                F("organisation"),
                says=_("The municipality is already in the region on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.region}"
