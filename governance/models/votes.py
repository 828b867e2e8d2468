from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import locks
from governance.models.attendance import Attendance
from governance.models.organisations import Organisation
from governance.models.people import Person
from governance.models.resolutions import Resolution

OF_A_RESOLUTION = (
    "SELECT item.meeting_id FROM governance_agendaitem item JOIN governance_resolution resolution"
    " ON resolution.item_id = item.id WHERE resolution.id = {row}.resolution_id"
)


@pghistory.track()
class Vote(models.Model):
    """How one seat voted in a vote by name, who sat in it, and whom it represents (D7; eInnsyn's «Votering»)."""

    class Value(models.TextChoices):
        YES = "yes", _("for")
        NO = "no", _("against")
        BLANK = "blank", _("abstained")
        ABSENT = "absent", _("not present")

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="votes")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="votes")
    person = models.ForeignKey(Person, models.PROTECT, related_name="votes", verbose_name=_("person"))
    represents = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("represents")
    )
    value = models.CharField(_("vote"), max_length=6, choices=Value)

    class Meta:
        verbose_name = _("vote given")
        ordering = ["represents__sort_key", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "attendance"],
                name="seat_votes_once",
                violation_error_message=_("A seat votes once in a case."),
            ),
            models.UniqueConstraint(
                fields=["resolution", "person"],
                name="person_votes_once",
                violation_error_message=_("A person votes once in a case."),
            ),
        ]
        triggers = [locks.part_of_approved_minutes(OF_A_RESOLUTION), locks.who_may_vote()]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_value_display()}"


@pghistory.track()
class ElectionLine(models.Model):
    """One name, or one list, in an election, with the votes it got."""

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="election")
    name = models.CharField(_("name or list"), max_length=200)
    count = models.PositiveSmallIntegerField(_("votes"))
    elected = models.BooleanField(pgettext_lazy("in an election", "elected"), default=False)

    class Meta:
        verbose_name = _("result of an election")
        ordering = ["-count", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [models.UniqueConstraint(fields=["resolution", "name"], name="name_once_in_an_election")]
        triggers = [locks.part_of_approved_minutes(OF_A_RESOLUTION), locks.election_counts_the_present()]

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


@pghistory.track()
class Reservation(models.Model):
    """What a member wants to stand in the minutes: a reservation against the resolution, or words of one's own (D7)."""

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="reservations")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="reservations", verbose_name=_("who"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    text = models.TextField(_("what shall stand in the minutes"))

    class Meta:
        verbose_name = _("reservation")
        ordering = ["pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [models.UniqueConstraint(fields=["resolution", "attendance"], name="reservation_once_a_seat")]
        triggers = [locks.part_of_approved_minutes(OF_A_RESOLUTION)]

    def __str__(self) -> str:
        return f"{self.person}: {self.text[:40]}"
