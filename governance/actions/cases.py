"""Preparing cases: what they are about and what is proposed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import richtext
from governance import exemption
from governance.models import AgendaItem, Body, Case, CaseAttachment, Meeting

RIGHT = "governance.prepare_meetings"
TEXTS = [
    "kind",
    "title",
    "information",
    "assessment",
    "consequences",
    "proposal",
    "case_officer",
    "recommended_by",
    "asks_municipalities",
    *exemption.FIELDS,
]
# Written with headings, lists and tables, and cleaned before they are stored.
RICH = ["information", "assessment", "consequences"]


@transaction.atomic
def make_case(*, body: Body, title: str, by: Any, ready: bool = False, example: bool = False, **texts: Any) -> Case:
    """Begin a case for a body; it has no number before an agenda with it goes out."""
    require(by, RIGHT, on=body.collaboration)
    _only_known(texts)
    stage = Case.Stage.READY if ready else Case.Stage.DRAFT
    case = Case(body=body, title=title, stage=stage, example=example)
    return _written(case, texts, by)


@transaction.atomic
def change_case(*, case: Case, version: int | None = None, by: Any, **texts: Any) -> Case:
    """Change the text while it has not gone out with an agenda (rule 7)."""
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    _only_known(texts)
    if not case.is_editable:
        raise NotAllowedNow(
            _(
                "The case has gone out with the agenda and stands as it is. Propose the change in the meeting, or"
                " withdraw it."
            )
        )
    case.version += 1
    return _written(case, texts, by)


@transaction.atomic
def mark_ready(*, case: Case, version: int | None = None, by: Any) -> Case:
    """The case can be put on an agenda."""
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    if case.stage != Case.Stage.DRAFT:
        raise NotAllowedNow(_("Only a case that is being prepared can be marked as ready."))
    if case.kind in (Case.Kind.DECISION, Case.Kind.APPROVAL) and not case.proposed_points:
        raise NotAllowedNow(_("Write the proposed resolution before the case is marked as ready."))
    proposed = AgendaItem.objects.filter(case=case, withdrawn=False, meeting__state=Meeting.State.PLANNED).exists()
    case.stage = Case.Stage.ON_AGENDA if proposed else Case.Stage.READY
    return saved(case, "stage")


@transaction.atomic
def back_to_draft(*, case: Case, version: int | None = None, by: Any) -> Case:
    """The case needs more work before it can stand on an agenda."""
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    if case.stage != Case.Stage.READY:
        raise NotAllowedNow(_("Only a case that is ready, and on no agenda, can go back to being prepared."))
    case.stage = Case.Stage.DRAFT
    return saved(case, "stage")


@transaction.atomic
def withdraw_case(*, case: Case, version: int | None = None, by: Any) -> Case:
    """Take the case out; when its number was given it keeps it, and stands on the agenda as withdrawn (rule 4)."""
    item = _locked_place(case)
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    if case.stage in (Case.Stage.TREATED, Case.Stage.WITHDRAWN):
        raise NotAllowedNow(_("The case is already treated or withdrawn."))
    if item and case.stage in (Case.Stage.DRAFT, Case.Stage.ON_AGENDA):
        if hasattr(item, "resolution"):
            raise NotAllowedNow(_("The body has already treated the case in the meeting."))
        if item.meeting.agenda_is_out:
            item.withdrawn = True
            item.save(update_fields=["withdrawn"])
        else:
            item.delete()
    case.stage = Case.Stage.WITHDRAWN
    return saved(case, "stage")


@transaction.atomic
def bring_back(*, case: Case, by: Any) -> Case:
    """A postponed case comes back as a new case that points to the old one; it gets a new number (D2)."""
    case = locked(case, None)
    require(by, RIGHT, on=case.body.collaboration)
    if case.stage != Case.Stage.POSTPONED:
        raise NotAllowedNow(_("Only a postponed case can come back."))
    if case.continued_by.exists():
        raise NotAllowedNow(_("The case has already come back as a new case."))
    texts = {name: getattr(case, name) for name in TEXTS}
    new = Case(body=case.body, continues=case, minutes_of=case.minutes_of, example=case.example, **texts)
    exemption.require_lawful(new, case.body)
    new.save()
    carry_over(case, new)
    return new


def carry_over(case: Case, to: Case) -> None:
    """A case that comes back, or goes to another body, takes its attachments along."""
    for attachment in case.attachments.order_by("position"):
        copied = CaseAttachment(
            case=to,
            document=attachment.document,
            position=attachment.position,
            title=attachment.title,
            example=attachment.example,
            **exemption.marks_of(attachment),
        )
        exemption.require_lawful(copied, to.body)
        copied.save()


def _locked_place(case: Case) -> AgendaItem | None:
    """Where the case stands; its meeting is locked before the case, as by all who change an agenda."""
    place = AgendaItem.objects.filter(case=case, withdrawn=False)
    Meeting.objects.select_for_update(of=("self",)).filter(items__in=place).order_by("pk").first()
    return place.select_related("meeting", "resolution").order_by("-pk").first()


def locked(case: Case, version: int | None) -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("body__collaboration").get(pk=case.pk)
    check_version(case, version)
    return case


def saved(case: Case, *fields: str) -> Case:
    case.version += 1
    case.save(update_fields=[*fields, "version"])
    return case


def _written(case: Case, texts: dict[str, Any], by: Any) -> Case:
    """The texts as they are told, exempt only as the law allows (rule 8)."""
    marks = {name: value for name, value in texts.items() if name in exemption.FIELDS}
    for name, value in {**texts, **(exemption.with_who_decided(marks, case, by) if marks else {})}.items():
        setattr(case, name, value)
    for name in RICH:
        setattr(case, name, _cleaned(getattr(case, name)))
    exemption.require_lawful(case, case.body)
    case.save()
    return case


def _cleaned(text: str) -> str:
    try:
        return richtext.clean(text)
    except richtext.TooMuch as wrong:
        raise NotAllowedNow(str(wrong)) from wrong


def _only_known(texts: dict[str, Any]) -> None:
    if unknown := set(texts) - {*TEXTS, "minutes_of", "follows_up", "continues"}:
        raise TypeError(f"A case has no {', '.join(sorted(unknown))}.")
