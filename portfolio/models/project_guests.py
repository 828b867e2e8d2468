from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.models import PersonalRight
from governance.models import Person, locks
from governance.models.organisations import never_two_at_once
from portfolio.models.projects import Project


class ProjectGuestQuerySet(models.QuerySet["ProjectGuest"]):
    def standing(self) -> ProjectGuestQuerySet:
        """Those that hold today, and those that begin later."""
        return self.filter(ended_at=None, until__gte=timezone.localdate())

    def active(self, on: date | None = None) -> ProjectGuestQuerySet:
        day = on or timezone.localdate()
        return self.filter(ended_at=None, since__lte=day, until__gte=day)

    def over(self) -> ProjectGuestQuerySet:
        return self.filter(Q(ended_at__isnull=False) | Q(until__lt=timezone.localdate()))


@pghistory.track()
class ProjectGuest(models.Model):
    """One project is shared with one person from outside, from a first to a last day (design.md §4).

    The guest reads the project's own short page and its open documents, and nothing else of the collaboration.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="guests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="shared_projects", verbose_name=_("person"))
    purpose = models.CharField(_("why the project is shared"), max_length=300)
    since = models.DateField(_("from"))
    until = models.DateField(_("until and including"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProjectGuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing of a project")
        verbose_name_plural = _("sharings of projects")
        ordering = ["until", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="project_guest_ends_after_start",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="project_guest_says_why",
                condition=~Q(purpose=""),
                violation_error_message=_("Write why the project is shared."),
            ),
            models.CheckConstraint(
                name="project_guest_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            never_two_at_once(
                "project_shared_once_with_a_person",
                F("project"),
                F("person"),
                condition=Q(ended_at=None),
                says=_("The project is shared with this person in that time already. End that first."),
            ),
        ]
        triggers = [
            locks.never_deleted(),
            locks.keeps(("project_id", "person_id", "purpose", "since", "until"), name="stays_as_given"),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.person}"

    def holds(self) -> dict[str, datetime]:
        """From the midnight that the first day begins with to the midnight that the last one ends with."""
        return {"since": midnight_before(self.since), "until": midnight_before(self.until + timedelta(days=1))}

    @property
    def is_active(self) -> bool:
        return self.ended_at is None and self.since <= timezone.localdate() <= self.until


class ProjectUserPermission(PersonalRight):
    """The right of a guest; it can't stand without the sharing that it follows from."""

    content_object = models.ForeignKey(Project, models.CASCADE)
    guest = models.OneToOneField(ProjectGuest, models.PROTECT, related_name="right")

    def __str__(self) -> str:
        return f"{self.user_id} {self.content_object_id}"


def midnight_before(day: date) -> datetime:
    """The moment a day begins in Oslo, also where summer time made the day before an hour longer."""
    return timezone.make_aware(datetime.combine(day, time.min))
