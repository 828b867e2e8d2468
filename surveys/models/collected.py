from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import Collaboration, Organisation
from surveys.models.findings import InsightActivity


class CollectedDocumentQuerySet(models.QuerySet["CollectedDocument"]):
    def visible_to(self, user: Any) -> CollectedDocumentQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def of(self, collaboration: Collaboration) -> CollectedDocumentQuerySet:
        return self.filter(collaboration=collaboration)


@pghistory.track()
class CollectedDocument(models.Model):
    """A strategy, plan, guide or national document that the work stands on (D6, D7, D15, D16, P3).

    One with a municipality is that municipality's own; ``adapts`` says of which common document it is the local
    adaptation. Where a municipality has none of a kind, the register shows the gap.
    """

    class Kind(models.TextChoices):
        STRATEGY = "strategy", _("digitalisation strategy")
        ICT_PLAN = "ict", _("plan for ICT")
        SECURITY = "security", _("information security and privacy")
        ARCHIVE = "archive", _("plan for archives")
        PREPAREDNESS = "ready", _("preparedness for loss of systems")
        GUIDE = "guide", _("guide")
        NATIONAL = "national", _("national document")
        OTHER = "other", _("another document")

    # Those that every municipality is asked for, so that gaps show (D7).
    EXPECTED = (Kind.STRATEGY, Kind.ICT_PLAN, Kind.SECURITY, Kind.ARCHIVE, Kind.PREPAREDNESS)

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="collected_documents")
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="collected_documents",
        verbose_name=_("municipality"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    publisher = models.CharField(_("published by"), max_length=200, blank=True)
    adopted_on = models.DateField(_("adopted"), null=True, blank=True)
    adopted_by = models.CharField(_("adopted by"), max_length=120, blank=True)
    from_year = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    until_year = models.PositiveSmallIntegerField(_("until year"), null=True, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    file = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    adapts = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="adaptations", verbose_name=_("adapts")
    )
    activity = models.ForeignKey(
        InsightActivity, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("collected in")
    )
    note = models.TextField(_("note"), blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = CollectedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("collected document")
        verbose_name_plural = _("collected documents")
        ordering = ["collaboration", "kind", "title", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="collected_years_in_order",
                condition=Q(from_year=None) | Q(until_year=None) | Q(until_year__gte=F("from_year")),
                violation_error_message=_("The last year must be the first or later."),
            ),
            models.CheckConstraint(name="collected_adapts_another", condition=Q(adapts=None) | ~Q(adapts=F("pk"))),
            models.CheckConstraint(
                name="collected_adaptation_is_local",
                condition=Q(adapts=None) | Q(municipality__isnull=False),
                violation_error_message=_("Only a municipality's own document adapts a common one."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("collected_document", args=[self.collaboration.slug, self.pk])

    @property
    def period(self) -> str:
        """«2021–2025», as far as it is known."""
        years = [str(year) if year else "" for year in (self.from_year, self.until_year)]
        return "–".join(years) if any(years) else ""


class InterviewQuerySet(models.QuerySet["Interview"]):
    def visible_to(self, user: Any) -> InterviewQuerySet:
        """Only those who may see single answers; what is said in an interview goes no further (P4)."""
        return self.filter(collaboration__in=allowed(Collaboration.objects.all(), user, "governance.view_answers"))


@pghistory.track()
class Interview(models.Model):
    """A conversation that insight was drawn from: who, when, what about (P4). Restricted to the secretariat."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="interviews")
    activity = models.ForeignKey(
        InsightActivity, models.PROTECT, null=True, blank=True, related_name="interviews", verbose_name=_("activity")
    )
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="interviews", verbose_name=_("municipality")
    )
    who = models.CharField(_("who was interviewed"), max_length=200, help_text=_("A title, as «municipal director»."))
    on = models.DateField(_("date"))
    by = models.CharField(_("interviewed by"), max_length=200, blank=True)
    themes = models.CharField(_("themes"), max_length=300, blank=True)
    summary = models.TextField(_("summary"))
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="interview_says_who_and_what", condition=~Q(who="") & ~Q(summary=""))
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("interview", args=[self.collaboration.slug, self.pk])
