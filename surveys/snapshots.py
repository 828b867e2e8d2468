"""An inventory as a spreadsheet: for the own people, and frozen when it is submitted (rule 7)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.spreadsheets.writing import SheetSpec, workbook
from surveys.models import Inventory, SystemUse

KIND = "surveys.inventory_snapshot"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def header() -> list[str]:
    """The columns of the sheet: an inventory that was saved from here can be uploaded again as it is."""
    return [
        _("Municipality number"), _("Service area"), _("Area"), _("System"), _("Supplier"), _("Contract end"),
        _("Version in use"), _("Operated by"), _("Name of the operator"), _("Cost per year"),
        _("Planned replacement"), _("Remark"), _("Example"),
    ]  # fmt: skip


def rows(inventory: Inventory) -> list[list[Any]]:
    """Everything the municipality stands for, in the order of the areas."""
    uses = SystemUse.objects.counted().filter(inventory=inventory).in_order()
    return [
        [
            inventory.municipality.number,
            use.area.service_area.name,
            use.area.name,
            use.product.name if use.product else use.get_answer_display(),
            use.supplier.name if use.supplier else None,
            end_of(use),
            use.release,
            use.get_operation_display() if use.operation else None,
            use.operated_by,
            use.annual_cost,
            use.planned_replacement,
            use.remark,
            _("Example") if use.example else None,
        ]
        for use in uses.select_related("area__service_area", "product", "supplier")
    ]


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
