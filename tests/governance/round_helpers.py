"""A written round that is sent, answered and closed."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.actions import (
    opinions,
    rounds,
)
from governance.models import (
    Body,
    Case,
    Meeting,
    Organisation,
    Resolution,
    RuleProfile,
)
from tests.governance.meeting_helpers import a_case

Answers = dict[str, str]
FOUR = {"Andøy": "supports", "Bø": "supports", "Hadsel": "with_remark", "Lødingen": "supports"}
ALL = {**FOUR, "Sortland": "supports", "Øksnes": "supports"}
GROUND = "offentleglova § 23 første ledd"


def sent(body: Body, by: Any, *about: Case, days: int = 7, **more: Any) -> Meeting:
    """A round that is out, with one case when none is given."""
    about = about or (a_case(body, by),)
    return rounds.send_round(body=body, cases=about, answer_by=timezone.now() + timedelta(days=days), by=by, **more)


def the_case(meeting: Meeting) -> Case:
    return Case.objects.select_related("body").get(items__meeting=meeting)


def answer(meeting: Meeting, directors: dict[str, Any], answers: Answers, *, agrees: bool | None = None) -> None:
    """Each municipality's director answers in every case of the round."""
    for item in meeting.items.select_related("case").filter(withdrawn=False):
        for name, stance in answers.items():
            opinions.give_view(
                case=item.case,
                organisation=Organisation.objects.get(name=name),
                stance=stance,
                text="" if stance == "supports" else "En merknad.",
                accepts_writing=agrees,
                by=directors[name],
            )


def closed(meeting: Meeting, by: Any, *, after: timedelta = timedelta(days=8), **more: Any) -> Meeting:
    """Closed when the deadline is over."""
    return rounds.close_round(meeting=meeting, by=by, at=timezone.now() + after, **more)


def decided(body: Body, by: Any, directors: dict[str, Any], answers: Answers, **more: Any) -> Resolution:
    meeting = sent(body, by)
    answer(meeting, directors, answers, **more)
    return Resolution.objects.get(item__meeting=closed(meeting, by))


def ruled(body: Body, **facts: Any) -> Body:
    facts |= RuleProfile.settled(facts.get("rules", "steering"))
    RuleProfile.objects.create(body=body, **facts)
    return body


def late(meeting: Meeting) -> Meeting:
    """The same round a week after its deadline."""
    long_ago = timezone.now() - timedelta(days=14)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=long_ago, called_at=long_ago, answer_by=long_ago + timedelta(days=7)
    )
    meeting.refresh_from_db()
    return meeting
