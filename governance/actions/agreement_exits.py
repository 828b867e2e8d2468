"""Leaving an agreement, and dissolving it: only by the parties' own decisions, with the days worked out (rule 1)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.ui import wording
from governance import agreement_dates
from governance.actions import adoptions
from governance.actions.adoptions import OWN_RIGHT
from governance.actions.agreements import RIGHT, locked, saved
from governance.models import Adoption, Agreement, AgreementParty, Organisation


@transaction.atomic
def ask_about_exit(
    *,
    agreement: Agreement,
    version: int | None = None,
    organisation: Organisation,
    agreed_last_day: date | None = None,
    by: Any,
) -> Adoption:
    """Put to a party's own body that it leaves; its decision starts the notice, and nothing else does."""
    agreement = locked(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    return _put_to(agreement, organisation, agreed_last_day, by)


@transaction.atomic
def wish_to_leave(*, agreement: Agreement, version: int | None = None, organisation: Organisation, by: Any) -> Adoption:
    """A party puts to its own body, unasked, that it leaves; the notice gives its last day."""
    agreement = locked(agreement, version)
    require(by, OWN_RIGHT, on=organisation)
    return _put_to(agreement, organisation, None, by)


def _put_to(agreement: Agreement, organisation: Organisation, agreed_last_day: date | None, by: Any) -> Adoption:
    joined = _acceded(agreement, organisation)
    if joined is None:
        raise NotAllowedNow(_("%(name)s is no party to the agreement, and can't leave it.") % {"name": organisation})
    if agreement.exits_of(organisation).waiting().exists():
        raise NotAllowedNow(_("%(name)s is asked about this already.") % {"name": organisation})
    since = joined.decided_on
    if agreed_last_day is not None and since is not None and agreed_last_day < since:
        raise NotAllowedNow(
            _("%(name)s joined %(day)s. The last day can't be before that.")
            % {"name": organisation, "day": wording.day(since)}
        )
    if organisation.pk in agreement.last_days:
        raise NotAllowedNow(
            _("%(name)s has decided to leave; its last day is %(day)s.")
            % {"name": organisation, "day": wording.day(agreement.last_days[organisation.pk])}
        )
    AgreementParty.objects.filter(agreement__in=Agreement.objects.of_chain(agreement.root)).filter(
        organisation=organisation
    ).update(agreed_last_day=agreed_last_day)
    asked = agreement.exits_of(organisation).count()
    saved(agreement)
    return adoptions.open_adoption(
        collaboration=agreement.collaboration,
        organisation=organisation,
        matter=_("Leaving «%(agreement)s»") % {"agreement": agreement.title},
        proposal=_told(organisation, partial(_leaves, last_day=agreed_last_day), agreement),
        leaves=Agreement.objects.get(pk=agreement.root),
        key=f"ut-av-avtale-{agreement.root}" + (f"-{asked + 1}" if asked else ""),
        example=agreement.example,
        by=by,
    )


@transaction.atomic
def ask_about_dissolution(
    *, agreement: Agreement, version: int | None = None, answer_by: date | None = None, by: Any
) -> list[Adoption]:
    """Put to every party that the agreement is dissolved: it ends when all of them have decided so."""
    agreement = locked(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    if agreement.state != Agreement.State.SENT or not agreement.acceded:
        raise NotAllowedNow(_("There are no parties to ask. End the agreement instead."))
    root = Agreement.objects.get(pk=agreement.root)
    return [
        adoptions.open_adoption(
            collaboration=agreement.collaboration,
            organisation=answer.organisation,
            matter=_("Dissolving «%(agreement)s»") % {"agreement": agreement.title},
            proposal=_told(answer.organisation, _dissolves, agreement),
            dissolves=root,
            key=f"opplosning-av-avtale-{agreement.root}",
            answer_by=answer_by,
            example=agreement.example,
            by=by,
        )
        for answer in agreement.acceded
    ]


def decided(adoption: Adoption, by: Any) -> None:
    """A party's own decision about leaving gives its last day; a no or an objection takes the day away again."""
    if adoption.leaves_id is None:
        return
    chain = Agreement.objects.of_chain(adoption.leaves_id)
    parties = AgreementParty.objects.filter(agreement__in=chain, organisation=adoption.organisation_id)
    day = adoption.decided_on
    if not adoption.says_yes or day is None:
        parties.update(left_on=None)
        return
    versions = list(chain.whole())
    standing = next((one for one in versions if one.is_in_force(day)), versions[-1])
    joined = _acceded(standing, adoption.organisation)
    if joined is None or joined.decided_on is None or joined.decided_on > day:
        raise NotAllowedNow(_("The municipality had not joined the agreement on that day, and can't leave it then."))
    agreed = parties.exclude(agreed_last_day=None).values_list("agreed_last_day", flat=True).first()
    parties.update(left_on=agreement_dates.last_day(standing, day, agreed))


def _acceded(agreement: Agreement, organisation: Organisation) -> Adoption | None:
    today = [answer for answer in agreement.answers if answer.says_yes and answer.organisation_id == organisation.pk]
    gone = agreement.last_days.get(organisation.pk)
    return today[0] if today and not (gone and gone < timezone.localdate()) else None


def _told(organisation: Organisation, sentence: Any, agreement: Agreement) -> str:
    """In the municipality's own language form: its council can decide it as it stands."""
    with override(organisation.language_form or "nb"):
        return str(sentence(organisation, agreement))


def _leaves(organisation: Organisation, agreement: Agreement, last_day: date | None) -> str:
    """A day that is agreed instead of the notice is decided by the party itself: it stands in what it decides on."""
    named = {"municipality": organisation, "agreement": agreement.title}
    if last_day is None:
        return _("%(municipality)s leaves «%(agreement)s».") % named
    named["day"] = wording.day(last_day)
    return _("%(municipality)s leaves «%(agreement)s». The last day as a party is %(day)s, as agreed.") % named


def _dissolves(organisation: Organisation, agreement: Agreement) -> str:
    named = {"municipality": organisation, "agreement": agreement.title}
    return _("%(municipality)s agrees that «%(agreement)s» is dissolved.") % named
