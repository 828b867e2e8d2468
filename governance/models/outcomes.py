from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(models.TextChoices):
    """How a body's treatment of a case ended (D4); a withdrawn case has no outcome, its place on the agenda says so."""

    AS_PROPOSED = "as_proposed", _("adopted as proposed")
    CHANGED = "changed", _("adopted with changes")
    NOT_ADOPTED = "not_adopted", _("not adopted")
    RECOMMENDED = "recommended", _("recommended – sent to the municipalities")
    NOTED = "noted", _("taken note of")
    POSTPONED = "postponed", _("postponed")
    SENT_BACK = "sent_back", _("sent back")
    FORWARDED = "forwarded", _("forwarded to another body")


ADOPTED = (Outcome.AS_PROPOSED, Outcome.CHANGED, Outcome.RECOMMENDED)


class Method(models.TextChoices):
    """How the body voted (D7)."""

    CONSENSUS = "consensus", _("agreement, nobody objects")
    HANDS = "hands", _("show of hands")
    NAMES = "names", pgettext_lazy("vote", "by name")
    WRITTEN = "written", _("in writing")
    ALTERNATIVE = "alternative", _("one proposal against another")
    MAJORITY_ELECTION = "majority", _("election by majority")
    PROPORTIONAL_ELECTION = "proportional", _("proportional election")


ELECTIONS = (Method.MAJORITY_ELECTION, Method.PROPORTIONAL_ELECTION)
