"""Risks and opportunities: registered, changed, and assessed anew on a day (K1, D16)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple, TypedDict, Unpack, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds
from digivesteralen.ui import wording
from governance.models import Collaboration, Organisation, Person
from portfolio.actions.pressed_twice import written_just_now
from portfolio.actions.projects import locked
from portfolio.actions.rollout import MANAGE, plans_for_all
from portfolio.models import Project, Risk, RiskAssessment
from portfolio.models.risks import FIGURES


class RiskFields(TypedDict, total=False):
    """What a person writes about a risk."""

    kind: str
    description: str
    phase: str
    proximity: str
    measure: str
    person: Person | None
    organisation: Organisation | None
    strategy: str
    status: str
    in_portfolio: bool


class Judged(NamedTuple):
    """How likely and how grave, now and after the measure."""

    likelihood: int
    consequence: int
    likelihood_after: int | None = None
    consequence_after: int | None = None


def may_write(user: Any, collaboration: Collaboration, project: Project | None) -> bool:
    """A project's: the secretariat and the leader of that project. The collaboration's own: the secretariat."""
    return plans_for_all(user, project) if project else holds(user, MANAGE, collaboration)


@transaction.atomic
def register_risk(
    *,
    collaboration: Collaboration,
    project: Project | None = None,
    judged: Judged,
    on: date | None = None,
    comment: str = "",
    example: bool = False,
    by: Any,
    **fields: Unpack[RiskFields],
) -> Risk:
    """Put a risk or an opportunity on the list of a project, or of the collaboration itself, with the next number."""
    if project:
        project = locked(project, None)
        collaboration = project.collaboration
        _may(by, collaboration, project)
    else:
        _may(by, collaboration, None)
        Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    here = Risk.objects.filter(collaboration=collaboration, project=project)
    if (same := written_just_now(here, dict(fields))) and _is_judged(same, judged, on or timezone.localdate()):
        return cast(Risk, same)
    last = here.aggregate(last=Max("number"))["last"] or 0
    risk = Risk(collaboration=collaboration, project=project, number=last + 1, example=example, **fields)
    _checked(risk)
    risk.save()
    _judge(risk, judged, on, comment, by)
    return risk


@transaction.atomic
def change_risk(
    *,
    risk: Risk,
    version: int | None,
    judged: Judged | None = None,
    on: date | None = None,
    comment: str = "",
    by: Any,
    **fields: Unpack[RiskFields],
) -> Risk:
    """Save what was changed; other figures than the newest are a new assessment, and the earlier ones stay."""
    risk = _locked(risk, version, by)
    for name, value in fields.items():
        setattr(risk, name, value)
    _checked(risk)
    risk.version += 1
    risk.save()
    newest = risk.assessments.first()
    if judged and (newest is None or judged != _of(newest) or comment):
        _judge(risk, judged, on, comment, by)
    return risk


@transaction.atomic
def assess_unchanged(*, risk: Risk, version: int | None = None, comment: str = "", by: Any) -> RiskAssessment:
    """Gone through today, and it stands as it stood; pressed twice it is said once."""
    risk = _locked(risk, version, by)
    newest = risk.assessments.first()
    if newest is None:
        raise NotAllowedNow(_("The risk has no assessment yet. Give likelihood and consequence first."))
    if newest.assessed_on == timezone.localdate():
        return newest
    return _judge(risk, _of(newest), None, comment, by)


def _judge(risk: Risk, judged: Judged, on: date | None, comment: str, by: Any) -> RiskAssessment:
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise NotAllowedNow(
            _("A risk can't be assessed on a day to come. Write today or an earlier day."), at="assessed_on"
        )
    newest = risk.assessments.first()
    if newest and newest.assessed_on > day:
        raise NotAllowedNow(
            _("The risk was assessed on %(day)s. Write that day or a later one.")
            % {"day": wording.day(newest.assessed_on)},
            at="assessed_on",
        )
    made = RiskAssessment(risk=risk, assessed_on=day, comment=comment, made_by=by, **judged._asdict())
    _checked(made)
    made.save()
    return made


def _is_judged(risk: Risk, judged: Judged, on: date) -> bool:
    newest = risk.assessments.first()
    return newest is not None and (_of(newest), newest.assessed_on) == (judged, on)


def _of(made: RiskAssessment) -> Judged:
    return Judged(*(getattr(made, name) for name in FIGURES))


def _locked(risk: Risk, version: int | None, by: Any) -> Risk:
    found = Risk.objects.select_for_update(of=["self"], no_key=True)
    current = found.select_related("collaboration", "project__collaboration", "project__leader").get(pk=risk.pk)
    _may(by, current.collaboration, current.project)
    check_version(current, version)
    return current


def _may(by: Any, collaboration: Collaboration, project: Project | None) -> None:
    if not may_write(by, collaboration, project):
        raise PermissionDenied(MANAGE)


def _checked(made: models.Model) -> None:
    """The constraints in words, for callers that had no form before them."""
    try:
        made.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
