"""Who has answered, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from surveys.answering import Standing


def standings_sheet(lines: Sequence[Standing]) -> SheetSpec:
    words = {"answered": _("answered"), "begun": _("begun"), "silent": _("not begun")}
    head = [
        _("Municipality number"),
        _("Municipality"),
        _("State"),
        _("Answers"),
        _("People"),
        _("Answered"),
        _("Last written"),
    ]
    rows = [
        [
            line.municipality.number,
            str(line.municipality),
            words[line.state],
            line.answers,
            line.people,
            _moment(line.completed),
            _moment(line.written),
        ]
        for line in lines
    ]
    return SheetSpec(_("Who has answered"), head, rows)


def _moment(value: Any) -> Any:
    return timezone.localtime(value).replace(tzinfo=None) if value else None
