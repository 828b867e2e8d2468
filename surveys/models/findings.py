from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from surveys.models import periods
from surveys.models.questionnaires import Survey


class Instrument(models.TextChoices):
    """How insight was gathered (S1)."""

    MAPPING = "mapping", _("mapping of systems")
    SURVEY = "survey", _("survey")
    INTERVIEW = "interview", _("interview")
    DOCUMENTS = "documents", _("collection of documents")


class InsightQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> InsightQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def of(self, collaboration: Collaboration) -> InsightQuerySet:
        return self.filter(collaboration=collaboration)


@pghistory.track()
class InsightActivity(models.Model):
    """One thing that was done to learn where the municipalities stand (S1)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="insight_activities")
    kind = models.CharField(_("instrument"), max_length=9, choices=Instrument)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    precision = models.CharField(
        _("the dates are known to the"), max_length=6, choices=periods.Precision, default=periods.Precision.MONTH
    )
    survey = models.ForeignKey(
        Survey, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("survey")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = InsightQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["collaboration", "position", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="activity_ends_after_start",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> str:
        return periods.say(self.since, self.until, self.precision)


@pghistory.track()
class FindingCategory(models.Model):
    """A group of findings; the list is the collaboration's own (H1)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="finding_categories")
    name = models.CharField(_("category"), max_length=100)
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"))
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = InsightQuerySet.as_manager()

    class Meta:
        verbose_name = _("category of findings")
        verbose_name_plural = _("categories of findings")
        ordering = ["collaboration", "position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "name"],
                name="finding_category_once",
                violation_error_message=_("There is a category with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Finding(models.Model):
    """One main point of what was learnt, in its category and order (H1, H4)."""

    category = models.ForeignKey(FindingCategory, models.PROTECT, related_name="findings", verbose_name=_("category"))
    text = models.TextField(_("finding"))
    instruments = ArrayField(
        models.CharField(max_length=9, choices=Instrument), verbose_name=_("known from"), default=list, blank=True
    )
    # What the finding calls for, in a sentence; a project that does it points here from above (H2).
    measure = models.TextField(_("measure"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"))
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["category__position", "position", "pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(name="finding_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text

    @property
    def known_from(self) -> str:
        words = dict(Instrument.choices)
        return ", ".join(str(words[one]) for one in self.instruments)


@pghistory.track()
class FindingRemark(models.Model):
    """How far a municipality recognises itself in a category of findings (R32, H3)."""

    class Agreement(models.TextChoices):
        AGREES = "agrees", _("agrees")
        PARTLY = "partly", _("partly agrees")
        NOT = "not", _("does not agree")

    category = models.ForeignKey(FindingCategory, models.PROTECT, related_name="remarks")
    # Empty: the remark is to the category as a whole, which is what a small collaboration asks for.
    finding = models.ForeignKey(
        Finding, models.CASCADE, null=True, blank=True, related_name="remarks", verbose_name=_("finding")
    )
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="finding_remarks")
    agreement = models.CharField(_("the municipality"), max_length=6, choices=Agreement)
    text = models.TextField(_("remark"), blank=True)
    on_behalf = models.BooleanField(_("registered by the secretariat"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("remark to findings")
        verbose_name_plural = _("remarks to findings")
        ordering = ["category__position", "municipality__sort_key"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["category", "finding", "municipality"],
                nulls_distinct=False,
                name="finding_remark_once_for_a_municipality",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.get_agreement_display()}"
