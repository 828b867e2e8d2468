"""Writing hours from a checked sheet, with the verb of the page; and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents.registry import Report
from governance.models import Organisation
from portfolio.actions.effort import BATCH, MANAGE, OWN, WRITTEN, tell_hours
from portfolio.effort_import import state_of
from portfolio.effort_rules import Told
from portfolio.models import Effort, Project
from portfolio.periods import Period
from surveys.models import ImportJob, ImportRow


def may_import(user: Any, job: ImportJob) -> None:
    """The municipality's own people for their own; the secretariat for all."""
    if job.municipality is not None:
        require(user, OWN, on=job.municipality)
    else:
        require(user, MANAGE, on=job.collaboration)


def still_stands(job: ImportJob) -> bool:
    """No hours have been told since the sheet was checked; from here on none can be."""
    members = Organisation.objects.filter(memberships__collaboration=job.collaboration)
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=members.values("pk")).order_by("pk"))
    same: bool = state_of(job) == job.basis["state"]
    return same


def apply(job: ImportJob, rows: Sequence[ImportRow], by: Any, report: Report) -> None:
    places = Organisation.objects.in_bulk({row.values["organisation"] for row in rows})
    projects = Project.objects.in_bulk({row.values["project"] for row in rows if row.values["project"]})
    told = [_told(row.values, places, projects) for row in rows]
    tell_hours(collaboration=job.collaboration, told=told, by=by)


def _told(said: dict[str, Any], places: dict[int, Organisation], projects: dict[int, Project]) -> Told:
    return Told(
        organisation=places[said["organisation"]],
        project=projects.get(said["project"]),
        period=Period(date.fromisoformat(said["starts_on"]), said["span"]),
        hours=Decimal(said["hours"]),
        rate=Decimal(said["rate"]) if said["rate"] else None,
        estimated=said["estimated"],
        version=said["version"] - 1,
    )


def undo(job: ImportJob, rows: Sequence[ImportRow], by: Any) -> None:
    """Put the hours back as they were; refused when somebody has told one of them anew since."""
    told = Effort.objects.filter(collaboration=job.collaboration).select_for_update()
    days = {row.values["starts_on"] for row in rows}
    standing = {
        (row.organisation_id, row.project_id, row.starts_on.isoformat()): row for row in told.filter(starts_on__in=days)
    }
    found = [(row, standing.get(_key(row))) for row in rows]
    touched = [row for row, effort in found if effort is None or effort.version != row.values["version"]]
    if touched:
        raise NotAllowedNow(
            _(
                "%(count)s of the figures are changed or removed since (first row %(number)s). "
                "The import can no longer be undone."
            )
            % {"count": len(touched), "number": touched[0].number}
        )
    Effort.objects.filter(pk__in=[effort.pk for row, effort in found if effort and row.before is None]).delete()
    back = [_as_it_was(effort, row.before) for row, effort in found if effort and row.before is not None]
    Effort.objects.bulk_update(back, WRITTEN, batch_size=BATCH)


def _key(row: ImportRow) -> tuple[int, int | None, str]:
    return row.values["organisation"], row.values["project"], row.values["starts_on"]


def _as_it_was(effort: Effort, before: dict[str, Any]) -> Effort:
    effort.hours, effort.estimated = Decimal(before["hours"]), before["estimated"]
    effort.rate = Decimal(before["rate"]) if before["rate"] else None
    effort.on_behalf, effort.registered_by_id = before["on_behalf"], before["registered_by"]
    effort.version += 1
    return effort


def done(job: ImportJob) -> str:
    return reverse("effort", args=[job.collaboration.slug])


def again(job: ImportJob) -> str:
    return reverse("effort_import", args=[job.collaboration.slug])
