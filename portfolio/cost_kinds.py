"""What the costs of projects attach below: the financing plan as a document, and its place on the page of its case."""

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from governance import case_panels
from portfolio import financing_plan_document
from portfolio.financing_plans import DOCUMENT
from portfolio.models import FinancingPlan, ProjectCase
from portfolio.views.case_panels import financing_plan, own_share


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(
        DOCUMENT,
        container=financing_plan_document.body_of,
        right="governance.view_papers",
        work=financing_plan_document.make,
        title=_("Financing plan"),
    )
    case_panels.register(financing_plan, FinancingPlan)
    case_panels.register(own_share, ProjectCase)
