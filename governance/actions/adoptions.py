"""Registering what each municipality itself has decided; no other path changes it (rule 1, R1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document
from digivesteralen.documents.uploads import Upload
from governance import checklists, consequences
from governance.actions import delegations
from governance.addresses import plain
from governance.models import Adoption, Agreement, Case, Collaboration, Delegation, Organisation

OWN_RIGHT = "governance.decide_for_municipality"
ON_BEHALF_RIGHT = "governance.register_on_behalf"


class Decision(TypedDict, total=False):
    """What stands in the municipality's record of its decision."""

    state: Required[str]
    decided_by: Required[str]
    decided_on: Required[date]
    case_number: Required[str]
    treatment: str
    text: str
    vote: str
    conditions: str
    amount: Decimal | None
    hours: Decimal | None
    budget_year: int | None
    link: str
    extract: Upload | Document | None


class OnTheSpot(TypedDict, total=False):
    """A decision by delegation: who decided is told by the delegation."""

    state: Required[str]
    decided_on: Required[date]
    case_number: Required[str]
    treatment: str
    text: str
    vote: str
    conditions: str
    amount: Decimal | None
    hours: Decimal | None
    budget_year: int | None
    link: str
    extract: Upload | Document | None


@transaction.atomic
def open_adoption(
    *,
    collaboration: Collaboration,
    organisation: Organisation,
    matter: str,
    proposal: str = "",
    case: Case | None = None,
    agreement: Agreement | None = None,
    leaves: Agreement | None = None,
    dissolves: Agreement | None = None,
    key: str = "",
    answer_by: date | None = None,
    asked_on: date | None = None,
    example: bool = False,
    by: Any,
) -> Adoption:
    """Put a matter to one municipality; the same case, agreement or `key` asks it once.

    What has none of them is a matter by its title, and a new one where the municipality was asked that before.
    """
    about: dict[str, Any] = {
        "collaboration": collaboration,
        "organisation": organisation,
        "case": case,
        "agreement": agreement,
    }
    about |= {"leaves": leaves, "dissolves": dissolves}
    values = {
        "matter": matter[:200],
        "proposal": proposal,
        "answer_by": answer_by,
        "asked_on": asked_on or timezone.localdate(),
        "example": example,
    }
    known = key or key_of(case or agreement)
    if not known:
        return Adoption.objects.create(**about, key=_free_key(collaboration, organisation, matter), **values)
    place = {"collaboration": collaboration, "organisation": organisation, "key": known}
    adoption, _new = Adoption.objects.get_or_create(**place, defaults={**about, **values})
    return adoption


def key_of(about: Case | Agreement | None) -> str:
    """What the address of a matter is made of: its case or its agreement."""
    if about is None:
        return ""
    return f"sak-{about.pk}" if isinstance(about, Case) else f"avtale-{about.pk}"


def _free_key(collaboration: Collaboration, organisation: Organisation, matter: str) -> str:
    stem = f"om-{plain(matter, limit=50)}"
    asked = Adoption.objects.filter(collaboration=collaboration, organisation=organisation, key__startswith=stem)
    taken = set(asked.values_list("key", flat=True))
    return next(key for key in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


@transaction.atomic
def schedule(*, adoption: Adoption, version: int | None = None, scheduled_on: date, by: Any) -> Adoption:
    """The municipality has put the matter on an agenda of its own («til behandling»)."""
    adoption = _locked(adoption, version)
    require(by, OWN_RIGHT, on=adoption.organisation)
    _not_decided(adoption)
    if adoption.objected_at:
        raise NotAllowedNow(_("The municipality has objected to what was registered. Register the right decision."))
    adoption.state = Adoption.State.SCHEDULED
    adoption.scheduled_on = scheduled_on
    return _saved(adoption)


@transaction.atomic
def register_adoption(
    *, adoption: Adoption, version: int | None = None, by: Any, **decision: Unpack[Decision]
) -> Adoption:
    """One of the municipality's own people registers its decision."""
    adoption = _locked(adoption, version)
    require(by, OWN_RIGHT, on=adoption.organisation)
    _not_decided(adoption)
    return _register(adoption, decision, by=by)


@transaction.atomic
def register_by_delegation(
    *, adoption: Adoption, version: int | None = None, by: Any, **decision: Unpack[OnTheSpot]
) -> Adoption:
    """The director decides for the own municipality on the spot, where a registered delegation covers it (rule 1)."""
    adoption = _locked(adoption, version)
    require(by, OWN_RIGHT, on=adoption.organisation)
    _not_decided(adoption)
    told: Decision = {**decision, "decided_by": ""}
    delegation = delegations.held_covering(adoption.organisation, decision["decided_on"], _money(told), by=by)
    return _register(adoption, {**told, "decided_by": delegations.who(delegation)}, by=by, delegation=delegation)


@transaction.atomic
def correct(
    *, adoption: Adoption, version: int | None = None, reason: str, by: Any, **decision: Unpack[Decision]
) -> Adoption:
    """The municipality's own people replace what was registered; the earlier registration stays in the history.

    What was decided by delegation is still so, and must be covered by it, unless somebody else is said to have decided.
    """
    adoption = _locked(adoption, version)
    require(by, OWN_RIGHT, on=adoption.organisation)
    if not adoption.is_decided:
        raise NotAllowedNow(_("There is no registered decision to correct."))
    if not reason.strip():
        raise NotAllowedNow(_("Say why the registered decision is corrected."))
    delegation = None
    if adoption.delegation_id and decision["decided_by"] == adoption.decided_by:
        delegation = delegations.held_covering(adoption.organisation, decision["decided_on"], _money(decision), by=by)
    return _register(adoption, decision, by=by, correction=reason, delegation=delegation)


@transaction.atomic
def register_on_behalf(
    *, adoption: Adoption, version: int | None = None, reason: str = "", by: Any, **decision: Unpack[Decision]
) -> Adoption:
    """The secretariat registers a decision it got by e-mail, with the extract; the municipality is told and answers."""
    adoption = _locked(adoption, version)
    require(by, ON_BEHALF_RIGHT, on=adoption.collaboration)
    if not decision.get("extract"):
        raise NotAllowedNow(_("Attach the extract when you register on behalf of a municipality."))
    if adoption.is_decided:
        _may_be_registered_again_on_behalf(adoption, reason)
    adoption = _register(adoption, decision, by=by, on_behalf=True, correction=reason)
    jobs.ask("governance.adoption_told", adoption.pk, by=by, key=f"adoption_told:{adoption.pk}:{adoption.version}")
    return adoption


@transaction.atomic
def confirm(*, adoption: Adoption, version: int | None = None, by: Any) -> Adoption:
    """The municipality says that what was registered on its behalf is right."""
    adoption = _locked(adoption, version)
    require(by, OWN_RIGHT, on=adoption.organisation)
    _awaits_answer(adoption)
    adoption.confirmed_at = timezone.now()
    return _saved(adoption)


@transaction.atomic
def object_to(*, adoption: Adoption, version: int | None = None, objection: str, by: Any) -> Adoption:
    """The municipality says that what was registered on its behalf is wrong; it counts as not decided from now."""
    adoption = _locked(adoption, version)
    require(by, OWN_RIGHT, on=adoption.organisation)
    _awaits_answer(adoption)
    if not objection.strip():
        raise NotAllowedNow(_("Say what is wrong with the registration."))
    adoption.objected_at = timezone.now()
    adoption.objection = objection
    return _changed(adoption, by)


def _register(
    adoption: Adoption,
    decision: Decision,
    *,
    by: Any,
    on_behalf: bool = False,
    correction: str = "",
    delegation: Delegation | None = None,
) -> Adoption:
    if decision["decided_on"] > timezone.localdate():
        raise NotAllowedNow(_("The date of the decision is in the future. Register it when it is made."))
    _decided_by_whom_the_act_says(adoption, decision, delegation)
    if decision["state"] != Adoption.State.NOT_ADOPTED and not adoption.says_yes:
        _to_a_version_that_stands(adoption)
    refused = decision["state"] == Adoption.State.NOT_ADOPTED
    earlier = None if on_behalf or adoption.objected_at else adoption.extract
    adoption.state = decision["state"]
    adoption.decided_by = decision["decided_by"]
    adoption.decided_on = decision["decided_on"]
    adoption.case_number = decision["case_number"]
    adoption.treatment = decision.get("treatment", "")
    adoption.text = decision.get("text", "")
    adoption.vote = decision.get("vote", "")
    adoption.conditions = decision.get("conditions", "")
    adoption.amount = _money(decision)
    adoption.hours = None if refused else decision.get("hours")
    adoption.budget_year = None if refused else decision.get("budget_year")
    adoption.link = decision.get("link", "")
    adoption.delegation = delegation
    adoption.extract = _kept(adoption, decision.get("extract"), by=by) or earlier
    adoption.registered_by = by
    adoption.registered_at = timezone.now()
    adoption.on_behalf = on_behalf
    adoption.confirmed_at = adoption.objected_at = None
    adoption.objection = ""
    adoption.correction = correction[:300]
    return _changed(adoption, by)


def _decided_by_whom_the_act_says(adoption: Adoption, decision: Decision, delegation: Delegation | None) -> None:
    """The agreement of a political council, a task body or a host is decided by the councils themselves."""
    if adoption.agreement is None:
        return
    rule = checklists.rule_of(adoption.agreement.form, decision["decided_on"])
    if rule.council_itself and (delegation is not None or not checklists.is_council(decision["decided_by"])):
        raise NotAllowedNow(
            _("The council itself decides on this agreement (%(place)s). Write when the council decided it.")
            % {"place": rule.place}
        )


def _to_a_version_that_stands(adoption: Adoption) -> None:
    """Nobody becomes party to a version that another has taken over for; the answer belongs to the new one."""
    if adoption.agreement_id is None:
        return
    asked = Agreement.objects.select_for_update(of=["self"]).get(pk=adoption.agreement_id)
    later = Agreement.objects.of_chain(asked.root).filter(number__gt=asked.number, effective_from__isnull=False).first()
    if later is not None and later.asked_in_id != asked.pk:
        raise NotAllowedNow(
            _("«%(version)s» has taken over. Register the municipality's decision on that version.")
            % {"version": later}
        )


def _money(decision: Decision) -> Decimal | None:
    """What the decision covers; a no covers nothing."""
    return None if decision["state"] == Adoption.State.NOT_ADOPTED else decision.get("amount")


def _kept(adoption: Adoption, extract: Upload | Document | None, *, by: Any) -> Document | None:
    if not isinstance(extract, Upload):
        return extract
    exempt = adoption.case is not None and adoption.case.is_exempt
    return files.keep(
        extract.content,
        kind="governance.exempt_extract" if exempt else "governance.extract",
        subject=adoption.pk,
        title=_("Extract: %(adoption)s") % {"adoption": adoption},
        file_name=extract.file_name,
        mime=extract.mime,
        by=by,
    )


def _locked(adoption: Adoption, version: int | None) -> Adoption:
    current = (
        Adoption.objects.select_for_update(of=["self"])
        .select_related("collaboration", "organisation", "case", "extract", "agreement")
        .get(pk=adoption.pk)
    )
    check_version(current, version)
    return current


def _saved(adoption: Adoption) -> Adoption:
    adoption.version += 1
    adoption.save()
    return adoption


def _changed(adoption: Adoption, by: Any) -> Adoption:
    """Saved, and told to those who count on the decision."""
    adoption = _saved(adoption)
    consequences.decided(adoption, by)
    return adoption


def _not_decided(adoption: Adoption) -> None:
    if adoption.is_decided:
        raise NotAllowedNow(_("The municipality's decision is already registered. Use «Correct the decision»."))


def _awaits_answer(adoption: Adoption) -> None:
    if not adoption.awaits_confirmation:
        raise NotAllowedNow(_("There is nothing registered on behalf of the municipality that waits for an answer."))


def _may_be_registered_again_on_behalf(adoption: Adoption, reason: str) -> None:
    if not adoption.awaits_confirmation:
        raise NotAllowedNow(
            _("The municipality itself stands behind what is registered. Only its own people correct it.")
        )
    if not reason.strip():
        raise NotAllowedNow(_("Say why the registered decision is corrected."))
