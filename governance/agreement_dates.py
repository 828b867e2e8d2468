"""The days that follow from an agreement: when who gives notice is out, when the period ends, what is left after it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance import checklists
from governance.models import Agreement
from governance.models.agreements import months_after


def notice_of(agreement: Agreement, given_on: date) -> int | None:
    """The months agreed; where none are, those the act gives for the form; where it gives none, nothing."""
    return agreement.notice_months or checklists.rule_of(agreement.form, given_on).exit_months


def last_day(agreement: Agreement, given_on: date, agreed: date | None = None) -> date | None:
    """The last day as a party for one whose own body decided that day; None where nobody has agreed on any."""
    if agreed is not None:
        return max(agreed, given_on)
    months = notice_of(agreement, given_on)
    return months_after(given_on, months) if months else None


def notice_ground(agreement: Agreement, given_on: date) -> str:
    """Where the notice comes from, in a sentence."""
    rule = checklists.rule_of(agreement.form, given_on)
    months = notice_of(agreement, given_on)
    if months is None:
        return _("The agreement says no notice. The last day has to be agreed.")
    if agreement.notice_months:
        return _("The agreement says %(months)s months' notice.") % {"months": months}
    return _("%(months)s months' notice, since nothing else is agreed (%(place)s).") % {
        "months": months,
        "place": rule.place,
    }


def liability(agreement: Agreement, left_on: date) -> str:
    """«Ansvarlig etter uttreden»: for what arose before, in the forms where the act says so."""
    rule = checklists.rule_of(agreement.form, left_on)
    if not rule.liable_after_exit:
        return ""
    return _("Liable after exit: for its own share of the obligations that arose until %(day)s (%(place)s).") % {
        "day": wording.day(left_on),
        "place": rule.place,
    }
