from __future__ import annotations

from decimal import Decimal

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portfolio.models.candidates import Candidate
from portfolio.models.criteria import CriteriaSet, Criterion

LEAST, MOST = 1, 5
SCORED_BY_ITS_OWN_EDITION = """
    IF NOT EXISTS (
        SELECT 1 FROM portfolio_criterion criterion
        JOIN portfolio_criteriaset edition ON edition.id = criterion.edition_id
        JOIN portfolio_assessment assessment ON assessment.edition_id = edition.id
        WHERE criterion.id = NEW.criterion_id AND assessment.id = NEW.assessment_id AND edition.adopted_on IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A score is given by a criterion of an edition in use.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class Assessment(models.Model):
    """How one candidate is scored by one edition of the criteria, and what is added or taken away by hand (D16)."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="assessments")
    edition = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="assessments")
    adjustment = models.DecimalField(_("adjusted by hand"), max_digits=3, decimal_places=2, default=Decimal(0))
    comment = models.TextField(_("why it is adjusted"), blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("assessment")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["candidate", "edition"], name="assessment_once"),
            models.CheckConstraint(
                name="assessment_adjusted_with_a_comment",
                condition=Q(adjustment=0) | ~Q(comment=""),
                violation_error_message=_("Write why the points are adjusted by hand."),
            ),
            models.CheckConstraint(
                name="assessment_adjusted_within_the_scale",
                condition=Q(adjustment__gte=-MOST, adjustment__lte=MOST),
                violation_error_message=_("The points can be adjusted by at most 5, up or down."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}, {self.edition}"


@pghistory.track()
class Score(models.Model):
    """From 1 to 5 by one criterion; 5 is always best, for risk that is a low risk."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(_("points"))
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("score")
        ordering = ["criterion__position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once_a_criterion"),
            models.CheckConstraint(
                name="score_from_one_to_five",
                condition=Q(value__gte=LEAST, value__lte=MOST),
                violation_error_message=_("Points are given from 1 to 5."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="scored_by_its_own_edition", when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update, func=SCORED_BY_ITS_OWN_EDITION,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
