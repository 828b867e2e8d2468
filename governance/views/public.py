"""What anybody may read: the collaboration, its plan of meetings and its published minutes, without what is exempt."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, public
from digivesteralen.documents import files
from governance import minutes as documents
from governance import papers
from governance.minutes_text import context as text_of
from governance.models import Collaboration, Meeting

A_PAGE = 25


@public
def index(request: HttpRequest) -> HttpResponse:
    """The collaborations that anybody may read about."""
    shown = Collaboration.objects.with_public_pages().order_by("name")
    return TemplateResponse(request, "governance/public/index.html", {"places": shown})


@public
def collaboration(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What it is, when its bodies meet, and the minutes that are published."""
    found = _find(samarbeid)
    published = Meeting.objects.published().filter(body__collaboration=found).select_related("body__collaboration")
    coming = list(
        Meeting.objects.filter(body__collaboration=found, written=False).coming().select_related("body")[:A_PAGE]
    )
    agendas = papers.public_agendas(coming)
    context = {
        "place": found,
        "legal_form": found.legal_form_on(timezone.localdate()),
        "members": found.members(),
        "coming": [(one, agendas.get(one.pk, [])) for one in coming],
        "page": Paginator(published.order_by("-starts_at"), A_PAGE).get_page(request.GET.get("side")),
    }
    return TemplateResponse(request, "governance/public/collaboration.html", context)


@public
def minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """Published minutes as a page: the public version, whoever reads it."""
    found = _published(samarbeid, organ, nummer, aar)
    context = {
        **text_of(found, public=True),
        "place": found.body.collaboration,
        "collaboration": None,
        "title": documents.title(found),
        "published": found.publications.get(withdrawn_at=None),
        "versions": _files(found),
    }
    context["name"] = found.body.collaboration.name
    return TemplateResponse(request, "governance/public/minutes.html", context)


@public
def minutes_pdf(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse | FileResponse:
    """The newest public file, or an earlier version of it with ?versjon=2."""
    found = _published(samarbeid, organ, nummer, aar)
    versions = _files(found)
    wanted = request.GET.get("versjon", "")
    if wanted:
        versions = [one for one in versions if str(one.version) == wanted]
        if not versions:
            raise Http404
    if not versions:
        raise NotAllowedNow(_("The PDF is being made. Try again in a moment."))
    return files.response(versions[0])


def _find(samarbeid: str) -> Collaboration:
    return get_object_or_404(Collaboration.objects.with_public_pages(), slug=samarbeid)


def _published(samarbeid: str, organ: str, nummer: int, aar: int) -> Meeting:
    meetings = Meeting.objects.published().select_related("body__collaboration", "chair", "secretary")
    place = {"body__collaboration__slug": samarbeid, "body__slug": organ}
    return get_object_or_404(meetings, number=nummer, year=aar, **place)


def _files(found: Meeting) -> list[Any]:
    """The public files since the approval, newest first; never one that shows what is exempt today (rule 8)."""
    versions = papers.versions(papers.MINUTES_PUBLIC, found).filter(made_from__state="approved")
    return papers.that_hide_enough(versions, found)
