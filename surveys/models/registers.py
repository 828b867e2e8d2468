"""What a municipality registers beside its systems: forms, infrastructure, own plans; and who answers for systems."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation, Person
from surveys.models.catalogue import Area, Product


class OfMunicipalityQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> OfMunicipalityQuerySet:
        return self.filter(municipality__in=Organisation.objects.open_to(user))

    def of(self, collaboration: Collaboration) -> OfMunicipalityQuerySet:
        return self.filter(municipality__in=collaboration.sharing())


@pghistory.track()
class ApplicationForm(models.Model):
    """A form or application that citizens or businesses send the municipality, on paper or not (R28).

    Also those that few send: all are to become digital. ``yearly`` is how many come in a year, where it is known.
    """

    class State(models.TextChoices):
        PAPER = "paper", _("on paper")
        PARTLY = "partly", _("partly digital, as a PDF to send")
        DIGITAL = "digital", _("digital all the way")

    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="application_forms")
    name = models.CharField(_("form"), max_length=200)
    key = models.CharField(max_length=200, editable=False)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="application_forms", verbose_name=_("area")
    )
    state = models.CharField(_("state"), max_length=7, choices=State)
    yearly = models.PositiveIntegerField(_("sent in a year"), null=True, blank=True)
    planned_for = models.DateField(_("to be digital by"), null=True, blank=True)
    solution = models.CharField(_("solution"), max_length=200, blank=True)
    benefit = models.CharField(_("what is gained"), max_length=300, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OfMunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["municipality__sort_key", "name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "key"],
                name="application_form_once",
                violation_error_message=_("The municipality has registered this form already."),
            ),
            models.CheckConstraint(name="application_form_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="application_form_state_is_known", condition=Q(state__in=["paper", "partly", "digital"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class InfrastructureFact(models.Model):
    """One fact of a municipality's infrastructure on a day: differences make common solutions dearer (K7, F6)."""

    class Topic(models.TextChoices):
        NETWORK = "network", _("network and fibre")
        MOBILE = "mobile", _("mobile coverage")
        OPERATION = "operate", _("servers and operation")
        IDENTITY = "identity", _("users and sign-in")
        DEVICES = "devices", _("devices")
        BACKUP = "backup", _("backup and restoring")
        WATCH = "watch", _("monitoring of security")
        STAFF = "staff", _("people who work with IT")

    # How a municipality guards itself stays with its own people (rule 9).
    OWN_ONLY = (Topic.IDENTITY, Topic.BACKUP, Topic.WATCH)

    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="infrastructure")
    topic = models.CharField(_("topic"), max_length=8, choices=Topic)
    text = models.CharField(_("as it is"), max_length=500)
    on = models.DateField(_("date"))
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OfMunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact of infrastructure")
        verbose_name_plural = _("facts of infrastructure")
        ordering = ["municipality__sort_key", "topic", "-on"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "topic", "on"],
                name="infrastructure_once_a_day",
                violation_error_message=_("This topic has a fact of that day already."),
            ),
            models.CheckConstraint(name="infrastructure_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.get_topic_display()}"


class OwnPurchaseQuerySet(OfMunicipalityQuerySet):
    def under_way(self) -> OwnPurchaseQuerySet:
        """Neither signed nor given up."""
        return self.filter(ended_on=None)


@pghistory.track()
class OwnPurchase(models.Model):
    """That a municipality is about to buy in an area by itself: shown beside the window it could have joined (K5)."""

    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="own_purchases")
    area = models.ForeignKey(Area, models.PROTECT, related_name="own_purchases", verbose_name=_("area"))
    title = models.CharField(_("what is bought"), max_length=200)
    signs_on = models.DateField(_("expected to sign"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    ended_on = models.DateField(_("given up or signed"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OwnPurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase of one's own")
        verbose_name_plural = _("purchases of one's own")
        ordering = ["signs_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="own_purchase_says_what",
                condition=~Q(title=""),
                violation_error_message=_("Say what the municipality is about to buy."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.title}"


@pghistory.track()
class CommonResponsible(models.Model):
    """Somebody who answers for, or orders, a system or area on behalf of several municipalities (B26, B27)."""

    class Kind(models.TextChoices):
        RESPONSIBLE = "responsible", _("responsible for the system")
        ORDERER = "orderer", _("orders on behalf of the municipalities")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="common_responsibles")
    kind = models.CharField(_("role"), max_length=11, choices=Kind, default=Kind.RESPONSIBLE)
    area = models.ForeignKey(Area, models.PROTECT, related_name="common_responsibles", verbose_name=_("area"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="common_responsibles", verbose_name=_("system")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    municipalities: Any = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("for"))
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("common responsible")
        verbose_name_plural = _("common responsibles")
        ordering = ["area__sort_key", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="common_responsible_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.product or self.area}"
