from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Collaboration, Organisation

# An uploaded file holds names, prices and remarks. A year is kept, so that next year's round can be compared with what
# was sent in and an import can be taken back; longer than that nobody needs the cells, since what was written stands.
KEPT_FOR_MONTHS = 12


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: Any) -> ImportJobQuerySet:
        """The log: what was imported in the collaborations that the user may see."""
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def asked_by(self, user: Any) -> ImportJobQuerySet:
        """Only the one who uploaded a file goes on with it."""
        return self.filter(asked_by=user)

    def newest_first(self) -> ImportJobQuerySet:
        return self.order_by("-asked_at", "-pk")

    def left_behind(self) -> ImportJobQuerySet:
        """Being written, they say; but the work was given up or stopped, so that nothing was."""
        return self.filter(state=ImportJob.State.APPLYING, work__state__in=["failed", "cancelled"])

    def to_erase(self, today: date) -> ImportJobQuerySet:
        """Whose file and cells have been kept as long as they may be."""
        return self.filter(erase_on__lte=today, erased_at=None).exclude(state=ImportJob.State.APPLYING)

    def same_file(self, job: ImportJob) -> ImportJobQuerySet:
        """Earlier imports of exactly this file, about the same."""
        same = self.filter(kind=job.kind, collaboration=job.collaboration_id, fingerprint=job.fingerprint)
        same = same.filter(municipality=job.municipality_id, subject=job.subject, state=ImportJob.State.APPLIED)
        return same.exclude(pk=job.pk).order_by("-applied_at")


class MappingProfileQuerySet(models.QuerySet["MappingProfile"]):
    def for_import(self, job: ImportJob) -> MappingProfileQuerySet:
        """What this collaboration remembers of files of this kind."""
        return self.filter(collaboration=job.collaboration_id, kind=job.kind)

    def newest(self) -> MappingProfileQuerySet:
        """Of each name the version that counts."""
        one = ("collaboration_id", "kind", "name")
        return self.order_by(*one, "-version").distinct(*one)


@pghistory.track()
class MappingProfile(models.Model):
    """Which header of a spreadsheet means what, remembered for the next file of its form (surveys.md 6).

    ``columns`` holds field by plain header. A changed one is a new version; an import keeps the one it used.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="mapping_profiles")
    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveIntegerField(_("version"), default=1)
    columns = models.JSONField(_("connected columns"), default=dict)
    saved_at = models.DateTimeField(_("saved"), db_default=Now(), editable=False)
    saved_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = MappingProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        ordering = ["name", "-version"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "kind", "name", "version"], name="mapping_profile_version_once"
            ),
            models.CheckConstraint(name="mapping_profile_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["columns"])
class ImportJob(models.Model):
    """A spreadsheet on its way into the portal; nothing is written before somebody has seen what it would do (S12).

    uploaded    read -> read (columns proposed) · refuse -> refused (with the sentence why)
    read        check -> previewed (after the columns are confirmed) · cancel -> cancelled
    previewed   apply -> applied · check -> previewed (other columns, or the data changed) · cancel -> cancelled
    previewed   ask to apply -> applying (a worker writes) -> applied · previewed again with an error if it could not
    applied     undo -> undone, while nothing newer has touched the rows

    ``kind`` names an entry of ``surveys.import_kinds``; ``basis`` is what the data looked like when it was checked.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("being read")
        READ = "read", _("columns to be connected")
        PREVIEWED = "previewed", _("ready to look over")
        APPLYING = "applying", _("being written")
        APPLIED = "applied", _("imported")
        REFUSED = "refused", _("not readable")
        CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")
        UNDONE = "undone", _("undone")

    class Layout(models.TextChoices):
        LONG = "long", _("one row for each system")
        WIDE = "wide", _("one column for each municipality")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    subject = models.CharField(_("about"), max_length=80, blank=True)
    collaboration = models.ForeignKey(
        Collaboration, models.PROTECT, related_name="imports", verbose_name=_("collaboration")
    )
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("municipality")
    )
    on_behalf = models.BooleanField(_("on behalf of the municipality"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    layout = models.CharField(_("form of the sheet"), max_length=4, choices=Layout, default=Layout.LONG)
    file = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    file_name = models.CharField(_("file name"), max_length=160)
    fingerprint = models.CharField(_("SHA-256"), max_length=64)
    work = models.ForeignKey("documents.Job", models.PROTECT, null=True, blank=True, related_name="+")
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    columns = models.JSONField(_("columns of the file"), default=list, blank=True)
    mapping = models.JSONField(_("connected columns"), default=dict, blank=True)
    profile = models.ForeignKey(
        "surveys.MappingProfile", models.PROTECT, null=True, blank=True, related_name="jobs",
        verbose_name=_("remembered columns"),
    )  # fmt: skip
    notes = models.JSONField(_("remarks to the file"), default=list, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    basis = models.JSONField(default=dict, blank=True)
    error = models.CharField(_("what went wrong"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("uploaded"), db_default=Now(), editable=False)
    asked_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    applied_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    # The file and the cells as they stood hold personal data: they go on this day, the counts and the history stay.
    erase_on = models.DateField(_("file and cells are erased"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        indexes = [models.Index(fields=["collaboration", "-asked_at"], name="imports_of_collaboration")]
        constraints = [
            models.CheckConstraint(
                name="import_state_is_known",
                condition=Q(
                    state__in=["uploaded", "read", "previewed", "applying", "applied", "refused", "cancelled", "undone"]
                ),
            ),
            models.CheckConstraint(
                name="import_applied_has_its_time",
                condition=Q(state__in=["applied", "undone"], applied_at__isnull=False)
                | (~Q(state__in=["applied", "undone"]) & Q(applied_at=None)),
            ),
            models.CheckConstraint(
                name="import_undone_has_its_time",
                condition=Q(state="undone", undone_at__isnull=False) | (~Q(state="undone") & Q(undone_at=None)),
            ),
            models.CheckConstraint(
                name="import_refused_says_why", condition=Q(state="refused") & ~Q(error="") | ~Q(state="refused")
            ),
            models.CheckConstraint(
                name="import_fingerprint_is_whole", condition=Q(fingerprint__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="import_erased_is_at_rest",
                condition=Q(erased_at=None) | Q(state__in=["applied", "refused", "cancelled", "undone"]),
            ),
            models.CheckConstraint(
                name="import_on_behalf_of_somebody",
                condition=Q(on_behalf=False) | Q(municipality__isnull=False) | Q(layout="wide"),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.collaboration.slug, self.pk])

    @property
    def can_be_applied(self) -> bool:
        return self.state == self.State.PREVIEWED and not self.error and bool(self.changes)

    @property
    def can_be_undone(self) -> bool:
        """As long as the cells are kept: they say what stood there before."""
        return self.state == self.State.APPLIED and self.erased_at is None

    @property
    def changes(self) -> int:
        """How many rows would be, or were, written."""
        return int(self.counts.get("new", 0)) + int(self.counts.get("changed", 0))

    @property
    def left_out(self) -> int:
        """How many rows would not be, or were not, written: with errors, or waiting for a name."""
        return int(self.counts.get("errors", 0)) + int(self.counts.get("waiting", 0))


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def errors(self) -> ImportRowQuerySet:
        return self.filter(verdict=ImportRow.Verdict.ERROR)

    def left_out(self) -> ImportRowQuerySet:
        """What is not written: rows with errors, and rows whose name nobody has decided."""
        return self.filter(verdict__in=[ImportRow.Verdict.ERROR, ImportRow.Verdict.WAITING])

    def to_write(self) -> ImportRowQuerySet:
        return self.filter(verdict__in=[ImportRow.Verdict.NEW, ImportRow.Verdict.CHANGED])

    def in_order(self) -> ImportRowQuerySet:
        return self.order_by("pk")


class ImportRow(models.Model):
    """One row of an uploaded sheet as it stood, with what the check found, so that a figure leads back to its cell.

    ``raw`` holds the cells by address, ``values`` what will be written, ``target`` where, ``before`` what stood there.
    No history is kept of it: it is working data that each check makes anew.
    """

    class Verdict(models.TextChoices):
        UNCHECKED = "", _("not checked")
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        WAITING = "waiting", _("waits for its name")
        ERROR = "error", _("error")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows")
    sheet = models.CharField(_("sheet"), max_length=100)
    number = models.PositiveIntegerField(_("row"))
    part = models.CharField(_("column"), max_length=12, blank=True)
    raw = models.JSONField(_("cells"), default=dict)
    verdict = models.CharField(_("result"), max_length=9, choices=Verdict, blank=True, default="")
    messages = models.JSONField(_("messages"), default=list, blank=True)
    values = models.JSONField(_("values"), default=dict, blank=True)
    target = models.UUIDField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        default_permissions = ()
        indexes = [models.Index(fields=["job", "verdict", "id"], name="import_rows_by_verdict")]
        constraints = [
            models.UniqueConstraint(fields=["job", "sheet", "number", "part"], name="import_row_once"),
            models.CheckConstraint(
                name="import_row_verdict_is_known",
                condition=Q(verdict__in=["", "new", "changed", "unchanged", "waiting", "error"]),
            ),
            models.CheckConstraint(name="import_row_error_says_why", condition=~Q(verdict="error") | ~Q(messages=[])),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}{self.part}"
