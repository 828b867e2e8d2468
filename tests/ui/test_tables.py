from datetime import date
from decimal import Decimal
from typing import Any

from django.template import engines
from django.test import RequestFactory

from digivesteralen.ui import tables


class Projects(tables.DsTable):
    name = tables.Column(verbose_name="Prosjekt")
    budget = tables.MoneyColumn(verbose_name="Budsjett")
    starts = tables.DateColumn(verbose_name="Starter")
    state = tables.TagColumn(verbose_name="Status", colors={"done": "success"})

    class Meta:
        caption = "Prosjekter"
        row_header = "name"
        empty_text = "Ingen prosjekter ennå."


ROWS: list[dict[str, Any]] = [
    {"name": f"P{n:02}", "budget": Decimal(n), "starts": date(2026, 1, 1), "state": "done"} for n in range(60)
]


def page(query: str = "", rows: Any = ROWS) -> tuple[tables.DsTable, str]:
    request = RequestFactory().get(f"/liste/?{query}")
    table = tables.page(request, Projects(rows))
    return table, engines["django"].from_string("{% table table %}").render({"table": table}, request)


def test_a_page_shows_twenty_five_rows_and_says_how_many_there_are() -> None:
    _table, html = page()
    assert html.count('scope="row"') == 25
    assert "60" in html
    assert 'aria-current="true"' in html


def test_the_chosen_order_is_told_and_the_next_click_turns_it() -> None:
    _table, html = page("sort=-budget&q=x&page=2")
    assert 'aria-sort="descending"' in html
    assert html.count('aria-sort="none"') == 3
    assert '<input type="hidden" name="q" value="x">' in html
    assert 'name="sort" value="budget"' in html
    assert 'name="page"' not in html


def test_the_workbook_is_of_the_same_list() -> None:
    table, _html = page("q=arkiv&sort=name&page=2")
    assert table.excel_url == "?q=arkiv&sort=name&format=xlsx"


def test_a_workbook_gets_numbers_and_days_not_words() -> None:
    table, _html = page()
    header, first, *rest = list(table.as_values())
    assert header == ["Prosjekt", "Budsjett", "Starter", "Status"]
    assert first == ["P00", Decimal(0), date(2026, 1, 1), "done"]
    assert len(rest) == 59


def test_a_stacked_row_names_its_values() -> None:
    _table, html = page()
    assert 'data-label="Budsjett"' in html
    assert 'role="cell"' in html
    assert 'role="rowheader" scope="row"' in html


def test_an_empty_list_says_so() -> None:
    _table, html = page(rows=[])
    assert "Ingen prosjekter ennå." in html
    assert "<table" not in html


def test_a_page_beyond_the_last_shows_the_last() -> None:
    table, _html = page("page=99")
    assert table.page.number == 3
