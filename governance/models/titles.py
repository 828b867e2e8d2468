from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.collaborations import Collaboration
from governance.models.people import Role


@pghistory.track()
class RoleTitle(models.Model):
    """What a role is called from a day: «rådmann», later «kommunedirektør». Titles are data (B25)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="titles")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    title = models.CharField(_("title"), max_length=100)
    since = models.DateField(_("from"))

    class Meta:
        verbose_name = _("title")
        verbose_name_plural = _("titles")
        ordering = ["role", "since"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "role", "since"],
                name="role_title_once_a_day",
                violation_error_message=_("The role got a title that day already."),
            )
        ]

    def __str__(self) -> str:
        return self.title
