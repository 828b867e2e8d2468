"""Something that was asked for and takes its time."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ATTEMPTS = 3
TRANSITIONS = [
    ("asked", "running"),
    ("asked", "cancelled"),
    ("running", "done"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("running", "asked"),
    ("failed", "asked"),
    ("cancelled", "asked"),
]


class JobQuerySet(models.QuerySet["Job"]):
    def asked_by(self, user: Any) -> "JobQuerySet":
        return self.filter(asked_by=user)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[Job.State.ASKED, Job.State.RUNNING])

    def left_behind(self) -> "JobQuerySet":
        """Running by the row, but whoever ran it has not renewed the lease."""
        return self.filter(state=Job.State.RUNNING, lease_until__lt=Now())

    def claimable(self) -> "JobQuerySet":
        waiting = Q(state=Job.State.ASKED) | Q(state=Job.State.RUNNING, lease_until__lt=Now())
        due = Q(not_before=None) | Q(not_before__lte=Now())
        return self.filter(waiting, due, attempt__lt=F("last_attempt"))

    def held(self, attempt: int) -> "JobQuerySet":
        """The fence: rows that this attempt still holds."""
        return self.filter(state=Job.State.RUNNING, attempt=attempt)

    def under_way_for(self, user: Any) -> "JobQuerySet":
        """What a worker does for this person just now."""
        return self.asked_by(user).filter(state=Job.State.RUNNING, lease_until__gte=Now())

    def newest_first(self) -> "JobQuerySet":
        return self.order_by("-asked_at", "-pk")


class Job(models.Model):
    """One piece of work that was asked for: a PDF, an import, an e-mail.

    The row is the truth, and the broker only a wake-up call.

    state       verb that leaves it
    asked       claim -> running · cancel -> cancelled
    running     finish -> done · fail -> failed · cancel -> cancelled · release -> asked
    failed      ask again -> asked
    cancelled   ask again -> asked

    ``attempt`` counts claims and never goes down: a result is stored only by the attempt that holds the row. No history
    is kept of it: it changes every second, and what the work does to other rows stands in their history with the asker.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting")
        RUNNING = "running", _("in progress")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    subject = models.CharField(_("about"), max_length=80)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    key = models.CharField(_("key"), max_length=200, unique=True, null=True, blank=True)  # noqa: DJ001 -- no key, no clash
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    last_attempt = models.PositiveIntegerField(_("gives up after attempt"), default=ATTEMPTS)
    lease_until = models.DateTimeField(_("held until"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    phase = models.CharField(_("phase"), max_length=200, blank=True)
    error = models.CharField(_("what went wrong"), max_length=1000, blank=True)
    # Of a fault of the portal itself, which the one who asked cannot mend.
    fault = models.CharField(_("number of the fault in the log"), max_length=8, blank=True, db_default="", default="")
    asked_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent to the workers"), db_default=Now())
    # Given back by its own work, to be tried again then.
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(pgettext_lazy("job", "finished"), null=True, blank=True)
    document = models.ForeignKey(
        "documents.Document",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
    )

    objects: ClassVar[Any] = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="job_of_person"),
            models.Index(fields=["lease_until"], condition=Q(state__in=["asked", "running"]), name="job_unfinished"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "running", "done", "failed", "cancelled"]), name="job_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["asked", "running"], finished_at__isnull=True),
                name="job_finished_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="job_running_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(error="") | ~Q(state="failed") & Q(error=""),
                name="job_failed_says_why",
            ),
            models.CheckConstraint(condition=Q(document__isnull=True) | Q(state="done"), name="job_document_when_done"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_in_percent"),
            models.CheckConstraint(condition=Q(attempt__lte=F("last_attempt")), name="job_attempts_are_bounded"),
        ]
        triggers = [
            pgtrigger.FSM(name="states", field="state", transitions=TRANSITIONS),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def can_be_asked_again(self) -> bool:
        return self.state in (self.State.FAILED, self.State.CANCELLED)
