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

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from digivesteralen.ui import wording
from governance import agreement_changes, agreement_endings, checklists
from governance.actions import adoptions
from governance.addresses import plain
from governance.models import Agreement, AgreementParty, AgreementSection, Body, Collaboration, Organisation, Resolution
from governance.models.agreements import NEEDED

RIGHT = "governance.manage_collaboration"


@transaction.atomic
def create_agreement(
    *,
    collaboration: Collaboration,
    title: str,
    slug: str = "",
    period_from: date | None = None,
    period_to: date | None = None,
    notice_months: int | None = None,
    form: str | None = None,
    entity_name: str = "",
    other_changes: str = Agreement.Rule.EVERY,
    parties: Iterable[Organisation] | None = None,
    example: bool = False,
    by: Any,
) -> Agreement:
    """Begin an agreement, in the form of the collaboration; unless told otherwise, all members are invited."""
    require(by, RIGHT, on=collaboration)
    agreement = Agreement.objects.create(
        collaboration=collaboration,
        title=title,
        slug=slug or _free_slug(collaboration, title),
        period_from=period_from,
        period_to=period_to,
        notice_months=notice_months,
        form=form or collaboration.legal_form_on(period_from),
        entity_name=entity_name,
        other_changes=other_changes,
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
    **facts: Any,
) -> Agreement:
    """Write the sections of a draft; an emptied section is not there."""
    agreement = draft(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    agreement.title = title or agreement.title
    agreement.period_from, agreement.period_to, agreement.notice_months = period_from, period_to, notice_months
    for fact in ("form", "entity_name", "other_changes", "what_changed", "why"):
        setattr(agreement, fact, facts.get(fact, getattr(agreement, fact)))
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
    return saved(agreement)


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
    agreement = draft(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    party = AgreementParty.objects.select_for_update(of=["self"]).get(agreement=agreement, organisation=organisation)
    party.value, party.example = value, example
    party.save(update_fields=["value", "example"])
    saved(agreement)
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
    agreement = locked(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    if agreement.state == Agreement.State.ENDED:
        raise NotAllowedNow(_("The agreement has ended."))
    if agreement.replaced_on is not None:
        raise NotAllowedNow(_("A later version has taken over. Invite the party to that one."))
    if agreement.state == Agreement.State.SENT and checklists.rule_of(agreement.form).council_itself:
        raise NotAllowedNow(
            _("A new party changes what every council has decided. Make a new version, and invite the party in it.")
        )
    if agreement.parties.filter(organisation=organisation).exists():
        raise NotAllowedNow(_("%(party)s is already a party.") % {"party": organisation})
    party = AgreementParty.objects.create(agreement=agreement, organisation=organisation, value=value, example=example)
    if agreement.state == Agreement.State.SENT:
        _ask(agreement, organisation, asked_on=timezone.localdate(), answer_by=answer_by, example=example, by=by)
    saved(agreement)
    return party


@transaction.atomic
def remove_party(*, agreement: Agreement, version: int | None = None, organisation: Organisation, by: Any) -> Agreement:
    """Take back an invitation while the agreement is a draft."""
    agreement = draft(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    agreement.parties.filter(organisation=organisation).delete()
    return saved(agreement)


@transaction.atomic
def send_agreement(
    *,
    agreement: Agreement,
    version: int | None = None,
    answer_by: date | None = None,
    sent_on: date | None = None,
    resolution: Resolution | None = None,
    resolved_by: str = "",
    resolved_on: date | None = None,
    extract: Upload | Document | None = None,
    by: Any,
) -> Agreement:
    """Freeze the text, and put the agreement to each municipality that is a party; none is bound by that (R1).

    A later version that touches no listed point is adopted by the agreed rule: the resolution is told instead.
    """
    agreement = draft(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    lacking = missing(agreement)
    if lacking:
        raise NotAllowedNow(" ".join(lacking))
    agreement.sent_on = sent_on or timezone.localdate()
    if agreement.sent_on > timezone.localdate():
        raise NotAllowedNow(_("The agreement can't have been sent on a day that has not come."))
    agreement.answer_by = answer_by
    _way(agreement, resolution, resolved_by, resolved_on, extract, by)
    agreement.state = Agreement.State.SENT
    saved(agreement)
    _ask_parties(agreement, by=by)
    order_document(agreement=agreement, by=by)
    return agreement


@transaction.atomic
def end_agreement(*, agreement: Agreement, version: int | None = None, by: Any) -> Agreement:
    """The agreement no longer holds; what the municipalities decided stays where it stands."""
    agreement = locked(agreement, version)
    require(by, RIGHT, on=agreement.collaboration)
    if refusal := agreement_endings.why_not_ended(agreement):
        raise NotAllowedNow(refusal)
    agreement.state = Agreement.State.ENDED
    agreement.ended_on = timezone.localdate()
    return saved(agreement)


def order_document(*, agreement: Agreement, by: Any) -> Job:
    """The agreement as PDF: of a draft marked so, of a sent one kept with its proof."""
    kind = "governance.agreement_draft" if agreement.state == Agreement.State.DRAFT else "governance.agreement"
    answers = agreement.adoptions.aggregate(versions=Sum("version"))["versions"] or 0
    return jobs.ask(kind, agreement.pk, by=by, key=f"agreement:{agreement.pk}:{agreement.version}:{answers}")


def missing(agreement: Agreement) -> list[str]:
    """What stands between a draft and sending it, in sentences."""
    sentences = _unwritten(agreement)
    if refusal := checklists.name_lacks(agreement.form, agreement.entity_name, agreement.period_from):
        sentences.append(refusal)
    if agreement.parties.exclude(value="").count() < NEEDED:
        sentences.append(_("At least two parties need a text about the value for them."))
    if agreement.follows and not touched(agreement) and _same(agreement):
        sentences.append(_("Nothing is changed since the version before."))
    return sentences


def touched(agreement: Agreement) -> list[str]:
    """The listed points that a later version touches; whatever it touches when every change needs every party."""
    if agreement.follows is None:
        return []
    return agreement_changes.touches(agreement.follows, agreement)


def goes_to_every_party(agreement: Agreement) -> bool:
    """Whether each party's own body must adopt it: the first version, a listed point, or the agreed rule says so."""
    before = agreement.follows
    return before is None or before.other_changes == Agreement.Rule.EVERY or bool(touched(agreement))


def _same(agreement: Agreement) -> bool:
    before = agreement.follows
    assert before is not None
    told = agreement_changes.compare(before, agreement)
    invited, known = (set(one.parties.values_list("organisation", "value")) for one in (agreement, before))
    return all(change.kind == "same" for change in told) and invited <= known


def _unwritten(agreement: Agreement) -> list[str]:
    unmet = agreement_changes.unmet(agreement)
    if not unmet:
        return []
    named = {"n": len(unmet), "names": ", ".join(str(point) for point in unmet)}
    if agreement.form == Agreement.Form.AGREEMENT:
        return [
            ngettext("One section is not written: %(names)s.", "%(n)s sections are not written: %(names)s.", len(unmet))
            % named
        ]
    missing = _("No clause settles: %(point)s (%(place)s). Write a clause, and tick the point in it.")
    return [missing % {"point": point, "place": point.place} for point in unmet]


def _way(
    agreement: Agreement,
    resolution: Resolution | None,
    resolved_by: str,
    resolved_on: date | None,
    extract: Upload | Document | None,
    by: Any,
) -> None:
    """Every party's own body, or the rule agreed in the version before, with the resolution it asks for."""
    if goes_to_every_party(agreement):
        agreement.way, agreement.asked_in = Agreement.Way.EVERY, None
        return
    before = agreement.follows
    assert before is not None
    if resolution is not None:
        resolved_by, resolved_on = resolved_by or str(resolution), resolution.item.meeting.day
    if not resolved_by or resolved_on is None:
        raise NotAllowedNow(
            _("This version touches no listed point: it is adopted by %(rule)s. Tell which resolution, and its day.")
            % {"rule": before.get_other_changes_display()}
        )
    if refusal := _does_not_adopt(agreement, before, resolution, resolved_on, bool(extract)):
        raise NotAllowedNow(refusal)
    agreement.way, agreement.asked_in = Agreement.Way.RULE, before.asked_in or before
    agreement.resolution, agreement.resolved_by, agreement.resolved_on = resolution, resolved_by, resolved_on
    agreement.resolution_extract = _kept(agreement, extract, by)


def _does_not_adopt(
    agreement: Agreement, before: Agreement, resolution: Resolution | None, day: date, extract: bool
) -> str:
    """Why this is not the resolution that the agreed rule asks for: its body, its votes, its day, or its proof."""
    if day > timezone.localdate():
        return _("The date of the decision is in the future. Register it when it is made.")
    if before.in_force_from is not None and day < before.in_force_from:
        return _("The version before was in force from %(day)s. An earlier resolution has not changed it.") % {
            "day": wording.day(before.in_force_from)
        }
    if resolution is None:
        return "" if extract else _("Attach the extract of the resolution that is registered elsewhere.")
    if refusal := _wrong_body(before, resolution) or too_few(before.other_changes, resolution):
        return refusal
    history: Any = agreement.history  # type: ignore[attr-defined]
    day_begun = timezone.localdate(history.earliest("pgh_id").pgh_created_at)
    if day < day_begun and not extract:
        return _(
            "The resolution was made before the draft was begun, %(day)s. Choose a later one, or attach the extract"
            " that shows that it adopted this text."
        ) % {"day": wording.day(day_begun)}
    return ""


def _wrong_body(before: Agreement, resolution: Resolution) -> str:
    body = resolution.item.meeting.body
    if before.other_changes == Agreement.Rule.STEERING:
        right = body.kind == Body.Kind.STEERING
    else:
        right = body.level == Body.Level.GOVERNING
    if right and body.collaboration_id == before.collaboration_id:
        return ""
    return _("The agreement says %(rule)s. %(body)s can't adopt it.") % {
        "rule": before.get_other_changes_display(),
        "body": body.name,
    }


def too_few(rule: str, resolution: Resolution) -> str:
    if not resolution.is_adopted:
        return _("The resolution did not adopt it. Choose a resolution that did, or take the case up again.")
    if rule != Agreement.Rule.TWO_THIRDS or resolution.unanimous:
        return ""
    votes = (resolution.votes_for or 0) + (resolution.votes_against or 0)
    if not votes:
        return _("The votes are not counted, so nobody can see that two thirds voted for it. Count them first.")
    if 3 * (resolution.votes_for or 0) < 2 * votes:
        return _("%(yes)s of %(all)s votes are fewer than two thirds. Put it to the assembly again.") % {
            "yes": resolution.votes_for,
            "all": votes,
        }
    return ""


def _kept(agreement: Agreement, extract: Upload | Document | None, by: Any) -> Document | None:
    if not isinstance(extract, Upload):
        return extract
    return files.keep(
        extract.content,
        kind="governance.resolution_extract",
        subject=agreement.pk,
        title=_("Extract: %(adoption)s") % {"adoption": agreement},
        file_name=extract.file_name,
        mime=extract.mime,
        by=by,
    )


def _ask_parties(agreement: Agreement, *, by: Any) -> None:
    """Those that have to decide; where the agreed rule adopted it, those alone that are new."""
    for party in agreement.parties.select_related("organisation"):
        if party.left_on is not None and party.left_on < timezone.localdate():
            continue
        when: dict[str, Any] = {"asked_on": agreement.sent_on, "answer_by": agreement.answer_by}
        _ask(agreement, party.organisation, example=agreement.example or party.example, by=by, **when)


def _ask(agreement: Agreement, organisation: Organisation, **when: Any) -> None:
    if organisation.kind != Organisation.Kind.MUNICIPALITY:
        return
    adoptions.open_adoption(
        collaboration=agreement.collaboration,
        organisation=organisation,
        matter=str(agreement),
        proposal=proposed_text(agreement, organisation),
        agreement=agreement.asked_in or agreement,
        **when,
    )


def proposed_text(agreement: Agreement, organisation: Organisation, lang: str = "") -> str:
    """In the municipality's own language form: its council can decide it as it stands."""
    with override(lang or organisation.language_form or "nb"):
        named = {"municipality": organisation, "agreement": agreement.title, "number": agreement.number}
        if agreement.follows_id and agreement.asked_in_id is None:
            return _("%(municipality)s adopts version %(number)s of «%(agreement)s».") % named
        return _("%(municipality)s joins «%(agreement)s».") % named


def _free_slug(collaboration: Collaboration, title: str) -> str:
    stem = plain(title, limit=50) or "avtale"
    taken = set(collaboration.agreements.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in [stem, *numbered] if slug not in taken)


def locked(agreement: Agreement, version: int | None) -> Agreement:
    """The agreement as it stands, held until the transaction ends, if it is the one that was read."""
    current = Agreement.objects.select_for_update(of=["self"]).whole().get(pk=agreement.pk)
    check_version(current, version)
    return current


def draft(agreement: Agreement, version: int | None) -> Agreement:
    current = locked(agreement, version)
    if current.state != Agreement.State.DRAFT:
        raise NotAllowedNow(_("The agreement has been sent, and its text is frozen."))
    return current


def saved(agreement: Agreement) -> Agreement:
    agreement.version += 1
    agreement.save()
    return agreement
