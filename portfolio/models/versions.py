from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Case, Collaboration, Opinion, Organisation, Person
from portfolio.models.projects import Project

# An approved version is what the steering group approved: its rows can't be added to, changed or removed (rule 7).
FROZEN_ROWS = """
    IF EXISTS (
        SELECT 1 FROM portfolio_portfolioversion
        WHERE id IN ({ids}) AND state <> 'laid'
    ) THEN
        RAISE EXCEPTION 'The portfolio version is closed; make a new one.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN {row};
"""


def frozen_with_its_version() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="closed_to_new_rows", when=pgtrigger.Before, operation=pgtrigger.Insert,
            func=FROZEN_ROWS.format(ids="NEW.version_id", row="NEW"),
        ),
        pgtrigger.Trigger(
            name="closed_to_changes", when=pgtrigger.Before, operation=pgtrigger.Update,
            func=FROZEN_ROWS.format(ids="OLD.version_id, NEW.version_id", row="NEW"),
        ),
        pgtrigger.Trigger(
            name="closed_to_removal", when=pgtrigger.Before, operation=pgtrigger.Delete,
            func=FROZEN_ROWS.format(ids="OLD.version_id", row="OLD"),
        ),
    ]  # fmt: skip


class PortfolioVersionQuerySet(models.QuerySet["PortfolioVersion"]):
    def visible_to(self, user: Any) -> PortfolioVersionQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def laid(self) -> PortfolioVersionQuerySet:
        return self.filter(state=PortfolioVersion.State.LAID)

    def approved(self) -> PortfolioVersionQuerySet:
        return self.filter(state=PortfolioVersion.State.APPROVED).order_by("-number")


@pghistory.track()
class PortfolioVersion(models.Model):
    """A numbered list of projects in order, laid before the steering group: laid → approved (frozen) | not_adopted."""

    class State(models.TextChoices):
        LAID = "laid", _("laid before the steering group")
        APPROVED = "approved", _("approved")
        NOT_ADOPTED = "not_adopted", _("not adopted")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="portfolio_versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.LAID)
    case = models.OneToOneField(Case, models.PROTECT, related_name="portfolio_version")
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    treated = models.JSONField(_("how it was treated, and who said what"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)

    objects = PortfolioVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("portfolio version")
        verbose_name_plural = _("portfolio versions")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="portfolio_version_once"),
            models.UniqueConstraint(
                fields=["collaboration"], condition=Q(state="laid"), name="portfolio_laid_one_at_a_time"
            ),
            models.CheckConstraint(
                name="portfolio_closed_has_a_moment",
                condition=Q(state="laid", frozen_at=None, treated=None)
                | (~Q(state="laid") & Q(frozen_at__isnull=False, treated__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_is_closed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="laid"),
            )
        ]

    def __str__(self) -> str:
        return str(_("Portfolio, version %(number)s")) % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("portfolio_version", args=[self.collaboration.slug, self.number])


@pghistory.track()
class PortfolioItem(models.Model):
    """A project's place in a version: as it was laid, and as it stood when the version was closed."""

    version = models.ForeignKey(PortfolioVersion, models.PROTECT, related_name="items")
    project = models.ForeignKey(Project, models.PROTECT, related_name="portfolio_items")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    laid = models.JSONField(_("as it was laid"), default=dict)
    frozen = models.JSONField(_("as it stood when the version was closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("project in a version of the portfolio")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "project"], name="portfolio_project_once"),
            models.UniqueConstraint(fields=["version", "position"], name="portfolio_place_once"),
        ]
        triggers = frozen_with_its_version()

    def __str__(self) -> str:
        return f"{self.position}. {self.project}"

    @property
    def facts(self) -> dict[str, Any]:
        """What is shown of the project here: frozen when the version is closed, else as laid."""
        facts: dict[str, Any] = self.frozen or self.laid
        return facts


@pghistory.track()
class ProjectOpinion(models.Model):
    """«Ditt syn i styringsgruppen» on one project of a laid portfolio; no decision of the municipality (rule 1)."""

    version = models.ForeignKey(PortfolioVersion, models.PROTECT, related_name="project_opinions")
    item = models.ForeignKey(PortfolioItem, models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="project_opinions")
    stance = models.CharField(_("your view"), max_length=12, choices=Opinion.Stance)
    text = models.TextField(_("remark"), blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="project_opinions")
    given_at = models.DateTimeField(_("given"), auto_now=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("view on a project")
        ordering = ["item__position", "organisation__sort_key"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "organisation"], name="project_opinion_once_a_municipality"),
            models.CheckConstraint(
                name="project_opinion_with_remark_has_one",
                condition=Q(stance="supports") | ~Q(text=""),
                violation_error_message=_("Write a remark when you do more than support."),
            ),
        ]
        triggers = frozen_with_its_version()

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_stance_display()}"
