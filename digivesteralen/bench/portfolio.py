"""The portfolio taken out whole: as a workbook, sixty projects as a PDF, two hundred on a timeline."""

from __future__ import annotations

from django.utils import timezone

from digivesteralen.bench.measuring import MIB, Row, forget_the_peak, peak, timed
from digivesteralen.bench.world import World
from digivesteralen.documents import pdf
from digivesteralen.spreadsheets import writing
from portfolio import document_parts, list_document, overview, sheets, timeline
from portfolio.actions.shares import up_to_date

SHEET_IN, PAPER_IN, PAPER_OF, QUICK_PAPER_OF = 5, 20, 60, 6
MIB_AT_MOST = 1024
LINE_OF, LINE_IN = 200, 0.3


def measure(world: World, *, runs: int, quick: bool) -> list[Row]:
    up_to_date(world.collaboration)
    plain = timed(lambda: pdf.render("pdf/base.html", {}, title="Én side"), runs)
    return [_workbook(world, runs), _paper(world, plain, QUICK_PAPER_OF if quick else PAPER_OF), _line(world, runs)]


def _workbook(world: World, runs: int) -> Row:
    projects = overview.listed(world.collaboration).in_order()
    own = world.municipalities[0]
    forget_the_peak()
    took = timed(lambda: writing.workbook(sheets.portfolio(projects, own, told=[])), runs)
    target = f"< {SHEET_IN} s"
    return Row(f"Excel of {projects.count()} projects", took, memory=peak(), target=target, good=took < SHEET_IN)


def _paper(world: World, plain: float, count: int) -> Row:
    """The first so many, with every share of each."""
    projects = overview.listed(world.collaboration).filter(number__lte=count).in_order()
    context = list_document.of_projects(world.collaboration, projects, None, selection=[])
    forget_the_peak()
    took = timed(lambda: document_parts.written(context, title="Porteføljen"))
    memory = peak()
    return Row(
        f"PDF of {len(context['items'])} projects", took, took / plain, memory=memory,
        target=f"< {PAPER_IN} s, < {MIB_AT_MOST} MiB", good=took < PAPER_IN and memory < MIB_AT_MOST * MIB,
    )  # fmt: skip


def _line(world: World, runs: int) -> Row:
    """What stands on the way of each is read and drawn anew every time."""
    projects = list(overview.listed(world.collaboration).in_order()[:LINE_OF])
    today = timezone.localdate()
    axis = timeline.axis_of(world.collaboration.projects.all(), None, None, today)
    took = timed(lambda: timeline.of_projects(projects, axis, today).svg(), runs)
    return Row(
        f"timeline of {len(projects)} projects as SVG", took, target=f"< {LINE_IN * 1000:.0f} ms", good=took < LINE_IN
    )
