"""«Lag en idé av dette»: a window of joint procurement becomes an idea (K5, R26)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.ui import wording
from governance.models import Collaboration
from portfolio.actions.ideas import register_idea
from portfolio.models import Idea
from surveys.models import Area
from surveys.window_words import days_open, sentence, way_of
from surveys.windows import Kind, Window

MANAGE = "governance.manage_portfolio"
# What nobody can buy in any more, or cannot tell yet.
NO_WINDOW = {Kind.LATE, Kind.NONE}


@transaction.atomic
def start_idea(*, collaboration: Collaboration, window: Window, by: Any) -> Idea:
    """Nobody is asked by this: those who can join are proposed when somebody is invited to the project (rule 1)."""
    require(by, MANAGE, on=collaboration)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    if window.kind in NO_WINDOW or window.on is None:
        raise NotAllowedNow(_("There is no day on which several can buy together here, so there is nothing to begin."))
    if made := idea_of(collaboration, window):
        raise NotAllowedNow(_("«%(idea)s» is made of this window already. Go on with that idea.") % {"idea": made})
    area = Area.objects.get(pk=window.area.pk)
    return register_idea(
        collaboration=collaboration,
        source=Idea.Source.WINDOW,
        window=(area, window.on),
        title=_("Joint procurement: %(area)s") % {"area": window.area.name},
        background=sentence(window),
        plan=_note(window),
        starts_on=window.procure_by,
        ends_on=window.starts_on,
        areas=[area],
        municipalities=window.joining,
        example=window.example,
        by=by,
    )


def idea_of(collaboration: Collaboration, window: Window) -> Idea | None:
    """The idea that was made while this window was open, on whichever of its days."""
    made = collaboration.ideas.filter(window_area=window.area.pk, window_on__gte=window.first)
    inside = made.filter(window_on__lte=window.last) if window.last else made
    return inside.select_related("collaboration", "project__collaboration").order_by("-window_on").first()


def _note(window: Window) -> str:
    """What the idea stands on: the days, who, and what each of them must do by when."""
    lines = [
        _("The old contracts can end: %(days)s.") % {"days": days_open(window)},
        *(f"{part.municipality}: {way_of(part)}" for part in window.parts),
        _("Reckoned from the inventories %(day)s. Check thresholds and used options.")
        % {"day": wording.day(window.today)},
    ]
    return "\n".join(lines)
