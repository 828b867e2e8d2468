"""What is kept about people goes when its time is over, kind by kind, and the page tells when it last did (GDPR)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import Stale
from digivesteralen.accounts.models import Invitation, User
from digivesteralen.audit.history import event_model
from digivesteralen.audit.log import record
from digivesteralen.audit.models import Act, RetentionRule
from digivesteralen.celery import app
from digivesteralen.privacy import retention, tasks
from governance.models import Appointment, CaseDraft, Collaboration, Person
from portfolio.models import Project, ProjectGuest, ProjectRole
from surveys.models import Response, Survey

pytestmark = pytest.mark.django_db
PAGE = "/konto/drift/oppbevaring/"


def ended(user: User, days: int) -> Person:
    person = Person.objects.get(user=user)
    Appointment.objects.filter(person=person).update(until=timezone.localdate() - timedelta(days=days))
    return person


def test_a_person_whose_last_role_ended_long_ago_is_no_longer_reached(contact: User, it_leader: User) -> None:
    long_gone, just_left = ended(contact, 800), ended(it_leader, 30)

    tasks.erase_what_is_over()

    long_gone.refresh_from_db()
    just_left.refresh_from_db()
    assert (long_gone.email, long_gone.user.is_active) == ("", False)
    assert just_left.email and just_left.user.is_active
    rule = RetentionRule.objects.get(kind="people")
    assert (rule.last_count, rule.last_failed) == (1, False)
    tasks.erase_what_is_over()
    assert RetentionRule.objects.get(kind="people").last_count == 0


def test_who_never_had_a_role_is_counted_from_the_day_it_was_written_down(sysadmin: User, digi: Collaboration) -> None:
    """A guest is counted from the end of the sharing, and one who is invited now is kept."""
    written, guest, invited = (Person.objects.create(name=name, email=f"{name}@x.example") for name in "abc")
    invited.user = User.objects.create_user(invited.email, None, name="Ivar")
    invited.save()
    today = timezone.localdate()
    tomorrow, soon = today + timedelta(days=1), timezone.now() + timedelta(days=2)
    Invitation.objects.create(user=invited.user, by=sysadmin, sent=soon, until=soon + timedelta(days=7))
    project = Project.objects.create(collaboration=digi, slug="delt", title="Delt", number=901)
    ProjectGuest.objects.create(
        project=project, person=guest, purpose="Innsyn", since=today, until=today, given_by=sysadmin
    )
    erase = retention.BY_KEY["people"].erase

    assert erase(today) == 0
    assert erase(tomorrow) == 1 and not Person.objects.get(pk=written.pk).email
    assert Person.objects.get(pk=guest.pk).email  # the sharing stands when the lock is held
    ProjectGuest.objects.update(ended_at=timezone.now(), ended_by=sysadmin)
    assert erase(tomorrow) == 1 and not Person.objects.get(pk=guest.pk).email
    assert Person.objects.get(pk=invited.pk).email


def test_who_answers_for_something_open_is_kept_until_it_is_another_s(
    client: Client, contact: User, secretary: User, digi: Collaboration
) -> None:
    """Somebody who works in a project by e-mail, and never signs in."""
    person = ended(contact, 800)
    project = Project.objects.create(collaboration=digi, slug="felles", title="Felles", number=902)
    role = ProjectRole.objects.create(
        project=project, person=person, kind="support", since=timezone.localdate() - timedelta(days=900)
    )
    erase = retention.BY_KEY["people"].erase
    before = timezone.localdate() - timedelta(days=700)

    assert erase(before) == 0
    client.force_login(secretary)
    page = client.get(f"/vesteralen/personer/{person.pk}/opplysninger/")
    assert "roller i prosjekter (1)" in page.content.decode()
    role.until = timezone.localdate() - timedelta(days=1)
    role.save()
    assert erase(before) == 1


def test_who_still_holds_a_role_is_kept_however_old_another_is(contact: User, digi: Collaboration) -> None:
    person = ended(contact, 2000)
    Appointment.objects.create(
        person=person, role="auditor", collaboration=digi, since=timezone.localdate() - timedelta(days=1)
    )

    tasks.erase_what_is_over()

    person.refresh_from_db()
    assert person.email


def test_the_address_of_a_refused_sign_in_goes_and_the_refusal_stands(db: None) -> None:
    record("sign_in_refused", detail={"email": "ola@example.no"})
    kind = retention.BY_KEY["refused_sign_ins"]

    assert kind.erase(timezone.localdate()) == 0
    assert kind.erase(timezone.localdate() + timedelta(days=1)) == 1

    assert Act.objects.get(verb="sign_in_refused").detail == {}


def test_names_of_those_who_answered_go_also_from_the_history_and_the_answer_stands(digi: Collaboration) -> None:
    survey = Survey.objects.create(collaboration=digi, slug="behov", title="Behov")
    answer = Response.objects.create(
        survey=survey,
        external_id="1",
        content="x",
        completed=timezone.now() - timedelta(days=800),
        respondent_name="Kari Nordmann",
        respondent_email="kari@test.example",
    )
    young = Response.objects.create(
        survey=survey, external_id="2", content="y", completed=timezone.now(), respondent_name="Ola Nordmann"
    )

    tasks.erase_what_is_over()

    answer.refresh_from_db()
    young.refresh_from_db()
    assert (answer.respondent_name, answer.respondent_email, young.respondent_name) == ("", "", "Ola Nordmann")
    events: Any = event_model(Response)
    assert not events.objects.filter(pgh_obj_id=answer.pk).exclude(respondent_name="").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM surveys_responseevent e")
        assert "kari" not in str(cursor.fetchall()).lower()


def test_drafts_that_nobody_went_on_with_go(secretary: User, digi: Collaboration) -> None:
    CaseDraft.objects.create(user=secretary, collaboration=digi, texts={"title": "Utkast"})
    assert retention.BY_KEY["drafts"].erase(timezone.localdate()) == 0
    CaseDraft.objects.update(saved_at=timezone.now() - timedelta(days=400))

    tasks.erase_what_is_over()

    assert not CaseDraft.objects.exists()


def test_one_kind_that_fails_keeps_no_other_and_the_page_says_so(
    client: Client, contact: User, sysadmin: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = ended(contact, 800)
    monkeypatch.setattr(retention.import_erasing, "erase_due", lambda: 1 / 0)

    tasks.erase_what_is_over()

    person.refresh_from_db()
    assert person.email == "" and RetentionRule.objects.get(kind="imports").last_failed
    assert "imports" in caplog.text
    client.force_login(sysadmin)
    assert "Mislyktes" in client.get(PAGE).content.decode()


def test_one_person_who_can_not_be_erased_keeps_no_other_and_the_page_says_so(
    client: Client, contact: User, it_leader: User, sysadmin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, gone = ended(contact, 800), ended(it_leader, 800)
    erase = retention.erase

    def fails_for_one(person: Person, *, by: Any) -> Person:
        if person.pk == stuck.pk:
            raise OSError("The disk is gone.")
        return erase(person, by=by)

    monkeypatch.setattr(retention, "erase", fails_for_one)
    tasks.erase_what_is_over()

    stuck.refresh_from_db()
    gone.refresh_from_db()
    assert stuck.email and gone.email == ""
    rule = RetentionRule.objects.get(kind="people")
    assert (rule.last_count, rule.last_failed) == (1, True)
    client.force_login(sysadmin)
    assert "Mislyktes" in client.get(PAGE).content.decode()


def test_it_is_done_every_night() -> None:
    task = app.conf.beat_schedule["retention"]["task"]
    assert task == tasks.erase_what_is_over.name


def test_the_operator_keeps_a_kind_shorter_and_the_next_night_does_it(
    client: Client, contact: User, sysadmin: User
) -> None:
    person = ended(contact, 60)
    client.force_login(sysadmin)

    answer = client.post(f"{PAGE}people/", {"months": "1"}, follow=True)

    assert answer.status_code == 200 and answer.redirect_chain
    tasks.erase_what_is_over()
    person.refresh_from_db()
    assert person.email == ""


def test_it_cannot_be_kept_longer_than_people_were_promised(client: Client, sysadmin: User) -> None:
    client.force_login(sysadmin)

    answer = client.post(f"{PAGE}registrations/", {"months": "13"})

    assert answer.status_code == 200 and "12" in answer.content.decode()
    assert not RetentionRule.objects.filter(months=13).exists()
    with pytest.raises(retention.NotAllowedNow):
        retention.change_months(kind=retention.BY_KEY["registrations"], months=13, by=sysadmin)


def test_two_operators_at_once_do_not_overwrite_each_other(sysadmin: User) -> None:
    kind = retention.BY_KEY["drafts"]
    rule = retention.change_months(kind=kind, months=6, by=sysadmin)

    with pytest.raises(Stale):
        retention.change_months(kind=kind, months=3, version=rule.version - 1, by=sysadmin)


@pytest.mark.parametrize("who", ["secretary", "director", "auditor"])
def test_for_others_the_page_is_not_there(client: Client, request: Any, who: str) -> None:
    client.force_login(request.getfixturevalue(who))

    for path in (PAGE, f"{PAGE}people/", "/konto/drift/sider/", "/konto/drift/sider/personvern/"):
        assert client.get(path).status_code == client.post(path).status_code == 404
