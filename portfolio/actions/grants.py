"""Money from outside: applied for, awarded, laid out, spent and reported (A2, D1, N6, N9, L10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance.models import Collaboration, Duty, Organisation
from portfolio.models import Allocation, Grant, GrantApplicant, GrantSpending, Project

MANAGE = "governance.manage_portfolio"
NOTHING = Decimal(0)
State = Grant.State


def proposed_receiver(collaboration: Collaboration) -> Organisation | None:
    """The municipality that the collaboration has laid the duty of receiving grants on (R4)."""
    duty = collaboration.duties.active().filter(kind=Duty.Kind.GRANT).select_related("organisation").first()
    return duty.organisation if duty else None


@transaction.atomic
def register_grant(
    *, collaboration: Collaboration, applicants: Sequence[Organisation] = (), by: Any, **fields: Any
) -> Grant:
    """A source of money, to be applied for or already answered when it is registered."""
    require(by, MANAGE, on=collaboration)
    _of_a_municipality(fields.get("receiver"))
    _within(collaboration, fields.get("project"))
    grant = Grant.objects.create(collaboration=collaboration, **fields)
    _applied_for_by(grant, applicants)
    return grant


@transaction.atomic
def change_grant(
    *, grant: Grant, version: int | None, applicants: Sequence[Organisation], by: Any, **fields: Any
) -> Grant:
    """What is known of the source; its state moves by the verbs below."""
    require(by, MANAGE, on=grant.collaboration)
    grant = locked(grant, version)
    _of_a_municipality(fields.get("receiver", grant.receiver))
    _within(grant.collaboration, fields.get("project"))
    if "awarded" in fields:
        _not_below_what_is_used(grant, fields["awarded"])
    for name, value in fields.items():
        setattr(grant, name, value)
    _applied_for_by(grant, applicants)
    return _saved(grant)


@transaction.atomic
def apply(
    *, grant: Grant, version: int | None, applied_on: date, sought: Decimal, applicants: Sequence[Organisation], by: Any
) -> Grant:
    """The application is sent."""
    require(by, MANAGE, on=grant.collaboration)
    grant = _moving(grant, version, State.APPLIED)
    grant.applied_on, grant.sought = _not_in_the_future(applied_on, "applied_on"), sought
    _applied_for_by(grant, applicants)
    return _saved(grant)


@transaction.atomic
def award(
    *,
    grant: Grant,
    version: int | None,
    answered_on: date,
    awarded: Decimal,
    receiver: Organisation,
    report_by: date | None = None,
    by: Any,
) -> Grant:
    """The giver has said yes; a named municipality receives the money, since the collaboration is no legal person."""
    require(by, MANAGE, on=grant.collaboration)
    grant = _moving(grant, version, State.GRANTED)
    _of_a_municipality(receiver)
    grant.answered_on, grant.awarded = _not_in_the_future(answered_on, "answered_on"), awarded
    grant.receiver, grant.report_by = receiver, report_by
    return _saved(grant)


@transaction.atomic
def refuse(*, grant: Grant, version: int | None, answered_on: date, note: str = "", by: Any) -> Grant:
    """The giver has said no."""
    require(by, MANAGE, on=grant.collaboration)
    grant = _moving(grant, version, State.REFUSED)
    grant.answered_on = _not_in_the_future(answered_on, "answered_on")
    grant.note = note or grant.note
    return _saved(grant)


@transaction.atomic
def apply_again(*, grant: Grant, version: int | None, apply_by: date | None = None, by: Any) -> Grant:
    """What was refused is to be applied for once more."""
    require(by, MANAGE, on=grant.collaboration)
    grant = _moving(grant, version, State.TO_APPLY)
    grant.apply_by, grant.applied_on, grant.answered_on = apply_by, None, None
    return _saved(grant)


@transaction.atomic
def pay_out(*, grant: Grant, version: int | None, paid_on: date, by: Any) -> Grant:
    """The receiver has the money."""
    require(by, MANAGE, on=grant.collaboration)
    grant = _moving(grant, version, State.PAID)
    grant.paid_on = _not_in_the_future(paid_on, "paid_on")
    return _saved(grant)


@transaction.atomic
def report(*, grant: Grant, version: int | None, reported_on: date, by: Any) -> Grant:
    """The giver has been told how the money was used."""
    require(by, MANAGE, on=grant.collaboration)
    grant = _moving(grant, version, State.REPORTED)
    grant.reported_on = _not_in_the_future(reported_on, "reported_on")
    return _saved(grant)


# --- laid out, to a project or to the base budget of a year -------------------------------------------


@transaction.atomic
def allocate(*, grant: Grant, amount: Decimal, year: int, project: Project | None = None, by: Any, **more: Any) -> Any:
    """Lay a part of the grant to a project, or to the base budget of the year (N9)."""
    require(by, MANAGE, on=grant.collaboration)
    grant = locked(grant, None)
    _within(grant.collaboration, project)
    _room(grant, amount, laid_out(grant), _not_so_much_to_lay_out)
    _once(grant, project, year)
    return Allocation.objects.create(grant=grant, project=project, year=year, amount=amount, **more)


@transaction.atomic
def change_allocation(*, allocation: Allocation, version: int | None, by: Any, **fields: Any) -> Allocation:
    require(by, MANAGE, on=allocation.grant.collaboration)
    grant = locked(allocation.grant, None)
    current = _current(allocation, version)
    _within(grant.collaboration, fields.get("project", current.project))
    _room(grant, fields.get("amount", current.amount), laid_out(grant) - current.amount, _not_so_much_to_lay_out)
    _once(grant, fields.get("project", current.project), fields.get("year", current.year), besides=current.pk)
    return _rewritten(current, fields)


@transaction.atomic
def remove_allocation(*, allocation: Allocation, version: int | None, by: Any) -> None:
    require(by, MANAGE, on=allocation.grant.collaboration)
    locked(allocation.grant, None)
    _current(allocation, version).delete()


# --- spent --------------------------------------------------------------------------------------------


@transaction.atomic
def spend(*, grant: Grant, amount: Decimal, spent_on: date, text: str, by: Any, **more: Any) -> GrantSpending:
    """The grant has paid for something."""
    require(by, MANAGE, on=grant.collaboration)
    grant = locked(grant, None)
    _within(grant.collaboration, more.get("project"))
    _room(grant, amount, used(grant), _not_so_much_to_spend)
    return GrantSpending.objects.create(
        grant=grant, amount=amount, spent_on=_not_in_the_future(spent_on, "spent_on"), text=text, **more
    )


@transaction.atomic
def change_spending(*, spending: GrantSpending, version: int | None, by: Any, **fields: Any) -> GrantSpending:
    require(by, MANAGE, on=spending.grant.collaboration)
    grant = locked(spending.grant, None)
    current = _current(spending, version)
    _within(grant.collaboration, fields.get("project", current.project))
    _room(grant, fields.get("amount", current.amount), used(grant) - current.amount, _not_so_much_to_spend)
    _not_in_the_future(fields.get("spent_on", current.spent_on), "spent_on")
    return _rewritten(current, fields)


@transaction.atomic
def remove_spending(*, spending: GrantSpending, version: int | None, by: Any) -> None:
    require(by, MANAGE, on=spending.grant.collaboration)
    locked(spending.grant, None)
    _current(spending, version).delete()


# --- what the verbs have in common --------------------------------------------------------------------


def locked(grant: Grant, version: int | None) -> Grant:
    """The grant as it stands; nobody else lays out or spends of it before this transaction ends."""
    rows = Grant.objects.select_for_update(of=["self"]).select_related("collaboration", "receiver")
    current = rows.get(pk=grant.pk)
    check_version(current, version)
    return current


def laid_out(grant: Grant) -> Decimal:
    return sum(grant.allocations.values_list("amount", flat=True), NOTHING)


def used(grant: Grant) -> Decimal:
    return sum(grant.spending.values_list("amount", flat=True), NOTHING)


def _moving(grant: Grant, version: int | None, to: str) -> Grant:
    grant = locked(grant, version)
    if to not in Grant.NEXT[grant.state]:
        raise NotAllowedNow(
            _("«%(grant)s» is %(state)s, and can't become %(to)s from there.")
            % {"grant": grant, "state": grant.get_state_display(), "to": State(to).label}
        )
    grant.state = to
    if to not in Grant.WON:
        grant.awarded = None
    return grant


def _room(grant: Grant, amount: Decimal, taken: Decimal, sentence: Any) -> None:
    """Never more than was awarded; says how much is left (N6). The database refuses the same for two at once."""
    if grant.awarded is None:
        raise NotAllowedNow(_("The grant is not awarded yet, so there is nothing of it to use."))
    left = grant.awarded - taken
    if amount > left:
        raise NotAllowedNow(sentence(left), at="amount")


def _not_so_much_to_lay_out(left: Decimal) -> str:
    return _("%(left)s of the grant is not laid out yet. Write that amount or less.") % {"left": wording.money(left)}


def _not_so_much_to_spend(left: Decimal) -> str:
    return _("%(left)s is left of the grant. Write that amount or less.") % {"left": wording.money(left)}


def _not_below_what_is_used(grant: Grant, awarded: Decimal | None) -> None:
    most = max(laid_out(grant), used(grant))
    if awarded is None or awarded < most:
        raise NotAllowedNow(
            _("%(used)s of the grant is already laid out or spent. Write that amount or more, or change those first.")
            % {"used": wording.money(most)},
            at="awarded",
        )


def _once(grant: Grant, project: Project | None, year: int, besides: int = 0) -> None:
    if grant.allocations.filter(project=project, year=year).exclude(pk=besides).exists():
        raise NotAllowedNow(_("The grant is already laid out to this in this year. Change that row."), at="year")


def _within(collaboration: Collaboration, project: Project | None) -> None:
    if project is not None and project.collaboration_id != collaboration.pk:
        raise NotAllowedNow(_("The project belongs to another collaboration."), at="project")


def _of_a_municipality(receiver: Organisation | None) -> None:
    if receiver is not None and receiver.kind != Organisation.Kind.MUNICIPALITY:
        raise NotAllowedNow(
            _("The collaboration is no legal person, so a municipality must receive the grant. Choose one."),
            at="receiver",
        )


def _not_in_the_future(day: date, at: str) -> date:
    if day > timezone.localdate():
        raise NotAllowedNow(_("The day is in the future. Register it when it has happened."), at=at)
    return day


def _applied_for_by(grant: Grant, applicants: Sequence[Organisation]) -> None:
    GrantApplicant.objects.filter(grant=grant).exclude(organisation__in=applicants).delete()
    for organisation in applicants:
        GrantApplicant.objects.get_or_create(grant=grant, organisation=organisation)


def _current(row: Any, version: int | None) -> Any:
    current = type(row).objects.select_for_update(of=["self"]).get(pk=row.pk)
    check_version(current, version)
    return current


def _rewritten(row: Any, fields: dict[str, Any]) -> Any:
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row


def _saved(grant: Grant) -> Grant:
    grant.version += 1
    grant.save()
    return grant
