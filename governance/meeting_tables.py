"""The lists of cases, meetings and what is to be followed up."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from digivesteralen.ui.templatetags.ui import tag
from governance.models import Case, Meeting
from governance.written import Answer, Tally

STAGE_COLORS: dict[str, str] = {
    Case.Stage.DRAFT: "neutral",
    Case.Stage.READY: "info",
    Case.Stage.ON_AGENDA: "accent",
    Case.Stage.TREATED: "success",
    Case.Stage.POSTPONED: "warning",
    Case.Stage.WITHDRAWN: "neutral",
}
STATE_COLORS: dict[str, str] = {
    Meeting.State.PLANNED: "neutral",
    Meeting.State.CALLED: "accent",
    Meeting.State.IN_PROGRESS: "info",
    Meeting.State.HELD: "warning",
    Meeting.State.REMARKS: "warning",
    Meeting.State.APPROVED: "success",
    Meeting.State.CANCELLED: "neutral",
}


OPINION_COLORS = {"supports": "success", "with_remark": "info", "against": "danger", "study": "warning"}


class CaseTable(tables.DsTable):
    number = tables.Column(
        verbose_name=_("case"), accessor="number", order_by=("year", "sequence"), attrs={"td": {"class": "p-nowrap"}}
    )
    title = tables.Column(verbose_name=_("title"), linkify=True)
    body = tables.Column(verbose_name=_("body"), accessor="body__name")
    kind = tables.Column(verbose_name=_("kind of case"))
    stage = tables.TagColumn(verbose_name=_("stage"), colors=STAGE_COLORS)
    exempt = tables.Column(verbose_name=_("public disclosure"), accessor="legal_ground", orderable=False)

    class Meta:
        caption = _("Cases")
        row_header = "title"
        empty_text = _("No cases match.")

    def render_kind(self, record: Any) -> Any:
        return record.get_kind_display()

    value_kind = render_kind


class MeetingTable(tables.DsTable):
    meeting = tables.Column(verbose_name=_("meeting"), accessor="label", order_by=("year", "number"), linkify=True)
    body = tables.Column(verbose_name=_("body"), accessor="body__name")
    starts_at = tables.DateColumn(verbose_name=_("date"), accessor="day", order_by="starts_at")
    place = tables.Column(verbose_name=_("place"), accessor="where", order_by=("written", "place"))
    state = tables.TagColumn(verbose_name=_("state"), colors=STATE_COLORS)

    class Meta:
        caption = _("Meetings")
        row_header = "meeting"
        empty_text = _("No meetings yet.")


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


class FollowUpTable(tables.DsTable):
    text = tables.Column(verbose_name=_("point"), orderable=False, linkify=lambda table, record: table.address(record))
    case = tables.Column(verbose_name=_("case"), accessor="resolution__item__case", linkify=True, orderable=False)
    responsible = tables.Column(verbose_name=_("responsible"))
    deadline = tables.DateColumn(verbose_name=_("deadline"))
    status = tables.TagColumn(
        verbose_name=_("status"), accessor="status", orderable=False, colors={"late": "danger", "done": "success"}
    )
    done_on = tables.DateColumn(verbose_name=_("carried out"))

    class Meta:
        caption = _("Follow-up")
        row_header = "text"
        empty_text = _("Nothing to follow up.")

    def __init__(self, *args: Any, prepares: bool = False, **kwargs: Any) -> None:
        self.prepares = prepares
        super().__init__(*args, **kwargs)

    def address(self, point: Any) -> str | None:
        """Those who follow up come to the page where it is told."""
        slug = point.resolution.item.case.body.collaboration.slug
        return reverse("mark_point", args=[slug, point.pk]) if self.prepares else None
