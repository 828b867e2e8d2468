"""A window of joint procurement in plain words, and as a strip of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from digivesteralen.ui import charts, wording
from surveys.exits import FAR, Missing, Span, Way
from surveys.months import add_months
from surveys.windows import Kind, Part, Window

KINDS = {
    Kind.ALL: gettext_lazy("all can"),
    Kind.MOST: gettext_lazy("most can"),
    Kind.SOME: gettext_lazy("some can"),
    Kind.OPTION: gettext_lazy("needs an option"),
    Kind.LATE: gettext_lazy("too late: the notice date has passed"),
    Kind.NONE: gettext_lazy("dates are missing"),
}
COLORS = {
    Kind.ALL: "success", Kind.MOST: "success", Kind.SOME: "info", Kind.OPTION: "warning", Kind.LATE: "danger",
    Kind.NONE: "neutral",
}  # fmt: skip
WAYS = {
    Way.FREE: gettext_lazy("can join; the contract ends by itself"),
    Way.NOTICE: gettext_lazy("can join with notice"),
    Way.OPTION: gettext_lazy("can join if an option is used"),
    Way.LATE: gettext_lazy("too late: the notice date has passed"),
    Way.BOUND: gettext_lazy("is bound that day"),
    Way.OVER: gettext_lazy("the contract has ended before that"),
}
MISSING = {
    Missing.UNKNOWN: gettext_lazy("the contract end is not known"),
    Missing.NOTICE: gettext_lazy("the notice is not known"),
    Missing.PASSED: gettext_lazy("the contract end has passed; a new day is missing"),
}
# How many rows of a strip can be read, and how far past the window it reaches.
ROWS, MONTHS_AFTER = 40, 30


def in_words(number: int) -> str:
    """Small numbers as people say them."""
    words = [
        pgettext("how many", "none"), pgettext("how many", "one"), pgettext("how many", "two"),
        pgettext("how many", "three"), pgettext("how many", "four"), pgettext("how many", "five"),
        pgettext("how many", "six"), pgettext("how many", "seven"), pgettext("how many", "eight"),
        pgettext("how many", "nine"), pgettext("how many", "ten"), pgettext("how many", "eleven"),
        pgettext("how many", "twelve"),
    ]  # fmt: skip
    return words[number] if number < len(words) else wording.number(number)


def sentence(window: Window) -> str:
    """«Fem av seks kan være med fra 1. juli 2028. Start anskaffelsen senest 1. april 2027.»"""
    counted = {"able": in_words(len(window.able)).capitalize(), "all": in_words(window.in_all)}
    if window.kind == Kind.NONE:
        missing = {"able": in_words(len(window.missing)).capitalize(), "all": counted["all"]}
        return _("%(able)s of %(all)s have not said when they can leave, so no window can be found.") % missing
    told = counted | {"day": wording.day(window.starts_on)}
    if window.kind == Kind.LATE:
        return _("Several could have bought together from %(day)s, but the day for giving notice has passed.") % told
    first = _("%(able)s of %(all)s can join from %(day)s.") % told
    if window.is_short_of_time:
        by = _("Time is short: the procurement should have begun %(day)s.")
    else:
        by = _("Begin the procurement by %(day)s.")
    return f"{first} {by % {'day': wording.day(window.procure_by)}}"


def way_of(part: Part) -> str:
    """What one municipality must do, and by when."""
    if part.missing:
        return str(MISSING[part.missing])
    said = str(WAYS[part.way])
    if by := part.option_by or part.notice_by:
        return _("%(what)s, by %(day)s") % {"what": said, "day": wording.short_day(by)}
    return said


def days_open(window: Window) -> str:
    """From when to when the same municipalities can leave."""
    if window.first is None:
        return ""
    if window.last is None:
        return _("from %(day)s on") % {"day": wording.day(window.first)}
    if window.first == window.last:
        return wording.day(window.first)
    return f"{wording.day(window.first)}–{wording.day(window.last)}"


def strip(window: Window) -> charts.Chart:
    """Each municipality's contracts on one calendar: when it is bound, when it can leave, what an option adds."""
    free = window.area.spans(window.today, options=False)
    full = window.area.spans(window.today)
    limit = add_months(window.on or window.today, MONTHS_AFTER)
    rows = [
        _row(part, free.get(part.municipality.pk, []), full.get(part.municipality.pk, []), window.today, limit)
        for part in window.parts[:ROWS]
    ]
    looks = charts.Looks(
        stretches={
            "bound": (_("bound"), "neutral"),
            "open": (_("can leave"), "success"),
            "option": (_("can leave if an option is used"), "warning"),
        },
        mark=_("notice by"),
        day=_("old contracts until"),
    )
    more = len(window.parts) - len(rows)
    return charts.calendar_strip(
        _("When each municipality can leave its contract"),
        rows,
        looks,
        head=[_("Municipality"), _("Earliest"), _("Latest"), _("Notice by"), _("In this window")],
        on=window.on,
        today=window.today,
        note=_("%(count)s more stand in the table.") % {"count": wording.number(more)} if more else "",
    )


def _row(part: Part, free: list[Span], full: list[Span], today: date, limit: date) -> charts.Strip:
    cells = [
        wording.short_day(part.earliest) or "–", wording.short_day(part.latest) or "–",
        wording.short_day(part.notice_by) or "–", way_of(part),
    ]  # fmt: skip
    label = part.municipality.name
    if part.missing:
        return charts.Strip(label, cells, words=str(MISSING[part.missing]))
    shown = [span for span in full if span[0] <= limit]
    first = shown[0][0] if shown else limit
    bound = [charts.Stretch("bound", today, first)] if first > today else []
    stretches = bound + _stretches("option", shown, limit) + _stretches("open", free, limit)
    marks = [part.notice_by] if part.notice_by and part.notice_by.year >= today.year else []
    return charts.Strip(label, cells, stretches, marks)


def _stretches(look: str, spans: list[Span], limit: date) -> list[charts.Stretch]:
    return [
        charts.Stretch(look, first, None if last == FAR else min(last, limit))
        for first, last in spans
        if first <= limit
    ]


def columns(window: Window) -> list[tuple[str, Any]]:
    """What a window is in short, for the page's facts."""
    costs = window.shared_costs
    value = _("%(amount)s, told by %(count)s contracts") % {
        "amount": wording.money(sum(costs)), "count": wording.number(len(costs)),
    }  # fmt: skip
    facts = [
        (_("Old contracts until"), wording.day(window.on)),
        (_("In use together from"), wording.day(window.starts_on)),
        (_("Begin the procurement by"), wording.day(window.procure_by)),
        (_("They can leave"), days_open(window)),
        (_("Next day for notice or option"), wording.day(window.next_deadline)),
        (_("Cost in a year, where it is shared"), value if costs else ""),
    ]
    return [(label, said) for label, said in facts if said]
