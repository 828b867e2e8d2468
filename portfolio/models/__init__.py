from portfolio.models.financing import BaseBudget, Grant, GrantApplicant, OwnEffort
from portfolio.models.focus_areas import FocusArea, Measure
from portfolio.models.moments import Precision
from portfolio.models.participation import Participation, Status
from portfolio.models.projects import Benefit, Milestone, Project, ProjectCase, ProjectGoal
from portfolio.models.strategy import Goal, Pillar, Strategy
from portfolio.models.versions import PortfolioItem, PortfolioVersion, ProjectOpinion

__all__ = [
    "BaseBudget",
    "Benefit",
    "FocusArea",
    "Goal",
    "Grant",
    "GrantApplicant",
    "Measure",
    "Milestone",
    "OwnEffort",
    "Participation",
    "Pillar",
    "PortfolioItem",
    "PortfolioVersion",
    "Precision",
    "Project",
    "ProjectCase",
    "ProjectGoal",
    "ProjectOpinion",
    "Status",
    "Strategy",
]
