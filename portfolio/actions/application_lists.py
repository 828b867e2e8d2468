"""Application lists: called, filled, put in order by the secretariat, and decided by a body once («30-23»)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from governance import on_behalf
from governance.models import Case, Collaboration, Organisation, Resolution
from governance.models.cases import CaseQuerySet
from governance.models.outcomes import ADOPTED
from portfolio.actions.ideas import MANAGE, SEND
from portfolio.models import Application, ApplicationList, Grant, Idea

FIELDS = ("title", "money", "grant", "who", "deadline")


@transaction.atomic
def call(
    *,
    collaboration: Collaboration,
    title: str,
    money: str = "",
    grant: Grant | None = None,
    who: str = "",
    deadline: date | None = None,
    example: bool = False,
    by: Any,
) -> ApplicationList:
    """Call for applications: which money, who may apply, by when."""
    require(by, MANAGE, on=collaboration)
    _of_the_collaboration(collaboration, grant)
    return ApplicationList.objects.create(
        collaboration=collaboration,
        title=title,
        money=money,
        grant=grant,
        who=who,
        deadline=deadline,
        example=example,
    )


@transaction.atomic
def change_call(*, found: ApplicationList, version: int | None, by: Any, **fields: Any) -> ApplicationList:
    found = _locked(found, version)
    require(by, MANAGE, on=found.collaboration)
    _of_the_collaboration(found.collaboration, fields.get("grant"))
    for name in FIELDS:
        setattr(found, name, fields.get(name, getattr(found, name)))
    return _saved(found)


@transaction.atomic
def apply(
    *, found: ApplicationList, idea: Idea, applicant: Organisation, amount: Decimal, note: str = "", by: Any
) -> Application:
    """A municipality applies until the deadline; the secretariat may register what came by e-mail. Last in the list."""
    found = _locked(found, None)
    if not may_apply(found, applicant, by):
        raise PermissionDenied(SEND)
    on_behalf.speak_as_own(by, SEND, applicant)
    if not found.is_open_on() and not holds(by, MANAGE, found.collaboration):
        raise NotAllowedNow(_("The deadline is past. Ask the secretariat."))
    if idea.collaboration_id != found.collaboration_id:
        raise NotAllowedNow(_("The idea belongs to another collaboration."), at="idea")
    if found.applications.filter(idea=idea, applicant=applicant).exists():
        raise NotAllowedNow(_("They have applied with this idea already."), at="idea")
    last = found.applications.aggregate(last=Max("position"))["last"] or 0
    made = found.applications.create(idea=idea, applicant=applicant, amount=amount, note=note, position=last + 1)
    _saved(found)
    return made


@transaction.atomic
def move(*, application: Application, up: bool, version: int | None = None, by: Any) -> ApplicationList:
    """The secretariat's proposal: one place up or down. At the end of the list nothing happens."""
    found = _locked(application.list, version)
    require(by, MANAGE, on=found.collaboration)
    order = list(found.applications.order_by("position"))
    at = next((place for place, one in enumerate(order) if one.pk == application.pk), None)
    if at is None:
        raise NotAllowedNow(_("The application is taken out of the list."))
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        _number(order)
    return _saved(found)


@transaction.atomic
def take_out(*, application: Application, version: int | None = None, by: Any) -> ApplicationList:
    """Withdrawn, or registered by mistake; the rest move up."""
    found = _locked(application.list, version)
    require(by, MANAGE, on=found.collaboration)
    found.applications.filter(pk=application.pk).delete()
    _number(list(found.applications.order_by("position")))
    return _saved(found)


@transaction.atomic
def decide(
    *,
    found: ApplicationList,
    version: int | None = None,
    case: Case,
    outcomes: Sequence[tuple[Application, str]],
    by: Any,
) -> ApplicationList:
    """The order and the outcomes that the body decided in the case; from now on the list stands."""
    found = _locked(found, version)
    require(by, MANAGE, on=found.collaboration)
    if not adopted(found).filter(pk=case.pk).exists():
        raise NotAllowedNow(_("Choose a case in which a body of the collaboration adopted an order."), at="case")
    held = {one.pk: one for one in found.applications.all()}
    if not held:
        raise NotAllowedNow(_("There is no application in the list to decide."))
    if sorted(one.pk for one, _outcome in outcomes) != sorted(held):
        raise NotAllowedNow(_("Give every application of the list one place."))
    for place, (one, outcome) in enumerate(outcomes, 1):
        if outcome not in Application.Outcome.values:
            raise NotAllowedNow(_("Say of every application whether it is granted or not prioritised."))
        application = held[one.pk]
        application.proposed, application.position, application.outcome = application.position, place, outcome
    Application.objects.bulk_update(held.values(), ["proposed", "position", "outcome"])
    found.case, found.decided_on = case, _day_of(case)
    return _saved(found)


def adopted(found: ApplicationList) -> CaseQuerySet:
    """Treated cases in which the body said yes to something: what it only noted or sent on orders nothing."""
    yes = Resolution.objects.filter(outcome__in=ADOPTED).values("item__case")
    return Case.objects.filter(body__collaboration=found.collaboration_id, stage=Case.Stage.TREATED, pk__in=yes)


def may_apply(found: ApplicationList, applicant: Organisation, user: Any) -> bool:
    if not found.collaboration.members().filter(pk=applicant.pk).exists():
        return False
    return holds(user, MANAGE, found.collaboration) or holds(user, SEND, applicant)


def _day_of(case: Case) -> date:
    """The day of the meeting that treated it last."""
    item = case.items.exclude(resolution=None).select_related("meeting").order_by("meeting__starts_at").last()
    if item is None:
        raise NotAllowedNow(_("Choose a case that a body of the collaboration has treated."), at="case")
    day: date = item.meeting.day
    return day


def _of_the_collaboration(collaboration: Collaboration, grant: Any) -> None:
    if grant is not None and grant.collaboration_id != collaboration.pk:
        raise NotAllowedNow(_("The grant belongs to another collaboration."), at="grant")


def _number(order: list[Application]) -> None:
    for place, one in enumerate(order, 1):
        one.position = place
    Application.objects.bulk_update(order, ["position"])


def _locked(found: ApplicationList, version: int | None) -> ApplicationList:
    shown = ApplicationList.objects.select_related("collaboration").select_for_update(of=["self"])
    current = shown.get(pk=found.pk)
    check_version(current, version)
    if current.is_decided:
        raise NotAllowedNow(_("The list is decided, and stands as it was decided."))
    return current


def _saved(found: ApplicationList) -> ApplicationList:
    found.version += 1
    found.save()
    return found
