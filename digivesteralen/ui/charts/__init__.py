"""Charts drawn once, for page and PDF alike, each with its numbers as a table and as words."""

from digivesteralen.ui.charts.bars import bars, grouped, stacked_bars
from digivesteralen.ui.charts.chart import Chart
from digivesteralen.ui.charts.flow import flow
from digivesteralen.ui.charts.lanes import Lane, LaneLooks, Mark, Span, lanes
from digivesteralen.ui.charts.matrix import Level, Placed, matrix
from digivesteralen.ui.charts.pairs import dumbbell
from digivesteralen.ui.charts.spread import dot_range
from digivesteralen.ui.charts.strip import Looks, Stretch, Strip, calendar_strip
from digivesteralen.ui.charts.time import line, timeline
from digivesteralen.ui.charts.tree import Node, tree
from digivesteralen.ui.charts.year import YearRow, year_strip

__all__ = [
    "Chart",
    "Lane",
    "LaneLooks",
    "Level",
    "Looks",
    "Mark",
    "Node",
    "Span",
    "Placed",
    "Stretch",
    "Strip",
    "YearRow",
    "bars",
    "calendar_strip",
    "dot_range",
    "dumbbell",
    "flow",
    "grouped",
    "lanes",
    "line",
    "matrix",
    "stacked_bars",
    "timeline",
    "tree",
    "year_strip",
]
