"""How much one workbook takes while somebody waits for it."""

from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.ui import wording

MOST = 100_000


def refuse_more(count: int) -> None:
    """Before anything is read; a shorter period is what makes it smaller."""
    if count > MOST:
        raise NotAllowedNow(
            _(
                "%(count)s lines are more than one workbook takes (%(most)s). Choose a shorter period, and take out "
                "one at a time."
            )
            % {"count": wording.number(count), "most": wording.number(MOST)}
        )
