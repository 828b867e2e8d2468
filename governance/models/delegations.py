from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.models import Document
from governance.models import locks
from governance.models.organisations import Organisation


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, user: Any) -> DelegationQuerySet:
        return self.filter(organisation__in=Organisation.objects.open_to(user))

    def standing(self) -> DelegationQuerySet:
        """Those that the municipality has not objected to."""
        return self.filter(objected_at=None)

    def in_force(self, on: date | None = None) -> DelegationQuerySet:
        """Those that hold on the day; what was registered on behalf holds from the municipality's confirmation."""
        day = on or timezone.localdate()
        mine = Q(on_behalf=False) | Q(confirmed_at__isnull=False)
        return self.standing().filter(mine, Q(until=None) | Q(until__gte=day), since__lte=day)

    def covering(
        self, organisation: Organisation, on: date | None = None, amount: Decimal | None = None
    ) -> DelegationQuerySet:
        """Those by which the municipal director may decide this amount on the day; none means: not on the spot."""
        within = Q(ceiling=None) | Q(ceiling__gte=amount or 0)
        return self.in_force(on).filter(within, organisation=organisation)


@pghistory.track()
class Delegation(models.Model):
    """What the council has left to its municipal director to decide (kommuneloven § 13-1 sixth paragraph; rule 1).

    Only where one covers the matter may the director give both the view in the body and the municipality's decision.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="delegations", verbose_name=_("municipality")
    )
    to = models.CharField(_("delegated to"), max_length=100)
    matters = models.TextField(_("what may be decided"))
    ceiling = models.DecimalField(_("at most, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    decided_by = models.CharField(_("who decided"), max_length=100)
    decided_on = models.DateField(_("date of the decision"))
    case_number = models.CharField(_("case number"), max_length=20)
    since = models.DateField(_("holds from"))
    until = models.DateField(_("last day"), null=True, blank=True)
    extract = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("extract of the record")
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    registered_at = models.DateTimeField(_("registered"), default=timezone.now)
    on_behalf = models.BooleanField(_("registered on behalf of the municipality"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed by the municipality"), null=True, blank=True)
    objected_at = models.DateTimeField(_("objected to by the municipality"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-since", "-pk"]
        default_permissions = ()
        triggers = [
            locks.never_deleted(),
            pgtrigger.Trigger(
                name="covers_what_was_decided_by_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM governance_adoption decided WHERE decided.delegation_id = NEW.id AND (
                            decided.organisation_id <> NEW.organisation_id OR decided.decided_on < NEW.since
                            OR decided.decided_on > NEW.until OR decided.amount > NEW.ceiling
                        )
                    ) THEN RAISE EXCEPTION 'Decisions made by this delegation would no longer be covered.'; END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="delegation_ceiling_not_negative",
                condition=Q(ceiling=None) | Q(ceiling__gte=0),
                violation_error_message=_("The amount can't be below zero."),
            ),
            models.CheckConstraint(
                name="delegation_ends_after_start",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day can't be before the first."),
            ),
            models.CheckConstraint(
                name="delegation_is_decided_before_it_holds",
                condition=Q(decided_on__lte=models.F("since")),
                violation_error_message=_("A delegation holds from the day of the decision at the earliest."),
            ),
            models.CheckConstraint(
                name="delegation_says_who_what_and_where",
                condition=~Q(to="") & ~Q(matters="") & ~Q(decided_by="") & ~Q(case_number=""),
                violation_error_message=_(
                    "Write to whom it is delegated, what may be decided, who decided and the case number."
                ),
            ),
            models.CheckConstraint(
                name="delegation_on_behalf_has_an_extract",
                condition=Q(on_behalf=False) | Q(extract__isnull=False),
                violation_error_message=_("Attach the extract when you register on behalf of a municipality."),
            ),
            models.CheckConstraint(
                name="delegation_answered_once_by_the_municipality",
                condition=Q(confirmed_at=None, objected_at=None)
                | (Q(on_behalf=True) & (Q(confirmed_at=None) | Q(objected_at=None))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.to}"

    def get_absolute_url(self) -> str:
        return reverse("delegations", args=[self.organisation.number])

    @property
    def draft_key(self) -> str:
        """What the browser keeps an unsaved text under."""
        return f"delegation-{self.pk}"

    @property
    def awaits_confirmation(self) -> bool:
        return self.on_behalf and self.confirmed_at is None and self.objected_at is None

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()

    @property
    def is_in_force(self) -> bool:
        if self.objected_at or self.awaits_confirmation:
            return False
        return self.since <= timezone.localdate() and not self.is_over

    @property
    def state(self) -> Any:
        if self.objected_at:
            return _("objected to: does not hold")
        if self.awaits_confirmation:
            return _("on behalf of the municipality, not confirmed")
        if self.is_over:
            return _("over")
        return _("in force") if self.is_in_force else _("comes into force later")
