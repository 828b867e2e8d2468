from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from digivesteralen.documents.models import Document
from governance.models import Collaboration, locks
from portfolio.models.projects import Project


class ProjectDocumentQuerySet(models.QuerySet["ProjectDocument"]):
    def visible_to(self, user: Any) -> ProjectDocumentQuerySet:
        """Those of the projects one sees; an exempt one only for those who read what is exempt (rule 8)."""
        exempt = allowed(Collaboration.objects.all(), user, "governance.view_exempt")
        return self.filter(
            Q(access=ProjectDocument.Access.OPEN) | Q(project__collaboration__in=exempt),
            project__in=Project.objects.visible_to(user),
        )

    def newest(self) -> ProjectDocumentQuerySet:
        """The last version of each."""
        return self.filter(replaced_by=None)


@pghistory.track()
class ProjectDocument(models.Model):
    """A document of a project in one of its versions; a new version replaces the last, and both stand (D2).

    The project plan says the timeline and the financing, or it is no plan.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("project plan")
        REPORT = "report", _("report")
        TENDER = "tender", _("procurement document")
        OTHER = "other", _("other document")

    class Access(models.TextChoices):
        OPEN = "open", _("everybody in the collaboration")
        EXEMPT = "exempt", _("exempt: the secretariat and auditors")

    project = models.ForeignKey(Project, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("title"), max_length=200)
    number = models.PositiveSmallIntegerField(_("edition"), default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    dated_on = models.DateField(_("dated"))
    changed = models.CharField(_("what is new"), max_length=300, blank=True)
    timeline = models.TextField(_("timeline"), blank=True)
    financing = models.TextField(_("financing"), blank=True)
    file = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("file"))
    access = models.CharField(_("who may read it"), max_length=6, choices=Access, default=Access.OPEN)
    legal_ground = models.CharField(_("legal ground"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)

    objects = ProjectDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a project")
        verbose_name_plural = _("documents of a project")
        ordering = ["kind", "title", "-number"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="project_document_follows_the_last",
                condition=Q(number=1, replaces=None) | Q(number__gt=1, replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="project_document_says_what_is_new",
                condition=Q(number=1) | ~Q(changed=""),
                violation_error_message=_("Write what is new in this version."),
            ),
            models.CheckConstraint(
                name="project_plan_says_timeline_and_financing",
                condition=~Q(kind="plan") | (~Q(timeline="") & ~Q(financing="")),
                violation_error_message=_(
                    "A project plan says both its timeline and its financing. Write them here too."
                ),
            ),
            models.CheckConstraint(
                name="exempt_project_document_has_a_ground",
                condition=Q(access="open", legal_ground="") | (Q(access="exempt") & ~Q(legal_ground="")),
                violation_error_message=_("Name the legal ground, for example «offentleglova § 23»."),
            ),
        ]
        triggers = [locks.never_changed(), locks.never_deleted()]

    def __str__(self) -> str:
        return self.title
