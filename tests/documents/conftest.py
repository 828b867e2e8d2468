from collections.abc import Iterator

import pytest

from tests.documents import kinds


@pytest.fixture(autouse=True)
def _kinds_of_the_tests() -> Iterator[None]:
    kinds.register()
    yield
    kinds.forget()
