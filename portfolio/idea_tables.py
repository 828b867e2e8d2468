"""The list of ideas, on the page and as a workbook."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables
from portfolio.models import Idea
from portfolio.models.ideas import IdeaState

STATE_COLORS = {
    IdeaState.NEW: "info",
    IdeaState.DETAIL: "accent",
    IdeaState.NOT_PRIORITISED: "neutral",
    IdeaState.HERE: "warning",
    IdeaState.ANSWERED: "neutral",
    IdeaState.TAKEN: "success",
}


class IdeaTable(tables.DsTable):
    # What the page has no room for.
    FOR_WORKBOOKS = (
        "source", "registered_on", "background", "gains", "problem", "solution", "affected", "success_factors",
        "resources", "plan", "comment", "reason", "answered_on", "project",
    )  # fmt: skip

    label = tables.Column(verbose_name=gettext_lazy("Number"), order_by=("year", "number"))
    title = tables.Column(verbose_name=gettext_lazy("Idea"), linkify=True)
    sender_in_words = tables.Column(verbose_name=gettext_lazy("Sender"), orderable=False)
    focus_area = tables.Column(
        verbose_name=gettext_lazy("Focus area"), accessor="focus_area__short_name", order_by="focus_area__position"
    )
    state = tables.TagColumn(colors=STATE_COLORS, verbose_name=gettext_lazy("State"))
    answer_in_words = tables.Column(verbose_name=gettext_lazy("Answer"), order_by="answer")
    reason = tables.Column(verbose_name=gettext_lazy("reason"), accessor="open_reason", orderable=False)

    class Meta:
        model = Idea
        fields = (
            "label", "title", "sender_in_words", "focus_area", "state", "answer_in_words", "source", "registered_on",
            "background", "gains", "problem", "solution", "affected", "success_factors", "resources", "plan",
            "comment", "reason", "answered_on", "project",
        )  # fmt: skip
        row_header = "title"
        when_told = ("focus_area", "answer_in_words")
        caption = gettext_lazy("Ideas")
        empty_text = gettext_lazy("No idea is left. Take away a filter above, or clear them all.")
