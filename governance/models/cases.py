from __future__ import annotations

import re
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import containers
from digivesteralen.ui import richtext
from governance.models import locks
from governance.models.bodies import Body
from governance.models.collaborations import Collaboration
from governance.models.exemption import Exemption, exempt_today, exemption_constraints, open_today
from governance.models.meetings import Meeting
from governance.models.outcomes import Outcome
from governance.models.people import Person


def points_of(text: str) -> list[str]:
    """A resolution is written with one point per line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


NUMBER = re.compile(r"0*(\d{1,6})[/-](\d{2}|\d{4})")


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> CaseQuerySet:
        """Cases of the collaborations the user sees: sent ones, and drafts for those who prepare meetings there.

        Exempt cases only for those who hold that right in the collaboration, or read all papers of the body (rule 8).
        """
        seen = containers(Collaboration, user, "governance.view_collaboration")
        preparing = containers(Collaboration, user, "governance.prepare_meetings")
        exempt = containers(Collaboration, user, "governance.view_exempt")
        own = containers(Body, user, "governance.view_papers")
        return self.filter(
            Q(sequence__isnull=False) | Q(body__collaboration__in=preparing),
            open_today() | Q(body__collaboration__in=exempt) | Q(body__in=own),
            body__collaboration__in=seen,
        )

    def exempt_today(self) -> CaseQuerySet:
        return self.filter(exempt_today())

    def open_today(self) -> CaseQuerySet:
        """Open to all who see the body: never exempt, or no longer (rule 8)."""
        return self.filter(open_today())

    def mentioning(self, words: str) -> CaseQuerySet:
        """Every word stands somewhere in the case; «12/26» is also looked for as its number."""
        found = self
        for word in words.split():
            number = NUMBER.fullmatch(word)
            texts = Q()
            for name in ("title", "information", "assessment", "consequences", "proposal"):
                texts |= Q(**{f"{name}__icontains": word})
            if number:
                texts |= Q(sequence=int(number[1]), year=2000 + int(number[2]) % 100)
            found = found.filter(texts)
        return found

    def open(self) -> CaseQuerySet:
        return self.exclude(stage__in=[Case.Stage.TREATED, Case.Stage.WITHDRAWN])

    def for_an_agenda(self) -> CaseQuerySet:
        """What may be put on an agenda that is not sent: ready cases, and drafts that stand on none."""
        draft = Q(stage=Case.Stage.DRAFT, items=None)
        return self.filter(draft | Q(stage=Case.Stage.READY))

    def ready_for_an_agenda(self) -> CaseQuerySet:
        return self.filter(stage=Case.Stage.READY)


@pghistory.track()
class Case(Exemption):
    """A matter a body treats: what it is about, the assessment, the proposal (D13). Numbered when the agenda goes out.

    draft → ready → on_agenda → treated | postponed | withdrawn. A postponed case comes back as a new case with a new
    number that points to the old one (D2).
    """

    class Kind(models.TextChoices):
        APPROVAL = "approval", _("approval")
        DECISION = "decision", _("decision")
        DISCUSSION = "discussion", _("discussion")
        ORIENTATION = "orientation", _("orientation")
        REFERRAL = "referral", _("for the record")
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
    recommended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recommended by")
    )
    asks_municipalities = models.BooleanField(_("is sent to the municipalities for their own decision"), default=False)
    minutes_of = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="approval_cases", verbose_name=_("minutes of")
    )
    follows_up = models.BooleanField(_("follow-up of resolutions"), default=False)
    review_on = models.DateField(_("take up again by"), null=True, blank=True)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name=_("comes back from")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = CaseQuerySet.as_manager()
    # Formatted text is told by its words.
    told_in_history: ClassVar[dict[str, Any]] = dict.fromkeys(
        ("information", "assessment", "consequences"), richtext.plain
    )

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
            *exemption_constraints("case"),
            models.CheckConstraint(
                name="treated_case_has_a_number", condition=~Q(stage="treated") | Q(sequence__isnull=False)
            ),
        ]
        triggers = [
            locks.number_stays(),
            locks.sent_case_stands(),
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
    def open_name(self) -> str:
        return f"{self.number} {self.public_title}".strip()

    @property
    def proposed_points(self) -> list[str]:
        return points_of(self.proposal)

    @property
    def kind_in_einnsyn(self) -> str:
        """The word of eInnsyn for the kind of case (D3, D17)."""
        return EINNSYN[self.kind]

    @property
    def usual_outcome(self) -> str:
        """What one key records in the meeting: most cases end as they were proposed."""
        if self.kind in (self.Kind.ORIENTATION, self.Kind.REFERRAL, self.Kind.DISCUSSION, self.Kind.OTHER):
            return Outcome.NOTED
        return Outcome.RECOMMENDED if self.asks_municipalities else Outcome.AS_PROPOSED

    @property
    def is_editable(self) -> bool:
        """The text stands open until the agenda has gone out with it."""
        return self.sequence is None and self.stage != self.Stage.WITHDRAWN


# eInnsyn's «type» of a meeting case; what it has no word for is «annet».
EINNSYN: dict[str, str] = {
    Case.Kind.DECISION: "politisk",
    Case.Kind.APPROVAL: "godkjenning",
    Case.Kind.ORIENTATION: "orientering",
    Case.Kind.REFERRAL: "referat",
    Case.Kind.DISCUSSION: "politisk",
    Case.Kind.OTHER: "annet",
}


def told_on(words: str, case: Case | None) -> str:
    """What an answer tells all that stands on a case: of one that is exempt, also by now, its number alone (rule 8).

    A postponed case is decided by the one that it came back as, after however many returns.
    """
    stands_on, later = [], [case] if case else []
    while later:
        stands_on += later
        later = [back for one in later for back in one.continued_by.all()]
    exempt = next((one for one in stands_on if one.is_exempt), None)
    if exempt is None:
        return words
    told = {"number": exempt.number, "body": exempt.body.name_in_text}
    return gettext("Case %(number)s in %(body)s is exempt from public disclosure.") % told


@pghistory.track()
class CaseCounter(models.Model):
    """The last case number given per body and year; one row is locked while a number is taken (rule 4)."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of case numbers")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="case_counter_once")]
        triggers = [locks.counter_only_grows(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.body} {self.year}: {self.last}"
