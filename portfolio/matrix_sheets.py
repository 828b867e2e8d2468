"""The matrix of participation as a workbook: the matrix in words, and one row for each answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Adoption, Organisation
from portfolio.models import Participation, Project, Share, Status
from portfolio.participation_matrix import Row, Standing

# A workbook of so many answers is made in a few seconds.
TOO_MANY = 40_000
OF_ALL = ("of_project", "of_place", "status_then")
OF_THE_DECISION = ("state", "decided_by", "decided_on", "case_number", "answer_by", "objected_at", "amount", "hours")
OF_THE_ANSWER = ("invited_on", "joins_on", "leaves_on", "reason")
TODAY = ("if_all", "so_far", "excess")


def sheets(standing: Standing, places: Sequence[Organisation]) -> list[SheetSpec]:
    projects = list(standing.projects.select_related("focus_area"))
    rows = standing.rows(projects, places)
    return [_matrix(rows, places), _answers(standing, projects, places)]


def _matrix(rows: Sequence[Row], places: Sequence[Organisation]) -> SheetSpec:
    header = [
        *_about_projects(),
        *(place.name for place in places),
        _("Takes part"),
        _("Not settled"),
        _("Must be settled anew"),
    ]
    return SheetSpec(
        _("Participation"),
        header,
        [
            [
                *_project(row.project),
                *(cell.label if cell else None for cell in row.cells),
                row.sums.with_us,
                row.sums.unsettled,
                row.sums.reopened,
            ]
            for row in rows
        ],
    )


def _answers(standing: Standing, projects: Sequence[Project], places: Sequence[Organisation]) -> SheetSpec:
    header = [
        *_about_projects(),
        _("Municipality number"),
        _("Municipality"),
        _("Participation"),
        _("Treatment in the municipality"),
        _("Invited on"),
        _("Answer by"),
        _("Past the deadline"),
        _("Who decided"),
        _("Date of the decision"),
        _("Case number"),
        _("Takes part from"),
        _("Last day"),
        _("Reason for the signal"),
        _("The decision covers (NOK)"),
        _("The decision covers (hours)"),
        _("Example"),
    ]
    if standing.is_today:
        header += [
            _("Share if all join (NOK)"),
            _("Share with those who have said yes (NOK)"),
            _("Not covered (NOK)"),
            _("Must be settled anew"),
        ]
    return SheetSpec(_("Answers"), header, _answer_rows(standing, projects, places))


def _answer_rows(
    standing: Standing, projects: Sequence[Project], places: Sequence[Organisation]
) -> Iterator[list[Any]]:
    named = {place.pk: place for place in places}
    about = {project.pk: _project(project) for project in projects}
    told = _told(standing, list(about), list(named))
    order = {pk: number for number, pk in enumerate(about)}
    columns = {pk: number for number, pk in enumerate(named)}
    for one in sorted(told, key=lambda one: (order[one["of_project"]], columns[one["of_place"]])):
        place = named[one["of_place"]]
        stands = one["objected_at"] is None and one["decided_on"] is not None and one["decided_on"] <= standing.day
        late = not stands and one["answer_by"] is not None and one["answer_by"] < standing.day
        row = [
            *about[one["of_project"]],
            place.number,
            place.name,
            str(Status(one["status_then"]).label),
            str(Adoption.State(one["state"]).label) if stands or one["decided_on"] is None else "",
            one["invited_on"],
            one["answer_by"],
            _("yes") if late else "",
            one["decided_by"] if stands else "",
            one["decided_on"] if stands else None,
            one["case_number"] if stands else "",
            one["joins_on"],
            one["leaves_on"],
            one["reason"],
            one["amount"] if stands else None,
            one["hours"] if stands else None,
            _("yes") if one["example"] else "",
        ]
        if standing.is_today:
            row += [one["if_all"], one["so_far"], one["excess"] or None, _("yes") if one["excess"] else ""]
        yield row


def _told(standing: Standing, projects: Sequence[int], places: Sequence[int]) -> Iterator[dict[str, Any]]:
    names = [*OF_ALL, *OF_THE_DECISION, *OF_THE_ANSWER, "example", *(TODAY if standing.is_today else ())]
    for answers in standing.answers(of_project__in=projects, of_place__in=places):
        kept = answers.model is Share
        prefix = "participation__" if kept else ""
        paths = [
            *OF_ALL,
            *(f"{prefix}adoption__{name}" for name in OF_THE_DECISION),
            *(f"{prefix}{name}" for name in OF_THE_ANSWER),
            "example" if answers.model is Participation else "participation__example",
            *(TODAY if kept else ()),
        ]
        for row in answers.values_list(*paths):
            yield dict(zip(names, row, strict=True))


def _about_projects() -> list[str]:
    return [_("Number"), _("Project"), _("Focus area"), _("State")]


def _project(project: Project) -> list[Any]:
    area = project.focus_area.name if project.focus_area else ""
    return [project.number, project.title, area, str(project.get_state_display())]
