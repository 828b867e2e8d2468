"""Emergency access: opened with a reason, told to those it concerns, over after half an hour (§7, rule 3)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts import second_step
from digivesteralen.accounts.access import NotAllowedNow, holds
from digivesteralen.documents import jobs
from governance.emergency import KIND, SEE, told
from governance.models import Collaboration, CollaborationUserPermission, EmergencyAccess
from governance.models.emergency import LASTS, SHORTEST_REASON


@transaction.atomic
def open_access(*, collaboration: Collaboration, reason: str, by: Any) -> EmergencyAccess:
    """The right to look, until the row says; the secretariat, the auditors and the chair hear of it."""
    _runs_the_installation(by)
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise NotAllowedNow(_("Write in a sentence what is wrong and what you must look at."))
    if holds(by, SEE, collaboration):
        raise NotAllowedNow(_("You see the collaboration already."))
    if not told(collaboration):
        raise NotAllowedNow(_("Nobody in the collaboration has an e-mail address, so nobody would hear of it."))
    now = timezone.now()
    access = EmergencyAccess.objects.create(
        collaboration=collaboration, opened_by=by, opened_at=now, until=now + LASTS, reason=" ".join(reason.split())
    )
    right = Permission.objects.get(content_type__app_label="governance", codename="view_collaboration")
    held = {"user": by, "permission": right, "content_object": collaboration}
    CollaborationUserPermission.objects.filter(**held).delete()
    CollaborationUserPermission.objects.create(**held, since=now, until=access.until)
    jobs.ask(KIND, access.pk, by=None, key=f"emergency-access:{access.pk}")
    transaction.on_commit(partial(second_step.forget, by))  # this collaboration may ask for one
    return access


@transaction.atomic
def end_access(*, access: EmergencyAccess, by: Any) -> EmergencyAccess:
    """Whoever opened it is done before time."""
    _runs_the_installation(by)
    access = EmergencyAccess.objects.select_for_update().get(pk=access.pk, opened_by=by)
    if not access.is_open:
        raise NotAllowedNow(_("The emergency access is over already."))
    CollaborationUserPermission.objects.filter(user=by, content_object=access.collaboration_id).delete()
    access.ended_at = timezone.now()
    access.save(update_fields=["ended_at"])
    return access


def _runs_the_installation(by: Any) -> None:
    if not by.is_active or not by.is_staff:
        raise PermissionDenied("emergency access")
