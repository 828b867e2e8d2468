"""The product's own settings, on servers of this test run alone: `make run` and other test runs may go on beside."""

import os

from digivesteralen.servers import addresses
from digivesteralen.servers.holding import HELD

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
_started_by_a_test_run = HELD in os.environ
if not _worker and not _started_by_a_test_run and not os.environ.get("DATABASE_URL"):
    os.environ["VAR_DIR"] = str(addresses.BASE_DIR / "var" / "test" / str(os.getpid()))

from digivesteralen.settings import *  # noqa: E402, F403
from digivesteralen.settings import CACHES, DATABASES  # noqa: E402

# Each worker of xdist has numbered databases of its own in Valkey, as it has its own in PostgreSQL.
_number = 2 * int(_worker.removeprefix("gw") or 0)
CELERY_BROKER_URL = addresses.broker_url(_number)
CACHES["default"]["LOCATION"] = addresses.cache_url(_number + 1)

# On a few rows the order of the joins means nothing, and looking for the best one takes longer than all else.
DATABASES["default"]["OPTIONS"]["options"] = "-c join_collapse_limit=1"

if _worker:  # made from the migrated database of tests.prepared
    DATABASES["default"]["TEST"] = {"TEMPLATE": f"test_{DATABASES['default']['NAME']}"}

# Static files come from where they lie; nothing is collected for a test run.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
