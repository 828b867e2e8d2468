"""Editions of the strategy: a new one is written from the one in force, laid before a body, adopted and frozen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.ui import wording
from governance.actions.cases import make_case
from governance.case_panels import with_earlier
from governance.models import Case, Collaboration, Resolution
from portfolio.actions.accession import ask_the_rest
from portfolio.actions.cases import ENDED, steering_group
from portfolio.actions.strategy import RIGHT, locked_edition, open_edition, told_of, waiting_case
from portfolio.models import EditionArea, Goal, Pillar, ProjectGoal, Strategy

COPIED = ("title", "vision", "main_goal", "note", "example")
# With changes made in the meeting the words are not yet those of the draft: they are written in first.
AS_WRITTEN = {Resolution.Outcome.AS_PROPOSED, Resolution.Outcome.RECOMMENDED}


@transaction.atomic
def new_edition(*, collaboration: Collaboration, reason: str, by: Any) -> Strategy:
    """A copy of the edition in force, to be changed freely; it says why the strategy is revised (R33, R34)."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if refusal := why_no_new_edition(collaboration):
        raise NotAllowedNow(refusal)
    if not reason.strip():
        raise NotAllowedNow(_("Write why the strategy is revised."), at="reason")
    old = collaboration.strategies.adopted()[0]
    made = Strategy.objects.create(
        collaboration=collaboration,
        number=old.number + 1,
        reason=reason,
        **{name: getattr(old, name) for name in COPIED},
    )
    pillars = {
        pillar.pk: Pillar.objects.create(strategy=made, position=pillar.position, title=pillar.title, text=pillar.text)
        for pillar in old.pillars.all()
    }
    Goal.objects.bulk_create(
        Goal(
            strategy=made,
            position=goal.position,
            title=goal.title,
            text=goal.text,
            pillar=pillars.get(goal.pillar_id or 0),
            first_id=goal.thread,
        )
        for goal in old.goals.all()
    )
    return made


def why_no_new_edition(collaboration: Collaboration) -> str:
    """Why the strategy can't get a new edition now, and what to do instead; empty when it can."""
    if draft := collaboration.strategies.drafts().first():
        return _("Edition %(number)s is being written already. Change it as it is, and adopt it first.") % {
            "number": draft.number
        }
    if not collaboration.strategies.exists():
        return _("The collaboration has no strategy yet. Write the first one.")
    return ""


@transaction.atomic
def discard_edition(*, strategy: Strategy, version: int | None = None, by: Any) -> None:
    """Throw away a later edition that is being written; the one in force stands as before."""
    strategy = open_edition(strategy, version, by)
    if strategy.number == 1:
        raise NotAllowedNow(_("The first edition is changed, not thrown away."))
    if strategy.case is not None:
        raise NotAllowedNow(_("The edition was laid before a body and stays. Change it and lay it anew."))
    if goal := next((goal for goal in strategy.goals.all() if told_of(goal)), None):
        raise NotAllowedNow(
            _("Progress, indicators, benefits or local priorities are told of «%(goal)s». Change its words instead.")
            % {"goal": goal}
        )
    strategy.delete()


@transaction.atomic
def lay_edition(*, strategy: Strategy, version: int | None = None, asks_municipalities: bool = False, by: Any) -> Case:
    """Make the case in which the steering group adopts the edition, and, if it is to, recommends it to each member."""
    strategy = open_edition(strategy, version, by)
    if not (strategy.vision or strategy.main_goal or strategy.goals.exists()):
        raise NotAllowedNow(_("Write a vision, a main goal or a goal before the strategy is laid before the body."))
    _not_before_a_body(strategy)
    strategy.case = make_case(
        body=steering_group(strategy.collaboration), by=by, **_texts(strategy, asks_municipalities)
    )
    strategy.version += 1
    strategy.save()
    return strategy.case


def _not_before_a_body(strategy: Strategy) -> None:
    if case := waiting_case(strategy):
        raise NotAllowedNow(
            _("The strategy already waits for %(body)s. It must be treated, or its case withdrawn, first.")
            % {"body": case.body}
        )


@override("nb")
def _texts(strategy: Strategy, asks_municipalities: bool) -> dict[str, Any]:
    """The case as the secretariat gets it, to change before it is sent."""
    said = {"title": str(strategy), "number": strategy.number, "collaboration": strategy.collaboration}
    points = [_("The steering group adopts «%(title)s», edition %(number)s.") % said]
    if asks_municipalities:
        points.append(_("The municipalities are recommended to accede to the strategy; each of them decides itself."))
    goals = [f"{goal.position}. {goal.title}" for goal in strategy.goals.all()]
    told = [strategy.reason, strategy.vision, strategy.main_goal, "\n".join(goals)]
    return {
        "title": (_("Strategy for %(collaboration)s, edition %(number)s") % said)[:200],
        "kind": Case.Kind.DECISION,
        "information": "\n\n".join(text for text in told if text),
        "proposal": "\n".join(points),
        "asks_municipalities": asks_municipalities,
        "ready": True,
        "example": strategy.example,
    }


@transaction.atomic
def adopt_dated(
    *, strategy: Strategy, version: int | None = None, adopted_on: date, adopted_by: str, by: Any
) -> Strategy:
    """The secretariat writes who adopted it and on which day, where the decision was made outside the portal."""
    strategy = locked_edition(strategy, version, by)
    if adopted_on > timezone.localdate():
        raise NotAllowedNow(_("A strategy can't be adopted on a day to come."), at="adopted_on")
    if not adopted_by.strip():
        raise NotAllowedNow(_("Write who adopted the strategy."), at="adopted_by")
    _not_before_a_body(strategy)
    return _adopt(strategy, adopted_on, adopted_by)


@transaction.atomic
def adopt_on(*, strategy: Strategy, version: int | None = None, resolution: Resolution, by: Any) -> Strategy:
    """On a resolution that a body of the collaboration has made; the case is named with the edition."""
    strategy = locked_edition(strategy, version, by)
    _not_before_a_body(strategy)
    strategy = _adopt_on(strategy, resolution)
    if resolution.goes_to_municipalities:
        ask_the_rest(strategy, None, by)
    return strategy


def on_resolution(resolution: Resolution, by: Any) -> None:
    """The body has adopted the edition it had before it, in the words it had: from now on it is frozen (rule 7)."""
    if resolution.outcome not in AS_WRITTEN:
        return
    laid = Strategy.objects.drafts().filter(case__in=with_earlier(resolution.item.case))
    strategy = laid.select_for_update(of=["self"]).select_related("collaboration").first()
    if strategy is not None:
        _adopt_on(strategy, resolution)


def _adopt_on(strategy: Strategy, resolution: Resolution) -> Strategy:
    body = resolution.item.case.body
    if body.collaboration_id != strategy.collaboration_id:
        raise NotAllowedNow(_("The case belongs to another collaboration."), at="resolution")
    if not resolution.is_adopted:
        raise NotAllowedNow(
            _("The body did not adopt it in this case. Choose the case in which it did."), at="resolution"
        )
    strategy.resolution, strategy.case = resolution, resolution.item.case
    return _adopt(strategy, resolution.item.meeting.day, body.name)


def _adopt(strategy: Strategy, on: date, who: str) -> Strategy:
    if not strategy.is_draft:
        raise NotAllowedNow(_("The strategy is adopted already."))
    earlier = strategy.collaboration.strategies.adopted().first()
    if earlier and earlier.adopted_on and on < earlier.adopted_on:
        raise NotAllowedNow(
            _("Edition %(number)s was adopted %(day)s. A later edition is adopted that day or later.")
            % {"number": earlier.number, "day": wording.day(earlier.adopted_on)},
            at="adopted_on",
        )
    _keep_areas(strategy)
    strategy.state = Strategy.State.ADOPTED
    strategy.adopted_on, strategy.adopted_by = on, who
    strategy.version += 1
    strategy.save()
    _projects_go_on(strategy)
    return strategy


def _keep_areas(strategy: Strategy) -> None:
    """The focus areas as they now stand are those of the edition."""
    areas = strategy.collaboration.focus_areas.in_use().prefetch_related("measures")
    EditionArea.objects.bulk_create(
        EditionArea(
            strategy=strategy,
            focus_area=area,
            position=place,
            short_name=area.short_name,
            name=area.name,
            text=area.text,
            measures=[measure.text for measure in area.measures.all()],
        )
        for place, area in enumerate(areas, 1)
    )


def _projects_go_on(strategy: Strategy) -> None:
    """A project that has not ended serves the same goals in the new edition as in those before."""
    for goal in strategy.goals.exclude(first=None):
        of_goal = Q(goal__first=goal.first_id) | Q(goal=goal.first_id)
        earlier = ProjectGoal.objects.filter(of_goal).exclude(goal=goal).exclude(project__state__in=ENDED)
        # One that ended and was taken up again may serve two editions of the goal: from now on it serves the newest.
        newest = earlier.values("project").annotate(row=Max("pk")).values_list("row", flat=True)
        earlier.exclude(pk__in=list(newest)).delete()
        earlier.update(goal=goal)
