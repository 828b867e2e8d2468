"""What the gates attach below: their papers, their place on the page of a case, and what follows from decisions."""

from django.utils.translation import gettext_lazy as _

from digivesteralen.audit import wording
from digivesteralen.documents import registry
from governance import case_panels, consequences
from portfolio import gate_document
from portfolio.actions import gate_answers, gate_decisions
from portfolio.actions.gates import FILE_KIND
from portfolio.models import Gate
from portfolio.models.gates import DOCUMENT
from portfolio.views.gate_panels import on_case


def register() -> None:
    """Called once, when the app is ready; before what works out the shares from who takes part."""
    registry.register(
        DOCUMENT,
        container=gate_document.body_of,
        right="governance.view_papers",
        work=gate_document.make,
        title=_("Front page of a gate"),
    )
    # Read through the page of the gate, which asks for less where neither it nor the case is exempt (rule 8).
    registry.register(
        FILE_KIND,
        container=gate_document.collaboration_of,
        right="governance.view_exempt",
        title=_("Decision document of a gate"),
    )
    case_panels.register(on_case, Gate)
    consequences.on_resolution(gate_decisions.on_resolution)
    consequences.opens_adoptions(gate_decisions.opens_adoptions)
    consequences.on_adoption(gate_answers.on_adoption)
    wording.tell("phase_model_chosen", _("chose the phase model"))
