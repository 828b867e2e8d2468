"""Tables that sort, page, stack on a phone and carry over into Excel."""

from collections.abc import Iterable, Iterator
from typing import Any

import django_tables2
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import Column, RequestConfig, TemplateColumn

from digivesteralen.ui import wording
from digivesteralen.ui.templatetags.ui import tag

PER_PAGE = 25
NOTHING = "–"
ATTRS = {"class": "ds-table p-stacked", "data-border": True, "data-hover": True}

__all__ = [
    "Column",
    "DateColumn",
    "DsTable",
    "MoneyColumn",
    "NumberColumn",
    "TagColumn",
    "TemplateColumn",
    "page",
]


class _Figures(Column):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"th": {"class": "p-num"}, "td": {"class": "p-num"}})
        super().__init__(*args, **kwargs)


class MoneyColumn(_Figures):
    """Kroner, to the right; a workbook gets the number."""

    def render(self, value: Any) -> str:
        return wording.money(value)

    def value(self, value: Any) -> Any:
        return value


class NumberColumn(_Figures):
    def render(self, value: Any) -> str:
        return wording.number(value)

    def value(self, value: Any) -> Any:
        return value


class DateColumn(Column):
    """12.12.2026; a workbook gets the day itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "p-nowrap"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return wording.short_day(value)

    def value(self, value: Any) -> Any:
        return value


class TagColumn(Column):
    """A state in words with a colour: ``colors={"done": "success"}``; fields with choices show their words."""

    def __init__(self, *args: Any, colors: dict[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colors = colors or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        return tag(self.value(value, record, bound_column), self.colors.get(self._raw(record, bound_column), "neutral"))

    def value(self, value: Any, record: Any, bound_column: Any) -> Any:
        display = getattr(record, f"get_{bound_column.accessor}_display", None)
        return display() if display else value

    def _raw(self, record: Any, bound_column: Any) -> Any:
        return bound_column.accessor.resolve(record, quiet=True)


class DsTable(django_tables2.Table):
    """A table in Designsystemet's look. Meta may say ``caption``, ``empty_text`` and ``row_header`` (a column).

    Columns that Meta names in ``when_told`` take no room on a page where no row fills them; a workbook has them all.

    A row whose record is an example says so beside its row header, and in the workbook.
    """

    def __init__(self, data: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("default", NOTHING)
        kwargs.setdefault("attrs", {**ATTRS, **self._meta.attrs})
        kwargs.setdefault("template_name", "ds/table.html")
        kwargs.setdefault("empty_text", self._meta.empty_text or _("Nothing to show."))
        super().__init__(data, **kwargs)
        about = getattr(type(self), "Meta", None)
        self.caption = getattr(about, "caption", "")
        self.row_header = getattr(about, "row_header", "")
        self.excel_url = ""
        self.kept: list[tuple[str, str]] = []

    def before_render(self, request: HttpRequest) -> None:
        shown = list(self.page.object_list) if hasattr(self, "page") else list(self.rows)
        for name in getattr(getattr(type(self), "Meta", None), "when_told", ()):
            accessor = self.columns[name].accessor
            if not any(accessor.resolve(row.record, quiet=True) for row in shown):
                self.columns.hide(name)

    def as_values(self, exclude_columns: Any = None) -> Iterator[list[Any]]:
        """The rows for a workbook; where any is made up, a column says which (design rule 13)."""
        rows = super().as_values(exclude_columns)
        made_up = [bool(getattr(row.record, "example", False)) for row in self.rows]
        if not any(made_up):
            yield from rows
            return
        yield [*next(rows), gettext("Example")]
        for row, example in zip(rows, made_up, strict=True):
            yield [*row, gettext("Example") if example else ""]

    @property
    def count(self) -> int:
        return self.paginator.count if hasattr(self, "paginator") else len(self.rows)

    @property
    def steps(self) -> Iterable[int | str]:
        """The page numbers worth showing, with gaps."""
        return self.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)


def page(request: HttpRequest, table: DsTable, *, per_page: int | None = PER_PAGE) -> DsTable:
    """Sort by ``?sort=``, cut by ``?page=``, and know the address of the same list as a workbook."""
    paginate = {"per_page": per_page} if per_page else False
    RequestConfig(request, paginate=paginate).configure(table)
    query = request.GET.copy()
    query.pop("page", None)
    table.kept = [(key, value) for key in query for value in query.getlist(key) if key != table.prefixed_order_by_field]
    query["format"] = "xlsx"
    table.excel_url = f"?{query.urlencode()}"
    return table
