"""Acts that change no row of the domain, and the chain that proves what the history said."""

from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ActQuerySet(models.QuerySet["Act"]):
    def about(self, thing: models.Model) -> Self:
        return self.filter(object_type=thing._meta.label_lower, object_id=str(thing.pk))

    def of(self, collaboration: models.Model) -> Self:
        return self.filter(collaboration=collaboration.pk)


class Act(models.Model):
    """One act. It can be added and read; the application's database role can neither change nor remove it."""

    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    verb = models.CharField(_("what"), max_length=60)
    # No foreign keys in the database: the act stands even if what it tells of is gone.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    # The collaboration it was done in, where it was done in one.
    collaboration = models.BigIntegerField(null=True, editable=False)
    # In whose name, where the person acted for somebody.
    on_behalf = models.CharField(_("on behalf of"), max_length=300, blank=True, default="", db_default="")
    detail = models.JSONField(_("details"), default=dict)
    request = models.UUIDField(null=True)

    objects: ClassVar[Any] = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="act_by_object"),
            models.Index(fields=["-at"], name="act_by_time"),
            models.Index(fields=["collaboration", "-at"], name="act_by_collaboration"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(verb=""), name="act_has_a_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}".strip()


class Link(models.Model):
    """One link of the chain (security.md T43): a day's new history, sealed together with the link before it."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    previous = models.CharField(max_length=64, blank=True)
    # For each table: its columns as they were, how many rows, and one digest over the seals.
    parts = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("link of the chain")
        verbose_name_plural = _("links of the chain")
        constraints = [
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="link_digest_is_whole"),
            models.UniqueConstraint(fields=["previous"], name="link_follows_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class Seal(models.Model):
    """The digest of one row of the history as it was when its link was made; it names the row that was altered."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="seals")
    table = models.CharField(max_length=63)
    row = models.CharField(max_length=64)
    digest = models.BinaryField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="row_is_sealed_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


@pghistory.track(exclude=["last_run_at", "last_count", "last_failed"])
class RetentionRule(models.Model):
    """How many months one kind of data is kept in this installation; without a row, what the kind itself says."""

    kind = models.CharField(_("kind of data"), max_length=40, unique=True)
    months = models.PositiveSmallIntegerField(_("kept for months"))
    version = models.PositiveIntegerField(default=1)
    last_run_at = models.DateTimeField(null=True, editable=False)
    last_count = models.PositiveIntegerField(default=0, editable=False)
    last_failed = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="retention_is_at_least_a_month",
                condition=models.Q(months__gte=1, months__lte=600),
                violation_error_message=_("Write a number of months from 1."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
