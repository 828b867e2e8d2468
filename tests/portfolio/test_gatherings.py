"""Gatherings of a programme: announced to the municipalities, registered to, held, evaluated; and who may see what."""

import threading
from datetime import timedelta
from email.message import Message
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.uploads import Upload
from digivesteralen.privacy.retention import erase_what_is_over
from digivesteralen.start import tasks
from governance.actions import calendars, regions
from governance.models import Collaboration, Organisation, Region
from portfolio import gathering_mail
from portfolio.actions import evaluations, gatherings, projects, registrations
from portfolio.actions.project_documents import add_document
from portfolio.gatherings import attendance
from portfolio.models import Gathering, Project, Registration
from tests.portfolio.gathering_helpers import a_gathering, a_programme, begun


@pytest.fixture
def programme(digi: Collaboration, secretary: User) -> Project:
    return a_programme(digi, secretary)


@pytest.fixture
def gathering(programme: Project, directors: dict[str, User], secretary: User) -> Gathering:
    return a_gathering(programme, secretary, capacity=2)


def send_all() -> list[Any]:
    """The e-mails that are asked for, sent now."""
    mail.outbox = []
    for job in Job.objects.filter(kind=gathering_mail.KIND, finished_at=None).order_by("asked_at"):
        assert jobs.run(job.pk).state == "done"
    return list(mail.outbox)


def calendar_of(letter: Any) -> Any:
    (file,) = [one for one in letter.attachments if isinstance(one, Message)]
    return Calendar.from_ical(file.get_payload(decode=True))


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def test_the_municipalities_of_the_region_are_invited_with_a_calendar_file(
    programme: Project, digi: Collaboration, directors: dict[str, User], secretary: User,
    sortland: Organisation, hadsel: Organisation,
) -> None:  # fmt: skip
    region = regions.register_region(collaboration=digi, name="Indre", by=secretary)
    for place in (sortland, hadsel):
        regions.put_in_region(region=region, collaboration=digi, organisation=place, by=secretary)
    made = a_gathering(programme, secretary, regions=[region])
    assert {one.municipality.name for one in made.invitations.all()} == {"Sortland", "Hadsel"}
    letters = send_all()
    assert {letter.to[0] for letter in letters} == {directors[name].email for name in ("Sortland", "Hadsel")}
    found = calendar_of(letters[0])
    event = next(iter(found.events))
    assert (found["method"], event["uid"].split("@")[0], event["sequence"]) == ("REQUEST", f"gathering-{made.pk}", 0)


def test_a_new_time_is_told_with_a_higher_number_and_cancelling_takes_it_out(
    gathering: Gathering, secretary: User
) -> None:
    send_all()
    later = gathering.starts_at + timedelta(hours=1)
    gatherings.change_gathering(gathering=gathering, starts_at=later, by=secretary)
    moved = send_all()
    assert len(moved) == 6
    assert next(iter(calendar_of(moved[0]).events))["sequence"] == 1
    gatherings.cancel_gathering(gathering=gathering, reason="Uvær.", by=secretary)
    cancelled = send_all()
    assert len(cancelled) == 6 and "Uvær." in cancelled[0].body
    found = calendar_of(cancelled[0])
    assert (found["method"], next(iter(found.events))["sequence"]) == ("CANCEL", 2)


def test_a_draft_is_the_secretariats_own(
    programme: Project, secretary: User, director: User, client: Client, directors: dict[str, User]
) -> None:
    draft = a_gathering(programme, secretary, announced=False)
    client.force_login(director)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert draft.title not in client.get(here("gatherings")).content.decode()
    client.force_login(secretary)
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_what_is_known_to_the_season_only_can_be_planned_and_not_announced(
    programme: Project, secretary: User, client: Client
) -> None:
    client.force_login(secretary)
    posted = {"title": "Samling i nord", "kind": "gathering", "day": "høsten 2030"}
    assert client.post(here("new_gathering", programme.slug), posted).status_code == 302
    made = Gathering.objects.get()
    assert made.when == "høsten 2030"
    assert client.post(here("announce_gathering", made.pk)).status_code == 409
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.filter(pk=made.pk).update(state="announced")


def test_the_address_of_a_digital_meeting_may_be_long(programme: Project, secretary: User, client: Client) -> None:
    client.force_login(secretary)
    told = {"title": "Nettmøte", "kind": "gathering", "day": "12.12.2031", "link": f"https://moter.no/{'x' * 400}"}
    assert client.post(here("new_gathering", programme.slug), told).status_code == 302
    assert Gathering.objects.get().link == told["link"]


def test_gatherings_belong_to_a_programme(project: Project, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        a_gathering(project, secretary)


def test_the_third_waits_and_gets_the_place_of_the_one_who_withdraws(
    gathering: Gathering, director: User, sortland: Organisation
) -> None:
    first, second, third, fourth = (
        registrations.register_participant(
            gathering=gathering, municipality=sortland, name=name, email=f"{name.lower()}@test.example", by=director
        )
        for name in ("Anne", "Bo", "Cato", "Dina")
    )
    assert [first.state, second.state, third.state, fourth.state] == ["registered", "registered", "waiting", "waiting"]
    send_all()
    registrations.withdraw(registration=first, by=director)
    (letter,) = send_all()
    assert letter.to == ["cato@test.example"]
    third.refresh_from_db()
    first.refresh_from_db()
    assert (third.state, first.state, first.name, first.email) == ("registered", "withdrawn", "", "")
    gatherings.change_gathering(gathering=gathering, capacity=5, by=gathering_secretary(gathering))
    fourth.refresh_from_db()
    assert fourth.state == "registered"
    with pytest.raises(NotAllowedNow):
        gatherings.change_gathering(gathering=gathering, capacity=1, by=gathering_secretary(gathering))


def gathering_secretary(gathering: Gathering) -> User:
    return User.objects.get(person__appointments__collaboration=gathering.project.collaboration)


def test_the_database_holds_no_more_than_there_is_room_for(
    gathering: Gathering, director: User, sortland: Organisation
) -> None:
    for name in ("Anne", "Bo", "Cato"):
        registrations.register_participant(gathering=gathering, municipality=sortland, name=name, by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(name="Cato").update(state="registered")
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.filter(pk=gathering.pk).update(capacity=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(name="Anne").update(name="")


@pytest.mark.django_db(transaction=True)
def test_two_who_want_the_last_place_at_once_do_not_both_get_it(
    gathering: Gathering, directors: dict[str, User], sortland: Organisation, hadsel: Organisation
) -> None:
    gatherings.change_gathering(gathering=gathering, capacity=1, by=gathering_secretary(gathering))

    def one(place: Organisation) -> None:
        try:
            registrations.register_participant(
                gathering=gathering, municipality=place, name="Kari", by=directors[place.name]
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[place]) for place in (sortland, hadsel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Registration.objects.values_list("state", flat=True)) == ["registered", "waiting"]


def test_one_person_is_registered_once(gathering: Gathering, director: User, sortland: Organisation) -> None:
    registrations.register_participant(gathering=gathering, municipality=sortland, name="Anne", by=director)
    with pytest.raises(NotAllowedNow):
        registrations.register_participant(gathering=gathering, municipality=sortland, name="anne", by=director)
    registrations.register_self(gathering=gathering, by=director)
    with pytest.raises(NotAllowedNow):
        registrations.register_self(gathering=gathering, by=director)
    assert Registration.objects.get(user=director).municipality == sortland


def test_who_is_registered_already_is_told_at_the_name_and_nothing_typed_is_lost(
    gathering: Gathering, director: User, sortland: Organisation, client: Client
) -> None:
    registrations.register_participant(gathering=gathering, municipality=sortland, name="Anne", by=director)
    client.force_login(director)
    told = {"name": "Anne", "title": "rådgiver", "needs": "Teleslynge"}
    page = client.post(here("register_participants", gathering.pk, sortland.number), told)
    assert page.status_code == 200
    assert "påmeldt allerede" in page.content.decode() or "allerede påmeldt" in page.content.decode()
    assert "Teleslynge" in page.content.decode()


def test_after_the_last_day_only_the_organiser_registers(
    gathering: Gathering, director: User, secretary: User, sortland: Organisation
) -> None:
    Gathering.objects.update(register_by=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotAllowedNow):
        registrations.register_participant(gathering=gathering, municipality=sortland, name="Anne", by=director)
    registrations.register_participant(gathering=gathering, municipality=sortland, name="Anne", by=secretary)
    assert Registration.objects.count() == 1


def test_nobody_registers_for_another_municipality_or_sees_its_names(
    gathering: Gathering, director: User, directors: dict[str, User], sortland: Organisation, client: Client,
    outsider: User, secretary: User,
) -> None:  # fmt: skip
    other = directors["Hadsel"]
    with pytest.raises(PermissionDenied):
        registrations.register_participant(gathering=gathering, municipality=sortland, name="Anne", by=other)
    row = registrations.register_participant(
        gathering=gathering, municipality=sortland, name="Hemmelige Hansen", by=director
    )
    client.force_login(other)
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert "Hemmelige" not in page and "Sortland" in page
    assert client.get(here("withdraw_registration", row.pk)).status_code == 404
    assert client.get(here("gathering_participants", gathering.pk)).status_code == 403
    assert client.get(here("register_participants", gathering.pk, "1870")).status_code == 403
    with pytest.raises(PermissionDenied):
        registrations.withdraw(registration=row, by=other)
    with pytest.raises(PermissionDenied):
        gatherings.change_gathering(gathering=gathering, title="x", by=other)
    client.force_login(outsider)
    assert client.get(gathering.get_absolute_url()).status_code == 404
    client.force_login(director)
    assert "Hemmelige" in client.get(gathering.get_absolute_url()).content.decode()
    client.force_login(secretary)
    sheet = load_workbook(
        BytesIO(client.get(here("gathering_participants", gathering.pk) + "?format=xlsx").content)
    ).active
    assert [cell.value for cell in sheet[2]][:2] == ["Sortland", "Hemmelige Hansen"]


def test_it_waits_for_the_municipality_until_it_has_answered(
    gathering: Gathering, director: User, directors: dict[str, User], sortland: Organisation, client: Client
) -> None:
    def waits(user: User) -> bool:
        return any(gathering.title in task.title for task in tasks.waiting_for(user))

    assert waits(director) and waits(directors["Hadsel"])
    client.force_login(director)
    assert gathering.title in client.get(here("portfolio_municipality", "1870")).content.decode()
    registrations.register_participant(gathering=gathering, municipality=sortland, name="Anne", by=director)
    with pytest.raises(NotAllowedNow):
        registrations.decline(gathering=gathering, municipality=sortland, by=director)
    client.force_login(directors["Hadsel"])
    assert client.post(here("decline_gathering", gathering.pk, "1866")).status_code == 302
    assert not waits(director) and not waits(directors["Hadsel"]) and waits(directors["Bø"])


def test_who_came_is_ticked_and_those_who_sent_nobody_are_named(
    gathering: Gathering, director: User, secretary: User, sortland: Organisation, client: Client
) -> None:
    anne, bo = (
        registrations.register_participant(gathering=gathering, municipality=sortland, name=name, by=director)
        for name in ("Anne", "Bo")
    )
    with pytest.raises(NotAllowedNow):
        registrations.note_attendance(gathering=gathering, came=[anne.pk], by=secretary)
    with pytest.raises(NotAllowedNow):
        gatherings.hold_gathering(gathering=gathering, by=secretary)
    begun(gathering)
    client.force_login(secretary)
    assert client.post(here("gathering_participants", gathering.pk), {"came": [anne.pk]}).status_code == 302
    asked = client.get(here("hold_gathering", gathering.pk))
    assert asked.status_code == 200 and "kan ikke tas tilbake" in asked.content.decode()
    gathering.refresh_from_db()
    assert gathering.state != "held", "a question first"
    client.post(here("hold_gathering", gathering.pk), {"version": gathering.version})
    bo.refresh_from_db()
    assert bo.attended is False
    told = attendance(gathering.project)
    own = next(line for line in told.places if line.name == "Sortland")
    assert (own.invited, own.registered, own.came, own.gatherings) == (1, 2, 1, 1)
    assert {line.name for line in told.silent} == {"Andøy", "Bø", "Hadsel", "Lødingen", "Øksnes"}
    page = client.get(here("programme_attendance", gathering.project.slug)).content.decode()
    assert "Øksnes" in page
    book = load_workbook(
        BytesIO(client.get(here("programme_attendance", gathering.project.slug) + "?format=xlsx").content)
    )
    assert book.worksheets[0].max_row == 7


def test_those_who_came_are_asked_once_what_they_thought(
    gathering: Gathering, director: User, secretary: User, sortland: Organisation, client: Client
) -> None:
    anne = registrations.register_participant(
        gathering=gathering, municipality=sortland, name="Anne", email="anne@test.example", by=director
    )
    begun(gathering)
    with pytest.raises(NotAllowedNow):
        evaluations.evaluate(gathering=gathering, by=secretary)
    registrations.note_attendance(gathering=gathering, came=[anne.pk], by=secretary)
    gatherings.hold_gathering(gathering=gathering, by=secretary)
    send_all()
    survey = evaluations.evaluate(gathering=gathering, by=secretary)
    assert evaluations.evaluate(gathering=gathering, by=secretary) == survey
    (letter,) = send_all()
    path = reverse("answer_evaluation", args=[gathering_mail.evaluation_token(anne.pk)])
    assert letter.to == ["anne@test.example"] and path in letter.body
    useful, right, first, _second = survey.questions.order_by("position")
    assert client.post(path, {f"q{useful.pk}": "5"}).status_code == 200
    assert not survey.responses.exists()
    for _twice in range(2):
        client.post(path, {f"q{useful.pk}": "5", f"q{right.pk}": "4", f"q{first.pk}": "Mer tid."})
    response = survey.responses.get()
    assert (response.municipality, response.respondent_name, response.answers.count()) == (None, "", 3)
    assert client.get(reverse("answer_evaluation", args=["1:feil"])).status_code == 404


def test_names_are_erased_when_their_time_is_over_and_the_counts_stay(
    gathering: Gathering, director: User, sortland: Organisation
) -> None:
    registrations.register_participant(
        gathering=gathering, municipality=sortland, name="Anne", email="anne@test.example", by=director
    )
    registrations.register_self(gathering=gathering, by=director)
    erase_what_is_over()
    assert Registration.objects.exclude(name="").count() == 2
    Gathering.objects.update(on=timezone.localdate() - timedelta(days=366))
    erase_what_is_over()
    assert not Registration.objects.exclude(name="", email="", user=None).exists()
    own = next(line for line in attendance(gathering.project).places if line.name == "Sortland")
    assert own.registered == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM portfolio_registrationevent e")
        assert "anne" not in str(cursor.fetchall()).lower()


def test_the_own_calendar_holds_the_gatherings_one_has_a_place_in(
    gathering: Gathering, director: User, client: Client
) -> None:
    address = reverse("calendar_feed", args=[calendars.make_link(by=director)])
    assert gathering.title not in client.get(address).content.decode()
    registrations.register_self(gathering=gathering, by=director)
    assert gathering.title in client.get(address).content.decode()
    client.force_login(director)
    single = Calendar.from_ical(client.get(here("gathering_calendar", gathering.pk)).content)
    assert next(iter(single.events))["dtstart"].dt == gathering.starts_at.replace(microsecond=0)


def test_two_who_change_the_same_gathering_are_told(gathering: Gathering, secretary: User) -> None:
    with pytest.raises(Stale):
        gatherings.change_gathering(gathering=gathering, version=gathering.version - 1, title="x", by=secretary)


def test_the_timeline_has_what_is_announced_or_held(gathering: Gathering, secretary: User) -> None:
    a_gathering(gathering.project, secretary, announced=False)
    found = Gathering.objects.for_timeline([gathering.project])
    assert [(one.project_id, one.label, one.on, one.passed) for one in found] == [
        (gathering.project_id, gathering.title, gathering.on, False)
    ]


def test_target_groups_and_documents_of_a_programme(
    programme: Project, secretary: User, director: User, client: Client
) -> None:
    client.force_login(secretary)
    assert client.post(here("target_groups", programme.slug), {"names": "ledere\nprosjektledere"}).status_code == 302
    guide = Upload(b"%PDF-1.7 a guide", "veileder.pdf", "application/pdf")
    add_document(
        project=programme, kind="other", title="Veileder for digitalisering", upload=guide,
        dated_on=timezone.localdate(), by=secretary,
    )  # fmt: skip
    client.force_login(director)
    page = client.get(here("programme", programme.slug)).content.decode()
    assert "prosjektledere" in page and "Veileder for digitalisering" in page
    assert client.get(here("target_groups", programme.slug)).status_code == 403


def test_as_many_queries_for_many_as_for_few(
    programme: Project, secretary: User, directors: dict[str, User], director: User, six: list[Organisation],
    client: Client,
) -> None:  # fmt: skip
    client.force_login(director)

    def counts() -> dict[str, int]:
        made = a_gathering(programme, secretary)
        for place in six:
            for number in range(Registration.objects.count() // 6 + 1):
                registrations.register_participant(
                    gathering=made, municipality=place, name=f"Nr {number}", by=secretary
                )
        pages = {"gatherings": [], "gathering": [made.pk], "programme": [programme.slug]}
        pages |= {"programme_attendance": [programme.slug]}
        found = {}
        for name, rest in pages.items():
            client.get(here(name, *rest))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(here(name, *rest)).status_code == 200
            found[name] = len(queries)
        return found

    few = counts()
    counts()
    assert counts() == few


def test_the_kind_of_a_project_with_gatherings_may_change_and_they_stay(gathering: Gathering, secretary: User) -> None:
    projects.change_project(project=gathering.project, version=None, kind=Project.Kind.PROJECT, by=secretary)
    assert gathering.project.gatherings.count() == 1


def test_a_region_of_others_invites_nobody(programme: Project, secretary: User, digi: Collaboration) -> None:
    empty = Region.objects.create(name="Tom region")
    with pytest.raises(NotAllowedNow):
        a_gathering(programme, secretary, regions=[empty])
