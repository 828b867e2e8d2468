"""What the municipalities of a collaboration see of each other's systems, as their agreement says (rule 9).

Everything that shows a system to others asks here: pages, spreadsheets, the windows, council papers.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DecimalField, F, Value, When
from django.utils.translation import gettext as _

from governance.models import Collaboration
from surveys.models import SharingRule

# Area, system, supplier and the days of the contract: the portal could not compare or buy together without them.
ALWAYS = (
    "area", "answer", "product", "supplier", "contract_end", "end_unknown", "end_running", "binding_until",
    "notice_months", "notice_to", "options", "option_months", "renews_months", "same_as", "through", "example",
)  # fmt: skip
BY_RULE = {
    "costs": ("annual_cost",),
    "operation": ("release", "hosting", "operation", "operated_by"),
    "users": ("users",),
    "fit": ("business_fit", "technical_fit", "replacement_year", "planned_replacement"),
    "integrations": ("integrations",),
}
# A cost is shown under this name, and only where the municipality has said yes for the system.
COST = "shared_cost"


def rule_of(collaboration: Collaboration) -> SharingRule:
    """As registered, else what always holds."""
    found: SharingRule = SharingRule.objects.of(collaboration)
    return found


def fields_of(rule: SharingRule) -> frozenset[str]:
    """The fields of a system that a rule lets others see."""
    more = (name for kind, names in BY_RULE.items() if getattr(rule, kind) for name in names)
    return frozenset([*ALWAYS, *more])


def shared_fields(collaboration: Collaboration) -> frozenset[str]:
    """The fields of a system that the others in the collaboration see."""
    return fields_of(rule_of(collaboration))


def with_shared_cost(uses: Any, collaboration: Collaboration) -> Any:
    """The rows with ``shared_cost``: the cost where rule and municipality share it, else nothing."""
    empty = Value(None, output_field=DecimalField(max_digits=12, decimal_places=2))
    if "annual_cost" not in shared_fields(collaboration):
        return uses.annotate(**{COST: empty})
    return uses.annotate(**{COST: Case(When(shares_cost=True, then=F("annual_cost")), default=empty)})


def shared_values(uses: Any, collaboration: Collaboration, *also: str) -> Any:
    """The rows as dictionaries of what others may see and no more; ``also`` names the keys around them."""
    fields = shared_fields(collaboration)
    columns = [name for name in fields if name not in ("annual_cost", "integrations")]
    return with_shared_cost(uses, collaboration).values("pk", *sorted(columns), COST, *also)


def costs_are_shared(collaborations: Any) -> bool:
    """At least one of the collaborations has agreed to share costs."""
    return SharingRule.objects.filter(collaboration__in=collaborations, costs=True).exists()


def in_words(collaboration: Collaboration) -> list[str]:
    """What the others see, line by line, for those whose list it is."""
    rule = rule_of(collaboration)
    words = [_("area, system and supplier"), _("when the contract ends, binding, notice, options and renewal")]
    opened = {
        "operation": _("version, hosting and who operates it"),
        "users": _("number of users"),
        "fit": _("how well it fits, and planned replacement"),
        "integrations": _("readiness for national solutions"),
        "costs": _("the cost per year, for the systems where you have said yes"),
    }
    return [*words, *(text for kind, text in opened.items() if getattr(rule, kind))]
