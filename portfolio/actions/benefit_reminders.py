"""Reminding those who own a benefit that its measurement is wanted: one e-mail for each day that is due (R12)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Collaboration, Person
from portfolio.models import BenefitLine

KIND = "portfolio.benefit_reminder"


def due_lines(collaboration: Collaboration, owner: Person | None = None) -> Any:
    """Lines whose measurement is wanted today or was before; of all owners that still are there, or of one."""
    lines = BenefitLine.objects.due().owned_there().filter(participation__project__collaboration=collaboration)
    return lines.filter(owner=owner) if owner else lines.exclude(owner__email="")


@transaction.atomic
def remind_when_due(*, collaboration: Collaboration) -> list[Job]:
    """What the portal does by itself each morning; each line's due day is told once, whatever the portal missed."""
    owners: set[int] = set()
    for line in due_lines(collaboration).select_for_update(of=["self"], no_key=True).order_by("pk"):
        if line.reminded_for != line.due_on:
            BenefitLine.objects.filter(pk=line.pk).update(reminded_for=line.due_on)
            owners.add(line.owner_id)
    return [jobs.ask(KIND, collaboration.pk, by=None, arguments={"owner": owner}) for owner in sorted(owners)]
