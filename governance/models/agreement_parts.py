from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models.agreements import YES, Agreement, SectionKind
from governance.models.organisations import Organisation

FROZEN = """
    IF EXISTS (
        SELECT 1 FROM governance_agreement WHERE state <> 'draft'
        AND id IN (COALESCE(OLD.agreement_id, NEW.agreement_id), COALESCE(NEW.agreement_id, OLD.agreement_id))
    ) THEN RAISE EXCEPTION 'The agreement has been sent and is frozen.'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

# The value is a part of what was sent, and nobody is written out of it; who joins later brings its own.
PARTY_STAYS = """
    IF EXISTS (SELECT 1 FROM governance_agreement WHERE id = OLD.agreement_id AND state <> 'draft') THEN
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'The agreement has been sent: a party leaves by its own decision.';
        ELSIF (OLD.agreement_id, OLD.organisation_id, OLD.value) IS DISTINCT FROM
            (NEW.agreement_id, NEW.organisation_id, NEW.value) THEN
            RAISE EXCEPTION 'The agreement has been sent and is frozen.';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

# A party leaves by its own decision, made after it joined; nobody else writes a last day (rule 1).
LEAVES_BY_ITSELF = f"""
    IF NEW.left_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM governance_adoption gone
        JOIN governance_agreement mine
            ON mine.id = NEW.agreement_id AND COALESCE(mine.first_id, mine.id) = gone.leaves_id
        JOIN governance_agreement version ON COALESCE(version.first_id, version.id) = gone.leaves_id
        JOIN governance_adoption joined ON joined.agreement_id = version.id
            AND joined.organisation_id = gone.organisation_id AND joined.state IN {YES.format("joined")}
        WHERE gone.organisation_id = NEW.organisation_id AND gone.state IN {YES.format("gone")}
        AND joined.decided_on <= gone.decided_on AND gone.decided_on <= NEW.left_on
    ) THEN RAISE EXCEPTION 'A party leaves by its own decision, after it has joined.'; END IF;
    RETURN NEW;
"""


def frozen() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="frozen_when_sent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FROZEN,
    )


@pghistory.track()
class AgreementSection(models.Model):
    """A numbered clause; up to eight of them are the sections an agreement has (R14).

    ``meets`` names the points of the form's checklist that it settles; a section meets the point of its own kind.
    """

    Kind = SectionKind

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="sections")
    kind = models.CharField(_("section"), max_length=12, choices=Kind, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), null=True, blank=True)
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    meets = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("settles"))
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version before")
    )

    class Meta:
        verbose_name = _("clause")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "kind"], condition=~Q(kind=""), name="agreement_section_once"),
            models.CheckConstraint(name="agreement_section_has_a_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="agreement_clause_has_a_heading",
                condition=~Q(kind="") | ~Q(heading=""),
                violation_error_message=_("Write a heading."),
            ),
        ]
        triggers: ClassVar = [frozen()]

    def __str__(self) -> str:
        return self.heading or self.get_kind_display()

    @property
    def order(self) -> tuple[int, int]:
        """Its place; a section that was never moved stands where its kind does."""
        if self.position is not None:
            return self.position, self.pk
        return 10 * (SectionKind.values.index(self.kind) + 1) if self.kind else 1000, self.pk

    @property
    def points(self) -> set[str]:
        return {*self.meets, self.kind} - {""}


@pghistory.track()
class AgreementParty(models.Model):
    """An organisation invited to the agreement, and the value it has for exactly that party (R14, L2)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements")
    value = models.TextField(_("value for this municipality"), blank=True)
    agreed_last_day = models.DateField(_("last day, if agreed otherwise"), null=True, blank=True)
    left_on = models.DateField(_("last day as a party"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("party to the agreement")
        ordering: ClassVar = ["organisation__sort_key"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["agreement", "organisation"], name="party_once")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_when_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=PARTY_STAYS,
            ),
            pgtrigger.Trigger(
                name="leaves_by_itself",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=LEAVES_BY_ITSELF,
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


@pghistory.track()
class Obligation(models.Model):
    """What the agreement expects of a party: who, what, when (R15); governing binds all, projects are joined (R8)."""

    class Kind(models.TextChoices):
        GOVERNING = "governing", _("taking part in the governing: all parties")
        PROJECT = "project", _("taking part in a project: those who join it")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="obligations")
    kind = models.CharField(_("commitment"), max_length=10, choices=Kind, default=Kind.GOVERNING)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("party")
    )
    text = models.TextField(_("what"))
    due = models.CharField(_("when"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("obligation")
        ordering: ClassVar = ["kind", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar = [models.CheckConstraint(name="obligation_says_what", condition=~Q(text=""))]
        triggers: ClassVar = [frozen()]

    def __str__(self) -> str:
        return f"{self.who}: {self.text}"

    @property
    def who(self) -> str:
        if self.organisation_id:
            return str(self.organisation)
        return str(_("All parties") if self.kind == self.Kind.GOVERNING else _("Those who take part in the project"))
