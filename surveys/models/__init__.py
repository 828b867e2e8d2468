from surveys.models.alerts import ContractAlert
from surveys.models.answers import Answer, Response, ResponseDraft
from surveys.models.catalogue import Alias, Area, Family, Product, ServiceArea, Supplier
from surveys.models.collected import CollectedDocument, Interview
from surveys.models.convergence import AreaConvergence, ConvergenceMeasure
from surveys.models.covering import Coverage
from surveys.models.findings import Finding, FindingCategory, FindingRemark, InsightActivity, Instrument
from surveys.models.imports import ImportJob, ImportRow, MappingProfile
from surveys.models.inventory import Inventory, InventorySnapshot, Phase, Review, SystemUse
from surveys.models.matching import ImportName, NameRejection, ProductMerge
from surveys.models.maturity import Dimension, MaturityModel, Statement
from surveys.models.procurement import ProcurementHabits
from surveys.models.questionnaires import Option, Question, SameQuestion, Survey, SurveySeries
from surveys.models.registers import ApplicationForm, CommonResponsible, InfrastructureFact, OwnPurchase
from surveys.models.rounds import Confirmation, ConfirmationRound
from surveys.models.sharing import SharingRule
from surveys.models.solutions import Integration, NationalSolution, Requirement, Uptake

__all__ = [
    "Alias",
    "Answer",
    "ApplicationForm",
    "Area",
    "AreaConvergence",
    "CollectedDocument",
    "CommonResponsible",
    "Confirmation",
    "ConfirmationRound",
    "ContractAlert",
    "ConvergenceMeasure",
    "Coverage",
    "Dimension",
    "Family",
    "Finding",
    "FindingCategory",
    "FindingRemark",
    "ImportJob",
    "ImportName",
    "ImportRow",
    "InfrastructureFact",
    "InsightActivity",
    "Instrument",
    "Integration",
    "Interview",
    "Inventory",
    "InventorySnapshot",
    "MappingProfile",
    "MaturityModel",
    "NameRejection",
    "NationalSolution",
    "Option",
    "OwnPurchase",
    "Phase",
    "ProcurementHabits",
    "Product",
    "ProductMerge",
    "Question",
    "Requirement",
    "Response",
    "ResponseDraft",
    "Review",
    "SameQuestion",
    "ServiceArea",
    "SharingRule",
    "Statement",
    "Supplier",
    "Survey",
    "SurveySeries",
    "SystemUse",
    "Uptake",
]
