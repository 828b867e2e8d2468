"""Who did what, when, and how it was before."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from digivesteralen.accounts.models import User
from digivesteralen.audit.chain.sources import tracked_models
from digivesteralen.audit.log import acting, history, record
from digivesteralen.audit.middleware import HistoryMiddleware
from digivesteralen.audit.models import Act
from digivesteralen.operations.middleware import RequestMiddleware
from digivesteralen.servers.roles import acting_as

pytestmark = pytest.mark.django_db
EVENTS = User.history.rel.related_model


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada@example.no", "a long password", name="Ada Alm")


@pytest.fixture
def bo() -> User:
    return User.objects.create_user("bo@example.no", "a long password", name="Bo Berg")


def test_every_way_to_change_rows_leaves_as_many_events(ada: User) -> None:
    """T40: save, update(), bulk_create, bulk_update, raw SQL, delete."""
    before = EVENTS.objects.count()
    people = User.objects.bulk_create(User(email=f"p{n}@example.no", name=f"Person {n}") for n in range(3))
    assert EVENTS.objects.count() == before + 3
    people[0].name = "Person A"
    people[0].save()
    assert EVENTS.objects.count() == before + 4
    User.objects.filter(pk__in=[person.pk for person in people]).update(language="en")
    assert EVENTS.objects.count() == before + 7
    for person in people:
        person.name += " Berg"
    User.objects.bulk_update(people, ["name"])
    assert EVENTS.objects.count() == before + 10
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET is_active = false WHERE id = %s", [people[0].pk])
    assert EVENTS.objects.count() == before + 11
    User.objects.filter(pk__in=[person.pk for person in people]).delete()
    assert EVENTS.objects.count() == before + 14


@pytest.mark.django_db(transaction=True)
def test_every_tracked_table_tells_of_every_column() -> None:
    """T40: two rows are written, changed in one column after the other, and deleted; nothing else holds them back."""
    request, wrong = uuid.uuid4(), {}
    with acting_as("owner"), acting(by=User(pk=7), request=request), connection.cursor() as cursor:
        for tracked, events in tracked_models():
            with transaction.atomic():
                changed = _written_changed_and_deleted(cursor, tracked, events)
                cursor.execute(
                    "SELECT pgh_label, count(*), count(DISTINCT pgh_obj_id), min(pgh_context ->> 'user'),"
                    " min(pgh_context ->> 'request'), pg_typeof(min(pgh_created_at))::text"
                    f" FROM {events._meta.db_table} GROUP BY 1 ORDER BY 1"
                )
                by = (2, "7", str(request), "timestamp with time zone")
                told = [("delete", 2, *by), ("insert", 2, *by), ("update", 2 * changed, *by)]
                if (found := cursor.fetchall()) != told:
                    wrong[tracked._meta.label] = found
                transaction.set_rollback(True)
    assert wrong == {}


def _written_changed_and_deleted(cursor: Any, tracked: Any, events: Any) -> int:
    """Keys to other tables, conditions and guards are laid aside, so that any words do. How many columns there are."""
    table, key = tracked._meta.db_table, tracked._meta.pk.column
    cursor.execute(
        "SELECT 'DROP CONSTRAINT \"' || conname || '\"' FROM pg_constraint WHERE conrelid = %s::regclass"
        " AND contype IN ('f', 'c', 'x') UNION ALL SELECT 'DISABLE TRIGGER \"' || tgname || '\"' FROM pg_trigger"
        " WHERE tgrelid = %s::regclass AND NOT tgisinternal"
        " AND tgname !~ '^pgtrigger_(insert_insert|update_update|delete_delete)_'",
        [table, table],
    )
    if held_back := [step for (step,) in cursor.fetchall()]:
        cursor.execute(f"ALTER TABLE {table} {', '.join(held_back)}")
    cursor.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = ''",
        [table],
    )
    kinds = dict(cursor.fetchall())
    names = ", ".join(f'"{name}"' for name in kinds)
    for number in (1, 2):
        values = [_some(kind, number) for kind in kinds.values()]
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(kinds))})", values)
    columns = {field.column for field in events._meta.concrete_fields} & kinds.keys() - {key}
    for name in columns:
        one, other = _some(kinds[name], 4), _some(kinds[name], 3)
        cursor.execute(
            f'UPDATE {table} SET "{name}" = CASE WHEN "{key}" = %s THEN %s ELSE %s END::{kinds[name]}',
            [_some(kinds[key], 1), one, other],
        )
    cursor.execute(f"DELETE FROM {table}")
    return len(columns)


def _some(kind: str, number: int) -> Any:
    """The value of this number, as the database writes it; of switches there are but two."""
    if kind.endswith("[]"):
        return f"{{{_some(kind.removesuffix('[]'), number)}}}"
    return {
        "boolean": str(number % 2 == 1),
        "bytea": f"\\x0{number}",
        "date": f"2026-01-0{number}",
        "daterange": f"[2026-01-0{number},)",
        "json": f"[{number}]",
        "jsonb": f"[{number}]",
        "time without time zone": f"0{number}:00",
        "timestamp with time zone": f"2026-01-0{number}T00:00Z",
        "uuid": f"0000000{number}-0000-4000-8000-000000000000",
    }.get(kind, str(number))


def test_an_event_names_the_person_the_request_and_the_time(ada: User, bo: User) -> None:
    request = uuid.uuid4()
    with acting(by=bo, request=request):
        User.objects.filter(pk=ada.pk).update(name="Ada Aas")

    event = EVENTS.objects.get(pgh_label="update")
    assert event.pgh_context == {"user": bo.pk, "request": str(request)}
    assert abs(datetime.now(UTC) - event.pgh_created_at) < timedelta(minutes=1)


def test_what_the_system_does_inside_a_request_is_not_the_persons(ada: User, bo: User) -> None:
    with acting(by=bo):
        with acting(task="appointments of the day"):
            User.objects.filter(pk=ada.pk).update(is_active=False)
        User.objects.filter(pk=ada.pk).update(name="Ada Aas")

    system, person = EVENTS.objects.filter(pgh_label="update").order_by("pgh_id")
    assert (system.pgh_context["user"], system.pgh_context["task"]) == (None, "appointments of the day")
    assert (person.pgh_context["user"], "task" in person.pgh_context) == (bo.pk, False)


def test_a_person_is_forgotten_when_the_block_ends(ada: User, bo: User) -> None:
    """Also inside one transaction, where the database would remember."""
    with transaction.atomic():
        with acting(by=bo):
            User.objects.filter(pk=ada.pk).update(name="Ada Aas")
        User.objects.filter(pk=ada.pk).update(name="Ada Berg")

    assert EVENTS.objects.get(name="Ada Berg").pgh_context is None


def test_history_tells_before_and_after_newest_first(ada: User, bo: User) -> None:
    with acting(by=bo):
        User.objects.filter(pk=ada.pk).update(name="Ada Aas", language="en")
        record("exported", by=bo, on=ada)

    exported, changed, registered = history(ada)

    assert (exported.verb, exported.who) == ("exported", "Bo Berg")
    assert [(change.label, change.before, change.after) for change in changed.changes] == [
        ("name", "Ada Alm", "Ada Aas"),
        ("language", "Bokmål", "English"),
    ]
    assert (registered.verb, registered.who, registered.changes) == ("registered", "The portal", [])


def test_history_asks_the_database_a_fixed_number_of_times(
    ada: User, bo: User, django_assert_max_num_queries: object
) -> None:
    with acting(by=bo):
        for number in range(60):
            User.objects.filter(pk=ada.pk).update(name=f"Ada {number}")
            record("printed", by=bo, on=ada)

    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert len(history(ada)) == 50


def test_the_history_stands_after_its_object_is_gone(ada: User) -> None:
    number = ada.pk
    ada.delete()

    assert list(EVENTS.objects.filter(pgh_obj_id=number).values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_the_tag_folds_the_history_away(ada: User) -> None:
    ada.name = "<b>Ada</b>"
    ada.save()

    page = Template("{% load audit %}{% history person %}").render(Context({"person": ada}))

    assert "<details" in page and "History" in page
    assert "<del>Ada Alm</del> → <ins>&lt;b&gt;Ada&lt;/b&gt;</ins>" in page


def _answer(user: object, view: object) -> HttpResponse:
    request = RequestFactory().post("/vesteralen/moter/")
    request.user = user  # type: ignore[assignment]
    return RequestMiddleware(HistoryMiddleware(view))(request)  # type: ignore[arg-type]


def test_a_refused_access_is_written_down(ada: User) -> None:
    response = _answer(ada, lambda request: HttpResponse(status=403))

    act = Act.objects.get()
    assert (act.verb, act.by, act.detail["path"], act.detail["method"]) == (
        "refused",
        ada,
        "/vesteralen/moter/",
        "POST",
    )
    assert str(act.request) == response["X-Request-ID"]


def test_an_allowed_access_is_not(ada: User) -> None:
    _answer(ada, lambda request: HttpResponse())

    assert not Act.objects.exists()


def test_a_change_in_a_request_carries_its_person_and_number(ada: User, bo: User) -> None:
    def rename(request: HttpRequest) -> HttpResponse:
        User.objects.filter(pk=ada.pk).update(name="Ada Aas")
        return HttpResponse()

    response = _answer(bo, rename)

    assert EVENTS.objects.get(name="Ada Aas").pgh_context == {"user": bo.pk, "request": response["X-Request-ID"]}


def test_the_refusal_tells_the_right_that_was_missing(ada: User) -> None:
    request = RequestFactory().get("/vesteralen/moter/")
    request.user = ada
    middleware = HistoryMiddleware(lambda request: HttpResponse(status=403))
    middleware.process_exception(request, PermissionDenied("governance.prepare_meetings"))
    middleware(request)

    assert Act.objects.get().detail["right"] == "governance.prepare_meetings"


def test_an_unknown_visitor_has_no_name_in_the_history(ada: User) -> None:
    def rename(request: HttpRequest) -> HttpResponse:
        User.objects.filter(pk=ada.pk).update(name="Ada Aas")
        return HttpResponse(status=403)

    _answer(AnonymousUser(), rename)

    assert EVENTS.objects.get(name="Ada Aas").pgh_context["user"] is None
    assert not Act.objects.exists()


def test_sign_ins_are_acts(ada: User, client: object) -> None:
    client.login(email="ada@example.no", password="wrong")  # type: ignore[attr-defined]
    client.login(email="ada@example.no", password="a long password")  # type: ignore[attr-defined]
    client.logout()  # type: ignore[attr-defined]

    told = [(act.verb, act.by, act.detail) for act in Act.objects.order_by("pk")]
    assert told[0][0] == "sign_in_refused" and told[0][1] is None
    assert told[-2:] == [("signed_in", ada, {}), ("signed_out", ada, {})]
