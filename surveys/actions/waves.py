"""Putting surveys in a series, and saying that two of their questions ask the same: a person does, never a likeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.models import Collaboration
from surveys.models import Question, SameQuestion, Survey, SurveySeries
from surveys.models.questionnaires import tidy

RIGHT = "governance.manage_surveys"


@transaction.atomic
def define_series(
    *, collaboration: Collaboration, name: str, surveys: Iterable[Survey] = (), by: Any = None
) -> SurveySeries:
    """A survey that is put again and again, with the waves there are."""
    if by:
        require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    _not_taken(collaboration, name)
    series = SurveySeries.objects.create(collaboration=collaboration, name=tidy(name))
    _put(series, surveys)
    return series


@transaction.atomic
def change_series(*, series: SurveySeries, name: str, surveys: Iterable[Survey], by: Any) -> SurveySeries:
    """Its name, and which surveys are its waves; links of a survey that leaves go with it."""
    series = SurveySeries.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=series.pk)
    require(by, RIGHT, on=series.collaboration)
    _not_taken(series.collaboration, name, but=series)
    series.name = tidy(name)
    series.save(update_fields=["name"])
    _put(series, surveys)
    return series


@transaction.atomic
def link_questions(
    *, series: SurveySeries, earlier: Survey, later: Survey, links: Mapping[int, int | None], by: Any
) -> int:
    """Say for questions of the later wave which of the earlier they repeat, or that they repeat none; how many do."""
    series = SurveySeries.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=series.pk)
    require(by, RIGHT, on=series.collaboration)
    if series.waves.filter(pk__in=[earlier.pk, later.pk]).count() != 2:  # noqa: PLR2004 -- the two
        raise NotAllowedNow(_("Both surveys must be waves of the series."))
    if earlier.opens_on and later.opens_on and earlier.opens_on > later.opens_on:
        raise NotAllowedNow(_("The first of the two must be the earlier one."))
    if SameQuestion.objects.filter(question__survey=earlier, same_as__survey=later).exists():
        raise NotAllowedNow(_("These two waves are linked the other way round."))
    asked, before = later.questions.in_bulk(list(links)), earlier.questions.in_bulk()
    chosen = {pk: same for pk, same in links.items() if pk in asked and same is not None}
    _each_once(chosen, before)
    for pk, same in chosen.items():
        if same not in before or before[same].kind != asked[pk].kind:
            raise NotAllowedNow(_("Only questions of one kind can be the same."))
    SameQuestion.objects.filter(question__in=asked, same_as__survey=earlier).exclude(
        pk__in=SameQuestion.objects.filter(question__in=chosen)
    ).delete()
    for pk, same in chosen.items():
        _link(asked[pk], before[same], by)
    return len(chosen)


def _link(question: Question, same_as: Question, by: Any) -> None:
    standing = SameQuestion.objects.filter(question=question).first()
    if standing is None:
        SameQuestion.objects.create(question=question, same_as=same_as, by=by)
    elif standing.same_as_id != same_as.pk:
        standing.same_as, standing.by = same_as, by
        standing.save(update_fields=["same_as", "by"])


def _each_once(chosen: Mapping[int, int], before: Mapping[int, Question]) -> None:
    """Two questions of one wave cannot both repeat the same one."""
    taken = list(chosen.values())
    twice = next((same for same in taken if taken.count(same) > 1), None)
    if twice is not None:
        raise NotAllowedNow(
            _("«%(question)s» is chosen for two questions. Choose it for one of them.")
            % {"question": before.get(twice, "")}
        )


def _put(series: SurveySeries, surveys: Iterable[Survey]) -> None:
    wanted = {survey.pk for survey in surveys}
    members = Survey.objects.select_for_update(of=["self"]).of(series.collaboration)
    if busy := members.filter(pk__in=wanted).exclude(series=None).exclude(series=series).first():
        raise NotAllowedNow(_("«%(survey)s» is a wave of another series.") % {"survey": busy})
    left = series.waves.exclude(pk__in=wanted)
    SameQuestion.objects.filter(question__survey__in=left).delete()
    SameQuestion.objects.filter(same_as__survey__in=left).delete()
    left.update(series=None)
    members.filter(pk__in=wanted, series=None).update(series=series)


def _not_taken(collaboration: Collaboration, name: str, but: SurveySeries | None = None) -> None:
    others = SurveySeries.objects.filter(collaboration=collaboration, name=tidy(name))
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise NotAllowedNow(_("There is a series with this name already."))
