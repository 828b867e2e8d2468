"""A row of any list that is made up says so, on the page and in the workbook (rule 13)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from digivesteralen.ui import tables


class Towns(tables.DsTable):
    name = tables.Column()

    class Meta:
        caption = "Steder"
        row_header = "name"


def rows(**examples: bool) -> list[Any]:
    return [SimpleNamespace(name=name, example=example) for name, example in examples.items()]


def test_the_page_marks_the_made_up_rows_only(rf: RequestFactory) -> None:
    table = tables.page(rf.get("/"), Towns(rows(Sortland=False, Eksempelvik=True)))

    page = table.as_html(rf.get("/"))

    assert page.count(">Eksempel</span>") == 1
    assert page.index("Sortland") < page.index("Eksempelvik") < page.index(">Eksempel</span>")


@pytest.mark.parametrize(
    ("examples", "expected"),
    [
        ({"Sortland": False}, [["Name"], ["Sortland"]]),
        (
            {"Sortland": False, "Eksempelvik": True},
            [["Name", "Eksempel"], ["Sortland", ""], ["Eksempelvik", "Eksempel"]],
        ),
    ],
)
def test_the_workbook_has_a_column_for_it_where_it_is_needed(examples: dict[str, bool], expected: list[Any]) -> None:
    assert list(Towns(rows(**examples)).as_values()) == expected
