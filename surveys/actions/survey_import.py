"""Writing a checked survey export, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents.registry import Report
from surveys.choices import plain_choice
from surveys.models import Answer, ImportJob, ImportRow, Option, Question, Response, Survey
from surveys.models.questionnaires import key_of
from surveys.survey_check import state_of, survey_of

BATCH = 2000
LONGEST_GROUP = 300
WRITTEN = ["completed", "modified", "municipality", "municipality_from", "people", "people_assumed", "respondent_name",
           "respondent_email", "content", "version"]  # fmt: skip


def may_import(user: Any, job: ImportJob) -> None:
    require(user, "governance.manage_surveys", on=job.collaboration)


def still_stands(job: ImportJob) -> bool:
    """Nothing of the survey has changed since the file was checked; from here on nothing can."""
    survey = Survey.objects.select_for_update().get(pk=job.subject)
    same: bool = state_of(survey) == job.basis["state"]
    return same


def apply(job: ImportJob, rows: Sequence[ImportRow], by: Any, report: Report) -> None:
    """Make the questions and choices that are new, and write the answers."""
    survey = survey_of(job)
    asked, made = _questions(survey, job.basis["plan"])
    new = [row for row in rows if row.verdict == ImportRow.Verdict.NEW]
    Response.objects.bulk_create([_response(survey, job, row) for row in new], batch_size=BATCH)
    changed = [row for row in rows if row.verdict == ImportRow.Verdict.CHANGED]
    _rewrite(changed)
    reviewed = _reviewed(changed)
    answers = (one for row in rows for one in _answers(row, asked, reviewed))
    while batch := list(islice(answers, BATCH)):  # never all at once: they are hundreds of thousands
        Answer.objects.bulk_create(batch)
    job.basis = {**job.basis, "made": made}
    job.save(update_fields=["basis"])
    _changed(survey)


def undo(job: ImportJob, rows: Sequence[ImportRow], by: Any) -> None:
    """Put the answers back as they were; refused when somebody or another file has touched one of them since."""
    survey = Survey.objects.select_for_update().get(pk=job.subject)
    standing = {one.pk: one for one in Response.objects.filter(pk__in=[row.target for row in rows]).select_for_update()}
    touched = [row for row in rows if row.target not in standing or standing[row.target].version != _version(row)]
    if touched:
        raise NotAllowedNow(
            _(
                "%(count)s of the answers have been changed since (first row %(number)s). "
                "The import can no longer be undone."
            )
            % {"count": len(touched), "number": touched[0].number}
        )  # fmt: skip
    Answer.objects.filter(response__in=standing).delete()
    Response.objects.filter(pk__in=[row.target for row in rows if row.before is None]).delete()
    back = [row for row in rows if row.before is not None]
    for row in back:
        assert row.before is not None and row.target is not None
        _fill(standing[row.target], row.before)
        standing[row.target].version += 1
    Response.objects.bulk_update([standing[row.target] for row in back if row.target], WRITTEN, batch_size=500)
    Answer.objects.bulk_create([answer for row in back for answer in _former(row)], batch_size=BATCH)
    _unmake(job.basis.get("made", {}))
    _changed(survey)


def done(job: ImportJob) -> str:
    return survey_of(job).get_absolute_url()


def _changed(survey: Survey) -> None:
    survey.version += 1
    survey.save(update_fields=["version"])


def _version(row: ImportRow) -> int:
    """The version that an answer has had since this import wrote it."""
    return int(row.values["version"]) + 1


# --- questions and choices ------------------------------------------------------------------------


def _questions(
    survey: Survey, plan: Sequence[dict[str, Any]]
) -> tuple[dict[str, dict[str, Any]], dict[str, list[int]]]:
    """By column letter: the question and its choices, made where they are new; and what was made."""
    made: dict[str, list[int]] = {"questions": [], "options": []}
    last = survey.questions.aggregate(last=Max("position"))["last"] or 0
    asked = {}
    for one in plan:
        if one["pk"] is None:
            last += 1
            question = Question.objects.create(
                survey=survey, position=last, text=one["text"], group=one["group"][:LONGEST_GROUP], key=one["key"],
                kind=one["kind"], about_role=one["role"],
            )  # fmt: skip
            made["questions"].append(question.pk)
        else:
            question = survey.questions.get(pk=one["pk"])
        options, created = _choices(question, one)
        made["options"] += created
        asked[one["letter"]] = {"question": question.pk, **options}
    return asked, made


def _choices(question: Question, one: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    there = list(question.options.all())
    place = max((option.position for option in there), default=0)
    new = []
    for option in one["options"]:
        if option["new"]:
            place += 1
            new.append(
                Option(question=question, position=place, text=option["text"], key=key_of(option["text"]),
                       score=option.get("score"))
            )  # fmt: skip
    if one["other"] and not any(option.is_other for option in there):
        text = _other_name([option["text"] for option in one["options"]])
        new.append(Option(question=question, position=place + 1, text=text, key=key_of(text), is_other=True))
    Option.objects.bulk_create(new)
    options = {plain_choice(option.text): option.pk for option in [*there, *new] if not option.is_other}
    other = next((option.pk for option in [*there, *new] if option.is_other), None)
    return {"options": options, "other": other}, [option.pk for option in new]


def _other_name(taken: Iterable[str]) -> str:
    keys = {key_of(text) for text in taken}
    return next(name for name in (_("Other"), _("Other, in own words")) if key_of(name) not in keys)


def _unmake(made: dict[str, list[int]]) -> None:
    """Questions and choices that came with the file go with it, unless somebody has worked on them."""
    Option.objects.filter(pk__in=made.get("options", []), answers=None, question__version=1).delete()
    empty = Question.objects.filter(pk__in=made.get("questions", []), answers=None, version=1)
    Option.objects.filter(question__in=empty).delete()
    empty.delete()


# --- answers --------------------------------------------------------------------------------------


def _response(survey: Survey, job: ImportJob, row: ImportRow) -> Response:
    made = Response(
        id=row.target,
        survey=survey,
        external_id=row.values["external_id"],
        started=_time(row.values["started"]),
        imported_by=job,
    )
    _fill(made, row.values)
    return made


def _fill(response: Response, said: dict[str, Any]) -> None:
    response.completed, response.modified = _time(said["completed"]), _time(said["modified"])
    response.municipality_id, response.municipality_from = said["municipality"], said["municipality_from"]
    response.people, response.people_assumed = said["people"], said["people_assumed"]
    response.respondent_name, response.respondent_email = said["name"], said["email"]
    response.content = said["content"]


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _rewrite(rows: Sequence[ImportRow]) -> None:
    """Answers that the form has received anew: the old words go, the new come; the history keeps both."""
    standing = Response.objects.select_for_update().in_bulk([row.target for row in rows])
    for row in rows:
        assert row.target is not None
        _fill(standing[row.target], row.values)
        standing[row.target].version += 1
    Response.objects.bulk_update(standing.values(), WRITTEN, batch_size=500)
    Answer.objects.filter(response__in=standing).delete()


def _reviewed(rows: Sequence[ImportRow]) -> dict[tuple[Any, int, str], str]:
    """What was decided of texts that come again word by word."""
    return {
        (row.target, said["question"], said["text"]): said["review"]
        for row in rows
        if row.before
        for said in row.before["answers"]
        if said["review"]
    }


def _answers(
    row: ImportRow, asked: dict[str, dict[str, Any]], reviewed: dict[tuple[Any, int, str], str]
) -> Iterable[Answer]:
    for letter, said in row.values["answers"].items():
        question = asked[letter]["question"]
        place = {"response_id": row.target, "question_id": question}
        if "number" in said:
            yield Answer(**place, number=Decimal(said["number"]))
        elif "day" in said:
            yield Answer(**place, day=date.fromisoformat(said["day"]))
        elif "text" in said:
            text = said["text"]
            yield Answer(**place, text=text, review=reviewed.get((row.target, question, text), ""))
        else:
            for choice in dict.fromkeys(said["choices"]):
                yield Answer(**place, option_id=asked[letter]["options"][plain_choice(choice)])
            if text := said["other"]:
                review = reviewed.get((row.target, question, text), "")
                yield Answer(**place, option_id=asked[letter]["other"], text=text, review=review)


def _former(row: ImportRow) -> Iterable[Answer]:
    assert row.before is not None and row.target is not None
    for said in row.before["answers"]:
        yield Answer(
            response_id=row.target,
            question_id=said["question"],
            option_id=said["option"],
            number=Decimal(said["number"]) if said["number"] else None,
            text=said["text"],
            day=date.fromisoformat(said["day"]) if said["day"] else None,
            review=said["review"],
        )
