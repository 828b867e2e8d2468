"""A gate with all that must be there before it is laid, made by the same verbs as the pages."""

from typing import Any

from django.utils import timezone

from portfolio.actions import gates
from portfolio.actions.benefits import say_why_one_side
from portfolio.actions.gate_cases import lay_gate
from portfolio.models import Gate, Project

# The gate into the execution: by then the project states both cost and service, or says why not.
EXECUTION = 3


def the_gate(project: Project, number: int, part: int = 0) -> Gate:
    """The newest edition."""
    found = Gate.objects.filter(project=project, number=number, part=part).order_by("-edition").first()
    assert found is not None
    return found


def ready(project: Project, number: int, by: Any, part: int = 0) -> Gate:
    gate = the_gate(project, number, part)
    fields: Any = {f"tolerance_{name}": "10 prosent" for name in Gate.TOLERANCES} if gate.rule.tolerances else {}
    gates.change_front_page(
        gate=gate, version=None, prepared_by="Sekretariatet", staffing="To fra sekretariatet",
        next_ends_on=timezone.localdate(), by=by, **fields,
    )  # fmt: skip
    gates.answer_checks(gate=gate, version=None, answers={check.key: ("yes", "") for check in gate.checks.all()}, by=by)
    for document in gate.documents.all():
        gates.name_document(gate=gate, key=document.key, named="Arkivsak 26/12", by=by)
    if number == EXECUTION and not part:
        say_why_one_side(project=project, reason="Gir bare bedre tjenester.", by=by)
    return the_gate(project, number, part)


def laid(project: Project, number: int, by: Any, part: int = 0, **more: Any) -> Gate:
    gate = ready(project, number, by, part)
    more.setdefault("proposed", "approved" if number > 4 else "start")
    return lay_gate(gate=gate, by=by, **more)
