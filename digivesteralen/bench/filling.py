"""The thousands: cases, projects, systems and answers, written in bulk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from django.utils import timezone

from governance.actions.adoptions import key_of
from governance.addresses import plain
from governance.models import (
    Adoption,
    AgendaItem,
    Attendance,
    AttendanceChange,
    Body,
    Case,
    Collaboration,
    Meeting,
    Opinion,
    Organisation,
    Resolution,
    ResolutionPoint,
)
from portfolio.models import FocusArea, Participation, Project
from surveys.actions.surveys import define_question, define_survey
from surveys.models import Answer, Area, Inventory, Product, Question, Response, Survey, SystemUse

ON_AN_AGENDA = 20  # cases
EVENTS = 30  # people who leave or come during one meeting
TEXT = "Kommunene har ulike løsninger i dag. En felles løsning gir bedre tjenester og lavere kostnader. " * 4
POINTS = ["Styringsgruppen støtter forslaget.", "Sekretariatet følger opp og rapporterer i neste møte."]
BATCH = 2000


def meetings(body: Body, places: list[Organisation], cases: int, secretary: Any) -> tuple[Meeting, Case]:
    """Held meetings of twenty cases each, and one whose agenda is out; answers with the newest held, and a case."""
    count = max(1, cases // ON_AN_AGENDA)
    today = timezone.localdate()
    days = [today - timedelta(days=7 * (count - index)) for index in range(count)]
    made = [_meeting(body, day, Meeting.State.HELD, 60 + index) for index, day in enumerate(days)]
    made.append(_meeting(body, today + timedelta(days=14), Meeting.State.CALLED, 59))
    _planned(made)
    written = Case.objects.bulk_create(
        (_case(body, meeting, place) for meeting in made for place in range(1, ON_AN_AGENDA + 1)), batch_size=BATCH
    )
    items = AgendaItem.objects.bulk_create(
        (
            AgendaItem(meeting=made[index // ON_AN_AGENDA], case=case, position=index % ON_AN_AGENDA + 1)
            for index, case in enumerate(written)
        ),
        batch_size=BATCH,
    )
    Meeting.objects.bulk_update(made, ["state", "called_at"])
    _resolutions(items[:-ON_AN_AGENDA])
    held = made[-2]
    agenda = [item for item in items if item.meeting == held]
    _attendance(held, body, agenda)
    newest = [item.case for item in agenda]
    _asked(body.collaboration, newest[:3], places)
    seats = body.seats.select_related("person", "represents")
    Opinion.objects.bulk_create(
        Opinion(case=newest[0], organisation=seat.represents, person=seat.person, stance="supports") for seat in seats
    )
    return held, newest[0]


def _planned(meetings: list[Meeting]) -> None:
    """Agendas are filled before they are sent: the meetings stand as planned until then."""
    states = [(meeting.state, meeting.called_at) for meeting in meetings]
    for meeting in meetings:
        meeting.state, meeting.called_at = Meeting.State.PLANNED, None
    Meeting.objects.bulk_create(meetings)
    for meeting, (state, called_at) in zip(meetings, states, strict=True):
        meeting.state, meeting.called_at = state, called_at


def _attendance(held: Meeting, body: Body, agenda: list[AgendaItem]) -> None:
    """All are there, and one after the other leaves and comes back."""
    rows = Attendance.objects.bulk_create(
        Attendance(meeting=held, seat=seat, status=Attendance.Status.PRESENT) for seat in body.seats.all()
    )
    kinds = (AttendanceChange.Kind.LEFT, AttendanceChange.Kind.CAME)
    AttendanceChange.objects.bulk_create(
        AttendanceChange(
            attendance=rows[number // 2 % len(rows)],
            item=agenda[number * len(agenda) // EVENTS],
            kind=kinds[number % 2],
        )
        for number in range(EVENTS)
    )


def _meeting(body: Body, day: date, state: str, number: int) -> Meeting:
    starts = timezone.make_aware(datetime(day.year, day.month, day.day, 9, 0))  # noqa: DTZ001 -- made aware here
    return Meeting(
        body=body, year=day.year, number=number, starts_at=starts, ends_at=starts + timedelta(hours=3),
        place="Teams", state=state, called_at=starts - timedelta(days=30),
    )  # fmt: skip


def _case(body: Body, meeting: Meeting, place: int) -> Case:
    return Case(
        body=body, year=meeting.year, sequence=meeting.number * ON_AN_AGENDA + place,
        title=f"Sak om felles løsning {place}",
        stage=Case.Stage.ON_AGENDA if meeting.state == Meeting.State.CALLED else Case.Stage.TREATED,
        information=TEXT, assessment=TEXT, proposal="\n".join(POINTS), asks_municipalities=place <= 3,
    )  # fmt: skip


def _resolutions(items: list[AgendaItem]) -> None:
    resolutions = Resolution.objects.bulk_create(
        (
            Resolution(
                item=item, outcome="recommended" if item.case.asks_municipalities else "as_proposed", treatment=TEXT
            )
            for item in items
        ),
        batch_size=BATCH,
    )
    ResolutionPoint.objects.bulk_create(
        (
            ResolutionPoint(
                resolution=resolution, number=number, text=text, responsible="Sekretariatet" if number == 2 else ""
            )
            for resolution in resolutions
            for number, text in enumerate(POINTS, 1)
        ),
        batch_size=BATCH,
    )


def _asked(collaboration: Collaboration, cases: list[Case], places: list[Organisation]) -> None:
    Adoption.objects.bulk_create(
        Adoption(
            collaboration=collaboration, organisation=place, case=case, key=key_of(case), matter=case.title,
            proposal=case.proposal,
        )
        for case, place in product(cases, places)
    )  # fmt: skip


def projects(collaboration: Collaboration, places: list[Organisation], count: int, secretary: Any) -> Project:
    """Projects over six focus areas, each with six municipalities invited, every other of them with a yes."""
    areas = FocusArea.objects.bulk_create(
        FocusArea(
            collaboration=collaboration, position=n, short_name=f"Område {n}", name=f"Område {n}", slug=f"omrade-{n}"
        )
        for n in range(1, 7)
    )
    made = Project.objects.bulk_create(
        (
            Project(
                collaboration=collaboration, number=n, slug=f"prosjekt-{n}", title=f"Prosjekt {n}", goal=TEXT,
                focus_area=areas[n % 6], state=Project.State.PLANNING, shared_cost=Decimal(100_000 + n), hours=40,
            )
            for n in range(1, count + 1)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    invited = [(project, places[(index + n) % len(places)]) for n, project in enumerate(made) for index in range(6)]
    invited = list(dict.fromkeys(invited))
    decided = Adoption.objects.bulk_create(
        (_decided(collaboration, place, project, n % 2 == 0, secretary) for n, (project, place) in enumerate(invited)),
        batch_size=BATCH,
    )
    Participation.objects.bulk_create(
        (
            Participation(project=project, organisation=place, invited_on=date(2026, 1, 1), adoption=adoption)
            for (project, place), adoption in zip(invited, decided, strict=True)
        ),
        batch_size=BATCH,
    )
    return made[0]


def _decided(collaboration: Collaboration, place: Organisation, project: Project, yes: bool, by: Any) -> Adoption:
    matter = f"Deltakelse i {project.title}"
    adoption = Adoption(collaboration=collaboration, organisation=place, key=f"om-{plain(matter)}", matter=matter)
    if yes:
        adoption.state, adoption.decided_by, adoption.case_number = Adoption.State.ADOPTED, "kommunestyret", "1/26"
        adoption.decided_on, adoption.registered_at, adoption.registered_by = date(2026, 1, 10), timezone.now(), by
        adoption.amount = Decimal(50_000)
    return adoption


def inventories(places: list[Organisation], uses: int) -> None:
    """Each municipality has its share of the systems, drawn from the areas and systems of the demo."""
    areas, products = list(Area.objects.all()), list(Product.objects.select_related("supplier"))
    lists = Inventory.objects.bulk_create(Inventory(municipality=place, example=True) for place in places)
    each, ends = -(-uses // len(places)), date(2027, 1, 1)
    SystemUse.objects.bulk_create(
        islice(
            (
                SystemUse(
                    inventory=row, area=areas[n % len(areas)], product=chosen, supplier=chosen.supplier,
                    contract_end=ends + timedelta(days=(n * 31 + index) % 1500), example=True,
                    notice_months=n % 7, options=index % 3, option_months=12,
                )
                for index, row in enumerate(lists)
                for n in range(each)
                for chosen in [products[(n * 3 + index % 7) % len(products)]]
            ),
            uses,
        ),
        batch_size=BATCH,
    )  # fmt: skip


def survey(collaboration: Collaboration, places: list[Organisation]) -> Survey:
    """Ten answers from each municipality to three questions."""
    made = define_survey(collaboration=collaboration, title="Behov og muligheter")
    questions = [
        define_question(
            survey=made, text=f"Hva er viktigst på område {n}?", kind=Question.Kind.SINGLE,
            options=[{"text": f"Valg {choice}"} for choice in range(1, 7)],
        )
        for n in range(1, 4)
    ]  # fmt: skip
    responses = Response.objects.bulk_create(
        (
            Response(survey=made, external_id=f"{place.number}-{n}", municipality=place, municipality_from="question")
            for place in places
            for n in range(10)
        ),
        batch_size=BATCH,
    )
    choices = {question.pk: list(question.options.all()) for question in questions}
    Answer.objects.bulk_create(
        (
            Answer(response=response, question=question, option=choices[question.pk][n % 6])
            for n, response in enumerate(responses)
            for question in questions
        ),
        batch_size=BATCH,
    )
    return made
