"""Writing an agreement, and sending it to the municipalities; that it is in force follows from their own decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.actions import adoptions
from governance.addresses import plain
from governance.models import Agreement, AgreementParty, AgreementSection, Collaboration, Organisation
from governance.models.agreements import NEEDED


@transaction.atomic
def create_agreement(
    *,
    collaboration: Collaboration,
    title: str,
    slug: str = "",
    period_from: date | None = None,
    period_to: date | None = None,
    notice_months: int | None = None,
    parties: Iterable[Organisation] | None = None,
    example: bool = False,
    by: Any,
) -> Agreement:
    """Begin an agreement; unless told otherwise, all members are invited as parties."""
    agreement = Agreement.objects.create(
        collaboration=collaboration,
        title=title,
        slug=slug or _free_slug(collaboration, title),
        period_from=period_from,
        period_to=period_to,
        notice_months=notice_months,
        example=example,
    )
    invited = collaboration.members() if parties is None else parties
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreement, organisation=organisation, example=example) for organisation in invited
    )
    return agreement


@transaction.atomic
def write_agreement(
    *,
    agreement: Agreement,
    version: int | None = None,
    title: str | None = None,
    period_from: date | None = None,
    period_to: date | None = None,
    notice_months: int | None = None,
    sections: Mapping[str, str],
    by: Any,
) -> Agreement:
    """Write the sections of a draft; an emptied section is not there."""
    agreement = _draft(agreement, version)
    agreement.title = title or agreement.title
    agreement.period_from, agreement.period_to, agreement.notice_months = period_from, period_to, notice_months
    written = {section.kind: section for section in agreement.sections.all()}
    for kind, text in sections.items():
        section = written.get(kind)
        if not text.strip():
            agreement.sections.filter(kind=kind).delete()
        elif section is None:
            AgreementSection.objects.create(agreement=agreement, kind=kind, text=text)
        elif section.text != text:
            section.text = text
            section.save(update_fields=["text"])
    return _saved(agreement)


@transaction.atomic
def write_value(
    *,
    agreement: Agreement,
    version: int | None = None,
    organisation: Organisation,
    value: str,
    example: bool = False,
    by: Any,
) -> AgreementParty:
    """What the agreement is worth for exactly this party (R14)."""
    agreement = _draft(agreement, version)
    party = AgreementParty.objects.select_for_update(of=["self"]).get(agreement=agreement, organisation=organisation)
    party.value, party.example = value, example
    party.save(update_fields=["value", "example"])
    _saved(agreement)
    return party


@transaction.atomic
def add_party(
    *,
    agreement: Agreement,
    version: int | None = None,
    organisation: Organisation,
    value: str = "",
    answer_by: date | None = None,
    example: bool = False,
    by: Any,
) -> AgreementParty:
    """Invite one more party; to an agreement that was sent already, it is asked at once (R13)."""
    agreement = _locked(agreement, version)
    if agreement.state == Agreement.State.ENDED:
        raise NotAllowedNow(_("The agreement has ended."))
    if agreement.parties.filter(organisation=organisation).exists():
        raise NotAllowedNow(_("%(party)s is already a party.") % {"party": organisation})
    party = AgreementParty.objects.create(agreement=agreement, organisation=organisation, value=value, example=example)
    if agreement.state == Agreement.State.SENT:
        _ask(agreement, organisation, asked_on=timezone.localdate(), answer_by=answer_by, example=example, by=by)
    _saved(agreement)
    return party


@transaction.atomic
def remove_party(*, agreement: Agreement, version: int | None = None, organisation: Organisation, by: Any) -> Agreement:
    """Take back an invitation while the agreement is a draft."""
    agreement = _draft(agreement, version)
    agreement.parties.filter(organisation=organisation).delete()
    return _saved(agreement)


@transaction.atomic
def send_agreement(
    *,
    agreement: Agreement,
    version: int | None = None,
    answer_by: date | None = None,
    sent_on: date | None = None,
    by: Any,
) -> Agreement:
    """Freeze the text, and put the agreement to each municipality that is a party; none is bound by that (R1)."""
    agreement = _draft(agreement, version)
    lacking = missing(agreement)
    if lacking:
        raise NotAllowedNow(" ".join(lacking))
    agreement.sent_on = sent_on or timezone.localdate()
    if agreement.sent_on > timezone.localdate():
        raise NotAllowedNow(_("The agreement can't have been sent on a day that has not come."))
    agreement.answer_by = answer_by
    agreement.state = Agreement.State.SENT
    _saved(agreement)
    for party in agreement.parties.select_related("organisation"):
        _ask(
            agreement,
            party.organisation,
            asked_on=agreement.sent_on,
            answer_by=answer_by,
            example=agreement.example or party.example,
            by=by,
        )
    order_document(agreement=agreement, by=by)
    return agreement


@transaction.atomic
def end_agreement(*, agreement: Agreement, version: int | None = None, by: Any) -> Agreement:
    """The agreement no longer holds; what the municipalities decided stays where it stands."""
    agreement = _locked(agreement, version)
    if agreement.state != Agreement.State.SENT:
        raise NotAllowedNow(_("Only an agreement that has been sent can be ended."))
    agreement.state = Agreement.State.ENDED
    return _saved(agreement)


def order_document(*, agreement: Agreement, by: Any) -> Job:
    """The agreement as PDF: of a draft marked so, of a sent one kept with its proof."""
    kind = "governance.agreement_draft" if agreement.state == Agreement.State.DRAFT else "governance.agreement"
    answers = agreement.adoptions.aggregate(versions=Sum("version"))["versions"] or 0
    return jobs.ask(kind, agreement.pk, by=by, key=f"agreement:{agreement.pk}:{agreement.version}:{answers}")


def missing(agreement: Agreement) -> list[str]:
    """What stands between a draft and sending it, in sentences."""
    written = set(agreement.sections.values_list("kind", flat=True))
    empty = [str(label) for kind, label in AgreementSection.Kind.choices if kind not in written]
    sentences = []
    if empty:
        sentences.append(
            ngettext("One section is not written: %(names)s.", "%(n)s sections are not written: %(names)s.", len(empty))
            % {"n": len(empty), "names": ", ".join(empty)}
        )
    if agreement.parties.exclude(value="").count() < NEEDED:
        sentences.append(_("At least two parties need a text about the value for them."))
    return sentences


def _ask(agreement: Agreement, organisation: Organisation, **when: Any) -> None:
    if organisation.kind != Organisation.Kind.MUNICIPALITY:
        return
    adoptions.open_adoption(
        collaboration=agreement.collaboration,
        organisation=organisation,
        matter=agreement.title,
        proposal=proposed_text(agreement, organisation),
        agreement=agreement,
        **when,
    )


def proposed_text(agreement: Agreement, organisation: Organisation, lang: str = "") -> str:
    """In the municipality's own language form: its council can decide it as it stands."""
    with override(lang or organisation.language_form or "nb"):
        named = {"municipality": organisation, "agreement": agreement.title}
        return _("%(municipality)s joins «%(agreement)s».") % named


def _free_slug(collaboration: Collaboration, title: str) -> str:
    stem = plain(title, limit=50) or "avtale"
    taken = set(collaboration.agreements.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in [stem, *numbered] if slug not in taken)


def _locked(agreement: Agreement, version: int | None) -> Agreement:
    current = Agreement.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=agreement.pk)
    check_version(current, version)
    return current


def _draft(agreement: Agreement, version: int | None) -> Agreement:
    current = _locked(agreement, version)
    if current.state != Agreement.State.DRAFT:
        raise NotAllowedNow(_("The agreement has been sent, and its text is frozen."))
    return current


def _saved(agreement: Agreement) -> Agreement:
    agreement.version += 1
    agreement.save()
    return agreement
