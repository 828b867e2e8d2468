"""The last step of an inventory import: checked rows into the table, thousands at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db import connection
from import_export import resources
from import_export.fields import Field
from import_export.results import RowResult

from surveys.models import SystemUse

KEY = ("inventory_id", "area_id", "product_id", "awaits_id")
SAID = (*SystemUse.SAID, "example", "version")
COLUMNS = ("id", *KEY, *SAID)


def _of_type(import_type: str) -> RowResult:
    result = RowResult()
    result.import_type = import_type
    return result


NEW, UPDATED = _of_type(RowResult.IMPORT_TYPE_NEW), _of_type(RowResult.IMPORT_TYPE_UPDATE)


class SystemUseResource(resources.ModelResource):
    """Rows that have been checked already: no second validation, no preview, no row by row; the database's own
    constraints and history hold for them as for everything else.

    ``standing`` are the ids of the rows that are there already; ``written`` hears of each batch.
    """

    class Meta:
        model = SystemUse
        import_id_fields = ("id",)
        use_bulk = True
        batch_size = 2000
        skip_diff = True
        report_skipped = False
        use_transactions = False

    def __init__(self, *, standing: Collection[Any], written: Callable[[int], None]) -> None:
        super().__init__()
        self.fields = {name: Field(attribute=name, column_name=name) for name in COLUMNS}
        self.standing, self.written = standing, written

    def import_row(self, row: dict[str, Any], instance_loader: Any, **more: Any) -> RowResult:
        """A row is what the table keeps; an object with a field for each column would only be taken apart again."""
        if row["id"] in self.standing:
            self.update_instances.append(SystemUse(**row))
            return UPDATED
        self.create_instances.append(row.values())
        return NEW

    def bulk_create(self, *args: Any, **more: Any) -> None:
        insert(self.create_instances)
        self.written(len(self.create_instances))
        self.create_instances.clear()

    def bulk_update(self, *args: Any, **more: Any) -> None:
        overwrite(self.update_instances)
        self.written(len(self.update_instances))
        self.update_instances.clear()


def insert(rows: Collection[Any]) -> None:
    """New rows, in the order of COLUMNS, streamed into the table; its triggers keep the history as for any other."""
    stored = {field.attname: str(field.column) for field in SystemUse._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(stored[name]) for name in COLUMNS)
    copying = f"COPY {SystemUse._meta.db_table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row(tuple(row))


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
