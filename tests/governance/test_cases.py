"""Cases are prepared by the secretariat, seen when they have gone out, and screened where the law says so."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.audit.log import history
from digivesteralen.audit.models import Act
from governance import notices, papers
from governance.actions import agenda, cases, running
from governance.models import Body, Case, Person
from tests.governance.meeting_helpers import a_case, a_meeting, begun, called, held

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"


def test_a_case_is_prepared_and_marked_as_ready(steering: Body, secretary: Any) -> None:
    case = cases.make_case(body=steering, title="Felles innlogging", by=secretary)
    with pytest.raises(NotAllowedNow):
        cases.mark_ready(case=case, by=secretary)
    case = cases.change_case(case=case, proposal="Punkt en.\n\nPunkt to.", by=secretary)
    assert case.proposed_points == ["Punkt en.", "Punkt to."]
    assert cases.mark_ready(case=case, by=secretary).stage == Case.Stage.READY
    assert cases.back_to_draft(case=case, by=secretary).stage == Case.Stage.DRAFT


def test_a_director_cannot_write_cases(steering: Body, director: Any, secretary: Any) -> None:
    with pytest.raises(PermissionDenied):
        a_case(steering, director)
    with pytest.raises(PermissionDenied):
        cases.change_case(case=a_case(steering, secretary), title="Mitt", by=director)


def test_the_text_that_went_out_stands(steering: Body, secretary: Any, director: Any) -> None:
    called(steering, secretary)
    with pytest.raises(NotAllowedNow):
        cases.change_case(case=Case.objects.get(), title="Noe annet", by=secretary)


def test_two_who_save_the_same_case_do_not_overwrite_each_other(steering: Body, secretary: Any) -> None:
    case = a_case(steering, secretary)
    cases.change_case(case=case, version=case.version, title="Først", by=secretary)
    with pytest.raises(Stale):
        cases.change_case(case=case, version=case.version, title="Sist", by=secretary)
    assert Case.objects.get().title == "Først"


def test_a_case_stands_on_one_agenda(steering: Body, secretary: Any) -> None:
    case = a_case(steering, secretary)
    item = agenda.put_on_agenda(meeting=a_meeting(steering, secretary), case=case, by=secretary)
    with pytest.raises(NotAllowedNow):
        agenda.put_on_agenda(meeting=a_meeting(steering, secretary), case=case, by=secretary)
    agenda.take_off_agenda(item=item, by=secretary)
    agenda.put_on_agenda(meeting=a_meeting(steering, secretary), case=case, by=secretary)


def test_a_treated_case_is_not_withdrawn(steering: Body, secretary: Any, director: Any) -> None:
    held(steering, secretary)
    with pytest.raises(NotAllowedNow):
        cases.withdraw_case(case=Case.objects.get(), by=secretary)


def test_drafts_are_seen_by_those_who_prepare(steering: Body, secretary: Any, director: Any, outsider: Any) -> None:
    a_case(steering, secretary)
    assert Case.objects.visible_to(secretary).count() == 1
    assert not Case.objects.visible_to(director).exists()
    assert not Case.objects.visible_to(outsider).exists()


def test_an_exempt_case_needs_its_legal_ground(steering: Body, secretary: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_case(steering, secretary, exempt=True)


def test_exempt_cases_are_seen_by_the_body_and_the_auditor_only(
    steering: Body, secretary: Any, director: Any, it_leader: Any, auditor: Any, observer: Any
) -> None:
    meeting = called(steering, secretary, a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground=GROUND))
    for reader in (secretary, director, auditor):
        assert Case.objects.visible_to(reader).exists()
        assert [entry.title for entry in papers.agenda_for(reader, meeting)] == ["Hemmelig"]
    for reader in (it_leader, observer):
        assert not Case.objects.visible_to(reader).exists()
        assert "Hemmelig" not in [entry.title for entry in papers.agenda_for(reader, meeting)]
        assert len(papers.agenda_for(reader, meeting)) == 1


def test_what_was_written_while_a_case_was_exempt_stays_out_of_its_history(
    steering: Body, secretary: Any, director: Any
) -> None:
    case = a_case(steering, secretary, "Varsling om Kari", exempt=True, legal_ground=GROUND)
    cases.change_case(case=case, title="Varsling om Ola", by=secretary)
    cases.change_case(case=case, title="Rutine for varsling", exempt=False, legal_ground="", by=secretary)
    cases.change_case(case=case, title="Rutiner for varsling", by=secretary)
    case.refresh_from_db()
    told = [(change.before, change.after) for entry in history(case) for change in entry.changes]
    assert told == [("Rutine for varsling", "Rutiner for varsling")]


def test_the_page_of_a_case_does_not_name_its_exempt_continuation(
    client: Any, steering: Body, secretary: Any, it_leader: Any, director: Any
) -> None:
    meeting = begun(steering, secretary, a_case(steering, secretary, "Felles vakt"))
    running.resolve(item=meeting.items.get(), outcome="postponed", by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    old = Case.objects.get()
    new = cases.bring_back(case=old, by=secretary)
    cases.change_case(case=new, title="Hemmelig", exempt=True, legal_ground=GROUND, by=secretary)
    for reader, told in ((it_leader, False), (secretary, True)):
        client.force_login(reader)
        assert ("Hemmelig" in client.get(old.get_absolute_url()).content.decode()) is told


def test_a_look_at_an_exempt_case_is_written_down(client: Any, steering: Body, secretary: Any, director: Any) -> None:
    called(steering, secretary, a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground=GROUND))
    client.force_login(director)
    client.get(Case.objects.get().get_absolute_url())
    assert Act.objects.about(Case.objects.get()).get(verb="looked_at_exempt").by == director


def test_no_mail_and_no_file_name_carries_an_exempt_title(steering: Body, secretary: Any, director: Any) -> None:
    meeting = called(steering, secretary, a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground=GROUND))
    mail = notices.words(meeting, Person.objects.get(user=director), "summons")
    assert "Hemmelig" not in f"{mail['subject']}{mail['text']}"
    assert GROUND in mail["text"]
    assert "hemmelig" not in papers.file_name("innkalling", meeting, public=False)


def test_the_summons_names_the_meeting_and_its_cases(steering: Body, secretary: Any, director: Any) -> None:
    meeting = called(steering, secretary)
    assert "1/" in notices.words(meeting, Person.objects.get(user=director), "summons")["text"]


def test_the_list_is_narrowed_by_words_number_kind_and_disclosure(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    called(
        steering,
        secretary,
        a_case(steering, secretary, "Ærlig anskaffelse", information="<p>Om <strong>skjema</strong> for Øksnes</p>"),
        a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground=GROUND),
        a_case(steering, secretary, "Orientering", kind="orientation"),
    )
    client.force_login(secretary)
    number = Case.objects.get(title="Hemmelig").number
    for query, titles in (
        ("q=ærlig+øksnes", {"Ærlig anskaffelse"}),
        (f"q={number}", {"Hemmelig"}),
        ("kind=orientation", {"Orientering"}),
        ("exempt=exempt", {"Hemmelig"}),
        ("exempt=open", {"Ærlig anskaffelse", "Orientering"}),
        ("stage=draft", set()),
    ):
        page = client.get(f"/vesteralen/saker/?{query}")
        assert {row.record.title for row in page.context_data["table"].page.object_list} == titles, query


def test_the_list_asks_no_more_of_the_database_when_there_are_two_thousand(
    client: Any, steering: Body, secretary: Any
) -> None:
    def few() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/vesteralen/saker/?q=sak").status_code == 200
        return len(asked)

    client.force_login(secretary)
    a_case(steering, secretary, "Sak en")
    client.get("/vesteralen/saker/")
    before = few()
    Case.objects.bulk_create(
        Case(body=steering, title=f"Sak {at}", year=2020 + at % 5, sequence=at, stage="withdrawn")
        for at in range(1, 2001)
    )
    assert few() == before
