from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.documents.models import Document
from governance.models import Collaboration
from portfolio.models import FocusArea, Strategy


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> ReportQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class Report(models.Model):
    """A final report: authored chapters, and figures, tables and charts from the data (D4).

    draft → published. A published edition is frozen; a correction is a new edition with a reason (rule 7).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="reports")
    slug = models.SlugField(_("address"), max_length=60)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    reason = models.CharField(_("reason for the new edition"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    strategy = models.ForeignKey(
        Strategy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("edition of the strategy"),
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["slug", "-edition"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "slug", "edition"], name="report_edition_once"),
            models.CheckConstraint(
                name="report_published_has_a_moment_and_a_document",
                condition=Q(state="draft", published_at=None, document=None)
                | Q(state="published", published_at__isnull=False, document__isnull=False),
            ),
            models.CheckConstraint(name="report_new_edition_has_a_reason", condition=Q(edition=1) | ~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.collaboration.slug, self.slug, self.edition])

    @property
    def edition_of_strategy(self) -> Strategy | None:
        """The one it was published with; a draft follows the strategy in force, its correction the first's (R33)."""
        return self.strategy or self.collaboration.strategies.in_force()


@pghistory.track()
class Chapter(models.Model):
    """A chapter or annex of a report: authored text, then what the data tells."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="chapters")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    number = models.CharField(_("number"), max_length=10)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True, help_text=_("An empty line begins a new paragraph."))
    blocks = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    focus_area = models.ForeignKey(FocusArea, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("chapter")
        ordering = ["position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="chapter_place_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def level(self) -> int:
        """How deep the heading lies: «3» is 1, «3.1» is 2; a text on a focus area lies under its annex."""
        return 2 if self.focus_area_id else self.number.count(".") + 1

    @property
    def paragraphs(self) -> list[str]:
        return [" ".join(part.split()) for part in self.text.split("\n\n") if part.strip()]


@pghistory.track()
class Recommendation(models.Model):
    """A numbered recommendation of the report, with its points (X6)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="recommendations")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("recommendation"))
    points = models.TextField(_("points"), blank=True, help_text=_("One point per line."))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("recommendation")
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="recommendation_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    @property
    def listed(self) -> list[str]:
        return [line.strip() for line in self.points.splitlines() if line.strip()]
