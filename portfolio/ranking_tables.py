"""The list of saved rankings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables
from portfolio.models import Ranking


class RankingTable(tables.DsTable):
    """Each edition with its name, what it ranks, who saved it and whether it is decided."""

    number = tables.Column(linkify=True, verbose_name=gettext_lazy("Edition"))
    name = tables.Column(linkify=True, verbose_name=gettext_lazy("Name"))
    focus_area = tables.Column(default=gettext_lazy("over all"), verbose_name=gettext_lazy("What is ranked"))
    made_at = tables.DateColumn(verbose_name=gettext_lazy("Saved"))
    made_by = tables.Column(verbose_name=gettext_lazy("Saved by"))
    reason = tables.Column(orderable=False, verbose_name=gettext_lazy("Why"))

    class Meta:
        model = Ranking
        fields = ("number", "name", "focus_area", "made_at", "made_by", "reason")
        order_by = "-number"
        row_header = "name"
        caption = gettext_lazy("Saved rankings")
        empty_text = gettext_lazy("No ranking is saved yet.")
