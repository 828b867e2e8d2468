"""Preparing the gates of a project: front page, checkpoints, documents, versions, receivers, stages (D13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, check_version, require
from digivesteralen.documents import files
from digivesteralen.documents.uploads import Upload
from portfolio.gate_rules import checkpoints_of, rule_of
from portfolio.gates import latest_case, told_resolution, waits
from portfolio.models import (
    Gate,
    GateCheck,
    GateDocument,
    GateReceiver,
    GateVersion,
    PhaseModel,
    Project,
    ProjectDocument,
)

RIGHT = "governance.manage_portfolio"
FILE_KIND = "portfolio.gate_document"
STAGED = 3


class FrontPage(TypedDict, total=False):
    """What the secretariat writes on the front page before the gate is laid."""

    planned_on: date | None
    planned_precision: str
    prepared_by: str
    staffing: str
    next_ends_on: date | None
    next_ends_precision: str
    tolerance_time: str
    tolerance_cost: str
    tolerance_scope: str
    tolerance_quality: str
    tolerance_uncertainty: str
    tolerance_benefits: str


@transaction.atomic
def change_front_page(*, gate: Gate, version: int | None, by: Any, **fields: Unpack[FrontPage]) -> Gate:
    """Save what was written, unless somebody else saved first."""
    gate = prepared(gate, version, by)
    for name, value in fields.items():
        setattr(gate, name, value)
    return saved(gate)


@transaction.atomic
def answer_checks(*, gate: Gate, version: int | None, answers: Mapping[str, tuple[str, str]], by: Any) -> Gate:
    """Answer checkpoints, by key: yes, not relevant with a reason, or open again."""
    gate = prepared(gate, version, by)
    for check in gate.checks.select_for_update().filter(key__in=answers):
        answer, reason = answers[check.key]
        if answer == GateCheck.Answer.NOT_RELEVANT and not reason.strip():
            raise NotAllowedNow(_("Write why the checkpoint is not relevant."))
        if (check.answer, check.reason) == (answer, reason.strip()):
            continue
        check.answer, check.reason = answer, reason.strip()
        check.answered_by, check.answered_on = (by, timezone.localdate()) if answer else (None, None)
        check.save()
    return saved(gate)


@transaction.atomic
def name_document(
    *,
    gate: Gate,
    key: str,
    version: int | None = None,
    named: str = "",
    upload: Upload | None = None,
    legal_ground: str = "",
    by: Any,
) -> GateDocument:
    """Attach a decision document, or say where it lies; with a legal ground it is exempt (rule 8).

    A file that is there stays until another takes its place.
    """
    gate = prepared(gate, version, by)
    document = gate.documents.select_for_update().get(key=key)
    document.named, document.legal_ground = named.strip(), legal_ground
    document.access = ProjectDocument.Access.EXEMPT if legal_ground else ProjectDocument.Access.OPEN
    if upload is not None:
        document.document = files.keep(
            upload.content,
            kind=FILE_KIND,
            subject=f"{gate.project_id}:{gate.slug}-{gate.edition}-{key}",
            title=f"{gate.label}: {document.kind}",
            file_name=upload.file_name,
            mime=upload.mime,
            by=by,
        )
    if not document.is_there:
        raise NotAllowedNow(_("Choose a file, or write the title of the document and where it lies."), at="named")
    document.save()
    saved(gate)
    return document


@transaction.atomic
def add_version(
    *, gate: Gate, number: str, on: date, change: str, producer: str = "", approved: str = "", by: Any
) -> GateVersion:
    """A row of the version table; pressed twice it is one."""
    gate = prepared(gate, None, by)
    row, _made = GateVersion.objects.get_or_create(
        gate=gate, number=number, on=on, change=change, producer=producer, approved=approved
    )
    return row


@transaction.atomic
def add_receiver(*, gate: Gate, name: str, role: str = "", sent_on: date | None = None, by: Any) -> GateReceiver:
    """A row of the distribution table; pressed twice it is one."""
    gate = prepared(gate, None, by)
    row, _made = GateReceiver.objects.get_or_create(gate=gate, name=name, role=role, sent_on=sent_on)
    return row


@transaction.atomic
def remove_row(*, row: GateVersion | GateReceiver, by: Any) -> None:
    """Take out a row that was wrong, while the gate is being prepared; the history keeps it."""
    prepared(row.gate, None, by)
    row.delete()


@transaction.atomic
def add_stage(*, project: Project, seen: int | None = None, by: Any) -> Gate:
    """BP3.1, 3.2 …: one more gate between two stages of the execution; pressed twice it is one."""
    project = Project.objects.select_for_update(of=["self"], no_key=True).select_related("collaboration").get(
        pk=project.pk
    )  # fmt: skip
    require(by, RIGHT, on=project.collaboration)
    if project.phase_model != PhaseModel.FULL:
        raise NotAllowedNow(_("Only a project in the full phase model has stages with gates."))
    if any(gate.number > STAGED and (gate.is_decided or waits(gate)) for gate in project.gates.all()):
        raise NotAllowedNow(_("BP4 is laid or decided, so the execution gets no more stages."))
    last = project.gates.filter(number=STAGED).order_by("-part", "-edition").first()
    reached = last.part if last else 0
    if last is not None and seen is not None and seen + 1 == reached:
        return last
    if seen is not None and seen != reached:
        raise Stale(last or project)
    return make_gates(project, [(STAGED, reached + 1)])[0]


@transaction.atomic
def remove_stage(*, gate: Gate, by: Any) -> None:
    """Take out the last stage gate, while it has not been laid before the body."""
    gate = prepared(gate, None, by)
    later = gate.project.gates.filter(number=gate.number, part__gt=gate.part)
    if not gate.part or gate.case_id is not None or gate.edition > 1 or later.exists():
        raise NotAllowedNow(_("Only the last stage, which has not been laid before the body, can be taken out."))
    gate.delete()


def make_gates(project: Project, numbers: Iterable[tuple[int, int]]) -> list[Gate]:
    """The gates of a project with their checkpoints and documents, all of them open."""
    made = Gate.objects.bulk_create(
        Gate(project=project, number=number, part=part, example=project.example) for number, part in numbers
    )
    GateCheck.objects.bulk_create(
        GateCheck(gate=gate, key=point.key, position=position, mandatory=point.mandatory)
        for gate in made
        for position, point in enumerate(checkpoints_of(gate.number, gate.part))
    )
    GateDocument.objects.bulk_create(
        GateDocument(gate=gate, key=document.key, position=position)
        for gate in made
        for position, document in enumerate(rule_of(gate.number, gate.part).documents)
    )
    return made


def prepared(gate: Gate, version: int | None, by: Any) -> Gate:
    """Locked, and open to be written on by those who may change the portfolio."""
    gate = locked(gate, version)
    require(by, RIGHT, on=gate.project.collaboration)
    if refusal := why_it_stands(gate):
        raise NotAllowedNow(refusal)
    return gate


def why_it_stands(gate: Gate) -> str:
    """Why nothing is written on the front page now, and what to do instead; empty while it is being prepared."""
    if gate.is_decided:
        return _("%(gate)s is decided and stands as it was. A new treatment is a new edition.") % {"gate": gate}
    if told_resolution(gate):
        return _("The body has treated %(gate)s. Register what its resolution came to.") % {"gate": gate}
    if waits(gate):
        return _("%(gate)s lies before the body in the case «%(case)s». Withdraw the case before it is changed.") % {
            "gate": gate,
            "case": latest_case(gate),
        }
    return ""


def locked(gate: Gate, version: int | None) -> Gate:
    current = (
        Gate.objects.select_for_update(of=["self"], no_key=True)
        .select_related("project__collaboration", "project__gate_body", "case", "body")
        .get(pk=gate.pk)
    )
    check_version(current, version)
    return current


def saved(gate: Gate) -> Gate:
    gate.version += 1
    gate.save()
    return gate
