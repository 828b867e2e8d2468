"""The pages every visitor may read about privacy and accessibility, in the words of this installation."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class InformationPageQuerySet(models.QuerySet["InformationPage"]):
    def published(self, page: str) -> InformationPage | None:
        """The newest edition that has been published; none before the first."""
        return self.filter(page=page).exclude(published_at=None).order_by("-edition").first()

    def draft(self, page: str) -> InformationPage | None:
        return self.filter(page=page, published_at=None).first()


@pghistory.track()
class InformationPage(models.Model):
    """One edition of a page. A published one stands as it was read (rule 7); a change is the next edition."""

    class Page(models.TextChoices):
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility statement")

    page = models.CharField(_("page"), max_length=13, choices=Page)
    edition = models.PositiveSmallIntegerField(_("edition"))
    text = models.TextField(_("text"))
    text_en = models.TextField(_("text in English"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = InformationPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of information")
        verbose_name_plural = _("pages of information")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["page", "edition"], name="information_page_edition_once"),
            models.UniqueConstraint(
                fields=["page"], condition=Q(published_at=None), name="information_page_has_one_draft"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_page_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_page_display()} {self.edition}"

    @property
    def words(self) -> str:
        """In the reader's language, where it is written."""
        return self.text_en if get_language() == "en" and self.text_en else self.text
