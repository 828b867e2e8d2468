"""A portfolio in which every municipality is asked about every project: the largest there can be.

All of them are shared by population, and every other answer is a yes. It is made by the database, row upon row.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, models

from digivesteralen.accounts.models import User
from digivesteralen.bench.measuring import Row, counted, timed
from digivesteralen.bench.pages import Page, in_, measured
from digivesteralen.bench.world import SINCE, WHOLE, Size, World
from governance.actions import collaborations
from governance.models import Adoption, Collaboration, Membership, Organisation, Population
from governance.permissions import sync_people
from portfolio.actions.shares import recalculate_all
from portfolio.models import Participation, Project, Share
from portfolio.shares import financing

MOST_SECONDS, MOST_MILLISECONDS = 10, 150
COUNTED = date(2026, 1, 1)
# So many projects are asked about in one statement.
AT_A_TIME = 50
YES = "(project.number + member.organisation_id) %% 2 = 0"
DECIDED = {
    "decided_on": "date '2026-01-10'", "registered_at": "now()", "amount": "200", "decided_by": "'kommunestyret'",
    "case_number": "'1/26'", "state": "'adopted'",
}  # fmt: skip
PAGES = [
    Page("portfolio, all in all", in_("portfolio")),
    Page("portfolio of a director, all in all", in_("portfolio"), director=True),
    Page("one municipality, all in all", lambda world: in_("portfolio_municipality", first(world))(world)),
    Page("who takes part in what, all in all", in_("participation_matrix")),
    Page("to be settled anew, all in all", in_("reopened")),
    Page("a project that all are asked about", lambda world: world.project.get_absolute_url()),
]


def first(world: World) -> str:
    return str(world.municipalities[0].number)


def build(world: World, size: Size) -> World:
    """A second collaboration of the same municipalities, with a secretary of its own and the same director."""
    slug = f"{world.collaboration.slug}-alle"
    made = collaborations.create_collaboration(
        slug=slug, name=f"DigiAlle {size.municipalities}", secretary_name=f"Sekretær {slug}",
        secretary_email=f"sekretar@{slug}.example", by=User.objects.get(is_staff=True),
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(collaboration=made, organisation=place, since=SINCE) for place in world.municipalities
    )
    sync_people(world.director.person)
    secretary = User.objects.get(email=f"sekretar@{slug}.example")
    projects = Project.objects.bulk_create(
        Project(
            collaboration=made, number=n, slug=f"prosjekt-{n}", title=f"Prosjekt {n}", state=Project.State.PLANNING,
            shared_cost=Decimal(100_000 + n), hours=40, key=Project.Key.POPULATION, counted_on=COUNTED,
        )
        for n in range(1, size.projects + 1)
    )  # fmt: skip
    for place in range(0, len(projects), AT_A_TIME):
        _ask(projects[place : place + AT_A_TIME], world.municipalities[0], secretary)
    recalculate_all(made)
    return replace(world, collaboration=made, project=projects[0], secretary=secretary)


def _ask(projects: list[Project], somebody: Organisation, by: User) -> None:
    """One decision and one participation for each member and each of these projects."""
    asked = """
        FROM portfolio_project project
        JOIN governance_membership member ON member.collaboration_id = project.collaboration_id
    """
    project, keys = projects[0], [one.pk for one in projects]
    decision = Adoption(collaboration=project.collaboration, organisation=somebody, key="x", matter="x")
    decided = {name: f"CASE WHEN {YES} THEN {value} ELSE {_unset(name)} END" for name, value in DECIDED.items()}
    _multiply(
        decision, f"{asked} WHERE project.id = ANY(%s)", keys,
        organisation_id="member.organisation_id", key="'prosjekt-' || project.number", matter="project.title",
        registered_by_id=f"CASE WHEN {YES} THEN {by.pk} END", **decided,
    )  # fmt: skip
    answers = """
        JOIN governance_adoption answer ON answer.collaboration_id = project.collaboration_id
            AND answer.organisation_id = member.organisation_id AND answer.key = 'prosjekt-' || project.number
        WHERE project.id = ANY(%s)
    """
    _multiply(
        Participation(project=project, organisation=somebody, invited_on=COUNTED, adoption_id=0), asked + answers,
        keys, project_id="project.id", organisation_id="member.organisation_id", adoption_id="answer.id",
    )  # fmt: skip


def _unset(name: str) -> str:
    return {"state": "'open'", "decided_by": "''", "case_number": "''"}.get(name, "NULL")


def _multiply(pattern: models.Model, rows: str, keys: list[int], **expressions: str) -> None:
    """Insert the pattern once for each row, with these columns worked out by the database."""
    columns, values, told = [], [], []
    for field in pattern._meta.concrete_fields:
        if field.primary_key or field.generated:
            continue
        column = str(field.column)
        columns.append(f'"{column}"')
        values.append(expressions.get(column, "%s"))
        if column not in expressions:
            told.append(field.get_db_prep_save(field.pre_save(pattern, True), connection))
    statement = f"INSERT INTO {pattern._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)} {rows}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*told, keys])


def measure(world: World, smaller: World, *, runs: int) -> list[Row]:
    """The shares first, so that the pages read rows that are new."""
    return [_anew(world), *measured(PAGES, world, smaller, runs=runs, most=MOST_MILLISECONDS)]


def _anew(world: World) -> Row:
    """Every municipality is counted anew, and every share of every project follows."""
    day = COUNTED - timedelta(days=1)
    Population.objects.bulk_create(
        Population(organisation=place, on=day, people=2_000 + 53 * index, source="måling")
        for index, place in enumerate(world.municipalities)
    )
    count = Share.objects.filter(project__collaboration=world.collaboration).count()
    with counted() as questions:
        took = timed(lambda: recalculate_all(world.collaboration))
    _same_one_by_one(world.collaboration)
    whole = len(world.municipalities) >= WHOLE
    return Row(
        f"{count} shares after a new population", took, queries=questions.queries,
        target=f"< {MOST_SECONDS} s" if whole else "", good=took < MOST_SECONDS if whole else None,
    )  # fmt: skip


def _same_one_by_one(collaboration: Collaboration) -> None:
    """A fast answer that is another answer is none."""
    for project in collaboration.projects.order_by("?")[:3]:
        divided = financing(project, list(project.participations.whole()))
        kept = dict(Share.objects.filter(project=project).values_list("participation", "so_far"))
        if kept != {line.participation.pk: line.so_far for line in divided.lines}:
            raise RuntimeError(f"{project}: the kept shares are not those that are worked out.")
