"""What the answers in a written treatment add up to, by the body's own rules: computed, never typed in (rule 5).

Silence is «not answered»: it is no yes, and it counts towards no quorum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import laws
from governance.models import AgendaItem, Appointment, Case, Disqualification, Meeting, Opinion, Resolution, RuleProfile
from governance.quorum import Quorum, answering_seats

Outcome, Stance = Resolution.Outcome, Opinion.Stance
YES = (Stance.SUPPORTS, Stance.WITH_REMARK)


@dataclass(frozen=True)
class Answer:
    """What one seat has said in one case, or that it has not answered."""

    seat: Appointment
    opinion: Opinion | None

    @property
    def stance(self) -> str:
        return self.opinion.stance if self.opinion else ""

    @property
    def words(self) -> str:
        return str(self.opinion.get_stance_display()) if self.opinion else _("not answered")

    @property
    def objects_to_form(self) -> bool:
        """Asked whether the case may be decided in writing, the member did not agree."""
        return self.opinion is not None and self.opinion.accepts_writing is False

    @property
    def supports(self) -> bool:
        return self.stance in YES


@dataclass(frozen=True)
class Tally:
    """One case of a written treatment with the answer of every seat."""

    item: AgendaItem
    profile: RuleProfile
    answers: list[Answer]
    # Seats whose member is disqualified in the case: not asked, and not filled when the quorum is counted.
    stepped_down: list[Appointment] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.item.case

    @property
    def given(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.opinion]

    @property
    def quorum(self) -> Quorum:
        return Quorum(len(self.given), len(self.answers) + len(self.stepped_down), self.profile.quorum)

    @property
    def is_unanimous(self) -> bool:
        return all(answer.supports for answer in self.given)

    @property
    def has_silent(self) -> bool:
        return len(self.given) < len(self.answers)

    def number(self, *stances: str) -> int:
        return sum(answer.stance in stances for answer in self.answers)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many gave each answer, silence last: «supports: 3»."""
        words = [(str(label), self.number(value)) for value, label in Stance.choices]
        return [(word, count) for word, count in [*words, (_("not answered"), self.number(""))] if count]

    @property
    def finding(self) -> Finding:
        """The outcome that follows from the rules of the body, and why."""
        if self.profile.between_meetings == RuleProfile.Between.STRICT:
            return _everybody(self)
        if not self.quorum.is_reached:
            return Finding(Outcome.POSTPONED, _no_quorum(self.quorum))
        return RULES[RuleProfile.DecisionRule(self.profile.decision_rule)](self)


@dataclass(frozen=True)
class Finding:
    """What comes out of one case, the reason in a sentence, and whether the chair's own answer decided."""

    outcome: str
    reason: str
    by_chair: bool = False

    @property
    def words(self) -> str:
        return str(Outcome(self.outcome).label)


class Round:
    """The written treatment of one meeting, read once: every seat, every case, every answer."""

    def __init__(self, meeting: Meeting, at: datetime | None = None) -> None:
        self.meeting = meeting
        self.seats = seats(meeting, at)
        on_agenda = meeting.items.filter(withdrawn=False).select_related("case__body__collaboration", "meeting__body")
        given = Opinion.objects.filter(case__items__in=on_agenda).select_related("person", "organisation")
        opinions = {(opinion.case_id, opinion.organisation_id): opinion for opinion in given}
        profile = meeting.profile
        down = Disqualification.objects.filter(item__in=on_agenda, state=Disqualification.State.DISQUALIFIED)
        self._down = {(one.item_id, one.seat_id): one.person_id for one in down}
        self.tallies = [self._tally(item, profile, opinions) for item in on_agenda]

    def _tally(self, item: AgendaItem, profile: RuleProfile, opinions: dict[tuple[int, int], Opinion]) -> Tally:
        """Who is disqualified in the case is left out with the answer; a substitute may have answered instead."""
        answers, stepped_down = [], []
        for seat in self.seats:
            answer = Answer(seat, opinions.get((item.case_id, seat.represents_id or 0)))
            person = self._down.get((item.pk, seat.pk))
            if person is not None and (answer.opinion is None or answer.opinion.person_id == person):
                stepped_down.append(seat)
            else:
                answers.append(answer)
        return Tally(item, profile, answers, stepped_down)

    @property
    def silent(self) -> list[Appointment]:
        """The seats that have not answered every case."""
        missing = {answer.seat.pk for tally in self.tallies for answer in tally.answers if not answer.opinion}
        return [seat for seat in self.seats if seat.pk in missing]

    @property
    def all_have_answered(self) -> bool:
        return not self.silent


def seats(meeting: Meeting, at: datetime | None = None) -> list[Appointment]:
    """Who may answer: today, and after the deadline those of the last day; once closed as it was then."""
    roll = [row.seat for row in meeting.attendances.select_related("seat__person", "seat__represents")]
    if roll or meeting.answer_by is None:
        return roll
    last = min(at or timezone.now(), meeting.answer_by)
    return answering_seats(meeting.body, timezone.localdate(last))


def _adopted(tally: Tally, reason: str, *, by_chair: bool = False) -> Finding:
    return Finding(tally.case.usual_outcome, reason, by_chair)


def _consensus(tally: Tally) -> Finding:
    """Adopted when nobody is against; who wants more to be known sends the case back."""
    count = {"answered": tally.quorum.present, "seats": tally.quorum.seats}
    if tally.is_unanimous:
        return _adopted(
            tally, _("The body decides by consensus: %(answered)s of %(seats)s answered, and none was against.") % count
        )
    names = {"names": _names(answer for answer in tally.given if not answer.supports)}
    if tally.number(Stance.STUDY):
        return Finding(
            Outcome.SENT_BACK, _("The body decides by consensus, and the case must be studied more: %(names)s.") % names
        )
    return Finding(
        Outcome.NOT_ADOPTED, _("The body decides by consensus, and not all support the proposal: %(names)s.") % names
    )


def _majority(tally: Tally) -> Finding:
    """More support than all other answers together; a tie adopts nothing."""
    yes, no, study = tally.number(*YES), tally.number(Stance.AGAINST), tally.number(Stance.STUDY)
    count = {"yes": yes, "no": no, "study": study}
    if yes > no + study:
        return _adopted(
            tally,
            _("A majority supports the proposal: %(yes)s for, %(no)s against, %(study)s want it studied.") % count,
        )
    outcome = Outcome.SENT_BACK if study and max(yes, study) > no else Outcome.NOT_ADOPTED
    return Finding(
        outcome, _("The proposal has no majority: %(yes)s for, %(no)s against, %(study)s want it studied.") % count
    )


def _unanimity(tally: Tally) -> Finding:
    """Adopted when every seat says yes; silence is none (rule 1)."""
    missing = [answer for answer in tally.answers if not answer.supports]
    if not missing:
        return _adopted(tally, _("All %(seats)s seats support the proposal.") % {"seats": len(tally.answers)})
    outcome = Outcome.SENT_BACK if tally.number(Stance.STUDY) else Outcome.NOT_ADOPTED
    return Finding(outcome, _("Every seat must support the proposal. Missing: %(names)s.") % {"names": _names(missing)})


def _chair(tally: Tally) -> Finding:
    """Consensus, and where there is none the answer of whoever chairs the body; a substitute does not chair it."""
    agreed = _consensus(tally)
    if tally.is_unanimous:
        return agreed
    chair = next((answer for answer in tally.answers if answer.seat.is_chair), None)
    if chair is None or chair.opinion is None or chair.opinion.person_id != chair.seat.person_id:
        return Finding(
            Outcome.POSTPONED, _("There is no consensus, and the chair, who then decides, has not answered.")
        )
    reason = _("There is no consensus, so the chair decides: %(name)s %(answer)s.") % {
        "name": chair.seat.person.name,
        "answer": chair.words,
    }
    if chair.supports:
        return _adopted(tally, reason, by_chair=True)
    outcome = Outcome.SENT_BACK if chair.stance == Stance.STUDY else Outcome.NOT_ADOPTED
    return Finding(outcome, reason, by_chair=True)


def _everybody(tally: Tally) -> Finding:
    """An elected body decides in writing only when every member agrees to the proposal and to the form."""
    ground = laws.provision("written_treatment", tally.item.meeting.day)
    missing = [one for one in tally.answers if not (one.supports and one.opinion and one.opinion.accepts_writing)]
    if not missing and not tally.quorum.is_reached:
        return Finding(Outcome.POSTPONED, _no_quorum(tally.quorum))
    if not missing:
        return _adopted(
            tally,
            _("All %(seats)s members agree to the proposal and to written treatment (%(ground)s).")
            % {"seats": len(tally.answers), "ground": ground},
        )
    told = ", ".join(f"{_name(one)} ({_lacking(one)})" for one in missing)
    return Finding(
        Outcome.POSTPONED,
        _(
            "Not adopted in written treatment; the case is taken up in a meeting. Every member must agree both to the"
            " proposal and to written treatment (%(ground)s). Missing: %(names)s."
        )
        % {"ground": ground, "names": told},
    )


RULES: dict[str, Callable[[Tally], Finding]] = {
    RuleProfile.DecisionRule.CONSENSUS: _consensus,
    RuleProfile.DecisionRule.MAJORITY: _majority,
    RuleProfile.DecisionRule.CHAIR: _chair,
    RuleProfile.DecisionRule.UNANIMITY: _unanimity,
}


def _lacking(answer: Answer) -> str:
    return _("does not agree to written treatment") if answer.supports else answer.words


def _no_quorum(quorum: Quorum) -> str:
    return _(
        "The body has no quorum: %(answered)s of %(seats)s answered, and %(needed)s are needed."
        " The case is taken up in a meeting."
    ) % {"answered": quorum.present, "seats": quorum.seats, "needed": quorum.needed}


def _names(answers: Iterable[Answer]) -> str:
    return ", ".join(f"{_name(answer)} ({answer.words})" for answer in answers)


def _name(answer: Answer) -> str:
    return str(answer.seat.represents)
