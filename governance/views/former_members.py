"""What a municipality that has left a collaboration still reads (§7 rule 4)."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from digivesteralen.accounts.access import needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import former_members
from governance.former_members import Past, Section
from governance.former_tables import FormerTable
from governance.forms.organisations import FormerFilter
from governance.views.organisations import find_municipality


@needs(former_members.OWN, on="organisation")
def former(request: HttpRequest, nummer: str, samarbeid: str) -> HttpResponse:
    """One list at a time, searched, counted and as a workbook."""
    past = _find(request, nummer, samarbeid)
    filtered = FormerFilter(request.GET)
    words = filtered.cleaned_data["q"] if filtered.is_valid() else ""
    counts = [(one, one.found(past, words).count()) for one in former_members.sections()]
    asked = [one for one, _count in counts if one.key == request.GET.get("vis")]
    section = next(iter([*asked, *(one for one, count in counts if count)]), counts[0][0])
    address = reverse("former_collaboration", args=[nummer, samarbeid])
    rows = FormerTable(section.found(past, words), section=section, address=f"{address}{section.key}/")
    table = tables.page(request, rows)
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"{section.key}-{past.collaboration.slug}-{past.until}.xlsx")
    views = [
        (
            f"{one.title} ({count})",
            f"?{urlencode({'vis': one.key, 'q': words})}",
            one is section,
        )
        for one, count in counts
    ]
    context = {"past": past, "table": table, "views": views, "filter": filtered}
    return TemplateResponse(request, "governance/former/list.html", context)


@needs(former_members.OWN, on="organisation")
def former_thing(request: HttpRequest, nummer: str, samarbeid: str, avdeling: str, pk: int) -> HttpResponse:
    """One meeting, case, agreement, project or report, as it was."""
    past = _find(request, nummer, samarbeid)
    section = _section(avdeling)
    event = section.found(past).filter(pgh_obj=pk).first()
    if event is None:
        raise Http404
    told = {"line": section.line(event), "page": section.page(past, event)}
    context = {"past": past, "section": section, "event": event, **told}
    return TemplateResponse(request, "governance/former/page.html", context)


def _find(request: HttpRequest, nummer: str, samarbeid: str) -> Past:
    found = find_municipality(request, nummer)
    require(request.user, former_members.OWN, on=found)
    past = former_members.past_of(found, samarbeid)
    if past is None:
        raise Http404
    return past


def _section(key: str) -> Section:
    found = next((one for one in former_members.sections() if one.key == key), None)
    if found is None:
        raise Http404
    return found
