"""The last step of an inventory import: checked rows into the table, many at a time."""

from __future__ import annotations

from typing import Any

from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.results import RowResult

from surveys.models import SystemUse

KEY = ("inventory_id", "area_id", "product_id", "awaits_id")
SAID = (*SystemUse.SAID, "example", "version")


class _Bare(RowResult):
    def add_instance_info(self, instance: Any) -> None:
        """Naming each row would ask the database for its area and system, one row at a time."""


_COLUMNS = {name: Field(name) for name in ("id", *KEY, *SAID)}


class SystemUseResource(resources.ModelResource):
    """Rows that have been checked already: no second validation, no preview, no row by row; the database's own
    constraints and history hold for them as for everything else."""

    locals().update(_COLUMNS)

    class Meta:
        model = SystemUse
        fields = ("id", *KEY, *SAID)
        import_id_fields = ("id",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 2000
        skip_diff = True
        report_skipped = False
        use_transactions = False
        clean_model_instances = False

    def get_row_result_class(self) -> type[RowResult]:
        return _Bare

    def bulk_update(self, using_transactions: Any, dry_run: Any, raise_errors: Any, **more: Any) -> None:
        overwrite(self.update_instances)
        self.update_instances.clear()


def overwrite(uses: list[SystemUse]) -> None:
    """Rows that stand there already, in one statement for each batch: Django's own bulk update is ten times as slow.

    The place of a row (municipality, area, system) never changes by an import; what is said there does.
    """
    SystemUse.objects.bulk_create(
        uses,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[name.removesuffix("_id") for name in ("awaits_id", *SAID)],
        batch_size=2000,
    )
