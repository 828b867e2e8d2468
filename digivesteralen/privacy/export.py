"""A person's data as a file: JSON for a machine, a workbook for the person."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.translation import gettext as _

from digivesteralen.privacy.collected import Collected
from digivesteralen.spreadsheets import writing
from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import wording


def as_json(collected: Collected) -> HttpResponse:
    content = {
        "person": collected.facts,
        "traces": [
            {"kind": one.kind, "as": one.role, "about": one.about, "when": one.when, "said": one.told}
            for one in collected.traces
        ],
        "acts": collected.acts,
    }
    text = json.dumps(content, cls=_Plain, ensure_ascii=False, indent=2)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="personopplysninger.json"'
    return answer


def as_workbook(collected: Collected) -> HttpResponse:
    traces = [[one.kind, one.role, one.about, one.when, _in_one(one.told)] for one in collected.traces]
    acts = [[one["at"], one["verb"], one["object_type"], _in_one(one["detail"])] for one in collected.acts]
    head = [_("Kind"), _("Named as"), _("About what"), _("When"), _("What is said")]
    sheets = [
        SheetSpec(_("About the person"), [_("What"), _("Value")], list(collected.facts.items())),
        SheetSpec(_("Where the person stands"), head, traces),
        SheetSpec(_("What the person did"), [_("When"), _("What"), _("About what"), _("Details")], acts),
    ]
    return writing.response(sheets, file_name="personopplysninger.xlsx")


def _in_one(told: dict[str, Any]) -> str:
    return "; ".join(f"{label}: {_said(value)}" for label, value in told.items())


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return wording.moment(value)
    return wording.short_day(value) if isinstance(value, date) else str(value)


class _Plain(DjangoJSONEncoder):
    """Whatever Django has no words for is written as text."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)
