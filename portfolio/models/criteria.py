from __future__ import annotations

from decimal import Decimal

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Collaboration, Resolution

WHOLE = Decimal(100)

# Weights of a set in use make a whole; tried when the transaction ends.
WEIGHTS_ADD_UP = """
    IF (SELECT adopted_on FROM portfolio_criteriaset WHERE id = NEW.id) IS NOT NULL
        AND (SELECT COALESCE(sum(weight), 0) FROM portfolio_criterion WHERE edition_id = NEW.id) <> 100
    THEN
        RAISE EXCEPTION 'The weights do not add up to 100.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
# What was adopted is what was adopted: its criteria can't be added to, changed or removed.
FROZEN_WITH_ITS_EDITION = """
    IF EXISTS (SELECT 1 FROM portfolio_criteriaset WHERE id IN ({ids}) AND adopted_on IS NOT NULL) THEN
        RAISE EXCEPTION 'The criteria are in use; make a new edition.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN {row};
"""


class CriteriaSetQuerySet(models.QuerySet["CriteriaSet"]):
    def in_force(self) -> CriteriaSet | None:
        """The newest that is in use; earlier ones stay with the scores that were given by them."""
        return self.exclude(adopted_on=None).order_by("-number").first()

    def drafts(self) -> CriteriaSetQuerySet:
        return self.filter(adopted_on=None)


@pghistory.track()
class CriteriaSet(models.Model):
    """One edition of what candidates are scored by, with weights that make 100: draft → in use (frozen)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="criteria_sets")
    number = models.PositiveSmallIntegerField(_("edition"))
    adopted_on = models.DateField(_("in use from"), null=True, blank=True)
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="criteria_sets", verbose_name=_("decided in")
    )
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("criteria")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="criteria_edition_once"),
            models.UniqueConstraint(
                fields=["collaboration"], condition=Q(adopted_on=None), name="criteria_one_draft",
                violation_error_message=_("There is a draft of the criteria already. Change that one."),
            ),
            models.CheckConstraint(
                name="criteria_draft_is_decided_by_nobody",
                condition=Q(adopted_on__isnull=False) | Q(resolution=None, decided_by=""),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="weights_add_up", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred, func=WEIGHTS_ADD_UP,
            ),
            pgtrigger.Protect(
                name="adopted_is_adopted", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__adopted_on__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(_("Criteria, edition %(number)s")) % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("criteria", args=[self.collaboration.slug])

    @property
    def is_draft(self) -> bool:
        return self.adopted_on is None


@pghistory.track()
class Criterion(models.Model):
    """One thing candidates are scored by, 1 to 5, with how much of the whole it weighs."""

    edition = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    name = models.CharField(_("criterion"), max_length=120)
    text = models.CharField(_("what the points mean"), max_length=300, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("criterion")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "position"], name="criterion_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["edition", "name"], name="criterion_name_once"),
            models.CheckConstraint(
                name="criterion_weighs_something",
                condition=Q(weight__gt=0, weight__lte=WHOLE),
                violation_error_message=_("A weight is more than 0 and at most 100."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_to_new", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func=FROZEN_WITH_ITS_EDITION.format(ids="NEW.edition_id", row="NEW"),
            ),
            pgtrigger.Trigger(
                name="frozen_to_change", when=pgtrigger.Before, operation=pgtrigger.Update,
                func=FROZEN_WITH_ITS_EDITION.format(ids="OLD.edition_id, NEW.edition_id", row="NEW"),
            ),
            pgtrigger.Trigger(
                name="frozen_to_removal", when=pgtrigger.Before, operation=pgtrigger.Delete,
                func=FROZEN_WITH_ITS_EDITION.format(ids="OLD.edition_id", row="OLD"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
