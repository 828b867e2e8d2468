from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digivesteralen.audit.log import acting, record
from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.reports import final_report
from digivesteralen.reports.models import Report
from governance.models import Collaboration
from portfolio import portfolio_document
from portfolio.actions.versions import DOCUMENT
from portfolio.models import PortfolioVersion


class Command(BaseCommand):
    help = "Write a report as PDF: report final vesteralen -o sluttrapport.pdf"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("collaboration")
        parser.add_argument("-o", "--output", required=True, metavar="FILE.pdf", type=Path)

    def handle(self, *args: Any, kind: str, collaboration: str, output: Path, **options: Any) -> str:
        place = Collaboration.objects.filter(slug=collaboration).first()
        if place is None:
            known = ", ".join(Collaboration.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no collaboration «{collaboration}». Known: {known or 'none'}.")
        with acting():
            content = KINDS[kind](place)
            record("report_exported", on=place, detail={"kind": kind})
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        return f"{output}: {place}, {kind}, {len(content)} bytes"


def final(place: Collaboration) -> bytes:
    """The newest published edition is the stored file itself; without one, the newest draft as it stands now."""
    newest = place.reports.select_related("collaboration", "document").order_by("-published_at", "-pk")
    published = newest.filter(state=Report.State.PUBLISHED).first()
    if published is not None and published.document is not None:
        return files.content(published.document)
    draft = newest.first()
    if draft is None:
        raise CommandError(f"{place} has no final report. Begin one on the page «Rapporter».")
    return final_report.render(draft)


def portfolio(place: Collaboration) -> bytes:
    """The newest version that the steering group approved, as it is stored."""
    versions = place.portfolio_versions.select_related("collaboration", "case__body__collaboration")
    version = versions.filter(state=PortfolioVersion.State.APPROVED).order_by("-number").first()
    if version is None:
        raise CommandError(f"{place} has no approved version of the portfolio; the steering group approves it.")
    stored: Document | None = Document.objects.of(DOCUMENT, version.pk).latest_version()
    return files.content(stored) if stored else portfolio_document.render(version)


KINDS = {"final": final, "portfolio": portfolio}
