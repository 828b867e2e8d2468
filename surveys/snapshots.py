"""An inventory as a spreadsheet: for the own people, and frozen when it is submitted (rule 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.spreadsheets.writing import SheetSpec, workbook
from surveys.inventory_choices import choices_of
from surveys.inventory_columns import LABELS
from surveys.models import Integration, Inventory, SystemUse

KIND = "surveys.inventory_snapshot"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# In the order of the sheet: everything that can be said about a system.
NAMES = (
    "municipality", "service_area", "area", "system", "function", "supplier", "contract_end", "contract_type",
    "concluded_on", "binding_until", "notice_months", "notice_to", "options", "option_months", "renews_months",
    "annual_cost", "shares_cost", "release", "hosting", "operation", "operated_by", "owner", "responsible", "users",
    "criticality", "availability", "personal_data", "dpia", "processing_agreement", "archive_duty", "connected",
    "ready", "introduced_on", "live_on", "phased_out_on", "gone_on", "business_fit", "technical_fit",
    "replacement_year", "planned_replacement", "same_as", "remark", "example",
)  # fmt: skip


def header() -> list[str]:
    """The columns of the sheet: an inventory that was saved from here can be uploaded again as it is."""
    return [str(LABELS[name]) for name in NAMES]


def rows(inventory: Inventory) -> list[list[Any]]:
    """Everything the municipality stands for, in the order of the areas."""
    uses = SystemUse.objects.counted().filter(inventory=inventory).in_order()
    whole = uses.select_related("area__service_area", "product", "supplier", "same_as__inventory__municipality")
    return [[_cell(use, name, inventory) for name in NAMES] for use in whole.prefetch_related("integrations__solution")]


def _cell(use: SystemUse, name: str, inventory: Inventory) -> Any:
    """One value as it is typed: a day as a day, a figure as a figure, a choice by its word, nothing as nothing."""
    if tell := TOLD.get(name):
        return tell(use, inventory)
    value = getattr(use, name)
    if isinstance(value, bool):
        return _("yes") if value else None
    if value in (None, ""):
        return None
    return getattr(use, f"get_{name}_display")() if choices_of(name) else value


def _linked(use: SystemUse, state: str) -> str | None:
    return "; ".join(one.solution.name for one in use.integrations.all() if one.state == state) or None


def _owner(inventory: Inventory) -> str:
    """The number of a municipality, the name of an IT collaboration."""
    return inventory.municipality.number or inventory.municipality.name


TOLD: dict[str, Callable[[SystemUse, Inventory], Any]] = {
    "municipality": lambda use, inventory: _owner(inventory),
    "service_area": lambda use, inventory: use.area.service_area.name,
    "area": lambda use, inventory: use.area.name,
    "system": lambda use, inventory: use.product.name if use.product else use.get_answer_display(),
    "supplier": lambda use, inventory: use.supplier.name if use.supplier else None,
    "contract_end": lambda use, inventory: end_of(use),
    "connected": lambda use, inventory: _linked(use, Integration.State.CONNECTED),
    "ready": lambda use, inventory: _linked(use, Integration.State.READY),
    "same_as": lambda use, inventory: _owner(use.same_as.inventory) if use.same_as else None,
    "example": lambda use, inventory: _("Example") if use.example else None,
}


def end_of(use: SystemUse) -> Any:
    """The contract end as it is said: a day, «not known», or that it runs until terminated."""
    if use.end_unknown:
        return _("not known")
    return _("until terminated") if use.end_running else use.contract_end


def freeze(inventory: Inventory, *, by: Any) -> Document:
    """Keep the inventory as it stands now; the next submission is the next version."""
    with translation.override("nb"):
        title = _("System inventory of %(municipality)s") % {"municipality": inventory.municipality}
        content = workbook([SheetSpec(_("Systems"), header(), rows(inventory))])
        name = _("systems-%(number)s-%(day)s.xlsx")
    return files.keep(
        content,
        kind=KIND,
        subject=inventory.pk,
        title=title,
        file_name=name % {"number": inventory.municipality.number, "day": timezone.localdate().isoformat()},
        mime=MIME,
        by=by,
        made_from={"inventory": inventory.pk, "revision": inventory.revision},
    )
