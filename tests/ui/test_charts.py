import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation

from digivesteralen.ui import charts
from digivesteralen.ui.charts import letters, palette
from digivesteralen.ui.vendor import THEME

SVG = "{http://www.w3.org/2000/svg}"


def marks(chart: charts.Chart, tag: str = "rect", **options: bool) -> list[dict[str, str]]:
    return [element.attrib for element in ElementTree.fromstring(chart.svg(**options)).iter(SVG + tag)]


def texts(chart: charts.Chart, **options: bool) -> list[str]:
    root = ElementTree.fromstring(chart.svg(**options))
    return [(element.text or "").replace("\N{NO-BREAK SPACE}", " ") for element in root.iter(SVG + "text")]


HOURS = [("Strategi", 100), ("Kompetanse", 50), ("Infrastruktur", None), ("Anskaffelser", 0)]


def test_bars_are_as_long_as_their_numbers() -> None:
    drawn = marks(charts.bars("Timer", HOURS))
    assert len(drawn) == 2
    assert float(drawn[0]["width"]) == pytest.approx(2 * float(drawn[1]["width"]), abs=0.2)


def test_unknown_is_written_and_nought_is_nought() -> None:
    said = texts(charts.bars("Timer", HOURS, unit="timer"))
    assert "ukjent" in said or "unknown" in said
    assert "0 timer" in said


def test_a_long_label_is_wrapped_and_never_cut() -> None:
    label = "Digitale innbyggertjenester og innføring av nasjonale fellesløsninger i alle kommunene i regionen"
    for narrow in (False, True):
        said = texts(charts.bars("Timer", [(label, 3)]), narrow=narrow)
        assert " ".join(said).startswith(label)
        assert len(said) > 2


def test_nothing_is_drawn_outside_the_sheet() -> None:
    chart = charts.bars("Beløp", [("A", Decimal("123456789.50")), ("B", 1)], unit="kr")
    for narrow in (False, True):
        root = ElementTree.fromstring(chart.svg(narrow=narrow))
        for text in root.iter(SVG + "text"):
            if text.get("text-anchor") is None:
                assert float(text.attrib["x"]) + letters.width(text.text or "", 14) <= float(root.attrib["width"]) + 1


def test_stacked_parts_stand_beside_each_other_and_add_up() -> None:
    series = [("Ferdig", "success"), ("Pågår", "accent")]
    chart = charts.stacked_bars("Prosjekter", [("Strategi", [1, 3]), ("Drift", [None, None])], series)
    parts = [mark for mark in marks(chart) if mark["height"] == "24"]
    assert float(parts[1]["x"]) == pytest.approx(float(parts[0]["x"]) + float(parts[0]["width"]) + 2, abs=0.2)
    assert chart.table()["rows"][0] == ["Strategi", "1", "3", "4"]
    assert "4" in texts(chart)


def test_a_line_has_a_gap_where_nobody_knows() -> None:
    chart = charts.line("Andel", ["2023", "2024", "2025", "2026"], [("Egen", "accent", [1, 2, None, 4])])
    paths = marks(chart, "polyline")
    assert len(paths) == 1
    assert len(paths[0]["points"].split()) == 2
    assert len(marks(chart, "circle")) == 3


def test_dots_stand_on_their_scale() -> None:
    chart = charts.dot_range("Modenhet", [("Ledelse", 1, 3, 5, 2)], own_name="Sortland", scale=(1, 5))
    written = ElementTree.fromstring(chart.svg()).iter(SVG + "text")
    ticks = {text.text: float(text.attrib["x"]) for text in written if text.get("text-anchor") == "middle"}
    own = marks(chart, "circle")[1]
    assert float(own["cx"]) == pytest.approx(ticks["2"], abs=0.2)


def test_each_municipality_has_a_dot_and_the_own_one_is_marked() -> None:
    chart = charts.dot_range(
        "Modenhet", [("Ledelse", 1, 3, 5, 2)], own_name="Sortland", dots=[[1, 2, None, 5]], scale=(1, 5)
    )
    in_legend, *drawn, _own = marks(chart, "circle")
    small = [mark for mark in drawn if mark["r"] == "4"]
    assert len(small) == 4  # one of them tells in the legend what they are
    assert {mark["r"] for mark in marks(chart, "circle")} == {"4", "8"}
    assert in_legend["r"] == "8"


@pytest.mark.parametrize(
    ("scale", "said"),
    [((1, 5), ["1", "2", "3", "4", "5"]), ((0, 100), ["0", "25", "50", "75", "100"]),
     ((0, 1), ["0", "0,25", "0,5", "0,75", "1"])],
)  # fmt: skip
def test_any_scale_has_a_few_marks(scale: tuple[int, int], said: list[str]) -> None:
    with translation.override("nb"):
        written = texts(charts.dot_range("Modenhet", [("Ledelse", *scale, scale[1], None)], scale=scale))
    assert [text for text in written if text in said] == said


def test_two_waves_are_joined_by_a_line_only_where_both_are_known() -> None:
    chart = charts.dumbbell("Modenhet", [("Ledelse", 2, 3), ("Kompetanse", None, 4)], ("2024", "2026"))
    assert len(marks(chart, "polyline")) == 1
    assert len(marks(chart, "polygon")) == 2  # one of them in the legend
    assert len(marks(chart, "circle")) == 3
    assert chart.table()["rows"][0] == ["Ledelse", "2", "3"]


def test_a_timeline_shows_open_ends_and_what_is_unknown() -> None:
    rows = [
        ("Arkiv", date(2025, 1, 1), date(2026, 1, 1), ""),
        ("Oppvekst", date(2025, 1, 1), None, "løpende"),
        ("Geodata", None, None, ""),
    ]
    chart = charts.timeline("Avtaler", rows, today=date(2025, 6, 1))
    assert len(marks(chart)) == 1
    assert len(marks(chart, "polygon")) == 1
    assert any(line.get("stroke-dasharray") for line in marks(chart, "line"))
    assert chart.table()["rows"][1][1] == "01.01.2025"


AXIS = (date(2025, 1, 1), date(2026, 12, 31))
LANES = charts.lanes(
    "T",
    [
        charts.Lane(
            "A", ["x"], [charts.Span("a", date(2024, 1, 1), None)], [charts.Mark("m", date(2025, 5, 1), "BP1")]
        ),
        charts.Lane(
            "B", ["y"], [charts.Span("a", None, date(2025, 2, 1))], [charts.Mark("n", date(2030, 1, 1), "sent")]
        ),
    ],
    charts.LaneLooks({"a": ("pågår", "accent")}, {"m": ("BP", "danger", "square"), "n": ("M", "info", "triangle")}),
    AXIS,
    head=["Hva", "Ord"],
    today=date(2025, 6, 1),
)


def test_lanes_draw_bars_and_marks_within_the_axis_and_tell_the_rest_in_the_table() -> None:
    drawn = LANES.svg()
    assert "A: BP1" in drawn
    assert "A: pågår 01.01.2024–…" in drawn
    assert "sent" not in drawn
    assert LANES.table()["rows"] == [["A", "x"], ["B", "y"]]


def matrix_of(rows: list[charts.Placed]) -> charts.Chart:
    bands = [(4, "lav", "success"), (9, "middels", "warning"), (25, "høy", "danger")]
    levels = [charts.Level(*band) for band in bands]
    return charts.matrix("T", rows, names=("Nå", "Etter"), axes=("Sannsynlighet", "Konsekvens"), levels=levels)


FLOW = charts.flow("T", ["Først", "Så", "Sist"], [["A", "", "C"], ["A", "B", "C"], ["D", "B", ""]])
EVERY = [
    matrix_of([charts.Placed("1", "A", ((4, 4), (1, 2)))]),
    charts.bars("T", HOURS),
    charts.grouped("T", [("A", [1, None])], [("x", "accent"), ("y", "warning")]),
    charts.stacked_bars("T", [("A", [1, 2])], [("x", "accent"), ("y", "warning")]),
    charts.dot_range("T", [("A", 1, 2, 3, None)], own_name="Bø"),
    charts.dot_range("T", [("A", 0, 50, 100, None)], dots=[[0, 50, 100]], scale=(0, 100)),
    charts.dumbbell("T", [("A", 1, 2), ("B", None, None)], ("x", "y")),
    charts.line("T", ["1", "2"], [("x", "accent", [1, 2]), ("y", "warning", [2, None])]),
    charts.timeline("T", [("A", None, date(2026, 1, 1), "slutt")], today=date(2026, 2, 2)),
    LANES,
    FLOW,
]
NOTHING = [
    matrix_of([]),
    charts.bars("T", []),
    charts.stacked_bars("T", [], []),
    charts.dot_range("T", [], own_name="Bø"),
    charts.dumbbell("T", [], ("x", "y")),
    charts.line("T", ["1"], [("x", "accent", [None])]),
    charts.timeline("T", []),
    charts.flow("T", ["Først", "Sist"], []),
    charts.lanes("T", [], charts.LaneLooks(), AXIS, head=["x"], today=date(2026, 2, 2)),
]


def test_a_flow_has_each_box_once_and_a_line_for_each_step() -> None:
    assert len(marks(FLOW)) == 4
    assert len(marks(FLOW, "line")) == 4
    assert len(marks(FLOW, narrow=True)) == 7


@pytest.mark.parametrize("chart", [*EVERY, *NOTHING])
@pytest.mark.parametrize("narrow", [False, True])
def test_every_chart_is_well_formed_and_named(chart: charts.Chart, narrow: bool) -> None:
    root = ElementTree.fromstring(chart.svg(narrow=narrow))
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert {root.get("aria-labelledby"), root.get("aria-describedby")} == ids


@pytest.mark.parametrize("chart", EVERY)
def test_the_screen_has_no_colours_of_its_own_and_print_no_classes(chart: charts.Chart) -> None:
    assert not re.search(r'(fill|stroke|style)="#?\w', chart.svg("css"))
    assert "class=" not in chart.svg("print")


def test_print_says_all_numbers_in_the_title() -> None:
    title = ElementTree.fromstring(charts.bars("Timer", HOURS, unit="timer").svg("print")).find(SVG + "title")
    assert title is not None
    assert "Strategi: 100" in (title.text or "")


def test_a_mark_stands_in_its_cell_and_many_become_a_number() -> None:
    some = [charts.Placed("1", "Brann", ((5, 4), (2, 4))), charts.Placed("2", "Flom", ((5, 4), None))]
    drawn = matrix_of(some)
    assert drawn.table()["rows"] == [
        ["1 Brann", "5 × 4 = 20, høy", "2 × 4 = 8, middels"],
        ["2 Flom", "5 × 4 = 20, høy", "ikke vurdert"],
    ]
    said = [title.text for title in ElementTree.fromstring(drawn.svg()).iter(SVG + "title")]
    assert "5 × 4 = 20, høy: 1, 2" in said
    assert len([mark for mark in marks(drawn) if mark.get("fill-opacity")]) == 50
    many = matrix_of([charts.Placed(f"P{number}-1", "Noe", ((1, 1), (1, 1))) for number in range(30)])
    assert "30 i alt" in texts(many)


def test_labels_cannot_smuggle_markup() -> None:
    chart = charts.bars("<b>&", [("<script>", 1)])
    assert "<script>" not in chart.svg()
    assert "<script>" not in chart.svg("print")
    ElementTree.fromstring(chart.svg())


def test_the_same_chart_is_the_same_byte_for_byte() -> None:
    assert charts.bars("T", HOURS).svg("print") == charts.bars("T", HOURS).svg("print")
    assert charts.bars("T", HOURS).uid != charts.bars("T", HOURS[:1]).uid


def test_the_printed_colours_are_the_theme_s() -> None:
    light = THEME.read_text().split('[data-color-scheme="light"]', 1)[1]
    for name, value in palette.FILLS.items():
        found = re.search(rf"--ds-color-{name}-text-subtle: (#\w+)", light)
        assert found is not None
        assert found.group(1) == value
