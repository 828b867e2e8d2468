"""Writing a municipality's answer in the portal: kept at every pause, handed in, changed until the survey closes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.ui import wording
from governance.models import Organisation
from surveys import answering, reminders
from surveys.answering import OTHER, RIGHT
from surveys.models import Answer, Question, Response, ResponseDraft, Survey

MANAGE = "governance.manage_surveys"


@transaction.atomic
def keep(
    *, survey: Survey, municipality: Organisation, said: Mapping[str, Any], version: int | None = None, by: Any
) -> ResponseDraft:
    """Keep what stands on one page; the other pages stay as they are. Nothing is counted before it is handed in."""
    survey = _open(survey, municipality, by)
    whose = by if survey.personal_opinion else None
    draft, new = ResponseDraft.objects.get_or_create(survey=survey, municipality=municipality, user=whose)
    draft = ResponseDraft.objects.select_for_update().get(pk=draft.pk)
    if new and (response := answering.answer_of(survey, municipality, by)):
        draft.said = answering.said_of(response)
    _not_overtaken(draft, version, by)
    draft.said = {**draft.said, **said}
    draft.written_by, draft.version = by, draft.version + 1
    draft.save()
    return draft


@transaction.atomic
def hand_in(
    *, survey: Survey, municipality: Organisation, people: int = 1, version: int | None = None, by: Any
) -> Response:
    """The draft becomes the answer that counts; handed in again, it takes the place of the one before.

    What somebody thinks for themselves is kept once, in the answer, where nothing says whose it is (rule 10).
    """
    survey = _open(survey, municipality, by)
    found = answering.draft_of(survey, municipality, by)
    if found is None:
        if standing := answering.answer_of(survey, municipality, by):
            return standing  # handed in already, and nothing has been written since
        raise NotAllowedNow(_("Nothing is answered yet."))
    draft = ResponseDraft.objects.select_for_update().get(pk=found.pk)
    _not_overtaken(draft, version, by)
    asked = answering.themes(survey)
    if lacking := [question for _theme, question in answering.missing(asked, draft.said) if question.required]:
        names = ", ".join(f"«{question}»" for question in lacking[:5])
        raise NotAllowedNow(
            _("These must be answered before it can be handed in: %(questions)s.") % {"questions": names}
        )
    response = _response(survey, municipality, draft, people if not survey.personal_opinion else 1, by)
    answers = [
        answer for theme in asked for question in theme.questions for answer in _answers(response, question, draft.said)
    ]
    _keep_reviews(response, answers)
    if not answers:
        raise NotAllowedNow(_("Nothing is answered yet."))
    response.answers.all().delete()
    Answer.objects.bulk_create(answers)
    if survey.personal_opinion:
        draft.delete()
        return response
    draft.people = response.people
    draft.save(update_fields=["people"])
    return response


@transaction.atomic
def hand_in_by_link(*, survey: Survey, identity: str, said: Mapping[str, Any]) -> Response:
    """By one who was sent an address of their own, and once; nothing says whose answer it is (rule 10).

    Whoever makes the addresses answers for who gets one; ``identity`` is what the answer is known by.
    """
    survey = Survey.objects.select_for_update(of=["self"]).get(pk=survey.pk)
    if not survey.is_open:
        raise NotAllowedNow(closed_words(survey))
    if survey.responses.filter(external_id=identity).exists():
        raise NotAllowedNow(_("You have answered already. Thank you!"))
    asked = answering.themes(survey)
    if lacking := [question for _theme, question in answering.missing(asked, said) if question.required]:
        names = ", ".join(f"«{question}»" for question in lacking[:5])
        raise NotAllowedNow(
            _("These must be answered before it can be handed in: %(questions)s.") % {"questions": names}
        )
    content = hashlib.sha256(json.dumps(dict(said), sort_keys=True).encode()).hexdigest()
    response = Response.objects.create(
        survey=survey, external_id=identity, completed=timezone.now(), people_assumed=False, content=content
    )
    Answer.objects.bulk_create(
        answer for theme in asked for question in theme.questions for answer in _answers(response, question, said)
    )
    return response


@transaction.atomic
def withdraw(*, survey: Survey, municipality: Organisation, by: Any) -> None:
    """Take the answer back while the survey is open; what was written stays as a draft."""
    survey = _open(survey, municipality, by)
    response = answering.answer_of(survey, municipality, by)
    if response is None:
        raise NotAllowedNow(_("There is no answer to take back."))
    if survey.personal_opinion:
        about = {"said": answering.said_of(response), "written_by": by}
        ResponseDraft.objects.get_or_create(survey=survey, municipality=municipality, user=by, defaults=about)
    Response.objects.select_for_update().get(pk=response.pk).delete()


@transaction.atomic
def remind(*, survey: Survey, by: Any) -> list[Organisation]:
    """An e-mail to each municipality that has not answered; once a day."""
    survey = Survey.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=survey.pk)
    require(by, MANAGE, on=survey.collaboration)
    if not survey.in_portal or not survey.is_open:
        raise NotAllowedNow(_("The survey is not open, so nobody can answer it now."))
    silent = [one.municipality for one in answering.standings(survey) if not one.answers]
    if not silent:
        raise NotAllowedNow(_("Everybody has answered, so there is nobody to remind."))
    reached = reminders.reachable(silent)
    due = [place for place in silent if place.pk in reached and not reminders.told_today(survey, place)]
    if not due:
        raise NotAllowedNow(
            _("Nobody can be reminded now: those that have not answered got one today, or have no e-mail address.")
        )
    for place in due:
        jobs.ask(reminders.KIND, reminders.subject(survey, place), by=by, key=reminders.key(survey, place))
    return due


def reminded_today(survey: Survey) -> set[str]:
    """The numbers of the municipalities that a reminder went to today."""
    keys = Job.objects.filter(key__startswith=reminders.today(survey)).values_list("subject", flat=True)
    return {subject.partition(":")[2] for subject in keys}


def _open(survey: Survey, municipality: Organisation, by: Any) -> Survey:
    """The survey, locked against being closed meanwhile; the right is the municipality's own."""
    survey = (
        Survey.objects.select_for_update(of=["self"], no_key=True).select_related("collaboration").get(pk=survey.pk)
    )
    require(by, RIGHT, on=municipality)
    if not survey.collaboration.members().filter(pk=municipality.pk).exists():
        raise NotAllowedNow(_("%(name)s is not a member of the collaboration.") % {"name": municipality})
    if not survey.in_portal:
        raise NotAllowedNow(_("This survey is not answered in the portal."))
    if not survey.is_open:
        raise NotAllowedNow(closed_words(survey))
    return survey


def closed_words(survey: Survey) -> str:
    if survey.opens_on and survey.opens_on > timezone.localdate():
        return _("The survey opens on %(day)s.") % {"day": wording.day(survey.opens_on)}
    return _(
        "The survey closed on %(day)s. Answers cannot be changed any more; tell the secretariat if something is wrong."
    ) % {"day": wording.day(survey.closes_on)}


def _not_overtaken(draft: ResponseDraft, version: int | None, by: Any) -> None:
    """Somebody else's later words are never overwritten; one's own earlier save is."""
    if version is not None and version != draft.version and draft.written_by_id not in (None, by.pk):
        raise Stale(draft)


def _response(survey: Survey, municipality: Organisation, draft: ResponseDraft, people: int, by: Any) -> Response:
    if people < 1:
        raise NotAllowedNow(_("At least one person stands behind an answer."))
    known, now = answering.answer_of(survey, municipality, by), timezone.now()
    if known is None:
        identity = answering.id_in_portal(survey, municipality, by)
        response = Response(survey=survey, external_id=identity, completed=now)
        response.municipality, response.municipality_from = municipality, Response.Source.PORTAL
    else:  # a municipality that was corrected by hand stays so
        response = Response.objects.select_for_update(of=["self"]).get(pk=known.pk)
        response.modified, response.version = now, response.version + 1
    response.people, response.people_assumed = people, False
    response.answered_by = None if survey.personal_opinion and not survey.named else by
    response.content = hashlib.sha256(json.dumps(draft.said, sort_keys=True).encode()).hexdigest()
    response.save()
    return response


def _keep_reviews(response: Response, answers: Sequence[Answer]) -> None:
    """What was decided of texts that are handed in again word by word."""
    reviewed = {(one.question_id, one.text): one.review for one in response.answers.exclude(review="")}
    for answer in answers:
        answer.review = reviewed.get((answer.question_id, answer.text), "")


def _answers(response: Response, question: Question, said: Mapping[str, Any]) -> list[Answer]:
    """One row for each choice, a number, a day or words; what does not fit the question any more says nothing."""
    value = said.get(str(question.pk))
    if value in (None, "", []):
        return []
    if question.has_choices:
        chosen = value if isinstance(value, list) else [value]
        other = said.get(f"{question.pk}{OTHER}") or ""
        return [
            Answer(response=response, question=question, option=option, text=other if option.is_other else "")
            for option in question.options.all()
            if str(option.pk) in chosen
        ]
    answer = Answer(response=response, question=question)
    if question.kind == Question.Kind.TEXT:
        answer.text = value
    elif question.kind == Question.Kind.DATE:
        answer.day = date.fromisoformat(value)
    else:
        answer.number = Decimal(value)
    return [answer]
