"""The matrix of municipalities and projects: as it stands, and as it stood on a day (R7, R23)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Membership, Organisation
from portfolio.actions import invitations, participation, projects
from portfolio.forms.matrix import MatrixFilter
from portfolio.models import Participation, Project, Status
from portfolio.participation_matrix import Standing, Sums
from tests.people import LONG_AGO, municipality

Parts = dict[str, Participation]
Decides = Callable[..., Participation]
TODAY = timezone.localdate
ADDRESS = "/vesteralen/portefolje/deltakelse/"


def again(part: Participation) -> Participation:
    return Participation.objects.whole().select_related("project__collaboration").get(pk=part.pk)


def standing(digi: Collaboration, day: date | None = None) -> Standing:
    return Standing(digi, digi.projects.in_order(), day or TODAY())


def words(digi: Collaboration, project: Project, day: date | None = None) -> dict[str, Status]:
    """What the matrix says of one project, by the name of the municipality."""
    places = list(digi.members())
    row = standing(digi, day).rows([project], places)[0]
    return {place.name: cell.status for place, cell in zip(places, row.cells, strict=True) if cell}


@pytest.fixture
def answered(project: Project, six: list[Organisation], decides: Decides, directors: Any, secretary: User) -> Parts:
    """Asked forty days ago; one of each answer, given ten days ago, and two that say nothing."""
    asked = TODAY() - timedelta(days=40)
    invited = participation.invite(
        project=project, organisations=six, invited_on=asked, answer_by=TODAY() - timedelta(days=1), by=secretary
    )
    parts = {part.organisation.name: part for part in invited}
    with time_machine.travel(TODAY() - timedelta(days=10), tick=False):
        decides(parts["Bø"], 300_000)
        decides(parts["Hadsel"], 100_000, state="reserved", conditions="Ett år.")
        decides(parts["Andøy"], state="not_adopted")
        participation.answer_interest(
            participation=parts["Sortland"], interest="waiting", reason="Ingen ledige.", by=directors["Sortland"]
        )
    return parts


NOW = {
    "Andøy": Status.DECLINED, "Bø": Status.TAKES_PART, "Hadsel": Status.RESERVED, "Lødingen": Status.UNDECIDED,
    "Sortland": Status.WAITING, "Øksnes": Status.UNDECIDED,
}  # fmt: skip


def test_each_answer_in_the_words_of_the_one_vocabulary(digi: Collaboration, project: Project, answered: Parts) -> None:
    assert words(digi, project) == NOW


def test_as_it_stood_before_anybody_had_answered(digi: Collaboration, project: Project, answered: Parts) -> None:
    assert set(words(digi, project, TODAY() - timedelta(days=20)).values()) == {Status.UNDECIDED}
    assert words(digi, project, TODAY() - timedelta(days=41)) == {}


def test_what_is_worked_out_for_a_day_says_the_same_as_what_is_kept_for_today(
    digi: Collaboration, project: Project, answered: Parts
) -> None:
    found = standing(digi)
    found.is_today = False
    row = found.rows([project], list(digi.members()))[0]
    assert [cell.status for cell in row.cells if cell] == list(NOW.values())
    assert row.sums[:3] == standing(digi).rows([project], [])[0].sums[:3]


def test_a_municipality_asked_anew_stood_as_it_had_answered_before(
    digi: Collaboration, project: Project, answered: Parts, secretary: User
) -> None:
    with time_machine.travel(TODAY() + timedelta(days=100), tick=False):
        invitations.ask_anew(participation=again(answered["Andøy"]), by=secretary)
        assert words(digi, project)["Andøy"] == Status.UNDECIDED
        assert words(digi, project, TODAY() - timedelta(days=1))["Andøy"] == Status.DECLINED
        sums = standing(digi, TODAY() - timedelta(days=1)).rows([project], [])[0].sums
        assert sums.invited == 6


def test_rows_and_columns_are_added_up_over_all_and_not_only_what_is_shown(
    digi: Collaboration, project: Project, answered: Parts, bo: Organisation, secretary: User
) -> None:
    other = projects.register_project(collaboration=digi, title="Felles arkiv", shared_cost=Decimal(0), by=secretary)
    participation.invite(project=other, organisations=[bo], by=secretary)
    found = standing(digi)
    assert found.rows([project], [bo])[0].sums == Sums(6, 2, 3, 1, Decimal(600_000))
    assert found.columns([bo]) == [Sums(2, 1, 1, 0, Decimal(300_000))]


def test_who_has_said_yes_and_joins_later_is_settled(
    digi: Collaboration, project: Project, answered: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    part = decides(answered["Lødingen"], 100_000)
    participation.join_from(participation=part, joins_on=TODAY() + timedelta(days=50), by=directors["Lødingen"])
    row = standing(digi).rows([project], list(digi.members()))[0]
    assert row.sums.unsettled == 2
    cell = next(cell for cell in row.cells if cell and cell.place == part.organisation_id)
    assert (cell.status, cell.joins_on, cell.late) == (Status.WAITING, TODAY() + timedelta(days=50), False)
    assert words(digi, project, TODAY() + timedelta(days=50))["Lødingen"] == Status.TAKES_PART


def test_what_is_past_the_deadline_is_told(digi: Collaboration, project: Project, answered: Parts) -> None:
    row = standing(digi).rows([project], list(digi.members()))[0]
    late = {cell.place for cell in row.cells if cell and cell.late}
    assert late == {answered[name].organisation_id for name in ("Lødingen", "Sortland", "Øksnes")}


def narrowed(digi: Collaboration, **query: str) -> list[str]:
    form = MatrixFilter(query, collaboration=digi)  # type: ignore[arg-type]
    assert form.is_valid(), form.errors
    found = form.narrow(Standing(digi, form.about(digi.projects.in_order()), form.day))
    return [project.title for project in found.projects]


@pytest.fixture
def quiet(digi: Collaboration, bo: Organisation, decides: Decides, secretary: User) -> Project:
    """A project that Bø alone is invited to, and has joined."""
    other = projects.register_project(collaboration=digi, title="Felles arkiv", shared_cost=Decimal(0), by=secretary)
    decides(participation.invite(project=other, organisations=[bo], by=secretary)[0])
    return other


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Felles skjema", "Felles arkiv"]),
        ({"q": "arkiv"}, ["Felles arkiv"]),
        ({"tilstand": "planning"}, ["Felles skjema"]),
        ({"omrade": "strategi-og-retning"}, ["Felles skjema"]),
        ({"bare": "uavklart"}, ["Felles skjema"]),
        ({"bare": "frist"}, ["Felles skjema"]),
        ({"bare": "avklares"}, ["Felles skjema"]),
        ({"bare": "avklares", "kommune": "1867"}, []),
        ({"bare": "uavklart", "kommune": "1867"}, []),
        ({"kommune": "1868"}, ["Felles skjema"]),
        ({"status": "takes_part"}, ["Felles skjema", "Felles arkiv"]),
        ({"status": "declined", "kommune": "1871"}, ["Felles skjema"]),
        ({"status": "left"}, []),
    ],
)
def test_the_filters_leave_what_is_asked_for(
    digi: Collaboration, answered: Parts, quiet: Project, query: dict[str, str], titles: list[str]
) -> None:
    assert narrowed(digi, **query) == titles


def test_the_filters_work_on_another_day_too(digi: Collaboration, answered: Parts, quiet: Project) -> None:
    before = f"{TODAY() - timedelta(days=20):%d.%m.%Y}"
    assert narrowed(digi, dato=before, bare="uavklart") == ["Felles skjema"]
    assert narrowed(digi, dato=before, status="takes_part") == []
    assert narrowed(digi, dato=before, bare="frist") == []


def test_what_must_be_settled_anew_is_not_asked_of_another_day(digi: Collaboration) -> None:
    form = MatrixFilter({"dato": "01.01.2024", "bare": "avklares"}, collaboration=digi)  # type: ignore[arg-type]
    assert "bare" in form.errors


# --- the page ----------------------------------------------------------------------------------------


@pytest.fixture
def page(director: User) -> Callable[..., Any]:
    client = Client()
    client.force_login(director)
    return lambda query="": client.get(ADDRESS + query)


def test_the_page_says_it_in_words_and_leads_to_the_decision(page: Any, answered: Parts) -> None:
    shown = page().content.decode()
    for status in {*NOW.values()}:
        assert str(status.label) in shown
    assert answered["Bø"].adoption.get_absolute_url() in shown
    assert Project.objects.get().get_absolute_url() in shown


def test_a_day_that_can_not_be_read_is_told_and_today_is_shown(page: Any, answered: Parts) -> None:
    answer = page("?dato=31.31.2026")
    assert answer.context_data["standing"].is_today
    assert answer.context_data["filter"].errors


def test_more_than_twenty_municipalities_are_shown_a_page_at_a_time(
    page: Any, digi: Collaboration, project: Project, secretary: User
) -> None:
    places = [municipality(str(9000 + number), f"Kommune {number:02}", 1000) for number in range(47)]
    Membership.objects.bulk_create(
        [Membership(collaboration=digi, organisation=place, since=LONG_AGO) for place in places]
    )
    participation.invite(project=project, organisations=places, by=secretary)
    answer = page("?kommuner=2")
    assert len(answer.context_data["columns"]) == 20
    assert len(answer.context_data["rows"][0].cells) == 20
    assert answer.context_data["rows"][0].sums.invited == 47


def test_the_page_of_many_asks_no_more_questions(
    page: Any, digi: Collaboration, answered: Parts, six: list[Organisation], secretary: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    def asked() -> int:
        with django_assert_max_num_queries(40) as counted:
            assert page().status_code == 200
        return len(counted)

    page()
    few = asked()
    for number in range(12):
        other = projects.register_project(collaboration=digi, title=f"Prosjekt {number}", by=secretary)
        participation.invite(project=other, organisations=six, by=secretary)
    assert asked() == few


def test_a_stranger_sees_no_matrix(outsider: User, answered: Parts) -> None:
    client = Client()
    client.force_login(outsider)
    assert client.get(ADDRESS).status_code == 404


def test_the_workbook_has_days_as_days_and_kroner_as_numbers(page: Any, answered: Parts) -> None:
    answer = page("?format=xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    matrix, rows = book.worksheets
    assert [cell.value for cell in matrix[2]][4:10] == [str(status.label) for status in NOW.values()]
    head = [cell.value for cell in rows[1]]
    told = {row[5]: dict(zip(head, row, strict=True)) for row in rows.iter_rows(min_row=2, values_only=True)}
    assert len(told) == 6
    bo = list(told["Bø"].values())
    assert any(isinstance(value, datetime) for value in bo)
    assert 300_000 in bo
    hadsel = list(told["Hadsel"].values())
    assert 200_000 in hadsel


def test_a_workbook_that_would_be_too_large_says_what_to_do(
    page: Any, answered: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio.views.matrix.TOO_MANY", 5)
    answer = page("?format=xlsx")
    assert answer.status_code == 409
    assert page("?format=xlsx&kommune=1867").status_code == 200


def test_who_was_asked_three_times_is_counted_once(
    digi: Collaboration, project: Project, answered: Parts, decides: Decides, secretary: User
) -> None:
    for days in (100, 200):
        with time_machine.travel(TODAY() + timedelta(days=days), tick=False):
            part = invitations.ask_anew(participation=again(answered["Andøy"]), by=secretary)
            decides(part, state="not_adopted")
    for days in (150, 250):
        row = standing(digi, TODAY() + timedelta(days=days)).rows([project], list(digi.members()))[0]
        assert (row.sums.invited, sum(cell is not None for cell in row.cells)) == (6, 6)
