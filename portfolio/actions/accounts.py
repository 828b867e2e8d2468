"""What a project has spent in a month, and what the whole is expected to cost (D15)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from portfolio.models import Project, ProjectAccount
from portfolio.periods import MONTH, Period

MANAGE = "governance.manage_portfolio"


@transaction.atomic
def write_account(*, project: Project, month: Period, by: Any, **fields: Any) -> ProjectAccount:
    """A month of the accounts; a month that has not begun has cost nothing yet."""
    require(by, MANAGE, on=project.collaboration)
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    _has_begun(month)
    if project.accounts.filter(month=month.starts_on).exists():
        raise NotAllowedNow(_("%(month)s is already registered. Change that row.") % {"month": month}, at="month")
    return ProjectAccount.objects.create(project=project, month=month.starts_on, **fields)


@transaction.atomic
def change_account(*, account: ProjectAccount, version: int | None, by: Any, **fields: Any) -> ProjectAccount:
    require(by, MANAGE, on=account.project.collaboration)
    account = _locked(account, version)
    for name, value in fields.items():
        setattr(account, name, value)
    account.version += 1
    account.save()
    return account


@transaction.atomic
def remove_account(*, account: ProjectAccount, version: int | None, by: Any) -> None:
    require(by, MANAGE, on=account.project.collaboration)
    _locked(account, version).delete()


def _locked(account: ProjectAccount, version: int | None) -> ProjectAccount:
    current = ProjectAccount.objects.select_for_update().get(pk=account.pk)
    check_version(current, version)
    return current


def _has_begun(month: Period) -> None:
    if month.span != MONTH:
        raise NotAllowedNow(_("The period is a month."))
    if not month.has_begun:
        raise NotAllowedNow(
            _("%(month)s has not begun. Register it when something is spent.") % {"month": month}, at="month"
        )
