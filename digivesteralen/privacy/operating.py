"""The pages of those who run the installation: how long things are kept, and the two pages of information."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, operators, public
from digivesteralen.audit.models import RetentionRule
from digivesteralen.privacy import pages
from digivesteralen.privacy import retention as keeping
from digivesteralen.privacy.forms import MonthsForm, PageForm
from digivesteralen.privacy.models import InformationPage
from digivesteralen.privacy.stored import stored_in_the_browser
from digivesteralen.ui.numbers import version_in

Page = InformationPage.Page
WORDS = {"personvern": Page.PRIVACY, "tilgjengelighet": Page.ACCESSIBILITY}


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal keeps about those who use it, in the installation's words, and for how long, in its own."""
    return _read(request, Page.PRIVACY, {"kinds": keeping.told(), "stored": stored_in_the_browser()})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """How well the portal can be used by all; an owner's own statement at Uutilsynet goes before it by a setting."""
    return _read(request, Page.ACCESSIBILITY, {})


def _read(request: HttpRequest, page: Page, more: dict[str, object]) -> HttpResponse:
    words, edition = pages.words_of(page)
    context = {"page": page, "words": words, "edition": edition, **more}
    return TemplateResponse(request, "privacy/page.html", context)


@operators
def retention(request: HttpRequest) -> HttpResponse:
    """Kind by kind: how long, what happens, and when it last did."""
    return TemplateResponse(request, "privacy/retention.html", {"kinds": keeping.told()})


@operators
def change_retention(request: HttpRequest, slag: str) -> HttpResponse:
    kind = keeping.BY_KEY.get(slag)
    if kind is None:
        raise Http404
    rule = RetentionRule.objects.filter(kind=kind.key).first()
    start = {"months": rule.months if rule is not None else kind.months}
    data = request.POST if request.method == "POST" else None
    form = MonthsForm(data, kind=kind, initial=start, version=rule.version if rule is not None else None)
    if form.is_valid():
        keeping.change_months(kind=kind, by=request.user, **form.cleaned_data)
        told = _("It holds for what comes in from now on.") if kind.from_now_on else ""
        messages.success(request, told or _("From the next night it is kept so long."))
        return redirect("retention")
    context = {
        "form": form,
        "title": kind.title,
        "lead": kind.happens,
        "submit": _("Save"),
        "cancel": reverse("retention"),
        "crumb": (_("How long things are kept"), reverse("retention")),
    }
    return TemplateResponse(request, "privacy/form.html", context)


@operators
def information_pages(request: HttpRequest) -> HttpResponse:
    """The two pages: what is read, since when, and whether there is a draft."""
    told = [
        {
            "word": word,
            "title": page.label,
            "url": reverse(f"{page.value}"),
            "published": InformationPage.objects.published(page),
            "draft": InformationPage.objects.draft(page),
        }
        for word, page in WORDS.items()
    ]
    return TemplateResponse(request, "privacy/pages.html", {"pages": told})


@operators
def edit_page(request: HttpRequest, side: str) -> HttpResponse:
    page = _page(side)
    draft = pages.begin(page)
    form = PageForm(request.POST if request.method == "POST" else None, instance=draft)
    if form.is_valid():
        pages.save_draft(page=page, by=request.user, **form.cleaned_data)
        messages.success(request, _("The draft is saved. Nobody else sees it until it is published."))
        return redirect("information_pages")
    context = {
        "form": form,
        "title": _("Edit: %(page)s") % {"page": page.label},
        "submit": _("Save the draft"),
        "cancel": reverse("information_pages"),
        "draft": f"information-{side}",
        "crumb": (_("Pages of information"), reverse("information_pages")),
    }
    return TemplateResponse(request, "privacy/form.html", context)


@operators
def publish_page(request: HttpRequest, side: str) -> HttpResponse:
    """Everybody reads it from now, also without signing in, so it is read through and asked first."""
    page = _page(side)
    draft = InformationPage.objects.draft(page)
    if request.method == "POST":
        version = version_in(request)
        pages.publish(page=page, version=version, by=request.user)
        messages.success(request, _("The page is published."))
        return redirect("information_pages")
    if draft is None:
        raise NotAllowedNow(_("There is no draft to publish. Write one first."))
    return TemplateResponse(request, "privacy/publish.html", {"page": page, "edition": draft})


def _page(side: str) -> Page:
    if side not in WORDS:
        raise Http404
    return WORDS[side]
