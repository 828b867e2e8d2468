"""Whether the organisational form has to be assessed, told in a sentence (R6)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance import checklists
from governance.models import Agreement, Collaboration, FormReview


def form_flag(collaboration: Collaboration) -> str:
    """«Vurder organisasjonsform»: an open trigger, an agreed review that has come, or a change that was not made."""
    newest = collaboration.form_reviews.newest_first().first()
    if newest is None:
        return ""
    if newest.assessed_on is None:
        told = {"day": wording.day(newest.raised_on), "trigger": newest.get_trigger_display()}
        return _("Raised %(day)s: %(trigger)s. The assessment is not made yet.") % told
    if newest.result == FormReview.Result.CHANGE and not changed_since(collaboration, newest):
        return _("Assessed %(day)s: the form should change. No new form is registered.") % {
            "day": wording.day(newest.assessed_on)
        }
    if newest.is_due_again:
        return _("The review agreed for %(day)s has come.") % {"day": wording.day(newest.next_review)}
    return ""


def agreement_lacks(form: str, since: date, agreement: Agreement | None) -> str:
    """Where each council itself decides on the form, what they have adopted must be in force that day (rule 1)."""
    rule = checklists.rule_of(form, since)
    if not rule.council_itself:
        return ""
    if agreement is not None and agreement.form == form and agreement.is_in_force(since):
        return ""
    return _(
        "Each council itself decides on this form (%(place)s). Choose an agreement of this form that is in force on"
        " %(day)s; if there is none, write it and send it to the municipalities first."
    ) % {"place": rule.place, "day": wording.day(since)}


def changed_since(collaboration: Collaboration, review: FormReview) -> bool:
    """Whether another form is registered from the day it was assessed, or a later one."""
    return collaboration.legal_forms.filter(since__gte=review.assessed_on).exists()
