"""National common solutions: the list, and how far each municipality has come (F2, S10, L14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration, Organisation
from surveys import solution_list
from surveys.models import NationalSolution, Requirement, Uptake

RIGHT, OWN_RIGHT = "governance.manage_surveys", "governance.edit_inventory"
WITH_A_DAY = (Uptake.State.PLANNED, Uptake.State.BEING_INTRODUCED, Uptake.State.IN_USE)


@transaction.atomic
def define_solutions(*, collaboration: Collaboration, by: Any) -> int:
    """Bring the list of solutions up to the one that comes with the portal; answers with how many are new.

    What the municipalities have answered stays, and a solution that has left the list stays too.
    """
    require(by, RIGHT, on=collaboration)
    known = set(NationalSolution.objects.select_for_update().values_list("slug", flat=True))
    for fact in solution_list.solutions():
        NationalSolution.objects.update_or_create(
            slug=fact.slug,
            defaults={
                "name": fact.name, "owner": fact.owner, "category": fact.category, "description": fact.description,
                "counted": fact.counted, "source": f"{solution_list.MADE} ({fact.checked})",
            },
        )  # fmt: skip
    _define_requirements()
    return NationalSolution.objects.exclude(slug__in=known).count()


def _define_requirements() -> None:
    by_slug = {one.slug: one for one in NationalSolution.objects.all()}
    elsewhere = {one.slug: one for one in Collaboration.objects.filter(external=True)}
    for fact in solution_list.requirements():
        Requirement.objects.update_or_create(
            solution=by_slug[fact.solution],
            kind=fact.kind,
            text=fact.text,
            defaults={"member_of": elsewhere.get(fact.member_of), "other": by_slug.get(fact.other)},
        )


@transaction.atomic
def register_uptake(
    *,
    solution: NationalSolution,
    municipality: Organisation,
    version: int | None = None,
    state: str,
    on: date | None = None,
    fulfilled: Iterable[Requirement] = (),
    note: str = "",
    example: bool = False,
    by: Any,
) -> Uptake:
    """Say how far the municipality has come with a solution, and what it has in place for it."""
    require(by, OWN_RIGHT, on=municipality)
    Organisation.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    found = Uptake.objects.filter(solution=solution, municipality=municipality).first()
    if found is None:
        found = Uptake(solution=solution, municipality=municipality, version=0)
    check_version(found, version)
    if wrong := wrong_day(state, on):
        raise NotAllowedNow(wrong)
    found.state, found.on, found.note, found.example = state, on if state in WITH_A_DAY else None, note, example
    found.registered_by, found.version = by, found.version + 1
    found.save()
    found.fulfilled.set(one for one in fulfilled if one.solution_id == solution.pk)
    return found


def wrong_day(state: str, on: date | None) -> str:
    """What is wrong with the day, if anything: in use is since one that has been, planned for one that has not."""
    today = timezone.localdate()
    if state == Uptake.State.IN_USE and on and on > today:
        return _("A solution in use was taken into use today or earlier. Choose «planned» instead.")
    if state == Uptake.State.PLANNED and on and on < today:
        return _("The planned day has passed. Write a new day, or say that the solution is in use.")
    return ""
