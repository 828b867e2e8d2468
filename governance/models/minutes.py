from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.meetings import Meeting
from governance.models.people import Person


@pghistory.track()
class MinutesRemark(models.Model):
    """A member's remark to the minutes, or that there is none, within the days for remarks (D11)."""

    class Treatment(models.TextChoices):
        TAKEN_IN = "taken_in", _("taken in")
        REFUSED = "refused", _("not taken in")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="remarks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="minutes_remarks")
    text = models.TextField(_("remark"), blank=True)
    approves = models.BooleanField(_("approves the minutes"), default=False)
    # Nothing was heard within the days: recorded when the minutes are approved, and never called a yes.
    silent = models.BooleanField(_("did not answer"), default=False)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    treatment = models.CharField(_("treatment of the remark"), max_length=8, choices=Treatment, blank=True)
    answer = models.TextField(_("answer to the remark"), blank=True)
    treated_at = models.DateTimeField(_("treated"), null=True, blank=True)
    treated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("treated by")
    )

    class Meta:
        verbose_name = _("remark on the minutes")
        ordering = ["given_at", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="minutes_remark_once"),
            models.CheckConstraint(
                name="minutes_remark_says_something",
                condition=Q(approves=True, silent=False)
                | Q(approves=False, silent=True, text="")
                | (Q(approves=False, silent=False) & ~Q(text="")),
            ),
            models.CheckConstraint(
                name="minutes_remark_is_treated_whole",
                condition=Q(treatment="", answer="", treated_at=None, treated_by=None)
                | Q(treatment="taken_in", treated_at__isnull=False, treated_by__isnull=False)
                | (Q(treatment="refused", treated_at__isnull=False, treated_by__isnull=False) & ~Q(answer="")),
                violation_error_message=_("Write why the remark is not taken in."),
            ),
            models.CheckConstraint(
                name="only_a_remark_is_treated", condition=Q(treatment="") | Q(approves=False, silent=False)
            ),
        ]
        triggers = [locks.part_of_approved_minutes("SELECT {row}.meeting_id")]

    def __str__(self) -> str:
        return f"{self.person}: {self.text or '–'}"

    @property
    def is_open(self) -> bool:
        """Something is said to be wrong, and nobody has answered it."""
        return bool(self.text) and not self.approves and not self.treatment


@pghistory.track()
class MinutesSignature(models.Model):
    """Somebody who was there signs the minutes as they stand: two do, where the body's rules say so (D11)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="minutes_signatures")
    sha256 = models.CharField(_("SHA-256 of what was signed"), max_length=64)
    signed_at = models.DateTimeField(_("signed"), default=timezone.now)

    class Meta:
        verbose_name = _("signature of the minutes")
        ordering = ["signed_at", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="minutes_signed_once_by_a_person",
                violation_error_message=_("You have already signed. Another who was there must be the second."),
            ),
            models.CheckConstraint(name="minutes_signature_names_what", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = [locks.signed_by_one_who_was_there(), locks.never_changed()]

    def __str__(self) -> str:
        return f"{self.person}, {self.signed_at:%d.%m.%Y}"


class MinutesPublicationQuerySet(models.QuerySet["MinutesPublication"]):
    def current(self) -> MinutesPublicationQuerySet:
        return self.filter(withdrawn_at=None)


@pghistory.track()
class MinutesPublication(models.Model):
    """Approved minutes on the public pages; taken down again only with a reason, and never deleted (rule 7)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="publications")
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    withdrawn_at = models.DateTimeField(_("taken down"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken down by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MinutesPublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication of the minutes")
        ordering = ["published_at", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(withdrawn_at=None), name="minutes_published_once_at_a_time"
            ),
            models.CheckConstraint(
                name="minutes_taken_down_with_a_reason",
                condition=Q(withdrawn_at=None, withdrawn_by=None, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Write why the minutes are taken down."),
            ),
        ]
        triggers = [locks.only_approved_is_published(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.published_at:%d.%m.%Y}"


@pghistory.track()
class MinutesCorrection(models.Model):
    """What was wrong in approved minutes, and why; the minutes themselves stay as they were (rule 7)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="corrections")
    text = models.TextField(_("correction"))
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))

    class Meta:
        verbose_name = _("correction of the minutes")
        ordering = ["made_at"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.CheckConstraint(name="minutes_correction_says_why", condition=~Q(text="") & ~Q(reason=""))
        ]
        triggers = [locks.never_deleted(), locks.never_changed()]

    def __str__(self) -> str:
        return self.text
