"""Acts that change no row of the domain: a sign-in, a refused access, an export, a look at an exempt case."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ActQuerySet(models.QuerySet["Act"]):
    def about(self, thing: models.Model) -> Self:
        return self.filter(object_type=thing._meta.label_lower, object_id=str(thing.pk))


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
    detail = models.JSONField(_("details"), default=dict)
    request = models.UUIDField(null=True)

    objects: ClassVar[Any] = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="act_by_object"),
            models.Index(fields=["-at"], name="act_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(verb=""), name="act_has_a_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}".strip()
