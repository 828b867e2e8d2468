from surveys.models.answers import Answer, Response
from surveys.models.catalogue import Alias, Area, Product, ServiceArea, Supplier
from surveys.models.findings import Finding, FindingCategory, FindingRemark, InsightActivity, Instrument
from surveys.models.imports import ImportJob, ImportRow
from surveys.models.inventory import Inventory, InventorySnapshot, Review, SystemUse
from surveys.models.questionnaires import Option, Question, Survey

__all__ = [
    "Alias",
    "Answer",
    "Area",
    "Finding",
    "FindingCategory",
    "FindingRemark",
    "ImportJob",
    "ImportRow",
    "InsightActivity",
    "Instrument",
    "Inventory",
    "InventorySnapshot",
    "Option",
    "Product",
    "Question",
    "Response",
    "Review",
    "ServiceArea",
    "Supplier",
    "Survey",
    "SystemUse",
]
