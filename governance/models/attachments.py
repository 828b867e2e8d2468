from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pgtrigger import Delete, Insert, Update

from digivesteralen.accounts.access import containers
from digivesteralen.documents.models import Document
from governance.models.bodies import Body
from governance.models.cases import Case
from governance.models.collaborations import Collaboration
from governance.models.exemption import Exemption, exempt_today, exemption_constraints, open_today


class CaseAttachmentQuerySet(models.QuerySet["CaseAttachment"]):
    def visible_to(self, user: Any) -> CaseAttachmentQuerySet:
        """Those of the cases one sees; an exempt one only for those who read what is exempt (rule 8)."""
        exempt = containers(Collaboration, user, "governance.view_exempt")
        own = containers(Body, user, "governance.view_papers")
        return self.filter(
            open_today() | Q(case__body__collaboration__in=exempt) | Q(case__body__in=own),
            case__in=Case.objects.visible_to(user),
        )

    def exempt_today(self) -> CaseAttachmentQuerySet:
        return self.filter(exempt_today())

    def open_today(self) -> CaseAttachmentQuerySet:
        """What may follow a public version; the case it belongs to is asked for itself."""
        return self.filter(open_today())


def part_of_a_sent_case(*columns: str) -> pgtrigger.Trigger:
    """What belongs to a case that has its number is neither added, removed nor exchanged (rule 7)."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="frozen_when_sent",
        when=pgtrigger.Before,
        operation=Insert | Update | Delete,
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF ({old}) IS NOT DISTINCT FROM ({new}) THEN RETURN NEW; END IF;
            END IF;
            IF EXISTS (
                SELECT 1 FROM governance_case
                WHERE sequence IS NOT NULL
                AND id IN (COALESCE(OLD.case_id, NEW.case_id), COALESCE(NEW.case_id, OLD.case_id))
            ) THEN RAISE EXCEPTION 'The case has gone out: what belongs to it stands as it is.'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
class CaseAttachment(Exemption):
    """A file that belongs to the papers of a case, in its order; frozen when the case has gone out (rule 7)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments", verbose_name=_("case"))
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("file"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    title = models.CharField(_("title"), max_length=200)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = CaseAttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["case", "position"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "position"],
                name="attachment_has_its_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            *exemption_constraints("attachment"),
        ]
        triggers = [part_of_a_sent_case("case_id", "document_id", "position", "title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("case_attachment", args=[self.case.body.collaboration.slug, self.pk])
