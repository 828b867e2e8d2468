"""The lists of the pages that compare: what is shared, how alike, who resembles whom, how good the answers are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables, wording
from digivesteralen.ui.templatetags.ui import tag
from governance.models import Collaboration, Organisation
from surveys.comparison import Line
from surveys.convergence import AreaIndex
from surveys.inventory_tables import AREA_ORDER, EndColumn
from surveys.models import SystemUse
from surveys.quality import Quality
from surveys.resemblance import Beside, Likeness, Verdict


class IndexColumn(tables.NumberColumn):
    """A figure with two decimals, so that the rows can be read down."""

    def render(self, value: Any) -> str:
        return wording.number(value, 2)


class ShareColumn(tables.NumberColumn):
    """A share in per cent; a workbook gets the share itself."""

    def render(self, value: Any) -> str:
        return wording.percent(value)


class SharedTable(tables.DsTable):
    """What the municipalities share: area, system, supplier and contract end, nothing more (rule 9)."""

    municipality = tables.Column(
        accessor="inventory__municipality", verbose_name=_("Municipality"),
        order_by="inventory__municipality__sort_key",
    )  # fmt: skip
    area = tables.Column(verbose_name=_("Area"), order_by=AREA_ORDER)
    product = tables.Column(verbose_name=_("System"), order_by="product__sort_key", empty_values=())
    supplier = tables.Column(verbose_name=_("Supplier"), order_by="supplier__sort_key")
    contract_end = EndColumn()

    class Meta:
        caption = _("Systems in the municipalities")
        row_header = "product"
        empty_text = _("No system fits.")

    def render_product(self, record: SystemUse) -> str:
        return record.product.name if record.product else record.get_answer_display()


@dataclass
class AreaRow:
    """One area of the page that tells how alike the municipalities are."""

    position: int
    line: Line
    index: AreaIndex
    members: int
    leading: str

    @property
    def area(self) -> Any:
        return self.line.area

    @property
    def service_area(self) -> Any:
        return self.line.area.service_area

    @property
    def example(self) -> bool:
        return self.index.example

    @property
    def most(self) -> int | None:
        return self.line.most or None


class AlikeTable(tables.DsTable):
    """The index of every area, with the coverage beside it."""

    service_area = tables.Column(verbose_name=_("Service area"), order_by="position")
    area = tables.Column(verbose_name=_("Area"), order_by="area__sort_key")
    answered = tables.NumberColumn(accessor="index__answered", verbose_name=_("Have answered"))
    having = tables.NumberColumn(accessor="index__having", verbose_name=_("Have a system"))
    different = tables.NumberColumn(accessor="line__different", verbose_name=_("Different systems"))
    leading = tables.Column(verbose_name=_("Most use"), default=tables.NOTHING, orderable=False)
    most = tables.NumberColumn(verbose_name=_("use the same"))
    convergence = IndexColumn(accessor="index__index", verbose_name=_("Convergence"))
    effective = IndexColumn(accessor="index__measured__effective", verbose_name=_("Effective number"))
    largest = ShareColumn(accessor="index__measured__largest", verbose_name=_("Largest share"))

    class Meta:
        caption = _("How alike the municipalities are in each area")
        row_header = "area"
        empty_text = _("No area has been answered yet.")

    def render_answered(self, value: int, record: AreaRow) -> str:
        return _("%(answered)s of %(all)s") % {"answered": value, "all": record.members}


class LikenessTable(tables.DsTable):
    """The others, the most alike first."""

    place = tables.Column(verbose_name=_("Municipality"), order_by="place__sort_key")
    share = ShareColumn(verbose_name=_("Alike"))
    same = tables.NumberColumn(verbose_name=_("Systems in common"))
    areas = tables.NumberColumn(verbose_name=_("Areas that both have answered"))

    class Meta:
        caption = _("Who resembles whom")
        row_header = "place"
        empty_text = _("There is no other municipality to compare with.")

    def __init__(self, *args: Any, collaboration: Collaboration, own: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = f"{reverse('inventory_pair', args=[collaboration.slug])}?a={own.number}&b="

    def render_place(self, record: Likeness) -> SafeString:
        return format_html('<a class="ds-link" href="{}{}">{}</a>', self.address, record.place.number, record.place)

    def value_place(self, record: Likeness) -> str:
        return str(record.place)


COLORS = {Verdict.SAME: "success", Verdict.DIFFERENT: "warning", Verdict.ONE: "info"}


class PairTable(tables.DsTable):
    """Two municipalities, area by area."""

    area = tables.Column(verbose_name=_("Area"))
    first = tables.Column(empty_values=())
    second = tables.Column(empty_values=())
    verdict = tables.Column(verbose_name=_("Comparison"))

    class Meta:
        caption = _("Two municipalities side by side")
        row_header = "area"
        empty_text = _("No area fits.")
        orderable = False

    def __init__(self, *args: Any, places: tuple[Organisation, Organisation], **kwargs: Any) -> None:
        super().__init__(*args, orderable=False, **kwargs)
        for name, place in zip(("first", "second"), places, strict=True):
            self.columns[name].column.verbose_name = place.name

    def render_first(self, value: list[str]) -> str:
        return ", ".join(value) or str(_("Not answered"))

    render_second = render_first

    def render_verdict(self, value: Verdict, record: Beside) -> SafeString:
        return tag(value.label, COLORS.get(value, "neutral"))

    def value_verdict(self, value: Verdict) -> str:
        return str(value.label)


class QualityTable(tables.DsTable):
    """The five parts and the score of each municipality; in the order of names, never as a ranking."""

    place = tables.Column(verbose_name=_("Municipality"))
    coverage = ShareColumn(verbose_name=_("Areas answered"))
    ends = ShareColumn(verbose_name=_("Contract end known"))
    suppliers = ShareColumn(verbose_name=_("Supplier known"))
    fresh = ShareColumn(verbose_name=_("Confirmed in the last twelve months"))
    assured = tables.Column(verbose_name=_("Quality-assured"))
    score = ShareColumn(verbose_name=_("In all"))

    class Meta:
        caption = _("How good the answers are")
        row_header = "place"
        empty_text = _("The collaboration has no members yet.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, orderable=False, **kwargs)

    def render_assured(self, record: Quality) -> str:
        return str(_("yes") if record.assured else _("no"))

    value_assured = render_assured
