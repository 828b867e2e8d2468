from __future__ import annotations

import uuid
from datetime import date
from functools import reduce
from itertools import combinations
from operator import and_
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import Collaboration, Meeting, Organisation
from governance.models.locks import never_changed, never_deleted
from surveys.models.catalogue import Area, Product, Supplier

SOON_IN_MONTHS = 18


def in_order(*names: str) -> Q:
    """That those of the dates that are known follow each other."""
    pairs = combinations(names, 2)
    first, *rest = (
        Q(**{f"{early}__isnull": True}) | Q(**{f"{late}__isnull": True}) | Q(**{f"{late}__gte": F(early)})
        for early, late in pairs
    )
    return reduce(and_, rest, first)


def soon(months: int = SOON_IN_MONTHS) -> date:
    """The last day that counts as «within 18 months» from today."""
    today = timezone.localdate()
    month = today.month - 1 + months
    year, month = today.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(today.day, last))


class InventoryQuerySet(models.QuerySet["Inventory"]):
    def visible_to(self, user: Any) -> InventoryQuerySet:
        """The own municipality's, and those of the members of every collaboration that the user may see."""
        return self.filter(municipality__in=Organisation.objects.open_to(user))

    def of(self, collaboration: Collaboration) -> InventoryQuerySet:
        return self.filter(municipality__in=collaboration.sharing())

    def editable_by(self, user: Any) -> InventoryQuerySet:
        own = allowed(Organisation.objects.all(), user, "governance.edit_inventory")
        return self.filter(municipality__in=own)


@pghistory.track(exclude=["revision"])
class Inventory(models.Model):
    """What one municipality, or one IT collaboration, has of systems (S7). It belongs to its municipality (rule 9).

    draft       submit -> submitted (the own IT leader)
    submitted   review -> reviewed (gone through in the working group; the secretariat registers) · reopen -> draft
    reviewed    assure -> assured (quality-assured in the meeting with the IT leaders, R30, S11) · reopen -> draft
    assured     reopen -> draft

    ``revision`` counts every change of the content: an import that was previewed against another one is checked again.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        REVIEWED = "reviewed", _("gone through in the working group")
        ASSURED = "assured", _("quality-assured")

    municipality = models.OneToOneField(
        Organisation, models.PROTECT, related_name="inventory", verbose_name=_("municipality")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)

    objects = InventoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("system inventory")
        verbose_name_plural = _("system inventories")
        ordering = ["municipality__sort_key"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="inventory_state_is_known", condition=Q(state__in=["draft", "submitted", "reviewed", "assured"])
            ),
            models.CheckConstraint(
                name="inventory_submitted_by_somebody",
                condition=Q(state="draft") | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    def get_absolute_url(self) -> str:
        if self.municipality.kind == Organisation.Kind.IT_COLLABORATION:
            return reverse("it_inventory", args=[self.municipality_id])
        return reverse("inventory", args=[self.municipality.number])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


# What ``used_on`` says, for the reads that are written in SQL; the table is called «use» there.
USED_ON = """((use.gone_on IS NULL OR use.gone_on > %(day)s)
    AND coalesce(use.introduced_on, use.live_on, %(day)s) <= %(day)s)"""


def used_on(day: date) -> Q:
    """Neither out of use that day nor only planned; what is being introduced or phased out is in use (Phase)."""
    begun = Q(introduced_on__lte=day) | Q(introduced_on=None) & (Q(live_on=None) | Q(live_on__lte=day))
    return begun & (Q(gone_on=None) | Q(gone_on__gt=day))


class SystemUseQuerySet(models.QuerySet["SystemUse"]):
    def counted(self) -> SystemUseQuerySet:
        """What the municipality itself stands for: without uploads on its behalf that it has not confirmed (rule 9)."""
        return self.filter(awaits=None)

    def awaiting(self) -> SystemUseQuerySet:
        return self.exclude(awaits=None)

    def systems(self) -> SystemUseQuerySet:
        """Without the answers that there is no system."""
        return self.filter(answer=SystemUse.Answer.SYSTEM)

    def in_use(self, day: date) -> SystemUseQuerySet:
        """The systems that are there that day: what all that compares and counts is counted from.

        A municipality that in an area has only systems that are gone, or planned, has answered and has none: it counts
        in the coverage, and is neither like nor unlike the others. So what was replaced lowers no likeness.
        """
        return self.systems().filter(used_on(day))

    def of(self, collaboration: Collaboration) -> SystemUseQuerySet:
        return self.filter(inventory__municipality__in=collaboration.sharing())

    def visible_to(self, user: Any) -> SystemUseQuerySet:
        """Others see only what counts; the own people also what waits for their confirmation."""
        own = allowed(Organisation.objects.all(), user, "governance.view_organisation")
        shared = Q(awaits=None, inventory__in=Inventory.objects.visible_to(user))
        return self.filter(Q(inventory__municipality__in=own) | shared)

    def ending_soon(self, months: int = SOON_IN_MONTHS) -> SystemUseQuerySet:
        """Contracts that end from today until then (who can buy together)."""
        return self.filter(contract_end__gte=timezone.localdate(), contract_end__lte=soon(months))

    def in_order(self) -> SystemUseQuerySet:
        return self.order_by(
            "area__service_area__position",
            "area__service_area__sort_key",
            "area__position",
            "area__sort_key",
            "inventory__municipality__sort_key",
            "product__sort_key",
        )


class Phase(models.TextChoices):
    """The life of a system in a municipality, by dates (L13)."""

    PLANNED = "planned", _("planned")
    INTRODUCED = "in", _("being introduced")
    LIVE = "live", _("in use")
    PHASED_OUT = "out", _("being phased out")
    GONE = "gone", _("out of use")


@pghistory.track()
class SystemUse(models.Model):
    """A municipality's answer for one area: a system in use, or that it has none, or that the area is not relevant.

    Three kinds of empty survive: no row = not answered; «none»; «not relevant». Others in the collaboration see area,
    system, supplier and contract dates, and what else the sharing rule of the agreement says (rule 9). ``awaits`` names
    the upload on the municipality's behalf that brought the row: it counts for nothing until the municipality has
    confirmed it. ``through`` is the row of an IT collaboration that this one is a copy of: it follows that row (S7).
    Costs in NOK for a year; users in people; binding, notice, options and renewal as the contract says them.
    """

    class Answer(models.TextChoices):
        SYSTEM = "system", _("system in use")
        NONE = "none", _("no system")
        NOT_RELEVANT = "irrelevant", _("not relevant")

    class Operation(models.TextChoices):
        SUPPLIER = "supplier", _("the supplier (cloud)")
        OWN = "own", _("the municipality itself")
        OTHER = "other", _("another municipality")
        IT_COLLABORATION = "it_collab", _("an IT collaboration")

    class Hosting(models.TextChoices):
        CLOUD = "cloud", _("cloud service")
        OWN = "own", _("own server room")
        SHARED = "shared", _("common server room")

    class ContractType(models.TextChoices):
        SSA_L = "ssa_l", _("SSA-L, running services")
        SSA_SKY = "ssa_sky", _("SSA-sky, cloud services")
        SSA_V = "ssa_v", _("SSA-V, maintenance")
        SSA_D = "ssa_d", _("SSA-D, operation")
        SSA_K = "ssa_k", _("SSA-K, purchase")
        FRAMEWORK = "ramme", _("call-off from a framework agreement")
        SUPPLIER = "supplier", _("the supplier's own terms")
        OTHER = "other", _("another kind")

    class NoticeTo(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    class Criticality(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")
        CRITICAL = "critical", _("critical to life or society")

    class Availability(models.TextChoices):
        WORKING = "working", _("in working hours")
        EXTENDED = "more", _("also evenings and weekends")
        ALWAYS = "always", _("around the clock, every day (24/7/365)")

    class PersonalData(models.TextChoices):
        NONE = "none", _("none")
        PERSONAL = "personal", _("personal data")
        SENSITIVE = "sensitive", _("special categories (sensitive)")

    class Done(models.TextChoices):
        DONE = "done", _("done")
        UNDER_WAY = "underway", _("under way")
        MISSING = "missing", _("missing")
        NOT_NEEDED = "unneeded", _("not needed")

    class YesNo(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="uses")
    area = models.ForeignKey(Area, models.PROTECT, related_name="uses", verbose_name=_("area"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.SYSTEM)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="uses", verbose_name=_("system")
    )
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="uses", verbose_name=_("supplier")
    )
    contract_end = models.DateField(_("contract end"), null=True, blank=True)
    end_unknown = models.BooleanField(_("contract end not known"), default=False)
    end_running = models.BooleanField(_("runs until it is terminated"), default=False)
    release = models.CharField(_("version in use"), max_length=60, blank=True)
    operation = models.CharField(_("operated by"), max_length=10, choices=Operation, blank=True)
    operated_by = models.CharField(_("name of the operator"), max_length=200, blank=True)
    annual_cost = models.DecimalField(_("cost per year"), max_digits=12, decimal_places=2, null=True, blank=True)
    shares_cost = models.BooleanField(
        _("the others may see the cost"),
        default=False,
        help_text=_("Only where the agreement of the collaboration says that costs are shared."),
    )
    function = models.CharField(_("function"), max_length=200, blank=True)
    hosting = models.CharField(_("hosting"), max_length=8, choices=Hosting, blank=True)
    owner = models.CharField(_("system owner"), max_length=200, blank=True)
    responsible = models.CharField(_("responsible for the system"), max_length=200, blank=True)
    users = models.PositiveIntegerField(_("number of users"), null=True, blank=True)
    contract_type = models.CharField(_("kind of contract"), max_length=8, choices=ContractType, blank=True)
    concluded_on = models.DateField(_("contract concluded"), null=True, blank=True)
    binding_until = models.DateField(_("binding until"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("notice in months"), null=True, blank=True)
    notice_to = models.CharField(_("notice runs to the end of"), max_length=7, choices=NoticeTo, blank=True)
    options = models.PositiveSmallIntegerField(_("options left"), null=True, blank=True)
    option_months = models.PositiveSmallIntegerField(_("months in each option"), null=True, blank=True)
    renews_months = models.PositiveSmallIntegerField(
        _("renews itself by months"), null=True, blank=True, help_text=_("Empty if the contract ends by itself.")
    )
    criticality = models.CharField(_("how critical"), max_length=8, choices=Criticality, blank=True)
    availability = models.CharField(_("must be available"), max_length=7, choices=Availability, blank=True)
    personal_data = models.CharField(_("personal data"), max_length=9, choices=PersonalData, blank=True)
    dpia = models.CharField(_("assessment of privacy (DPIA)"), max_length=8, choices=Done, blank=True)
    processing_agreement = models.CharField(_("data processing agreement"), max_length=8, choices=Done, blank=True)
    archive_duty = models.CharField(_("archive duty"), max_length=3, choices=YesNo, blank=True)
    introduced_on = models.DateField(_("introduction begins"), null=True, blank=True)
    live_on = models.DateField(_("in use from"), null=True, blank=True)
    phased_out_on = models.DateField(_("phasing out begins"), null=True, blank=True)
    gone_on = models.DateField(_("out of use from"), null=True, blank=True)
    business_fit = models.PositiveSmallIntegerField(
        _("fits the service"), null=True, blank=True, help_text=_("1 is badly, 5 is well.")
    )
    technical_fit = models.PositiveSmallIntegerField(
        _("technically sound"), null=True, blank=True, help_text=_("1 is badly, 5 is well.")
    )
    replacement_year = models.PositiveSmallIntegerField(_("planned replaced in"), null=True, blank=True)
    planned_replacement = models.CharField(_("planned replacement"), max_length=200, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)
    same_as = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("the same as")
    )
    through = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="covered", editable=False,
        verbose_name=_("by way of an IT collaboration"),
    )  # fmt: skip
    awaits = models.ForeignKey("surveys.ImportJob", models.PROTECT, null=True, blank=True, related_name="awaiting_uses")
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = SystemUseQuerySet.as_manager()

    # Everything a person or a file says about a use; what history, import and copying compare.
    SAID = (
        "answer", "supplier_id", "contract_end", "end_unknown", "end_running", "release", "operation", "operated_by",
        "annual_cost", "shares_cost", "function", "hosting", "owner", "responsible", "users", "contract_type",
        "concluded_on", "binding_until", "notice_months", "notice_to", "options", "option_months", "renews_months",
        "criticality", "availability", "personal_data", "dpia", "processing_agreement", "archive_duty", "introduced_on",
        "live_on", "phased_out_on", "gone_on", "business_fit", "technical_fit", "replacement_year",
        "planned_replacement", "remark", "same_as_id",
    )  # fmt: skip

    class Meta:
        verbose_name = _("system in use")
        verbose_name_plural = _("systems in use")
        default_permissions = ()
        indexes = [models.Index(fields=["contract_end"], name="use_by_contract_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["inventory", "area", "product"],
                condition=Q(awaits=None),
                nulls_distinct=False,
                name="use_once_in_an_area",
                violation_error_message=_("This system is already registered in this area."),
            ),
            models.UniqueConstraint(
                fields=["inventory", "area", "product"],
                condition=Q(awaits__isnull=False),
                nulls_distinct=False,
                name="awaiting_use_once_in_an_area",
            ),
            models.UniqueConstraint(fields=["inventory", "through"], name="covered_once_in_an_inventory"),
            models.CheckConstraint(
                name="covered_use_is_a_system_that_counts",
                condition=Q(through=None) | Q(answer="system", awaits=None),
            ),
            models.CheckConstraint(
                name="use_names_its_system",
                condition=Q(answer="system", product__isnull=False)
                | Q(answer__in=["none", "irrelevant"], product=None, supplier=None),
            ),
            models.CheckConstraint(
                name="use_has_one_kind_of_end",
                condition=Q(contract_end__isnull=False, end_unknown=False, end_running=False)
                | Q(contract_end=None, end_unknown=True, end_running=False)
                | Q(contract_end=None, end_unknown=False, end_running=True)
                | Q(answer__in=["none", "irrelevant"], contract_end=None, end_unknown=False, end_running=False),
                violation_error_message=_("Give the day the contract ends, or say that it is not known."),
            ),
            models.CheckConstraint(
                name="use_operation_is_known", condition=Q(operation__in=["", "supplier", "own", "other", "it_collab"])
            ),
            models.CheckConstraint(name="use_cost_not_negative", condition=Q(annual_cost=None) | Q(annual_cost__gte=0)),
            models.CheckConstraint(
                name="use_contract_dates_in_order",
                condition=in_order("concluded_on", "binding_until", "contract_end"),
                violation_error_message=_("The contract is concluded first, then binding, and then it ends."),
            ),
            models.CheckConstraint(
                name="use_life_in_order",
                condition=in_order("introduced_on", "live_on", "phased_out_on", "gone_on"),
                violation_error_message=_("The system is introduced first, then in use, then phased out, then gone."),
            ),
            models.CheckConstraint(
                name="use_options_have_a_length",
                condition=Q(options=None) | Q(options=0) | Q(option_months__gte=1),
                violation_error_message=_("Say how many months each option lasts."),
            ),
            models.CheckConstraint(
                name="use_notice_and_renewal_within_reason",
                condition=(Q(notice_months=None) | Q(notice_months__lte=60))
                & (Q(renews_months=None) | Q(renews_months__range=(1, 120)))
                & (Q(option_months=None) | Q(option_months__range=(1, 120)))
                & (Q(options=None) | Q(options__lte=20)),
                violation_error_message=_("Notice is at most 60 months, an option and a renewal at most 120."),
            ),
            models.CheckConstraint(
                name="use_fit_from_one_to_five",
                condition=(Q(business_fit=None) | Q(business_fit__range=(1, 5)))
                & (Q(technical_fit=None) | Q(technical_fit__range=(1, 5))),
                violation_error_message=_("The fit goes from 1 to 5."),
            ),
            models.CheckConstraint(
                name="use_replacement_year_is_a_year",
                condition=Q(replacement_year=None) | Q(replacement_year__range=(2000, 2100)),
                violation_error_message=_("Write the year with four digits."),
            ),
            models.CheckConstraint(
                name="use_is_not_its_own_pattern",
                condition=(Q(same_as=None) | ~Q(same_as=F("pk"))) & (Q(through=None) | ~Q(through=F("pk"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.product or self.get_answer_display()}"

    def get_absolute_url(self) -> str:
        if self.inventory.municipality.kind == Organisation.Kind.IT_COLLABORATION:
            return reverse("it_system", args=[self.inventory.municipality_id, self.pk])
        return reverse("system", args=[self.inventory.municipality.number, self.pk])

    def phase_on(self, day: date) -> str:
        """Where the system is in its life that day: a value of Phase."""
        reached = [
            phase for phase, begins in zip(Phase, (None, self.introduced_on, self.live_on, self.phased_out_on,
            self.gone_on), strict=True) if begins and begins <= day
        ]  # fmt: skip
        if reached:
            return reached[-1]
        return Phase.PLANNED if self.introduced_on or self.live_on else Phase.LIVE

    @property
    def is_covered(self) -> bool:
        """Registered by an IT collaboration for the municipality, and changed there alone."""
        return self.through_id is not None

    @property
    def ends_soon(self) -> bool:
        return self.contract_end is not None and timezone.localdate() <= self.contract_end <= soon()

    @property
    def has_ended(self) -> bool:
        return self.contract_end is not None and self.contract_end < timezone.localdate()


@pghistory.track()
class Review(models.Model):
    """That an inventory was gone through: in the working group, or in the meeting with the IT leaders (R30, S11)."""

    class Kind(models.TextChoices):
        WORKING_GROUP = "reviewed", _("gone through in the working group")
        IT_LEADERS = "assured", _("quality-assured in a meeting with the IT leaders")

    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="reviews")
    kind = models.CharField(_("what was done"), max_length=10, choices=Kind)
    on = models.DateField(_("date"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("meeting in the portal")
    )
    meeting_name = models.CharField(_("meeting"), max_length=200, blank=True)
    present = models.CharField(_("who went through it"), max_length=300)
    registered_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("review of an inventory")
        verbose_name_plural = _("reviews of inventories")
        ordering = ["on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="review_names_its_meeting", condition=Q(meeting__isnull=False) | ~Q(meeting_name="")
            ),
            models.CheckConstraint(name="review_names_who", condition=~Q(present="")),
        ]

    def __str__(self) -> str:
        return f"{self.inventory}: {self.get_kind_display()} {self.on}"


class InventorySnapshot(models.Model):
    """An inventory as it was submitted: a frozen spreadsheet with its SHA-256 (rule 7)."""

    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="snapshots")
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="+")
    systems = models.PositiveIntegerField(_("systems"))
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    taken_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("submitted inventory")
        verbose_name_plural = _("submitted inventories")
        ordering = ["-taken_at", "-pk"]
        default_permissions = ()
        triggers = [never_changed(), never_deleted()]

    def __str__(self) -> str:
        return f"{self.inventory} {self.taken_at:%Y-%m-%d}"
