from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.accounts.access import allowed, in_person
from governance.models import Agreement, Body, Collaboration, Organisation, Person, Resolution
from portfolio.models import moments, phases
from portfolio.models.focus_areas import FocusArea
from portfolio.models.moments import Precision
from portfolio.models.phases import Phase, PhaseModel
from portfolio.models.strategy import Goal
from surveys.models import Area, Finding, ServiceArea

# Words of our own addresses under /prosjekter/; a project can't take one as its slug.
RESERVED_SLUGS = ["ny"]
# The seventeen sustainability goals of the United Nations; their names stand in data/sustainability.toml.
SUSTAINABILITY = list(range(1, 18))


PARTS_ADD_UP = """
    IF EXISTS (SELECT 1 FROM portfolio_costline WHERE project_id = NEW.id)
        AND (SELECT sum(amount) FROM portfolio_costline WHERE project_id = NEW.id)
            IS DISTINCT FROM (SELECT shared_cost FROM portfolio_project WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM portfolio_projectyear WHERE project_id = NEW.id)
        AND (SELECT (sum(cost), sum(grant_share)) FROM portfolio_projectyear WHERE project_id = NEW.id)
            IS DISTINCT FROM (SELECT (shared_cost, grant_share) FROM portfolio_project WHERE id = NEW.id)
    THEN
        RAISE EXCEPTION 'The parts of the cost do not add up to the cost.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


# What was started before the rule stays as it is; nothing new runs past it (R11).
RUNS_ON_AN_AGREEMENT = """
    IF NEW.kind = 'service' AND NEW.state = 'execution' AND NEW.agreement_id IS NULL THEN
        IF TG_OP = 'UPDATE' THEN
            IF (OLD.kind, OLD.state, OLD.agreement_id) IS NOT DISTINCT FROM (NEW.kind, NEW.state, NEW.agreement_id)
            THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'A delivery of services runs on an agreement of its own.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def leads_today(of: str = "") -> Q:
    """The leader of the project still leads it; ``of`` is the way to the project («project__»)."""
    return Q(**{f"{of}leader_until": None}) | Q(**{f"{of}leader_until__gte": timezone.localdate()})


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any) -> ProjectQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def shared_with(self, user: Any) -> ProjectQuerySet:
        """Those that this person from outside may read today; the rest of the collaboration stays shut."""
        shared = in_person(Project, user, "portfolio.read_shared_project")
        return self.filter(pk__in=shared.values("content_object"))

    def under_way(self) -> ProjectQuerySet:
        return self.filter(state__in=Project.UNDER_WAY)

    def in_order(self) -> ProjectQuerySet:
        """As the portfolio lists them: by focus area, those without one last."""
        return self.order_by(models.F("focus_area__position").asc(nulls_last=True), "number")

    def led_by(self, user: Any) -> ProjectQuerySet:
        """Those the person leads today; the day after the last one gives nothing any more (rule 6)."""
        return self.filter(leads_today(), leader__user=user.pk)

    def led_by_somebody(self) -> ProjectQuerySet:
        return self.filter(leads_today(), leader__isnull=False)

    def reported_by(self, user: Any) -> ProjectQuerySet:
        """Whose status the person writes: the secretariat that of all, a project leader that of the own projects."""
        places = allowed(Collaboration.objects.all(), user, "governance.report_status")
        managed = allowed(Collaboration.objects.all(), user, "governance.manage_portfolio")
        leads = leads_today() & Q(leader__user=user.pk)
        return self.filter(Q(collaboration__in=managed) | leads, collaboration__in=places)

    def not_reported(self, counts: Q) -> ProjectQuerySet:
        """Those without a published report that counts."""
        from portfolio.models.status_reports import StatusReport  # noqa: PLC0415 -- a report belongs to a project

        return self.exclude(
            models.Exists(StatusReport.objects.published().filter(counts, project=models.OuterRef("pk")))
        )

    def with_light(self) -> ProjectQuerySet:
        """With ``light`` and ``light_on``: what the newest published status report says, and of which day, if any."""
        from portfolio.models.status_reports import StatusReport  # noqa: PLC0415 -- a report belongs to a project

        newest = StatusReport.objects.published().filter(project=models.OuterRef("pk")).newest_first()
        return self.annotate(
            light=models.Subquery(newest.values("overall")[:1]),
            light_on=models.Subquery(newest.values("reported_for")[:1]),
        )

    def with_status(self, counts: Q) -> ProjectQuerySet:
        """The newest report in short, the last five lights, the draft, and whether a report that counts is there."""
        from portfolio.models.status_reports import StatusReport  # noqa: PLC0415 -- a report belongs to a project

        of_project = StatusReport.objects.filter(project=models.OuterRef("pk"))
        newest = of_project.published().newest_first()
        seen = newest.values(seen=JSONObject(light="overall", on="reported_for"))
        return self.with_light().annotate(
            last_report=models.Subquery(newest.values("pk")[:1]),
            last_full=models.Subquery(newest.values("full")[:1]),
            said=models.Subquery(newest.values("progress_text")[:1]),
            said_in_short=models.Subquery(newest.values("overall_text")[:1]),
            trend=ArraySubquery(seen[:5]),
            draft=models.Subquery(of_project.drafts().values("pk")[:1]),
            reported=models.Exists(of_project.published().filter(counts)),
        )


@pghistory.track()
class Project(models.Model):
    """A project or measure of the collaboration; each municipality decides for itself whether to take part (R7).

    idea → planning → execution → finished; all but finished can become stopped; execution can go back to planning.
    Into execution with shared cost only on a resolution on the financing plan (R10).
    """

    class State(models.TextChoices):
        IDEA = "idea", _("idea")
        PLANNING = "planning", _("being planned")
        EXECUTION = "execution", _("under way")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped")

    NEXT: dict[str, set[str]] = {
        State.IDEA: {State.PLANNING, State.EXECUTION, State.STOPPED},
        State.PLANNING: {State.EXECUTION, State.STOPPED},
        State.EXECUTION: {State.PLANNING, State.FINISHED, State.STOPPED},
        State.FINISHED: set(),
        State.STOPPED: {State.PLANNING},
    }

    UNDER_WAY: ClassVar[list[str]] = [State.PLANNING, State.EXECUTION]

    class Kind(models.TextChoices):
        PROJECT = "project", _("project")
        PRE_PROJECT = "pre_project", _("pre-project")
        MAIN_PROJECT = "main_project", _("main project")
        MEASURE = "measure", _("measure")
        PROCUREMENT = "procurement", _("joint procurement")
        SERVICE = "service", _("delivery of services")
        PROGRAMME = "programme", _("programme with gatherings")
        NETWORK = "network", _("network")

    class LifeCycle(models.TextChoices):
        """Whether anything happens with it, whatever its phase (D15)."""

        ACTIVE = "active", pgettext_lazy("project", "active")
        WAITING = "waiting", pgettext_lazy("project", "waiting")
        ENDED = "ended", pgettext_lazy("project", "ended")

    class Procurement(models.TextChoices):
        """How a joint procurement is made; which one the size allows, the threshold note says (R27)."""

        OPEN = "open", _("open competition")
        RESTRICTED = "restricted", _("restricted competition")
        NEGOTIATED = "negotiated", _("competition with negotiation")
        FRAMEWORK = "framework", _("call-off on a framework agreement")
        DYNAMIC = "dynamic", _("dynamic purchasing system")
        DIRECT = "direct", _("direct procurement")
        OTHER = "other", _("another way")

    class Key(models.TextChoices):
        EQUAL = "equal", _("equally")
        POPULATION = "population", _("by population")
        MIXED = "mixed", _("a part equally, the rest by population")
        FIXED = "fixed", _("a fixed amount each, the rest by population")
        RATE = "rate", _("an amount per inhabitant")
        USE = "use", _("by use")
        MANUAL = "manual", _("by amounts written in")

    BY_PEOPLE: ClassVar[list[str]] = [Key.POPULATION, Key.MIXED, Key.FIXED, Key.RATE]

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="projects")
    number = models.PositiveIntegerField(_("number"))
    slug = models.SlugField(_("address"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("focus area")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PROJECT)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.IDEA)
    phase_model = models.CharField(_("phase model"), max_length=6, choices=PhaseModel, default=PhaseModel.SIMPLE)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, blank=True)
    gate_body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="gated_projects",
        verbose_name=_("board of its own"), help_text=_("Decides the gates instead of the steering group."),
    )  # fmt: skip
    goal = models.TextField(_("goal"), blank=True)
    goals = models.ManyToManyField(
        Goal, through="ProjectGoal", related_name="projects", verbose_name=_("serves the goals")
    )
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    starts_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    ends_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    lead_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="led_projects", verbose_name=_("led by")
    )
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="hosted_projects", verbose_name=_("run by")
    )
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="led_projects", verbose_name=_("project leader")
    )
    # In step with the role of the leader (models/project_roles.py): the rights end with this day (rule 6).
    leader_until = models.DateField(_("leader until and including"), null=True, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows")
    )
    basis = models.ForeignKey(
        "portfolio.ProjectDocument", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("the report it stands on"),
    )  # fmt: skip
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name=_("agreement of its own"),
        help_text=_("A delivery of services has an agreement and a price of its own."),
    )  # fmt: skip
    archive_reference = models.CharField(
        _("case or archive reference"), max_length=100, blank=True,
        help_text=_("The number in the archive of the municipality that keeps it, for example 2026/1234."),
    )  # fmt: skip
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("service area")
    )
    sustainability = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("UN sustainability goals")
    )
    on_hold_since = models.DateField(_("waits since"), null=True, blank=True)
    on_hold_reason = models.CharField(_("what it waits for"), max_length=200, blank=True)
    procurement = models.CharField(_("type of procurement"), max_length=10, choices=Procurement, blank=True)
    threshold_note = models.CharField(_("size against the thresholds"), max_length=300, blank=True)
    announced_on = models.DateField(_("planned announcement"), null=True, blank=True)
    announced_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    user_involvement = models.TextField(_("user involvement"), blank=True)
    change_management = models.TextField(_("change management"), blank=True)
    shared_cost = models.DecimalField(_("shared cost, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    grant_share = models.DecimalField(_("of which grants, NOK"), max_digits=14, decimal_places=2, default=Decimal(0))
    in_base_budget = models.BooleanField(_("paid by the base budget"), default=False)
    hours = models.DecimalField(_("own effort, hours in all"), max_digits=9, decimal_places=1, null=True, blank=True)
    key = models.CharField(_("how the cost is shared"), max_length=10, choices=Key, default=Key.EQUAL)
    counted_on = models.DateField(_("population counted on"), null=True, blank=True)
    equal_percent = models.PositiveSmallIntegerField(_("per cent shared equally"), null=True, blank=True)
    fixed_amount = models.DecimalField(
        _("fixed amount for each, NOK"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    rate = models.DecimalField(
        _("amount per inhabitant and year, NOK"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    use_unit = models.CharField(
        _("what use is counted in"), max_length=60, blank=True, help_text=_("For example «users» or «licences».")
    )
    areas = models.ManyToManyField(
        Area, through="ProjectArea", blank=True, related_name="projects", verbose_name=_("concerns the areas"),
        help_text=_("The municipality's own systems in these areas are named in its saksframlegg."),
    )  # fmt: skip
    findings = models.ManyToManyField(
        Finding, through="ProjectFinding", blank=True, related_name="projects", verbose_name=_("stands on the findings")
    )
    quick_measure = models.BooleanField(_("quick measure without shared cost"), default=False)
    financing_resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="financed_projects",
        verbose_name=_("resolution on the financing plan"),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["number"]
        default_permissions = ()
        # Held in person and for a time only: the one right that stands on anything else than a container.
        permissions = [("read_shared_project", "Read one project that is shared")]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="project_number_once"),
            models.UniqueConstraint(fields=["collaboration", "slug"], name="project_slug_once"),
            models.CheckConstraint(
                name="project_slug_is_plain",
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & ~Q(slug__in=RESERVED_SLUGS),
            ),
            models.CheckConstraint(
                name="project_cost_not_negative",
                condition=Q(shared_cost=None) | Q(shared_cost__gte=0),
                violation_error_message=_("The cost can't be below zero."),
            ),
            models.CheckConstraint(
                name="project_grant_within_the_cost",
                condition=Q(grant_share=0)
                | Q(grant_share__gt=0, shared_cost__isnull=False, shared_cost__gte=models.F("grant_share")),
                violation_error_message=_("The grants can't be larger than the shared cost."),
            ),
            models.CheckConstraint(
                name="project_hours_not_negative",
                condition=Q(hours=None) | Q(hours__gte=0),
                violation_error_message=_("The hours can't be below zero."),
            ),
            models.CheckConstraint(
                name="project_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The project must end after it starts."),
            ),
            models.CheckConstraint(
                name="project_leader_until_has_a_leader",
                condition=Q(leader_until=None) | Q(leader__isnull=False),
            ),
            models.CheckConstraint(
                name="project_sustainability_is_known",
                condition=Q(sustainability__contained_by=SUSTAINABILITY),
                violation_error_message=_("The sustainability goals are numbered from 1 to 17."),
            ),
            models.CheckConstraint(
                name="project_on_hold_says_why",
                condition=Q(on_hold_since=None, on_hold_reason="")
                | (Q(on_hold_since__isnull=False) & ~Q(on_hold_reason="")),
                violation_error_message=_("Write what the project waits for."),
            ),
            models.CheckConstraint(
                name="only_a_joint_procurement_is_announced",
                condition=Q(kind="procurement") | Q(procurement="", threshold_note="", announced_on=None),
                violation_error_message=_("Only a joint procurement has a type of procurement and an announcement."),
            ),
            models.CheckConstraint(
                name="project_population_key_has_a_day",
                condition=~Q(key__in=["population", "mixed", "fixed", "rate"]) | Q(counted_on__isnull=False),
                violation_error_message=_("Write which day the population is counted on."),
            ),
            models.CheckConstraint(
                name="project_mixed_key_has_a_per_cent",
                condition=~Q(key="mixed")
                | Q(equal_percent__isnull=False, equal_percent__gte=0, equal_percent__lte=100),
                violation_error_message=_("Write how many per cent are shared equally, from 0 to 100."),
            ),
            models.CheckConstraint(
                name="project_fixed_key_has_an_amount",
                condition=~Q(key="fixed") | Q(fixed_amount__isnull=False, fixed_amount__gte=0),
                violation_error_message=_("Write the fixed amount that each municipality pays."),
            ),
            models.CheckConstraint(
                name="project_rate_key_has_a_rate",
                condition=~Q(key="rate") | Q(rate__isnull=False, rate__gte=0),
                violation_error_message=_("Write how many kroner are paid per inhabitant."),
            ),
            models.CheckConstraint(
                name="project_use_key_says_the_unit",
                condition=~Q(key="use") | ~Q(use_unit=""),
                violation_error_message=_("Write what the use is counted in."),
            ),
            models.CheckConstraint(
                name="quick_measure_has_no_shared_cost",
                condition=Q(quick_measure=False) | Q(shared_cost=None) | Q(shared_cost=0) | Q(in_base_budget=True),
                violation_error_message=_("A quick measure has no shared cost outside the base budget."),
            ),
            models.CheckConstraint(
                name="project_with_shared_cost_runs_on_a_resolution",
                condition=~Q(state__in=["execution", "finished"])
                | Q(in_base_budget=True)
                | Q(shared_cost__isnull=False, shared_cost=0)
                | Q(quick_measure=True)
                | Q(financing_resolution__isnull=False)
                | Q(state="finished", shared_cost=None),
                violation_error_message=_("The steering group has not decided the financing plan."),
            ),
            phases.state_follows_the_phase(),
        ]
        triggers = [
            phases.phase_by_its_gates(),
            # Lines and years, where there are any, add up to the cost: tried when the transaction ends (rule 2).
            pgtrigger.Trigger(
                name="parts_add_up",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("shared_cost", "grant_share"),
                timing=pgtrigger.Deferred,
                func=PARTS_ADD_UP,
            ),
            pgtrigger.Trigger(
                name="service_runs_on_an_agreement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=RUNS_ON_AN_AGREEMENT,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.collaboration.slug, self.slug])

    @property
    def starts(self) -> str:
        return moments.say(self.starts_on, self.starts_precision)

    @property
    def ends(self) -> str:
        return moments.say(self.ends_on, self.ends_precision)

    @property
    def mandate_points(self) -> list[str]:
        """The points of the edition that was adopted last; before one is adopted, those that are written."""
        editions = self.mandates.newest_first()
        standing = editions.adopted().first() or editions.first()
        return standing.texts if standing else []

    @property
    def announced(self) -> str:
        return moments.say(self.announced_on, self.announced_precision)

    @property
    def current_leader(self) -> Person | None:
        """Who leads it today."""
        ended = self.leader_until is not None and self.leader_until < timezone.localdate()
        return None if ended else self.leader

    @property
    def life_cycle(self) -> LifeCycle:
        if self.state in {self.State.FINISHED, self.State.STOPPED}:
            return self.LifeCycle.ENDED
        return self.LifeCycle.WAITING if self.on_hold_since else self.LifeCycle.ACTIVE

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def to_share(self) -> Decimal | None:
        """What those who take part pay together; the base budget and the grants are paid by others. Unknown is None."""
        if self.shared_cost is None:
            return None
        return Decimal(0) if self.in_base_budget else self.shared_cost - self.grant_share

    @property
    def needs_financing_plan(self) -> bool:
        """Shared cost outside the base budget, or a cost nobody has stated (R10)."""
        return not self.quick_measure and not self.in_base_budget and self.shared_cost != 0


@pghistory.track()
class ProjectGoal(models.Model):
    """A project serves a goal of the strategy (L8)."""

    project = models.ForeignKey(Project, models.CASCADE)
    goal = models.ForeignKey(Goal, models.CASCADE)

    class Meta:
        verbose_name = _("goal of a project")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["project", "goal"], name="project_goal_once")]

    def __str__(self) -> str:
        return f"{self.project} – {self.goal}"


@pghistory.track()
class ProjectArea(models.Model):
    """A project concerns an area in which the municipalities have systems: those are named in the saksframlegg."""

    project = models.ForeignKey(Project, models.CASCADE)
    area = models.ForeignKey(Area, models.PROTECT)

    class Meta:
        verbose_name = _("area of a project")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["project", "area"], name="project_area_once")]

    def __str__(self) -> str:
        return f"{self.project} – {self.area}"


@pghistory.track()
class ProjectFinding(models.Model):
    """A project does what a finding calls for: from what was learnt, by a measure, to a project (H2, L16)."""

    project = models.ForeignKey(Project, models.CASCADE)
    finding = models.ForeignKey(Finding, models.PROTECT)

    class Meta:
        verbose_name = _("finding behind a project")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["project", "finding"], name="project_finding_once")]

    def __str__(self) -> str:
        return f"{self.project} – {self.finding}"
