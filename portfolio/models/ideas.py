from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import Body, Case, Collaboration, Organisation, Person, Proposal, locks
from governance.models.cases import told_on
from governance.models.proposal_steps import Solved
from portfolio.models.focus_areas import FocusArea, Measure
from portfolio.models.projects import Project
from surveys.models import Area, Finding


class IdeaState(models.TextChoices):
    NEW = "new", pgettext_lazy("idea", "under consideration")
    DETAIL = "detail", pgettext_lazy("idea", "recommended to be described closer")
    NOT_PRIORITISED = "not_prioritised", pgettext_lazy("idea", "recommended not to be prioritised")
    HERE = "here", pgettext_lazy("idea", "to be solved here")
    ANSWERED = "answered", pgettext_lazy("idea", "answered")
    TAKEN = "taken", pgettext_lazy("idea", "taken up as a project")


# Before it is answered an idea may be recommended anew; who has got an answer has got it.
OPEN = [IdeaState.NEW, IdeaState.DETAIL, IdeaState.NOT_PRIORITISED]
NEXT: dict[str, list[str]] = {
    **{state: [*(other for other in OPEN if other != state), IdeaState.HERE, IdeaState.ANSWERED] for state in OPEN},
    IdeaState.HERE: [IdeaState.TAKEN],
    IdeaState.ANSWERED: [],
    IdeaState.TAKEN: [],
}
# What the second step fills in, in the order it is read.
DETAILS = {
    "problem": _("the problem today"),
    "solution": _("proposed solution"),
    "affected": _("who is affected"),
    "success_factors": _("what must succeed"),
    "resources": _("resources needed"),
    "plan": _("how it can be carried out"),
}
_MOVES = ", ".join(f"('{old}', '{new}')" for old, after in NEXT.items() for new in after)


class IdeaQuerySet(models.QuerySet["Idea"]):
    def visible_to(self, user: Any) -> IdeaQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def unanswered(self) -> IdeaQuerySet:
        return self.filter(state__in=OPEN)

    def candidates(self) -> IdeaQuerySet:
        """What may still become a project: not answered otherwise, and not taken up yet."""
        return self.filter(state__in=[*OPEN, IdeaState.HERE])

    def waiting(self) -> IdeaQuerySet:
        """What the secretariat has to do something with: new ones, and those that are to be taken up."""
        return self.filter(state__in=[IdeaState.NEW, IdeaState.HERE])

    def sent_by(self, user: Any) -> IdeaQuerySet:
        """Those of the person, or of the municipality or body that the person may send for."""
        return self.filter(
            Q(sender_person__user=user)
            | Q(sender_organisation__in=allowed(Organisation.objects.all(), user, "governance.send_proposal"))
            | Q(sender_body__in=Body.objects.where_may(user, "governance.propose_case"))
        )


@pghistory.track()
class Idea(models.Model):
    """What somebody thinks the collaboration should do, before it is a project (D16, L16, L17, P6).

    Recommended after the first step, detailed in the second, and answered once (R36): solved here, in each
    municipality, by the collaboration above, nationally, or not now. What is solved here is taken up as a project.
    """

    State = IdeaState
    OPEN: ClassVar[list[IdeaState]] = OPEN

    class Source(models.TextChoices):
        FORM = "form", _("sent in")
        PROPOSAL = "proposal", _("a proposal")
        WINDOW = "window", _("a window of joint procurement")
        FINDING = "finding", _("a finding")
        MEASURE = "measure", _("a measure of the strategy")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="ideas")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    background = models.TextField(_("what and why"))
    gains = models.TextField(_("who gains from it"), blank=True)
    problem = models.TextField(DETAILS["problem"], blank=True)
    solution = models.TextField(DETAILS["solution"], blank=True)
    affected = models.TextField(DETAILS["affected"], blank=True)
    success_factors = models.TextField(DETAILS["success_factors"], blank=True)
    resources = models.TextField(DETAILS["resources"], blank=True)
    plan = models.TextField(DETAILS["plan"], blank=True)
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, null=True, blank=True, related_name="ideas", verbose_name=_("focus area")
    )
    source = models.CharField(_("where it comes from"), max_length=10, choices=Source, default=Source.FORM)
    sender_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="sent_ideas", verbose_name=_("sender")
    )
    sender_body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="sent_ideas", verbose_name=_("sending body")
    )
    sender_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="sent_ideas", verbose_name=_("person")
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    registered_on = models.DateField(_("registered"), default=timezone.localdate)
    state = models.CharField(_("state"), max_length=15, choices=IdeaState, default=IdeaState.NEW)
    comment = models.TextField(_("comment on the recommendation"), blank=True)
    recommended_on = models.DateField(_("recommended"), null=True, blank=True)
    answer = models.CharField(_("where it is solved"), max_length=10, choices=Solved, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="ideas", verbose_name=_("treated in case")
    )
    project = models.OneToOneField(
        Project, models.PROTECT, null=True, blank=True, related_name="idea", verbose_name=_("became")
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="ideas", verbose_name=_("proposal")
    )
    measure = models.ForeignKey(
        Measure, models.SET_NULL, null=True, blank=True, related_name="ideas", verbose_name=_("measure")
    )
    window_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area of the window")
    )
    window_on = models.DateField(_("last day of the old contracts"), null=True, blank=True)
    starts_on = models.DateField(_("could start"), null=True, blank=True)
    ends_on = models.DateField(_("could end"), null=True, blank=True)
    areas = models.ManyToManyField(
        Area, through="IdeaArea", blank=True, related_name="ideas", verbose_name=_("concerns the areas")
    )
    findings = models.ManyToManyField(
        Finding, through="IdeaFinding", blank=True, related_name="ideas", verbose_name=_("stands on the findings")
    )
    # Proposed when somebody is invited to the project; nobody is asked by an idea (rule 1).
    municipalities = models.ManyToManyField(
        Organisation, through="IdeaMunicipality", blank=True, related_name="+", verbose_name=_("could join")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = IdeaQuerySet.as_manager()
    # Its words may be those of a case that is exempt by now (rule 8).
    not_in_history = frozenset({"reason"})

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["-year", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "year", "number"], name="idea_number_once_a_year"),
            models.CheckConstraint(name="idea_number_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="idea_says_what_and_why",
                condition=~Q(title="") & ~Q(background=""),
                violation_error_message=_("Write a title, and what and why."),
            ),
            models.CheckConstraint(
                name="idea_has_one_sender",
                condition=Q(sender_organisation=None) | Q(sender_body=None),
                violation_error_message=_("An idea is sent by a municipality or a body, not by both."),
            ),
            models.CheckConstraint(
                name="idea_answer_goes_with_its_state",
                condition=Q(state__in=OPEN, answer="")
                | Q(state__in=[IdeaState.HERE, IdeaState.TAKEN], answer=Solved.HERE)
                | Q(state=IdeaState.ANSWERED, answer__in=[one.value for one in Solved if one != Solved.HERE]),
                violation_error_message=_("The answer and the state of the idea do not go together."),
            ),
            models.CheckConstraint(
                name="idea_is_answered_by_somebody",
                condition=Q(answer="", answered_on=None, answered_by=None, case=None, reason="")
                | Q(answered_on__gte=models.F("registered_on"), answered_by__isnull=False) & ~Q(answer=""),
                violation_error_message=_("An answer has a day, on or after the day the idea came, and a person."),
            ),
            models.CheckConstraint(
                name="idea_answer_gives_a_reason",
                condition=Q(answer__in=["", Solved.HERE]) | ~Q(reason=""),
                violation_error_message=_("Write the reason: it goes to those who sent the idea."),
            ),
            models.CheckConstraint(
                name="idea_taken_up_is_a_project",
                condition=Q(state=IdeaState.TAKEN, project__isnull=False) | ~Q(state=IdeaState.TAKEN) & Q(project=None),
                violation_error_message=_("An idea that is taken up points to its project."),
            ),
            models.CheckConstraint(
                name="idea_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
            ),
            models.UniqueConstraint(
                fields=["collaboration", "proposal"],
                name="idea_of_a_proposal_once",
                violation_error_message=_("An idea is made of this proposal already."),
            ),
            models.UniqueConstraint(
                fields=["collaboration", "window_area", "window_on"],
                name="idea_of_a_window_once",
                violation_error_message=_("An idea is made of this window already."),
            ),
        ]
        triggers = [
            locks.never_deleted(),
            locks.keeps(("collaboration_id", "year", "number"), name="identity_stays"),
            pgtrigger.Trigger(
                name="answered_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_MOVES})
                    THEN RAISE EXCEPTION 'An idea does not go from this state to that one.'; END IF;
                    IF OLD.answer <> '' AND
                        (OLD.answer, OLD.reason, OLD.answered_on, OLD.answered_by_id, OLD.case_id)
                        IS DISTINCT FROM (NEW.answer, NEW.reason, NEW.answered_on, NEW.answered_by_id, NEW.case_id)
                    THEN RAISE EXCEPTION 'The idea is answered: the answer stands.'; END IF;
                    IF OLD.project_id IS NOT NULL AND OLD.project_id IS DISTINCT FROM NEW.project_id
                    THEN RAISE EXCEPTION 'The idea became this project.'; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("idea", args=[self.collaboration.slug, self.pk])

    @property
    def label(self) -> str:
        """«3/26»: the third idea of the year."""
        return f"{self.number}/{self.year % 100:02d}"

    @property
    def draft_key(self) -> str:
        """What the browser keeps an unsaved text under."""
        return f"idea-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def sender(self) -> Any:
        """The municipality or body; where there is neither, the secretariat wrote it down itself."""
        return self.sender_organisation or self.sender_body

    @property
    def sender_in_words(self) -> str:
        if self.sender is None:
            return gettext("The secretariat")
        return str(self.sender)

    @property
    def open_reason(self) -> str:
        """What all may read: whoever reads the case has the link to it."""
        return told_on(self.reason, self.case)

    @property
    def answer_in_words(self) -> str:
        """«Løftes til DigiNordland», where it is known what stands above."""
        above = self.collaboration.parent
        if self.answer == Solved.PARENT and above:
            return gettext("is lifted to %(collaboration)s") % {"collaboration": above}
        return str(self.get_answer_display()) if self.answer else ""

    @property
    def details(self) -> list[tuple[Any, str]]:
        """What the second step fills in, with its headings; only what is written."""
        told = {name: getattr(self, name) for name in DETAILS}
        return [(DETAILS[name], text) for name, text in told.items() if text]


@pghistory.track()
class IdeaArea(models.Model):
    """An area in which the municipalities have systems, that the idea concerns."""

    idea = models.ForeignKey(Idea, models.CASCADE)
    area = models.ForeignKey(Area, models.PROTECT)

    class Meta:
        verbose_name = _("area of an idea")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["idea", "area"], name="idea_area_once")]

    def __str__(self) -> str:
        return f"{self.idea} – {self.area}"


@pghistory.track()
class IdeaFinding(models.Model):
    """An idea does what a finding calls for (L16)."""

    idea = models.ForeignKey(Idea, models.CASCADE)
    finding = models.ForeignKey(Finding, models.PROTECT)

    class Meta:
        verbose_name = _("finding behind an idea")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["idea", "finding"], name="idea_finding_once")]

    def __str__(self) -> str:
        return f"{self.idea} – {self.finding}"


@pghistory.track()
class IdeaMunicipality(models.Model):
    """A municipality that could join, as the window or the signals tell; it is asked by nothing of this (rule 1)."""

    idea = models.ForeignKey(Idea, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("municipality behind an idea")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["idea", "organisation"], name="idea_municipality_once")]

    def __str__(self) -> str:
        return f"{self.idea} – {self.organisation}"
