from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import Collaboration, Meeting, Organisation
from surveys.models.catalogue import Area, Product, Supplier

SOON_IN_MONTHS = 18


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
        return self.filter(municipality__in=Organisation.objects.visible_to(user))

    def of(self, collaboration: Collaboration) -> InventoryQuerySet:
        return self.filter(municipality__in=collaboration.members())

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
        return reverse("inventory", args=[self.municipality.number])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class SystemUseQuerySet(models.QuerySet["SystemUse"]):
    def counted(self) -> SystemUseQuerySet:
        """What the municipality itself stands for: without uploads on its behalf that it has not confirmed (rule 9)."""
        return self.filter(awaits=None)

    def awaiting(self) -> SystemUseQuerySet:
        return self.exclude(awaits=None)

    def systems(self) -> SystemUseQuerySet:
        """Without the answers that there is no system."""
        return self.filter(answer=SystemUse.Answer.SYSTEM)

    def of(self, collaboration: Collaboration) -> SystemUseQuerySet:
        return self.filter(inventory__municipality__in=collaboration.members())

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


@pghistory.track()
class SystemUse(models.Model):
    """A municipality's answer for one area: a system in use, or that it has none, or that the area is not relevant.

    Three kinds of empty survive: no row = not answered; «none»; «not relevant». Others in the collaboration see area,
    system, supplier and contract end, never the rest (rule 9). ``awaits`` names the upload on the municipality's behalf
    that brought the row: it counts for nothing until the municipality has confirmed it.
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
    planned_replacement = models.CharField(_("planned replacement"), max_length=200, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)
    awaits = models.ForeignKey("surveys.ImportJob", models.PROTECT, null=True, blank=True, related_name="awaiting_uses")
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = SystemUseQuerySet.as_manager()

    # Everything a person or a file says about a use; what history, import and copying compare.
    SAID = (
        "answer", "supplier_id", "contract_end", "end_unknown", "end_running", "release", "operation",
        "operated_by", "annual_cost", "planned_replacement", "remark",
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
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.product or self.get_answer_display()}"

    def get_absolute_url(self) -> str:
        return reverse("system", args=[self.inventory.municipality.number, self.pk])

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

    def __str__(self) -> str:
        return f"{self.inventory} {self.taken_at:%Y-%m-%d}"
