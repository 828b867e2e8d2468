"""The timeline as a document, so many projects a figure as a page holds."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.ui import charts, wording
from governance.models import Collaboration
from portfolio import overview
from portfolio import timeline as lines
from portfolio.actions.lists import collaboration_of
from portfolio.document_parts import PDF
from portfolio.forms.timeline import TimelineFilter
from portfolio.models import Project

# So many lanes are one page's figure; a drawing is never broken over two pages.
A_PAGE = 20
# More than this is no reading: the document says so, and the filter narrows.
MOST = 400


def make(job: Job, report: Report) -> Made:
    """The work of the job, with the meetings that the one who asked may see."""
    collaboration = collaboration_of(job.subject)
    report(20, _("Collecting the projects"))
    with override("nb"):
        title = _("%(collaboration)s: timeline as of %(day)s") % {
            "collaboration": collaboration,
            "day": wording.day(timezone.localdate()),
        }
        shown = context(collaboration, job.arguments["query"], job.asked_by)
        report(50, _("Setting the pages"))
        content = written(shown, title)
    report(90, _("Storing the file"))
    name = f"tidslinje-{collaboration.slug}-{timezone.localdate()}.pdf"
    return Made(content, name, PDF, title, made_from={"query": job.arguments["query"], "projects": shown["numbers"]})


def written(shown: dict[str, Any], title: str) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    return pdf.render("pdf/timeline.html", shown, title=title)


def context(collaboration: Collaboration, query: str, user: Any) -> dict[str, Any]:
    """What the document shows of a selection."""
    today = timezone.localdate()
    narrowed = TimelineFilter(QueryDict(query), collaboration=collaboration)
    found = lines.within(narrowed.narrow(overview.listed(collaboration)), *narrowed.years)
    axis = lines.axis_of(found, *narrowed.years, today)
    projects = list(narrowed.in_order(found)[:MOST])
    return {
        "collaboration": collaboration,
        "selection": narrowed.told,
        "as_of": today,
        "count": found.count(),
        "most": MOST,
        "figures": list(_figures(projects, axis)),
        "beside": lines.beside(collaboration, user, axis, today),
        "numbers": [project.number for project in projects],
        "example": any(project.example for project in projects),
    }


def _figures(projects: list[Project], axis: lines.Axis) -> Any:
    for start in range(0, len(projects), A_PAGE):
        some = projects[start : start + A_PAGE]
        title = _("The projects %(first)s to %(last)s of %(all)s") % {
            "first": start + 1,
            "last": start + len(some),
            "all": len(projects),
        }
        chart: charts.Chart = lines.of_projects(some, axis, timezone.localdate(), title=title, id=f"tidslinje-{start}")
        yield chart
