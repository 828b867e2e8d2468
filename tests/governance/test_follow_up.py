"""What was decided is carried out: somebody owns it, is reminded, answers, and the body is told until it is closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.start.tasks import waiting_for
from governance import follow_up as reads
from governance import point_mail
from governance.actions import agenda, cases, follow_up, running
from governance.models import Body, Case, Meeting, ResolutionPoint
from tests.governance.meeting_helpers import a_case, a_meeting, begun, held, the_item
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"
TODAY = timezone.localdate


def decided(steering: Body, secretary: Any, *points: running.Point, **about: Any) -> list[ResolutionPoint]:
    """A held meeting with one case whose resolution has these points."""
    meeting = begun(steering, secretary, a_case(steering, secretary, **about))
    running.resolve(item=the_item(meeting), outcome="changed", points=list(points), by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    return list(ResolutionPoint.objects.of(steering).filter(resolution__item__meeting=meeting).order_by("number"))


def follow_up_of(meeting: Meeting, secretary: Any) -> Case:
    case = follow_up.follow_up_case(meeting=meeting, by=secretary)
    assert case is not None
    return case


# --- Who follows it up -------------------------------------------------------------------


def test_the_words_of_the_minutes_are_known_as_a_person_with_the_own_municipality(
    steering: Body, secretary: Any, directors: Any
) -> None:
    first, second, third = decided(
        steering,
        secretary,
        {"text": "Hente tilbud", "responsible": "Direktør Bø"},
        {"text": "Svare på høringen", "responsible": "Sortland kommune"},
        {"text": "Kalle inn", "responsible": "Hun som pleier"},
    )
    assert first.owner is not None and first.organisation is not None
    assert (first.owner.name, first.organisation.name) == ("Direktør Bø", "Bø")
    assert second.organisation is not None
    assert (second.owner, second.organisation.name) == (None, "Sortland")
    assert (third.owner, third.organisation) == (None, None)


def test_the_owner_answers_and_others_do_not(steering: Body, secretary: Any, directors: Any) -> None:
    (point,) = decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    with pytest.raises(PermissionDenied):
        follow_up.answer_point(point=point, state="started", answer="I gang.", by=directors["Andøy"])
    told = follow_up.answer_point(point=point, state="started", answer="I gang.", by=directors["Bø"])
    assert (told.state, told.answer, told.answered_by, told.done_on) == ("started", "I gang.", directors["Bø"], None)
    with pytest.raises(Stale):
        follow_up.answer_point(point=point, state="done", version=point.version, by=secretary)


def test_it_waits_on_the_owners_start_page_until_it_is_done(steering: Body, secretary: Any, directors: Any) -> None:
    (point,) = decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    assert [task.url for task in waiting_for(directors["Bø"])] == [point.get_absolute_url()]
    assert not waiting_for(directors["Andøy"])
    follow_up.answer_point(point=point, state="done", by=directors["Bø"])
    assert not waiting_for(directors["Bø"])


def test_another_takes_over_and_the_minutes_say_what_they_said(steering: Body, secretary: Any, directors: Any) -> None:
    (point,) = decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    hers = directors["Andøy"].person
    follow_up.hand_over_point(point=point, owner=hers, organisation=hers.organisation, by=secretary)
    point.refresh_from_db()
    assert (point.responsible, point.owner) == ("Direktør Bø", hers)
    with pytest.raises(PermissionDenied):
        follow_up.hand_over_point(point=point, owner=None, organisation=None, by=directors["Bø"])


def test_an_answer_stays_when_the_words_around_it_are_mended(steering: Body, secretary: Any, directors: Any) -> None:
    (point,) = decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    follow_up.answer_point(point=point, state="started", answer="I gang.", by=directors["Bø"])
    resolution = point.resolution
    mended: list[running.Point] = [{"text": "Hente tilbud", "responsible": "Direktør Andøy"}, {"text": "Ett til"}]
    running.resolve(item=resolution.item, outcome="changed", points=mended, version=resolution.version, by=secretary)
    first = ResolutionPoint.objects.get(number=1)
    assert first.owner is not None
    assert (first.owner.name, first.answer) == ("Direktør Andøy", "I gang.")


def test_who_took_over_and_what_is_closed_stay_when_the_minutes_are_mended(
    steering: Body, secretary: Any, directors: Any
) -> None:
    offers: running.Point = {"text": "Hente tilbud", "responsible": "Direktør Bø"}
    answers: running.Point = {"text": "Svare på høringen", "responsible": "Sortland kommune"}
    first, second = decided(steering, secretary, offers, answers)
    hers = directors["Andøy"].person
    follow_up.hand_over_point(point=first, owner=hers, organisation=hers.organisation, by=secretary)
    follow_up.answer_point(point=second, state="done", answer="Sendt.", by=secretary)
    ResolutionPoint.objects.filter(pk=second.pk).update(closed_in=first.resolution.item.case)

    def mend(*points: running.Point) -> list[ResolutionPoint]:
        now = type(first.resolution).objects.get(pk=first.resolution.pk)
        running.resolve(item=now.item, outcome="changed", points=list(points), version=now.version, by=secretary)
        return list(now.points.all())

    assert mend(offers, answers) == [first, second]
    one, two = mend({**offers, "text": "Hente tre tilbud"}, answers)
    assert (one.pk, one.text, one.owner, one.version) == (first.pk, "Hente tre tilbud", hers, 3)
    assert (two.pk, two.state, two.answer, two.closed_in) == (second.pk, "done", "Sendt.", first.resolution.item.case)
    new, two, one = mend({"text": "Først dette"}, answers, {**offers, "text": "Hente tre tilbud"})
    assert (two.pk, two.number, one.pk, one.number, one.owner) == (second.pk, 2, first.pk, 3, hers)
    assert new.pk not in (first.pk, second.pk)
    assert mend({**offers, "text": "Hente tre tilbud", "responsible": "Direktør Bø"}) == [first]
    first.refresh_from_db()
    assert first.owner == hers
    mend({**offers, "text": "Hente tre tilbud", "responsible": "Direktør Sortland"})
    first.refresh_from_db()
    assert first.owner is not None and first.owner.name == "Direktør Sortland"


@pytest.mark.parametrize(
    "wrong",
    [{"state": "done"}, {"done_on": "2026-01-01"}, {"answered_at": "2026-01-01T12:00:00Z"}],
)
def test_a_point_that_is_over_has_a_day_and_an_answer_has_a_person(
    steering: Body, secretary: Any, directors: Any, wrong: dict[str, Any]
) -> None:
    decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    with the_database_refuses(), transaction.atomic():
        ResolutionPoint.objects.update(**wrong)


# --- The next agenda ---------------------------------------------------------------------


def test_open_points_come_on_the_next_agenda_until_they_are_closed(
    steering: Body, secretary: Any, directors: Any
) -> None:
    done, waits = decided(
        steering,
        secretary,
        {"text": "Hente tilbud", "responsible": "Direktør Bø"},
        {"text": "Svare på høringen", "responsible": "Sortland kommune", "deadline": TODAY() - timedelta(days=1)},
    )
    follow_up.answer_point(point=done, state="done", by=directors["Bø"])
    meeting = a_meeting(steering, secretary)
    case = follow_up_of(meeting, secretary)
    assert "Svare på høringen" in case.information
    agenda.send_agenda(meeting=meeting, by=secretary)
    running.start_meeting(meeting=meeting, by=secretary)
    running.resolve(item=the_item(meeting), outcome="noted", by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    done.refresh_from_db()
    waits.refresh_from_db()
    assert (done.closed_in, waits.closed_in) == (case, None)
    assert list(reads.open_points(steering)) == [waits]
    with pytest.raises(NotAllowedNow):
        follow_up.answer_point(point=done, state="open", by=secretary)


def test_the_case_is_made_once_and_then_brought_up_to_date(steering: Body, secretary: Any, directors: Any) -> None:
    (point,) = decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    meeting = a_meeting(steering, secretary, in_days=20)
    first = follow_up_of(meeting, secretary)
    follow_up.answer_point(point=point, state="started", by=directors["Bø"])
    assert follow_up_of(meeting, secretary).pk == first.pk
    assert follow_up_of(meeting, secretary).information != first.information
    agenda.send_agenda(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        follow_up.follow_up_case(meeting=meeting, by=secretary)


def test_with_nothing_open_there_is_no_such_case(steering: Body, secretary: Any, directors: Any) -> None:
    held(steering, secretary)
    assert follow_up.follow_up_case(meeting=a_meeting(steering, secretary, in_days=20), by=secretary) is None


def test_points_of_an_exempt_case_are_only_numbered(steering: Body, secretary: Any, directors: Any) -> None:
    decided(
        steering,
        secretary,
        {"text": "Si opp avtalen med Leverandør AS", "responsible": "Direktør Bø"},
        title="Hemmelig",
        exempt=True,
        legal_ground=GROUND,
    )
    text = follow_up_of(a_meeting(steering, secretary, in_days=20), secretary).information
    assert "1" in text
    for secret in ("Leverandør", "Direktør Bø", "Hemmelig"):
        assert secret not in text


# --- Taken up again ------------------------------------------------------------------------


def test_a_resolution_is_suggested_when_its_day_is_near(steering: Body, secretary: Any, directors: Any) -> None:
    case = held(steering, secretary).items.get().case
    follow_up.set_review(case=case, review_on=TODAY() + timedelta(days=90), by=secretary)
    near = a_meeting(steering, secretary, in_days=80)
    far = a_meeting(steering, secretary, in_days=10)
    assert list(reads.to_take_up_again(near)) == [case]
    assert not reads.to_take_up_again(far).exists()
    anew = follow_up.take_up_again(case=case, meeting=near, by=secretary)
    assert (anew.continues, anew.stage) == (case, Case.Stage.ON_AGENDA)
    assert not reads.to_take_up_again(near).exists()
    with pytest.raises(NotAllowedNow):
        follow_up.take_up_again(case=case, meeting=near, by=secretary)


def test_only_what_is_treated_is_taken_up_again_and_only_on_a_day_to_come(
    steering: Body, secretary: Any, directors: Any
) -> None:
    draft = cases.make_case(body=steering, title="Utkast", by=secretary)
    with pytest.raises(NotAllowedNow):
        follow_up.set_review(case=draft, review_on=TODAY(), by=secretary)
    with pytest.raises(NotAllowedNow):
        follow_up.take_up_again(case=draft, meeting=a_meeting(steering, secretary, in_days=20), by=secretary)


# --- The pages ------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_carried_over_into_excel(
    client: Any, steering: Body, secretary: Any, directors: Any, django_assert_max_num_queries: Any
) -> None:
    yesterday = TODAY() - timedelta(days=1)
    many: list[running.Point] = [
        {"text": f"Oppgave {number}", "responsible": "Direktør Bø", "deadline": yesterday} for number in range(20)
    ]
    decided(steering, secretary, *many, {"text": "Senere", "responsible": "Sortland kommune"})
    client.force_login(directors["Bø"])
    late = client.get("/vesteralen/oppfolging/?status=late").content.decode()
    assert "Oppgave 1" in late and "Senere" not in late
    with django_assert_max_num_queries(40):
        own = client.get("/kommune/1870/oppfolging/").content.decode()
    assert "Senere" in own and "Oppgave 1" not in own
    book = client.get("/vesteralen/oppfolging/?format=xlsx")
    assert book["Content-Type"].endswith("sheet")


def test_the_owner_answers_in_the_browser_and_a_neighbour_only_reads(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    (point,) = decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    here = point.get_absolute_url()
    sent = {"state": "done", "answer": "Tre tilbud er hentet.", "version": point.version}
    client.force_login(directors["Andøy"])
    assert not client.get(here).context_data["answers"]
    assert client.post(here, sent).status_code == 403
    client.force_login(directors["Bø"])
    assert client.post(here, sent).status_code == 302
    assert client.post(here, sent).status_code == 409
    point.refresh_from_db()
    assert (point.state, point.done_on) == ("done", TODAY())


# --- Reminders -------------------------------------------------------------------------------


def letters_after(day: Any) -> list[Any]:
    """What goes out that day; asked twice is sent once."""
    mail.outbox.clear()
    point_mail.remind_in_time(day)
    assert point_mail.remind_in_time(day) == 0
    for job in Job.objects.filter(kind=point_mail.KIND, state="asked"):
        assert jobs.run(job.pk).error == ""
    return list(mail.outbox)


def test_the_owner_is_reminded_before_the_deadline_and_when_it_is_past(
    steering: Body, secretary: Any, directors: Any
) -> None:
    deadline = TODAY() + timedelta(days=30)
    (point,) = decided(
        steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø", "deadline": deadline}
    )
    assert not letters_after(TODAY())
    for days in (14, 3, -1):
        (letter,) = letters_after(deadline - timedelta(days=days))
        assert letter.to == [directors["Bø"].email]
        assert "Hente tilbud" in letter.body and point.get_absolute_url() in letter.body
    follow_up.answer_point(point=point, state="done", by=directors["Bø"])
    assert not letters_after(deadline + timedelta(days=2))


def test_where_a_municipality_is_named_its_own_people_are_reminded(
    steering: Body, secretary: Any, directors: Any
) -> None:
    deadline = TODAY() + timedelta(days=4)
    decided(steering, secretary, {"text": "Svare", "responsible": "Sortland kommune", "deadline": deadline})
    assert [letter.to for letter in letters_after(TODAY() + timedelta(days=1))] == [[directors["Sortland"].email]]


def test_what_was_decided_a_few_days_before_its_deadline_is_not_reminded_of_at_once(
    steering: Body, secretary: Any, directors: Any
) -> None:
    deadline = TODAY() + timedelta(days=2)
    decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø", "deadline": deadline})
    assert not letters_after(TODAY())
    assert len(letters_after(deadline + timedelta(days=1))) == 1


def test_who_may_not_read_an_exempt_case_neither_takes_a_point_over_nor_is_reminded(
    steering: Body, secretary: Any, directors: Any, it_leader: Any
) -> None:
    deadline = TODAY() + timedelta(days=4)
    told: running.Point = {"text": "Si opp", "responsible": it_leader.person.name, "deadline": deadline}
    (point,) = decided(steering, secretary, told, exempt=True, legal_ground=GROUND)
    assert point.owner == it_leader.person
    (letter,) = letters_after(TODAY() + timedelta(days=1))
    assert letter.to == [secretary.email]
    with pytest.raises(NotAllowedNow, match=it_leader.person.name):
        follow_up.hand_over_point(point=point, owner=it_leader.person, organisation=None, by=secretary)
    hers = directors["Andøy"].person
    assert follow_up.hand_over_point(point=point, owner=hers, organisation=None, by=secretary).owner == hers


def test_no_word_of_an_exempt_case_stands_in_a_reminder(steering: Body, secretary: Any, directors: Any) -> None:
    secret: running.Point = {
        "text": "Si opp avtalen med Leverandør AS",
        "responsible": "Direktør Bø",
        "deadline": TODAY() + timedelta(days=4),
    }
    decided(steering, secretary, secret, title="Hemmelig", exempt=True, legal_ground=GROUND)
    (letter,) = letters_after(TODAY() + timedelta(days=1))
    assert "Leverandør" not in letter.body + letter.subject and "Hemmelig" not in letter.body + letter.subject


def test_the_agenda_suggests_the_follow_up_and_what_is_to_be_taken_up_again(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    (point,) = decided(steering, secretary, {"text": "Hente tilbud", "responsible": "Direktør Bø"})
    case = point.resolution.item.case
    client.force_login(secretary)
    day = TODAY() + timedelta(days=25)
    dated = f"/vesteralen/saker/{case.pk}/ta-opp-innen/"
    for status in (302, 409):  # the second comes from a page that is older than the first
        sent = {"review_on": f"{day:%d.%m.%Y}", "version": case.version}
        assert client.post(dated, sent).status_code == status
    meeting = a_meeting(steering, secretary, in_days=20)
    here = f"{meeting.get_absolute_url()}saksliste/"
    page = client.get(here)
    assert (page.context_data["open_points"], page.context_data["take_up"]) == (1, [case])
    assert client.post(f"{here}oppfolging/").status_code == 302
    assert client.post(f"{here}ta-opp/{case.pk}/").status_code == 302
    titles = [item.case.title for item in meeting.items.select_related("case")]
    assert len(titles) == 2 and case.title in titles
