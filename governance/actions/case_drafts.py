"""What is being written in the form of a case, kept on the server until it is saved or thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.ui import richtext
from governance.actions.cases import RIGHT
from governance.models import Case, CaseDraft, Collaboration


@transaction.atomic
def keep_draft(
    *, collaboration: Collaboration, case: Case | None, texts: Mapping[str, str], based_on: int | None, by: Any
) -> CaseDraft:
    """Write over what the same person kept before; nobody else sees it."""
    require(by, RIGHT, on=collaboration)
    if sum(len(text) for text in texts.values()) > 2 * richtext.LONGEST:
        raise NotAllowedNow(_("The text is too long. Move parts of it to an attachment."))
    draft, _new = CaseDraft.objects.update_or_create(
        user=by, collaboration=collaboration, case=case, defaults={"texts": dict(texts), "based_on": based_on}
    )
    return draft


@transaction.atomic
def discard_draft(*, collaboration: Collaboration, case: Case | None, by: Any) -> None:
    """Thrown away, or no longer needed since it is saved."""
    require(by, RIGHT, on=collaboration)
    CaseDraft.objects.filter(user=by, collaboration=collaboration, case=case).delete()
