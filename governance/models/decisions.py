from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import wording


class NamedDecision(models.Model):
    """What something stands on: a resolution that the portal holds, or the words that name another decision (B15)."""

    resolution: Any = models.ForeignKey(
        "governance.Resolution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("resolution"),
    )
    decided_by = models.CharField(gettext_lazy("decided by"), max_length=200, blank=True)

    class Meta:
        abstract = True
        default_permissions: ClassVar[tuple[str, ...]] = ()

    @property
    def decision(self) -> str:
        """«Styringsgruppen, sak 12/26, 4. mai 2026»; never a title, which may be exempt (rule 8)."""
        if self.resolution is None:
            return self.decided_by
        item = self.resolution.item
        return _("%(body)s, case %(number)s, %(day)s") % {
            "body": item.meeting.body,
            "number": item.case.number or "–",
            "day": wording.day(item.meeting.day),
        }
