"""The reports that were published when a municipality left (§7 rule 4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.models import Document
from digivesteralen.reports.models import Report
from digivesteralen.ui import wording
from governance.former_members import Line, Page, Past, Section, as_it_was


def _published(past: Past) -> models.QuerySet[Any]:
    was = as_it_was(Report, past, Report.objects.filter(collaboration=past.collaboration))
    return was.filter(state=Report.State.PUBLISHED).order_by("slug", "-edition")


def _line(event: Any) -> Line:
    return Line(event.title, str(event.edition), event.get_state_display(), timezone.localdate(event.published_at))


def _page(past: Past, event: Any) -> Page:
    facts = [(_("Published"), wording.day(event.published_at)), (_("Edition"), str(event.edition))]
    return Page(facts, documents=list(Document.objects.filter(pk=event.document_id, created_at__lt=past.before)))


SECTION = Section("rapporter", _("Reports"), _published, ("title",), _line, _page)
