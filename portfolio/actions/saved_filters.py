"""Ways of looking at the portfolio that somebody wants back."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.models import Collaboration
from portfolio.models import SavedFilter

SEE = "governance.view_collaboration"
# For one person in one collaboration: more than one can find in a list.
MOST = 20
LONGEST = 500


@transaction.atomic
def save_filter(*, collaboration: Collaboration, name: str, query: str, shared: bool = False, by: Any) -> SavedFilter:
    """Keep an address under a name, alone or for all in the collaboration."""
    require(by, SEE, on=collaboration)
    if len(query) > LONGEST:
        raise NotAllowedNow(_("The text you search for is too long to be saved. Search for fewer words."))
    # One at a time for each person, so that two windows do not save past the limit.
    get_user_model()._default_manager.select_for_update(no_key=True).get(pk=by.pk)
    own = SavedFilter.objects.filter(collaboration=collaboration, owner=by)
    if own.filter(name=name).exists():
        raise NotAllowedNow(
            _("You already have a filter named «%(name)s». Choose another name.") % {"name": name}, at="name"
        )
    if own.count() >= MOST:
        raise NotAllowedNow(
            _("You have %(most)s saved filters, and there is room for no more. Delete one first.") % {"most": MOST}
        )
    return SavedFilter.objects.create(collaboration=collaboration, owner=by, name=name, query=query, shared=shared)


@transaction.atomic
def delete_filter(*, saved: SavedFilter, by: Any) -> None:
    """Only the one who saved it takes it away, also where others use it."""
    saved = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    if saved.owner_id != by.pk:
        raise PermissionDenied("only the one who saved it")
    saved.delete()
