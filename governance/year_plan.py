"""A year of meetings: what is planned each month, with the cases that come back (årshjul)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import dates
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import charts, wording
from governance.models import Body, Collaboration, FixedItem, Meeting


@dataclass
class Planned:
    """A meeting, with the fixed cases that belong on its agenda."""

    meeting: Meeting
    fixed: list[FixedItem]


@dataclass
class Month:
    number: int
    planned: list[Planned] = field(default_factory=list)
    # Fixed cases of the month for which no meeting is planned.
    waiting: list[FixedItem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return capfirst(str(dates.MONTHS[self.number]))


class YearPlan:
    """Read in three queries, whatever the size of the year."""

    def __init__(self, collaboration: Collaboration, meetings: Any, year: int) -> None:
        self.collaboration, self.year = collaboration, year
        self.fixed = list(FixedItem.objects.filter(body__collaboration=collaboration).select_related("body"))
        shown = meetings.filter(year=year, written=False, number_only=False).exclude(state=Meeting.State.CANCELLED)
        found = list(shown.order_by("starts_at", "pk").select_related("body__collaboration"))
        self.months = [Month(number) for number in range(1, 13)]
        for meeting in found:
            fixed = [one for one in self.fixed if one.body_id == meeting.body_id and one.belongs_to(meeting)]
            self.months[meeting.day.month - 1].planned.append(Planned(meeting, fixed))
        for one in self.fixed:
            if one.month and not any(one in planned.fixed for planned in self.months[one.month - 1].planned):
                self.months[one.month - 1].waiting.append(one)

    @property
    def by_count(self) -> list[FixedItem]:
        return [one for one in self.fixed if one.month is None]

    @property
    def meetings(self) -> list[Meeting]:
        return [planned.meeting for month in self.months for planned in month.planned]

    def strip(self, today: date) -> charts.Chart:
        """A row for each body that meets, a mark for each meeting."""
        by_body: dict[Body, list[Meeting]] = {}
        for meeting in self.meetings:
            by_body.setdefault(meeting.body, []).append(meeting)
        rows = [
            charts.YearRow(body.name, [(meeting.day, meeting.label) for meeting in meetings])
            for body, meetings in by_body.items()
        ]
        return charts.year_strip(_("Meetings in %(year)s") % {"year": self.year}, rows, year=self.year, today=today)

    def sheet(self) -> SheetSpec:
        heads = [_("Month"), _("Date"), _("Time"), _("Body"), _("Meeting"), _("Place"), _("State"), _("Fixed cases")]
        lines: list[list[Any]] = []
        for month in self.months:
            for planned in month.planned:
                meeting = planned.meeting
                facts = [meeting.day, wording.clock(meeting.starts_at), meeting.body.name, meeting.label, meeting.place]
                titles = "; ".join(one.title for one in planned.fixed)
                lines.append([month.name, *facts, str(meeting.get_state_display()), titles])
            lines += [[month.name, None, "", one.body.name, "", "", "", one.title] for one in month.waiting]
        return SheetSpec(_("Year plan"), heads, lines)
