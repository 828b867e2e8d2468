"""The risks and opportunities of a project, and of the portfolio, as lists."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables
from digivesteralen.ui.templatetags.ui import tag
from portfolio.models import Risk
from portfolio.models.risks import level_of
from portfolio.risk_matrix import colors_of, level_in_words


def said(score: int | None, kind: str) -> SafeString:
    """«12, high» with its colour."""
    if score is None:
        return SafeString(tables.NOTHING)
    return SafeString(tag(f"{score}, {level_in_words(score)}", colors_of(kind)[level_of(score)]))


class RiskTable(tables.DsTable):
    """What one asks of a risk: how high, what is done about it, and who does it."""

    label = tables.Column(verbose_name=gettext_lazy("Number"), order_by=("project__number", "number"))
    description = tables.Column(linkify=True, verbose_name=gettext_lazy("Description"))
    project = tables.Column(linkify=True, verbose_name=gettext_lazy("Project"), order_by=("project__title", "number"))
    score = tables.Column(verbose_name=gettext_lazy("Likelihood × consequence"))
    score_after = tables.Column(verbose_name=gettext_lazy("After the measure"))
    measure = tables.Column(verbose_name=gettext_lazy("Measure"), orderable=False)
    responsible = tables.Column(verbose_name=gettext_lazy("Responsible"), order_by=("person__name", "organisation"))
    assessed_on = tables.DateColumn(verbose_name=gettext_lazy("Assessed"))
    status = tables.TagColumn(colors={"open": "info", "occurred": "warning", "closed": "neutral"})

    class Meta:
        model = Risk
        fields = (
            "label", "description", "project", "score", "score_after", "measure", "responsible", "assessed_on",
            "status",
        )  # fmt: skip
        row_header = "description"
        when_told = ("score_after", "measure", "responsible")
        caption = gettext_lazy("Risks and opportunities")
        empty_text = gettext_lazy("No risk or opportunity is left. Take away a filter above, or clear them all.")

    def render_description(self, record: Any) -> Any:
        if record.kind == Risk.Kind.OPPORTUNITY:
            return format_html("{} ({})", record.description, _("opportunity"))
        return record.description

    def render_score(self, record: Any) -> SafeString:
        """The product, and what it was before when it has moved."""
        now = said(record.score, record.kind)
        if record.score_before is None or record.score_before == record.score:
            return now
        was = _("was %(score)s") % {"score": record.score_before}
        return format_html('{} <span class="p-muted p-nowrap">{}</span>', now, was)

    def render_score_after(self, record: Any) -> SafeString:
        return said(record.score_after, record.kind)

    def order_score(self, rows: Any, descending: bool) -> tuple[Any, bool]:
        by = F("score").desc(nulls_last=True) if descending else F("score").asc(nulls_last=True)
        return rows.order_by(by, "project__number", "number"), True
