from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import Collaboration, Organisation
from portfolio.models.programmes import Gathering


class InvitationQuerySet(models.QuerySet["GatheringInvitation"]):
    def unanswered(self) -> InvitationQuerySet:
        """Announced and not yet held, and the municipality has neither registered anybody nor said no."""
        live = Registration.objects.live().filter(
            gathering=models.OuterRef("gathering"), municipality=models.OuterRef("municipality")
        )
        coming = self.filter(gathering__state=Gathering.State.ANNOUNCED, gathering__starts_at__gt=timezone.now())
        return coming.filter(~models.Exists(live), declined_at=None)

    def with_counts(self) -> InvitationQuerySet:
        """``registered``: how many the municipality has registered to the gathering, those who wait too."""
        rows = Registration.objects.live().filter(
            gathering=models.OuterRef("gathering"), municipality=models.OuterRef("municipality")
        )
        counted = rows.order_by().values("gathering").annotate(n=models.Count("pk")).values("n")
        return self.annotate(registered=models.functions.Coalesce(models.Subquery(counted), 0))


@pghistory.track()
class GatheringInvitation(models.Model):
    """A municipality is invited to a gathering; it answers by registering people, or by sending nobody."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="invitations")
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, related_name="gathering_invitations", verbose_name=_("municipality")
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    declined_at = models.DateTimeField(_("sends nobody"), null=True, blank=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a gathering")
        ordering = ["municipality__sort_key", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["gathering", "municipality"], name="gathering_invites_once")]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.gathering}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def live(self) -> RegistrationQuerySet:
        return self.exclude(state=Registration.State.WITHDRAWN)

    def visible_to(self, user: Any) -> RegistrationQuerySet:
        """Whose names one may read: those of the own municipality, one's own, and as organiser all."""
        organises = allowed(Collaboration.objects.all(), user, "governance.manage_portfolio")
        places = allowed(Organisation.objects.all(), user, "governance.update_contact")
        return self.filter(
            Q(gathering__project__collaboration__in=organises) | Q(municipality__in=places) | Q(user=user.pk)
        )

    def to_erase(self, before: date) -> RegistrationQuerySet:
        """Of gatherings so long ago."""
        return self.filter(erased_at=None, gathering__on__lte=before)


NEVER_OVERFULL = """
    IF NEW.state = 'registered' THEN
        SELECT capacity INTO places FROM portfolio_gathering WHERE id = NEW.gathering_id FOR UPDATE;
        IF places IS NOT NULL AND places < (
            SELECT count(*) FROM portfolio_registration WHERE gathering_id = NEW.gathering_id AND state = 'registered'
        ) THEN
            RAISE EXCEPTION 'The gathering is full.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
"""


# What is personal is kept in the row alone, so that it is gone when it is erased.
@pghistory.track(exclude=["name", "title", "email", "needs", "user"])
class Registration(models.Model):
    """One who takes part in a gathering: registered by the municipality, or by themself (J6).

    registered ↔ waiting → registered; both can be withdrawn. Those who wait get a place in the order they came. Names
    are erased when their time is over, and at once when the person is withdrawn; that somebody came from the
    municipality stays.
    """

    class State(models.TextChoices):
        REGISTERED = "registered", _("has a place")
        WAITING = "waiting", _("on the waiting list")
        WITHDRAWN = "withdrawn", _("withdrawn")

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="registrations")
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, related_name="registrations", verbose_name=_("municipality")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REGISTERED)
    name = models.CharField(_("name"), max_length=200, blank=True)
    title = models.CharField(_("role or title"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    needs = models.CharField(_("needs"), max_length=300, blank=True)
    user: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    registered_at = models.DateTimeField(_("signed up"), default=timezone.now)
    attended = models.BooleanField(_("came"), null=True, blank=True)
    erased_at = models.DateTimeField(_("names erased"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)

    objects: ClassVar[Any] = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["registered_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "gathering",
                "municipality",
                Lower("name"),
                condition=~Q(state="withdrawn") & Q(erased_at=None),
                name="registered_once",
            ),
            models.UniqueConstraint(
                fields=["gathering", "user"],
                condition=~Q(state="withdrawn") & Q(user__isnull=False),
                name="registers_oneself_once",
            ),
            models.CheckConstraint(
                name="registration_is_named_or_erased",
                condition=(Q(erased_at=None) & ~Q(name=""))
                | Q(erased_at__isnull=False, name="", title="", email="", needs="", user=None),
            ),
            models.CheckConstraint(name="withdrawn_did_not_come", condition=~Q(state="withdrawn") | Q(attended=None)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_overfull",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "gathering_id"),
                declare=[("places", "integer")],
                func=NEVER_OVERFULL,
            )
        ]
        indexes = [models.Index(F("gathering"), F("state"), name="registration_by_state")]

    def __str__(self) -> str:
        return self.name or str(self.municipality)
