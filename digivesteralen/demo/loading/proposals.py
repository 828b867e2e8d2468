"""Proposals: DiguT's of 2017 and 2018 as the sources tell them, and a few made-up ones on their way."""

from __future__ import annotations

from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.actions import proposal_signals, proposals
from governance.models import Body, Case, Collaboration, Region


def load_trondelag(
    cast: Cast, collaboration: Collaboration, places: dict[str, Body], told: dict[str, Any], by: Any
) -> None:
    _the_first(places, told["history"], by)
    _archive_system(places, told, by)
    _through_the_region(cast, collaboration, places["rorosregionen"], by)


def _the_first(places: dict[str, Body], history: list[dict[str, Any]], by: Any) -> None:
    """The strategy group's three points of November 2017; the answer was the task of January (X9, N15)."""
    fact, task, _resolution = history
    proposal = proposals.send_proposal(
        sender=places[fact["from_body"]],
        to=places[fact["to_body"]],
        title=fact["title"],
        wanted="\n".join(fact["points"]),
        background=fact["text"],
        sent_on=fact["date"],
        by=by,
    )
    proposals.answer(
        proposal=proposal,
        state="adopted",
        solved="here",
        reason=task["text"],
        on=task["date"],
        case=_case_of(places[fact["to_body"]], task),
        by=by,
    )


def _archive_system(places: dict[str, Body], told: dict[str, Any], by: Any) -> None:
    """The first joint project: the committee supported it, and the regions were asked; one answer is known (J5)."""
    fact = told["archive_proposal"]
    body = places[fact["to_body"]]
    resolution = next(one for one in told["history"] if one["date"] == fact["answered_on"])
    proposal = proposals.send_proposal(
        sender=places[fact["from_body"]],
        to=body,
        **{name: fact[name] for name in ("title", "wanted", "background", "gains", "sent_on")},
        by=by,
    )
    proposals.answer(
        proposal=proposal,
        state="adopted",
        solved="here",
        reason=f"{resolution['points'][fact['point'] - 1]} {fact['signals_note']}",
        on=fact["answered_on"],
        case=_case_of(body, resolution),
        by=by,
    )
    proposal_signals.ask_for_signals(
        proposal=proposal, answer_by=fact["signals_by"], asked_on=fact["signals_asked_on"], by=by
    )
    made_up = [{**one, "on": fact["signals_by"], "example": True} for one in facts.example()["trondelag"]["signals"]]
    for signal in [*fact["signals"], *made_up]:
        proposal_signals.give_signal(
            proposal=proposal,
            sender=Region.objects.get(name=signal["region"]),
            stance=signal["stance"],
            note=signal.get("source", ""),
            on=signal["on"],
            example=signal.get("example", False),
            by=by,
        )


def _through_the_region(cast: Cast, above: Collaboration, council: Body, by: Any) -> None:
    """Holtålen's, made up: through the region's council to the collaboration above, where it is considered."""
    fact = facts.example()["trondelag"]["proposal"]
    proposal = proposals.send_proposal(
        sender=cast.municipality(fact["number"]),
        to=council,
        **{name: fact[name] for name in ("title", "wanted", "background", "gains")},
        sent_on=cast.past(fact["sent_days"]),
        example=True,
        by=cast.director_of(fact["number"]),
    )
    proposals.forward(
        proposal=proposal,
        to=above,
        reason=fact["reason"],
        on=cast.past(fact["forwarded_days"]),
        by=cast.user("torunn-gruvlivik"),
    )
    proposals.consider(proposal=proposal, deadline=cast.day(fact["deadline_days"]), by=by)


def load_vesteralen(cast: Cast, collaboration: Collaboration, by: Any) -> None:
    """Made up: one considered by the secretariat, one with DigiNordland outside the portal, one not supported."""
    for fact in facts.example()["proposals"]:
        proposal = proposals.send_proposal(
            sender=cast.municipality(fact["number"]),
            to=collaboration,
            **{name: fact[name] for name in ("title", "wanted", "background")},
            sent_on=cast.past(fact["sent_days"]),
            example=True,
            by=cast.user(fact["person"]),
        )
        if "lifted_days" in fact:
            assert collaboration.parent is not None
            day = cast.past(fact["lifted_days"])
            proposals.forward(proposal=proposal, to=collaboration.parent.name, reason=fact["reason"], on=day, by=by)
        elif "not_supported_days" in fact:
            day = cast.past(fact["not_supported_days"])
            told = {"state": "not_supported", "solved": "not_now", "reason": fact["reason"]}
            proposals.answer(proposal=proposal, **told, on=day, by=by)
        else:
            proposals.consider(proposal=proposal, deadline=cast.day(fact["deadline_days"]), by=by)


def _case_of(body: Body, fact: dict[str, Any]) -> Case:
    return Case.objects.get(body=body, title=fact["title"], items__meeting__starts_at__date=fact["date"])
