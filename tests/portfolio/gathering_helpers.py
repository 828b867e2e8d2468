"""A programme with a gathering to come, and one that has been."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from governance.models import Collaboration
from portfolio.actions import gatherings, projects
from portfolio.models import Gathering, Project


def a_programme(place: Collaboration, by: Any) -> Project:
    return projects.register_project(
        collaboration=place, title="Kompetanseprogram for ledere", kind=Project.Kind.PROGRAMME, by=by
    )


def a_gathering(project: Project, by: Any, *, in_days: int = 30, announced: bool = True, **fields: Any) -> Gathering:
    starts: datetime = timezone.now() + timedelta(days=in_days)
    told = {"title": "Lede digital endring", "place": "Sortland", "starts_at": starts, **fields}
    made = gatherings.plan_gathering(
        project=project, ends_at=starts + timedelta(hours=5), on=starts.date(), by=by, **told
    )
    return gatherings.announce_gathering(gathering=made, by=by) if announced else made


def begun(gathering: Gathering) -> Gathering:
    """As if its first hour had struck."""
    starts = timezone.now() - timedelta(hours=1)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=starts, on=timezone.localdate(starts), register_by=None)
    return Gathering.objects.get(pk=gathering.pk)
