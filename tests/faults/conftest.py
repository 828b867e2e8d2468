from tests.documents.conftest import _kinds_of_the_tests
from tests.faults.workers import broker, worker
from tests.surveys.inventory_people import areas

__all__ = ["_kinds_of_the_tests", "areas", "broker", "worker"]
