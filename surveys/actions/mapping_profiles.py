"""Remembering which column was what, for the next file of the same form."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from governance.models import Collaboration
from surveys import mapping_profiles
from surveys.models import ImportJob, MappingProfile


@transaction.atomic
def remember(*, job: ImportJob, columns: dict[str, str], name: str, by: Any) -> MappingProfile:
    """Keep the columns under this name; another connection than last time is its next version."""
    Collaboration.objects.select_for_update(no_key=True).get(pk=job.collaboration_id)
    known = MappingProfile.objects.for_import(job).filter(name__iexact=name).order_by("-version").first()
    by_header = dict(known.columns) if known else {}
    by_header |= {header: columns[letter] for letter, header in mapping_profiles.headers(job.columns).items()}
    if known is not None and known.columns == by_header:
        return known
    return MappingProfile.objects.create(
        collaboration=job.collaboration,
        kind=job.kind,
        name=known.name if known else name,
        version=known.version + 1 if known else 1,
        columns=by_header,
        saved_by=by,
    )
