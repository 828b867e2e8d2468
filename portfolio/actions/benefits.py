"""Benefits of a project: what is to be gained, by whom, how it is measured, and the map from means to goal (D14)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance.models import Organisation
from portfolio.actions.pressed_twice import written_just_now
from portfolio.actions.projects import locked
from portfolio.models import Benefit, BenefitChain, BenefitMeasurement, Goal, OneSided, Project

MANAGE = "governance.manage_portfolio"


class BenefitFields(TypedDict, total=False):
    """What the common model asks for beyond the three fields; all of it may wait (E10)."""

    kind: str
    side: str
    arises: str
    prerequisites: str
    indicator: str
    unit: str
    direction: str
    baseline: Decimal | None
    baseline_on: date | None
    target_value: Decimal | None
    target_on: date | None
    importance: str
    importance_reason: str
    measure: str
    measure_by: str
    method: str
    method_by: str
    measured_every: int
    used_for: str
    starts_year: int | None
    yearly_value: Decimal | None


class ChainFields(TypedDict, total=False):
    """One line of the map, from the left."""

    enabler: str
    change: str
    work: str
    early: str
    benefit: Benefit
    goal: Goal | None


@transaction.atomic
def add_benefit(
    *,
    project: Project,
    gain: str,
    owner: Organisation | None = None,
    target: str = "",
    example: bool = False,
    by: Any,
    **more: Unpack[BenefitFields],
) -> Benefit:
    """Without an owner it is each municipality's that takes part; each then says who owns it there (R12)."""
    project = locked(project, None)
    require(by, MANAGE, on=project.collaboration)
    told: dict[str, Any] = {"gain": gain, "owner": owner, "target": target, **more}
    if same := written_just_now(project.benefits.all(), told):
        return cast(Benefit, same)
    made = Benefit(project=project, example=example or project.example, **told)
    checked(made)
    made.save()
    return made


@transaction.atomic
def change_benefit(
    *,
    benefit: Benefit,
    version: int | None = None,
    gain: str,
    owner: Organisation | None = None,
    target: str = "",
    by: Any,
    **more: Unpack[BenefitFields],
) -> Benefit:
    """Save what was changed; what the municipalities' lines and measurements stand on stays below them."""
    before = locked_benefit(benefit, version)
    require(by, MANAGE, on=before.project.collaboration)
    changed = locked_benefit(benefit, version)
    changed.gain, changed.owner, changed.target = gain, owner, target
    for name, value in more.items():
        setattr(changed, name, value)
    _holds_its_lines(before, changed)
    checked(changed)
    changed.version += 1
    changed.save()
    return changed


@transaction.atomic
def remove_benefit(*, benefit: Benefit, version: int | None = None, by: Any) -> None:
    """Take out what was registered by mistake; what a municipality has planned or measured stays."""
    benefit = locked_benefit(benefit, version)
    require(by, MANAGE, on=benefit.project.collaboration)
    if benefit.lines.exists():
        raise NotAllowedNow(
            _("A municipality has planned the benefit, so it stays. Change its text instead, or the target.")
        )
    benefit.delete()


@transaction.atomic
def say_why_one_side(*, project: Project, reason: str, version: int | None = None, by: Any) -> OneSided | None:
    """Why the project gives no reduced cost or no better services (E11); an empty reason takes the sentence away."""
    project = locked(project, None)
    require(by, MANAGE, on=project.collaboration)
    said = OneSided.objects.filter(project=project).first()
    if said is not None:
        check_version(said, version)
    if not reason.strip():
        if said is not None:
            said.delete()
        return None
    said = said or OneSided(project=project, version=0)
    said.reason = reason
    said.version += 1
    said.save()
    return said


@transaction.atomic
def add_chain(*, project: Project, by: Any, **told: Unpack[ChainFields]) -> BenefitChain:
    """One more way from a means to a benefit."""
    project = locked(project, None)
    require(by, MANAGE, on=project.collaboration)
    _of_the_project(project, told)
    same: BenefitChain | None = written_just_now(BenefitChain.objects.filter(project=project), dict(told))
    return same or BenefitChain.objects.create(project=project, **told)


@transaction.atomic
def change_chain(
    *, chain: BenefitChain, version: int | None = None, by: Any, **told: Unpack[ChainFields]
) -> BenefitChain:
    chain = _locked_chain(chain, version)
    require(by, MANAGE, on=chain.project.collaboration)
    _of_the_project(chain.project, told)
    for name, value in told.items():
        setattr(chain, name, value)
    chain.version += 1
    chain.save()
    return chain


@transaction.atomic
def remove_chain(*, chain: BenefitChain, version: int | None = None, by: Any) -> None:
    chain = _locked_chain(chain, version)
    require(by, MANAGE, on=chain.project.collaboration)
    chain.delete()


def checked(row: models.Model) -> None:
    """The constraints in words, for callers that had no form before them."""
    try:
        row.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused


def locked_benefit(benefit: Benefit, version: int | None) -> Benefit:
    current = (
        Benefit.objects.select_for_update(of=["self"], no_key=True)
        .select_related("project__collaboration")
        .get(pk=benefit.pk)
    )
    check_version(current, version)
    return current


def _holds_its_lines(before: Benefit, changed: Benefit) -> None:
    others = changed.lines.exclude(participation__organisation=changed.owner_id) if changed.owner_id else None
    if others is not None and others.exists():
        raise NotAllowedNow(
            _("Other municipalities have planned the benefit too, so it stays with each that takes part."), at="owner"
        )
    told = BenefitMeasurement.objects.filter(line__benefit=changed).order_by("on").first()
    if told is None:
        return
    if (changed.unit, changed.direction, changed.baseline) != (before.unit, before.direction, before.baseline):
        raise NotAllowedNow(
            _(
                "The benefit is measured already, so the unit, the start value and what is better stay. Register a "
                "benefit of its own."
            ),
            at="unit",
        )
    if changed.baseline_on is None or told.on < changed.baseline_on:
        raise NotAllowedNow(
            _("The first measurement is of %(day)s. The start value must be of that day or before.")
            % {"day": wording.short_day(told.on)},
            at="baseline_on",
        )


def _of_the_project(project: Project, told: ChainFields) -> None:
    if "benefit" in told and told["benefit"].project_id != project.pk:
        raise NotAllowedNow(
            _("The benefit belongs to another project. Choose one of this project's own."), at="benefit"
        )


def _locked_chain(chain: BenefitChain, version: int | None) -> BenefitChain:
    current = (
        BenefitChain.objects.select_for_update(of=["self"]).select_related("project__collaboration").get(pk=chain.pk)
    )
    check_version(current, version)
    return current
