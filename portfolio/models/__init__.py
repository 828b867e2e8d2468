from portfolio.models.activities import Activity
from portfolio.models.costs import CostLine, ProjectAccount, ProjectYear
from portfolio.models.earlier_answers import EarlierAnswer
from portfolio.models.effort import Effort, HourlyRate
from portfolio.models.financing import BaseBudget, OwnEffort
from portfolio.models.focus_areas import FocusArea, Measure
from portfolio.models.grants import Allocation, Grant, GrantApplicant, GrantSpending
from portfolio.models.habits import Habits
from portfolio.models.initiatives import Initiative, Standing
from portfolio.models.moments import Precision
from portfolio.models.participation import Participation, Status
from portfolio.models.plans import FinancingPlan
from portfolio.models.projects import Benefit, Milestone, Project, ProjectArea, ProjectCase, ProjectFinding, ProjectGoal
from portfolio.models.rollout import Contribution, RolloutStep
from portfolio.models.saved_filters import SavedFilter
from portfolio.models.shares import ProjectSums, Share, SharesDay, YearShare
from portfolio.models.status_reports import StatusReport
from portfolio.models.strategy import Goal, Pillar, Strategy
from portfolio.models.versions import PortfolioItem, PortfolioVersion, ProjectOpinion
from portfolio.models.window_ideas import WindowIdea

__all__ = [
    "Activity",
    "Allocation",
    "BaseBudget",
    "Benefit",
    "Contribution",
    "CostLine",
    "EarlierAnswer",
    "Effort",
    "FinancingPlan",
    "FocusArea",
    "Goal",
    "Grant",
    "GrantApplicant",
    "GrantSpending",
    "Habits",
    "HourlyRate",
    "Initiative",
    "Measure",
    "Milestone",
    "OwnEffort",
    "Participation",
    "Pillar",
    "PortfolioItem",
    "PortfolioVersion",
    "Precision",
    "Project",
    "ProjectAccount",
    "ProjectArea",
    "ProjectCase",
    "ProjectFinding",
    "ProjectGoal",
    "ProjectOpinion",
    "ProjectSums",
    "ProjectYear",
    "RolloutStep",
    "SavedFilter",
    "Share",
    "SharesDay",
    "Standing",
    "Status",
    "StatusReport",
    "Strategy",
    "WindowIdea",
    "YearShare",
]
