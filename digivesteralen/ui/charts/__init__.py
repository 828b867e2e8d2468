"""Charts drawn once, for page and PDF alike, each with its numbers as a table and as words."""

from digivesteralen.ui.charts.bars import bars, grouped, stacked_bars
from digivesteralen.ui.charts.chart import Chart
from digivesteralen.ui.charts.pairs import dumbbell
from digivesteralen.ui.charts.spread import dot_range
from digivesteralen.ui.charts.strip import Looks, Stretch, Strip, calendar_strip
from digivesteralen.ui.charts.time import line, timeline

__all__ = [
    "Chart",
    "Looks",
    "Stretch",
    "Strip",
    "bars",
    "calendar_strip",
    "dot_range",
    "dumbbell",
    "grouped",
    "line",
    "stacked_bars",
    "timeline",
]
