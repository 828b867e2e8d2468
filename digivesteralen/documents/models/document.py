"""A file as it was at one moment, with its proof."""

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

models.CharField.register_lookup(Length)


class DocumentQuerySet(models.QuerySet["Document"]):
    def of(self, kind: str, subject: Any) -> "DocumentQuerySet":
        return self.filter(kind=kind, subject=str(subject))

    def newest_first(self) -> "DocumentQuerySet":
        return self.order_by("-version")

    def latest_version(self) -> "Document | None":
        return self.newest_first().first()


@pghistory.track()
class Document(models.Model):
    """One version of one file that is kept: minutes that were sent, a report, an extract that somebody uploaded.

    Nobody changes or deletes a row; a correction is the next version, with its reason. Only the content of an
    uploaded file that held personal data may be taken away when its time is over (``erased_at``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    subject = models.CharField(_("about"), max_length=80)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=300)
    file = models.FileField(_("file"), max_length=200)
    file_name = models.CharField(_("file name"), max_length=160)
    mime = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_from = models.JSONField(_("made from"), default=dict, blank=True)
    reason = models.CharField(_("reason for this version"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    erased_at = models.DateTimeField(_("content deleted"), null=True, blank=True)

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "version"], name="document_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="document_version_from_one"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="document_sha256_is_whole"),
            models.CheckConstraint(condition=~Q(file="") & ~Q(file_name=""), name="document_has_a_file"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="frozen", exclude=["erased_at"]),
            pgtrigger.Protect(
                name="erased_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__erased_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])

    @property
    def stored_name(self) -> str:
        """What the file is called in the storage; nobody else needs to know."""
        return str(self.file.name)

    @property
    def is_pdf(self) -> bool:
        return self.mime == "application/pdf"
