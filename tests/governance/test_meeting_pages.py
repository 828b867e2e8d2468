"""The pages of cases and meetings, in the browser of each who uses them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from governance.actions import minutes, running
from governance.models import Body, Case, Meeting, Opinion, Resolution
from tests.governance.meeting_helpers import a_case, a_meeting, begun, called, held

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"
OK, NO, GONE, NOT_NOW = 200, 403, 404, 409


def test_the_secretary_plans_writes_and_sends_in_the_browser(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    client.force_login(secretary)
    day = f"{timezone.localdate() + timedelta(days=21):%d.%m.%Y}"
    client.post("/vesteralen/moter/nytt/", {"body": steering.pk, "day": day, "begins": "09.00", "place": "Teams"})
    meeting = Meeting.objects.get()
    here = f"/vesteralen/moter/styringsgruppen/1-{meeting.year}/"
    written = {
        "body": steering.pk,
        "kind": "decision",
        "title": "Felles innlogging",
        "proposal": "Støttes.",
        "ready": "1",
    }
    client.post("/vesteralen/saker/ny/", written)
    case = Case.objects.get()
    assert client.post(f"{here}saksliste/", {"case": case.pk}).status_code == 302
    assert client.get(f"{here}send/").status_code == OK
    client.post(f"{here}send/", {"version": Meeting.objects.get().version})
    case.refresh_from_db()
    assert Meeting.objects.get().state == Meeting.State.CALLED
    page = client.get(f"/vesteralen/saker/styringsgruppen/1-{meeting.year % 100}/")
    assert "Felles innlogging" in page.content.decode()
    assert client.get(f"/vesteralen/saker/{case.pk}/").status_code == 302


def test_eight_cases_are_minuted_with_eight_presses(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    kinds = ["approval", "orientation", "decision", "decision", "discussion", "decision", "decision", "other"]
    about = [a_case(steering, secretary, f"Sak {n}", kind=kind) for n, kind in enumerate(kinds)]
    meeting = called(steering, secretary, *about)
    here = f"/vesteralen/moter/styringsgruppen/1-{meeting.year}/"
    client.force_login(secretary)
    seats = {f"seat_{seat.pk}": "present" for seat in steering.seats.all()}
    page = client.post(f"{here}start/", seats, follow=True)
    presses = 1
    while page.context_data["current"]:
        page = client.post(f"{here}sak/{page.context_data['current']}/som-foreslatt/", follow=True)
        presses += 1
    client.post(f"{here}avslutt/")
    assert presses + 1 <= 30
    assert Meeting.objects.get().state == Meeting.State.HELD
    assert Resolution.objects.filter(outcome="noted").count() == 3


def test_the_focus_stands_on_the_next_case(client: Any, steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary, a_case(steering, secretary, "En"), a_case(steering, secretary, "To"))
    client.force_login(secretary)
    page = client.get(f"/vesteralen/moter/styringsgruppen/1-{meeting.year}/gjennomfor/").content.decode()
    assert page.count("autofocus") == 1


def test_another_outcome_with_points_votes_and_follow_up(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = begun(steering, secretary)
    item = meeting.items.get()
    client.force_login(secretary)
    here = f"/vesteralen/moter/styringsgruppen/1-{meeting.year}/sak/{item.pk}/"
    assert client.get(here).status_code == OK
    sent = {
        "outcome": "changed",
        "unanimous": "on",
        "points-TOTAL_FORMS": 2,
        "points-INITIAL_FORMS": 0,
        "points-0-text": "Ny ordlyd.",
        "points-0-responsible": "Sekretariatet",
        "points-0-deadline": "01.12.2027",
        "points-1-text": "",
    }
    assert client.post(here, sent).status_code == 302
    point = Resolution.objects.get().points.get()
    assert (point.text, point.responsible) == ("Ny ordlyd.", "Sekretariatet")
    assert "votes_for" in client.post(here, {**sent, "votes_for": "5"}).context_data["form"].errors


def test_without_quorum_the_page_says_how_many_are_missing(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = called(steering, secretary)
    client.force_login(secretary)
    here = f"/vesteralen/moter/styringsgruppen/1-{meeting.year}/"
    seats = {f"seat_{seat.pk}": "absent" for seat in steering.seats.all()}
    client.post(f"{here}start/", seats)
    refused = client.post(f"{here}sak/{meeting.items.get().pk}/som-foreslatt/")
    assert refused.status_code == NOT_NOW
    assert "4" in refused.content.decode()


def test_what_is_wrong_among_those_who_took_part_is_told_with_the_text_still_there(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = begun(steering, secretary)
    client.force_login(secretary)
    sent = {"others": "KS Nord-Norge", "agenda_remarks": "", "chair": 999999}
    page = client.post(f"{meeting.get_absolute_url()}deltakere/", sent).content.decode()
    assert "ds-error-summary" in page
    assert "KS Nord-Norge" in page
    chair = meeting.attendances.all()[0].seat.person
    client.post(f"{meeting.get_absolute_url()}deltakere/", {**sent, "chair": chair.pk})
    meeting.refresh_from_db()
    assert (meeting.chair, meeting.others) == (chair, "KS Nord-Norge")


@pytest.mark.parametrize(
    ("outcome", "color"),
    [("as_proposed", "success"), ("noted", "success"), ("not_adopted", "warning"), ("postponed", "warning")],
)
def test_the_tag_of_an_outcome_is_green_only_where_it_was_adopted_or_noted(
    client: Any, steering: Body, secretary: Any, directors: Any, outcome: str, color: str
) -> None:
    meeting = begun(steering, secretary)
    running.resolve(item=meeting.items.get(), outcome=outcome, by=secretary)
    client.force_login(secretary)
    page = client.get(f"{meeting.get_absolute_url()}gjennomfor/").content.decode()
    card = page[page.index(f'id="sak-{meeting.items.get().pk}"') :]
    assert f'class="ds-tag" data-size="sm" data-color="{color}"' in card


def test_approving_twice_is_told_on_a_page(client: Any, steering: Body, secretary: Any, directors: Any) -> None:
    meeting = held(steering, secretary)
    minutes.send_minutes(meeting=meeting, at=timezone.now() - timedelta(days=30), by=secretary)
    client.force_login(secretary)
    here = f"/vesteralen/moter/styringsgruppen/1-{meeting.year}/referat/godkjenn/"
    assert client.get(here).status_code == OK
    assert client.post(here).status_code == 302
    assert client.post(here).status_code == NOT_NOW


def test_a_director_gives_the_view_and_gets_a_receipt(
    client: Any, steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary)
    case = meeting.items.get().case
    client.force_login(director)
    here = case.get_absolute_url()
    assert client.get(here).context_data["own_views"]
    wrong = client.post(f"/vesteralen/saker/{case.pk}/syn/1870/", {"stance": "against", "text": ""})
    assert wrong.status_code == OK
    assert "text" in wrong.context_data["form"].errors
    right = client.post(f"/vesteralen/saker/{case.pk}/syn/1870/", {"stance": "study", "text": "Drift?"}, follow=True)
    assert "Sortland" in [str(message) for message in get_messages(right.wsgi_request)][0]
    assert Opinion.objects.get().stance == "study"
    assert client.post(f"/vesteralen/saker/{case.pk}/syn/1867/", {"stance": "supports"}).status_code == NO


def test_the_case_shows_who_has_not_answered(client: Any, steering: Body, secretary: Any, directors: Any) -> None:
    meeting = called(steering, secretary)
    client.force_login(directors["Bø"])
    page = client.get(meeting.items.get().case.get_absolute_url())
    assert [view["opinion"] for view in page.context_data["views"]] == [None] * 6


def test_a_member_answers_the_minutes(client: Any, steering: Body, secretary: Any, director: Any) -> None:
    meeting = minutes.send_minutes(meeting=held(steering, secretary), by=secretary)
    client.force_login(director)
    here = f"{meeting.get_absolute_url()}referat/svar/"
    assert client.post(here, {"answer": "remark", "text": ""}).status_code == OK
    assert client.post(here, {"answer": "remark", "text": "Punkt 2."}).status_code == 302
    assert meeting.remarks.get().text == "Punkt 2."


def test_exempt_titles_are_screened_for_those_outside_the_body(
    client: Any, steering: Body, secretary: Any, director: Any, it_leader: Any
) -> None:
    meeting = called(steering, secretary, a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground=GROUND))
    for who, sees in ((director, True), (it_leader, False)):
        client.force_login(who)
        pages = [
            client.get(meeting.get_absolute_url()),
            client.get("/vesteralen/saker/"),
            client.get("/vesteralen/moter/"),
        ]
        assert any("Hemmelig" in page.content.decode() for page in pages) is sees
        assert client.get(meeting.items.get().case.get_absolute_url()).status_code == (OK if sees else GONE)


@pytest.mark.parametrize(
    ("who", "see", "prepare", "view"),
    [
        ("secretary", OK, OK, NO),
        ("director", OK, NO, OK),
        ("it_leader", OK, NO, NO),
        ("auditor", OK, NO, NO),
        ("outsider", GONE, GONE, GONE),
    ],
)
def test_who_may_do_what(
    request: Any, client: Any, steering: Body, who: str, see: int, prepare: int, view: int
) -> None:
    secretary = request.getfixturevalue("secretary")
    request.getfixturevalue("director")
    meeting = called(steering, secretary)
    case = meeting.items.get().case
    client.force_login(request.getfixturevalue(who))
    here = meeting.get_absolute_url()
    for address in (
        here,
        case.get_absolute_url(),
        "/vesteralen/moter/",
        "/vesteralen/saker/",
        "/vesteralen/oppfolging/",
    ):
        assert client.get(address).status_code == see, address
    for address in (f"{here}saksliste/", f"{here}rediger/", f"{here}start/", f"{here}avlys/", "/vesteralen/saker/ny/"):
        assert client.get(address).status_code == prepare, address
    assert client.get(f"/vesteralen/saker/{case.pk}/syn/1870/").status_code == view


def test_two_who_write_the_same_case_both_keep_their_text(client: Any, steering: Body, secretary: Any) -> None:
    case = a_case(steering, secretary)
    client.force_login(secretary)
    here = f"/vesteralen/saker/{case.pk}/rediger/"
    sent = {"kind": "decision", "title": "Først", "proposal": "Støttes.", "version": case.version}
    assert client.post(here, sent).status_code == 302
    late = client.post(here, {**sent, "title": "Sist"})
    assert late.status_code == NOT_NOW
    assert "Sist" in late.content.decode()
    assert Case.objects.get().title == "Først"


def test_the_lists_are_downloaded_as_workbooks(client: Any, steering: Body, secretary: Any, directors: Any) -> None:
    held(steering, secretary)
    client.force_login(secretary)
    for address in ("/vesteralen/saker/", "/vesteralen/moter/", "/vesteralen/oppfolging/"):
        assert "spreadsheet" in client.get(address, {"format": "xlsx"}).headers["Content-Type"]


def test_the_meeting_page_asks_no_more_with_more_cases(
    client: Any, steering: Body, secretary: Any, directors: Any, django_assert_max_num_queries: Any
) -> None:
    counts = []
    client.force_login(secretary)
    for number in (1, 6):
        cases = [a_case(steering, secretary, f"Sak {number}-{n}") for n in range(number)]
        meeting = held(steering, secretary, *cases)
        client.get(meeting.get_absolute_url())
        with django_assert_max_num_queries(200) as asked:
            client.get(meeting.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_secretary_tells_that_a_point_is_carried_out(
    client: Any, steering: Body, secretary: Any, director: Any
) -> None:
    meeting = begun(steering, secretary)
    points: list[running.Point] = [{"text": "Hente tilbud", "responsible": "Sekretariatet"}]
    resolution = running.resolve(item=meeting.items.get(), outcome="changed", points=points, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    here = f"/vesteralen/oppfolging/{resolution.points.get().pk}/"
    told = {"state": "done", "done_on": f"{timezone.localdate():%d.%m.%Y}", "version": resolution.points.get().version}
    client.force_login(director)
    assert "<form" not in client.get(here).content.decode().partition("<main")[2].partition("</main")[0]
    assert client.post(here, told).status_code == NO
    client.force_login(secretary)
    assert here in client.get("/vesteralen/oppfolging/").content.decode()
    client.post(here, told)
    assert resolution.points.get().done_on == timezone.localdate()


def test_an_empty_collaboration_is_told_what_comes(client: Any, steering: Body, secretary: Any) -> None:
    client.force_login(secretary)
    assert "/vesteralen/moter/nytt/" in client.get("/vesteralen/moter/").content.decode()


def test_the_meeting_of_which_only_the_number_is_known_invents_nothing(
    client: Any, steering: Body, secretary: Any
) -> None:
    from governance.actions import meetings  # noqa: PLC0415 -- only here

    made = meetings.register_earlier_meeting(body=steering, year=2021, number=5, by=secretary)
    client.force_login(secretary)
    assert client.get(made.get_absolute_url()).status_code == OK
    assert client.get(f"{made.get_absolute_url()}referat/rett/").status_code == NOT_NOW


def test_a_meeting_in_another_year_is_a_page_that_says_so(client: Any, steering: Body, secretary: Any) -> None:
    meeting = a_meeting(steering, secretary)
    client.force_login(secretary)
    sent = {"day": "12.12.2030", "begins": "09.00", "version": meeting.version}
    assert client.post(f"{meeting.get_absolute_url()}rediger/", sent).status_code == NOT_NOW
    wrong = client.post(f"{meeting.get_absolute_url()}rediger/", {**sent, "day": "i morgen"})
    assert "day" in wrong.context_data["form"].errors
