from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: Any) -> SavedFilterQuerySet:
        """One's own, and those that others share in the collaborations one sees."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user)).filter(
            Q(owner=user) | Q(shared=True)
        )


@pghistory.track()
class SavedFilter(models.Model):
    """A way of looking at the portfolio that somebody wants back, alone or together with the others."""

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="saved_filters")
    owner: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)
    shared = models.BooleanField(_("shared with all in the collaboration"), default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "owner", "name"],
                name="saved_filter_name_once",
                violation_error_message=_("You already have a filter with this name."),
            ),
            models.CheckConstraint(
                name="saved_filter_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the filter a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portfolio", args=[self.collaboration.slug]) + f"?{self.query}"
