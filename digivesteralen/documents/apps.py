from importlib.metadata import version
from typing import Any

from django.apps import AppConfig
from django.core import checks

# Before it, what a document asks for could get past the refusal (CVE-2026-55073, CVE-2026-49452, CVE-2025-68616).
OLDEST_WEASYPRINT = 70


class DocumentsConfig(AppConfig):
    """Documents that are kept, and the jobs that make them."""

    name = "digivesteralen.documents"
    label = "documents"

    def ready(self) -> None:
        checks.register(weasyprint_is_new_enough)


def weasyprint_is_new_enough(**kwargs: Any) -> list[checks.CheckMessage]:
    """T11: the portal does not start with one that opens more than it should."""
    found = version("weasyprint")
    if int(found.partition(".")[0]) >= OLDEST_WEASYPRINT:
        return []
    return [
        checks.Error(
            f"WeasyPrint {found} is older than {OLDEST_WEASYPRINT}: install what the lock names.", id="documents.E001"
        )
    ]
