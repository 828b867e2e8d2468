"""Saying what the unknown names of a file are; a «no» to a likeness is remembered (surveys.md 8.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from surveys import naming
from surveys.actions.imports import locked
from surveys.import_kinds import kind_of
from surveys.models import ImportJob, ImportName, NameRejection, Product

Decision = ImportName.Decision
# An answer that says no to every likeness but the one that is chosen.
ANSWERS = {Decision.SAME, Decision.NEW, Decision.NOT_SYSTEM}


@transaction.atomic
def decide(
    *, job: ImportJob, said: Mapping[str, tuple[str, Product | None]], version: int | None = None, by: Any
) -> ImportJob:
    """Keep what is said of each name, by its key: the decision, and the system that it is the same as.

    Nothing is written to the inventories or the catalogue; the file has to be checked once more first.
    """
    job = _open(job, by)
    check_version(job, version)
    names = list(job.names.filter(key__in=said).select_for_update())
    if len(names) != len(said):
        raise NotAllowedNow(_("The file was checked once more meanwhile. Look at the names again."))
    chosen = {name.key: (Decision(said[name.key][0]), said[name.key][1]) for name in names}
    _remember(chosen, by=by)
    for name in names:
        name.decision, name.product = chosen[name.key]
        name.decided_by, name.decided_at = by, timezone.now()
    ImportName.objects.bulk_update(names, ["decision", "product", "decided_by", "decided_at"], batch_size=500)
    return job


@transaction.atomic
def decide_rest(*, job: ImportJob, decision: str, by: Any) -> Sequence[ImportName]:
    """All names that nobody has decided are new systems, or wait; answers with them.

    A command without a person says no to nothing: what was made so may still be proposed to somebody.
    """
    job = _open(job, by)
    names = list(job.names.undecided().select_for_update())
    if by and decision in ANSWERS:
        _remember({name.key: (Decision(decision), None) for name in names}, by=by)
    job.names.filter(pk__in=[name.pk for name in names]).update(
        decision=decision, decided_by=by, decided_at=timezone.now()
    )
    return names


def _open(job: ImportJob, by: Any) -> ImportJob:
    job = locked(job)
    if by:
        kind_of(job).require(by, job)
    if job.state not in (ImportJob.State.READ, ImportJob.State.PREVIEWED):
        raise NotAllowedNow(_("The names can no longer be changed: the import is done or cancelled."))
    return job


def _remember(chosen: Mapping[str, tuple[Decision, Product | None]], *, by: Any) -> None:
    """«No» to every likeness that was not chosen; a «yes» takes an earlier «no» away."""
    answered = {key: product for key, (decision, product) in chosen.items() if decision in ANSWERS}
    for key, product in answered.items():
        if product:
            NameRejection.objects.filter(key=key, product=product).delete()
    near = naming.candidates(answered, shown_again=answered)
    NameRejection.objects.bulk_create(
        [
            NameRejection(key=key, product=one.product, by=by)
            for key, several in near.items()
            for one in several
            if one.product != answered[key]
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
