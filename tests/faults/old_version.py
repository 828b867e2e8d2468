"""F22: the version before this one goes on working while the tables are made new: `python -m tests.faults.old_version`.

Run in a database of its own. The old version is its models as its migrations leave them: they name no newer column.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from digivesteralen.audit.migrating import models_kept_in_step  # noqa: E402
from digivesteralen.audit.protection import protect  # noqa: E402
from digivesteralen.servers.roles import acting_as  # noqa: E402

# Stands in the name of each migration that the coming version brings.
NEW = "_trust"
LONGEST = 3.0
ACTS = 2000
DONE: list[int] = []


def before() -> list[tuple[str, str]]:
    """The last migration of each app before the new ones; apps that are new altogether are not there yet."""
    graph = MigrationLoader(None).graph
    new = {node for node in graph.nodes if NEW in node[1]}
    parents = {parent.key for node in new for parent in graph.node_map[node].parents if parent.key[0] == node[0]}
    return sorted((parents | set(graph.leaf_nodes())) - new)


def everyday(old: Any, told: list[str], stop: threading.Event) -> None:
    """What people do all day: a change, an act, a job, a look, each in its own transaction."""
    collaboration, act, job = map(old.get_model, ["governance.Collaboration", "audit.Act", "documents.Job"])
    number = 0
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{int(LONGEST)}s'")
    steps: list[Callable[[], Any]] = [
        lambda: collaboration.objects.filter(slug="gammel").update(name=f"Gammel {threading.get_ident()} {number}"),
        lambda: act.objects.create(verb="seen", object_type="tests.thing", object_id="1", detail={}),
        lambda: job.objects.create(kind="tests.letter", subject="1", arguments={}),
        lambda: list(act.objects.order_by("-pk")[:20]),
    ]
    try:
        while not stop.is_set():
            number += 1
            for step in steps:
                began = time.monotonic()
                step()
                if time.monotonic() - began > LONGEST:
                    told.append(f"waited {time.monotonic() - began:.1f} s")
    except Exception as error:  # noqa: BLE001 -- the test tells it
        told.append(repr(error))
    finally:
        connection.close()
    DONE.append(number)


def main() -> None:
    targets = before()
    with acting_as("owner"), models_kept_in_step():
        MigrationExecutor(connection).migrate(targets)
        protect(connection)
    old = MigrationLoader(connection).project_state(targets).apps
    place = old.get_model("governance", "Collaboration").objects.create(slug="gammel", name="Gammel")
    seen = {"verb": "seen", "object_type": "governance.collaboration", "object_id": str(place.pk)}
    acts = old.get_model("audit", "Act")
    acts.objects.bulk_create(acts(**seen, detail={}) for _number in range(ACTS))
    told: list[str] = []
    stop = threading.Event()
    people = [threading.Thread(target=everyday, args=(old, told, stop)) for _two in range(2)]
    for one in people:
        one.start()
    made_new = subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], capture_output=True, text=True)
    time.sleep(0.5)  # and on the new tables
    stop.set()
    for one in people:
        one.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_act WHERE collaboration = %s", [place.pk])
        known = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM governance_collaborationevent WHERE pgh_label = 'update'")
        changes = cursor.fetchone()[0]
    told_of = {"migrated": made_new.returncode, "said": made_new.stderr, "wrong": told, "done": sum(DONE)}
    told_of |= {"known": known, "changes": changes}
    print(json.dumps(told_of), flush=True)  # noqa: T201 -- read by the test


if __name__ == "__main__":
    main()
