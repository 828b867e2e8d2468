"""What each municipality plans to gain and has measured; told by its own people, or by the secretariat for it (R12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, check_version, holds, require
from digivesteralen.ui import wording
from governance import on_behalf
from governance.models import Person
from portfolio.actions.benefits import MANAGE, checked
from portfolio.actions.participation import REPORT_RIGHT
from portfolio.models import Benefit, BenefitLine, BenefitMeasurement, Participation, Project

NEW = 0  # the version of a line nobody has written yet


class LineFields(TypedDict, total=False):
    """What a municipality says of its own part."""

    owner: Person | None
    owner_role: str
    expected: Decimal | None
    baseline: Decimal | None
    ready: bool
    comment: str


def may_tell(user: Any, part: Participation, line: BenefitLine | None = None) -> bool:
    """The municipality's own people, whoever owns the benefit there, and the secretariat on its behalf."""
    return _is_own(user, part, line) or holds(user, MANAGE, part.project.collaboration)


@transaction.atomic
def plan_line(
    *,
    benefit: Benefit,
    participation: Participation,
    version: int | None = None,
    example: bool = False,
    by: Any,
    **told: Unpack[LineFields],
) -> BenefitLine:
    """The municipality's owner of the benefit, and what it expects; without an owner nothing is planned."""
    part = _locked_part(participation)
    found = BenefitLine.objects.filter(benefit=benefit, participation=part).first()
    on_behalf = _on_behalf(by, part, found)
    if refusal := why_not_planned(by, part, found):
        raise NotAllowedNow(refusal)
    _same_project(benefit, part)
    _takes_part(part)
    line = _as_it_was_seen(found, version) or BenefitLine(benefit=benefit, participation=part, version=NEW)
    owner = line.owner_id
    for name, value in told.items():
        setattr(line, name, value)
    if line.owner_id != owner:
        line.reminded_for = None
    _owned_there(line, part)
    line.registered_by, line.on_behalf = by, on_behalf
    line.example = line.example or example or part.example
    checked(line)
    line.version += 1
    line.save()
    return line


@transaction.atomic
def measure(
    *,
    line: BenefitLine,
    on: date,
    value: Decimal,
    comment: str = "",
    version: int | None = None,
    example: bool = False,
    by: Any,
) -> BenefitMeasurement:
    """What was measured on a day; each day once, from the day of the start value to today."""
    line = _locked(line)
    on_behalf = _on_behalf(by, line.participation, line)
    _takes_part(line.participation)
    _in_its_time(line, on)
    standing = line.measurements.standing().filter(on=on).select_related("registered_by__person").first()
    if standing is not None:
        raise NotAllowedNow(
            _("%(day)s is measured already, by %(name)s: %(value)s. Correct that measurement instead.")
            % {
                "day": wording.short_day(on),
                "name": getattr(standing.registered_by, "person", standing.registered_by),
                "value": wording.number(standing.value),
            },
            at="on",
        )
    check_version(line, version)
    return _kept(line, by, on_behalf, on=on, value=value, comment=comment, example=example or line.example)


@transaction.atomic
def correct(
    *,
    measurement: BenefitMeasurement,
    on: date,
    value: Decimal,
    reason: str,
    comment: str = "",
    version: int | None = None,
    by: Any,
) -> BenefitMeasurement:
    """What was wrong stays to be read; the new one counts, with the reason."""
    line = _locked(measurement.line)
    on_behalf = _on_behalf(by, line.participation, line)
    if on_behalf and not measurement.on_behalf:
        raise NotAllowedNow(_written_by_itself(line.participation))
    if not reason.strip():
        raise NotAllowedNow(_("Write why the measurement is corrected."), at="reason")
    if BenefitMeasurement.objects.filter(corrects=measurement).exists():
        raise NotAllowedNow(_("Somebody has corrected this measurement already. Correct the newest instead."))
    _in_its_time(line, on)
    if line.measurements.standing().filter(on=on).exclude(pk=measurement.pk).exists():
        raise NotAllowedNow(
            _("%(day)s has another measurement. Correct that one, or choose another day.")
            % {"day": wording.short_day(on)},
            at="on",
        )
    check_version(line, version)
    told = {"on": on, "value": value, "comment": comment, "example": measurement.example}
    return _kept(line, by, on_behalf, corrects=measurement, reason=reason, **told)


def why_not_planned(user: Any, part: Participation, line: BenefitLine | None) -> str:
    """Why somebody can't change the plan; the secretariat writes nothing over a municipality's own words (rule 1)."""
    if line is None or line.on_behalf or _is_own(user, part, line):
        return ""
    return _written_by_itself(part)


def why_not_then(benefit: Benefit, on: date) -> str:
    """Why a measurement can't be of this day; empty where it can."""
    if benefit.baseline_on is None:
        return _(
            "There is nothing to compare with yet. First write what is measured, the start value and its day under "
            "«More about the benefit»."
        )
    if on < benefit.baseline_on:
        return _(
            "%(day)s is before the start value, which is of %(start)s. Write a later day, or change the start value."
        ) % {"day": wording.short_day(on), "start": wording.short_day(benefit.baseline_on)}
    if on > timezone.localdate():
        return _("%(day)s is in the future. Write the day it was measured.") % {"day": wording.short_day(on)}
    return ""


def _kept(line: BenefitLine, by: Any, on_behalf: bool, **told: Any) -> BenefitMeasurement:
    made = BenefitMeasurement.objects.create(line=line, registered_by=by, on_behalf=on_behalf, **told)
    line.version += 1
    line.save(update_fields=["version"])
    return made


def _in_its_time(line: BenefitLine, on: date) -> None:
    if refusal := why_not_then(line.benefit, on):
        raise NotAllowedNow(refusal, at="on")


def _is_own(user: Any, part: Participation, line: BenefitLine | None) -> bool:
    if holds(user, REPORT_RIGHT, part.organisation):
        return True
    if line is None or line.owner is None or line.owner.user_id != user.pk:
        return False
    return Person.objects.at(part.organisation).filter(pk=line.owner.pk).exists()


def _on_behalf(by: Any, part: Participation, line: BenefitLine | None) -> bool:
    """Stop who may not (rule 1); what the secretariat writes is marked."""
    if _is_own(by, part, line):
        on_behalf.speak_for(by, part.organisation)
        return False
    if not holds(by, MANAGE, part.project.collaboration):
        raise PermissionDenied(REPORT_RIGHT)
    require(by, "governance.register_on_behalf", on=part.project.collaboration)
    return True


def _as_it_was_seen(found: BenefitLine | None, version: int | None) -> BenefitLine | None:
    if found is not None and version is not None and version != found.version:
        raise Stale(found)
    return found


def _same_project(benefit: Benefit, part: Participation) -> None:
    if benefit.project_id != part.project_id or benefit.owner_id not in {None, part.organisation_id}:
        raise NotAllowedNow(
            _("The benefit is another municipality's own, so %(municipality)s has no part in it.") % _of(part)
        )


def _takes_part(part: Participation) -> None:
    if part.project.state == Project.State.STOPPED:
        raise NotAllowedNow(_("The project is stopped, so nothing more is planned or measured in it."))
    if not part.pays:
        raise NotAllowedNow(
            _("%(municipality)s has not decided to take part, so it has no benefit to plan or measure yet.") % _of(part)
        )


def _owned_there(line: BenefitLine, part: Participation) -> None:
    if line.owner is None and not line.owner_role.strip():
        raise NotAllowedNow(
            _("Write who owns the benefit in %(municipality)s: a person or a role.") % _of(part), at="owner_role"
        )
    owner = line.owner
    if owner and not Person.objects.at(part.organisation).filter(pk=owner.pk).exists():
        raise NotAllowedNow(
            _("%(name)s is not registered as one of the people of %(municipality)s.") % {"name": owner, **_of(part)},
            at="owner",
        )


def _written_by_itself(part: Participation) -> str:
    return _("%(municipality)s has written this itself. Ask the municipality to change it.") % _of(part)


def _of(part: Participation) -> dict[str, Any]:
    return {"municipality": part.organisation}


def _locked_part(part: Participation) -> Participation:
    """One at a time for each municipality in each project."""
    return (
        Participation.objects.select_for_update(of=["self"], no_key=True)
        .select_related("organisation", "adoption", "withdrawal", "project__collaboration")
        .get(pk=part.pk)
    )


def _locked(line: BenefitLine) -> BenefitLine:
    found: BenefitLine = BenefitLine.objects.select_for_update(of=["self"]).in_full().get(pk=line.pk)
    return found
