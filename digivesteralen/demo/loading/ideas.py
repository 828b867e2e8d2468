"""Ideas on different steps, and a list of applications that no body has decided yet; all made up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration, Proposal
from portfolio.actions import application_lists, ideas, proposal_ideas
from portfolio.models import Idea

TEXTS = ("title", "background", "gains", "problem", "solution", "affected", "success_factors", "resources", "plan")


def load(cast: Cast, collaboration: Collaboration, by: Any) -> None:
    told = facts.example()
    for fact in told["ideas"]:
        _settle(_made(cast, collaboration, fact, by), fact, by)
    for fact in told["application_lists"]:
        _applications(cast, collaboration, fact, by)


def _made(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], by: Any) -> Idea:
    area = collaboration.focus_areas.filter(slug=fact.get("focus_area", "")).first()
    if "proposal" in fact:
        proposal = Proposal.objects.get(collaboration=collaboration, title=fact["proposal"])
        idea = proposal_ideas.make_idea(collaboration=collaboration, proposal=proposal, by=by)
        return ideas.change_idea(idea=idea, version=None, focus_area=area, by=by)
    texts: Any = {name: fact[name] for name in TEXTS if name in fact}
    return ideas.register_idea(
        collaboration=collaboration,
        sender=cast.municipality(fact["number"]),
        registered_on=cast.past(fact["sent_days"]),
        focus_area=area,
        example=True,
        by=cast.user(fact["person"]),
        **texts,
    )


def _settle(idea: Idea, fact: dict[str, Any], by: Any) -> None:
    if "recommend" in fact:
        ideas.recommend(idea=idea, state=fact["recommend"], comment=fact["comment"], by=by)
    if "answer" in fact:
        ideas.answer_idea(idea=idea, answer=fact["answer"], reason=fact["reason"], by=by)


def _applications(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], by: Any) -> None:
    found = application_lists.call(
        collaboration=collaboration,
        title=fact["title"],
        money=fact["money"],
        who=fact["who"],
        deadline=cast.day(fact["deadline_days"]),
        example=True,
        by=by,
    )
    for one in fact["applications"]:
        application_lists.apply(
            found=found,
            idea=collaboration.ideas.get(title=one["idea"]),
            applicant=cast.municipality(one["number"]),
            amount=Decimal(one["amount"]),
            by=by,
        )
