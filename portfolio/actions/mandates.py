"""Writing the mandate of a project, and registering that a body has adopted it; then it stands (D3, rule 7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, check_version
from governance.models import Resolution
from portfolio.actions.projects import managed
from portfolio.actions.rollout import led
from portfolio.models import Mandate, MandatePoint, Project


@transaction.atomic
def write_mandate(*, project: Project, points: Sequence[str], version: int | None = None, by: Any) -> Mandate:
    """Write on the draft, or begin the next edition; ``version`` is the draft's, 0 where one saw none.

    The leader of the project writes it too; that a body has adopted it is registered by the secretariat.
    """
    project = led(project, by)
    texts = [point.strip() for point in points if point.strip()]
    if not texts:
        raise NotAllowedNow(_("Write at least one point."), at="points")
    draft = Mandate.objects.select_for_update().filter(project=project).drafts().first()
    if draft is None:
        last = project.mandates.aggregate(last=Max("number"))["last"] or 0
        draft = Mandate.objects.create(project=project, number=last + 1, example=project.example)
    elif version == 0:
        raise Stale(draft)
    else:
        check_version(draft, version)
        draft.version += 1
        draft.save(update_fields=["version"])
        draft.points.all().delete()
    MandatePoint.objects.bulk_create(
        MandatePoint(mandate=draft, position=place, text=text) for place, text in enumerate(texts, 1)
    )
    return draft


@transaction.atomic
def adopt_mandate(
    *,
    mandate: Mandate,
    version: int | None = None,
    resolution: Resolution | None = None,
    adopted_on: date | None = None,
    adopted_by: str = "",
    by: Any,
) -> Mandate:
    """A body has adopted it: in a case of the portal, or before the portal by whom and on which day."""
    managed(mandate.project, None, by)
    mandate = Mandate.objects.select_for_update(of=["self"]).select_related("project").get(pk=mandate.pk)
    check_version(mandate, version)
    if mandate.adopted_on is not None:
        raise NotAllowedNow(_("This edition is adopted already. Write a new one to change the mandate."))
    if resolution is not None:
        _concerns(resolution, mandate.project)
        adopted_on, adopted_by = resolution.item.meeting.day, _body_and_number(resolution)
    if adopted_on and adopted_on > timezone.localdate():
        raise NotAllowedNow(
            _("The day has not come yet. The mandate is adopted when the body has decided."), at="adopted_on"
        )
    mandate.resolution, mandate.adopted_on, mandate.adopted_by = resolution, adopted_on, adopted_by[:200].strip()
    mandate.version += 1
    if adopted_on is None or not mandate.adopted_by:
        raise NotAllowedNow(_("Write both the day it was adopted and who adopted it."), at="adopted_by")
    try:
        mandate.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    mandate.save()
    return mandate


def _body_and_number(resolution: Resolution) -> str:
    """All in the collaboration read it, and the title of the case may be exempt (rule 8)."""
    return f"{resolution.item.meeting.body} {resolution.item.case.number}".strip()


def _concerns(resolution: Resolution, project: Project) -> None:
    if not resolution.is_adopted or not project.project_cases.filter(case=resolution.item.case).exists():
        raise NotAllowedNow(
            _("Choose a case about this project in which the body adopted what was proposed."), at="resolution"
        )
