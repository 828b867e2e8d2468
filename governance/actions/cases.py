"""Preparing cases: what they are about and what is proposed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import AgendaItem, Body, Case, Meeting

RIGHT = "governance.prepare_meetings"
TEXTS = [
    "kind",
    "title",
    "information",
    "assessment",
    "consequences",
    "proposal",
    "case_officer",
    "asks_municipalities",
    "exempt",
    "legal_ground",
    "exempt_until",
]


@transaction.atomic
def make_case(*, body: Body, title: str, by: Any, ready: bool = False, example: bool = False, **texts: Any) -> Case:
    """Begin a case for a body; it has no number before an agenda with it goes out."""
    require(by, RIGHT, on=body.collaboration)
    _only_known(texts)
    stage = Case.Stage.READY if ready else Case.Stage.DRAFT
    return Case.objects.create(body=body, title=title, stage=stage, example=example, **texts)


@transaction.atomic
def change_case(*, case: Case, version: int | None = None, by: Any, **texts: Any) -> Case:
    """Change the text while it has not gone out with an agenda (rule 7)."""
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    _only_known(texts)
    if not case.is_editable:
        raise NotAllowedNow(_("The case has gone out with the agenda and stands as it is."))
    for name, value in texts.items():
        setattr(case, name, value)
    return saved(case, *texts)


@transaction.atomic
def mark_ready(*, case: Case, version: int | None = None, by: Any) -> Case:
    """The case can be put on an agenda."""
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    if case.stage != Case.Stage.DRAFT:
        raise NotAllowedNow(_("Only a case that is being prepared can be marked as ready."))
    if case.kind in (Case.Kind.DECISION, Case.Kind.APPROVAL) and not case.proposed_points:
        raise NotAllowedNow(_("Write the proposed resolution before the case is marked as ready."))
    case.stage = Case.Stage.READY
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
    if item and case.stage == Case.Stage.ON_AGENDA:
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
    return Case.objects.create(
        body=case.body, continues=case, minutes_of=case.minutes_of, example=case.example, **texts
    )


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


def _only_known(texts: dict[str, Any]) -> None:
    if unknown := set(texts) - {*TEXTS, "minutes_of"}:
        raise TypeError(f"A case has no {', '.join(sorted(unknown))}.")
