"""Initiatives of others: the collaboration tells how its municipalities stand to them, and decides nothing (A20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration
from portfolio.addresses import slug_for
from portfolio.models import Initiative, Standing

RIGHT = "governance.manage_portfolio"
RESERVED = {"nytt"}


class Stands(TypedDict, total=False):
    """How one municipality stands to an initiative; without a kind nothing is known."""

    kind: str
    since: date | None
    source: str


@transaction.atomic
def register_initiative(
    *, collaboration: Collaboration, name: str, run_by: str, text: str = "", example: bool = False, by: Any
) -> Initiative:
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    taken = {*collaboration.initiatives.values_list("slug", flat=True), *RESERVED}
    return Initiative.objects.create(
        collaboration=collaboration, slug=slug_for(name, taken), name=name, run_by=run_by, text=text, example=example
    )


@transaction.atomic
def change_initiative(
    *, initiative: Initiative, version: int | None, name: str, run_by: str, text: str, by: Any
) -> Initiative:
    initiative = _locked(initiative, version, by)
    initiative.name, initiative.run_by, initiative.text = name, run_by, text
    return _saved(initiative)


@transaction.atomic
def tell_standings(
    *, initiative: Initiative, version: int | None = None, standings: Mapping[int, Stands], by: Any
) -> Initiative:
    """Write how each named municipality stands; one without a kind is no longer told."""
    initiative = _locked(initiative, version, by)
    members = set(initiative.collaboration.members().values_list("pk", flat=True))
    if set(standings) - members:
        raise NotAllowedNow(_("Only the members of the collaboration are told of here."))
    for organisation, told in standings.items():
        if told.get("kind"):
            Standing.objects.update_or_create(initiative=initiative, organisation_id=organisation, defaults={**told})
        else:
            initiative.standings.filter(organisation=organisation).delete()
    return _saved(initiative)


def _locked(initiative: Initiative, version: int | None, by: Any) -> Initiative:
    current = Initiative.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=initiative.pk)
    require(by, RIGHT, on=current.collaboration)
    check_version(current, version)
    return current


def _saved(initiative: Initiative) -> Initiative:
    initiative.version += 1
    initiative.save()
    return initiative
