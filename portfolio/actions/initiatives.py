"""Initiatives of others: the collaboration tells how its municipalities stand to them, and decides nothing (A20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration
from portfolio import external_memberships
from portfolio.addresses import slug_for
from portfolio.models import Initiative, Standing

RIGHT = "governance.manage_portfolio"
RESERVED = {"nytt", "matrise"}


class Stands(TypedDict, total=False):
    """How one municipality stands to an initiative; without a kind nothing is known."""

    kind: str
    since: date | None
    until: date | None
    source: str


@transaction.atomic
def register_initiative(
    *,
    collaboration: Collaboration,
    name: str,
    run_by: str,
    text: str = "",
    example: bool = False,
    by: Any,
    **count: Any,
) -> Initiative:
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    taken = {*collaboration.initiatives.values_list("slug", flat=True), *RESERVED}
    return Initiative.objects.create(
        collaboration=collaboration,
        slug=slug_for(name, taken),
        name=name,
        run_by=run_by,
        text=text,
        example=example,
        **count,
    )


@transaction.atomic
def change_initiative(
    *, initiative: Initiative, version: int | None, name: str, run_by: str, text: str, by: Any, **count: Any
) -> Initiative:
    """What it is; ``count`` is how many are in it, where a source tells that and not which (N10)."""
    initiative = _locked(initiative, version, by)
    initiative.name, initiative.run_by, initiative.text = name, run_by, text
    for fact, value in count.items():
        setattr(initiative, fact, value)
    return _saved(initiative)


@transaction.atomic
def tell_standings(
    *, initiative: Initiative, version: int | None = None, standings: Mapping[int, Stands], by: Any
) -> Initiative:
    """Write how each named municipality stands; one without a kind is no longer told.

    Another kind from a later day ends the one before it; else what is told corrects what stood there.
    """
    initiative = _locked(initiative, version, by)
    if set(standings) - set(external_memberships.told_of(initiative.collaboration).values_list("pk", flat=True)):
        raise NotAllowedNow(_("Only the members of the collaboration and their regions are told of here."))
    latest = {one.organisation_id: one for one in initiative.standings.all()}
    for organisation, told in standings.items():
        _tell(initiative, organisation, latest.get(organisation), told)
    return _saved(initiative)


def _tell(initiative: Initiative, organisation: int, before: Standing | None, told: Stands) -> None:
    since, until = told.get("since"), told.get("until")
    if since and until and until < since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    if not told.get("kind"):
        if before is not None:
            before.delete()
        return
    if before is None or (before.kind != told["kind"] and since and (before.since is None or before.since < since)):
        if before is not None and since and (before.until is None or before.until >= since):
            before.until = since - timedelta(days=1)
            before.save(update_fields=["until"])
        before = Standing(initiative=initiative, organisation_id=organisation)
    for fact, value in told.items():
        setattr(before, fact, value)
    before.save()


def _locked(initiative: Initiative, version: int | None, by: Any) -> Initiative:
    current = Initiative.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=initiative.pk)
    require(by, RIGHT, on=current.collaboration)
    check_version(current, version)
    return current


def _saved(initiative: Initiative) -> Initiative:
    initiative.version += 1
    initiative.save()
    return initiative
