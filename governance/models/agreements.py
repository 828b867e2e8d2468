from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models.collaborations import Collaboration
from governance.models.organisations import Organisation


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> AgreementQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class Agreement(models.Model):
    """The agreement a collaboration stands on; in force for the parties that have acceded, however few (R3, R13).

    draft → sent (to the municipalities) → ended. «In force» is not a state: it follows from the parties' own decisions.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent to the municipalities")
        ENDED = "ended", _("ended")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="agreements")
    slug = models.SlugField(_("address"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.DRAFT)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_to = models.DateField(_("period to"), null=True, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-pk"]
        default_permissions: tuple[str, ...] = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "slug"], name="agreement_slug_once"),
            models.CheckConstraint(
                name="agreement_period_ends_after_start",
                condition=Q(period_to=None) | Q(period_from=None) | Q(period_to__gt=models.F("period_from")),
                violation_error_message=_("The period must end after it starts."),
            ),
            models.CheckConstraint(
                name="agreement_sent_has_a_day", condition=Q(state="draft", sent_on=None) | ~Q(state="draft", sent_on=None)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.collaboration.slug, self.slug])


@pghistory.track()
class AgreementSection(models.Model):
    """One of the eight sections an agreement has (R14)."""

    class Kind(models.TextChoices):
        BACKGROUND = "background", _("Background")
        PURPOSE = "purpose", _("Purpose")
        VALUE = "value", _("Value for each municipality")
        ROLES = "roles", _("The parties' roles and responsibilities")
        ORGANISATION = "organisation", _("Organisation")
        FINANCING = "financing", _("Financing")
        PERIOD = "period", _("Period of the agreement")
        CHANGES = "changes", _("Handling of changes")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="sections")
    kind = models.CharField(_("section"), max_length=12, choices=Kind)
    text = models.TextField(_("text"))

    class Meta:
        default_permissions: tuple[str, ...] = ()
        constraints = [models.UniqueConstraint(fields=["agreement", "kind"], name="agreement_section_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


@pghistory.track()
class AgreementParty(models.Model):
    """An organisation invited to the agreement, and the value it has for exactly that party (R14, L2)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements")
    value = models.TextField(_("value for this municipality"), blank=True)
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        ordering = ["organisation__sort_key"]
        default_permissions: tuple[str, ...] = ()
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="party_once")]

    def __str__(self) -> str:
        return str(self.organisation)
