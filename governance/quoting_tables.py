from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from governance.models import Case


class DecisionTable(tables.DsTable):
    """Earlier decisions; each leads to its words, to be quoted in the case."""

    kind = ""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def address(self, record: Any) -> str:
        collaboration = self.case.body.collaboration
        return reverse("quote_decision", args=[collaboration.slug, self.case.pk, self.kind, record.pk])


class BodyDecisionTable(DecisionTable):
    kind = "organ"
    title = tables.Column(
        verbose_name=_("case"), accessor="case__title", linkify=lambda record, table: table.address(record)
    )
    number = tables.Column(verbose_name=_("number"), accessor="case__number", orderable=False)
    body = tables.Column(verbose_name=_("body"), accessor="meeting__body__name")
    day = tables.DateColumn(verbose_name=_("day"), accessor="meeting__day", order_by="meeting__starts_at")

    class Meta:
        caption = _("Earlier decisions of bodies")
        row_header = "title"
        empty_text = _("No decision matches. Only treated cases that all members may read can be quoted.")


class MunicipalDecisionTable(DecisionTable):
    kind = "kommune"
    matter = tables.Column(verbose_name=_("matter"), linkify=lambda record, table: table.address(record))
    organisation = tables.Column(verbose_name=_("municipality"), order_by="organisation__sort_key")
    number = tables.Column(verbose_name=_("number"), accessor="case_number", orderable=False)
    day = tables.DateColumn(verbose_name=_("decided"), accessor="decided_on")

    class Meta:
        caption = _("The municipalities' earlier decisions")
        row_header = "matter"
        empty_text = _("No decision matches. Only decisions whose words are registered can be quoted.")
