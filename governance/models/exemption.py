"""Exempt from public disclosure: on what ground, why, and until when; shared by cases and what is attached to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import wording
from governance.models.people import Person


def exempt_on(day: date, of: str = "") -> Q:
    """Marked, and neither its day nor its event has come; ``of`` is the way to the thing («case__»)."""
    lasts = Q(**{f"{of}exempt_until": None}) | Q(**{f"{of}exempt_until__gt": day})
    waits = Q(**{f"{of}event_happened_on": None}) | Q(**{f"{of}event_happened_on__gt": day})
    return Q(**{f"{of}exempt": True}) & lasts & waits


def open_on(day: date, of: str = "") -> Q:
    """The opposite, said positively, so that it also reads well across a join."""
    ended = Q(**{f"{of}exempt_until__lte": day}) | Q(**{f"{of}event_happened_on__lte": day})
    return Q(**{f"{of}exempt": False}) | ended


def exempt_today(of: str = "") -> Q:
    return exempt_on(timezone.localdate(), of)


def open_today(of: str = "") -> Q:
    return open_on(timezone.localdate(), of)


class Exemption(models.Model):
    """The marks of rule 8 and D10 on one thing. It ends by itself on its day, or when its event is registered."""

    exempt = models.BooleanField(_("exempt from public disclosure"), default=False)
    legal_ground = models.CharField(_("legal ground"), max_length=200, blank=True)
    exempt_reason = models.TextField(_("why it is exempt"), blank=True)
    screened_title = models.CharField(_("title shown to the public"), max_length=200, blank=True)
    exempt_until = models.DateField(_("exempt until the day"), null=True, blank=True)
    exempt_event = models.CharField(_("exempt until this has happened"), max_length=200, blank=True)
    event_happened_on = models.DateField(_("happened on"), null=True, blank=True)
    exempt_decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("exemption decided by")
    )
    wider_access_considered = models.BooleanField(_("wider access has been considered"), default=False)

    # Words that the history of an open thing must not tell (rule 8).
    not_in_history = frozenset({"exempt_reason"})

    class Meta:
        abstract = True

    @property
    def is_exempt(self) -> bool:
        return self.exempt and not self.exemption_has_ended(timezone.localdate())

    def exemption_has_ended(self, day: date) -> bool:
        return any(end is not None and end <= day for end in (self.exempt_until, self.event_happened_on))

    @property
    def hidden_title(self) -> str:
        """What those read who may not read the title."""
        return self.screened_title or gettext("Exempt from public disclosure")

    @property
    def public_title(self) -> str:
        """What anybody may read today."""
        return self.hidden_title if self.is_exempt else str(getattr(self, "title", self))

    @property
    def open_name(self) -> str:
        """The whole name, as anybody may read it today."""
        return self.hidden_title if self.is_exempt else str(self)

    @property
    def ground_in_text(self) -> str:
        """«offentleglova § 23 første ledd»: the ground while it holds."""
        return self.legal_ground if self.is_exempt else ""

    @property
    def end_in_text(self) -> str:
        """«until 1 March 2027, or until the supplier is chosen»: for those who read the whole."""
        told = {"day": wording.day(self.exempt_until) if self.exempt_until else "", "event": self.exempt_event}
        if self.exempt_until and self.exempt_event:
            return gettext("until %(day)s, or until this has happened: %(event)s") % told
        if self.exempt_until:
            return gettext("until %(day)s") % told
        return gettext("until this has happened: %(event)s") % told if self.exempt_event else ""

    def was_screened(self, row: Any) -> bool:
        """An entry of the history that was written while the thing was exempt, which it no longer is."""
        if self.is_exempt or not row.exempt:
            return False
        day = timezone.localdate(row.pgh_created_at)
        return not any(end is not None and end <= day for end in (row.exempt_until, row.event_happened_on))


def exemption_constraints(name: str) -> list[models.CheckConstraint]:
    """What is exempt has its ground; an event that happened is one that was waited for."""
    return [
        models.CheckConstraint(
            name=f"{name}_exempt_has_a_legal_ground",
            condition=Q(exempt=False) | ~Q(legal_ground=""),
            violation_error_message=_("Name the legal ground, for example «offentleglova § 23»."),
        ),
        models.CheckConstraint(
            name=f"{name}_event_was_waited_for",
            condition=Q(event_happened_on=None) | ~Q(exempt_event=""),
            violation_error_message=_("Write the event that the exemption ends with, before its day."),
        ),
    ]
