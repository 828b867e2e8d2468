from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, NamedTuple

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from governance.models import Body, Case, Collaboration, Resolution
from portfolio.gate_rules import GateRule, rule_of
from portfolio.models import gate_locks, moments
from portfolio.models.moments import Precision
from portfolio.models.phases import PASSING
from portfolio.models.projects import Project

FOLLOW_UP = 6
DOCUMENT = "portfolio.gate"


class GateMark(NamedTuple):
    """A gate as it stands on a timeline: on the day it was decided, else on the day it is planned."""

    project_id: int
    label: str
    on: date
    precision: str
    passed: bool


class GateQuerySet(models.QuerySet["Gate"]):
    def visible_to(self, user: Any) -> GateQuerySet:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))

    def open(self) -> GateQuerySet:
        """Not decided: being prepared, or before the body."""
        return self.filter(answer="")

    def passed(self) -> GateQuerySet:
        return self.filter(answer__in=PASSING)

    def newest_editions(self) -> GateQuerySet:
        """Each gate once: as it was last decided, or as it is now prepared."""
        order = ("project_id", "number", "part", "-edition")
        return self.order_by(*order).distinct("project_id", "number", "part")

    def for_timeline(self, projects: Iterable[Project | int]) -> list[GateMark]:
        """One question to the database: the gates of these projects that have a day."""
        keys = [project if isinstance(project, int) else project.pk for project in projects]
        full = self.filter(project__in=keys, project__phase_model="full").newest_editions().defer("facts")
        return [
            GateMark(gate.project_id, gate.label, gate.moment[0], gate.moment[1], gate.is_passed)
            for gate in full
            if gate.moment[0] is not None
        ]


@pghistory.track()
class Gate(models.Model):
    """One treatment of a gate: the front page, the case, and what the body answered; never changed afterwards (D13).

    A gate that came back with «more must be assessed» is laid again as a new edition, which begins as a copy.
    """

    class Answer(models.TextChoices):
        START = "start", _("begin the next phase")
        APPROVED = "approved", pgettext_lazy("gate", "approved")
        STOP = "stop", _("to be ended")
        MORE = "more", _("more must be assessed first")
        NOT_APPROVED = "not_approved", pgettext_lazy("gate", "not approved")

    TOLERANCES: ClassVar[list[str]] = ["time", "cost", "scope", "quality", "uncertainty", "benefits"]

    project = models.ForeignKey(Project, models.PROTECT, related_name="gates")
    number = models.PositiveSmallIntegerField(_("gate"))
    part = models.PositiveSmallIntegerField(_("stage"), default=0)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    planned_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    prepared_by = models.CharField(_("prepared by"), max_length=200, blank=True)
    staffing = models.TextField(_("staffing of the next phase"), blank=True)
    next_ends_on = models.DateField(_("next phase done"), null=True, blank=True)
    next_ends_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    tolerance_time = models.CharField(_("tolerance: time"), max_length=200, blank=True)
    tolerance_cost = models.CharField(_("tolerance: cost"), max_length=200, blank=True)
    tolerance_scope = models.CharField(_("tolerance: scope"), max_length=200, blank=True)
    tolerance_quality = models.CharField(_("tolerance: quality"), max_length=200, blank=True)
    tolerance_uncertainty = models.CharField(_("tolerance: uncertainty"), max_length=200, blank=True)
    tolerance_benefits = models.CharField(_("tolerance: benefits"), max_length=200, blank=True)
    proposed = models.CharField(_("proposed answer"), max_length=12, choices=Answer, blank=True)
    answer_by = models.DateField(_("the municipalities answer by"), null=True, blank=True)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="gates", verbose_name=_("treated by")
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="gates", verbose_name=_("case"))
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="gates", verbose_name=_("resolution")
    )
    answer = models.CharField(_("decision"), max_length=12, choices=Answer, blank=True)
    decided_on = models.DateField(_("treated on"), null=True, blank=True)
    afterwards = models.BooleanField(_("registered afterwards"), default=False)
    facts = models.JSONField(_("as it was decided"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = GateQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["number", "part", "edition"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "number", "part", "edition"], name="gate_edition_once"),
            models.UniqueConstraint(
                fields=["project", "number", "part"], condition=Q(answer=""), name="gate_open_once"
            ),
            models.UniqueConstraint(
                fields=["project", "number", "part"],
                condition=Q(answer__in=["start", "approved"]),
                name="gate_passed_once",
            ),
            models.CheckConstraint(
                name="gate_is_a_known_one",
                condition=Q(number__range=(1, 6)) & (Q(part=0) | Q(number=3)),
                violation_error_message=_("Only BP3 is divided into stages."),
            ),
            models.CheckConstraint(
                name="gate_decided_by_a_resolution",
                condition=Q(answer="", decided_on=None)
                | Q(
                    body__isnull=False,
                    case__isnull=False,
                    resolution__isnull=False,
                    decided_on__isnull=False,
                    facts__isnull=False,
                ),
                violation_error_message=_("A gate is decided by a resolution of the body, on the gate's own case."),
            ),
            models.CheckConstraint(
                name="gate_is_laid_with_a_proposal",
                condition=Q(case=None) | (~Q(proposed="") & Q(body__isnull=False)),
                violation_error_message=_("Say which answer is proposed to the body."),
            ),
        ]
        triggers = [gate_locks.decided_by_its_body(), gate_locks.decided_stands(), gate_locks.laid_is_kept()]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        project = self.project
        return reverse("gate", args=[project.collaboration.slug, project.slug, self.slug])

    @property
    def slug(self) -> str:
        """In the address: «bp3», «bp3-1»."""
        return f"bp{self.number}-{self.part}" if self.part else f"bp{self.number}"

    @property
    def label(self) -> str:
        if self.number == FOLLOW_UP:
            return gettext("Follow-up")
        return f"BP{self.number}.{self.part}" if self.part else f"BP{self.number}"

    @property
    def rule(self) -> GateRule:
        return rule_of(self.number, self.part)

    @property
    def is_passed(self) -> bool:
        return self.answer in PASSING

    @property
    def is_decided(self) -> bool:
        return self.answer != ""

    @property
    def answer_in_words(self) -> str:
        """The answer as this gate says it."""
        return self.in_words(self.answer)

    def in_words(self, answer: str) -> str:
        return next((str(one) for one in self.rule.answers if one.key == answer), "")

    @property
    def planned(self) -> str:
        return moments.say(self.planned_on, self.planned_precision)

    @property
    def next_ends(self) -> str:
        return moments.say(self.next_ends_on, self.next_ends_precision)

    @property
    def moment(self) -> tuple[date | None, str]:
        if self.decided_on:
            return self.decided_on, Precision.DAY
        return self.planned_on, self.planned_precision

    @property
    def tolerances(self) -> list[tuple[Any, str]]:
        fields = [f"tolerance_{name}" for name in self.TOLERANCES]
        return [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in fields]  # type: ignore[union-attr]


@pghistory.track()
class GateCheck(models.Model):
    """A checkpoint of a gate and its answer; the words are data (``gates.toml``), kept here as they were asked."""

    class Answer(models.TextChoices):
        OPEN = "", _("not answered")
        YES = "yes", _("yes")
        NOT_RELEVANT = "not_relevant", _("not relevant")

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="checks")
    key = models.SlugField(_("checkpoint"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    mandatory = models.BooleanField(_("must be answered"), default=True)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip
    answered_on = models.DateField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("checkpoint")
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["gate", "key"], name="gate_check_once"),
            models.CheckConstraint(
                name="gate_check_not_relevant_for_a_reason",
                condition=~Q(answer="not_relevant") | ~Q(reason=""),
                violation_error_message=_("Write why the checkpoint is not relevant."),
            ),
        ]
        triggers = [gate_locks.part_of_a_decided_gate()]

    def __str__(self) -> str:
        return self.key
