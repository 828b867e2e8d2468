from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.accounts.access import allowed
from governance.models.sorting import norwegian_key

if TYPE_CHECKING:
    from governance.models import Collaboration


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> OrganisationQuerySet:
        """Own organisation, and the members of every collaboration that the user may see."""
        from governance.models import Collaboration  # noqa: PLC0415 -- the two models know each other

        collaborations = Collaboration.objects.visible_to(user)
        own = allowed(Organisation.objects.all(), user, "governance.view_organisation")
        return self.filter(Q(pk__in=own) | Q(memberships__collaboration__in=collaborations)).distinct()

    def municipalities(self) -> OrganisationQuerySet:
        return self.filter(kind=Organisation.Kind.MUNICIPALITY)

    def members_of(self, collaboration: Collaboration, on: date | None = None) -> OrganisationQuerySet:
        """The organisations that are members of the collaboration on the day (today)."""
        day = on or timezone.localdate()
        return self.filter(
            Q(memberships__until__isnull=True) | Q(memberships__until__gte=day),
            memberships__collaboration=collaboration,
            memberships__since__lte=day,
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
        ]
        constraints = [
            models.CheckConstraint(
                name="organisation_number_is_for_municipalities",
                condition=Q(kind="municipality", number__regex=r"^[0-9]{4}$")
                | (~Q(kind="municipality") & Q(number="")),
                violation_error_message=_("A municipality has a number of four digits; others have none."),
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="municipality_number_once"),
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
        for earlier in self.names.all():
            if earlier.since <= day and (earlier.until is None or day <= earlier.until):
                return earlier.name
        return self.name

    def population_on(self, day: date) -> Population | None:
        """The newest count that is not newer than the day."""
        return self.populations.filter(on__lte=day).order_by("-on").first()


@pghistory.track()
class OrganisationName(models.Model):
    """What an organisation was called in a period."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["since"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="organisation_name_ends_after_start", condition=Q(until=None) | Q(until__gte=models.F("since"))
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Population(models.Model):
    """The number of people in a municipality on a counting day, with its source (S14)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="populations")
    on = models.DateField(_("date"))
    people = models.PositiveIntegerField(pgettext_lazy("inhabitants", "people"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["on"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organisation", "on"], name="population_once_a_day")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.on}: {self.people}"


@pghistory.track()
class Region(models.Model):
    """Municipalities that work together in a region; the county line does not matter (A5, A6)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    members = models.ManyToManyField(Organisation, related_name="regions", blank=True)

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
