"""«Lag en idé av dette»: a window of joint procurement becomes a project in the state of an idea (K5, R26)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.ui import wording
from governance.models import Collaboration
from portfolio.actions.projects import register_project
from portfolio.models import Project, WindowIdea
from surveys.models import Area
from surveys.window_words import days_open, sentence, way_of
from surveys.windows import Kind, Window

MANAGE = "governance.manage_portfolio"
# What nobody can buy in any more, or cannot tell yet.
NO_WINDOW = {Kind.LATE, Kind.NONE}


@transaction.atomic
def start_idea(*, collaboration: Collaboration, window: Window, by: Any) -> Project:
    """Nobody is asked by this: those who can join are proposed when somebody is invited (rule 1)."""
    require(by, MANAGE, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if window.kind in NO_WINDOW or window.on is None:
        raise NotAllowedNow(_("There is no day on which several can buy together here, so there is nothing to begin."))
    if made := idea_of(collaboration, window):
        raise NotAllowedNow(
            _("«%(project)s» is made of this window already. Go on with that project.") % {"project": made.project}
        )
    project = register_project(
        collaboration=collaboration,
        title=_("Joint procurement: %(area)s") % {"area": window.area.name},
        kind=Project.Kind.PROCUREMENT,
        goal=sentence(window),
        starts_on=window.procure_by,
        ends_on=window.starts_on,
        note=_note(window),
        areas=[Area.objects.get(pk=window.area.pk)],
        example=window.example,
        by=by,
    )
    idea = WindowIdea.objects.create(project=project, collaboration=collaboration, area_id=window.area.pk, on=window.on)
    idea.municipalities.set(window.joining)
    return project


def idea_of(collaboration: Collaboration, window: Window) -> WindowIdea | None:
    """The idea that was made while this window was open, on whichever of its days."""
    made = WindowIdea.objects.filter(collaboration=collaboration, area=window.area.pk, on__gte=window.first)
    inside = made.filter(on__lte=window.last) if window.last else made
    return inside.select_related("project__collaboration").order_by("-on").first()


def _note(window: Window) -> str:
    """What the idea stands on: the days, who, and what each of them must do by when."""
    lines = [
        _("The old contracts can end: %(days)s.") % {"days": days_open(window)},
        *(f"{part.municipality}: {way_of(part)}" for part in window.parts),
        _("Reckoned from the inventories %(day)s. Check thresholds and used options.")
        % {"day": wording.day(window.today)},
    ]
    return "\n".join(lines)
