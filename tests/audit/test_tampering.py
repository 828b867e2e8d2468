"""The application's database role cannot touch the history, however it tries (T41)."""

import pghistory
import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from digivesteralen.accounts.models import User
from digivesteralen.audit.log import record
from digivesteralen.audit.models import Act
from digivesteralen.audit.protection import event_models
from tests.frozen import FROZEN, WITHOUT_A_ROW
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
EVENTS = User.history.rel.related_model


@pytest.fixture
def person() -> User:
    return User.objects.create_user("ada@example.no", "a long password", name="Ada Alm")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_userevent SET name = 'Somebody else'",
        "DELETE FROM accounts_userevent",
        "TRUNCATE accounts_userevent",
        "INSERT INTO accounts_userevent SELECT * FROM accounts_userevent",
        "DROP TABLE accounts_userevent",
        "DROP SCHEMA public CASCADE",
        "DROP OWNED BY digivesteralen_owner",
        "COPY accounts_userevent FROM PROGRAM 'true'",
        "ALTER TABLE accounts_userevent DISABLE TRIGGER ALL",
        "ALTER TABLE accounts_user DISABLE TRIGGER ALL",
        "CREATE RULE silent AS ON INSERT TO accounts_userevent DO INSTEAD NOTHING",
        "CREATE TRIGGER mine BEFORE INSERT ON accounts_userevent FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE TRIGGER mine BEFORE UPDATE ON accounts_user FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TABLE accounts_user RENAME TO accounts_people",
        "SET session_replication_role = replica",
        "ALTER ROLE digivesteralen_app SET session_replication_role = replica",
        "ALTER ROLE digivesteralen_app SUPERUSER",
        "SET ROLE digivesteralen_owner",
        "SET SESSION AUTHORIZATION digivesteralen_owner",
        "CREATE TABLE accounts_shadow (name text)",
        "CREATE TEMPORARY TABLE accounts_userevent (name text)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean "
        "LANGUAGE sql AS 'SELECT TRUE'",
        "DROP FUNCTION public._pgtrigger_should_ignore(name)",
        "UPDATE django_migrations SET name = 'none'",
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999', now())",
        "UPDATE audit_act SET verb = 'nothing'",
        "DELETE FROM audit_act",
        "TRUNCATE audit_act",
        "UPDATE audit_link SET digest = previous",
        "DELETE FROM audit_link",
        "TRUNCATE audit_link CASCADE",
        "UPDATE audit_seal SET digest = ''",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
def test_the_application_is_refused(person: User, statement: str) -> None:
    record("signed_in", by=person)
    with the_database_refuses(for_lack_of_right=True), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert [event.name for event in EVENTS.objects.all()] == ["Ada Alm"]
    assert Act.objects.count() == 1


def test_no_event_table_can_be_written(person: User) -> None:
    """Each one, also those that apps add later; not one column of it, and no trigger hung on it."""
    tables = [model._meta.db_table for model in event_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, p FROM unnest(%s::text[]) t, unnest(%s::text[]) p"
            " WHERE has_table_privilege(current_user, t, p)"
            " OR p IN ('INSERT', 'UPDATE') AND has_any_column_privilege(current_user, t, p)",
            [tables, ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"]],
        )
        assert cursor.fetchall() == []
    assert "accounts_userevent" in tables


def test_what_is_frozen_has_its_guards_and_they_are_awake() -> None:
    """T24: each table that stands has a trigger before a change and before a removal, which nobody has switched off."""
    tables = {one.table for one in FROZEN if not one.columns} | set(WITHOUT_A_ROW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, bool_or(tgtype & 16 > 0), bool_or(tgtype & 8 > 0) FROM pg_trigger"
            " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgtype & 2 > 0 AND tgenabled = 'O' AND prosrc LIKE '%RAISE%'"
            " GROUP BY 1"
        )
        guarded = {table for table, on_change, on_removal in cursor.fetchall() if on_change and on_removal}
    assert tables - guarded == set()


def test_triggers_cannot_be_told_to_look_away(person: User) -> None:
    with pgtrigger.ignore():
        User.objects.filter(pk=person.pk).update(name="Ada Berg")

    assert EVENTS.objects.filter(pgh_label="update", name="Ada Berg").count() == 1


def test_a_session_variable_does_not_help(person: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'accounts_user'::regclass AND NOT tgisinternal")
        triggers = ",".join(name for (name,) in cursor.fetchall())
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + triggers + "}"])
        cursor.execute("UPDATE accounts_user SET name = 'Ada Berg'")

    assert EVENTS.objects.filter(name="Ada Berg").exists()


def test_an_event_function_cannot_be_hung_on_a_table_of_ones_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'pgtrigger\\_%%' AND has_function_privilege(oid, 'EXECUTE')"
        )
        assert cursor.fetchall() == []


def _unguarded() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'pgtrigger\\_%%' AND NOT prosecdef")
        (count,) = cursor.fetchone()
    return int(count)


@pytest.mark.django_db(transaction=True)
def test_every_migrate_restores_the_guard(owner: object) -> None:
    """Installing triggers anew takes SECURITY DEFINER away; the next migrate brings it back."""
    assert _unguarded() == 0
    with owner.cursor() as cursor:  # type: ignore[attr-defined]
        for model in (User,):
            for trigger in model._meta.triggers:
                cursor.execute(trigger.compile(model).install_sql)
        cursor.execute("GRANT INSERT ON accounts_userevent TO digivesteralen_app")
    assert _unguarded() > 0

    call_command("migrate", verbosity=0)

    assert _unguarded() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'accounts_userevent', 'INSERT')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("digivesteralen_app",)


def test_every_table_that_people_edit_is_tracked() -> None:
    """A tracked model has all three kinds of events; a model with a version has people who edit it."""
    for model in apps.get_models():
        if any(field.name == "version" for field in model._meta.fields) and "Event" not in model.__name__:
            labels = {name.split("_")[0] for name in (trigger.name for trigger in model._meta.triggers)}
            assert {"insert", "update", "delete"} <= labels, model._meta.label
    assert {tracker.label for tracker in pghistory.config.default_trackers()} == {"insert", "update", "delete"}
