"""The portfolio as somebody looked at it, as a document: the same selection, in the same order, as of today."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.ui import wording
from governance.models import Collaboration, Organisation
from portfolio import overview
from portfolio.actions.lists import collaboration_of
from portfolio.actions.shares import up_to_date
from portfolio.document_parts import MOST_ROWS, PDF, parts, told, written
from portfolio.forms.filters import PortfolioFilter
from portfolio.models import Share, Status
from portfolio.sheets import portfolio
from portfolio.snapshots import kept_snapshots

# More than this are told in a table each, and in full in the workbook inside the document.
MOST_TOLD = 100


def make(job: Job, report: Report) -> Made:
    """The work of the job; made of the shares that are kept, which the day's first look brings up to date."""
    collaboration = collaboration_of(job.subject)
    up_to_date(collaboration)
    report(20, _("Collecting the projects"))
    with override("nb"):
        own = collaboration.members().filter(number=job.arguments["own"]).first()
        shown = context(collaboration, job.arguments["query"], own)
        title = _("%(collaboration)s: the portfolio as of %(day)s") % {
            "collaboration": collaboration,
            "day": wording.day(timezone.localdate()),
        }
        report(40, _("Setting the pages"))
        content = written(shown, title=title)
    report(90, _("Storing the file"))
    name = f"portefolje-{collaboration.slug}-{timezone.localdate()}.pdf"
    keys = [row["number"] for row in shown["items"]]
    return Made(content, name, PDF, title, made_from={"query": job.arguments["query"], "projects": keys})


def context(collaboration: Collaboration, query: str, own: Organisation | None = None) -> dict[str, Any]:
    """What the document tells of the projects that a selection leaves."""
    narrowed = PortfolioFilter(QueryDict(query), collaboration=collaboration, own=own)
    projects = narrowed.in_order(narrowed.narrow(overview.listed(collaboration)))
    shown = of_projects(collaboration, projects, own, selection=narrowed.told)
    if narrowed.sorted_by:  # one list in the order that was asked for
        shown["groups"] = [(_("Projects"), shown["items"])] if shown["items"] else []
    return shown


def of_projects(
    collaboration: Collaboration, projects: Any, own: Organisation | None, *, selection: Sequence[str]
) -> dict[str, Any]:
    """These projects in this order, with the own share of each."""
    found = overview.rows(projects, own)
    keys = [row.project.pk for row in found]
    shares = Share.objects.filter(project__in=keys)
    in_full = len(keys) <= MOST_TOLD and shares.count() <= MOST_ROWS
    facts = kept_snapshots(found, with_shares=in_full)
    items = [
        {**told(one, None), "with_us": _names(row), "own": row.own_share} for row, one in zip(found, facts, strict=True)
    ]
    areas = overview.areas_of(collaboration)
    return {
        "heading": _("The portfolio as of %(day)s") % {"day": wording.day(timezone.localdate())},
        "collaboration": collaboration,
        "selection": selection,
        "as_of": timezone.localdate(),
        "own": own,
        **parts(
            items,
            overview.chart_of_states(areas, projects, empty_too=False),
            municipalities(shares),
            example=any(item["example"] for item in items),
        ),
        "in_full": len(keys) <= MOST_TOLD,
        "attachments": [] if in_full else portfolio(projects, own, told=selection),
    }


def _names(row: overview.Row) -> list[str]:
    """Those who take part by name, or how many where they are many."""
    if row.names:
        return [row.names]
    return [_("%(count)s municipalities") % {"count": row.paying}] if row.paying else []


def municipalities(shares: Any) -> Sequence[dict[str, Any]]:
    """What each municipality pays in all, added up by the database."""
    nothing = Decimal(0)
    return list(
        shares.order_by()
        .values("organisation", name=F("organisation__name"))
        .annotate(
            projects=Count("pk", filter=Q(pays=True) & ~Q(status=Status.LEFT)),
            so_far=Coalesce(Sum("so_far"), nothing),
            if_all=Coalesce(Sum("if_all"), nothing),
        )
        .order_by("organisation__sort_key")
    )
