from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation, Person
from portfolio.models.phases import Phase
from portfolio.models.projects import Project

SCALE = range(1, 6)
FIGURES = ("likelihood", "consequence", "likelihood_after", "consequence_after")


def level_of(score: int | None) -> str:
    """Low up to 4, medium up to 9, high from 10: of likelihood times consequence."""
    if score is None:
        return ""
    return "low" if score <= 4 else "medium" if score <= 9 else "high"


class RiskQuerySet(models.QuerySet["Risk"]):
    def visible_to(self, user: Any) -> RiskQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def of_the_portfolio(self) -> RiskQuerySet:
        """Those of projects that are to be shown there, and the collaboration's own."""
        return self.filter(Q(in_portfolio=True) | Q(project=None))

    def still_open(self) -> RiskQuerySet:
        return self.filter(status=Risk.Status.OPEN)

    def assessed(self, until: Any = None) -> RiskQuerySet:
        """With the newest assessment of each, its ``score`` and ``score_after``, and the ``score_before`` that one."""
        told = RiskAssessment.objects.filter(risk=OuterRef("pk"))
        if until is not None:
            told = told.filter(made_at__lte=until)
        newest = told.order_by("-assessed_on", "-pk")
        found = {name: Subquery(newest.values(name)[:1]) for name in (*FIGURES, "assessed_on", "score", "score_after")}
        return self.annotate(**found, score_before=Subquery(newest.values("score")[1:2]))

    def worst_first(self) -> RiskQuerySet:
        return self.order_by(F("score").desc(nulls_last=True), "project__number", "number", "pk")


@pghistory.track()
class Risk(models.Model):
    """What may go wrong, or better than planned, in a project or for the collaboration itself (K1, D16).

    How likely and how grave it is stands in its assessments, which are never changed, so that the movement is kept.
    """

    class Kind(models.TextChoices):
        RISK = "risk", _("risk")
        OPPORTUNITY = "opportunity", _("opportunity")

    class Proximity(models.TextChoices):
        NOW = "now", _("immediately")
        PHASE = "phase", _("in this phase")
        PROJECT = "project", _("within the project")
        BEYOND = "beyond", _("outside the project")

    class Strategy(models.TextChoices):
        REDUCE = "reduce", _("reduce")
        WATCH = "watch", _("watch")
        AVOID = "avoid", _("avoid")
        TRANSFER = "transfer", _("transfer")
        SHARE = "share", _("share with others")
        ACCEPT = "accept", _("accept")
        INCREASE = "increase", _("increase")
        EXPLOIT = "exploit", _("exploit")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        OCCURRED = "occurred", _("has occurred")
        CLOSED = "closed", _("closed")

    # What one does with a threat alone, and with an opportunity alone; the rest fit both.
    OF_RISKS: ClassVar[list[str]] = [Strategy.REDUCE, Strategy.AVOID, Strategy.TRANSFER]
    OF_OPPORTUNITIES: ClassVar[list[str]] = [Strategy.INCREASE, Strategy.EXPLOIT]

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="risks")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name=_("project")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.RISK)
    description = models.CharField(_("description"), max_length=500)
    phase = models.CharField(_("phase"), max_length=9, choices=Phase, blank=True)
    proximity = models.CharField(_("proximity"), max_length=7, choices=Proximity, blank=True)
    measure = models.TextField(_("measure"), blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name=_("responsible person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="risks",
        verbose_name=_("responsible municipality"),
    )  # fmt: skip
    strategy = models.CharField(_("strategy"), max_length=8, choices=Strategy, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    in_portfolio = models.BooleanField(_("show in the portfolio"), default=False)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = RiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk or opportunity")
        verbose_name_plural = _("risks and opportunities")
        ordering = ["number", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="risk_number_once_in_a_project"),
            models.UniqueConstraint(
                fields=["collaboration", "number"], condition=Q(project=None), name="own_risk_number_once"
            ),
            models.CheckConstraint(
                name="risk_says_what",
                condition=~Q(description=""),
                violation_error_message=_("Describe what may happen."),
            ),
            models.CheckConstraint(
                name="risk_one_is_responsible",
                condition=Q(person=None) | Q(organisation=None),
                violation_error_message=_("Either a person or a municipality is responsible, not both."),
            ),
            models.CheckConstraint(
                name="risk_strategy_fits",
                condition=(Q(kind="risk") & ~Q(strategy__in=["increase", "exploit"]))
                | (Q(kind="opportunity") & ~Q(strategy__in=["reduce", "avoid", "transfer"])),
                violation_error_message=_(
                    "A risk is reduced, avoided or transferred, an opportunity is increased or exploited; both can be "
                    "watched, shared or accepted."
                ),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        if self.project:
            return reverse("project_risk", args=[self.collaboration.slug, self.project.slug, self.number])
        return reverse("own_risk", args=[self.collaboration.slug, self.number])

    @property
    def label(self) -> str:
        """«P4-3» of project 4, «3» of the collaboration's own: as in the list and in the matrix."""
        return f"P{self.project.number}-{self.number}" if self.project else str(self.number)

    @property
    def responsible(self) -> str:
        return str(self.person or self.organisation or "")


@pghistory.track()
class RiskAssessment(models.Model):
    """How likely and how grave a risk was judged to be on a day, now and after the measure, from 1 to 5."""

    risk = models.ForeignKey(Risk, models.PROTECT, related_name="assessments")
    assessed_on = models.DateField(_("assessed"), default=timezone.localdate)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"))
    consequence = models.PositiveSmallIntegerField(_("consequence"))
    likelihood_after = models.PositiveSmallIntegerField(_("likelihood after the measure"), null=True, blank=True)
    consequence_after = models.PositiveSmallIntegerField(_("consequence after the measure"), null=True, blank=True)
    score: Any = models.GeneratedField(
        expression=F("likelihood") * F("consequence"), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )
    score_after: Any = models.GeneratedField(
        expression=F("likelihood_after") * F("consequence_after"),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    comment = models.CharField(_("why"), max_length=500, blank=True)
    made_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("assessment of a risk")
        ordering = ["-assessed_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="assessment_within_the_scale",
                condition=Q(likelihood__range=(1, 5), consequence__range=(1, 5))
                & (Q(likelihood_after=None) | Q(likelihood_after__range=(1, 5)))
                & (Q(consequence_after=None) | Q(consequence_after__range=(1, 5))),
                violation_error_message=_("Likelihood and consequence are from 1 to 5."),
            ),
            models.CheckConstraint(
                name="assessment_after_is_whole",
                condition=Q(likelihood_after=None, consequence_after=None)
                | Q(likelihood_after__isnull=False, consequence_after__isnull=False),
                violation_error_message=_("Give both likelihood and consequence after the measure, or neither."),
            ),
        ]
        indexes = [models.Index(fields=["risk", "-assessed_on", "-id"], name="assessment_newest_first")]
        triggers = [pgtrigger.Protect(name="stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.likelihood} × {self.consequence}"
