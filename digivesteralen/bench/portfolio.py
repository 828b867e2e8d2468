"""The portfolio taken out whole: as a workbook, and sixty projects of it as a PDF."""

from __future__ import annotations

from digivesteralen.bench.measuring import MIB, Row, forget_the_peak, peak, timed
from digivesteralen.bench.world import World
from digivesteralen.documents import pdf
from digivesteralen.spreadsheets import writing
from portfolio import document_parts, list_document, overview, sheets
from portfolio.actions.shares import up_to_date

SHEET_IN, PAPER_IN, PAPER_OF = 5, 20, 60
MIB_AT_MOST = 1024


def measure(world: World, *, runs: int) -> list[Row]:
    up_to_date(world.collaboration)
    plain = timed(lambda: pdf.render("pdf/base.html", {}, title="Én side"), runs)
    return [_workbook(world, runs), _paper(world, plain)]


def _workbook(world: World, runs: int) -> Row:
    projects = overview.listed(world.collaboration).in_order()
    own = world.municipalities[0]
    forget_the_peak()
    took = timed(lambda: writing.workbook(sheets.portfolio(projects, own, told=[])), runs)
    target = f"< {SHEET_IN} s"
    return Row(f"Excel of {projects.count()} projects", took, memory=peak(), target=target, good=took < SHEET_IN)


def _paper(world: World, plain: float) -> Row:
    """The first sixty, with every share of each."""
    projects = overview.listed(world.collaboration).filter(number__lte=PAPER_OF).in_order()
    context = list_document.of_projects(world.collaboration, projects, None, selection=[])
    forget_the_peak()
    took = timed(lambda: document_parts.written(context, title="Porteføljen"))
    memory = peak()
    return Row(
        f"PDF of {len(context['items'])} projects", took, took / plain, memory=memory,
        target=f"< {PAPER_IN} s, < {MIB_AT_MOST} MiB", good=took < PAPER_IN and memory < MIB_AT_MOST * MIB,
    )  # fmt: skip
