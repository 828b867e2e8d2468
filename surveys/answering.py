"""Answering in the portal: the themes of a survey, what somebody has written so far, and who may answer for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import allowed
from governance import on_behalf
from governance.models import Collaboration, Membership, Organisation
from surveys.models import Question, Response, ResponseDraft, Survey

RIGHT = "governance.answer_surveys"
# Beside what was chosen: the words of one's own where «other» is chosen.
OTHER = "_other"
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Theme:
    """What is asked on one page."""

    number: int
    name: str
    text: str
    questions: Sequence[Question]

    @property
    def _counted(self) -> Sequence[Question]:
        """Comments need not be written, unless they are all there is."""
        return [one for one in self.questions if one.required or one.kind != Question.Kind.TEXT] or self.questions

    def answered(self, said: Said) -> int:
        return sum(has_answer(question, said) for question in self._counted)

    @property
    def asked(self) -> int:
        return len(self._counted)


def themes(survey: Survey) -> list[Theme]:
    """The questions as they stand together: by dimension or grid, in the order they are asked."""
    groups: dict[str, list[Question]] = {}
    for question in survey.questions.select_related("dimension").prefetch_related("options"):
        groups.setdefault(question.group, []).append(question)
    found = []
    for number, (name, questions) in enumerate(groups.items(), start=1):
        about = next((one.dimension.text for one in questions if one.dimension), "")
        found.append(Theme(number, name or _("Questions"), about, questions))
    return found


def has_answer(question: Question, said: Said) -> bool:
    return said.get(str(question.pk)) not in (None, "", [])


def missing(found: Sequence[Theme], said: Said) -> list[tuple[Theme, Question]]:
    """What is not answered, but for comments, which nobody has to write."""
    return [
        (theme, question)
        for theme in found
        for question in theme.questions
        if not has_answer(question, said) and (question.required or question.kind != Question.Kind.TEXT)
    ]


def told(question: Question, said: Said) -> str:
    """The answer in words, as it stands on the page where it is looked over."""
    value = said.get(str(question.pk))
    if not question.has_choices:
        return str(value or "")
    chosen = value if isinstance(value, list) else [value]
    words = [option.label for option in question.options.all() if str(option.pk) in chosen]
    other = said.get(f"{question.pk}{OTHER}")
    return ", ".join([*words, other] if other else words)


def begun(survey: Survey) -> bool:
    """From the first day on the page is there; before, it is not."""
    return survey.in_portal and survey.opens_on is not None and survey.opens_on <= timezone.localdate()


def id_in_portal(survey: Survey, municipality: Organisation, user: Any) -> str:
    """What an answer from the portal is known by: the municipality's own, or a person's, which names nobody."""
    if not survey.personal_opinion:
        return f"portal-{municipality.number}"
    return salted_hmac("surveys.portal", f"{survey.pk}:{user.pk}").hexdigest()[:12]


def answer_of(survey: Survey, municipality: Organisation, user: Any) -> Response | None:
    """Known by its id alone: the municipality may have been corrected since. An answer from the portal has no start."""
    identity = id_in_portal(survey, municipality, user)
    found = Response.objects.filter(survey=survey, external_id=identity, started=None)
    return found.select_related("answered_by").first()


def said_of(response: Response) -> dict[str, Any]:
    """What stood in the form when this was handed in."""
    said: dict[str, Any] = {}
    for answer in response.answers.select_related("question", "option"):
        key = str(answer.question_id)
        if answer.option is None:
            number = "" if answer.number is None else f"{answer.number.normalize():f}"
            said[key] = answer.day.isoformat() if answer.day else answer.text or number
            continue
        if answer.question.kind == Question.Kind.MULTIPLE:
            said.setdefault(key, []).append(str(answer.option_id))
        else:
            said[key] = str(answer.option_id)
        if answer.option.is_other:
            said[f"{key}{OTHER}"] = answer.text
    return said


def draft_of(survey: Survey, municipality: Organisation, user: Any) -> ResponseDraft | None:
    """The municipality's common draft, or a person's own."""
    whose = user if survey.personal_opinion else None
    drafts = ResponseDraft.objects.select_related("written_by")
    return drafts.filter(survey=survey, municipality=municipality, user=whose).first()


@dataclass(frozen=True)
class Asked:
    """A survey that is open, and a municipality that a person may answer it for."""

    survey: Survey
    municipality: Organisation
    answered: bool


def open_for(user: Any, collaboration: Collaboration | None = None) -> list[Asked]:
    """What a person may answer today, here or anywhere; as many queries for one survey as for ten."""
    places = {place.pk: place for place in allowed(Organisation.objects.municipalities(), user, RIGHT)}
    today = timezone.localdate()
    surveys = Survey.objects.filter(in_portal=True, opens_on__lte=today, closes_on__gte=today)
    if collaboration is not None:
        surveys = surveys.filter(collaboration=collaboration)
    open_now = list(surveys.select_related("collaboration").order_by("closes_on", "pk")) if places else []
    if not open_now:
        return []
    members = Membership.objects.active().filter(
        organisation__in=places, collaboration__in=[survey.collaboration_id for survey in open_now]
    )
    pairs = set(members.values_list("collaboration", "organisation"))
    mine = {id_in_portal(survey, place, user) for survey in open_now for place in places.values()}
    given = Response.objects.filter(survey__in=open_now, external_id__in=mine, started=None)
    done = set(given.values_list("survey", "external_id"))
    return [
        Asked(survey, place, (survey.pk, id_in_portal(survey, place, user)) in done)
        for survey in open_now
        for place in on_behalf.own_first(sorted(places.values(), key=lambda one: one.sort_key))
        if (survey.collaboration_id, place.pk) in pairs
    ]


@dataclass(frozen=True)
class Standing:
    """How far one municipality has come with a survey."""

    municipality: Organisation
    answers: int
    people: int
    completed: Any
    written: Any

    @property
    def state(self) -> str:
        return "answered" if self.answers else "begun" if self.written else "silent"


def standings(survey: Survey) -> list[Standing]:
    """Every member: answered, begun, or not yet; three queries."""
    given: dict[int, list[tuple[int, Any]]] = {}
    portal = survey.responses.exclude(municipality=None).order_by("completed")
    for pk, people, completed in portal.values_list("municipality", "people", "completed"):
        given.setdefault(pk, []).append((people, completed))
    drafts = dict(survey.drafts.order_by("updated_at").values_list("municipality", "updated_at"))
    found = []
    for place in survey.collaboration.members():
        rows = given.get(place.pk, [])
        last = rows[-1][1] if rows else None
        found.append(Standing(place, len(rows), sum(people for people, _day in rows), last, drafts.get(place.pk)))
    return found
