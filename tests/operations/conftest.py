from collections.abc import Iterator

import pytest

from tests.documents import kinds


@pytest.fixture(autouse=True)
def _kinds_of_the_tests() -> Iterator[None]:
    kinds.register()
    yield
    kinds.forget()


@pytest.fixture(autouse=True)
def _no_wait_for_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is there in tests, and nobody waits half a second to learn it."""
    monkeypatch.setattr("digivesteralen.operations.standing.PATIENCE", 0.01)
