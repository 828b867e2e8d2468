"""Projects with those who took part, and portfolio versions, as they were when a municipality left (§7 rule 4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import wording
from governance import former_members
from governance.former_members import Line, Page, Past, Section, as_it_was
from governance.models import Adoption, Case, Organisation
from governance.models.exemption import open_on
from portfolio.actions import versions
from portfolio.models import Participation, PortfolioVersion, Project
from portfolio.models.participation import answered


def register() -> None:
    former_members.register(
        Section("prosjekter", _("Projects"), _projects, ("title", "goal"), _project_line, _project_page)
    )
    former_members.register(Section("portefolje", _("Portfolio"), _versions, ("number",), _version_line, _version_page))


def _projects(past: Past) -> models.QuerySet[Any]:
    ours = Project.objects.filter(collaboration=past.collaboration)
    return as_it_was(Project, past, ours).order_by("number")


def _project_line(event: Any) -> Line:
    return Line(event.title, str(event.number), event.get_state_display(), event.starts_on)


def _project_page(past: Past, event: Any) -> Page:
    facts = [
        (_("Kind"), event.get_kind_display()),
        (_("State"), event.get_state_display()),
        (_("Starts"), wording.day(event.starts_on) if event.starts_on else ""),
        (_("Ends"), wording.day(event.ends_on) if event.ends_on else ""),
        (_("Shared cost"), wording.money(event.shared_cost) if event.shared_cost is not None else ""),
    ]
    texts = [(_("Goal"), event.goal)] if event.goal else []
    rows = [(_("Participation"), _who_took_part(past, event.pgh_obj_id))]
    return Page(facts, texts, [row for row in rows if row[1]])


def _who_took_part(past: Past, project: int) -> list[tuple[str, str]]:
    """Each invited municipality's answer on the last day, from its decision as it then stood."""
    parts = list(as_it_was(Participation, past, Participation.objects.filter(project=project)))
    decisions = {one.adoption_id for one in parts} | {one.withdrawal_id for one in parts}
    then = as_it_was(Adoption, past, Adoption.objects.filter(pk__in=decisions - {None}))
    known = {event.pgh_obj_id: event for event in then}
    names = Organisation.objects.in_bulk([one.organisation_id for one in parts])
    told = []
    for part in parts:
        place = names[part.organisation_id]
        told.append((place.sort_key, place.name, str(answered(_Then(part, known), past.until).label).capitalize()))
    return [(name, status) for _key, name, status in sorted(told)]


class _Then:
    """An answer as it stood, with the decisions as they stood; made for ``answered``."""

    def __init__(self, part: Any, known: dict[int, Any]) -> None:
        self.adoption, self.withdrawal = known[part.adoption_id], known.get(part.withdrawal_id)
        self.leaves_by_no, self.joins_on, self.leaves_on = part.leaves_by_no, part.joins_on, part.leaves_on
        self.interest, self.interest_on = part.interest, part.interest_on


def _versions(past: Past) -> models.QuerySet[Any]:
    """Those that were closed, in a case that was open to all."""
    ours = PortfolioVersion.objects.filter(collaboration=past.collaboration, case__in=Case.objects.open_today())
    was = as_it_was(PortfolioVersion, past, ours).exclude(state=PortfolioVersion.State.LAID)
    cases = as_it_was(Case, past, Case.objects.filter(portfolio_version__in=ours)).filter(open_on(past.until))
    return was.filter(case__in=cases.values("pgh_obj_id")).order_by("-number")


def _version_line(event: Any) -> Line:
    title = str(_("Portfolio, version %(number)s")) % {"number": event.number}
    return Line(title, str(event.number), event.get_state_display(), timezone.localdate(event.frozen_at))


def _version_page(past: Past, event: Any) -> Page:
    facts = [(_("State"), event.get_state_display()), (_("Frozen"), wording.day(event.frozen_at))]
    version = PortfolioVersion.objects.get(pk=event.pgh_obj_id)
    order = [(str(item.position), item.facts.get("title", "")) for item in version.items.all()]
    rows = [(_("Projects"), order)] if order else []
    return Page(facts, rows=rows, documents=former_members.papers(past, [versions.DOCUMENT], event.pgh_obj_id))
