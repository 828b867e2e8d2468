"""Who has answered what in a written treatment, on the page and in a workbook."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from digivesteralen.ui.templatetags.ui import tag
from governance.written import Answer, Tally

OPINION_COLORS = {"supports": "success", "with_remark": "info", "against": "danger", "study": "warning"}


class AnswersTable(tables.DsTable):
    """Who has answered what in a written treatment: a row for each seat, a column for each case."""

    place = tables.Column(verbose_name=_("municipality"), order_by="place__sort_key")
    person = tables.Column(verbose_name=_("member"), orderable=False)

    class Meta:
        caption = _("Answers")
        row_header = "place"
        empty_text = _("Everybody has answered.")

    def __init__(self, tallies: Sequence[Tally], *, silent: bool = False, **kwargs: Any) -> None:
        columns = [
            (f"case_{tally.item.pk}", AnswerColumn(verbose_name=tally.case.number, orderable=False))
            for tally in tallies
        ]
        rows = _rows(tallies)
        if silent:
            rows = [row for row in rows if any(not row[name].opinion for name, _column in columns)]
        super().__init__(rows, extra_columns=columns, **kwargs)


class AnswerColumn(tables.Column):
    """The stance in its colour; silence is «not answered» and never a yes."""

    def render(self, value: Any) -> Any:
        shown = tag(value.words, OPINION_COLORS.get(value.stance, "neutral"))
        if not value.objects_to_form:
            return shown
        return format_html("{} {}", shown, tag(gettext("does not agree to written treatment"), "warning"))


def _rows(tallies: Sequence[Tally]) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for tally in tallies:
        for answer in tally.answers:
            seat = answer.seat
            row = rows.setdefault(seat.pk, {"place": seat.represents, "person": seat.person.name})
            row[f"case_{tally.item.pk}"] = answer
    return list(rows.values())


def answers_sheet(tallies: Sequence[Tally]) -> SheetSpec:
    """One line for each seat and case, with words and days, for a workbook."""
    heads = [_("Municipality"), _("Case"), _("Title"), _("View"), _("Remark"), _("Answered by"), _("Answered")]
    made_up = any(tally.case.example for tally in tallies)
    lines = [
        [
            answer.seat.represents,
            tally.case.number,
            tally.case.title,
            _words(answer),
            *_told(answer),
            *([gettext("Example") if tally.case.example else ""] if made_up else []),
        ]
        for tally in tallies
        for answer in tally.answers
    ]
    return SheetSpec(gettext("Answers"), [*heads, *([_("Example")] if made_up else [])], lines)


def _words(answer: Answer) -> str:
    if not answer.objects_to_form:
        return answer.words
    return f"{answer.words} – {gettext('does not agree to written treatment')}"


def _told(answer: Answer) -> list[Any]:
    opinion = answer.opinion
    return [opinion.text, opinion.person.name, timezone.localdate(opinion.given_at)] if opinion else [None] * 3
