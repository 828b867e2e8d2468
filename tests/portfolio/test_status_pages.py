"""The pages of how projects stand: for the leader, the secretariat, and all who read."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.start.tasks import waiting_for
from governance.models import Body, Collaboration, Meeting
from portfolio.actions import projects, status
from portfolio.models import Project, StatusReport
from tests.portfolio.status_helpers import LINES, SIX_LIGHTS, ahead, six_lights_in

Go = Callable[[User], Client]


@pytest.fixture
def go(client: Client) -> Go:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


@pytest.fixture
def published(led: Project, secretary: User) -> StatusReport:
    """Of last week, when all went well."""
    week_ago = timezone.now() - timedelta(days=7)
    told = {**LINES, "reported_for": timezone.localdate(week_ago)}
    return status.publish(project=led, at=week_ago, by=secretary, **told)


@pytest.fixture
def wanted(steering: Body) -> Meeting:
    """A meeting in five days; the last was three days ago, so that what was told last week does not count."""
    last = ahead(steering, days=-3)
    Meeting.objects.filter(pk=last.pk).update(state="held", called_at=last.starts_at - timedelta(days=10))
    return ahead(steering, days=5)


@pytest.fixture
def draft(led: Project, secretary: User) -> StatusReport:
    return status.save_draft(project=led, by=secretary, **LINES)


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def words(page: Any) -> str:
    return " ".join(page.content.decode().replace("\xa0", " ").split())


def sent(**told: Any) -> dict[str, Any]:
    """What the form sends."""
    return {**LINES, "reported_for": timezone.localdate(), "version": 0, "after": 0, **told}


# --- writing -----------------------------------------------------------------------------------------------


def test_a_leader_publishes_from_one_short_form(go: Go, led: Project, project_leader: User) -> None:
    address = here("write_status", led.slug)
    form = go(project_leader).get(address).context_data["form"]
    assert [field.name for field in form.visible_fields()] == [
        "overall", "progress_text", "economy_text", "risk_text", "reported_for",
    ]  # fmt: skip
    answer = go(project_leader).post(address, sent(overall="yellow"))
    report = StatusReport.objects.get()
    assert answer.url == report.get_absolute_url()
    assert (report.is_published, report.overall, report.written_by) == (True, "yellow", project_leader)


def test_the_form_is_filled_in_from_the_last_report(go: Go, published: StatusReport, project_leader: User) -> None:
    form = go(project_leader).get(here("write_status", published.project.slug)).context_data["form"]
    assert form["progress_text"].value() == LINES["progress_text"]
    assert form["overall"].value() == "green"
    assert form["after"].value() == published.pk


def test_six_lights_are_asked_for_in_the_full_profile(
    go: Go, led: Project, digi: Collaboration, secretary: User, project_leader: User
) -> None:
    six_lights_in(digi)
    address = here("write_status", led.slug)
    page = go(project_leader).post(address, {**sent(), **SIX_LIGHTS, "quality": ""})
    assert list(page.context_data["form"].errors) == ["quality"]
    assert go(project_leader).post(address, {**sent(), **SIX_LIGHTS}).status_code == 302
    assert StatusReport.objects.get().quality == "better"


def test_the_draft_shows_what_differs_before_it_is_published(
    go: Go, published: StatusReport, project_leader: User
) -> None:
    led = published.project
    data = sent(overall="red", risk_text="Ingen leverandør.", after=published.pk, look="1")
    answer = go(project_leader).post(here("write_status", led.slug), data)
    made = led.status_reports.drafts().get()
    assert answer.url == made.get_absolute_url()
    page = go(project_leader).get(answer.url)
    told = {one.label: one.after for one in page.context_data["differences"]}
    assert len(told) == 2
    assert "Ingen leverandør." in told.values()
    data = {"version": made.version, "after": published.pk}
    assert go(project_leader).post(here("publish_status", led.slug, made.pk), data).status_code == 302
    made.refresh_from_db()
    assert made.is_published


def test_an_unfinished_draft_is_kept(go: Go, led: Project, project_leader: User) -> None:
    answer = go(project_leader).post(here("write_status", led.slug), sent(overall="", risk_text="", look="1"))
    made = StatusReport.objects.get()
    assert answer.url == made.get_absolute_url()
    assert go(project_leader).get(here("write_status", led.slug)).url == here("change_status", led.slug, made.pk)
    assert go(project_leader).post(here("publish_status", led.slug, made.pk), {"version": 1}).status_code == 409


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("overall", {"overall": ""}),
        ("overall", {"overall": "purple"}),
        ("economy_text", {"economy_text": "  "}),
        ("risk_text", {"risk_text": "x" * 1001}),
        ("reported_for", {"reported_for": "31.12.2999"}),
        ("reported_for", {"reported_for": "i går"}),
    ],
)
def test_what_was_mistyped_is_told_at_its_field_and_kept(
    go: Go, led: Project, project_leader: User, field: str, wrong: dict[str, str]
) -> None:
    page = go(project_leader).post(here("write_status", led.slug), {**sent(), **wrong})
    assert list(page.context_data["form"].errors) == [field]
    assert LINES["progress_text"] in words(page)
    assert not StatusReport.objects.exists()


def test_a_day_before_the_last_report_is_told_at_its_field(
    go: Go, published: StatusReport, project_leader: User
) -> None:
    earlier = published.reported_for - timedelta(days=1)
    page = go(project_leader).post(
        here("write_status", published.project.slug), sent(after=published.pk, reported_for=earlier)
    )
    assert list(page.context_data["form"].errors) == ["reported_for"]


def test_pressing_publish_twice_leads_to_the_one_report(go: Go, draft: StatusReport, secretary: User) -> None:
    led = draft.project
    addresses = [
        (here("change_status", led.slug, draft.pk), sent(version=draft.version)),
        (here("publish_status", led.slug, draft.pk), {"version": draft.version, "after": 0}),
    ]
    for address, data in addresses:
        assert go(secretary).post(address, data).url == draft.get_absolute_url()
    assert led.status_reports.count() == 1


def test_two_who_write_on_the_same_draft_meet_a_409_with_the_text(
    go: Go, draft: StatusReport, project_leader: User, secretary: User
) -> None:
    address = here("change_status", draft.project.slug, draft.pk)
    assert go(secretary).post(address, sent(version=draft.version, look="1")).status_code == 302
    page = go(project_leader).post(address, sent(version=draft.version, risk_text="Min egen tekst", look="1"))
    assert page.status_code == 409
    assert "Min egen tekst" in words(page)


def test_a_published_report_is_not_opened_for_change(go: Go, published: StatusReport, secretary: User) -> None:
    place = [published.project.slug, published.pk]
    assert go(secretary).get(here("change_status", *place)).status_code == 409
    assert go(secretary).get(here("delete_status", *place)).status_code == 409
    data = sent(version=published.version, after=published.pk, overall="red")
    assert go(secretary).post(here("change_status", *place), data).status_code == 409
    assert StatusReport.objects.get().overall == "green"


def test_a_draft_is_deleted_after_a_question(go: Go, draft: StatusReport, secretary: User) -> None:
    address = here("delete_status", draft.project.slug, draft.pk)
    assert go(secretary).get(address).status_code == 200
    assert StatusReport.objects.exists()
    assert go(secretary).post(address, {"version": draft.version}).status_code == 302
    assert not StatusReport.objects.exists()


# --- unchanged ---------------------------------------------------------------------------------------------


def test_unchanged_is_one_press_in_the_list_and_leads_back_to_it(
    go: Go, published: StatusReport, wanted: Meeting, project_leader: User
) -> None:
    listed = go(project_leader).get(here("status"), {"missing": "on"})
    button = here("status_unchanged", published.project.slug)
    assert f'formaction="{button}" name="after" value="{published.pk}"' in words(listed)
    answer = go(project_leader).post(button, {"after": published.pk, "query": "missing=on"})
    assert answer.url == here("status") + "?missing=on"
    report = StatusReport.objects.newest().get()
    assert (report.unchanged, report.progress_text, report.reported_for) == (
        True, LINES["progress_text"], timezone.localdate(),
    )  # fmt: skip
    assert button not in words(go(project_leader).get(here("status")))


def test_unchanged_is_one_press_on_the_projects_page(
    go: Go, published: StatusReport, wanted: Meeting, project_leader: User
) -> None:
    led = published.project
    assert here("status_unchanged", led.slug) in words(go(project_leader).get(led.get_absolute_url()))
    answer = go(project_leader).post(here("status_unchanged", led.slug), {"after": published.pk})
    assert answer.url == led.get_absolute_url()
    assert led.status_reports.count() == 2


def test_unchanged_takes_a_press_and_leads_nowhere_else(go: Go, published: StatusReport, project_leader: User) -> None:
    button = here("status_unchanged", published.project.slug)
    assert go(project_leader).get(button).status_code == 405
    answer = go(project_leader).post(button, {"after": published.pk, "query": "https://elsewhere.example/"})
    assert answer.url.startswith(here("status") + "?")


# --- who ---------------------------------------------------------------------------------------------------

WRITING = ["write_status", "status_unchanged"]


@pytest.mark.parametrize("who", ["director", "it_leader", "auditor", "observer"])
def test_all_in_the_collaboration_read_what_is_published_and_write_nothing(
    go: Go, request: pytest.FixtureRequest, published: StatusReport, who: str
) -> None:
    reader, slug = request.getfixturevalue(who), published.project.slug
    pages = [here("status"), here("project_status", slug), published.get_absolute_url(), here("project", slug)]
    assert [go(reader).get(page).status_code for page in pages] == [200] * 4
    assert [go(reader).post(here(name, slug), sent()).status_code for name in WRITING] == [403] * 2
    assert here("status_unchanged", slug) not in words(go(reader).get(here("status")))
    assert go(reader).post(here("remind_status")).status_code == 403


def test_what_a_draft_said_before_is_not_in_the_history_that_all_read(
    go: Go, led: Project, secretary: User, director: User
) -> None:
    status.save_draft(project=led, by=secretary, **{**LINES, "risk_text": "Ikke til alle"})
    report = status.publish(project=led, by=secretary, **LINES)
    assert "Ikke til alle" in words(go(secretary).get(report.get_absolute_url()))
    assert "Ikke til alle" not in words(go(director).get(report.get_absolute_url()))


def test_a_leader_of_another_project_reads_and_does_not_write(
    go: Go, published: StatusReport, project_leader: User, secretary: User
) -> None:
    Project.objects.filter(pk=published.project_id).update(leader=secretary.person)
    slug = published.project.slug
    assert [go(project_leader).post(here(name, slug), sent()).status_code for name in WRITING] == [403] * 2
    assert go(project_leader).get(published.get_absolute_url()).status_code == 200


def test_an_outsider_does_not_learn_that_it_exists(go: Go, published: StatusReport, outsider: User) -> None:
    place = [published.project.slug]
    pages = [here("status"), here("project_status", *place), here("write_status", *place)]
    pages += [published.get_absolute_url(), here("change_status", *place, published.pk)]
    assert [go(outsider).get(page).status_code for page in pages] == [404] * 5


@pytest.mark.parametrize(
    ("who", "answer"), [("director", 404), ("auditor", 404), ("secretary", 200), ("project_leader", 200)]
)
def test_a_draft_is_not_there_for_those_who_may_not_write_it(
    go: Go, request: pytest.FixtureRequest, draft: StatusReport, who: str, answer: int
) -> None:
    assert go(request.getfixturevalue(who)).get(draft.get_absolute_url()).status_code == answer


# --- the list ----------------------------------------------------------------------------------------------


@pytest.fixture
def three(led: Project, digi: Collaboration, area: Any, secretary: User) -> list[Project]:
    """One red, one green, and one that nobody has told about."""
    made = [
        projects.register_project(collaboration=digi, title=title, focus_area=area, state="planning", by=secretary)
        for title in ("Felles arkiv", "Felles nett")
    ]
    for project, light in ((led, "green"), (made[0], "red")):
        status.publish(project=project, by=secretary, **{**LINES, "overall": light})
    return [led, *made]


def test_the_list_is_filtered_by_light_and_by_what_is_missing(
    go: Go, three: list[Project], steering: Body, director: User
) -> None:
    ahead(steering, days=5)

    def titles(**asked: str) -> set[str]:
        return {row.record.title for row in go(director).get(here("status"), asked).context_data["table"].rows}

    assert titles() == {"Felles skjema", "Felles arkiv", "Felles nett"}
    assert titles(light="red") == {"Felles arkiv"}
    assert titles(light="ingen") == titles(missing="on") == {"Felles nett"}


def test_sorted_by_light_the_worst_comes_first(go: Go, three: list[Project], director: User) -> None:
    table = go(director).get(here("status"), {"sort": "light"}).context_data["table"]
    assert [row.record.light for row in table.rows] == ["red", "green", None]


def test_ideas_and_what_has_ended_report_nothing(go: Go, three: list[Project], secretary: User) -> None:
    projects.stop(project=three[0], by=secretary)
    table = go(secretary).get(here("status")).context_data["table"]
    assert {row.record.title for row in table.rows} == {"Felles arkiv", "Felles nett"}


def test_the_trend_is_read_without_colours(go: Go, led: Project, secretary: User, director: User) -> None:
    for days, light in ((9, "green"), (6, "yellow"), (3, "red")):
        day = timezone.localdate() - timedelta(days=days)
        status.publish(project=led, by=secretary, **{**LINES, "overall": light, "reported_for": day})
    shown = words(go(director).get(here("status")))
    places = [shown.index(f'aria-label="{timezone.localdate() - timedelta(days=n):%d.%m.%Y} ') for n in (9, 6, 3)]
    assert places == sorted(places)


def test_the_workbook_holds_days_as_days_and_the_lines(go: Go, three: list[Project], director: User) -> None:
    answer = go(director).get(here("status"), {"format": "xlsx", "sort": "light"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["Felles arkiv", "Felles skjema", "Felles nett"]
    assert rows[0][5].date() == timezone.localdate()
    assert rows[0][7] == LINES["progress_text"]
    assert rows[2][5] is None


def test_more_projects_take_no_more_queries(
    go: Go, three: list[Project], digi: Any, area: Any, secretary: User, steering: Body,
    django_assert_max_num_queries: Any, django_assert_num_queries: Any,
) -> None:  # fmt: skip
    ahead(steering, days=5)
    browser = go(secretary)
    browser.get(here("status"))
    with django_assert_max_num_queries(45) as first:
        browser.get(here("status"))
    for number in range(8):
        made = projects.register_project(
            collaboration=digi, title=f"P{number}", focus_area=area, state="planning", by=secretary
        )
        status.publish(project=made, by=secretary, **LINES)
    with django_assert_num_queries(len(first)):
        browser.get(here("status"))


def test_the_project_page_asks_no_more_when_there_are_more_reports(
    go: Go, led: Project, secretary: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    status.publish(project=led, by=secretary, **LINES)
    browser, address = go(secretary), led.get_absolute_url()
    browser.get(address)
    with django_assert_max_num_queries(90) as first:
        browser.get(address)
    for _more in range(4):
        status.publish(project=led, by=secretary, **LINES)
    with django_assert_num_queries(len(first)):
        browser.get(address)


# --- what waits ---------------------------------------------------------------------------


def test_what_is_wanted_waits_on_the_start_page(
    go: Go, led: Project, steering: Body, project_leader: User, secretary: User, director: User
) -> None:
    def waits(user: User) -> list[Any]:
        return [task for task in waiting_for(user) if "/status/" in task.url]

    meeting = ahead(steering, days=20)
    assert not waits(project_leader)
    meeting.starts_at -= timedelta(days=10)
    meeting.ends_at -= timedelta(days=10)
    meeting.save()
    [own], [missing] = waits(project_leader), waits(secretary)
    assert (own.until, missing.until) == (meeting.day, meeting.day)
    assert go(project_leader).get(own.url).status_code == 200
    assert [row.record for row in go(secretary).get(missing.url).context_data["table"].rows] == [led]
    assert not waits(director)
    status.publish(project=led, by=project_leader, **LINES)
    assert not [*waits(project_leader), *waits(secretary)]


def test_in_the_full_profile_the_task_is_due_on_the_fifth_working_day(
    led: Project, digi: Collaboration, secretary: User, project_leader: User
) -> None:
    six_lights_in(digi)
    with time_machine.travel("2027-01-02 10:00+01:00", tick=False):
        [task] = [task for task in waiting_for(project_leader) if "/status/" in task.url]
    assert task.until == date(2027, 1, 8)
