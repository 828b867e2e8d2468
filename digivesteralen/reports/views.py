from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.documents.models import Document, Job
from digivesteralen.reports import actions, forms
from digivesteralen.reports.blocks import BLOCKS
from digivesteralen.reports.models import Report
from digivesteralen.reports.tables import ReportTable
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Collaboration
from portfolio.models import PortfolioVersion

VIEW, WRITE = "governance.view_collaboration", actions.RIGHT


@needs(VIEW)
def reports(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Final reports, and what else the collaboration has frozen for print."""
    place = _collaboration(request, samarbeid, VIEW)
    writes = holds(request.user, WRITE, place)
    rows = place.reports.all() if writes else place.reports.filter(state=Report.State.PUBLISHED)
    table = ReportTable(rows.select_related("collaboration", "document"))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"rapporter-{place.slug}.xlsx")
    return TemplateResponse(
        request,
        "reports/reports.html",
        {
            "collaboration": place,
            "table": tables.page(request, table),
            "writes": writes,
            "portfolios": _portfolios(place),
        },
    )


@needs(WRITE)
def new_report(request: HttpRequest, samarbeid: str) -> HttpResponse:
    place = _collaboration(request, samarbeid, WRITE)
    form = forms.NewReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        report = actions.begin_report(collaboration=place, title=form.cleaned_data["title"], by=request.user)
        messages.success(
            request, _("The report is begun, with the usual chapters. Write the texts; the figures come by themselves.")
        )
        return redirect(report)
    return TemplateResponse(request, "reports/new_report.html", {"collaboration": place, "form": form})


@needs(VIEW)
def report(request: HttpRequest, samarbeid: str, slug: str, edition: int) -> HttpResponse:
    """The report with its chapters; a draft is seen only by those who write it."""
    found = _report(request, samarbeid, slug, edition)
    writes = holds(request.user, WRITE, found.collaboration)
    if found.state == Report.State.DRAFT and not writes:
        require(request.user, WRITE, on=found.collaboration)
    job = Job.objects.filter(kind=actions.DRAFT, subject=str(found.pk)).order_by("-asked_at").first()
    # The newest draft stands on the job's own card until the report is published.
    drafts = Document.objects.filter(kind=actions.DRAFT, subject=str(found.pk))
    if job and job.document_id and found.state == Report.State.DRAFT:
        drafts = drafts.exclude(pk=job.document_id)
    chapters = [
        (chapter, [BLOCKS[key][0] for key in chapter.blocks]) for chapter in found.chapters.select_related("focus_area")
    ]
    return TemplateResponse(
        request,
        "reports/report.html",
        {
            "collaboration": found.collaboration,
            "report": found,
            "chapters": chapters,
            "recommendations": found.recommendations.all(),
            "writes": writes and found.state == Report.State.DRAFT,
            "may_write": writes,
            "draft": actions.latest_draft(found) if writes else None,
            "drafts": drafts.order_by("-version")[:5],
            "job": job,
            "editions": found.collaboration.reports.filter(slug=found.slug).exclude(pk=found.pk),
        },
    )


@needs(WRITE)
@require_POST
def order(request: HttpRequest, samarbeid: str, slug: str, edition: int) -> HttpResponse:
    found = _report(request, samarbeid, slug, edition)
    actions.order(report=found, by=request.user)
    return redirect(found)


@needs(WRITE)
def publish(request: HttpRequest, samarbeid: str, slug: str, edition: int) -> HttpResponse:
    found = _report(request, samarbeid, slug, edition)
    require(request.user, WRITE, on=found.collaboration)
    if request.method == "POST":
        actions.publish(report=found, by=request.user)
        messages.success(request, _("The report is published and frozen."))
        return redirect(found)
    return TemplateResponse(
        request,
        "ds/confirm_page.html",
        {
            "collaboration": found.collaboration,
            "title": _("Publish «%(title)s»?") % {"title": found.title},
            "text": _(
                "Everybody in the collaboration can then read it. It can't be changed; a correction is a new edition."
            ),
            "submit": _("Publish the report"),
            "cancel": found.get_absolute_url(),
        },
    )


@needs(WRITE)
def new_edition(request: HttpRequest, samarbeid: str, slug: str, edition: int) -> HttpResponse:
    found = _report(request, samarbeid, slug, edition)
    require(request.user, WRITE, on=found.collaboration)
    form = forms.NewEditionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect(actions.new_edition(report=found, reason=form.cleaned_data["reason"], by=request.user))
    return TemplateResponse(
        request, "reports/new_edition.html", {"collaboration": found.collaboration, "report": found, "form": form}
    )


@needs(WRITE)
def chapter(request: HttpRequest, samarbeid: str, slug: str, edition: int, pk: int) -> HttpResponse:
    found = _report(request, samarbeid, slug, edition)
    require(request.user, WRITE, on=found.collaboration)
    row = get_object_or_404(found.chapters, pk=pk)
    form = forms.ChapterForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid():
        data = form.cleaned_data
        actions.write_chapter(
            chapter=row, version=data.get("version"), title=data["title"], text=data["text"], by=request.user
        )
        messages.success(request, _("The chapter is saved."))
        return redirect(found)
    context = {"collaboration": found.collaboration, "report": found, "chapter": row, "form": form}
    return TemplateResponse(
        request,
        "reports/chapter.html",
        {**context, "draft_key": f"chapter-{row.pk}", "blocks": [BLOCKS[key][0] for key in row.blocks]},
    )


@needs(WRITE)
def new_recommendation(request: HttpRequest, samarbeid: str, slug: str, edition: int) -> HttpResponse:
    found = _report(request, samarbeid, slug, edition)
    require(request.user, WRITE, on=found.collaboration)
    form = forms.RecommendationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        actions.recommend(report=found, text=data["text"], points=data["points"].splitlines(), by=request.user)
        return redirect(found)
    return TemplateResponse(
        request, "reports/recommendation.html", {"collaboration": found.collaboration, "report": found, "form": form}
    )


@needs(WRITE)
def recommendation(request: HttpRequest, samarbeid: str, slug: str, edition: int, number: int) -> HttpResponse:
    found = _report(request, samarbeid, slug, edition)
    require(request.user, WRITE, on=found.collaboration)
    row = get_object_or_404(found.recommendations, number=number)
    form = forms.RecommendationForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid():
        data = form.cleaned_data
        actions.change_recommendation(
            recommendation=row, version=data.get("version"), text=data["text"], points=data["points"], by=request.user
        )
        return redirect(found)
    context = {"collaboration": found.collaboration, "report": found, "recommendation": row, "form": form}
    return TemplateResponse(request, "reports/recommendation.html", context)


def _collaboration(request: HttpRequest, slug: str, right: str) -> Collaboration:
    place = get_object_or_404(Collaboration.objects.visible_to(request.user), slug=slug)
    require(request.user, right, on=place)
    return place


def _report(request: HttpRequest, samarbeid: str, slug: str, edition: int) -> Report:
    return get_object_or_404(
        Report.objects.visible_to(request.user).select_related("collaboration", "document"),
        collaboration__slug=samarbeid,
        slug=slug,
        edition=edition,
    )


def _portfolios(place: Collaboration) -> list[Document]:
    versions = [str(pk) for pk in PortfolioVersion.objects.filter(collaboration=place).values_list("pk", flat=True)]
    return list(Document.objects.filter(kind="portfolio.portfolio", subject__in=versions).order_by("-created_at"))
