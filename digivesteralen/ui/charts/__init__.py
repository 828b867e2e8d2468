"""Charts drawn once, for page and PDF alike, each with its numbers as a table and as words."""

from digivesteralen.ui.charts.bars import bars, grouped, stacked_bars
from digivesteralen.ui.charts.chart import Chart
from digivesteralen.ui.charts.spread import dot_range
from digivesteralen.ui.charts.time import line, timeline

__all__ = ["Chart", "bars", "dot_range", "grouped", "line", "stacked_bars", "timeline"]
