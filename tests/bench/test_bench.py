"""The measuring measures: every row is there, and no main page asks more of the database when there is more data."""

import pytest

from digivesteralen.bench import everybody, insight, pages, running
from digivesteralen.bench.measuring import Row, table

pytestmark = [pytest.mark.django_db, pytest.mark.faults]


@pytest.fixture
def measured() -> running.Measured:
    return running.run(12, quick=True)


def test_every_row_is_measured_and_no_page_asks_more_at_twelve_than_at_six(measured: running.Measured) -> None:
    rows = {row.what: row for row in measured.rows}
    assert [row.what for row in measured.rows][: len(pages.PAGES) + 1] == [
        pages.REFERENCE.what,
        *(page.what for page in pages.PAGES),
    ]
    rest = list(rows)[len(pages.PAGES) + 1 :]
    assert rest == [
        "PDF of one plain page",
        "minutes of 20 cases",
        "preview of those minutes",
        "final report, DigiMåling 12",
        "Excel of 67 projects",
        "PDF of 6 projects",
        "timeline of 67 projects as SVG",
        "804 shares after a new population",
        *(page.what for page in everybody.PAGES),
        *(page.what for page in insight.PAGES),
        "convergence of all areas, three levels",
        "windows of joint procurement over 672 uses",
        "import of 50 answers × 60 columns",
        "default dry run of django-import-export, 200 rows",
        rest[-1],
    ]
    assert rest[-1].startswith("import of 200 rows")
    grown = {what: (row.queries_small, row.queries) for what, row in rows.items() if _more(row)}
    assert not grown
    assert all(row.queries for row in list(measured.rows)[: len(pages.PAGES) + 1])
    printed = measured.table.splitlines()
    assert printed[0].startswith("At 12 municipalities")
    assert len(printed) == len(measured.rows) + 1


def _more(row: Row) -> bool:
    return row.queries is not None and row.queries_small is not None and row.queries > row.queries_small


def test_the_table_says_what_falls_short() -> None:
    good = Row("quick", 0.02, 1.0, 3, 3, target="< 100 ms", good=True)
    bad = Row("slow", 12.5, 600.0, memory=300 * 1024 * 1024, target="< 3 s", good=False)
    lines = table([good, bad], ["what", "queries", "at 6", "time", "ratio", "memory", "target"]).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["quick", "3", "3", "20", "ms", "1.0", "<", "100", "ms:", "ok"],
        ["slow", "12.5", "s", "600.0", "300", "MiB", "<", "3", "s:", "falls", "short"],
    ]
