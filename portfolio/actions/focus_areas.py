"""Where the collaboration puts its effort: focus areas, and the measures named for each (F1–F8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration
from portfolio.actions.projects import register_project
from portfolio.addresses import slug_for
from portfolio.models import FocusArea, Measure, Project
from portfolio.ordering import move, next_place
from surveys.models import Finding

RIGHT = "governance.manage_portfolio"


@transaction.atomic
def register_focus_area(
    *,
    collaboration: Collaboration,
    short_name: str,
    name: str,
    text: str = "",
    measures: Sequence[str] = (),
    slug: str = "",
    example: bool = False,
    by: Any,
) -> FocusArea:
    """A focus area comes last in the list; it may have no measure yet (F7)."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    taken = set(collaboration.focus_areas.values_list("slug", flat=True))
    area = FocusArea.objects.create(
        collaboration=collaboration,
        position=next_place(collaboration.focus_areas),
        short_name=short_name,
        name=name,
        slug=slug or slug_for(short_name, taken),
        text=text,
        example=example,
    )
    for measure in measures:
        register_measure(focus_area=area, text=measure, example=example, by=by)
    return area


@transaction.atomic
def change_focus_area(
    *, area: FocusArea, version: int | None, short_name: str, name: str, text: str, by: Any
) -> FocusArea:
    """Its address stays; an adopted edition keeps the words it was adopted with."""
    area = _locked(area, version, by)
    area.short_name, area.name, area.text = short_name, name, text
    return _saved(area)


@transaction.atomic
def move_focus_area(*, area: FocusArea, up: bool, version: int | None = None, by: Any) -> None:
    area = _locked(area, version, by)
    move(area, area.collaboration.focus_areas.in_use(), up=up)


@transaction.atomic
def end_focus_area(*, area: FocusArea, version: int | None = None, by: Any) -> FocusArea:
    """No new work is put in it; what was done in it, and the editions that had it, go on naming it."""
    area = _locked(area, version, by)
    if area.retired_on is None:
        area.retired_on = timezone.localdate()
        _saved(area)
    return area


@transaction.atomic
def take_up_focus_area(*, area: FocusArea, version: int | None = None, by: Any) -> FocusArea:
    """An area that was ended is used again."""
    area = _locked(area, version, by)
    area.retired_on = None
    return _saved(area)


@transaction.atomic
def register_measure(
    *,
    focus_area: FocusArea,
    text: str,
    project: Project | None = None,
    findings: Sequence[Finding] = (),
    example: bool = False,
    by: Any,
) -> Measure:
    focus_area = _locked(focus_area, None, by)
    measure = Measure.objects.create(
        focus_area=focus_area,
        position=next_place(focus_area.measures),
        text=text,
        project=project,
        example=example,
    )
    measure.findings.set(findings)
    return measure


@transaction.atomic
def change_measure(
    *,
    measure: Measure,
    version: int | None,
    text: str,
    project: Project | None = None,
    findings: Sequence[Finding] = (),
    by: Any,
) -> Measure:
    measure = _locked_measure(measure, version, by)
    measure.text, measure.project = text, project
    measure.version += 1
    measure.save()
    measure.findings.set(findings)
    return measure


@transaction.atomic
def measure_became(*, measure: Measure, project: Project | None, by: Any) -> Measure:
    """Say which project a measure became (L17)."""
    measure = _locked_measure(measure, None, by)
    measure.project = project
    measure.version += 1
    measure.save(update_fields=["project", "version"])
    return measure


@transaction.atomic
def project_from_measure(*, measure: Measure, by: Any, **fields: Any) -> Project:
    """«Lag prosjekt av tiltaket»: the project is registered and the measure names it; once (L17, J3)."""
    measure = _locked_measure(measure, None, by)
    if measure.project is not None:
        raise NotAllowedNow(
            _("The measure has become «%(project)s» already. Go on with that project.") % {"project": measure.project}
        )
    collaboration = measure.focus_area.collaboration
    fields.setdefault("findings", list(measure.findings.all()))
    project = register_project(collaboration=collaboration, example=measure.example, by=by, **fields)
    measure_became(measure=measure, project=project, by=by)
    return project


@transaction.atomic
def move_measure(*, measure: Measure, up: bool, version: int | None = None, by: Any) -> None:
    measure = _locked_measure(measure, version, by)
    move(measure, measure.focus_area.measures.all(), up=up)


@transaction.atomic
def remove_measure(*, measure: Measure, version: int | None = None, by: Any) -> None:
    """The project it may have become stays; so does the history, and what adopted editions say of it."""
    _locked_measure(measure, version, by).delete()


def _locked(area: FocusArea, version: int | None, by: Any) -> FocusArea:
    current = FocusArea.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=area.pk)
    require(by, RIGHT, on=current.collaboration)
    check_version(current, version)
    return current


def _saved(area: FocusArea) -> FocusArea:
    area.version += 1
    area.save()
    return area


def _locked_measure(measure: Measure, version: int | None, by: Any) -> Measure:
    rows = Measure.objects.select_for_update(of=["self"]).select_related("focus_area__collaboration", "project")
    current = rows.get(pk=measure.pk)
    require(by, RIGHT, on=current.focus_area.collaboration)
    check_version(current, version)
    return current
