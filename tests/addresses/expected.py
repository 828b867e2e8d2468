"""What each walker is answered: who sees that something is there at all, and who may read it or do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from digivesteralen.documents import registry
from tests.addresses.places import arguments_of
from tests.addresses.urlconf import ADDRESSES, OURS
from tests.addresses.world import World, documents_of

SEE, PREPARE = "governance.view_collaboration", "governance.prepare_meetings"
MANAGE = "governance.manage_portfolio"
SIGN_IN = "/konto/login/?next="
WELL = {200, 302, 405, 409, 410}


@dataclass
class Sample:
    """A real place to try: what it is asked on, and who sees that it is there at all."""

    arguments: list[Any]
    on: Any = None
    seen_by: Callable[[str], bool] | None = None


def sample(world: World, name: str) -> Sample:
    containers = {"collaboration": world.ours, "body": world.steering, "organisation": world.sortland}
    need = ADDRESSES[name].view.need
    return Sample(arguments_of(world, name), containers.get(need.on), SEEN.get(name, _ours)(world))


def _ours(world: World) -> Callable[[str], bool]:
    """Whoever may see the collaboration."""
    return lambda who: world.sees(who, world.ours)


def _everybody(world: World) -> Callable[[str], bool]:
    return lambda who: who != "nobody"


def _those_who_prepare(world: World) -> Callable[[str], bool]:
    return lambda who: world.holds(who, PREPARE, world.ours)


def _paper(place: int) -> Callable[[World], Callable[[str], bool]]:
    """As the floor that registered the kind says."""

    def seen(world: World) -> Callable[[str], bool]:
        found = documents_of(world)[place]
        kind = registry.kind(found.kind)
        container = kind.container(str(found.subject))
        return lambda who: world.holds(who, kind.right, container)

    return seen


def _sortland(world: World) -> Callable[[str], bool]:
    """The municipality is seen in both its collaborations."""
    return lambda who: world.sees(who, world.ours) or world.sees(who, world.theirs)


def _none(world: World) -> Callable[[str], bool]:
    """An IT collaboration's list is there for its own people, and none of these is one."""
    return lambda who: False


def _named(world: World) -> Callable[[str], bool]:
    """Who is registered from Sortland is read there, and by the organiser."""
    right = "governance.update_contact"
    return lambda who: world.holds(who, right, world.sortland) or world.holds(who, MANAGE, world.ours)


def _survey_admin(world: World) -> Callable[[str], bool]:
    return lambda who: who == "survey admin"


SEEN: dict[str, Callable[[World], Callable[[str], bool]]] = {
    # The page that a guest reads: those inside may look, and the guest of the tests is no walker.
    **dict.fromkeys(["shared_project", "shared_document"], _ours),
    "document": _paper(0),
    **dict.fromkeys(["job", "job_cancel", "job_again"], _paper(1)),
    # Before it has a number, a case is there for the secretariat alone.
    **dict.fromkeys(
        [
            "case_draft",
            "edit_case",
            "withdraw_case",
            "case_ready",
            "case_back",
            "bring_back_case",
            "case_exemption",
            "case_event",
            "attach",
            "earlier_decisions",
            "quote_decision",
            "keep_draft",
            "discard_draft",
            "case_attachment",
            "edit_attachment",
            "move_attachment",
            "detach",
        ],
        _those_who_prepare,
    ),
    # Only the one who uploaded a file goes on with it.
    **{name: _survey_admin for name in OURS if name == "import" or name.startswith("import_")},
    "import_new": _ours,
    "import_own": _sortland,
    **{name: _sortland for name in OURS if ADDRESSES[name].route.startswith("kommune/")},
    # ... but what it makes of a strategy belongs to the collaboration whose strategy it is.
    **dict.fromkeys(["local_strategy", "change_local_strategy"], _ours),
    **{name: _none for name in OURS if ADDRESSES[name].route.startswith("it-samarbeid/")},
    "withdraw_registration": _named,
    # Whoever holds the link they were sent.
    "answer_evaluation": _everybody,
    # Anybody may read what is published, without signing in.
    **dict.fromkeys(["public_index", "public_collaboration", "public_minutes", "public_minutes_pdf"], _everybody),
    **dict.fromkeys(["choose_capacity", "jobs", "new_collaboration", "municipality_history"], _everybody),
    **dict.fromkeys(["start", "profile", "own_calendar", "calendar_feed", "own_data", "own_data_file"], _everybody),
    **dict.fromkeys(["security", "second_step", "sign_in_address", "first_password", "end_session"], _everybody),
    # Whoever holds the link of an invitation.
    **dict.fromkeys(["invitation", "open_invitation", "administration"], _everybody),
}

# A right that a view asks for beside its need, or instead of it, and why.
ALSO = {
    # A municipality that is in two collaborations has its page in both.
    "municipality": (SEE, "theirs"),
    "municipality_follow_up": (SEE, "theirs"),
    "delegations": (SEE, "theirs"),
    "delegation_extract": (SEE, "theirs"),
    # ... and its score card in the one that asked it.
    "score_card": (SEE, "theirs"),
    "score_card_pdf": (SEE, "theirs"),
    # The secretariat registers what a municipality said in a meeting, on its behalf.
    "finding_remark": ("governance.register_on_behalf", "ours"),
    # ... and plans the way into a project together with it.
    # ... and people to a gathering, for those who call.
    "register_participants": ("governance.manage_portfolio", "ours"),
    **dict.fromkeys(
        ["add_rollout_step", "change_rollout_step", "remove_rollout_step"], ("governance.manage_portfolio", "ours")
    ),
    # ... and writes and measures its benefits on its behalf.
    **dict.fromkeys(
        ["plan_benefit_line", "measure_benefit", "correct_measurement"], ("governance.manage_portfolio", "ours")
    ),
}
NARROWER: dict[str, Callable[[World, str], bool]] = {
    # A project leader writes the status of the own projects; this one is led by somebody else.
    **dict.fromkeys(
        ["write_status", "status_unchanged", "change_status", "publish_status", "delete_status"],
        lambda world, who: world.holds(who, "governance.manage_portfolio", world.ours),
    ),
    # ... and what the project is asked to do, its papers, plan and log.
    **dict.fromkeys(
        [
            "write_mandate",
            "add_document",
            "replace_document",
            "new_deliverable",
            "change_deliverable",
            "new_milestone",
            "change_milestone",
            "reach_milestone",
            "remove_milestone",
            "new_log_entry",
            "correct_log_entry",
            "lay_out_rollout",
        ],
        lambda world, who: world.holds(who, "governance.manage_portfolio", world.ours),
    ),  # fmt: skip
    # Hours are told by the municipality's own people, or by the secretariat for them; all others read them.
    "post effort": lambda world, who: _tells(world, who, world.sortland, world.hadsel),
    "post effort_months": lambda world, who: _tells(world, who, world.sortland),
    "effort_import": lambda world, who: _tells(world, who, world.sortland, world.hadsel),
    **dict.fromkeys(
        ["post hourly_rates", "post project_accounts"],
        lambda world, who: world.holds(who, "governance.manage_portfolio", world.ours),
    ),
    # A proposal is sent for a municipality or a body by its own people, or registered by the secretariat.
    "new_proposal": lambda world, who: (
        _for_a_municipality(world, who)
        or any(world.holds(who, "governance.propose_case", body) for body in (world.steering, world.working))
    ),
    "give_signal": lambda world, who: _for_a_municipality(world, who),
    "send_proposal_again": lambda world, who: (
        world.holds(who, "governance.send_proposal", world.sortland) or world.holds(who, PREPARE, world.ours)
    ),
    # An idea is sent as a proposal is; the sender mends it until it is recommended: this one is the secretariat's.
    "new_idea": lambda world, who: (
        _for_a_municipality(world, who)
        or any(world.holds(who, "governance.propose_case", body) for body in (world.steering, world.working))
    ),
    "change_idea": lambda world, who: world.holds(who, "governance.manage_portfolio", world.ours),
    "new_application": lambda world, who: _for_a_municipality(world, who),
    # Whoever has a seat says whether they come; the papers are read by more.
    "answer_summons": lambda world, who: who in ("steering member", "observer"),
    # A saved filter is taken away by the one who saved it, also where others use it.
    "delete_filter": lambda world, who: who == "secretariat",
    # The system administrator alone makes collaborations; no container is there yet to hold a right on.
    "new_collaboration": lambda world, who: who == "system administrator",
    # A report that is being written is read by those who write it.
    "report": lambda world, who: world.holds(who, "governance.publish_report", world.ours),
    # Who follows a job does not stop it: that is for the one who asked, and none of these did.
    "job_cancel": lambda world, who: False,
    # A municipality's document is changed by its own people and by the secretariat.
    **dict.fromkeys(
        ["collected_document_change", "collected_document_remove"],
        lambda world, who: (
            world.holds(who, "governance.manage_collaboration", world.ours)
            or world.holds(who, "governance.edit_inventory", world.sortland)
        ),
    ),
    # Everybody in the collaboration reads what is shared; the secretariat sets it.
    "post sharing_rule": lambda world, who: world.holds(who, "governance.manage_collaboration", world.ours),
    # Whoever reads a system may not change it.
    # ... and whoever reads a point of a resolution answers for it only as its owner or for the secretariat.
    "post point": lambda world, who: world.holds(who, PREPARE, world.ours),
    "post system": lambda world, who: world.holds(who, "governance.edit_inventory", world.sortland),
}
# What a right opens, and still is not there in the demo's state: the answer is 404 also for those who may.
NOT_THERE = {
    # The own system is no neighbour's.
    "system_copy",
    # A place where one is signed in is one's own, and these have signed in nowhere.
    "end_session",
    # The demo's delegations have no file.
    "delegation_extract",
    # What is made today was not there when the municipality left; tests/access/test_former_members.py reads it.
    "former_thing",
}


def _tells(world: World, who: str, *places: Any) -> bool:
    own = any(world.holds(who, "governance.report_effort", place) for place in places)
    return own or world.holds(who, "governance.manage_portfolio", world.ours)


def _for_a_municipality(world: World, who: str) -> bool:
    own = any(world.holds(who, "governance.send_proposal", place) for place in (world.sortland, world.hadsel))
    return own or world.holds(who, PREPARE, world.ours)


def may(world: World, who: str, name: str, found: Sample, method: str) -> bool:
    need = ADDRESSES[name].view.need
    for asked in (name, f"{method} {name}"):
        if asked in NARROWER and not NARROWER[asked](world, who):
            return False
    if need.kind == "own":
        return True
    if name in ALSO and world.holds(who, ALSO[name][0], getattr(world, ALSO[name][1])):
        return True
    return world.holds(who, need.right, found.on)


def expected_of(world: World, who: str, name: str, found: Sample, method: str) -> set[int]:
    """A view that takes only one method says so before it looks at anything, which tells nothing of what is there."""
    assert found.seen_by is not None
    if ADDRESSES[name].view.need.kind == "public":
        return WELL
    if who == "nobody":
        return {302}
    if ADDRESSES[name].view.need.kind == "operators":
        return WELL if who == "system administrator" else {404}
    if not found.seen_by(who):
        return {404, 405}
    if not may(world, who, name, found, method):
        return {403, 405}
    return {404, 405} if name in NOT_THERE else WELL
