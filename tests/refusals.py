"""What the database itself refuses: a statement that is merely wrong, or stopped before it was asked, is no refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError
from psycopg import errors


@contextmanager
def the_database_refuses(match: str | None = None, *, for_lack_of_right: bool = False) -> Iterator[Any]:
    """By a trigger, a constraint or a missing right of the portal's own role."""
    reasons: tuple[type[psycopg.Error], ...] = (errors.InsufficientPrivilege,)
    if not for_lack_of_right:
        reasons += (errors.RaiseException, psycopg.IntegrityError)
    with pytest.raises(DatabaseError, match=match) as told:
        yield told
    assert isinstance(told.value.__cause__, reasons), repr(told.value)
