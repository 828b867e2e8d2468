from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.cases import Case
from governance.models.collaborations import Collaboration


class CaseDraftQuerySet(models.QuerySet["CaseDraft"]):
    def visible_to(self, user: Any) -> CaseDraftQuerySet:
        """What a person is writing is that person's own until it is saved."""
        return self.filter(user=user)

    def of(self, collaboration: Collaboration, case: Case | None) -> CaseDraft | None:
        return self.filter(collaboration=collaboration, case=case).first()


class CaseDraft(models.Model):
    """What somebody is writing in the form of a case and has not saved; for a new case it belongs to no case yet."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="drafts")
    texts = models.JSONField(_("what is written"), default=dict)
    # The version of the case that the person began to change.
    based_on = models.PositiveIntegerField(null=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    objects = CaseDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a case")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "collaboration", "case"], nulls_distinct=False, name="case_draft_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.case or self.collaboration}"
