from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from digivesteralen.audit.retention import kept_for
from governance.models import Collaboration, Organisation, Region
from governance.models.agreements import months_after
from portfolio.models import moments
from portfolio.models.focus_areas import Measure
from portfolio.models.moments import Precision
from portfolio.models.projects import Project
from surveys.models import Survey

# A project that gathers people: the programme, and the network.
GATHERS: list[str] = [Project.Kind.PROGRAMME, Project.Kind.NETWORK]


def gathers(project: Project) -> bool:
    return project.kind in GATHERS


# So long after the gathering the names of those who were registered are erased.
NAMES_KEPT_FOR_MONTHS = 12


@pghistory.track()
class TargetGroup(models.Model):
    """Whom a programme is for: leaders, project managers (J6). What it stands on are documents of the project (D15)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="target_groups")
    name = models.CharField(_("target group"), max_length=100)

    class Meta:
        verbose_name = _("target group")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="target_group_once")]

    def __str__(self) -> str:
        return self.name


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def visible_to(self, user: Any) -> GatheringQuerySet:
        """In the collaborations one sees; a draft only for those who plan it."""
        places = Collaboration.objects.visible_to(user)
        plans = allowed(Collaboration.objects.all(), user, "governance.manage_portfolio")
        return self.filter(
            ~Q(state=Gathering.State.DRAFT) | Q(project__collaboration__in=plans), project__collaboration__in=places
        )

    def of(self, collaboration: Collaboration) -> GatheringQuerySet:
        return self.filter(project__collaboration=collaboration)

    def for_timeline(self, projects: Any) -> GatheringQuerySet:
        """The days of the projects' gatherings, but for drafts and cancelled ones: ``label``, ``on``, ``precision``."""
        return self.told().filter(project__in=projects).order_by("on", "pk")

    def told(self) -> GatheringQuerySet:
        """All but drafts and cancelled ones."""
        return self.filter(state__in=[Gathering.State.ANNOUNCED, Gathering.State.HELD])

    def in_calendar_of(self, user: Any) -> GatheringQuerySet:
        """Those the person has a place in."""
        from portfolio.models.registrations import Registration  # noqa: PLC0415 -- a registration knows its gathering

        own = Registration.objects.filter(user=user.pk, state=Registration.State.REGISTERED)
        return self.filter(pk__in=own.values("gathering"), starts_at__isnull=False).order_by("starts_at", "pk")

    def with_counts(self) -> GatheringQuerySet:
        """``registered`` and ``came``: how many people, never who; nothing where nobody has written it down."""
        people = models.Count("registrations", filter=Q(registrations__state="registered"))
        ticked = models.Count("registrations", filter=Q(registrations__attended__isnull=False))
        came = models.Count("registrations", filter=Q(registrations__attended=True))
        return self.annotate(people=people, ticked=ticked, ticked_came=came).annotate(
            registered=models.Case(models.When(~Q(state="held", people=0), then=F("people"))),
            came=models.Case(models.When(ticked__gt=0, then=F("ticked_came"))),
        )


NO_FEWER_PLACES = """
    IF NEW.capacity IS NOT NULL AND NEW.capacity < (
        SELECT count(*) FROM portfolio_registration WHERE gathering_id = NEW.id AND state = 'registered'
    ) THEN
        RAISE EXCEPTION 'More have a place than the gathering has places.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class Gathering(models.Model):
    """A gathering or a course of a programme, for municipalities of one or more regions (J6, F5, N15, N16).

    draft → announced → held; a draft that has been is written down as held; all but what is held can be cancelled.
    What is known only to the season has no hours yet, and can't be announced.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ANNOUNCED = "announced", _("announced")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.DRAFT: {State.ANNOUNCED, State.HELD, State.CANCELLED},
        State.ANNOUNCED: {State.HELD, State.CANCELLED},
        State.HELD: set(),
        State.CANCELLED: set(),
    }

    class Kind(models.TextChoices):
        GATHERING = "gathering", _("gathering")
        COURSE = "course", _("course")

    project = models.ForeignKey(Project, models.PROTECT, related_name="gatherings", verbose_name=_("programme"))
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.GATHERING)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    text = models.TextField(_("programme of the day"), blank=True)
    on = models.DateField(_("day"))
    precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("digital meeting"), blank=True, max_length=1000)
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    register_by = models.DateField(_("register by"), null=True, blank=True)
    organiser = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="gatherings", verbose_name=_("organiser")
    )
    cost_note = models.CharField(_("what it costs"), max_length=300, blank=True)
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="gatherings", verbose_name=_("measure")
    )
    regions = models.ManyToManyField(
        Region, through="GatheringRegion", related_name="gatherings", verbose_name=_("regions")
    )
    target_groups = models.ManyToManyField(
        TargetGroup, through="GatheringGroup", related_name="gatherings", verbose_name=_("target groups")
    )
    evaluation = models.OneToOneField(
        Survey, models.PROTECT, null=True, blank=True, related_name="gathering", verbose_name=_("evaluation")
    )
    cancelled_because = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    # Raised at each change of what stands in people's calendars.
    calendar_sequence = models.PositiveIntegerField(default=0)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["-on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="gathering_ends_after_start",
                condition=Q(ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                violation_error_message=_("The gathering must end after it starts."),
            ),
            models.CheckConstraint(
                name="announced_gathering_has_its_hours",
                condition=~Q(state="announced") | Q(starts_at__isnull=False, ends_at__isnull=False),
                violation_error_message=_("Write the day and the hours before the gathering is announced."),
            ),
            models.CheckConstraint(
                name="gathering_hours_are_of_a_day", condition=Q(starts_at=None) | Q(precision=Precision.DAY)
            ),
            models.CheckConstraint(
                name="gathering_has_a_place_at_least",
                condition=Q(capacity=None) | Q(capacity__gte=1),
                violation_error_message=_("Write how many there is room for, or leave it empty."),
            ),
            models.CheckConstraint(
                name="gathering_registered_before_it_is_held",
                condition=Q(register_by=None) | ~Q(precision=Precision.DAY) | Q(register_by__lte=F("on")),
                violation_error_message=_("The last day to register can't be after the gathering."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_fewer_places",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("capacity"),
                func=NO_FEWER_PLACES,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gathering", args=[self.project.collaboration.slug, self.pk])

    @property
    def label(self) -> str:
        return self.title

    @property
    def when(self) -> str:
        return moments.say(self.on, self.precision)

    @property
    def passed(self) -> bool:
        return self.state == self.State.HELD

    @property
    def has_begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def last_day(self) -> date:
        """The last day to register."""
        return self.register_by or self.on

    @property
    def names_erased_on(self) -> date:
        return months_after(self.on, kept_for("registrations", NAMES_KEPT_FOR_MONTHS))

    @property
    def is_coming(self) -> bool:
        return self.state == self.State.ANNOUNCED and not self.has_begun

    @property
    def takes_registrations(self) -> bool:
        return self.is_coming and timezone.localdate() <= self.last_day

    @property
    def takes_attendance(self) -> bool:
        return self.state == self.State.HELD or (self.state == self.State.ANNOUNCED and self.has_begun)


@pghistory.track()
class GatheringRegion(models.Model):
    """A region that a gathering is for."""

    gathering = models.ForeignKey(Gathering, models.CASCADE)
    region = models.ForeignKey(Region, models.PROTECT)

    class Meta:
        verbose_name = _("region invited to a gathering")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["gathering", "region"], name="gathering_region_once")]

    def __str__(self) -> str:
        return f"{self.gathering} – {self.region}"


@pghistory.track()
class GatheringGroup(models.Model):
    """A target group that a gathering is for."""

    gathering = models.ForeignKey(Gathering, models.CASCADE)
    group = models.ForeignKey(TargetGroup, models.PROTECT)

    class Meta:
        verbose_name = _("target group of a gathering")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["gathering", "group"], name="gathering_group_once")]

    def __str__(self) -> str:
        return f"{self.gathering} – {self.group}"
