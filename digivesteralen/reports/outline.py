"""The chapters a final report has, and which blocks of data follow each; the outline of the first founding document."""

from django.utils.translation import gettext_lazy as _

OUTLINE: list[tuple[str, object, list[str]]] = [
    ("1", _("Background of the pre-project"), ["grant", "milestones"]),
    ("2", _("Mandate and organisation"), ["mandate", "bodies"]),
    ("3", _("The insight phase"), []),
    ("3.1", _("What was mapped?"), ["activities", "survey", "inventory_summary"]),
    ("3.2", _("What are the main findings?"), []),
    ("3.3", _("The main findings in points"), ["findings"]),
    ("4", _("The analysis phase"), []),
    ("4.1", _("Why cooperate?"), []),
    ("4.2", _("Vision, goals and focus areas"), ["vision", "goals", "focus_areas"]),
    ("4.3", _("Organisation"), ["organisation_chart"]),
    ("4.4", _("Cooperation agreement"), ["agreement_sections", "rule_1"]),
    ("4.5", _("Commitment and financing"), ["base_budget", "own_effort", "grant_remaining"]),
    ("4.6", _("Benefits"), ["benefits"]),
    ("5", _("Recommendations"), ["recommendations", "first_projects"]),
    ("A", _("The focus areas point by point"), ["focus_areas_full"]),
    ("B", _("Overview of systems"), ["inventory"]),
]
