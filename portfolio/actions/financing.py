"""Base budget, grants and own effort: what a year needs and what covers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from digivesteralen.accounts.access import check_version
from governance.models import Collaboration, Organisation
from portfolio.models import BaseBudget, Grant, GrantApplicant, OwnEffort


@transaction.atomic
def register_base_budget(*, collaboration: Collaboration, by: Any, **fields: Any) -> BaseBudget:
    return BaseBudget.objects.create(collaboration=collaboration, **fields)


@transaction.atomic
def change_base_budget(*, budget: BaseBudget, version: int | None, by: Any, **fields: Any) -> BaseBudget:
    return _changed(BaseBudget.objects.select_for_update().get(pk=budget.pk), version, fields)


@transaction.atomic
def register_grant(
    *, collaboration: Collaboration, applicants: Sequence[Organisation] = (), by: Any, **fields: Any
) -> Grant:
    grant = Grant.objects.create(collaboration=collaboration, **fields)
    _applied(grant, applicants)
    return grant


@transaction.atomic
def change_grant(
    *, grant: Grant, version: int | None, applicants: Sequence[Organisation], by: Any, **fields: Any
) -> Grant:
    grant = _changed(Grant.objects.select_for_update().get(pk=grant.pk), version, fields)
    _applied(grant, applicants)
    return grant


@transaction.atomic
def register_own_effort(*, collaboration: Collaboration, by: Any, **fields: Any) -> OwnEffort:
    return OwnEffort.objects.create(collaboration=collaboration, **fields)


@transaction.atomic
def change_own_effort(*, effort: OwnEffort, version: int | None, by: Any, **fields: Any) -> OwnEffort:
    return _changed(OwnEffort.objects.select_for_update().get(pk=effort.pk), version, fields)


def _changed(row: Any, version: int | None, fields: dict[str, Any]) -> Any:
    check_version(row, version)
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row


def _applied(grant: Grant, applicants: Sequence[Organisation]) -> None:
    GrantApplicant.objects.filter(grant=grant).exclude(organisation__in=applicants).delete()
    for organisation in applicants:
        GrantApplicant.objects.get_or_create(grant=grant, organisation=organisation)
