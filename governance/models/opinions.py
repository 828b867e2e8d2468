from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.cases import Case
from governance.models.organisations import Organisation
from governance.models.people import Person


@pghistory.track()
class Opinion(models.Model):
    """«Ditt syn i styringsgruppen»: what a director says in the body; no decision of the municipality."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        WITH_REMARK = "with_remark", _("supports with a remark")
        AGAINST = "against", _("does not support")
        STUDY = "study", _("wants it studied")

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="opinions")
    stance = models.CharField(_("your view"), max_length=12, choices=Stance)
    text = models.TextField(_("remark"), blank=True)
    # Asked where every member must agree to the form too (an elected body between meetings); else unknown.
    accepts_writing = models.BooleanField(_("agrees to written treatment"), null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="opinions")
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("view on a case")
        ordering = ["organisation__sort_key"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="opinion_once_a_municipality"),
            models.CheckConstraint(
                name="opinion_with_remark_has_one",
                condition=Q(stance="supports") | ~Q(text=""),
                violation_error_message=_("Write a remark when you do more than support."),
            ),
        ]
        triggers = [locks.answers_of_a_closed_treatment()]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_stance_display()}"
