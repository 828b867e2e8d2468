"""F22: the version before this one goes on working while the tables are made new: `python -m tests.faults.old_version`.

Run in a database of its own. The old version is its models as its migrations leave them: they name no newer column.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from digivesteralen.accounts.models import User  # noqa: E402
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


def appointed(old: Any, place: Any) -> dict[str, int]:
    """Whose rights the old version gave: in the collaboration, until yesterday, in another, and none at all."""
    today = timezone.localdate()
    other = old.get_model("governance.Collaboration").objects.create(slug="annen", name="Annen")
    held = {
        "secretariat": {"collaboration": place, "role": "secretariat"},
        "auditor": {"collaboration": place, "role": "auditor"},
        "ended": {"collaboration": place, "role": "secretariat", "until": today - timedelta(days=1)},
        "outsider": {"collaboration": other, "role": "secretariat"},
        "nobody": None,
    }
    users = {}
    for name, seat in held.items():
        user = old.get_model("accounts.User").objects.create(email=f"{name}@gammel.example", name=name)
        users[name] = user.pk
        if seat:
            person = old.get_model("governance.Person").objects.create(name=name, email=user.email, user=user)
            began = {"since": today - timedelta(days=100), "person": person}
            old.get_model("governance.Appointment").objects.create(**began, **seat)
    return users


# The pages are not looked at, so that no static file has to be collected for them.
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@override_settings(STORAGES={**settings.STORAGES, "staticfiles": PLAIN})
def opened(users: dict[str, int]) -> dict[str, list[int]]:
    """What the new version answers them: the collaboration, who is in it, and the form of the secretariat alone."""
    answers = {}
    for name, pk in {**users, "stranger": 0}.items():
        client = Client(headers={"host": "localhost"})
        if pk:
            client.force_login(User.objects.get(pk=pk), backend="django.contrib.auth.backends.ModelBackend")
        pages = ("/gammel/", "/gammel/personer/", "/gammel/rediger/")
        answers[name] = [client.get(page).status_code for page in pages]
    return answers


def main() -> None:
    targets = before()
    with acting_as("owner"), models_kept_in_step():
        MigrationExecutor(connection).migrate(targets)
        protect(connection)
    old = MigrationLoader(connection).project_state(targets).apps
    place = old.get_model("governance", "Collaboration").objects.create(slug="gammel", name="Gammel")
    users = appointed(old, place)
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
    told_of |= {"known": known, "changes": changes, "opened": opened(users)}
    print(json.dumps(told_of), flush=True)  # noqa: T201 -- read by the test


if __name__ == "__main__":
    main()
