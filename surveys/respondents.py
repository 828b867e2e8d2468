"""Who has answered: each member municipality and each role; a small group of opinions is hidden (rule 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from governance.models import Organisation
from surveys.models import Answer, Survey
from surveys.results import SMALL


@dataclass(frozen=True)
class Group:
    """Those who answered from one municipality, or in one role; a small one is hidden where opinions are personal."""

    key: str
    name: str
    answers: int
    people: int
    hidden: bool = False


def municipalities(survey: Survey, *, everything: bool) -> list[Group]:
    """How far each member municipality has answered; one without answers is a state too (S2)."""
    found = survey.responses.order_by().values("municipality").annotate(n=Count("pk"), people=Sum("people"))
    counts: dict[int | None, tuple[int, int]] = {row["municipality"]: (row["n"], row["people"]) for row in found}
    members = list(survey.collaboration.members())
    former = {pk for pk in counts if pk is not None} - {one.pk for one in members}
    members += Organisation.objects.filter(pk__in=former)
    groups = [Group(one.number, str(one), *counts.get(one.pk, (0, 0))) for one in members]
    if None in counts:
        groups.append(Group("", _("Municipality not given"), *counts[None]))
    return _guarded(survey, groups, everything=everything)


def roles(survey: Survey, *, everything: bool) -> list[Group]:
    """The roles that have answered, where the survey asks for it."""
    found = Answer.objects.filter(question__survey=survey, question__about_role=True, option__isnull=False)
    rows = (
        found.order_by("option__position")
        .values("option", "option__text")
        .annotate(n=Count("pk"), people=Sum("response__people"))
    )
    groups = [Group(str(row["option"]), row["option__text"], row["n"], row["people"]) for row in rows]
    return _guarded(survey, groups, everything=everything)


def guarded(answers: Mapping[str, int]) -> set[str]:
    """What is small, and so much more that the hidden cannot be found by subtraction; answers by group."""
    hidden: set[str] = set()
    behind = 0
    for key, count in sorted(answers.items(), key=lambda one: (one[1], one[0])):
        if count and (count < SMALL or 0 < behind < SMALL):
            hidden.add(key)
            behind += count
    return hidden


def _guarded(survey: Survey, groups: list[Group], *, everything: bool) -> list[Group]:
    if everything or not survey.personal_opinion:
        return groups
    hidden = guarded({one.key: one.answers for one in groups})
    return [Group(one.key, one.name, one.answers, one.people, hidden=one.key in hidden) for one in groups]


def seen(groups: Sequence[Group]) -> list[Group]:
    """The groups whose results may be looked at by themselves."""
    return [group for group in groups if group.answers and not group.hidden]
