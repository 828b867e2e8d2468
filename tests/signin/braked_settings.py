"""The settings of a portal of its own in a test, with the brakes of an installation."""

from tests.settings import *  # noqa: F403

del ACCOUNT_RATE_LIMITS  # type: ignore[name-defined]  # noqa: F821
