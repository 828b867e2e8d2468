"""Who has left is no longer reached: contact data goes, also from the history, and what was done stands (GDPR, T41)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.audit import contact as door
from digivesteralen.audit.chain import outside
from digivesteralen.audit.chain.verifying import breaks
from digivesteralen.audit.history import event_model
from digivesteralen.audit.log import record
from digivesteralen.audit.models import Act
from digivesteralen.audit.tasks import seal_the_day
from digivesteralen.documents import jobs
from digivesteralen.mail import account
from digivesteralen.mail.models import Letter
from digivesteralen.operations import standing
from digivesteralen.privacy import actions
from digivesteralen.privacy.tasks import erase_what_is_over
from governance.actions import people
from governance.models import Appointment, Collaboration, Person
from governance.permissions import sync_people
from portfolio.actions import projects
from portfolio.actions.project_guests import share_project
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(contact: User) -> Person:
    """Sortland's case officer, whose role ended yesterday."""
    person = Person.objects.get(user=contact)
    Appointment.objects.filter(person=person).update(until=timezone.localdate() - timedelta(days=1))
    return person


def addresses_in_history(person: Person) -> set[str]:
    found: set[str] = set()
    for thing in (person, person.user):
        events: Any = event_model(type(thing))
        found |= set(events.objects.filter(pgh_obj_id=thing.pk).values_list("email", flat=True))
    return found - {""}


def test_the_address_goes_everywhere_and_the_acts_stand(leaver: Person, secretary: User) -> None:
    address = leaver.email
    record("sign_in_refused", detail={"email": address.upper()})
    record("signed_in", by=leaver.user)
    assert addresses_in_history(leaver) == {address}
    events: Any = event_model(Person)
    before = list(events.objects.filter(pgh_obj_id=leaver.pk).values_list("pgh_label", "name"))

    actions.erase_contact_data(person=leaver, by=secretary)

    leaver.refresh_from_db()
    assert (leaver.email, leaver.name) == ("", "Saksbehandler Sortland")
    assert leaver.user is not None and not leaver.user.is_active and address not in leaver.user.email
    assert addresses_in_history(leaver) == set()
    assert list(events.objects.filter(pgh_obj_id=leaver.pk).values_list("pgh_label", "name"))[: len(before)] == before
    assert not Act.objects.filter(detail__email__iexact=address).exists()
    assert Act.objects.filter(verb="signed_in", by=leaver.user).exists()


def test_the_log_of_e_mail_forgets_the_address(leaver: Person, secretary: User) -> None:
    job = jobs.ask("governance.invitation", leaver.pk, by=None)
    for number, to in enumerate([leaver.email.upper(), "annen@test.example"]):
        Letter.objects.create(job=job, kind=job.kind, to=to, message_id=f"<{number}@test.example>")

    actions.erase_contact_data(person=leaver, by=secretary)

    assert [letter.to for letter in Letter.objects.all()] == ["annen@test.example"]


def test_earlier_addresses_go_too_but_not_what_is_another_s(leaver: Person, secretary: User) -> None:
    for email in ("gammel@test.example", "post@test.example", leaver.email):
        leaver.email = email
        leaver.save()
    Person.objects.create(name="Ny på postmottaket", email="Post@test.example")
    for email in ("Gammel@test.example", "post@test.example"):
        record("sign_in_refused", detail={"email": email})

    actions.erase_contact_data(person=leaver, by=secretary)

    told = Act.objects.filter(verb="sign_in_refused").values_list("detail__email", flat=True)
    assert [email for email in told if email] == ["post@test.example"]


def test_a_letter_that_waits_is_not_sent_to_the_address(leaver: Person, secretary: User) -> None:
    receivers = (leaver.email.upper(), "annen@test.example")
    asked = [account.ask(to=[to], subject="Nytt passord", text="Lenke") for to in receivers]

    actions.erase_contact_data(person=leaver, by=secretary)

    assert [jobs.run(job.pk).state for job in asked] == ["done", "done"]
    assert [letter.to for letter in mail.outbox] == [["annen@test.example"]]
    assert [letter.to for letter in Letter.objects.all()] == ["annen@test.example"]


def test_it_leaves_a_note_of_who_did_it(leaver: Person, secretary: User) -> None:
    actions.erase_contact_data(person=leaver, by=secretary)

    notes = Act.objects.filter(by=secretary).values_list("verb", "object_type", "object_id")
    assert ("contact_data_erased", "governance.person", str(leaver.pk)) in notes
    assert ("contact_data_erased_in_history", "governance.person", str(leaver.pk)) in notes


def test_twice_changes_nothing_more(leaver: Person, secretary: User) -> None:
    actions.erase_contact_data(person=leaver, by=secretary)
    events: Any = event_model(Person)
    count = events.objects.count()

    actions.erase_contact_data(person=leaver, by=secretary)

    assert events.objects.count() == count


def test_the_way_in_is_closed(client: Client, leaver: Person, secretary: User) -> None:
    client.force_login(leaver.user)
    assert client.get("/konto/mine-opplysninger/").status_code == 200

    actions.erase_contact_data(person=leaver, by=secretary)

    assert client.get("/konto/mine-opplysninger/").status_code == 302


def test_one_who_still_holds_a_role_is_not_erased(client: Client, contact: User, secretary: User) -> None:
    person = Person.objects.get(user=contact)
    client.force_login(secretary)
    address = f"/vesteralen/personer/{person.pk}/opplysninger/slett/"

    answer = client.post(address, {"version": person.version})

    assert answer.status_code == 409 and "har fortsatt en rolle" in answer.content.decode()
    person.refresh_from_db()
    assert person.email


def test_the_secretariat_erases_on_the_page_after_being_asked(client: Client, leaver: Person, secretary: User) -> None:
    client.force_login(secretary)
    address = f"/vesteralen/personer/{leaver.pk}/opplysninger/"
    assert f"{address}slett/" in client.get(address).content.decode()
    assert "kan ikke gjøres om" in client.get(f"{address}slett/").content.decode()

    answer = client.post(f"{address}slett/", {"version": leaver.version}, follow=True)

    assert "Kontaktopplysningene" in answer.content.decode()
    leaver.refresh_from_db()
    assert leaver.email == ""


def test_an_older_page_does_not_erase_what_was_changed_since(leaver: Person, secretary: User) -> None:
    with pytest.raises(Stale):
        actions.erase_contact_data(person=leaver, version=leaver.version - 1, by=secretary)


def test_who_runs_the_installation_is_not_erased(leaver: Person, secretary: User) -> None:
    User.objects.filter(pk=leaver.user_id).update(is_staff=True)

    with pytest.raises(NotAllowedNow):
        actions.erase_contact_data(person=leaver, by=secretary)


@pytest.mark.parametrize(
    "statement",
    [
        # The variable that the owner's function sets opens nothing for the application.
        "SELECT set_config('portal.erasing', 'yes', true); UPDATE governance_personevent SET email = ''",
        "SELECT set_config('portal.erasing', 'yes', true); DELETE FROM governance_personevent",
        "SELECT set_config('portal.erasing', 'yes', true); UPDATE audit_act SET detail = '{}'",
        "ALTER FUNCTION public.erase_contact_data(text, text[], text[], timestamptz, bigint) SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION public.erase_contact_data(kind text, keys text[], addresses text[],"
        " before timestamptz, done_by bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        # The door blanks what counts as contact data, and knows no other table.
        "SELECT public.erase_contact_data('governance.Vote', '{1}', '{}', NULL, NULL)",
    ],
)
def test_the_door_opens_for_nothing_else(leaver: Person, statement: str) -> None:
    before = addresses_in_history(leaver)
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert addresses_in_history(leaver) == before


def test_the_variable_does_not_let_other_triggers_be_ignored(leaver: Person) -> None:
    events: Any = event_model(Person)
    count = events.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.erasing', 'yes', true)")
        cursor.execute("UPDATE governance_person SET title = 'noe annet' WHERE id = %s", [leaver.pk])

    assert events.objects.count() == count + 1


def test_nothing_but_the_address_changes_in_an_event(leaver: Person) -> None:
    events: Any = event_model(Person)
    columns = [f.attname for f in events._meta.concrete_fields if f.name != "email"]
    before = list(events.objects.order_by("pgh_id").values(*columns))

    door.erase("governance.Person", keys=[leaver.pk])

    assert list(events.objects.order_by("pgh_id").values(*columns)) == before
    assert addresses_in_history(leaver) == {leaver.user.email}


def test_the_chain_over_the_history_still_holds_afterwards(
    leaver: Person, secretary: User, settings: Any, tmp_path: Path
) -> None:
    settings.CHAIN_FILE = tmp_path / "chain.jsonl"
    record("sign_in_refused", detail={"email": leaver.email})
    seal_the_day()

    actions.erase_contact_data(person=leaver, by=secretary)
    seal_the_day()

    assert [str(one) for one in breaks()] == []


# --- people of others --------------------------------------------------------------------------------


@pytest.fixture
def written_down_elsewhere(leaver: Person, digi: Collaboration, outsider: User) -> Person:
    """Ours, and written down by strangers who knew nothing but the address."""
    leaver.known_in.add(digi)
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    assert people.write_down(collaboration=elsewhere, name="Hvem som helst", email=leaver.email) == leaver
    return leaver


def test_a_stranger_who_knows_the_address_erases_nobody(written_down_elsewhere: Person, outsider: User) -> None:
    with pytest.raises(NotAllowedNow, match="DigiVesterålen"):
        actions.erase_contact_data(person=written_down_elsewhere, by=outsider)
    written_down_elsewhere.refresh_from_db()
    assert written_down_elsewhere.email and written_down_elsewhere.user.is_active


def test_nor_turns_the_letters_elsewhere(written_down_elsewhere: Person, outsider: User) -> None:
    with pytest.raises(NotAllowedNow, match="DigiVesterålen"):
        people.change_person(
            person=written_down_elsewhere, name="Ny", email="min@stranger.example", title="", organisation=None,
            by=outsider,
        )  # fmt: skip


def test_the_own_secretariat_still_erases(written_down_elsewhere: Person, secretary: User) -> None:
    assert actions.erase_contact_data(person=written_down_elsewhere, by=secretary).email == ""


def test_one_who_reads_a_shared_project_is_not_erased(leaver: Person, digi: Collaboration, secretary: User) -> None:
    project = projects.register_project(collaboration=digi, title="Felles sakarkiv", by=secretary)
    until = timezone.localdate() + timedelta(days=7)
    sync_people(leaver)
    share_project(
        project=project, name=leaver.name, email=leaver.email, purpose="Skal gi råd.", until=until, by=secretary
    )
    with pytest.raises(NotAllowedNow, match="delt"):
        actions.erase_contact_data(person=leaver, by=secretary)


def test_erased_again_after_a_restore(
    leaver: Person, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """The backup has the address still; that it was erased is told where a restore does not reach, by a number."""
    settings.CHAIN_FILE = tmp_path / "chain.jsonl"
    before, address = timezone.now(), leaver.email
    undone = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(leaver, by=None)
    transaction.savepoint_rollback(undone)
    leaver.refresh_from_db()
    assert leaver.email == address and address not in settings.CHAIN_FILE.read_text()

    call_command("erase_again", since=timezone.now())
    assert Person.objects.get(pk=leaver.pk).email == address, "erased before the moment the database is from"
    call_command("erase_again", since=before)
    assert Person.objects.get(pk=leaver.pk).email == ""


def test_what_could_not_be_told_outside_is_told_the_next_night_and_shown_until_then(
    client: Client, sysadmin: User, leaver: Person, settings: Any, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """The disk was full when the erasure was to be told; a backup from before it would bring the address back."""
    settings.CHAIN_FILE = tmp_path / "full" / "chain.jsonl"
    (tmp_path / "full").write_text("no folder")
    before = timezone.now()
    assert standing.erasures_to_tell() == 0
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(leaver, by=None)
    with pytest.raises(OSError):
        erase_what_is_over.apply(throw=True)
    client.force_login(sysadmin)
    shown = client.get("/konto/drift/").content.decode()
    assert "1 sletting er ikke fortalt utenfor databasen" in shown and leaver.name not in shown

    (tmp_path / "full").unlink()
    erase_what_is_over.apply(throw=True)
    assert standing.erasures_to_tell() == 0

    assert outside.read().erased_since(before) == {leaver.pk}
    (told,) = settings.CHAIN_FILE.read_text().splitlines()
    erase_what_is_over.apply(throw=True)
    assert settings.CHAIN_FILE.read_text().splitlines() == [told], "once is enough"


def test_a_file_of_the_chain_that_cannot_be_read_is_said(
    client: Client, sysadmin: User, settings: Any, tmp_path: Path
) -> None:
    settings.CHAIN_FILE = tmp_path
    client.force_login(sysadmin)

    assert "Filen med kjeden kan ikke leses" in client.get("/konto/drift/").content.decode()
