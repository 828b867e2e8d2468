"""Who sees a municipality's list of systems, and how much of it (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from governance import who_sees
from governance.models import Collaboration, Organisation
from governance.who_sees import Seen
from surveys import sharing


def of_inventory(place: Organisation, collaborations: Iterable[Collaboration]) -> Seen:
    """The own people see all; the others in each collaboration what its sharing rule says."""
    lines = who_sees.by_right(who_sees.OWN, place, what=_("the whole list"))
    for one in collaborations:
        lines += who_sees.by_right(
            who_sees.SEE, one, what=_("only %(what)s") % {"what": "; ".join(sharing.in_words(one))}
        )
    return Seen(lines)
