"""What is exempt from public disclosure, on what ground and until when (rule 8, D10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance import exemption
from governance.actions import follow_up, meetings
from governance.actions.cases import RIGHT, locked, saved
from governance.models import Case


@transaction.atomic
def change_exemption(*, case: Case, version: int | None = None, by: Any, **told: Any) -> Case:
    """Exempt the case, change how, or open it; also after it has gone out, since its text stays as it is."""
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    for name, value in exemption.with_who_decided(told, case, by).items():
        setattr(case, name, value)
    exemption.require_lawful(case, case.body)
    case = saved(case, *exemption.FIELDS)
    if case.is_exempt:
        meetings.screen_anew(case, by=by, mark=f"case:{case.pk}:{case.version}")
        follow_up.screen_lists(case, by)
    return case


@transaction.atomic
def register_event(*, case: Case, version: int | None = None, happened_on: date, by: Any) -> Case:
    """What the exemption waited for has happened: the case is open from that day."""
    case = locked(case, version)
    require(by, RIGHT, on=case.body.collaboration)
    if not case.is_exempt or not case.exempt_event:
        raise NotAllowedNow(_("The case is not exempt until an event. Change its public disclosure instead."))
    case.event_happened_on = happened_on
    exemption.require_lawful(case, case.body)
    return saved(case, "event_happened_on")
