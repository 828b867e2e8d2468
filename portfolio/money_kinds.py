"""What money and hours attach to the floors below: the import of hours, its files, and the words of its acts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.audit import wording
from digivesteralen.documents import registry
from portfolio import effort_import
from portfolio.actions import effort_import as actions
from surveys import import_kinds
from surveys.models import ImportJob

OWN_FILE, FILE = "portfolio.effort_file_own", "portfolio.effort_file"


def collaboration_of(subject: str) -> Any:
    return ImportJob.objects.select_related("collaboration").get(pk=subject).collaboration


def municipality_of(subject: str) -> Any:
    return ImportJob.objects.exclude(municipality=None).select_related("municipality").get(pk=subject).municipality


def register() -> None:
    """Called in ``AppConfig.ready``."""
    title = _("Uploaded file")
    registry.register(OWN_FILE, container=municipality_of, right="governance.report_effort", title=title, erasable=True)
    registry.register(FILE, container=collaboration_of, right="governance.manage_portfolio", title=title, erasable=True)
    import_kinds.register(
        import_kinds.ImportKind(
            name="effort",
            title=_("Hours of own effort"),
            read=effort_import.read,
            columns=effort_import.columns,
            check=effort_import.check,
            still_stands=actions.still_stands,
            apply=actions.apply,
            undo=actions.undo,
            require=actions.may_import,
            done=actions.done,
            again=actions.again,
            files=(OWN_FILE, FILE),
        )
    )
    wording.tell("invoice_basis_made", _("took out a basis for invoices"))
