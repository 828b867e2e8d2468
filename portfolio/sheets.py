"""The portfolio as a workbook: numbers as numbers, days as days, words as on the page, and nothing left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Organisation
from portfolio import overview
from portfolio.models import Benefit, Share, Status, StatusReport, YearShare

# So many projects are read at a time.
CHUNK = 500
# Rows that are read as a stream and never all kept.
STREAMED = 5_000


def portfolio(projects: Any, own: Organisation | None, *, told: Sequence[str]) -> list[SheetSpec]:
    """What the filter leaves: the projects, each municipality's share, the years where there are any, the benefits."""
    keys = list(projects.order_by().values_list("pk", flat=True))
    return [
        projects_sheet(projects, keys, own),
        shares_sheet(keys),
        *years_sheets(keys),
        benefits_sheet(keys),
        SheetSpec(_("About"), [_("What"), _("Value")], about(told, len(keys))),
    ]


def about(told: Sequence[str], count: int) -> list[list[Any]]:
    """When it was taken out, and of what."""
    return [
        [_("As of"), timezone.localdate()],
        [_("Projects"), count],
        [_("Selection"), "; ".join(told) or _("all projects")],
    ]


def projects_sheet(projects: Any, keys: Sequence[int], own: Organisation | None) -> SheetSpec:
    header = [
        _("Number"), _("Project"), _("Focus area"), _("Kind"), _("Phase"), _("Status"), _("Status on"), _("Starts"),
        _("Ends"), _("Period as it is known"), _("Invited"), _("Taking part"), _("Takes part"), _("Not settled"),
        _("To be settled anew"), _("Shared cost (NOK)"), _("Grants (NOK)"), _("Paid by the base budget"),
        _("To be shared (NOK)"), _("Covered by decisions (NOK)"), _("Without cover (NOK)"), _("Own effort (hours)"),
        _("Next milestone"), _("Milestone on"), _("Next gate"), _("Gate planned"),
    ]  # fmt: skip
    of_own = [
        _("%(name)s: participation"), _("%(name)s: share if all join (NOK)"), _("%(name)s: share so far (NOK)"),
        _("%(name)s: the decision covers (NOK)"), _("%(name)s: hours if all join"),
    ]  # fmt: skip
    if own:
        header += [text % {"name": own.name} for text in of_own]
    return SheetSpec(_("Portfolio"), [*header, _("Example")], _project_rows(projects, keys, own))


def _project_rows(projects: Any, keys: Sequence[int], own: Organisation | None) -> Iterator[list[Any]]:
    names = overview.names_of(Share.objects.filter(project__in=keys))
    lights = {value: str(label) for value, label in StatusReport.Light.choices}
    every = list(projects)
    for start in range(0, len(every), CHUNK):
        for row in overview.rows(every[start : start + CHUNK], own):
            shown = _project_cells(row, names.get(row.project.pk, ""), lights)
            yield [*shown, *(_own_cells(row.own) if own else []), _example(row.project.example)]


def _project_cells(row: overview.Row, names: str, lights: dict[str, str]) -> list[Any]:
    project, sums, step = row.project, row.sums, row.milestone
    return [
        project.number,
        project.title,
        project.focus_area.name if project.focus_area else "",
        str(project.get_kind_display()),
        str(project.get_state_display()),
        lights.get(row.light, _("not reported")),
        row.light_on,
        project.starts_on,
        project.ends_on,
        overview.period(project) if project.starts_on or project.ends_on else "",
        row.invited,
        row.paying,
        names,
        row.undecided,
        sums.reopened if sums else None,
        project.shared_cost,
        project.grant_share,
        project.in_base_budget,
        project.to_share,
        sums.covered if sums else None,
        sums.unfunded if sums else None,
        project.hours,
        step.title if step else "",
        step.planned_on if step else None,
        row.gate.label if row.gate else "",
        row.gate.when if row.gate else "",
    ]


def _own_cells(share: Share | None) -> list[Any]:
    if share is None:
        return [_("not invited"), None, None, None, None]
    return [str(Status(share.status).label), share.if_all, share.so_far, share.covered, share.hours_if_all]


def shares_sheet(keys: Sequence[int]) -> SheetSpec:
    """Each municipality's share of each project, twice, and what its own decision covers of it."""
    header = [
        _("Number"), _("Project"), _("Municipality number"), _("Municipality"), _("Participation"),
        _("If all invited join (NOK)"), _("With those who have said yes (NOK)"), _("The decision covers (NOK)"),
        _("Beyond the decision (NOK)"), _("Hours if all join"), _("Hours with those who have said yes"), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("Shares"), header, _share_rows(keys))


def _share_rows(keys: Sequence[int]) -> Iterator[list[Any]]:
    labels = {status.value: str(status.label) for status in Status}
    shares = Share.objects.filter(project__in=keys).order_by("project__number", "organisation__sort_key")
    columns = [
        "project__number", "project__title", "organisation__number", "organisation__name", "status", "if_all", "so_far",
        "covered", "excess", "hours_if_all", "hours_so_far", "project__example",
    ]  # fmt: skip
    for row in shares.values_list(*columns).iterator(chunk_size=STREAMED):
        yield [*row[:4], labels[row[4]], *row[5:11], _example(row[11])]


def years_sheets(keys: Sequence[int]) -> list[SheetSpec]:
    """What falls in which year, where a cost is laid out over years; no sheet where none is."""
    years = YearShare.objects.filter(project__in=keys)
    if not years.exists():
        return []
    header = [
        _("Number"), _("Project"), _("Municipality number"), _("Municipality"), _("Year"),
        _("If all invited join (NOK)"), _("With those who have said yes (NOK)"), _("Example"),
    ]  # fmt: skip
    return [SheetSpec(_("Per year"), header, _year_rows(years))]


def _year_rows(years: Any) -> Iterator[list[Any]]:
    columns = [
        "project__number", "project__title", "organisation__number", "organisation__name", "year", "if_all", "so_far",
        "project__example",
    ]  # fmt: skip
    ordered = years.order_by("project__number", "organisation__sort_key", "year")
    for row in ordered.values_list(*columns).iterator(chunk_size=STREAMED):
        yield [*row[:7], _example(row[7])]


def benefits_sheet(keys: Sequence[int]) -> SheetSpec:
    header = [_("Number"), _("Project"), _("Benefit"), _("Owner"), _("Target"), _("Example")]
    benefits = Benefit.objects.filter(project__in=keys).order_by("project__number", "pk")
    columns = ["project__number", "project__title", "gain", "owner__name", "target", "example"]
    return SheetSpec(
        _("Benefits"),
        header,
        (
            [*row[:3], row[3] or _("each municipality that takes part"), row[4], _example(row[5])]
            for row in benefits.values_list(*columns).iterator(chunk_size=STREAMED)
        ),
    )


def _example(made_up: bool) -> str:
    return _("yes") if made_up else ""
