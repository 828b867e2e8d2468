"""Ordering the plan for realising benefits as a document: of one project, or of the portfolio as it is filtered."""

from __future__ import annotations

import hashlib
from typing import Any

from digivesteralen.accounts.access import require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Collaboration
from portfolio.models import Project

KIND = "portfolio.benefit_plan"
SEE = "governance.view_collaboration"


def order(*, where: Collaboration | Project, query: dict[str, str] | None = None, by: Any) -> Job:
    """Ask for the PDF; the same selection is the next version of the same document, and what went out stays."""
    require(by, SEE, on=_collaboration(where))
    return jobs.ask(KIND, subject_of(where, query), by=by, arguments={"query": query or {}})


def newest(where: Collaboration | Project) -> Job | None:
    return Job.objects.filter(kind=KIND, subject=subject_of(where)).order_by("-asked_at").first()


def subject_of(where: Collaboration | Project, query: dict[str, str] | None = None) -> str:
    if isinstance(where, Project):
        return f"project-{where.pk}"
    told = "\n".join(f"{name}={value}" for name, value in sorted((query or {}).items()) if value)
    return f"collaboration-{where.pk}-{hashlib.sha256(told.encode()).hexdigest()[:16] if told else 'all'}"


def place_of(subject: str) -> Collaboration | Project:
    kind, key = subject.split("-")[:2]
    if kind == "project":
        return Project.objects.select_related("collaboration", "focus_area", "lead_organisation").get(pk=int(key))
    return Collaboration.objects.get(pk=int(key))


def collaboration_of(subject: str) -> Collaboration:
    return _collaboration(place_of(subject))


def _collaboration(where: Collaboration | Project) -> Collaboration:
    return where.collaboration if isinstance(where, Project) else where
