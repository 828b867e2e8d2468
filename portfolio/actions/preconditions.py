"""What a project hands over, what must be in place first, and what it depends on (D4, R35)."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, TypeVar, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from portfolio.actions.projects import managed
from portfolio.actions.rollout import led
from portfolio.models import Deliverable, Dependency, Precondition, Project
from portfolio.rings import waits_for
from surveys.models import Area, NationalSolution, Product

Row = TypeVar("Row", Deliverable, Precondition, Dependency)


class Handed(TypedDict, total=False):
    """What a person writes about a deliverable."""

    title: str
    due_on: date | None
    due_precision: str
    delivered_on: date | None
    accepted_on: date | None
    accepted_by: str


class Needed(TypedDict, total=False):
    """What a person writes about a precondition."""

    text: str
    status: str
    responsible: str


class DependsOn(TypedDict, total=False):
    """What a project depends on, how, and by when."""

    kind: str
    on_project: Project | None
    solution: NationalSolution | None
    product: Product | None
    area: Area | None
    needed_by: date | None
    note: str


@transaction.atomic
def add_deliverable(*, project: Project, by: Any, **handed: Unpack[Handed]) -> Deliverable:
    project = led(project, by)
    return _saved(Deliverable(project=project, example=project.example, **handed))


@transaction.atomic
def change_deliverable(
    *, deliverable: Deliverable, version: int | None = None, by: Any, **handed: Unpack[Handed]
) -> Deliverable:
    """Another day, delivered, or accepted."""
    led(deliverable.project, by)
    return _changed(deliverable, version, handed)


@transaction.atomic
def add_precondition(*, project: Project, by: Any, **needed: Unpack[Needed]) -> Precondition:
    project = managed(project, None, by)
    return _saved(Precondition(project=project, example=project.example, **needed))


@transaction.atomic
def change_precondition(
    *, precondition: Precondition, version: int | None = None, by: Any, **needed: Unpack[Needed]
) -> Precondition:
    managed(precondition.project, None, by)
    return _changed(precondition, version, needed)


@transaction.atomic
def add_dependency(*, project: Project, by: Any, **on: Unpack[DependsOn]) -> Dependency:
    """A project that waits for this one, however far behind, can't be waited for in turn."""
    project = managed(project, None, by)
    dependency = Dependency(project=project, example=project.example, **on)
    other = dependency.on_project
    if other is not None and dependency.kind == Dependency.Kind.NEEDS and waits_for(other, project):
        raise NotAllowedNow(
            _("«%(other)s» already waits for «%(project)s», so the two would wait for each other in a ring.")
            % {"other": other, "project": project},
            at="on_project",
        )
    return _saved(dependency)


@transaction.atomic
def remove_dependency(*, dependency: Dependency, by: Any) -> None:
    """It is no more so; the history of the project tells that it was."""
    managed(dependency.project, None, by)
    Dependency.objects.filter(pk=dependency.pk).delete()


def _changed(row: Row, version: int | None, fields: Any) -> Row:
    current = type(row).objects.select_for_update(of=["self"]).select_related("project").get(pk=row.pk)
    check_version(current, version)
    for name, value in fields.items():
        setattr(current, name, value)
    current.version += 1
    return _saved(current)


def _saved(row: Row) -> Row:
    try:
        row.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    row.save()
    return row
