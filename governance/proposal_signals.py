"""Who may send a signal about a proposal, and who has not (R23)."""

from __future__ import annotations

from governance.models import Organisation, Proposal, Region, RegionMembership


def may_answer(proposal: Proposal) -> list[Organisation | Region]:
    """The regions of the members first, then the members in Norwegian order."""
    members = list(proposal.collaboration.members())
    regions = Region.objects.with_any_of(members).order_by("name")
    return [*regions, *members]


def unanswered(proposal: Proposal) -> list[Organisation]:
    """Members that have said nothing, neither themselves nor through a region of theirs."""
    given = proposal.signals.all()
    silent = proposal.collaboration.members().exclude(pk__in=given.filter(region=None).values("organisation"))
    through = given.filter(organisation=None).values("region")
    answered = RegionMembership.objects.active().filter(region__in=through)
    return list(silent.exclude(pk__in=answered.values("organisation")))
