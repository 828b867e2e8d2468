"""The acts of a collaboration, and its whole history as a workbook: for the secretariat and the auditor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from digivesteralen.accounts.access import needs, require
from digivesteralen.accounts.session_limits import fresh, require_fresh
from digivesteralen.audit.log import record
from digivesteralen.audit.models import Act
from digivesteralen.audit.wording import verb_in_words
from digivesteralen.operations.trail import roof
from digivesteralen.operations.trail.collaboration_history import sheets
from digivesteralen.operations.trail.forms import ActsFilter
from digivesteralen.operations.trail.things import Things
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables, wording
from governance.models import Collaboration

EXPORT = "governance.export_all"


class ActTable(tables.DsTable):
    """Who did what to what, when, and in whose name."""

    at = tables.Column(verbose_name=_("When"), attrs={"td": {"class": "p-nowrap"}})
    by = tables.Column(verbose_name=_("Who"), order_by="by__name", default=_("The portal"))
    verb = tables.Column(verbose_name=_("What"))
    about = tables.Column(verbose_name=_("On what"), empty_values=(), orderable=False)
    on_behalf = tables.Column(verbose_name=_("On behalf of"))

    class Meta:
        model = Act
        fields = ["at", "by", "verb", "about", "on_behalf"]
        caption = _("Acts")
        empty_text = _("Nothing has happened that fits what you asked for.")
        row_header = "at"
        order_by = "-at"
        when_told = ["on_behalf"]

    def __init__(self, *args: Any, things: Things, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things = things

    def render_at(self, value: Any) -> str:
        return wording.moment(value)

    def value_at(self, value: Any) -> Any:
        return value

    def render_verb(self, value: str) -> str:
        return verb_in_words(value)

    def render_about(self, record: Act) -> str:
        name, address = self.things.name(record), self.things.address(record)
        if address:
            return format_html('<a class="ds-link" href="{}">{}</a>', address, name)
        return name or tables.NOTHING

    def value_about(self, record: Act) -> str:
        return self.things.name(record)


@needs(EXPORT)
@require_GET
def acts(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Looks at what is exempt, what was taken out, what was refused: all that changes nothing, and leaves a trace."""
    found = _find(request, samarbeid)
    all_of_it = Act.objects.of(found)
    form = ActsFilter(request.GET, acts=all_of_it)
    things = Things(request.user)
    table = ActTable(form.narrow(all_of_it).select_related("by").order_by("-at", "-pk"), things=things)
    if request.GET.get("format") == "xlsx":
        require_fresh(request)
        roof.refuse_more(len(table.rows))
        things.fetch(row.record for row in table.rows)
        record("history_exported", by=request.user, on=found)
        return writing.response(table, file_name=f"handlinger-{found.slug}.xlsx")
    tables.page(request, table)
    things.fetch(row.record for row in table.page.object_list)
    return TemplateResponse(request, "operations/acts.html", {"collaboration": found, "filter": form, "table": table})


@needs(EXPORT)
@fresh
@require_GET
def collaboration_history(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Everything that has happened in the collaboration, in the period that is chosen, as one workbook."""
    found = _find(request, samarbeid)
    form = ActsFilter(request.GET, acts=Act.objects.of(found))
    made = sheets(found, form.wanted(), reader=request.user)
    record("history_exported", by=request.user, on=found)
    return writing.response(made, file_name=f"historikk-{found.slug}.xlsx")


def _find(request: HttpRequest, samarbeid: str) -> Collaboration:
    found = get_object_or_404(Collaboration.objects.visible_to(request.user), slug=samarbeid)
    require(request.user, EXPORT, on=found)
    return found
