"""The approval round: the portfolio goes out in writing, each director answers, and the body's own rules decide."""

import io
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.start.tasks import waiting_for
from governance.actions import cases, rounds, rules
from governance.models import Body, Case, Collaboration, Meeting, Organisation, Role
from portfolio import comparing
from portfolio.actions import projects
from portfolio.actions.versions import (
    DOCUMENT,
    MOST_PROJECTS,
    View,
    case_of,
    give_views,
    propose_portfolio_version,
    support_the_rest,
    unanswered,
)
from portfolio.models import Participation, PortfolioVersion, Project, ProjectOpinion
from portfolio.opinions import answers
from tests.people import appoint, person
from tests.refusals import the_database_refuses

Parts = dict[str, Participation]
IN_A_WEEK = timedelta(days=7)


@pytest.fixture
def archive(digi: Collaboration, secretary: User) -> Project:
    return projects.register_project(collaboration=digi, title="Felles arkiv", by=secretary)


@pytest.fixture
def version(
    digi: Collaboration, project: Project, archive: Project, invited: Parts, steering: Body,
    directors: dict[str, User], secretary: User,
) -> PortfolioVersion:  # fmt: skip
    """Two projects, out for answers in writing."""
    return propose_portfolio_version(
        collaboration=digi, projects=[project, archive], answer_by=timezone.now() + IN_A_WEEK, by=secretary
    )


@pytest.fixture
def say(version: PortfolioVersion, directors: dict[str, User]) -> Callable[..., None]:
    """A director answers: the projects in order, and last the whole."""

    def answer(name: str, *said: tuple[str, str] | str) -> None:
        view = [View(*([one] if isinstance(one, str) else one)) for one in said]
        items = list(version.items.values_list("pk", flat=True))
        give_views(
            version=version, organisation=Organisation.objects.get(name=name), by=directors[name],
            on_projects=dict(zip(items, view, strict=False)), on_whole=view[2] if len(view) > 2 else None,
        )  # fmt: skip

    return answer


def meeting_of(version: PortfolioVersion) -> Meeting:
    return Meeting.objects.select_related("body__collaboration").get(items__case=version.case)


def closed(version: PortfolioVersion, by: User) -> PortfolioVersion:
    """When the deadline is over."""
    rounds.close_round(meeting=meeting_of(version), at=timezone.now() + 2 * IN_A_WEEK, by=by)
    version.refresh_from_db()
    return version


def page_of(client: Client, user: User, name: str, number: int = 1, **query: Any) -> Any:
    client.force_login(user)
    return client.get(reverse(name, args=["vesteralen", number]), query)


def words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


# --- laying it --------------------------------------------------------------------------------------


def test_in_writing_the_case_goes_out_at_once_with_the_deadline(
    client: Client, secretary: User, project: Project, invited: Parts, steering: Body, directors: dict[str, User]
) -> None:
    client.force_login(secretary)
    day = timezone.localdate() + IN_A_WEEK
    answer = client.post(
        reverse("propose_portfolio", args=["vesteralen"]),
        {f"place_{project.pk}": "1", "way": "written", "day": f"{day:%d.%m.%Y}", "clock": "15.00"},
    )
    made = PortfolioVersion.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    meeting = meeting_of(made)
    assert meeting.written
    assert timezone.localdate(meeting.answer_by) == day
    assert made.case.number


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"way": "written"}, {"day", "clock"}),
        ({"way": "written", "day": "01.01.2020", "clock": "15.00"}, {"day"}),
        ({"way": "written", "day": "til jul", "clock": "15.00"}, {"day"}),
        ({}, {"way"}),
        ({"way": "meeting", "place": ""}, {"__all__"}),
        ({"way": "meeting", "place": "først"}, {"place"}),
    ],
)
def test_what_is_wrong_with_it_is_told_and_nothing_is_laid(
    client: Client, secretary: User, project: Project, steering: Body, directors: dict[str, User],
    wrong: dict[str, str], told: set[str],
) -> None:  # fmt: skip
    client.force_login(secretary)
    place = wrong.pop("place", "1")
    page = client.post(reverse("propose_portfolio", args=["vesteralen"]), {f"place_{project.pk}": place, **wrong})
    assert {name.partition("_" + str(project.pk))[0] for name in page.context_data["form"].errors} == told
    assert not PortfolioVersion.objects.exists()


def test_a_deadline_is_not_asked_for_when_it_goes_to_a_meeting(
    client: Client, secretary: User, project: Project, steering: Body
) -> None:
    client.force_login(secretary)
    client.post(reverse("propose_portfolio", args=["vesteralen"]), {f"place_{project.pk}": "1", "way": "meeting"})
    assert PortfolioVersion.objects.get().case.stage == Case.Stage.READY


def test_an_elected_body_is_told_why_it_can_not_wait(
    client: Client, secretary: User, project: Project, steering: Body, directors: dict[str, User]
) -> None:
    rules.set_rules(body=steering, rules="elected", by=secretary)
    client.force_login(secretary)
    day = timezone.localdate() + IN_A_WEEK
    data = {f"place_{project.pk}": "1", "way": "written", "day": f"{day:%d.%m.%Y}", "clock": "15.00"}
    page = client.post(reverse("propose_portfolio", args=["vesteralen"]), data)
    assert set(page.context_data["form"].errors) == {"why"}
    client.post(reverse("propose_portfolio", args=["vesteralen"]), {**data, "why": "Fristen for søknaden er snart."})
    assert meeting_of(PortfolioVersion.objects.get()).why_written == "Fristen for søknaden er snart."


def test_more_than_a_body_can_go_through_is_refused_with_a_sentence(digi: Collaboration, secretary: User) -> None:
    many = [Project(collaboration=digi, number=n) for n in range(MOST_PROJECTS + 1)]
    with pytest.raises(NotAllowedNow, match=str(MOST_PROJECTS)):
        propose_portfolio_version(collaboration=digi, projects=many, by=secretary)


def test_the_next_version_begins_in_the_order_of_the_last(
    client: Client, secretary: User, director: User, version: PortfolioVersion, say: Any, project: Project,
    archive: Project, directors: dict[str, User],
) -> None:  # fmt: skip
    for name in directors:
        support_the_rest(version=version, organisation=Organisation.objects.get(name=name), by=directors[name])
    closed(version, secretary)
    new = projects.register_project(collaboration=version.collaboration, title="Ny idé", by=secretary)
    projects.stop(project=archive, by=secretary)
    client.force_login(secretary)
    form = client.get(reverse("propose_portfolio", args=["vesteralen"])).context_data["form"]
    assert [(one, bound.value()) for one, bound in form.rows] == [(project, 1), (new, 2), (archive, None)]


# --- answering --------------------------------------------------------------------------------------


def answer_data(version: PortfolioVersion, *said: tuple[str, str], editions: tuple[int, ...] = ()) -> dict[str, Any]:
    names = [*map(str, version.items.values_list("pk", flat=True)), "whole"]
    data: dict[str, Any] = {}
    for place, (name, (stance, text)) in enumerate(zip(names, said, strict=False)):
        data |= {f"stance_{name}": stance, f"text_{name}": text, f"edition_{name}": editions[place] if editions else 0}
    return data


def test_what_is_complete_is_kept_also_where_something_must_be_mended(
    client: Client, director: User, version: PortfolioVersion
) -> None:
    client.force_login(director)
    where = reverse("portfolio_view", args=["vesteralen", 1])
    page = client.post(where, answer_data(version, ("supports", ""), ("against", ""), ("supports", "")))
    assert page.status_code == 200
    second = version.items.last()
    assert list(page.context_data["form"].errors) == [f"text_{second.pk}"]
    assert ProjectOpinion.objects.get().item.position == 1
    assert version.case.opinions.get().stance == "supports"
    # The same form goes on, and what was kept can be changed in it.
    form = page.context_data["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {f"text_{second.pk}": "For dyrt.", f"stance_{version.items.first().pk}": "with_remark",
             f"text_{version.items.first().pk}": "Gjerne før sommeren."}  # fmt: skip
    assert client.post(where, data).status_code == 302
    assert set(ProjectOpinion.objects.values_list("stance", flat=True)) == {"with_remark", "against"}


def test_support_all_and_then_adjust(client: Client, director: User, version: PortfolioVersion, say: Any) -> None:
    say("Sortland", ("study", "Utred drift først."))
    client.force_login(director)
    answer = client.post(reverse("support_all", args=["vesteralen", 1]))
    assert answer["Location"].endswith("/syn/?kommune=1870")
    stances = ProjectOpinion.objects.order_by("item__position").values_list("stance", "text")
    assert list(stances) == [("study", "Utred drift først."), ("supports", "")]
    assert version.case.opinions.get().stance == "supports"
    say("Sortland", ("supports", ""))
    assert ProjectOpinion.objects.filter(stance="supports").count() == 2


@pytest.mark.parametrize("stance", ["with_remark", "against", "study"])
def test_more_than_support_needs_a_remark_also_in_the_database(
    version: PortfolioVersion, say: Any, stance: str
) -> None:
    with the_database_refuses(), transaction.atomic():
        say("Sortland", (stance, ""))


def test_the_own_municipalitys_decision_stands_beside_it_and_is_another_thing(
    client: Client, director: User, version: PortfolioVersion, invited: Parts, decides: Any
) -> None:
    decides(invited["Sortland"], 100_000)
    support_the_rest(version=version, organisation=Organisation.objects.get(name="Sortland"), by=director)
    text = page_of(client, director, "portfolio_view").content.decode()
    assert "Kommunens vedtak" in text
    assert "Vedtatt" in text
    assert invited["Sortland"].adoption.get_absolute_url() in text
    assert "Sortland er ikke invitert." in text  # to the second project
    assert Participation.objects.taking_part().count() == 1


def test_silence_is_silence_everywhere(
    client: Client, director: User, secretary: User, version: PortfolioVersion, say: Any
) -> None:
    say("Sortland", "supports", ("against", "For dyrt."), "supports")
    said = answers(version, version.case, list(version.items.all()))
    assert (said.answered, said.silent) == (1, 5)
    assert [(word, number) for word, _color, number in said.lines[1].counts] == [("støtter ikke", 1), ("ikke svart", 5)]
    page = page_of(client, director, "portfolio_answers")
    assert page.content.decode().count("ikke svart") >= 15
    assert "1 av 6 kommuner har svart" in page_of(client, director, "portfolio_version").content.decode()
    client.force_login(secretary)
    book = client.get(reverse("portfolio_answers", args=["vesteralen", 1]), {"format": "xlsx"}).content
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 18
    assert sum(row[3] == "ikke svart" for row in rows) == 15


def test_a_member_and_a_substitute_at_once_are_one_answer_and_the_later_is_told(
    client: Client, director: User, steering: Body, sortland: Organisation, version: PortfolioVersion
) -> None:
    stand_in = person("Vara Sortland")
    appoint(stand_in, Role.SUBSTITUTE, steering, represents=sortland)
    where = reverse("portfolio_view", args=["vesteralen", 1])
    client.force_login(director)
    assert client.post(where, answer_data(version, ("supports", ""))).status_code == 302
    client.force_login(stand_in.user)
    late = client.post(where, answer_data(version, ("against", "For dyrt for oss.")))
    assert late.status_code == 409
    assert "For dyrt for oss." in late.content.decode()
    assert (ProjectOpinion.objects.get().stance, ProjectOpinion.objects.get().person.user) == ("supports", director)


def test_one_who_speaks_for_two_municipalities_answers_for_one_at_a_time(
    client: Client, director: User, steering: Body, bo: Organisation, version: PortfolioVersion
) -> None:
    appoint(director.person, Role.SUBSTITUTE, steering, represents=bo)
    where = f"{reverse('portfolio_view', args=['vesteralen', 1])}?kommune=1867"
    client.force_login(director)
    assert client.get(where).context_data["organisation"] == bo
    client.post(where, answer_data(version, ("supports", "")))
    assert ProjectOpinion.objects.get().organisation == bo


def test_after_the_deadline_and_after_the_closing_no_answer_is_taken(
    client: Client, director: User, secretary: User, version: PortfolioVersion, sortland: Organisation
) -> None:
    first = version.items.first()
    late: dict[str, Any] = {
        "version": version, "organisation": sortland, "on_projects": {first.pk: View("supports")}, "by": director
    }  # fmt: skip
    with pytest.raises(NotAllowedNow):
        give_views(**late, at=timezone.now() + 2 * IN_A_WEEK)
    closed(version, secretary)
    with pytest.raises(NotAllowedNow):
        give_views(**late)
    with pytest.raises(NotAllowedNow):
        support_the_rest(version=version, organisation=sortland, by=director)
    client.force_login(director)
    where = reverse("portfolio_view", args=["vesteralen", 1])
    answer = client.post(where, answer_data(version, ("supports", "")))
    assert answer.status_code == 409
    assert client.post(where, {}).status_code == 409
    assert not ProjectOpinion.objects.exists()


def test_only_those_with_a_seat_answer(
    client: Client, secretary: User, auditor: User, outsider: User, version: PortfolioVersion
) -> None:
    for name in ("portfolio_view", "support_all"):
        where = reverse(name, args=["vesteralen", 1])
        for user, status in ((secretary, 403), (auditor, 403), (outsider, 404)):
            client.force_login(user)
            assert client.post(where, answer_data(version, ("supports", ""))).status_code == status
    for name in ("portfolio_answers", "portfolio_version"):
        assert page_of(client, outsider, name).status_code == 404
        assert page_of(client, auditor, name).status_code == 200


def test_answers_to_an_exempt_portfolio_are_read_by_those_who_read_its_case(
    client: Client, digi: Collaboration, project: Project, steering: Body, directors: dict[str, User], secretary: User,
    it_leader: User,
) -> None:  # fmt: skip
    version = propose_portfolio_version(
        collaboration=digi, projects=[project], exempt=True, legal_ground="offentleglova § 23",
        answer_by=timezone.now() + IN_A_WEEK, by=secretary,
    )  # fmt: skip
    item = version.items.get()
    against = View("against", "Hemmelig innvending")
    sortland = Organisation.objects.get(name="Sortland")
    give_views(
        version=version, organisation=sortland, on_projects={item.pk: against}, on_whole=against,
        by=directors["Sortland"],
    )  # fmt: skip
    assert page_of(client, it_leader, "portfolio_answers").status_code == 404
    assert "Hemmelig" not in page_of(client, it_leader, "portfolio_version").content.decode()
    assert "Hemmelig" in page_of(client, directors["Bø"], "portfolio_answers").content.decode()
    give_views(
        version=version, organisation=sortland, on_projects={}, on_whole=View("with_remark", "Hemmelig nok."),
        by=directors["Sortland"],
    )  # fmt: skip
    for name in ("Andøy", "Bø", "Hadsel"):
        support_the_rest(version=version, organisation=Organisation.objects.get(name=name), by=directors[name])
    closed(version, secretary)
    document = _document()
    assert "Hemmelig" not in words(files.content(document))
    assert "Hemmelig" not in str(document.made_from)
    assert "Hemmelig" not in page_of(client, it_leader, "portfolio_version").content.decode()


# --- the task on the start page ---------------------------------------------------------------------


def tasks_of(user: User) -> list[Any]:
    return [task for task in waiting_for(user) if "/portefolje/" in task.url]


def test_the_director_has_one_task_until_everything_is_answered(
    client: Client, director: User, version: PortfolioVersion, say: Any
) -> None:
    [task] = tasks_of(director)
    assert task.until == timezone.localdate() + IN_A_WEEK
    assert "3" in task.title
    client.force_login(director)
    assert client.get(task.url).status_code == 200
    assert [one for one in waiting_for(director) if version.case.title in one.title] == []
    say("Sortland", "supports")
    assert "2" in tasks_of(director)[0].title
    say("Sortland", "supports", "supports", "supports")
    assert tasks_of(director) == []


def test_the_page_before_the_meeting_shows_the_portfolio_that_waits(
    client: Client, director: User, version: PortfolioVersion
) -> None:
    client.force_login(director)
    text = client.get(reverse("start")).content.decode()
    assert "ditt syn på 2 prosjekter" in text
    assert "3 svar mangler" in text


# --- the decision, and what is kept -----------------------------------------------------------------


def _document() -> Document:
    job = jobs.run(Job.objects.get(kind=DOCUMENT).pk)
    assert job.state == "done", job.error
    assert job.document is not None
    return job.document


def test_four_answers_and_two_silences_decide_by_the_bodys_rules_and_are_frozen_as_they_were(
    client: Client, director: User, secretary: User, version: PortfolioVersion, say: Any, invited: Parts, decides: Any
) -> None:
    decides(invited["Bø"], 600_000)
    for name in ("Andøy", "Bø", "Hadsel"):
        say(name, "supports", "supports", "supports")
    say("Sortland", ("with_remark", "Start etter sommeren."), "supports", ("with_remark", "Med merknad."))
    closed(version, secretary)
    assert version.state == PortfolioVersion.State.APPROVED
    assert version.treated["written"]
    assert [view["name"] for view in version.treated["views"] if not view["stance"]] == ["Lødingen", "Øksnes"]
    first = version.items.get(position=1).frozen
    assert [view["stance"] for view in first["views"]].count("") == 2
    assert sum(Decimal(line["if_all"]) for line in first["shares"]) == 600_000
    assert [line["so_far"] for line in first["shares"] if line["pays"]] == ["600000.00"]
    assert Participation.objects.taking_part().count() == 1  # the round decided for nobody (rule 1)
    text = words(files.content(_document()))
    assert text.count("Ikke svart Lødingen") + text.count("Lødingen Ikke svart") == 1
    assert text.count("Ikke svart: Lødingen, Øksnes") == 2
    assert "Start etter sommeren." in text
    assert "Skriftlig behandling" in text
    page = page_of(client, director, "portfolio_version").content.decode()
    assert "4 av 6 kommuner har svart" in page


def test_what_was_said_afterwards_changes_nothing_that_is_frozen(
    secretary: User, version: PortfolioVersion, say: Any, directors: dict[str, User]
) -> None:
    for name in directors:
        support_the_rest(version=version, organisation=Organisation.objects.get(name=name), by=directors[name])
    closed(version, secretary)
    for statement in (
        "UPDATE portfolio_projectopinion SET stance = 'supports', text = ''",
        "DELETE FROM portfolio_projectopinion",
        "UPDATE portfolio_portfolioversion SET treated = '{}'",
        "UPDATE governance_opinion SET text = 'endret'",
    ):
        with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_body_that_does_not_agree_keeps_who_said_what_and_the_next_version_can_be_laid(
    digi: Collaboration, secretary: User, project: Project, version: PortfolioVersion, say: Any
) -> None:
    for name in ("Andøy", "Bø", "Hadsel", "Lødingen"):
        say(name, "supports", "supports", "supports")
    say("Sortland", "supports", "supports", ("against", "For mye på en gang."))
    closed(version, secretary)
    assert version.state == PortfolioVersion.State.NOT_ADOPTED
    assert version.treated["outcome"] == "not_adopted"
    assert not Job.objects.filter(kind=DOCUMENT).exists()
    assert propose_portfolio_version(collaboration=digi, projects=[project], by=secretary).number == 2


def test_too_few_answers_bring_it_to_a_meeting_with_the_answers_it_has(
    secretary: User, version: PortfolioVersion, say: Any, held: Any, director: User, sortland: Organisation
) -> None:
    say("Sortland", "supports", "supports", "supports")
    closed(version, secretary)
    assert version.state == PortfolioVersion.State.LAID
    version.case.refresh_from_db()
    newer = cases.bring_back(case=version.case, by=secretary)
    cases.mark_ready(case=newer, by=secretary)
    held.called(newer)
    assert case_of(version) == newer
    assert unanswered(version, newer, sortland) == 1  # the whole is asked anew, what was said of projects stands
    assert "1" in tasks_of(director)[0].title


def test_the_differences_from_the_agenda_and_from_the_last_version_are_told(
    client: Client, secretary: User, director: User, digi: Collaboration, version: PortfolioVersion, project: Project,
    archive: Project, directors: dict[str, User], held: Any,
) -> None:  # fmt: skip
    for name in directors:
        support_the_rest(version=version, organisation=Organisation.objects.get(name=name), by=directors[name])
    closed(version, secretary)
    new = projects.register_project(collaboration=digi, title="Ny idé", by=secretary)
    second = propose_portfolio_version(collaboration=digi, projects=[new, project], by=secretary)
    projects.change_project(project=project, version=None, shared_cost=Decimal(700_000), by=secretary)
    held(second.case)
    second.refresh_from_db()
    told = {change.title: change for change in comparing.changes(version, second)}
    assert (told["Ny idé"].kind, told["Felles arkiv"].kind, told["Felles skjema"].kind) == ("new", "gone", "changed")
    details = {(one.before, one.after) for one in told["Felles skjema"].details}
    assert details == {(1, 2), (600_000, 700_000)}
    [changed] = comparing.since_laid(second.items.all())
    assert changed.title == "Felles skjema"
    page = page_of(client, director, "portfolio_version", 2).content.decode().replace("\xa0", " ")
    for text in ("ny i denne versjonen", "ikke lenger i porteføljen", "700 000 kr", "annerledes enn i versjon 1"):
        assert text in page, text


def test_moving_a_project_alone_is_told_as_moving(
    digi: Collaboration, secretary: User, version: PortfolioVersion, project: Project, archive: Project,
    directors: dict[str, User],
) -> None:  # fmt: skip
    for name in directors:
        support_the_rest(version=version, organisation=Organisation.objects.get(name=name), by=directors[name])
    closed(version, secretary)
    second = propose_portfolio_version(collaboration=digi, projects=[archive, project], by=secretary)
    assert {(change.title, change.kind) for change in comparing.changes(version, second)} == {
        ("Felles skjema", "moved"), ("Felles arkiv", "moved"),
    }  # fmt: skip


def test_more_projects_ask_no_more_of_the_database(
    client: Client, director: User, digi: Collaboration, secretary: User, steering: Body, directors: dict[str, User],
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    def asked(name: str, number: int) -> int:
        page_of(client, director, name, number)
        with django_assert_max_num_queries(70) as queries:
            page_of(client, director, name, number)
        return len(queries)

    names = ["portfolio_view", "portfolio_version", "portfolio_answers"]
    few = _laid_with(digi, secretary, 1)
    before = [asked(name, few) for name in names]
    Case.objects.filter(pk=PortfolioVersion.objects.get(number=few).case_id).update(stage=Case.Stage.WITHDRAWN)
    many = _laid_with(digi, secretary, 6)
    assert [asked(name, many) for name in names] == before


def _laid_with(digi: Collaboration, by: User, count: int) -> int:
    made = [projects.register_project(collaboration=digi, title=f"P{n}", by=by) for n in range(count)]
    answer_by = timezone.now() + IN_A_WEEK
    return propose_portfolio_version(collaboration=digi, projects=made, answer_by=answer_by, by=by).number


@pytest.mark.django_db(transaction=True)
def test_two_first_answers_at_the_same_moment_become_one(
    version: PortfolioVersion, director: User, sortland: Organisation, steering: Body
) -> None:
    item = version.items.first()
    start, told = threading.Barrier(2), []

    def press(stance: str, text: str) -> None:
        try:
            start.wait(timeout=10)
            told.append(
                give_views(
                    version=version, organisation=sortland, on_projects={item.pk: View(stance, text, 0)}, by=director
                )
            )
        except Stale as late:
            told.append(late)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=args) for args in (("supports", ""), ("against", "Nei."))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sum(isinstance(one, Stale) for one in told) == 1
    assert ProjectOpinion.objects.count() == 1
