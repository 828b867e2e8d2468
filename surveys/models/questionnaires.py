from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration
from surveys.models import periods
from surveys.models.maturity import Dimension, MaturityModel, Statement

PLAIN_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# Words that stand where a survey's slug would: the pages beside it.
TAKEN_SLUGS = ["ny", "import", "malinger", "sammenlign"]
CUT = "…"
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def tidy(text: str) -> str:
    """What a person typed, without what nobody sees: no-break spaces, line breaks, blanks at the ends."""
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """A text without the signs of no width that programs leave in it."""
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def key_of(text: str) -> str:
    """The same for two spellings of one question or option, and short enough to be unique in the database."""
    plain = unicodedata.normalize("NFKC", tidy(text)).casefold().rstrip(" .:*")
    return hashlib.sha256(plain.encode()).hexdigest()[:40]


def question_key(text: str, group: str = "") -> str:
    """What a question is known by: its words, and those of the grid that it stands in."""
    return key_of(f"{group} [{text}]" if tidy(group) else text)


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: Any) -> SurveyQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def of(self, collaboration: Collaboration) -> SurveyQuerySet:
        return self.filter(collaboration=collaboration)

    def newest_first(self) -> SurveyQuerySet:
        return self.order_by(models.F("opens_on").desc(nulls_last=True), "title")

    def with_counts(self) -> SurveyQuerySet:
        """Answers and people known from the answers themselves (R31)."""
        return self.annotate(
            answers=models.Count("responses"), people=models.functions.Coalesce(models.Sum("responses__people"), 0)
        )


@pghistory.track()
class SurveySeries(models.Model):
    """The same survey put several times: its waves can be compared where a person has linked the questions (G14)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="survey_series")
    name = models.CharField(_("name of the series"), max_length=120)

    class Meta:
        verbose_name = _("series of surveys")
        verbose_name_plural = _("series of surveys")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "name"],
                name="series_once",
                violation_error_message=_("There is a series with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Survey(models.Model):
    """Questions put to the municipalities or to their people, and what came back (S1).

    ``reported_*`` are totals known from elsewhere, for a survey whose single answers are not at hand (N2).
    """

    collaboration = models.ForeignKey(
        Collaboration, models.PROTECT, related_name="surveys", verbose_name=_("collaboration")
    )
    slug = models.SlugField(_("address"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    opens_on = models.DateField(_("opens"), null=True, blank=True)
    closes_on = models.DateField(_("closes"), null=True, blank=True)
    precision = models.CharField(
        _("the dates are known to the"), max_length=6, choices=periods.Precision, default=periods.Precision.DAY
    )
    personal_opinion = models.BooleanField(
        _("each answers for themselves"),
        default=True,
        help_text=_("Small groups and their texts are then shown to the secretariat only."),
    )
    named = models.BooleanField(
        _("keep names and e-mail addresses"),
        default=False,
        help_text=_("Only if those who answer were told so."),
    )
    series = models.ForeignKey(
        SurveySeries, models.PROTECT, null=True, blank=True, related_name="waves", verbose_name=_("series")
    )
    maturity = models.ForeignKey(
        MaturityModel, models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name=_("maturity model")
    )
    in_portal = models.BooleanField(
        _("can be answered in the portal"),
        default=False,
        help_text=_("Between the first and the last day, by those who work for the municipalities."),
    )
    reported_answers = models.PositiveIntegerField(_("answers, as reported"), null=True, blank=True)
    reported_people = models.PositiveIntegerField(_("people, as reported"), null=True, blank=True)
    reported_approximate = models.BooleanField(_("the number of people is approximate"), default=False)
    note = models.TextField(_("note on the figures"), blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["collaboration", "slug"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "slug"],
                name="survey_once_in_a_collaboration",
                violation_error_message=_("Another survey has this address already."),
            ),
            models.CheckConstraint(
                name="survey_slug_is_plain",
                condition=Q(slug__regex=PLAIN_SLUG) & ~Q(slug__in=TAKEN_SLUGS),
                violation_error_message=_("Use the letters a–z, digits and hyphens."),
            ),
            models.CheckConstraint(
                name="survey_closes_after_opening",
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=models.F("opens_on")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="survey_in_portal_has_its_days",
                condition=Q(in_portal=False) | Q(opens_on__isnull=False, closes_on__isnull=False),
                violation_error_message=_("A survey that is answered in the portal needs a first and a last day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("survey", args=[self.collaboration.slug, self.slug])

    @property
    def period(self) -> str:
        return periods.say(self.opens_on, self.closes_on, self.precision)

    @property
    def is_open(self) -> bool:
        today = timezone.localdate()
        return bool(self.opens_on and self.opens_on <= today and (not self.closes_on or today <= self.closes_on))


@pghistory.track()
class Question(models.Model):
    """One question of a survey, in full: nothing is cut, however long (S6)."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("one choice")
        MULTIPLE = "multiple", _("several choices")
        SCALE = "scale", _("scale")
        NUMBER = "number", _("number")
        TEXT = "text", _("free text")
        DATE = "date", _("date")

    class Theme(models.TextChoices):
        NEED = "need", _("need")
        BENEFIT = "benefit", _("benefit")
        CHALLENGE = "challenge", _("challenge")
        STRENGTH = "strength", _("strength")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("order"))
    number = models.CharField(_("number"), max_length=10, blank=True)
    text = models.TextField(_("question"))
    key = models.CharField(max_length=40, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    theme = models.CharField(_("is about"), max_length=9, choices=Theme, blank=True, default="")
    group = models.CharField(
        _("group"), max_length=300, blank=True, help_text=_("Statements that are asked together, in one grid.")
    )
    help = models.CharField(_("help"), max_length=300, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("dimension")
    )
    # What it was made from; two waves made from one statement ask the same.
    statement = models.ForeignKey(
        Statement, models.PROTECT, null=True, blank=True, related_name="questions", editable=False
    )
    scale_min = models.DecimalField(_("lowest step"), max_digits=5, decimal_places=2, null=True, blank=True)
    scale_max = models.DecimalField(_("highest step"), max_digits=5, decimal_places=2, null=True, blank=True)
    lowest_label = models.CharField(_("the lowest step means"), max_length=120, blank=True)
    highest_label = models.CharField(_("the highest step means"), max_length=120, blank=True)
    reversed = models.BooleanField(_("counts from the other end"), default=False)
    about_role = models.BooleanField(_("asks for the role of the one who answers"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["survey", "position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "key"],
                name="question_once_in_a_survey",
                violation_error_message=_("The survey has this question already."),
            ),
            models.CheckConstraint(name="question_says_something", condition=~Q(text="") & ~Q(key="")),
            models.CheckConstraint(
                name="question_kind_is_known",
                condition=Q(kind__in=["single", "multiple", "scale", "number", "text", "date"]),
            ),
            models.CheckConstraint(name="question_role_has_choices", condition=Q(about_role=False) | Q(kind="single")),
            models.CheckConstraint(
                name="question_scale_goes_up",
                condition=Q(scale_min=None, scale_max=None) | Q(scale_max__gt=F("scale_min")),
                violation_error_message=_("The highest step must be above the lowest."),
            ),
            models.CheckConstraint(
                name="question_of_a_dimension_can_be_scored",
                condition=Q(dimension=None)
                | Q(kind__in=["scale", "single"], scale_min__isnull=False, scale_max__isnull=False),
                violation_error_message=_("A question that counts towards maturity needs a scale."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}" if self.number else self.text

    @property
    def has_choices(self) -> bool:
        return self.kind in (self.Kind.SINGLE, self.Kind.MULTIPLE)


@pghistory.track()
class Option(models.Model):
    """A choice that a question offers; a label that came to us cut is shown cut, never completed by guess (N3)."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("choice"), max_length=1000)
    key = models.CharField(max_length=40, editable=False)
    cut = models.BooleanField(_("cut in the source"), default=False)
    is_other = models.BooleanField(_("other, with words of one's own"), default=False)
    # None is no score: «don't know» and «not relevant» are missing, never nought and never the middle.
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    reported_count = models.PositiveIntegerField(
        _("answers, as reported"), null=True, blank=True, help_text=_("Empty means unknown.")
    )
    uncertain = models.BooleanField(_("the number is uncertain"), default=False)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["question", "position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="option_once_in_a_question"),
            models.UniqueConstraint(
                fields=["question"], condition=Q(is_other=True), name="option_other_once_in_a_question"
            ),
            models.CheckConstraint(name="option_says_something", condition=~Q(text="") & ~Q(key="")),
            models.CheckConstraint(
                name="option_uncertain_needs_a_number", condition=Q(uncertain=False) | Q(reported_count__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.text}{CUT}" if self.cut and not self.text.endswith(CUT) else self.text


@pghistory.track()
class SameQuestion(models.Model):
    """That a question of a later wave asks the same as one of an earlier: said by a person, never guessed (S13)."""

    question = models.OneToOneField(Question, models.CASCADE, related_name="earlier")
    same_as = models.ForeignKey(Question, models.CASCADE, related_name="later")
    by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("linked"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("same question in two waves")
        default_permissions = ()
        constraints = [models.CheckConstraint(name="same_question_as_another", condition=~Q(question=F("same_as")))]

    def __str__(self) -> str:
        return f"{self.question} = {self.same_as}"
