"""Which questions and choices a survey export brings: each column that is a question, with its kind and choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from surveys import forms_reader
from surveys.models import ImportJob, ImportRow, Question, Survey
from surveys.models.questionnaires import key_of, tidy

QUESTION = "question-"
LONGEST_CHOICE = 1000
# With fewer answers than this a choice that only one has taken cannot be told from words of one's own.
FEW = 10


def plan_of(job: ImportJob, survey: Survey, rows: Sequence[ImportRow]) -> tuple[list[dict[str, Any]], list[str]]:
    """Each column that is a question, with its kind and choices; and the titles connected to one question twice."""
    asked = {one.pk: one for one in survey.questions.prefetch_related("options")}
    by_key = {one.key: one for one in asked.values()}
    listed: dict[str, list[str]] = job.mapping.get("choices", {})
    plan, doubled, taken = [], [], set()
    for column in job.columns:
        letter, name = column["letter"], job.mapping["columns"].get(column["letter"], "")
        if not name.startswith(QUESTION) and name not in (*forms_reader.KINDS, "role"):
            continue
        title = tidy(column["header"])
        question = (
            asked.get(int(name.removeprefix(QUESTION))) if name.startswith(QUESTION) else by_key.get(key_of(title))
        )
        key = question.key if question else key_of(title)
        if key in taken:
            doubled.append(title)
        taken.add(key)
        kind = question.kind if question else ("single" if name == "role" else name)
        values = [str(value) for row in rows if (value := row.raw.get(f"{letter}{row.number}")) not in (None, "")]
        options, other, own = _options(kind, question, values, listed.get(letter))
        plan.append(
            {
                "letter": letter,
                "pk": question.pk if question else None,
                "text": question.text if question else title,
                "key": key,
                "kind": str(kind),
                "role": question.about_role if question else name == "role",
                "options": options,
                "other": other,
                "own_words": own,
            }
        )
    return plan, doubled


def _options(
    kind: str, question: Question | None, values: Sequence[str], listed: list[str] | None
) -> tuple[list[dict[str, Any]], bool, int]:
    """The choices of a question, whether words of one's own were found among the answers, and how many.

    Words of one's own take the place of a choice in the same list, and are known only by not being a known choice.
    """
    if kind not in (Question.Kind.SINGLE, Question.Kind.MULTIPLE):
        return [], False, 0
    there = list(question.options.all()) if question else []
    has_other = any(option.is_other for option in there)
    known = [option.text for option in there if not option.is_other]
    listed = [tidy(one) for one in listed or [] if tidy(one)]
    taken: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for value in values:
        for part in forms_reader.split_choices(value, [*known, *listed]) if kind == "multiple" else [tidy(value)]:
            plain = forms_reader.plain_choice(part)
            taken[plain] += 1
            spelt.setdefault(plain, part)
    options = {forms_reader.plain_choice(text): {"text": text, "new": False} for text in known}
    if listed:
        new = listed
    elif has_other:
        new = []
    else:
        often = 1 if len(values) < FEW else 2
        new = [spelt[plain] for plain, count in taken.items() if count >= often and len(spelt[plain]) <= LONGEST_CHOICE]
    for text in new:
        options.setdefault(forms_reader.plain_choice(text), {"text": text, "new": True})
    own = sum(count for plain, count in taken.items() if plain not in options)
    return list(options.values()), has_other or own > 0, own
