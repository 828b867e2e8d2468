"""Writing the clauses of a draft beyond the eight sections, the points they settle, and the obligations (R14, R15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance import checklists
from governance.actions.agreements import RIGHT, draft, saved
from governance.models import Agreement, AgreementSection, Obligation, Organisation


@transaction.atomic
def write_clause(
    *,
    agreement: Agreement,
    version: int | None = None,
    clause: AgreementSection | None = None,
    heading: str,
    text: str,
    meets: Iterable[str] = (),
    by: Any,
) -> AgreementSection:
    """A clause of the draft, new (last) or changed, with the points of the checklist that it settles."""
    agreement = draft(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    known = {point.key for point in checklists.points_of(agreement.form)}
    if unknown := set(meets) - known:
        raise NotAllowedNow(_("The checklist of this form has no point %(key)s.") % {"key": ", ".join(sorted(unknown))})
    if clause is None:
        clause = AgreementSection(agreement=agreement, position=_last(agreement) + 10)
    elif clause.agreement_id != agreement.pk:
        raise NotAllowedNow(_("The clause belongs to another version."))
    clause.heading = "" if clause.kind and heading == clause.get_kind_display() else heading
    clause.text, clause.meets = text, sorted(set(meets))
    clause.save()
    saved(agreement)
    return clause


@transaction.atomic
def remove_clause(*, agreement: Agreement, version: int | None = None, clause: AgreementSection, by: Any) -> Agreement:
    """Take a clause out of the draft; what was sent before still has it."""
    agreement = draft(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    agreement.sections.filter(pk=clause.pk).delete()
    return saved(agreement)


@transaction.atomic
def move_clause(*, agreement: Agreement, clause: AgreementSection, up: bool, by: Any) -> Agreement:
    """One place up or down; the numbers follow the order."""
    agreement = draft(agreement, None)
    require(by, RIGHT, on=agreement.collaboration)
    ordered = [one.pk for one in agreement.clauses]
    place = ordered.index(clause.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(ordered):
        ordered[place], ordered[other] = ordered[other], ordered[place]
    moved = {one.pk: one for one in agreement.clauses}
    for position, key in enumerate(ordered, 1):
        moved[key].position = 10 * position
    AgreementSection.objects.bulk_update(moved.values(), ["position"])
    return saved(agreement)


@transaction.atomic
def write_obligation(
    *,
    agreement: Agreement,
    version: int | None = None,
    obligation: Obligation | None = None,
    kind: str = Obligation.Kind.GOVERNING,
    organisation: Organisation | None = None,
    text: str,
    due: str = "",
    example: bool = False,
    by: Any,
) -> Obligation:
    """What is expected of a party, or of all (R15): governing binds all, a project those who join it (R8)."""
    agreement = draft(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    if organisation is not None and not agreement.parties.filter(organisation=organisation).exists():
        raise NotAllowedNow(_("%(name)s is no party to the agreement.") % {"name": organisation})
    if obligation is not None and obligation.agreement_id != agreement.pk:
        raise NotAllowedNow(_("The obligation belongs to another version."))
    obligation = obligation or Obligation(agreement=agreement, example=example)
    obligation.kind, obligation.organisation, obligation.text, obligation.due = kind, organisation, text, due
    obligation.save()
    saved(agreement)
    return obligation


@transaction.atomic
def remove_obligation(*, agreement: Agreement, obligation: Obligation, by: Any) -> Agreement:
    agreement = draft(agreement, None)
    require(by, RIGHT, on=agreement.collaboration)
    agreement.obligations.filter(pk=obligation.pk).delete()
    return saved(agreement)


def _last(agreement: Agreement) -> int:
    return max((clause.order[0] for clause in agreement.clauses), default=0)
