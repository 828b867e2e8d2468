"""What was learnt: activities, categories, findings and the municipalities' remarks (H1, H3, S1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from governance import on_behalf
from governance.models import Collaboration, Organisation
from surveys import finding_links
from surveys.models import Finding, FindingCategory, FindingRemark, InsightActivity, Survey

RIGHT = "governance.manage_collaboration"
OWN_RIGHT = "governance.decide_for_municipality"
ON_BEHALF_RIGHT = "governance.register_on_behalf"


@transaction.atomic
def define_category(*, collaboration: Collaboration, name: str, note: str = "", by: Any = None) -> FindingCategory:
    """Add a category at the end of the list."""
    if by:
        require(by, RIGHT, on=collaboration)
    categories = FindingCategory.objects.of(collaboration).select_for_update()
    if categories.filter(name=name).exists():
        raise NotAllowedNow(_("There is a category with this name already."))
    place = (max((one.position for one in categories), default=0)) + 1
    return FindingCategory.objects.create(collaboration=collaboration, name=name, note=note, position=place)


@transaction.atomic
def change_category(
    *, category: FindingCategory, version: int | None = None, name: str, note: str = "", by: Any
) -> FindingCategory:
    category = (
        FindingCategory.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=category.pk)
    )
    require(by, RIGHT, on=category.collaboration)
    check_version(category, version)
    if FindingCategory.objects.of(category.collaboration).exclude(pk=category.pk).filter(name=name).exists():
        raise NotAllowedNow(_("There is a category with this name already."))
    category.name, category.note, category.version = name, note, category.version + 1
    category.save()
    return category


@transaction.atomic
def define_finding(
    *,
    category: FindingCategory,
    text: str,
    measure: str = "",
    instruments: list[str] | None = None,
    example: bool = False,
    by: Any = None,
) -> Finding:
    """Add a finding at the end of its category."""
    if by:
        require(by, RIGHT, on=category.collaboration)
    FindingCategory.objects.select_for_update().get(pk=category.pk)
    return Finding.objects.create(
        category=category, text=text, measure=measure, instruments=instruments or [], position=_last(category) + 1,
        example=example,
    )  # fmt: skip


@transaction.atomic
def change_finding(
    *,
    finding: Finding,
    version: int | None = None,
    category: FindingCategory,
    text: str,
    measure: str = "",
    instruments: list[str],
    by: Any,
) -> Finding:
    """Correct a finding; in another category it goes last."""
    finding = _locked(finding)
    require(by, RIGHT, on=finding.category.collaboration)
    check_version(finding, version)
    if category.collaboration_id != finding.category.collaboration_id:
        raise PermissionDenied
    if category != finding.category:
        finding.position = _last(category) + 1
    finding.category, finding.text, finding.measure, finding.instruments = category, text, measure, instruments
    finding.version += 1
    finding.save()
    return finding


@transaction.atomic
def move_finding(*, finding: Finding, up: bool, by: Any) -> Finding:
    """One step up or down in its category; the first and the last stay where they are."""
    finding = _locked(finding)
    require(by, RIGHT, on=finding.category.collaboration)
    beside = Finding.objects.filter(category=finding.category).select_for_update()
    beside = beside.filter(position__lt=finding.position) if up else beside.filter(position__gt=finding.position)
    other = beside.order_by("-position" if up else "position").first()
    if other is not None:
        finding.position, other.position = other.position, finding.position
        for one in (finding, other):
            one.version += 1
            one.save(update_fields=["position", "version"])
    return finding


@transaction.atomic
def remove_finding(*, finding: Finding, version: int | None = None, by: Any) -> None:
    """Take a finding away that nothing stands on; the history keeps it."""
    finding = _locked(finding)
    require(by, RIGHT, on=finding.category.collaboration)
    check_version(finding, version)
    if links := finding_links.of([finding]).get(finding.pk):
        raise NotAllowedNow(
            _("The finding is the reason for %(projects)s. Take it away there first, then remove it here.")
            % {"projects": ", ".join(f"«{name}»" for name, _address in links)}
        )
    Finding.objects.filter(category=finding.category, position__gt=finding.position).update(position=F("position") - 1)
    finding.delete()


@transaction.atomic
def remark(
    *,
    category: FindingCategory,
    municipality: Organisation,
    version: int | None = None,
    agreement: str,
    text: str = "",
    by: Any,
) -> FindingRemark:
    """How far a municipality recognises itself: said by its own people, or by the secretariat and marked so (R32)."""
    own = holds(by, OWN_RIGHT, municipality)
    on_behalf.speak_as_own(by, OWN_RIGHT, municipality)
    if not own:
        require(by, ON_BEHALF_RIGHT, on=category.collaboration)
    if not category.collaboration.members().filter(pk=municipality.pk).exists():
        raise NotAllowedNow(_("%(name)s is not a member of the collaboration.") % {"name": municipality})
    FindingCategory.objects.select_for_update().get(pk=category.pk)
    found = FindingRemark.objects.filter(category=category, municipality=municipality).first()
    if found is None:
        found = FindingRemark(category=category, municipality=municipality, version=0)
    else:
        check_version(found, version)
        if not own and not found.on_behalf:
            raise NotAllowedNow(_("The municipality has answered for itself; only its own people change that."))
    found.agreement, found.text, found.on_behalf = agreement, text, not own
    found.version += 1
    found.save()
    return found


@transaction.atomic
def define_activity(
    *,
    collaboration: Collaboration,
    kind: str,
    title: str,
    summary: str = "",
    since: date | None = None,
    until: date | None = None,
    precision: str = "month",
    survey: Survey | None = None,
    example: bool = False,
    by: Any = None,
) -> InsightActivity:
    """Register how insight was gathered."""
    if by:
        require(by, RIGHT, on=collaboration)
    place = InsightActivity.objects.of(collaboration).aggregate(last=Max("position"))["last"] or 0
    return InsightActivity.objects.create(
        collaboration=collaboration,
        kind=kind,
        title=title,
        summary=summary,
        since=since,
        until=until,
        precision=precision,
        survey=survey,
        position=place + 1,
        example=example,
    )


@transaction.atomic
def change_activity(*, activity: InsightActivity, version: int | None = None, by: Any, **facts: Any) -> InsightActivity:
    activity = (
        InsightActivity.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=activity.pk)
    )
    require(by, RIGHT, on=activity.collaboration)
    check_version(activity, version)
    for name, value in facts.items():
        setattr(activity, name, value)
    activity.version += 1
    activity.save()
    return activity


def _locked(finding: Finding) -> Finding:
    return Finding.objects.select_for_update(of=["self"]).select_related("category__collaboration").get(pk=finding.pk)


def _last(category: FindingCategory) -> int:
    return category.findings.aggregate(last=Max("position"))["last"] or 0
