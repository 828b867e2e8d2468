"""The front page of a gate with its checkpoints as a document, made from the frozen facts alone (D13, rule 7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.registry import Report
from governance.models import Body, Collaboration
from portfolio.models import Gate, GateCheck, Project
from portfolio.models.gates import DOCUMENT

PDF = "application/pdf"


def body_of(subject: str) -> Body:
    """The front page belongs to the papers of the body that treated the gate."""
    body = Gate.objects.select_related("body").get(pk=subject).body
    if body is None:
        raise Body.DoesNotExist
    return body


def collaboration_of(subject: str) -> Collaboration:
    """Of a decision document, whose subject begins with its project."""
    return Project.objects.select_related("collaboration").get(pk=subject.partition(":")[0]).collaboration


def newest(gate: Gate) -> Document | None:
    """The file, when it has been made."""
    document: Document | None = Document.objects.of(DOCUMENT, gate.pk).latest_version()
    return document


def make(job: Job, report: Report) -> Made:
    """The work of the job: one PDF for each decided gate, the same on a second run."""
    gate = Gate.objects.select_related("project__collaboration", "body").get(pk=job.subject)
    report(20, _("Setting the pages"))
    content = render(gate)
    report(90, _("Storing the file"))
    return Made(content, file_name(gate), PDF, title_of(gate), made_from={"gate": gate.pk, "facts": gate.facts})


def render(gate: Gate) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        return pdf.render("pdf/gate.html", context(gate), title=title_of(gate))


def file_name(gate: Gate) -> str:
    """Never the title of the project: the case may be exempt (rule 8)."""
    project = gate.project
    return f"{gate.slug}-{project.collaboration.slug}-{project.number}-{gate.edition}.pdf"


def title_of(gate: Gate) -> str:
    with override("nb"):
        facts = gate.facts or {}
        return f"{gate.label}: {facts.get('title', '')}"


def context(gate: Gate) -> dict[str, Any]:
    """The frozen facts in words, for the document and for the page of a decided gate."""
    facts: dict[str, Any] = gate.facts or {}
    answers = dict(GateCheck.Answer.choices)
    return {
        "gate": gate,
        "collaboration": gate.project.collaboration,
        "facts": facts,
        "treated_on": _day(facts["treated_on"]),
        "versions": [
            {"number": number, "on": _day(on), "change": change, "producer": producer, "approved": approved}
            for number, on, change, producer, approved in facts["versions"]
        ],
        "receivers": [
            {"name": name, "role": role, "sent_on": _day(sent_on)} for name, role, sent_on in facts["receivers"]
        ],
        "checks": [{**check, "answer": answers[check["answer"]]} for check in facts["checks"]],
        "example": gate.example,
    }


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
