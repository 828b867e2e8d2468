from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.accounts.access import allowed
from governance.models import locks
from governance.models.bodies import Body
from governance.models.collaborations import Collaboration
from governance.models.meetings import Meeting
from governance.models.organisations import Organisation
from governance.models.people import Appointment, Person, Role


def points_of(text: str) -> list[str]:
    """A resolution is written with one point per line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> CaseQuerySet:
        """Cases of the collaborations the user sees: sent ones, and drafts for those who prepare meetings there.

        Exempt cases only for those who hold that right in the collaboration, or read all papers of the body (rule 8).
        """
        bodies = Body.objects.visible_to(user)
        preparing = allowed(Collaboration.objects.all(), user, "governance.prepare_meetings")
        exempt = allowed(Collaboration.objects.all(), user, "governance.view_exempt")
        own = Body.objects.where_may(user, "governance.view_papers")
        return self.filter(
            Q(sequence__isnull=False) | Q(body__collaboration__in=preparing),
            Q(exempt=False) | Q(body__collaboration__in=exempt) | Q(body__in=own),
            body__in=bodies,
        )

    def open(self) -> CaseQuerySet:
        return self.exclude(stage__in=[Case.Stage.TREATED, Case.Stage.WITHDRAWN])

    def ready_for_an_agenda(self) -> CaseQuerySet:
        return self.filter(stage=Case.Stage.READY)

    def awaiting_view_of(self, user: Any) -> CaseQuerySet:
        """Cases on a sent agenda where a municipality that the user speaks for in the body has not answered."""
        seats = Appointment.objects.active().filter(person__user=user, role__in=[Role.STEERING, Role.SUBSTITUTE])
        unanswered = seats.filter(body=models.OuterRef("body")).exclude(
            models.Exists(
                Opinion.objects.filter(
                    case=models.OuterRef(models.OuterRef("pk")), organisation=models.OuterRef("represents")
                )
            )
        )
        coming = AgendaItem.objects.filter(
            case=models.OuterRef("pk"), withdrawn=False, meeting__in=Meeting.objects.taking_views()
        )
        return (
            self.visible_to(user)
            .filter(stage=Case.Stage.ON_AGENDA)
            .filter(models.Exists(coming), models.Exists(unanswered))
        )


@pghistory.track()
class Case(models.Model):
    """A matter a body treats: what it is about, the assessment, the proposal (D13). Numbered when the agenda goes out.

    draft → ready → on_agenda → treated | postponed | withdrawn. A postponed case comes back as a new case with a new
    number that points to the old one (D2).
    """

    class Kind(models.TextChoices):
        APPROVAL = "approval", _("approval")
        DECISION = "decision", _("decision")
        DISCUSSION = "discussion", _("discussion")
        ORIENTATION = "orientation", _("orientation")
        OTHER = "other", _("any other business")

    class Stage(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        READY = "ready", _("ready")
        ON_AGENDA = "on_agenda", _("on an agenda")
        TREATED = "treated", _("treated")
        POSTPONED = "postponed", _("postponed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    body = models.ForeignKey(Body, models.PROTECT, related_name="cases", verbose_name=_("body"))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    sequence = models.PositiveIntegerField(_("number"), null=True, blank=True)
    kind = models.CharField(_("kind of case"), max_length=12, choices=Kind, default=Kind.DECISION)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    information = models.TextField(_("case information"), blank=True)
    assessment = models.TextField(_("assessment"), blank=True)
    consequences = models.TextField(_("economic consequences"), blank=True)
    proposal = models.TextField(_("proposed resolution"), blank=True, help_text=_("One point per line."))
    case_officer = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("case officer")
    )
    asks_municipalities = models.BooleanField(_("is sent to the municipalities for their own decision"), default=False)
    minutes_of = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="approval_cases", verbose_name=_("minutes of")
    )
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name=_("comes back from")
    )
    exempt = models.BooleanField(_("exempt from public disclosure"), default=False)
    legal_ground = models.CharField(_("legal ground"), max_length=200, blank=True)
    exempt_until = models.CharField(_("exempt until (date or event)"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-year", "-sequence", "-pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "sequence"], name="case_number_once_a_year"),
            models.CheckConstraint(
                name="case_number_is_whole",
                condition=Q(year=None, sequence=None) | Q(year__isnull=False, sequence__gte=1),
            ),
            models.CheckConstraint(
                name="case_exempt_has_a_legal_ground",
                condition=Q(exempt=False) | ~Q(legal_ground=""),
                violation_error_message=_("Name the legal ground, for example «offentleglova § 23»."),
            ),
            models.CheckConstraint(
                name="treated_case_has_a_number", condition=~Q(stage="treated") | Q(sequence__isnull=False)
            ),
        ]
        triggers = [
            locks.number_stays(),
            locks.part_of_approved_minutes(
                "SELECT meeting_id FROM governance_agendaitem WHERE case_id = {row}.id",
                unless_same=("title", "kind", "proposal", "information", "assessment", "consequences", "sequence"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title

    def get_absolute_url(self) -> str:
        slug = self.body.collaboration.slug
        if self.sequence is None or self.year is None:
            return reverse("case_draft", args=[slug, self.pk])
        return reverse("case", args=[slug, self.body.slug, self.sequence, f"{self.year % 100:02d}"])

    @property
    def number(self) -> str:
        if self.sequence is None or self.year is None:
            return ""
        return self.body.render_number(self.sequence, self.year)

    @property
    def proposed_points(self) -> list[str]:
        return points_of(self.proposal)

    @property
    def usual_outcome(self) -> str:
        """What one key records in the meeting: most cases end as they were proposed."""
        if self.kind in (self.Kind.ORIENTATION, self.Kind.DISCUSSION, self.Kind.OTHER):
            return Resolution.Outcome.NOTED
        return Resolution.Outcome.RECOMMENDED if self.asks_municipalities else Resolution.Outcome.AS_PROPOSED

    @property
    def is_editable(self) -> bool:
        """The text stands open until the agenda has gone out with it."""
        return self.sequence is None and self.stage != self.Stage.WITHDRAWN


@pghistory.track()
class CaseCounter(models.Model):
    """The last case number given per body and year; one row is locked while a number is taken (rule 4)."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="case_counter_once")]
        triggers = [locks.counter_only_grows(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.body} {self.year}: {self.last}"


@pghistory.track()
class AgendaItem(models.Model):
    """A case's place on the agenda of one meeting; added late when the agenda was already sent."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    late = models.BooleanField(_("late case"), default=False)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        ordering = ["position"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="case_once_on_an_agenda"),
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_place_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]
        triggers = [
            locks.part_of_approved_minutes("SELECT {row}.meeting_id"),
            locks.sent_agenda_keeps_its_items(),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.case}"


@pghistory.track()
class Resolution(models.Model):
    """What the body decided in a case, in numbered points; binds no municipality by itself (R1)."""

    class Outcome(models.TextChoices):
        AS_PROPOSED = "as_proposed", _("adopted as proposed")
        CHANGED = "changed", _("adopted with changes")
        NOT_ADOPTED = "not_adopted", _("not adopted")
        RECOMMENDED = "recommended", _("recommended – sent to the municipalities")
        NOTED = "noted", _("taken note of")
        POSTPONED = "postponed", _("postponed")
        SENT_BACK = "sent_back", _("sent back")

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="resolution")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    treatment = models.TextField(_("treatment"), blank=True)
    unanimous = models.BooleanField(_("unanimous"), default=True)
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    chair_decided = models.BooleanField(_("the chair's vote decided"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.CheckConstraint(
                name="votes_are_counted_together",
                condition=Q(votes_for=None, votes_against=None)
                | Q(votes_for__isnull=False, votes_against__isnull=False),
                violation_error_message=_("Write both the votes for and the votes against, or none of them."),
            ),
            models.CheckConstraint(
                name="unanimous_has_no_votes_against",
                condition=Q(unanimous=False) | Q(votes_against=None) | Q(votes_against=0),
                violation_error_message=_("A unanimous resolution has no votes against."),
            ),
            models.CheckConstraint(
                name="chair_decides_only_where_they_disagree",
                condition=Q(chair_decided=False) | Q(unanimous=False),
                violation_error_message=_("The chair's vote decides only where the body disagrees."),
            ),
        ]
        triggers = [
            locks.part_of_approved_minutes("SELECT meeting_id FROM governance_agendaitem WHERE id = {row}.item_id")
        ]

    def __str__(self) -> str:
        return f"{self.item.case}: {self.get_outcome_display()}"

    @property
    def is_adopted(self) -> bool:
        return self.outcome in (self.Outcome.AS_PROPOSED, self.Outcome.CHANGED, self.Outcome.RECOMMENDED)

    @property
    def goes_to_municipalities(self) -> bool:
        """A recommendation, or an adopted case that asks them: each municipality then decides for itself (R1)."""
        return self.outcome == self.Outcome.RECOMMENDED or (self.item.case.asks_municipalities and self.is_adopted)


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


@pghistory.track()
class ResolutionPoint(models.Model):
    """One numbered point of a resolution, with who follows it up and by when (X1, X2)."""

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    responsible = models.CharField(_("responsible"), max_length=200, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    done_on = models.DateField(_("carried out"), null=True, blank=True)

    objects = ResolutionPointQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [models.UniqueConstraint(fields=["resolution", "number"], name="resolution_point_once")]
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

    @property
    def example(self) -> bool:
        """Made up, as its case is."""
        return self.resolution.item.case.example

    @property
    def is_late(self) -> bool:
        return self.done_on is None and self.deadline is not None and self.deadline < timezone.localdate()

    @property
    def status(self) -> str:
        return "done" if self.done_on else "late" if self.is_late else "open"

    def get_status_display(self) -> Any:
        return {"done": _("carried out"), "late": _("overdue"), "open": _("not carried out")}[self.status]


@pghistory.track()
class Opinion(models.Model):
    """«Ditt syn i styringsgruppen»: what a director says in the body; no decision of the municipality."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        WITH_REMARK = "with_remark", _("supports with a remark")
        AGAINST = "against", _("does not support")
        STUDY = "study", _("wants it studied")

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="opinions")
    stance = models.CharField(_("your view"), max_length=12, choices=Stance)
    text = models.TextField(_("remark"), blank=True)
    # Asked where every member must agree to the form too (an elected body between meetings); else unknown.
    accepts_writing = models.BooleanField(_("agrees to written treatment"), null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="opinions")
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["organisation__sort_key"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="opinion_once_a_municipality"),
            models.CheckConstraint(
                name="opinion_with_remark_has_one",
                condition=Q(stance="supports") | ~Q(text=""),
                violation_error_message=_("Write a remark when you do more than support."),
            ),
        ]
        triggers = [locks.answers_of_a_closed_treatment()]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_stance_display()}"
