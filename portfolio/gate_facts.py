"""A gate as it was decided, as data that is kept: the front page with its tables and checkpoints (D13, rule 7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from governance.models import Resolution
from portfolio.gate_rules import Words, checkpoints_of
from portfolio.models import Gate


@override("nb")
def facts_of(gate: Gate, resolution: Resolution, answer: str) -> dict[str, Any]:
    """All that the front page tells, in the words it was told with."""
    meeting, case = resolution.item.meeting, resolution.item.case
    return {
        "project": gate.project.number,
        "title": gate.project.title,
        "collaboration": gate.project.collaboration.name,
        "question": str(gate.rule.question),
        "case_number": case.number,
        "treated_on": meeting.day.isoformat() if meeting.day else None,
        "treated_by": str(case.body),
        "prepared_by": gate.prepared_by,
        "answer": gate.in_words(answer),
        "points": [point.text for point in resolution.points.all()],
        "staffing": gate.staffing,
        "next_ends": gate.next_ends,
        "signed_by": meeting.chair.name if meeting.chair else str(case.body),
        "afterwards": gate.afterwards,
        "tolerances": [[str(label), value] for label, value in gate.tolerances if value],
        "documents": _documents(gate),
        "versions": [
            [one.number, one.on.isoformat(), one.change, one.producer, one.approved] for one in gate.versions.all()
        ],
        "receivers": [
            [one.name, one.role, one.sent_on.isoformat() if one.sent_on else None] for one in gate.receivers.all()
        ],
        "checks": _checks(gate),
    }


def _documents(gate: Gate) -> list[list[str]]:
    return [[str(one), one.told] for one in gate.documents.select_related("document") if one.is_there]


def _checks(gate: Gate) -> list[dict[str, str]]:
    """The questions as they read, since the list may be another later."""
    asked = questions(gate)
    return [
        {"question": str(asked.get(one.key, one.key)), "answer": one.answer, "reason": one.reason}
        for one in gate.checks.all()
    ]


def questions(gate: Gate) -> dict[str, Words]:
    return {point.key: point.words for point in checkpoints_of(gate.number, gate.part)}
