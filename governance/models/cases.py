from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models.bodies import Body
from governance.models.collaborations import Collaboration
from governance.models.meetings import Meeting
from governance.models.organisations import Organisation
from governance.models.people import Person


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> CaseQuerySet:
        """Cases of the collaborations the user sees; exempt ones only for those who hold that right there (rule 8)."""
        bodies = Body.objects.visible_to(user)
        exempt = allowed(Collaboration.objects.all(), user, "governance.view_exempt")
        own = Body.objects.where_may(user, "governance.give_view")
        return self.filter(body__in=bodies).filter(
            Q(exempt=False) | Q(body__collaboration__in=exempt) | Q(body__in=own)
        )

    def open(self) -> CaseQuerySet:
        return self.exclude(stage__in=[Case.Stage.TREATED, Case.Stage.WITHDRAWN])


@pghistory.track()
class Case(models.Model):
    """A matter a body treats: what it is about, the assessment, the proposal (D13). Numbered when the agenda goes out.

    draft → ready → on_agenda → treated | postponed | withdrawn; a postponed case can come on a new agenda.
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
        default_permissions: tuple[str, ...] = ()
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

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title

    @property
    def number(self) -> str:
        if self.sequence is None or self.year is None:
            return ""
        return self.body.render_number(self.sequence, self.year)

    @property
    def proposed_points(self) -> list[str]:
        return [line.strip() for line in self.proposal.splitlines() if line.strip()]

    def get_absolute_url(self) -> str:
        slug = self.body.collaboration.slug
        if self.sequence is None or self.year is None:
            return reverse("case_draft", args=[slug, self.pk])
        return reverse("case", args=[slug, self.body.slug, self.sequence, f"{self.year % 100:02d}"])


@pghistory.track()
class CaseCounter(models.Model):
    """The last case number given per body and year; one row is locked while a number is taken (rule 4)."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions: tuple[str, ...] = ()
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="case_counter_once")]

    def __str__(self) -> str:
        return f"{self.body} {self.year}: {self.last}"


@pghistory.track()
class AgendaItem(models.Model):
    """A case's place on the agenda of one meeting; added late when the agenda was already sent."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("place"))
    late = models.BooleanField(_("late case"), default=False)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        ordering = ["position"]
        default_permissions: tuple[str, ...] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="case_once_on_an_agenda"),
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_place_once", deferrable=models.Deferrable.DEFERRED
            ),
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
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions: tuple[str, ...] = ()
        constraints = [
            models.CheckConstraint(
                name="votes_are_counted_together",
                condition=Q(votes_for=None, votes_against=None) | Q(votes_for__isnull=False, votes_against__isnull=False),
                violation_error_message=_("Write both the votes for and the votes against, or none of them."),
            ),
            models.CheckConstraint(
                name="unanimous_has_no_votes_against",
                condition=Q(unanimous=False) | Q(votes_against=None) | Q(votes_against=0),
                violation_error_message=_("A unanimous resolution has no votes against."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.case}: {self.get_outcome_display()}"


@pghistory.track()
class ResolutionPoint(models.Model):
    """One numbered point of a resolution, with who follows it up and by when (X1, X2)."""

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    responsible = models.CharField(_("responsible"), max_length=200, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        default_permissions: tuple[str, ...] = ()
        constraints = [models.UniqueConstraint(fields=["resolution", "number"], name="resolution_point_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


@pghistory.track()
class Opinion(models.Model):
    """«Ditt syn i styringsgruppen»: what a municipality's director says in the body; no decision of the municipality."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        WITH_REMARK = "with_remark", _("supports with a remark")
        AGAINST = "against", _("does not support")
        STUDY = "study", _("wants it studied")

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="opinions")
    stance = models.CharField(_("your view"), max_length=12, choices=Stance)
    text = models.TextField(_("remark"), blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="opinions")
    given_at = models.DateTimeField(_("given"), auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["organisation__sort_key"]
        default_permissions: tuple[str, ...] = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="opinion_once_a_municipality"),
            models.CheckConstraint(
                name="opinion_with_remark_has_one",
                condition=Q(stance="supports") | ~Q(text=""),
                violation_error_message=_("Write a remark when you do more than support."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_stance_display()}"
