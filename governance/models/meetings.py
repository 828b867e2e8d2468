from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import wording
from governance.models import locks
from governance.models.bodies import Body
from governance.models.people import Appointment, Person
from governance.models.rules import RuleProfile, in_force


def _publications() -> Any:
    from governance.models.minutes import MinutesPublication  # noqa: PLC0415 -- a meeting knows its minutes

    return MinutesPublication.objects


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> MeetingQuerySet:
        return self.filter(body__in=Body.objects.visible_to(user))

    def upcoming(self) -> MeetingQuerySet:
        return self.filter(state__in=["planned", "called", "in_progress"]).nearest_first()

    def coming(self) -> MeetingQuerySet:
        """Planned or called, from today on, in their order."""
        return self.filter(state__in=["planned", "called"], starts_at__date__gte=timezone.localdate()).nearest_first()

    def published(self) -> MeetingQuerySet:
        """Approved minutes that stand on the public pages of a collaboration that has such (rule 8)."""
        return self.filter(
            state="approved", body__collaboration__public_pages=True, publications__in=_publications().current()
        )

    def taking_views(self, at: datetime | None = None) -> MeetingQuerySet:
        """The agenda is out and the cases not treated; a written treatment takes answers until its deadline."""
        now = at or timezone.now()
        return self.filter(Q(written=False) | Q(answer_by__gt=now), state__in=["called", "in_progress"])

    def nearest_first(self) -> MeetingQuerySet:
        """By the moment the views are needed."""
        return self.order_by(Coalesce("answer_by", "starts_at"), "pk")

    def in_calendar_of(self, user: Any) -> MeetingQuerySet:
        """Of the bodies where the person has a seat today: a year back and all that is planned, also cancelled ones."""
        seats = Appointment.objects.active().filter(person__user=user.pk, body__isnull=False)
        known = self.visible_to(user).filter(body__in=seats.values("body"), written=False, number_only=False)
        recent = known.filter(starts_at__gte=timezone.now() - timedelta(days=365))
        return recent.order_by("starts_at", "pk").select_related("body__collaboration")

    def past(self) -> MeetingQuerySet:
        return self.filter(state__in=["held", "remarks", "approved"]).order_by("-year", "-number")

    def minuted_here(self) -> MeetingQuerySet:
        """Without those that are known afterwards, by their number or by what they decided."""
        return self.filter(number_only=False).exclude(called_at=models.F("starts_at"), written=False)

    def awaiting_remarks_from(self, user: Any) -> MeetingQuerySet:
        """Minutes that are out, in the user's own bodies, and not yet answered by the user."""
        from governance.models import MinutesRemark  # noqa: PLC0415 -- a meeting knows its remarks

        answered = models.Exists(
            MinutesRemark.objects.filter(
                meeting=models.OuterRef("pk"), person__user=user, given_at__gte=models.OuterRef("minutes_sent_at")
            )
        )
        bodies = Body.objects.where_may(user, "governance.approve_minutes")
        return self.filter(state="remarks", body__in=bodies).exclude(answered)


@pghistory.track()
class Meeting(models.Model):
    """A meeting of a body, or its written treatment between meetings (D8).

    planned → called (agenda sent and frozen, cases numbered) → in_progress → held → remarks (minutes are out)
    → approved; planned and called can become cancelled. A written treatment begins when it is sent and ends when it is
    closed: called → held. Nobody sits together, so who answered is who took part.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CALLED = "called", _("called")
        IN_PROGRESS = "in_progress", _("in progress")
        HELD = "held", _("held")
        REMARKS = "remarks", _("minutes out for remarks")
        APPROVED = "approved", _("minutes approved")
        CANCELLED = "cancelled", _("cancelled")

    class Kind(models.TextChoices):
        MEETING = "meeting", _("meeting")
        WORKSHOP = "workshop", _("workshop")
        GATHERING = "gathering", _("gathering")

    NEXT: dict[str, set[str]] = {
        State.PLANNED: {State.CALLED, State.CANCELLED},
        # A written treatment is never in progress: it is called, and then closed.
        State.CALLED: {State.IN_PROGRESS, State.HELD, State.CANCELLED},
        State.IN_PROGRESS: {State.HELD},
        # The next meeting may approve minutes that were never out; minutes with remarks go out again.
        State.HELD: {State.REMARKS, State.APPROVED},
        # What is mended while it is out must go out again, so that nobody approves words they have not read.
        State.REMARKS: {State.REMARKS, State.HELD, State.APPROVED},
        State.APPROVED: set(),
        State.CANCELLED: set(),
    }

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.MEETING)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED)
    # The five meetings of the pre-project are known by their number alone (V2).
    number_only = models.BooleanField(_("only the number is known"), default=False)
    written = models.BooleanField(_("written treatment"), default=False)
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    why_written = models.TextField(_("why the cases can't wait for a meeting"), blank=True)
    chair = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="chaired", verbose_name=_("chair")
    )
    secretary = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="minuted", verbose_name=_("minute taker")
    )
    others = models.TextField(
        _("observers, secretariat and others who took part"), blank=True, help_text=_("One per line.")
    )
    agenda_remarks = models.TextField(_("remarks to the summons and the agenda"), blank=True)
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    minutes_sent_at = models.DateTimeField(_("minutes sent out"), null=True, blank=True)
    remarks_by = models.DateField(_("remarks by"), null=True, blank=True)
    approved_at = models.DateTimeField(_("minutes approved"), null=True, blank=True)
    # How they were approved, and the words that were: later changes of the rules change neither.
    approved_way = models.CharField(
        _("how the minutes were approved"), max_length=7, choices=RuleProfile.Approval, blank=True
    )
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64, blank=True)
    # Meetings that were planned at once by one rule.
    series = models.UUIDField(null=True, blank=True, editable=False)
    # Raised each time a calendar must take the meeting anew.
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-year", "-number"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "number"], name="meeting_number_once_a_year"),
            models.CheckConstraint(
                name="meeting_has_a_time_unless_only_its_number_is_known",
                condition=Q(number_only=True, starts_at=None) | Q(number_only=False, starts_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_called_has_a_moment",
                condition=Q(number_only=True) | Q(state__in=["planned", "cancelled"]) | Q(called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_approved_has_a_moment",
                condition=Q(number_only=True)
                | Q(state="approved", approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_at=None)),
            ),
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The meeting must end after it starts."),
            ),
            models.CheckConstraint(
                name="meeting_out_for_remarks_says_until_when",
                condition=~Q(state="remarks") | Q(remarks_by__isnull=False, minutes_sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="written_treatment_has_a_deadline",
                condition=Q(written=True, answer_by__isnull=False, answer_by__gt=models.F("starts_at"))
                | Q(written=False, answer_by=None, why_written=""),
                violation_error_message=_("The deadline must be after the cases are sent."),
            ),
            models.CheckConstraint(
                name="written_treatment_has_no_room",
                condition=Q(written=False) | Q(~Q(state="in_progress"), number_only=False, place=""),
            ),
        ]
        triggers = [
            locks.approved_meeting(),
            locks.never_deleted(),
            locks.meets_here(),
            locks.approved_by_two_signatures(),
            locks.called_meeting_stays_called(),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.number}/{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=self.address)

    @property
    def address(self) -> list[Any]:
        """The words that name the meeting in our addresses."""
        return [self.body.collaboration.slug, self.body.slug, self.number, self.year]

    @property
    def label(self) -> str:
        """«5/2021», the meeting's own number."""
        return f"{self.number}/{self.year}"

    def get_state_display(self) -> Any:  # type: ignore[no-redef]  # Django leaves our own in place
        """In the words of what it is: a written treatment is neither called nor held."""
        state = self.State(self.state)
        if self.written and state == self.State.CALLED:
            return _("out for answers")
        if self.written and state == self.State.HELD:
            return _("closed")
        return state.label

    def takes_answers(self, at: datetime | None = None) -> bool:
        """A written treatment that is out, before its deadline."""
        return self.is_out_for_answers and self.answer_by is not None and (at or timezone.now()) < self.answer_by

    @property
    def is_out_for_answers(self) -> bool:
        return self.written and self.state == self.State.CALLED

    @property
    def due(self) -> Any:
        """The day by which a view is needed: that of the deadline, or of the meeting."""
        return timezone.localdate(self.answer_by) if self.answer_by else self.day

    @property
    def where(self) -> Any:
        return _("written treatment") if self.written else self.place

    @property
    def agenda_is_out(self) -> bool:
        return self.state not in (self.State.PLANNED, self.State.CANCELLED)

    @property
    def awaits_confirmation(self) -> bool:
        """Nobody had a remark, so the minutes are approved; the body has not yet said so in a case (D11)."""
        by_silence = self.state == self.State.APPROVED and self.approved_way == RuleProfile.Approval.SILENCE
        return by_silence and not self.approval_cases.exclude(stage="withdrawn").exists()

    @property
    def was_held(self) -> bool:
        return self.state in (self.State.HELD, self.State.REMARKS, self.State.APPROVED)

    @property
    def is_locked(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def day(self) -> Any:
        """The date of the meeting in Norway; case numbers take their year from it (rule 4).

        A written treatment has the numbers of the year it was sent in, and decides on the day it is closed.
        """
        if self.written and self.ends_at:
            return timezone.localdate(self.ends_at)
        return timezone.localdate(self.starts_at) if self.starts_at else None

    @property
    def profile(self) -> RuleProfile:
        """The rules of the body on the day of the meeting; a written treatment follows those of the day it was sent."""
        day = timezone.localdate(self.starts_at) if self.starts_at else timezone.localdate()
        return in_force(self._profiles, self.body, day)

    @cached_property
    def _profiles(self) -> list[RuleProfile]:
        return list(self.body.profiles.all())

    @property
    def from_before(self) -> bool:
        """Its resolutions were written down afterwards: the day is known, the time of day and who met are not.

        A summons goes out before its meeting, so only such a meeting is called at the moment it begins.
        """
        return not self.written and self.called_at is not None and self.called_at == self.starts_at

    @property
    def when(self) -> str:
        """«12. desember 2026 kl. 09.00–11.00»; the day alone when no more is known."""
        if self.starts_at is None or self.from_before:
            return wording.day(self.starts_at)
        if self.written:
            return gettext("answers by %(moment)s") % {"moment": wording.moment(self.answer_by)}
        until = f"–{timezone.localtime(self.ends_at):%H.%M}" if self.ends_at else ""
        return f"{wording.moment(self.starts_at)}{until}"
