from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.bodies import Body
from governance.models.cases import Case
from governance.models.organisations import Organisation
from governance.models.people import Person
from governance.models.resolutions import Resolution


class ResolutionPointQuerySet(models.QuerySet["ResolutionPoint"]):
    def visible_to(self, user: Any) -> ResolutionPointQuerySet:
        return self.filter(resolution__item__case__in=Case.objects.visible_to(user))

    def to_follow_up(self) -> ResolutionPointQuerySet:
        """Points of held meetings that somebody has to carry out; overdue and nearest first, done last."""
        held = ["held", "remarks", "approved"]
        return (
            self.filter(resolution__item__meeting__state__in=held)
            .exclude(responsible="", deadline=None)
            .order_by(models.F("done_on").asc(nulls_first=True), models.F("deadline").asc(nulls_last=True), "pk")
        )

    def of(self, body: Body) -> ResolutionPointQuerySet:
        return self.filter(resolution__item__meeting__body=body)

    def not_closed(self) -> ResolutionPointQuerySet:
        """Also what is carried out, until the body has been told and has closed it (D12)."""
        return self.filter(closed_in=None)

    def not_done(self) -> ResolutionPointQuerySet:
        return self.filter(done_on=None)

    def late(self) -> ResolutionPointQuerySet:
        return self.not_done().filter(deadline__lt=timezone.localdate())

    def with_status(self, status: str) -> ResolutionPointQuerySet:
        """By the words of the list: open, overdue, done and not closed, closed; anything else is all."""
        if status == "open":
            return self.not_done()
        if status == "late":
            return self.late()
        if status == "done":
            return self.filter(done_on__isnull=False, closed_in=None)
        return self.filter(closed_in__isnull=False) if status == "closed" else self

    def saying(self, words: str) -> ResolutionPointQuerySet:
        return self.filter(Q(text__icontains=words) | Q(responsible__icontains=words) | Q(owner__name__icontains=words))

    def owned_by(self, user: Any) -> ResolutionPointQuerySet:
        return self.filter(owner__user=user.pk)


@pghistory.track()
class ResolutionPoint(models.Model):
    """One numbered point of a resolution, with who follows it up and by when (X1, X2).

    `responsible` is what the minutes say; the owner is the person it means, who is reminded and may answer. What is
    carried out is closed by the case in which the body was told (D12).
    """

    class State(models.TextChoices):
        OPEN = "open", _("not carried out")
        STARTED = "started", _("under way")
        DONE = "done", _("carried out")
        DROPPED = "dropped", _("no longer needed")

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    responsible = models.CharField(_("responsible"), max_length=200, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="points", verbose_name=_("owner")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="points", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    done_on = models.DateField(_("carried out"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    closed_in = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="closed_points", verbose_name=_("closed in case")
    )
    version = models.PositiveIntegerField(default=1)

    objects = ResolutionPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of a resolution")
        ordering = ["number"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["resolution", "number"], name="resolution_point_once"),
            models.CheckConstraint(
                name="resolution_point_over_has_a_day",
                condition=Q(state__in=["done", "dropped"], done_on__isnull=False)
                | Q(state__in=["open", "started"], done_on=None),
                violation_error_message=_("Write the day on which it was carried out or fell away."),
            ),
            models.CheckConstraint(
                name="resolution_point_closed_is_over",
                condition=Q(closed_in=None) | Q(done_on__isnull=False),
                violation_error_message=_("Only what is carried out, or no longer needed, is closed."),
            ),
            models.CheckConstraint(
                name="resolution_point_answered_by_somebody",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]
        # Whether a point is carried out goes on being told after the minutes are approved.
        triggers = [
            locks.part_of_approved_minutes(
                "SELECT item.meeting_id FROM governance_agendaitem item JOIN governance_resolution resolution"
                " ON resolution.item_id = item.id WHERE resolution.id = {row}.resolution_id",
                unless_same=("resolution_id", "number", "text", "responsible", "deadline"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("point", args=[self.resolution.item.case.body.collaboration.slug, self.pk])

    @property
    def example(self) -> bool:
        """Made up, as its case is."""
        return self.resolution.item.case.example

    @property
    def is_late(self) -> bool:
        return self.done_on is None and self.deadline is not None and self.deadline < timezone.localdate()

    @property
    def status(self) -> str:
        if self.closed_in_id is not None:
            return "closed"
        return "late" if self.is_late else self.state

    def get_status_display(self) -> Any:
        """«forfalt» wins over what is only begun; closed says where."""
        if self.closed_in is not None:
            return gettext("closed in case %(number)s") % {"number": self.closed_in.number}
        return _("overdue") if self.is_late else self.get_state_display()
