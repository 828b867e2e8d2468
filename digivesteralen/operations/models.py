"""What the portal does by itself, and how it went last time."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RegularWork(models.Model):
    """One piece of work that beat or an administrator starts again and again: the sweep, reminders, the backup."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    done_at = models.DateTimeField(_("last done without a fault"), null=True, blank=True)
    fault = models.CharField(_("number of the fault in the log"), max_length=8, blank=True, db_default="", default="")

    objects: ClassVar[Any] = models.Manager["RegularWork"]()

    class Meta:
        verbose_name = _("regular work")
        verbose_name_plural = _("regular work")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="regular_work_has_a_name"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="regular_work_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def went_well(self) -> bool:
        return not self.fault
