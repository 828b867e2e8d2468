"""The portfolio PDF: what the steering group approved, or has before it, version by version."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Collaboration, Resolution
from portfolio import comparing
from portfolio.document_parts import PDF, attached, municipalities_of, parts, states_of, told, written
from portfolio.financing_plans import with_later
from portfolio.models import PortfolioItem, PortfolioVersion
from portfolio.opinions import by_answer, stance_word


def collaboration_of(subject: str) -> Collaboration:
    return PortfolioVersion.objects.select_related("collaboration").get(pk=subject).collaboration


def make(job: Job, report: Report) -> Made:
    """The work of the job: one PDF per version, the same on a second run."""
    version = PortfolioVersion.objects.select_related("collaboration", "case__body__collaboration").get(pk=job.subject)
    report(20, _("Collecting the projects"))
    content = render(version)
    report(90, _("Storing the file"))
    return Made(
        content,
        f"portefolje-{version.collaboration.slug}-versjon-{version.number}.pdf",
        PDF,
        title_of(version),
        made_from={"version": version.pk, "items": kept(version)},
    )


def kept(version: PortfolioVersion) -> list[dict[str, Any]]:
    """What was said of an exempt case is told only to those who read the case (rule 8)."""
    hidden = {"views"} if is_exempt(version) else set()
    return [{name: value for name, value in item.facts.items() if name not in hidden} for item in version.items.all()]


def is_exempt(version: PortfolioVersion) -> bool:
    """The case in which the version was laid, or the one as which it came back."""
    return any(case.is_exempt for case in with_later(version.case))


def render(version: PortfolioVersion) -> bytes:
    with override("nb"):
        return written(context(version), title=title_of(version))


def title_of(version: PortfolioVersion) -> str:
    with override("nb"):
        return f"{version.collaboration}: {version}"


def context(version: PortfolioVersion) -> dict[str, Any]:
    """All that the document tells, from the version's own rows alone."""
    items = list(version.items.all())
    exempt = is_exempt(version)
    shown = [_told(item, said=not exempt) for item in items]
    previous = comparing.previous_of(version)
    return {
        "heading": str(version),
        "version": version,
        "collaboration": version.collaboration,
        "case": version.case,
        "approved_on": timezone.localdate(version.frozen_at)
        if version.state == PortfolioVersion.State.APPROVED and version.frozen_at
        else None,
        "treatment": None if exempt else _treatment(version),
        "previous": previous,
        "changes": comparing.changes(previous, version) if previous else [],
        **parts(shown, states_of(shown), municipalities_of(shown), example=version.example),
        "in_full": True,
        "attachments": attached([SheetSpec(_("Shares"), *_shares(shown))], rows=sum(len(i["shares"]) for i in shown)),
    }


def _told(item: PortfolioItem, *, said: bool) -> dict[str, Any]:
    facts = item.facts
    views = facts.get("views", []) if said else []
    return {
        **told(facts, item.position),
        "changes": comparing.told_differences(item.laid, item.frozen),
        "views": [{**view, "word": stance_word(view["stance"])} for view in views],
        "said": by_answer(views),
    }


def _treatment(version: PortfolioVersion) -> dict[str, Any] | None:
    """How the body treated the version, with the answer or the silence of each municipality."""
    treated = version.treated
    if not treated or not treated.get("meeting"):
        return None
    return {
        **treated,
        "on": date.fromisoformat(treated["on"]),
        "outcome": Resolution.Outcome(treated["outcome"]).label,
        "views": [{**view, "word": stance_word(view["stance"])} for view in treated["views"]],
    }


def _shares(shown: list[dict[str, Any]]) -> tuple[list[Any], list[list[Any]]]:
    """The shares of every project as rows of a workbook."""
    header = [
        _("Number"), _("Project"), _("Municipality number"), _("Municipality"), _("Participation"),
        _("If all invited join (NOK)"), _("With those who have said yes (NOK)"), _("The decision covers (NOK)"),
        _("Example"),
    ]  # fmt: skip
    rows: list[list[Any]] = [
        [
            item["number"], item["title"], line["municipality"], line["name"], str(line["status"]), line["if_all"],
            line["so_far"], line["covered"], _("yes") if item["example"] else "",
        ]
        for item in shown
        for line in item["shares"]
    ]  # fmt: skip
    return header, rows
