from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import wording
from governance.models import Collaboration, Organisation
from surveys.models.questionnaires import Option, Question, Survey


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Any) -> ResponseQuerySet:
        """In the collaborations one may see; single answers are shown to those who hold ``view_answers``."""
        return self.filter(survey__collaboration__in=Collaboration.objects.visible_to(user))

    def without_municipality(self) -> ResponseQuerySet:
        return self.filter(municipality=None)

    def totals(self) -> tuple[int, int]:
        """Answers, and the people behind them: two figures that are never mixed (R31)."""
        found = self.aggregate(answers=models.Count("pk"), people=models.Sum("people"))
        return found["answers"], found["people"] or 0


@pghistory.track()
class Response(models.Model):
    """One answer to a survey, given by one person or by a group (R31, S3).

    ``external_id`` and ``started`` are how the same answer is known again in a later export; ``content`` is a
    fingerprint of what stood in the file. Municipality and people may be filled in by hand, and then stay.
    """

    class Source(models.TextChoices):
        QUESTION = "question", _("the answer itself")
        EMAIL = "email", _("the e-mail address")
        ASKED = "asked", _("filled in by hand")
        PORTAL = "portal", _("answered in the portal")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    external_id = models.CharField(_("ID in the file"), max_length=64)
    started = models.DateTimeField(_("started"), null=True, blank=True)
    completed = models.DateTimeField(_("completed"), null=True, blank=True)
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="responses", verbose_name=_("municipality")
    )
    municipality_from = models.CharField(
        _("municipality known from"), max_length=8, choices=Source, blank=True, default=""
    )
    people = models.PositiveSmallIntegerField(_("people behind the answer"), default=1)
    people_assumed = models.BooleanField(_("assumed: one answer is one person"), default=True)
    respondent_name = models.CharField(_("name"), max_length=200, blank=True)
    respondent_email = models.CharField(_("e-mail"), max_length=254, blank=True)
    content = models.CharField(max_length=64, editable=False)
    modified = models.DateTimeField(_("changed in the form"), null=True, blank=True)
    answered_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    imported_by = models.ForeignKey(
        "surveys.ImportJob", models.PROTECT, null=True, blank=True, related_name="responses", editable=False
    )
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        ordering = ["survey", models.F("completed").asc(nulls_last=True), "external_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "external_id", "started"], nulls_distinct=False, name="response_once_in_a_survey"
            ),
            models.CheckConstraint(
                name="response_has_people",
                condition=Q(people__gte=1),
                violation_error_message=_("At least one person stands behind an answer."),
            ),
            models.CheckConstraint(
                name="response_assumes_one_person_only", condition=Q(people_assumed=False) | Q(people=1)
            ),
            models.CheckConstraint(
                name="response_municipality_has_a_source",
                condition=Q(municipality=None, municipality_from="")
                | (Q(municipality__isnull=False) & ~Q(municipality_from="")),
            ),
            models.CheckConstraint(
                name="response_completed_after_start",
                condition=Q(started=None) | Q(completed=None) | Q(completed__gte=models.F("started")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.external_id}"

    def get_absolute_url(self) -> str:
        return reverse("response", args=[self.survey.collaboration.slug, self.survey.slug, self.pk])


class AnswerQuerySet(models.QuerySet["Answer"]):
    def texts_of(self, survey: Survey) -> AnswerQuerySet:
        """What was written in words of one's own, in the order of the questions."""
        written = self.filter(response__survey=survey).exclude(text="").select_related("question", "option")
        return written.order_by("question__position", "question", "pk")

    def unread(self) -> AnswerQuerySet:
        return self.filter(review="")


_statement = pgtrigger.Statement


@pghistory.track(
    pghistory.InsertEvent(level=_statement),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(level=_statement),
)
class Answer(models.Model):
    """What a response says to one question: a choice (one row for each), a number or words of one's own.

    Thousands are written by one import, so the history of it is written once per statement. Words of one's own in a
    survey of opinions are shown to others, and in reports, when the secretariat has read them and opened them.
    """

    class Review(models.TextChoices):
        WAITING = "", _("not read yet")
        OPEN = "open", _("may be shown")
        HELD = "held", _("held back")

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    option = models.ForeignKey(Option, models.PROTECT, null=True, blank=True, related_name="answers")
    number = models.DecimalField(_("number"), max_digits=14, decimal_places=2, null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    day = models.DateField(_("date"), null=True, blank=True)
    review = models.CharField(_("text read"), max_length=4, choices=Review, blank=True, default=Review.WAITING)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        ordering = ["response", "question__position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "option"], nulls_distinct=False, name="answer_once_for_an_option"
            ),
            models.CheckConstraint(
                name="answer_says_something",
                condition=Q(option__isnull=False) | Q(number__isnull=False) | Q(day__isnull=False) | ~Q(text=""),
            ),
            models.CheckConstraint(
                name="answer_review_is_of_a_text",
                condition=Q(review="") | (Q(review__in=["open", "held"]) & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        if self.option and self.text:
            return f"{self.option}: {self.text}"
        if self.day:
            return wording.short_day(self.day)
        return str(self.option or self.text or f"{self.number:f}")


@pghistory.track(exclude=["said"])
class ResponseDraft(models.Model):
    """An answer that somebody is still writing in the portal: kept at every pause, counted nowhere.

    On behalf of the municipality there is one draft that its people write together; of a personal opinion each has an
    own. ``said`` is what stands in the form, by question id.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="drafts")
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    people = models.PositiveSmallIntegerField(_("people behind the answer"), default=1)
    said = models.JSONField(default=dict, blank=True)
    # Who wrote last: one's own earlier save is never in one's way, somebody else's is.
    written_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(_("last written"), auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("draft of an answer")
        verbose_name_plural = _("drafts of answers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "municipality", "user"], nulls_distinct=False, name="draft_once_for_an_answer"
            ),
            models.CheckConstraint(name="draft_has_people", condition=Q(people__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, {self.municipality}"
