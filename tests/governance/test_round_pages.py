"""Written treatment in the browser of each who takes part, and the papers it leaves."""

import io
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.start import before_meeting, tasks
from governance import minutes, papers, summons
from governance.actions import opinions, rounds
from governance.models import Adoption, Appointment, Body, Case, Meeting, Opinion, Organisation, Resolution
from tests.governance.meeting_helpers import a_case, called
from tests.governance.round_helpers import ALL, FOUR, GROUND, answer, closed, late, ruled, sent, the_case
from tests.people import appoint, municipality, person
from tests.printed import faults, text_of

pytestmark = pytest.mark.django_db
OK, NO, GONE, NOT_NOW, MOVED = 200, 403, 404, 409, 302


def here(meeting: Meeting) -> str:
    return f"/vesteralen/moter/styringsgruppen/{meeting.number}-{meeting.year}/"


def in_days(number: int) -> str:
    return f"{timezone.localdate() + timedelta(days=number):%d.%m.%Y}"


# --- Sending and leading it ------------------------------------------------------------------


def test_the_secretary_sends_a_case_for_written_treatment_from_its_page(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    case = a_case(steering, secretary)
    client.force_login(secretary)
    for page in (f"/vesteralen/saker/{case.pk}/", "/vesteralen/organ/styringsgruppen/", "/vesteralen/moter/"):
        assert "/vesteralen/moter/styringsgruppen/skriftlig/" in client.get(page).content.decode()
    form = client.get(f"/vesteralen/moter/styringsgruppen/skriftlig/?sak={case.pk}")
    assert "checked" in form.content.decode()
    told = {"cases": [case.pk], "day": in_days(7), "clock": "15.00"}
    answered = client.post("/vesteralen/moter/styringsgruppen/skriftlig/", told)
    meeting = Meeting.objects.get()
    assert answered["Location"] == here(meeting)
    assert client.get(here(meeting)).status_code == OK
    # Pressed twice: the case is no longer ready, and nothing is sent again.
    assert client.post("/vesteralen/moter/styringsgruppen/skriftlig/", told).status_code == OK
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"), [({"cases": []}, "cases"), ({"day": in_days(-1)}, "day"), ({"clock": "snart"}, "clock")]
)
def test_what_is_missing_is_said_at_the_field(
    client: Client, steering: Body, secretary: Any, directors: Any, wrong: dict[str, Any], field: str
) -> None:
    client.force_login(secretary)
    told = {"cases": [a_case(steering, secretary).pk], "day": in_days(7), "clock": "15.00", **wrong}
    page = client.post("/vesteralen/moter/styringsgruppen/skriftlig/", told)
    assert list(page.context_data["form"].errors) == [field]
    assert not Meeting.objects.exists()


def test_an_elected_body_says_why_with_the_law(client: Client, steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, rules="elected")
    client.force_login(secretary)
    told = {"cases": [a_case(steering, secretary).pk], "day": in_days(7), "clock": "15.00"}
    page = client.post("/vesteralen/moter/styringsgruppen/skriftlig/", told)
    assert list(page.context_data["form"].errors) == ["why"]
    assert "LOV-2018-06-22-83" in page.content.decode()
    client.post("/vesteralen/moter/styringsgruppen/skriftlig/", {**told, "why": "Søknadsfristen er på fredag."})
    assert "Søknadsfristen er på fredag." in client.get(here(Meeting.objects.get())).content.decode()


def test_the_deadline_is_prolonged_on_its_page(client: Client, steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    client.force_login(secretary)
    early = client.post(f"{here(meeting)}frist/", {"day": in_days(2), "clock": "15.00", "version": meeting.version})
    assert list(early.context_data["form"].errors) == ["day"]
    told = {"day": in_days(20), "clock": "12.00", "version": meeting.version}
    assert client.post(f"{here(meeting)}frist/", told).status_code == MOVED
    meeting.refresh_from_db()
    assert meeting.due == timezone.localdate() + timedelta(days=20)
    again = client.post(f"{here(meeting)}frist/", told)
    assert list(again.context_data["form"].errors) == ["day"]


def test_the_secretary_reminds_and_sees_the_outcome_so_far(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, FOUR)
    client.force_login(secretary)
    assert client.post(f"{here(meeting)}paminn/").status_code == MOVED
    assert client.post(f"{here(meeting)}paminn/").status_code == NOT_NOW
    page = client.get(f"{here(meeting)}lukk/")
    assert page.context_data["can_close"] is False
    assert "Organet vedtar ved enighet: 4 av 6 svarte" in page.content.decode()
    assert client.post(f"{here(meeting)}lukk/", {"version": meeting.version}).status_code == NOT_NOW


def test_the_secretary_closes_it_once_and_names_who_follows_up(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, ALL)
    client.force_login(secretary)
    version = client.get(f"{here(meeting)}lukk/").context_data["meeting"].version
    assert client.post(f"{here(meeting)}lukk/", {"version": version}).status_code == MOVED
    assert client.post(f"{here(meeting)}lukk/", {"version": version}).status_code == NOT_NOW
    resolution = Resolution.objects.get()
    assign = f"{here(meeting)}sak/{resolution.item_id}/oppfolging/"
    assert client.get(assign).status_code == OK
    told = {
        "version": resolution.version,
        "points-TOTAL_FORMS": 2,
        "points-INITIAL_FORMS": 2,
        "points-0-responsible": "Sekretariatet",
        "points-0-deadline": in_days(30),
        "points-1-responsible": "",
        "points-1-deadline": "",
    }
    assert client.post(assign, told).status_code == MOVED
    assert resolution.points.get(number=1).responsible == "Sekretariatet"
    assert client.post(assign, told).status_code == NOT_NOW


def test_a_case_that_would_be_adopted_is_taken_up_in_a_meeting(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, ALL)
    client.force_login(secretary)
    told = {"version": meeting.version, "to_meeting": [meeting.items.get().pk]}
    assert client.post(f"{here(meeting)}lukk/", told).status_code == MOVED
    assert Resolution.objects.get().outcome == Resolution.Outcome.POSTPONED


def test_pages_of_a_meeting_say_that_a_round_is_none(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    client.force_login(secretary)
    for page in ("rediger/", "saksliste/", "send/", "start/", "gjennomfor/", "oppmote/", "avslutt/"):
        assert client.get(f"{here(meeting)}{page}").status_code == NOT_NOW
    ordinary = called(steering, secretary, a_case(steering, secretary, "B"))
    for page in ("frist/", "lukk/"):
        assert client.get(f"{here(ordinary)}{page}").status_code == NOT_NOW


def test_a_cancelled_round_says_so(client: Client, steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    client.force_login(secretary)
    assert "skriftlig behandling" in client.get(f"{here(meeting)}avlys/").content.decode()
    client.post(f"{here(meeting)}avlys/")
    assert client.get(here(meeting)).status_code == OK
    assert client.get(f"{here(meeting)}lukk/").status_code == NOT_NOW


# --- Answering -------------------------------------------------------------------------------


def test_a_director_answers_in_the_browser_and_comes_back_to_what_is_left(
    client: Client, steering: Body, secretary: Any, directors: Any, bo: Organisation
) -> None:
    first, second = a_case(steering, secretary, "Den første"), a_case(steering, secretary, "Den andre")
    meeting = sent(steering, secretary, first, second)
    client.force_login(directors["Bø"])
    page = client.get(here(meeting))
    assert [row["case"].title for row in page.context_data["own_cases"]] == ["Den første", "Den andre"]
    form = f"/vesteralen/saker/{first.pk}/syn/{bo.number}/"
    assert "ikke kommunens vedtak" in client.get(here(meeting)).content.decode()
    answered = client.post(form, {"stance": "supports", "text": ""})
    assert answered["Location"] == here(meeting)
    left = [
        row["case"].title for row in client.get(here(meeting)).context_data["own_cases"] if not row["answer"].opinion
    ]
    assert left == ["Den andre"]
    assert not Adoption.objects.exists()


def test_after_the_deadline_the_page_tells_it_and_the_form_is_refused(
    client: Client, steering: Body, secretary: Any, directors: Any, bo: Organisation
) -> None:
    meeting = late(sent(steering, secretary))
    client.force_login(directors["Bø"])
    refused = client.post(f"/vesteralen/saker/{the_case(meeting).pk}/syn/{bo.number}/", {"stance": "supports"})
    assert refused.status_code == NOT_NOW
    assert meeting.answer_by
    assert f"{timezone.localtime(meeting.answer_by):%H.%M}" in refused.content.decode()
    assert "Fristen er ute" in client.get(here(meeting)).content.decode()
    assert not Opinion.objects.exists()


def test_an_elected_body_is_asked_about_the_form(
    client: Client, steering: Body, secretary: Any, directors: Any, bo: Organisation
) -> None:
    ruled(steering, rules="elected")
    meeting = sent(steering, secretary, why="Det haster.")
    client.force_login(directors["Bø"])
    form = f"/vesteralen/saker/{the_case(meeting).pk}/syn/{bo.number}/"
    assert "accepts_writing" in client.get(form).content.decode()
    client.post(form, {"stance": "supports", "text": "", "accepts_writing": ""})
    assert Opinion.objects.get().accepts_writing is False
    assert "godtar ikke skriftlig behandling" in client.get(here(meeting)).content.decode()
    client.post(form, {"stance": "supports", "text": "", "accepts_writing": "on", "version": 1})
    assert Opinion.objects.get().accepts_writing is True


def test_observers_read_and_outsiders_find_nothing(
    client: Client, steering: Body, secretary: Any, directors: Any, observer: Any, outsider: Any, bo: Organisation
) -> None:
    meeting = sent(steering, secretary)
    form = f"/vesteralen/saker/{the_case(meeting).pk}/syn/{bo.number}/"
    client.force_login(observer)
    assert client.get(here(meeting)).status_code == OK
    assert client.post(form, {"stance": "supports"}).status_code == NO
    for page in ("frist/", "lukk/"):
        assert client.get(f"{here(meeting)}{page}").status_code == NO
    client.force_login(outsider)
    for page in ("", "frist/", "lukk/"):
        assert client.get(f"{here(meeting)}{page}").status_code == GONE
    assert client.get("/vesteralen/moter/styringsgruppen/skriftlig/").status_code == GONE
    assert client.post(form, {"stance": "supports"}).status_code == GONE


def test_the_start_page_leads_each_seat_to_what_it_has_not_answered(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary, a_case(steering, secretary, kind=Case.Kind.ORIENTATION))
    called(steering, secretary, a_case(steering, secretary, "I møtet"), in_days=30)
    answer(meeting, directors, {"Bø": "supports"})

    def waits(name: str) -> list[Any]:
        return [task.until for task in tasks.waiting_for(directors[name]) if "/syn/" in task.url][:1]

    assert waits("Sortland") == [meeting.due]
    assert waits("Bø") == [timezone.localdate(timezone.now() + timedelta(days=30) - timedelta(minutes=5))]
    page = before_meeting.pages(directors["Sortland"])[0]
    assert [one.left for one in page.rounds] == [1]
    assert page.meeting is not None
    assert not page.meeting.written
    late(meeting)
    assert before_meeting.pages(directors["Sortland"])[0].rounds == []
    with override("nb"):
        assert any("Avslutt skriftlig behandling" in task.title for task in tasks.waiting_for(secretary))


# --- Who has answered what -------------------------------------------------------------------


def test_everybody_sees_who_has_answered_what_and_silence_is_a_state(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, FOUR)
    client.force_login(directors["Øksnes"])
    page = client.get(here(meeting)).content.decode()
    assert page.count("ikke svart") >= 2
    assert "4 av 6 har svart" in page
    silent = client.get(f"{here(meeting)}?mangler=1").context_data["answers_table"]
    assert sorted(row.record["place"].name for row in silent.rows) == ["Sortland", "Øksnes"]


def test_the_answers_as_a_workbook_have_words_and_days(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, FOUR)
    client.force_login(secretary)
    book = client.get(f"{here(meeting)}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert len(rows) == 7
    told = {row[0]: row for row in rows[1:]}
    assert told["Hadsel"][3:6] == ("støtter med merknad", "En merknad.", "Direktør Hadsel")
    assert told["Hadsel"][6].date() == timezone.localdate()
    assert told["Øksnes"][3:] == ("ikke svart", None, None, None)


def test_answers_in_an_exempt_case_are_for_those_who_read_it(
    client: Client, steering: Body, secretary: Any, directors: Any, it_leader: Any
) -> None:
    secret = a_case(steering, secretary, "Forhandling med Leverandør", exempt=True, legal_ground=GROUND)
    meeting = sent(steering, secretary, secret, a_case(steering, secretary, "Åpen sak"))
    answer(meeting, directors, {"Bø": "against"})
    client.force_login(it_leader)
    page = client.get(here(meeting))
    assert [tally.case.title for tally in page.context_data["tallies"]] == ["Åpen sak"]
    book = client.get(f"{here(meeting)}?format=xlsx")
    assert len(list(load_workbook(io.BytesIO(book.content)).active.values)) == 7
    assert "Leverandør" not in page.content.decode()


def test_the_page_asks_the_database_as_often_for_many_cases_and_seats_as_for_few(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    client.force_login(secretary)

    def asked(meeting: Meeting) -> int:
        client.get(here(meeting))
        with CaptureQueriesContext(connection) as queries:
            client.get(here(meeting))
        return len(queries)

    few = sent(steering, secretary)
    once = asked(few)
    answer(few, directors, ALL)
    closed(few, secretary, after=timedelta())
    many = sent(steering, secretary, *[a_case(steering, secretary, f"Sak {n}") for n in range(8)])
    answer(many, directors, FOUR)
    for number in range(20):
        place = municipality(f"18{number + 72}", f"Kommune {number}", 1000)
        appoint(person(f"Direktør {number}"), "steering", steering, represents=place)
    assert asked(many) <= once


# --- Papers ----------------------------------------------------------------------------------


def paper(meeting: Meeting, kind: str) -> Document:
    for job in Job.objects.filter(kind=kind, subject=meeting.pk, state="asked").order_by("asked_at"):
        assert jobs.run(job.pk).error == ""
    document = papers.newest(kind, meeting)
    assert document is not None
    return document


def test_the_frozen_papers_tell_the_deadline_and_the_minutes_who_answered_what(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    summoned = text_of(files.content(paper(meeting, papers.SUMMONS)))
    assert "Skriftlig behandling: Styringsgruppen 1/" in summoned
    assert "svarer i portalen innen" in summoned
    answer(meeting, directors, FOUR)
    meeting = closed(meeting, secretary)
    document = paper(meeting, papers.MINUTES)
    assert document.title.startswith("Referat fra skriftlig behandling")
    told = text_of(files.content(document))
    for words in (
        "Skriftlig behandling: Styringsgruppen",
        "støtter med merknad",
        "En merknad.",
        "Øksnes",
        "ikke svart",
        "4 av 6 svarte",
        "Organet vedtar ved enighet",
        "ikke svart: 2",
        "Vedtatt som foreslått, enstemmig blant dem som svarte.",
    ):
        assert words in told


def test_the_papers_of_a_round_can_be_archived_and_read_aloud(steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, rules="elected")
    secret = a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground=GROUND)
    meeting = sent(steering, secretary, secret, a_case(steering, secretary, "Åpen"), why="Det haster.")
    called_for = summons.render(meeting)
    answer(meeting, directors, FOUR, agrees=True)
    meeting = closed(meeting, secretary)
    for written in (called_for, minutes.render(meeting), minutes.render(meeting, public=True)):
        assert faults(written) == []
    assert minutes.render(meeting) == minutes.render(meeting)
    public = text_of(minutes.render(meeting, public=True))
    assert "Hemmelig" not in public
    assert "kommuneloven § 11-8" in public


def test_the_mails_tell_that_it_is_written_and_by_when(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    rounds.remind_silent(meeting=meeting, by=secretary)
    rounds.prolong_round(meeting=meeting, answer_by=timezone.now() + timedelta(days=20), by=secretary)
    for job in Job.objects.filter(kind="governance.meeting_mail", state="asked"):
        assert jobs.run(job.pk).error == ""
    subjects = {message.subject.partition(":")[0] for message in mail.outbox}
    assert subjects == {"Skriftlig behandling", "Venter på svar fra deg", "Ny frist"}
    assert all("svarer i portalen innen" in message.body for message in mail.outbox)
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 18


def test_the_rules_of_a_body_are_chosen_on_a_form_and_stand_while_a_round_is_out(
    client: Client, steering: Body, secretary: Any, directors: Any
) -> None:
    client.force_login(secretary)
    edit = "/vesteralen/organ/styringsgruppen/regler/"
    form = client.get(edit).context_data["form"]
    told = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    told["since"] = f"{timezone.localdate():%d.%m.%Y}"
    assert client.post(edit, {**told, "rules": "elected"}).status_code == MOVED
    page = client.get("/vesteralen/organ/styringsgruppen/").content.decode()
    assert "kommuneloven kapittel 11 (LOV-2018-06-22-83" in page
    sent(steering, secretary, why="Det haster.")
    refused = client.post(edit, {**told, "rules": "steering"})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert Body.objects.get(pk=steering.pk).profile.by_law


def test_the_substitute_sees_what_its_seat_has_answered(
    client: Client, steering: Body, secretary: Any, directors: Any, bo: Organisation
) -> None:
    stand_in = person("Vara Bø")
    appoint(stand_in, "substitute", steering, represents=bo)
    meeting = sent(steering, secretary)
    opinions.give_view(case=the_case(meeting), organisation=bo, stance="supports", by=stand_in.user)
    client.force_login(directors["Bø"])
    own = client.get(here(meeting)).context_data["own_cases"]
    assert [row["answer"].opinion.person.name for row in own] == ["Vara Bø"]
    assert Appointment.objects.filter(body=steering, represents=bo).count() == 2
