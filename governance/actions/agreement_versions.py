"""Changing an agreement in force: a new version, adopted as it must be, and set in force when it is (rule 1, R13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.ui import wording
from governance.actions.agreements import RIGHT, locked, saved
from governance.models import Adoption, Agreement, AgreementParty, AgreementSection, Obligation

COPIED = ("title", "form", "entity_name", "period_from", "period_to", "notice_months", "other_changes", "example")


@transaction.atomic
def new_version(*, agreement: Agreement, what_changed: str, why: str, by: Any) -> Agreement:
    """A copy of the version in force, as a draft; one at a time, and it says what is changed and why."""
    agreement = locked(agreement, None)
    require(by, RIGHT, on=agreement.collaboration)
    if refusal := why_no_new_version(agreement):
        raise NotAllowedNow(refusal)
    newest = Agreement.objects.of_chain(agreement.root).first()
    number = (newest or agreement).number + 1
    stem = agreement.slug if agreement.number == 1 else Agreement.objects.get(pk=agreement.root).slug
    made = Agreement.objects.create(
        collaboration=agreement.collaboration,
        slug=f"{stem[:48]}-versjon-{number}",
        first_id=agreement.root,
        follows=agreement,
        number=number,
        what_changed=what_changed,
        why=why,
        **{name: getattr(agreement, name) for name in COPIED},
    )
    _copy_parts(agreement, made)
    return made


def why_no_new_version(agreement: Agreement) -> str:
    """Why the agreement can't get a new version now, and what to do instead; nothing when it can."""
    if not agreement.is_in_force():
        return _("Only a version in force is changed. Write on the draft, or end the version that was sent.")
    open_one = Agreement.objects.of_chain(agreement.root).filter(number__gt=agreement.number).exclude(state="ended")
    if waiting := open_one.first():
        return _("«%(version)s» is open already. Write on it, set it in force or end it first.") % {"version": waiting}
    return ""


@transaction.atomic
def set_in_force(*, agreement: Agreement, version: int | None = None, effective_from: date, by: Any) -> Agreement:
    """From a day, when every party of the version before has adopted it, or the agreed rule has; never sooner."""
    agreement = locked(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    before = _before(agreement)
    if refusal := why_not_in_force(agreement, effective_from):
        raise NotAllowedNow(refusal)
    agreement.effective_from = effective_from
    before.replaced_on = effective_from
    saved(before)
    return saved(agreement)


def why_not_in_force(agreement: Agreement, day: date | None = None) -> str:
    """What is missing before a later version can be set in force (from the day), in a sentence."""
    if agreement.follows_id is None:
        return _("The first version is in force by the parties' own decisions.")
    if agreement.state != Agreement.State.SENT:
        return _("Only a version that has been sent is set in force.")
    if agreement.effective_from is not None:
        return _("The version is set in force already. Make a new version to change it.")
    when = day or timezone.localdate()
    if agreement.way == Agreement.Way.RULE:
        begun = agreement.resolved_on
        late = begun is not None and begun > when
        return (
            _("It was resolved %(day)s. Choose that day or a later one.") % {"day": wording.day(begun)} if late else ""
        )
    names = [str(answer.organisation) for answer in lacking(agreement, when)]
    if not names:
        return ""
    return _("Not adopted without reservations by %(names)s. Every party's own body must adopt it first.") % {
        "names": ", ".join(names)
    }


def lacking(agreement: Agreement, day: date) -> list[Any]:
    """The parties of the version before, on the day, that have not adopted this one by then (no answer is no yes)."""
    before = Agreement.objects.whole().get(pk=agreement.follows_id or agreement.pk)
    own = Adoption.objects.decided().filter(agreement=agreement, state=Adoption.State.ADOPTED, decided_on__lte=day)
    adopted = set(own.values_list("organisation", flat=True))
    return [answer for answer in before.acceded_on(day) if answer.organisation_id not in adopted]


def falls(adoption: Adoption, by: Any) -> None:
    """A decision that a version stood on is taken back: the version before stands again (rule 1)."""
    version = adoption.agreement
    if version is None or version.effective_from is None or version.way != Agreement.Way.EVERY:
        return
    version = locked(version, None)
    if version.effective_from is None or not lacking(version, version.effective_from):
        return
    version.effective_from = None
    saved(version)
    before = _before(version)
    before.replaced_on = None
    saved(before)


def _before(agreement: Agreement) -> Agreement:
    """The version it takes over for, held until the transaction ends."""
    return Agreement.objects.select_for_update(of=["self"]).get(pk=agreement.follows_id or agreement.pk)


def _copy_parts(old: Agreement, new: Agreement) -> None:
    AgreementSection.objects.bulk_create(
        AgreementSection(
            agreement=new,
            kind=clause.kind,
            position=10 * number,
            heading=clause.heading,
            text=clause.text,
            meets=clause.meets,
            follows=clause,
        )
        for number, clause in enumerate(old.clauses, 1)
    )
    today = timezone.localdate()
    staying = [party for party in old.parties.all() if party.left_on is None or party.left_on >= today]
    AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=new,
            organisation_id=party.organisation_id,
            value=party.value,
            agreed_last_day=party.agreed_last_day,
            left_on=party.left_on,
            example=party.example,
        )
        for party in staying
    )
    Obligation.objects.bulk_create(
        Obligation(
            agreement=new,
            kind=one.kind,
            organisation_id=one.organisation_id,
            text=one.text,
            due=one.due,
            example=one.example,
        )
        for one in old.obligations.all()
    )
