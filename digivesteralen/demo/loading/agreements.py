"""Made up: a second version of the prolonged agreement, a task body (KO) under way, and an assessment of the form."""

from __future__ import annotations

from datetime import date
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.actions import agreement_texts, agreement_versions, agreements, legal_forms
from governance.models import Agreement, Collaboration


def load(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    told = facts.agreements()
    _second_version(collaboration, told["version"], secretary)
    _task_body(cast, collaboration, told["task_body"], secretary)
    _assessment(cast, collaboration, told["assessment"], secretary)


def obligations(agreement: Agreement, told: list[dict[str, Any]], secretary: Any, *, example: bool) -> None:
    """As the report says what is expected of all, and of those who take part in a project (R8, R15)."""
    for one in told:
        agreement_texts.write_obligation(
            agreement=agreement,
            kind=one["kind"],
            text=one["text"],
            due=one.get("due", ""),
            example=example,
            by=secretary,
        )


def _second_version(collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> None:
    """Begun on the agreement in force; what it changes binds money, so every municipality will have to adopt it."""
    standing = Agreement.objects.whole().get(collaboration=collaboration, slug=told["of"])
    made = agreement_versions.new_version(
        agreement=standing, what_changed=told["what_changed"], why=told["why"], by=secretary
    )
    for change in told["changes"]:
        clause = made.sections.get(kind=change["kind"])
        text = f"{clause.text} {change['adds']}"
        agreement_texts.write_clause(agreement=made, clause=clause, heading=str(clause), text=text, by=secretary)


def _task_body(cast: Cast, collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> None:
    """One of the other agreements the register serves; a point of the act is still not settled."""
    made = agreements.create_agreement(
        collaboration=collaboration,
        title=told["title"],
        slug=told["slug"],
        form="ko",
        entity_name=told["entity_name"],
        other_changes="two_thirds",
        period_from=date(cast.today.year + 1, 1, 1),
        parties=cast.municipalities(told["parties"]),
        example=True,
        by=secretary,
    )
    for clause in told["clauses"]:
        agreement_texts.write_clause(agreement=made, by=secretary, **clause)
    for number, value in told["values"].items():
        place = cast.municipality(number)
        agreements.write_value(agreement=made, organisation=place, value=value, example=True, by=secretary)
    obligations(made, told["obligations"], secretary, example=True)


def _assessment(cast: Cast, collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> None:
    review = legal_forms.raise_review(
        collaboration=collaboration, trigger=told["trigger"], note=told["note"], raised_on=cast.past(told["raised"]),
        example=True, by=secretary,
    )  # fmt: skip
    legal_forms.assess(
        review=review,
        result="keep",
        conclusion=told["conclusion"],
        assessed_on=cast.past(told["assessed"]),
        assessed_by=told["by"],
        next_review=cast.day(told["next"]),
        by=secretary,
    )
