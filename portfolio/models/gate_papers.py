from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from digivesteralen.documents.models import Document
from governance.models import Adoption, Collaboration, locks
from portfolio.gate_rules import Words
from portfolio.models import gate_locks
from portfolio.models.gates import Gate
from portfolio.models.participation import Participation
from portfolio.models.project_documents import ProjectDocument


class GateDocumentQuerySet(models.QuerySet["GateDocument"]):
    def visible_to(self, user: Any) -> GateDocumentQuerySet:
        """An exempt one only for those who read what is exempt (rule 8)."""
        exempt = allowed(Collaboration.objects.all(), user, "governance.view_exempt")
        return self.filter(
            Q(access=ProjectDocument.Access.OPEN) | Q(gate__project__collaboration__in=exempt),
            gate__in=Gate.objects.visible_to(user),
        )


@pghistory.track()
class GateDocument(models.Model):
    """A decision document of a gate: attached as a file, or named with where it lies (D13)."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="documents")
    key = models.SlugField(_("kind of document"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    named = models.CharField(
        _("title and where it lies"), max_length=300, blank=True,
        help_text=_("For example the case number in the archive."),
    )  # fmt: skip
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    access = models.CharField(
        _("who may read it"), max_length=6, choices=ProjectDocument.Access, default=ProjectDocument.Access.OPEN
    )
    legal_ground = models.CharField(_("legal ground"), max_length=200, blank=True)

    objects = GateDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision document")
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["gate", "key"], name="gate_document_once"),
            models.CheckConstraint(
                name="exempt_gate_document_has_a_ground",
                condition=Q(access="open", legal_ground="") | (Q(access="exempt") & ~Q(legal_ground="")),
                violation_error_message=_("Name the legal ground, for example «offentleglova § 23»."),
            ),
        ]
        triggers = [gate_locks.part_of_a_decided_gate()]

    def __str__(self) -> str:
        return str(self.kind)

    @property
    def kind(self) -> Words | str:
        return next((one for one in self.gate.rule.documents if one.key == self.key), self.key)

    @property
    def is_there(self) -> bool:
        return bool(self.named) or self.document_id is not None

    @property
    def is_exempt(self) -> bool:
        return self.access == ProjectDocument.Access.EXEMPT

    @property
    def told(self) -> str:
        """As it stands in papers that all read: of an exempt one its legal ground alone (rule 8)."""
        if self.is_exempt:
            return self.legal_ground
        return self.named or (self.document.title if self.document else "")


@pghistory.track()
class GateVersion(models.Model):
    """A row of the version table on the front page: version, day, change, producer, approved (D13)."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="versions")
    number = models.CharField(_("version"), max_length=20)
    on = models.DateField(_("date"))
    change = models.CharField(_("change"), max_length=300)
    producer = models.CharField(_("producer"), max_length=200, blank=True)
    approved = models.CharField(_("approved by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("version of the decision document")
        ordering = ["on", "pk"]
        default_permissions = ()
        triggers = [gate_locks.part_of_a_decided_gate()]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class GateReceiver(models.Model):
    """A row of the distribution table on the front page: who got it, and when (D13)."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="receivers")
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role or organisation"), max_length=200, blank=True)
    sent_on = models.DateField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("receiver")
        ordering = ["pk"]
        default_permissions = ()
        triggers = [gate_locks.part_of_a_decided_gate()]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class GateAnswer(models.Model):
    """«Deltar vi videre?»: one municipality's own decision at a gate; silence is no yes and stops nobody (rule 1)."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="answers")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="gate_answers")
    adoption = models.OneToOneField(Adoption, models.PROTECT, related_name="gate_answer")

    class Meta:
        verbose_name = _("answer of a municipality at a gate")
        ordering = ["participation__organisation__sort_key"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["gate", "participation"], name="gate_asks_each_once"),
        ]
        triggers = [gate_locks.asks_its_own(), locks.never_changed(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.gate}: {self.participation}"
