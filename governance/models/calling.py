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
from governance.models.people import Appointment, Person


@pghistory.track()
class Reply(models.Model):
    """What one seat has answered to the summons; it fills in the attendance, and is no vote."""

    class Answer(models.TextChoices):
        COMES = "comes", _("I will come")
        STAYS_AWAY = "away", _("I will not come")
        SUBSTITUTE = "substitute", _("The substitute will come")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="replies")
    seat = models.ForeignKey(Appointment, models.PROTECT, related_name="replies", verbose_name=_("seat"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    substitute = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="replies_for", verbose_name=_("substitute")
    )
    given_at = models.DateTimeField(_("answered"), default=timezone.now)

    class Meta:
        verbose_name = _("answer to the summons")
        verbose_name_plural = _("answers to the summons")
        ordering = ["seat__represents__sort_key", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="reply_once_a_seat"),
            models.CheckConstraint(
                name="substitute_is_named_only_when_one_comes", condition=Q(substitute=None) | Q(answer="substitute")
            ),
        ]
        triggers = [locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.seat.person}: {self.get_answer_display()}"


@pghistory.track()
class ReadMark(models.Model):
    """When a member first and last opened the summons or the papers; the members are told that it is noted."""

    class What(models.TextChoices):
        SUMMONS = "summons", _("the summons")
        PAPERS = "papers", _("the papers")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="read_marks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="read_marks")
    what = models.CharField(max_length=7, choices=What)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("what has been read")
        ordering = ["first_at", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person", "what"], name="read_mark_once"),
            models.CheckConstraint(name="read_mark_in_order", condition=Q(last_at__gte=models.F("first_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_what_display()}"


@pghistory.track(exclude=["last_used_at"])
class CalendarLink(models.Model):
    """A person's own address for their calendar; the address itself is shown once, and only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-made_at"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="one_calendar_address_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.made_at:%Y-%m-%d}"
