"""The strategy is written, adopted and frozen; the municipalities accede by themselves (G1–G13, D12, R33, R34, L19)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.reports import actions as reports
from digivesteralen.reports import final_report
from governance.actions import adoptions
from governance.models import Adoption, Body, Collaboration, Organisation, Resolution
from portfolio import accession, strategy_editions
from portfolio.actions import editions, focus_areas, goal_progress, local_strategies, projects, strategy
from portfolio.actions.accession import ask_for_accession
from portfolio.actions.local_strategies import Line
from portfolio.models import FocusArea, Goal, GoalNote, LocalStrategy, Measure, Project, ProjectGoal, Strategy
from surveys.actions import findings
from tests.governance.meeting_helpers import a_case
from tests.refusals import the_database_refuses

YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def written(digi: Collaboration, area: FocusArea, secretary: User) -> Strategy:
    """The first edition, with two goals and one focus area."""
    focus_areas.register_measure(focus_area=area, text="Felles strategi", by=secretary)
    return strategy.register_strategy(
        collaboration=digi,
        title="Strategi",
        vision="Enklere hverdag",
        starts_on=date(2021, 1, 1),
        starts_precision="year",
        ends_on=date(2025, 12, 31),
        ends_precision="year",
        goals=[("Kompetanse", "Nok folk"), ("Samhandling", "")],
        by=secretary,
    )


@pytest.fixture
def adopted(written: Strategy, secretary: User) -> Strategy:
    return editions.adopt_dated(strategy=written, adopted_on=YESTERDAY, adopted_by="styringsgruppen", by=secretary)


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client.force_login(user)
        return client

    return signed_in


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


# --- writing ----------------------------------------------------------------------------------------


def test_the_secretary_writes_the_strategy_goal_by_goal(as_: Any, digi: Collaboration, secretary: User) -> None:
    page = as_(secretary)
    page.post(here("change_strategy"), {"vision": "Enklere hverdag", "starts": "2021", "ends": "høsten 2025"})
    page.post(here("new_goal"), {"title": "Kompetanse", "text": "Nok folk"})
    page.post(here("new_goal"), {"title": "Samhandling"})
    page.post(here("new_pillar"), {"title": "Styring"})
    found = digi.strategies.get()
    second = found.goals.get(title="Samhandling")
    page.post(here("move_goal", second.pk, "opp"), {"version": second.version})
    page.post(
        here("change_goal", second.pk),
        {"title": "Samhandling", "text": "Tydelig retning", "pillar": found.pillars.get().pk, "version": 2},
    )
    assert [str(goal) for goal in found.goals.all()] == ["Samhandling", "Kompetanse"]
    assert found.goals.get(pk=second.pk).pillar.title == "Styring"
    assert found.period_words == "2021–høsten 2025"
    shown = page.get(here("strategy")).content.decode()
    assert "Tydelig retning" in shown and "Ikke vedtatt" in shown


def test_a_period_can_be_written_in_its_own_way(written: Strategy, secretary: User) -> None:
    strategy.change_strategy(strategy=written, version=1, period="2021/22–2025", by=secretary)
    assert Strategy.objects.get().period_words == "2021/22–2025"


def test_a_period_that_ends_before_it_begins_is_told_at_its_field(as_: Any, secretary: User, digi: Any) -> None:
    page = as_(secretary).post(here("change_strategy"), {"vision": "X", "starts": "2025", "ends": "2021"})
    assert "ends" in page.context_data["form"].errors and not digi.strategies.exists()


def test_who_saves_last_does_not_overwrite(written: Strategy, secretary: User) -> None:
    strategy.change_strategy(strategy=written, version=1, vision="Ny", by=secretary)
    with pytest.raises(Stale):
        strategy.change_strategy(strategy=written, version=1, vision="En annen", by=secretary)


def test_only_the_secretariat_writes_it(as_: Any, written: Strategy, director: User, outsider: User) -> None:
    with pytest.raises(PermissionDenied):
        strategy.add_goal(strategy=written, title="Mitt", by=director)
    goal = written.goals.earliest("pk")
    for name, *rest in (("new_goal",), ("lay_strategy",), ("adopt_strategy",), ("new_goal_note", goal.pk)):
        assert as_(director).get(here(name, *rest)).status_code == 403
        assert as_(outsider).get(here(name, *rest)).status_code == 404


def test_a_goal_that_a_project_serves_is_not_removed(written: Strategy, project: Project, secretary: User) -> None:
    goal = written.goals.earliest("pk")
    projects.change_project(project=project, version=None, goals=[goal], by=secretary)
    with pytest.raises(NotAllowedNow, match="Felles skjema"):
        strategy.remove_goal(goal=goal, by=secretary)
    strategy.remove_goal(goal=written.goals.latest("pk"), by=secretary)
    assert written.goals.count() == 1


# --- adopted and frozen -----------------------------------------------------------------------------


def test_what_is_adopted_stands_and_keeps_its_focus_areas(adopted: Strategy, area: FocusArea, secretary: User) -> None:
    focus_areas.change_focus_area(area=area, version=None, short_name="Ny", name="Nytt navn", text="", by=secretary)
    kept = strategy_editions.areas_of(adopted)
    assert [(one.name, one.measures) for one in kept] == [("Strategi og retning", ["Felles strategi"])]
    assert strategy_editions.moved_on(adopted)
    with pytest.raises(NotAllowedNow, match="ny utgave|new edition"):
        strategy.change_strategy(strategy=adopted, version=None, vision="Ny", by=secretary)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE portfolio_strategy SET vision = 'Ny'",
        "UPDATE portfolio_strategy SET state = 'draft', adopted_on = NULL, adopted_by = ''",
        "DELETE FROM portfolio_goal",
        "UPDATE portfolio_goal SET title = 'Ny'",
        "UPDATE portfolio_editionarea SET name = 'Ny'",
        "DELETE FROM portfolio_editionarea",
        "INSERT INTO portfolio_pillar (strategy_id, position, title, text, version)"
        " SELECT id, 1, 'Ny', '', 1 FROM portfolio_strategy",
    ],
)
def test_the_database_refuses_to_change_an_adopted_edition(adopted: Strategy, tampering: str) -> None:
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tampering)
    assert Strategy.objects.get().vision == "Enklere hverdag"


def test_an_edition_adopted_by_nobody_is_refused_by_the_database(written: Strategy) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Strategy.objects.filter(pk=written.pk).update(state="adopted", adopted_on=YESTERDAY)


def test_the_secretary_cannot_date_it_to_a_day_to_come(written: Strategy, secretary: User) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(NotAllowedNow):
        editions.adopt_dated(strategy=written, adopted_on=tomorrow, adopted_by="styringsgruppen", by=secretary)


# --- a new edition ----------------------------------------------------------------------------------


def test_a_new_edition_is_a_copy_that_says_why(
    as_: Any, adopted: Strategy, project: Project, secretary: User, director: User
) -> None:
    goal = adopted.goals.earliest("pk")
    projects.change_project(project=project, version=None, goals=[goal], by=secretary)
    assert as_(secretary).post(here("new_strategy_edition"), {"reason": ""}).context_data["form"].errors
    as_(secretary).post(here("new_strategy_edition"), {"reason": "Perioden er ute."})
    draft = Strategy.objects.get(number=2)
    assert [goal.first_id for goal in draft.goals.all()] == [goal.pk for goal in adopted.goals.all()]
    assert as_(director).get(draft.get_absolute_url()).status_code == 404, "not laid before anybody yet"
    assert adopted.collaboration.strategies.in_force() == adopted
    taken_over = draft.goals.get(first=goal)
    strategy.change_goal(goal=taken_over, title="Kompetanse i dag", text="Nok folk", by=secretary)
    editions.adopt_dated(strategy=draft, adopted_on=timezone.localdate(), adopted_by="styringsgruppen", by=secretary)
    assert adopted.collaboration.strategies.in_force() == draft
    assert list(project.goals.all()) == [taken_over], "the project goes on serving the goal"
    page = as_(director).get(here("compare_editions", 2, 1)).content.decode()
    assert " i dag<span" in page and "Perioden er ute." in page
    assert as_(director).get(adopted.get_absolute_url()).status_code == 200


def test_one_edition_is_written_at_a_time(adopted: Strategy, secretary: User) -> None:
    draft = editions.new_edition(collaboration=adopted.collaboration, reason="Ny periode", by=secretary)
    with pytest.raises(NotAllowedNow):
        editions.new_edition(collaboration=adopted.collaboration, reason="En til", by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Strategy.objects.create(collaboration=adopted.collaboration, number=3, reason="Utenom")
    editions.discard_edition(strategy=draft, by=secretary)
    assert Strategy.objects.count() == 1


def test_an_edition_that_something_is_told_of_is_not_thrown_away(adopted: Strategy, secretary: User) -> None:
    draft = editions.new_edition(collaboration=adopted.collaboration, reason="Ny periode", by=secretary)
    GoalNote.objects.create(goal=draft.goals.earliest("pk"), on=YESTERDAY, text="Kommet langt", written_by=secretary)
    with pytest.raises(NotAllowedNow, match="Kompetanse"):
        editions.discard_edition(strategy=draft, by=secretary)


def test_a_project_that_serves_a_goal_of_two_editions_serves_the_third(
    adopted: Strategy, project: Project, secretary: User
) -> None:
    goal, here_ = adopted.goals.earliest("pk"), adopted.collaboration
    second = editions.new_edition(collaboration=here_, reason="Ny periode", by=secretary)
    editions.adopt_dated(strategy=second, adopted_on=YESTERDAY, adopted_by="styringsgruppen", by=secretary)
    # It ended under the first edition, and was taken up again under the second.
    for one in (goal, Goal.objects.get(strategy=second, first=goal)):
        ProjectGoal.objects.create(project=project, goal=one)
    third = editions.new_edition(collaboration=here_, reason="Ny igjen", by=secretary)
    editions.adopt_dated(strategy=third, adopted_on=YESTERDAY, adopted_by="styringsgruppen", by=secretary)
    assert [one.strategy for one in project.goals.all()] == [third]


def test_a_strategy_that_is_not_adopted_is_changed_as_it_is(written: Strategy, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        editions.new_edition(collaboration=written.collaboration, reason="Ny", by=secretary)


# --- laid before the body, and the municipalities ----------------------------------------------------


def test_the_steering_group_adopts_it_and_each_municipality_is_asked(
    as_: Any, written: Strategy, steering: Body, directors: dict[str, User], held: Any, secretary: User
) -> None:
    as_(secretary).post(here("lay_strategy"), {"asks_municipalities": "on", "version": written.version})
    written.refresh_from_db()
    assert written.case is not None and written.is_draft
    held(written.case, outcome=Resolution.Outcome.RECOMMENDED)
    written.refresh_from_db()
    assert written.state == "adopted" and written.resolution.item.case == written.case
    asked = accession.answers(written)
    assert asked.count() == 6 and set(asked.values_list("state", flat=True)) == {"open"}
    adoptions.register_adoption(
        adoption=asked.get(organisation__name="Sortland"), state=Adoption.State.ADOPTED, decided_by="kommunestyret",
        decided_on=timezone.localdate(), case_number="12/26", by=directors["Sortland"],
    )  # fmt: skip
    page = as_(directors["Bø"]).get(written.get_absolute_url()).content.decode()
    assert page.count("Ikke behandlet") == 5 and "12/26" in page


def test_what_is_sent_to_the_body_is_not_changed_meanwhile(
    written: Strategy, steering: Body, held: Any, secretary: User
) -> None:
    case = editions.lay_edition(strategy=written, by=secretary)
    strategy.change_strategy(strategy=written, version=None, vision="Før utsending", by=secretary)
    held.called(case)
    with pytest.raises(NotAllowedNow):
        strategy.change_strategy(strategy=written, version=None, vision="Etter utsending", by=secretary)
    with pytest.raises(NotAllowedNow):
        editions.adopt_dated(strategy=written, adopted_on=YESTERDAY, adopted_by="noen", by=secretary)


@pytest.mark.parametrize("outcome", [Resolution.Outcome.NOT_ADOPTED, Resolution.Outcome.POSTPONED])
def test_what_the_body_does_not_adopt_stays_a_draft(
    written: Strategy, steering: Body, held: Any, secretary: User, outcome: str
) -> None:
    held(editions.lay_edition(strategy=written, by=secretary), outcome=outcome)
    written.refresh_from_db()
    assert written.is_draft and not accession.answers(written).exists()


def test_the_municipalities_are_asked_when_the_words_are_settled(
    written: Strategy, steering: Body, held: Any, secretary: User
) -> None:
    case = editions.lay_edition(strategy=written, asks_municipalities=True, by=secretary)
    held(case, outcome=Resolution.Outcome.CHANGED)
    assert not Adoption.objects.exists()
    resolution = Resolution.objects.get(item__case=case)
    editions.adopt_on(strategy=Strategy.objects.get(), resolution=resolution, by=secretary)
    assert accession.answers(Strategy.objects.get()).count() == Adoption.objects.count() == 6


def test_a_resolution_elsewhere_does_not_adopt_what_lies_before_the_body(
    written: Strategy, steering: Body, held: Any, secretary: User
) -> None:
    other = a_case(steering, secretary)
    held(other)
    editions.lay_edition(strategy=written, by=secretary)
    with pytest.raises(NotAllowedNow):
        editions.adopt_on(strategy=written, resolution=Resolution.objects.get(item__case=other), by=secretary)


def test_an_adopted_edition_is_put_to_the_municipalities_once(
    as_: Any, adopted: Strategy, directors: dict[str, User], secretary: User
) -> None:
    assert len(ask_for_accession(strategy=adopted, by=secretary)) == 6
    with pytest.raises(NotAllowedNow):
        ask_for_accession(strategy=adopted, by=secretary)
    with pytest.raises(PermissionDenied):
        adoptions.register_adoption(
            adoption=accession.answers(adopted).earliest("pk"), state=Adoption.State.ADOPTED, decided_by="oss",
            decided_on=timezone.localdate(), case_number="1/26", by=secretary,
        )  # fmt: skip
    assert as_(secretary).get(here("strategy")).context_data["numbers"]["asked"] == 6


def test_a_draft_is_not_put_to_the_municipalities(written: Strategy, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        ask_for_accession(strategy=written, by=secretary)


# --- the municipality's own -------------------------------------------------------------------------


def test_a_municipality_writes_its_own_page_and_the_others_read_it(
    as_: Any, adopted: Strategy, area: FocusArea, directors: dict[str, User], secretary: User, sortland: Organisation
) -> None:
    goal = adopted.goals.earliest("pk")
    url = reverse("change_local_strategy", args=["1870", "vesteralen"])
    data = {
        "text": "Vår vei", "plan_title": "Digitaliseringsplan", "plan_link": "https://sortland.example/plan",
        f"goal-{goal.pk}": "high", f"goal-{goal.pk}-remark": "Lederne først", "version": 0,
    }  # fmt: skip
    assert as_(secretary).post(url, data).status_code == 403, "not the secretariat"
    assert as_(directors["Bø"]).post(url, data).status_code == 403
    assert as_(directors["Sortland"]).post(url, data).status_code == 302
    page = as_(directors["Bø"]).get(reverse("local_strategy", args=["1870", "vesteralen"])).content.decode()
    assert "Lederne først" in page and "https://sortland.example/plan" in page
    assert as_(directors["Sortland"]).post(url, data).status_code == 409, "somebody saved first"
    assert (
        "plan_link"
        in as_(directors["Sortland"]).post(url, {**data, "plan_link": "javascript:1"}).context_data["form"].errors
    )


def test_a_remark_follows_its_goal_into_the_next_edition(
    adopted: Strategy, director: User, secretary: User, sortland: Organisation
) -> None:
    goal = adopted.goals.earliest("pk")
    own = {"collaboration": adopted.collaboration, "organisation": sortland, "by": director}
    local_strategies.write_local_strategy(lines=[Line(goal, "high", "Før")], **own)
    draft = editions.new_edition(collaboration=adopted.collaboration, reason="Ny periode", by=secretary)
    editions.adopt_dated(strategy=draft, adopted_on=timezone.localdate(), adopted_by="styringsgruppen", by=secretary)
    local_strategies.write_local_strategy(lines=[Line(Goal.objects.get(first=goal), "", "Nå")], **own)
    assert [one.remark for one in LocalStrategy.objects.get().priorities.all()] == ["Nå"]


# --- focus areas and measures -----------------------------------------------------------------------


def test_a_measure_becomes_a_project_once(as_: Any, area: FocusArea, digi: Collaboration, secretary: User) -> None:
    category = findings.define_category(collaboration=digi, name="Kompetanse", by=secretary)
    finding = findings.define_finding(category=category, text="For få folk", by=secretary)
    page = as_(secretary)
    page.post(here("new_measure", area.slug), {"text": "Felles kurs", "findings": [finding.pk]})
    measure = Measure.objects.get()
    assert "For få folk" in page.get(here("strategy")).content.decode()
    assert "Felles kurs" in page.get(reverse("findings", args=["vesteralen"])).content.decode()
    url = here("project_of_measure", area.slug, measure.pk)
    form = page.get(url).context_data["form"]
    assert (form.initial["title"], form.initial["focus_area"]) == ("Felles kurs", area)
    data = {"title": "Felles kurs", "key": "equal", "kind": "project", "focus_area": area.pk}
    made = page.post(url, {**data, "findings": [finding.pk]})
    measure.refresh_from_db()
    assert made.url == measure.project.get_absolute_url() and list(measure.project.findings.all()) == [finding]
    assert page.post(url, data).status_code == 409, "only once"


def test_measures_and_areas_are_moved_changed_and_taken_out(
    as_: Any, area: FocusArea, digi: Collaboration, secretary: User
) -> None:
    page = as_(secretary)
    one, two = (focus_areas.register_measure(focus_area=area, text=text, by=secretary) for text in ("En", "To"))
    page.post(here("move_measure", area.slug, two.pk, "opp"), {"version": two.version})
    assert [str(measure) for measure in area.measures.all()] == ["To", "En"]
    page.post(here("change_measure", area.slug, one.pk), {"text": "Én", "version": 2})
    page.post(here("remove_measure", area.slug, two.pk))
    assert [str(measure) for measure in area.measures.all()] == ["Én"]
    other = focus_areas.register_focus_area(collaboration=digi, short_name="Drift", name="Drift", by=secretary)
    page.post(here("move_focus_area", other.slug, "opp"), {"version": other.version})
    assert [str(found) for found in digi.focus_areas.all()] == ["Drift", "Strategi og retning"]
    shown = page.get(here("change_focus_area", other.slug)).content.decode()
    assert here("end_focus_area", other.slug) in shown
    version = digi.focus_areas.get(pk=other.pk).version
    words = {"short_name": "Drift", "name": "Drift og sikkerhet", "version": version}
    page.post(here("change_focus_area", other.slug), words)
    assert digi.focus_areas.get(pk=other.pk).name == "Drift og sikkerhet"
    page.post(here("end_focus_area", other.slug))
    assert list(digi.focus_areas.in_use()) == [area]
    page.post(here("take_up_focus_area", other.slug))
    assert digi.focus_areas.in_use().count() == 2


# --- progress ---------------------------------------------------------------------------------------


def test_progress_is_told_in_words_and_figures(as_: Any, adopted: Strategy, secretary: User, director: User) -> None:
    goal = adopted.goals.earliest("pk")
    page = as_(secretary)
    page.post(here("new_goal_note", goal.pk), {"on": "01.06.2026", "text": "Fire av seks er i gang."})
    page.post(
        here("new_indicator", goal.pk),
        {"name": "Kommuner i gang", "unit": "kommuner", "baseline": "1", "baseline_on": "01.01.2025", "target": "6"},
    )
    indicator = goal.indicators.get()
    refused = page.post(here("new_indicator_value", indicator.pk), {"on": "01.01.2025", "value": "2"})
    assert "on" in refused.context_data["form"].errors
    page.post(here("new_indicator_value", indicator.pk), {"on": "01.06.2026", "value": "4"})
    with pytest.raises(NotAllowedNow):
        goal_progress.write_value(indicator=indicator, on=date(2024, 1, 1), value=Decimal(1), by=secretary)
    shown = as_(director).get(goal.get_absolute_url()).content.decode()
    assert "Fire av seks er i gang." in shown and "<svg" in shown and "sist målt 4" in shown
    assert "Fire av seks" in as_(director).get(here("strategy")).content.decode()


def test_progress_follows_the_goal_into_the_next_edition(as_: Any, adopted: Strategy, secretary: User) -> None:
    goal = adopted.goals.earliest("pk")
    goal_progress.note_progress(goal=goal, on=YESTERDAY, text="Godt i gang", by=secretary)
    editions.new_edition(collaboration=adopted.collaboration, reason="Ny periode", by=secretary)
    later = Goal.objects.get(first=goal)
    assert "Godt i gang" in as_(secretary).get(later.get_absolute_url()).content.decode()


# --- the report keeps its edition -------------------------------------------------------------------


def test_an_old_report_keeps_the_edition_it_used(adopted: Strategy, secretary: User) -> None:
    digi = adopted.collaboration
    report = reports.begin_report(collaboration=digi, title="Sluttrapport", by=secretary)
    draft = editions.new_edition(collaboration=digi, reason="Ny periode", by=secretary)
    strategy.change_strategy(strategy=draft, version=None, vision="En ny visjon", by=secretary)
    jobs.run(reports.order(report=report, by=secretary).pk)
    editions.adopt_dated(strategy=draft, adopted_on=timezone.localdate(), adopted_by="styringsgruppen", by=secretary)
    with pytest.raises(NotAllowedNow, match="strateg"):
        reports.publish(report=report, by=secretary)
    jobs.run(reports.order(report=report, by=secretary).pk)
    published = reports.publish(report=report, by=secretary)
    third = editions.new_edition(collaboration=digi, reason="Enda en", by=secretary)
    strategy.change_strategy(strategy=third, version=None, vision="En tredje visjon", by=secretary)
    editions.adopt_dated(strategy=third, adopted_on=timezone.localdate(), adopted_by="styringsgruppen", by=secretary)
    corrected = reports.new_edition(report=published, reason="En feil", by=secretary)
    for one in (published, corrected):
        facts = final_report.context(one)["chapters"]
        visions = [
            block["facts"]["strategy"].vision
            for one in facts
            for block in one["blocks"]
            if "strategy" in block["facts"]
        ]
        assert visions == ["En ny visjon"]


# --- many -------------------------------------------------------------------------------------------


def test_more_goals_areas_and_projects_ask_no_more_of_the_database(
    as_: Any, written: Strategy, area: FocusArea, secretary: User
) -> None:
    def asked() -> list[int]:
        counts = []
        for url in (here("strategy"), written.get_absolute_url(), written.goals.earliest("pk").get_absolute_url()):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert as_(secretary).get(url).status_code == 200
            counts.append(len(queries))
        return counts

    def more(times: int) -> None:
        for number in range(times):
            goal = strategy.add_goal(strategy=written, title=f"M{number}", by=secretary)
            made = projects.register_project(
                collaboration=area.collaboration, title=f"P{number}", focus_area=area, goals=[goal], by=secretary
            )
            focus_areas.register_measure(focus_area=area, text=f"T{number}", project=made, by=secretary)
            goal_progress.note_progress(goal=goal, on=YESTERDAY, text="I gang", by=secretary)

    more(2)
    asked()
    few = asked()
    more(12)
    assert asked() == few


def test_two_who_move_at_once_do_not_overwrite_each_other(
    as_: Any, area: FocusArea, digi: Collaboration, secretary: User
) -> None:
    """The second is told that the order has changed, and sees it as it stands now."""
    page = as_(secretary)
    one, two = (focus_areas.register_measure(focus_area=area, text=text, by=secretary) for text in ("En", "To"))
    page.post(here("change_strategy"), {"vision": "Enklere hverdag", "starts": "2021", "ends": "2025"})
    page.post(here("new_goal"), {"title": "Kompetanse"})
    page.post(here("new_goal"), {"title": "Samhandling"})
    page.post(here("new_pillar"), {"title": "Styring"})
    page.post(here("new_pillar"), {"title": "Drift"})
    other = focus_areas.register_focus_area(collaboration=digi, short_name="Drift", name="Drift", by=secretary)
    found = digi.strategies.get()
    for rows, name, args in (
        (area.measures, "move_measure", (area.slug, two.pk)),
        (found.goals, "move_goal", (found.goals.get(title="Samhandling").pk,)),
        (found.pillars, "move_pillar", (found.pillars.get(title="Drift").pk,)),
        (digi.focus_areas, "move_focus_area", (other.slug,)),
    ):
        before = list(rows.all())
        assert page.post(here(name, *args, "opp"), {"version": 1}).status_code == 302
        moved = list(rows.all())
        assert moved == before[::-1], name
        answer = page.post(here(name, *args, "ned"), {"version": 1}, follow=True)
        assert list(rows.all()) == moved, name
        assert "noen andre har endret rekkefølgen" in answer.content.decode(), name


@pytest.mark.parametrize("name", ["change_strategy", "new_goal", "new_pillar", "new_focus_area"])
def test_what_is_written_of_the_strategy_is_kept_in_the_browser(
    as_: Any, written: Strategy, secretary: User, name: str
) -> None:
    assert 'data-draft="' in as_(secretary).get(here(name)).content.decode()


def test_each_goal_keeps_its_own_text(as_: Any, written: Strategy, secretary: User) -> None:
    page = as_(secretary)
    for goal in written.goals.all():
        assert (
            f'data-draft="change_goal-vesteralen-{goal.pk}"' in page.get(here("change_goal", goal.pk)).content.decode()
        )
