"""What a vote must be to hold, by the rules of the body on the day of the meeting (D7, D8, rule 5).

Pure: a ballot, who sat in the case and the rules go in, and a sentence of refusal comes out, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from governance import laws
from governance.models import RuleProfile
from governance.models.outcomes import ADOPTED, ELECTIONS, Method, Outcome
from governance.models.votes import Vote
from governance.quorum import Quorum

Value, Rule = Vote.Value, RuleProfile.DecisionRule
# What the chair must have voted where the chair's vote made the outcome.
ADOPTS: dict[str, str] = {**dict.fromkeys(ADOPTED, Value.YES), Outcome.NOT_ADOPTED: Value.NO}


@dataclass(frozen=True)
class Line:
    """A name or a list in an election."""

    name: str
    count: int
    elected: bool = False


@dataclass(frozen=True)
class Ballot:
    """How the body voted in one case. ``names`` tells how each seat voted, by its attendance row."""

    method: str = Method.CONSENSUS
    unanimous: bool = True
    votes_for: int | None = None
    votes_against: int | None = None
    votes_blank: int | None = None
    chair_decided: bool = False
    alternative: str = ""
    names: Sequence[tuple[int, str]] = ()
    election: Sequence[Line] = ()

    @property
    def is_election(self) -> bool:
        return self.method in ELECTIONS

    @property
    def is_counted(self) -> bool:
        return self.votes_for is not None

    @property
    def cast(self) -> int:
        """All votes that were given, blank ones too."""
        told = (self.votes_for or 0) + (self.votes_against or 0) + (self.votes_blank or 0)
        return told + sum(line.count for line in self.election)

    @property
    def is_tied(self) -> bool:
        return self.votes_for is not None and self.votes_for == self.votes_against

    def counted(self) -> Ballot:
        """A vote by name counts itself, and is unanimous when it was."""
        if not self.names:
            return self
        number = Counter(value for _row, value in self.names)
        return replace(
            self,
            method=Method.NAMES,
            votes_for=number[Value.YES],
            votes_against=number[Value.NO],
            votes_blank=number[Value.BLANK],
            unanimous=bool(number[Value.YES]) and not number[Value.NO] and not self.chair_decided,
        )


def refusals(
    profile: RuleProfile, quorum: Quorum, outcome: str, ballot: Ballot, chair: int | None = None
) -> Iterator[str]:
    """Why the vote does not hold, the weightiest reason first; nothing when it does.

    ``chair`` is the attendance row of whoever chairs, empty where that person does not vote in the case.
    """
    if ballot.cast > quorum.present:
        yield _("There are more votes than the %(present)s voting seats that are filled.") % {"present": quorum.present}
    if ballot.method == Method.ALTERNATIVE and not ballot.alternative.strip():
        yield _("Write the other proposal that was voted on.")
    yield from _as_it_is_told(ballot)
    yield from _the_chair(profile, outcome, ballot, chair)
    if ballot.is_election:
        yield from _election(profile, quorum, ballot)
        return
    if ballot.votes_blank and not profile.may_abstain:
        yield _("In this body everybody who is there must vote; blank votes are for elections and appointments alone.")
    if profile.by_law:
        yield from _by_law(quorum, outcome, ballot)
    if outcome in ADOPTED:
        yield from _is_adopted(profile, quorum, ballot)


def _as_it_is_told(ballot: Ballot) -> Iterator[str]:
    if (ballot.votes_for is None) != (ballot.votes_against is None):
        yield _("Write both the votes for and the votes against, or none of them.")
    if ballot.unanimous and ballot.votes_against:
        yield _("A unanimous resolution has no votes against.")
    if ballot.method == Method.NAMES and not ballot.names:
        yield _("Say how each member voted, or choose another way of voting.")


def _the_chair(profile: RuleProfile, outcome: str, ballot: Ballot, chair: int | None) -> Iterator[str]:
    if not ballot.chair_decided:
        return
    breaks_a_tie = profile.casting_vote and ballot.is_tied and not ballot.is_election
    if ballot.unanimous or not (breaks_a_tie or profile.decision_rule == Rule.CHAIR):
        yield _("The chair's vote decides only where the rules of the body say so and the body disagrees.")
    elif chair is None:
        yield no_chair_votes()
    elif ballot.names and ADOPTS.get(outcome, "") not in ("", dict(ballot.names).get(chair, Value.BLANK)):
        yield _(
            "The chair voted the other way, so that vote can't decide this. Choose the outcome the chair voted for."
        )


def no_chair_votes() -> str:
    return _(
        "The chair's vote can't decide: whoever chairs does not vote in this case. Tell who chaired below the"
        " cases if it was another, or postpone the case or record it as not adopted."
    )


def _election(profile: RuleProfile, quorum: Quorum, ballot: Ballot) -> Iterator[str]:
    if not ballot.election:
        yield _("Write the names that were voted on, with their votes.")
    elif not any(line.elected for line in ballot.election):
        yield _("Tick the name or names that were elected.")
    if profile.by_law and ballot.election and ballot.cast != quorum.present:
        yield _everybody_votes(quorum, ballot)


def _by_law(quorum: Quorum, outcome: str, ballot: Ballot) -> Iterator[str]:
    """Chapter 11: who is there must vote, and at least half must have been there and voted in that case."""
    if outcome == Outcome.POSTPONED:
        return
    if not ballot.unanimous and not ballot.is_counted:
        yield _("Write how many voted for and how many against: everybody who is there must vote.")
    elif ballot.is_counted and ballot.cast != quorum.present:
        yield _everybody_votes(quorum, ballot)


def _everybody_votes(quorum: Quorum, ballot: Ballot) -> str:
    return _(
        "%(cast)s votes are counted, and %(present)s voting seats are filled. Everybody who is there must vote"
        " (%(ground)s). Tell who left, or count again."
    ) % {"cast": ballot.cast, "present": quorum.present, "ground": laws.provision("must_vote")}


def _is_adopted(profile: RuleProfile, quorum: Quorum, ballot: Ballot) -> Iterator[str]:
    """Whether what was voted on could be adopted by the body's own rule."""
    if ballot.is_counted and not ballot.votes_for:
        yield _("Nobody voted for the proposal, so it is not adopted. Record it as not adopted, or count again.")
    elif profile.decision_rule == Rule.UNANIMITY:
        everybody = quorum.present == quorum.seats and not ballot.votes_against and not ballot.votes_blank
        if not (everybody and ballot.unanimous):
            yield _("This body adopts only what every seat votes for. Postpone the case, or record it as not adopted.")
    elif ballot.unanimous or ballot.chair_decided:
        return
    elif profile.decision_rule == Rule.CONSENSUS:
        yield _("This body decides by consensus, so a proposal with votes against it is not adopted.")
    elif profile.decision_rule == Rule.MAJORITY and (ballot.votes_for or 0) <= (ballot.votes_against or 0):
        yield _("This body decides by majority, and the proposal has none.")
    elif profile.decision_rule == Rule.CHAIR:
        yield _("This body decides by consensus, else the chair decides. Tick that the chair's vote decided.")


def may_decide_late(profile: RuleProfile, quorum: Quorum, *, late: bool, objections: int, chair_objects: bool) -> str:
    """Where chapter 11 binds, a case off the sent list is decided unless the chair or a third of those there object."""
    if not late or not profile.by_law or not (chair_objects or objections * 3 >= quorum.present):
        return ""
    return _(
        "The case was not on the agenda that was sent, and the chair or a third of those present object to deciding it"
        " (%(ground)s). Postpone it."
    ) % {"ground": laws.provision("off_the_agenda")}
