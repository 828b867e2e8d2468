from portfolio.models.activities import Activity
from portfolio.models.application_lists import Application, ApplicationList
from portfolio.models.benefit_lines import BenefitLine, BenefitMeasurement
from portfolio.models.benefits import Benefit, BenefitChain, OneSided
from portfolio.models.candidates import Candidate
from portfolio.models.costs import CostLine, ProjectAccount, ProjectYear
from portfolio.models.criteria import CriteriaSet, Criterion
from portfolio.models.dependencies import Dependency
from portfolio.models.earlier_answers import EarlierAnswer
from portfolio.models.effort import Effort, HourlyRate
from portfolio.models.financing import BaseBudget, OwnEffort
from portfolio.models.focus_areas import FocusArea, Measure, MeasureFinding
from portfolio.models.gate_papers import GateAnswer, GateDocument, GateReceiver, GateVersion
from portfolio.models.gates import Gate, GateCheck, GateMark
from portfolio.models.goal_progress import GoalNote, Indicator, IndicatorValue
from portfolio.models.grants import Allocation, Grant, GrantApplicant, GrantSpending
from portfolio.models.habits import Habits
from portfolio.models.ideas import Idea, IdeaArea, IdeaFinding, IdeaMunicipality
from portfolio.models.initiatives import Initiative, Standing
from portfolio.models.local_strategies import LocalPriority, LocalStrategy
from portfolio.models.log import LogEntry
from portfolio.models.mandates import Mandate, MandatePoint
from portfolio.models.milestones import Milestone, MilestoneCheck, MilestoneMove
from portfolio.models.moments import Precision
from portfolio.models.participation import Participation, Status
from portfolio.models.phases import Phase, PhaseModel
from portfolio.models.plans import FinancingPlan
from portfolio.models.preconditions import Deliverable, Precondition
from portfolio.models.programmes import Gathering, GatheringGroup, GatheringRegion, TargetGroup
from portfolio.models.project_cases import ProjectCase
from portfolio.models.project_documents import ProjectDocument
from portfolio.models.project_guests import ProjectGuest, ProjectUserPermission
from portfolio.models.project_roles import ProjectRole
from portfolio.models.projects import Project, ProjectArea, ProjectFinding, ProjectGoal
from portfolio.models.ranking_rounds import OwnPlace, OwnRanking, RankingRound, RankingRoundItem
from portfolio.models.rankings import Ranking
from portfolio.models.registrations import GatheringInvitation, Registration
from portfolio.models.risks import Risk, RiskAssessment
from portfolio.models.rollout import Contribution, RolloutStep
from portfolio.models.saved_filters import SavedFilter
from portfolio.models.scores import Assessment, Score
from portfolio.models.shares import ProjectSums, Share, SharesDay, YearShare
from portfolio.models.status_reports import StatusReport
from portfolio.models.strategy import EditionArea, Goal, Pillar, Strategy
from portfolio.models.versions import PortfolioItem, PortfolioVersion, ProjectOpinion

__all__ = [
    "Activity",
    "Allocation",
    "Application",
    "ApplicationList",
    "Assessment",
    "BaseBudget",
    "Benefit",
    "BenefitChain",
    "BenefitLine",
    "BenefitMeasurement",
    "Candidate",
    "Contribution",
    "CostLine",
    "CriteriaSet",
    "Criterion",
    "Deliverable",
    "Dependency",
    "EarlierAnswer",
    "EditionArea",
    "Effort",
    "FinancingPlan",
    "FocusArea",
    "Gate",
    "GateAnswer",
    "GateCheck",
    "GateDocument",
    "GateMark",
    "GateReceiver",
    "GateVersion",
    "Gathering",
    "GatheringGroup",
    "GatheringInvitation",
    "GatheringRegion",
    "Goal",
    "GoalNote",
    "Grant",
    "GrantApplicant",
    "GrantSpending",
    "Habits",
    "HourlyRate",
    "Idea",
    "IdeaArea",
    "IdeaFinding",
    "IdeaMunicipality",
    "Indicator",
    "IndicatorValue",
    "Initiative",
    "LocalPriority",
    "LocalStrategy",
    "LogEntry",
    "Mandate",
    "MandatePoint",
    "Measure",
    "MeasureFinding",
    "Milestone",
    "MilestoneCheck",
    "MilestoneMove",
    "OneSided",
    "OwnEffort",
    "OwnPlace",
    "OwnRanking",
    "Participation",
    "Phase",
    "PhaseModel",
    "Pillar",
    "PortfolioItem",
    "PortfolioVersion",
    "Precision",
    "Precondition",
    "Project",
    "ProjectAccount",
    "ProjectArea",
    "ProjectCase",
    "ProjectDocument",
    "ProjectFinding",
    "ProjectGoal",
    "ProjectGuest",
    "ProjectOpinion",
    "ProjectRole",
    "ProjectSums",
    "ProjectUserPermission",
    "ProjectYear",
    "Ranking",
    "RankingRound",
    "RankingRoundItem",
    "Registration",
    "Risk",
    "RiskAssessment",
    "RolloutStep",
    "SavedFilter",
    "Score",
    "Share",
    "SharesDay",
    "Standing",
    "Status",
    "StatusReport",
    "Strategy",
    "TargetGroup",
    "YearShare",
]
