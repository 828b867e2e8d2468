"""Reading what people wrote in their own words, before others and a report see it (rule 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from digivesteralen.accounts.access import holds, require
from surveys.models import Answer, Response, Survey

MANAGE, PUBLISH = "governance.manage_surveys", "governance.publish_report"


def may(user: Any, survey: Survey) -> bool:
    """The administrator of surveys, and the secretariat that writes the reports."""
    return any(holds(user, right, survey.collaboration) for right in (MANAGE, PUBLISH))


@transaction.atomic
def review(*, survey: Survey, decided: Mapping[int, str], by: Any) -> int:
    """Open or hold back single texts; how many were changed. An import of them is no longer undone after that."""
    if not holds(by, MANAGE, survey.collaboration):
        require(by, PUBLISH, on=survey.collaboration)
    changed = 0
    for decision in Answer.Review.values:
        chosen = [pk for pk, said in decided.items() if said == decision]
        texts = Answer.objects.filter(pk__in=chosen, response__survey=survey).exclude(text="").exclude(review=decision)
        Response.objects.filter(pk__in=texts.values("response")).update(version=F("version") + 1)
        changed += texts.update(review=decision)
    return changed
