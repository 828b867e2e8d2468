"""A page asks for the right, and so does the verb behind it: whoever calls it next cannot forget to (design.md §4)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from digivesteralen.accounts.models import User
from governance.actions import organisations
from governance.models import Collaboration, Organisation
from portfolio.actions import accounts, budgets, costs, effort, grants, projects
from tests.people import LONG_AGO
from tests.test_structure import ROOT, sources

# Whoever calls one of these asks, or stops, in words of its own.
ASKING = {"require", "holds", "allowed", "visible_to", "where_may", "of_those_who_decide", "PermissionDenied"}
# Verbs without a question of their own, and why.
ASKED_BEFORE = {
    "digivesteralen.privacy.actions.erase": "the verb, or the night, that erases has asked",
    "digivesteralen.privacy.actions.take_out_own": "one's own",
    "governance.actions.adoptions.open_adoption": "puts a question; the verb that puts it has asked",
    "governance.actions.agreement_exits.decided": "follows from a municipality's own decision",
    "governance.actions.agreement_versions.falls": "follows from a municipality's own decision",
    "governance.actions.agreements.order_document": "a job, which asks itself",
    "governance.actions.collaborations.acceded": "follows from a municipality's own decision",
    "governance.actions.attendance.told_anew": "part of a verb of the meeting",
    "governance.actions.calendars.end_link": "one's own",
    "governance.actions.calendars.make_link": "one's own",
    "governance.actions.calling.note_read": "one's own",
    "governance.actions.delegations.covering": "only looks; the verb that decides has asked",
    "governance.actions.delegations.held_covering": "only looks; the verb that decides has asked",
    "governance.actions.meetings.ask_for_minutes": "a job, which asks itself",
    "governance.actions.meetings.ask_for_summons": "a job, which asks itself",
    "governance.actions.meetings.screen_anew": "jobs, which ask themselves",
    "governance.actions.minutes.approve_by_case": "follows from a resolution",
    "governance.actions.proposals.resolved": "follows from a resolution",
    "governance.actions.register.import_changes": "a command of the installation",
    "governance.actions.register.import_municipalities": "a command of the installation",
    "governance.actions.running.ask_municipalities": "follows from a resolution",
    "portfolio.actions.accession.ask_the_rest": "follows from a resolution",
    "portfolio.actions.accession.opens_adoptions": "follows from a resolution",
    "portfolio.actions.cases.opens_adoptions": "follows from a resolution",
    "portfolio.actions.costs.follow_the_rate": "follows from an invitation, whose verb has asked",
    "portfolio.actions.editions.on_resolution": "follows from a resolution",
    "portfolio.actions.effort_import.undo": "the import asks for its kind",
    "portfolio.actions.gate_answers.ask_municipalities": "follows from a resolution",
    "portfolio.actions.gate_answers.on_adoption": "follows from a municipality's own decision",
    "portfolio.actions.gate_decisions.on_resolution": "follows from a resolution",
    "portfolio.actions.gate_decisions.opens_adoptions": "follows from a resolution",
    "portfolio.actions.lifting.proposal_answered": "follows from the answer to a proposal",
    "portfolio.actions.lifting.write": "part of the answer to an idea, whose verb has asked",
    "portfolio.actions.participation.ask": "part of an invitation, whose verb has asked",
    "portfolio.actions.participation.asks_more": "follows from a matter put to more",
    "portfolio.actions.participation.invite_for_all": "the verb behind it has asked",
    "portfolio.actions.proposals.propose_shares": "follows from a changed cost, whose verb has asked",
    "portfolio.actions.registrations.fill_places": "follows from a place that became free",
    "portfolio.actions.shares.on_adoption": "follows from a municipality's own decision",
    "portfolio.actions.versions.on_resolution": "follows from a resolution",
    "surveys.actions.catalogue.confirm_alias": "the catalogue is filled by verbs that have asked",
    "surveys.actions.catalogue.define_area": "the catalogue is filled by verbs that have asked",
    "surveys.actions.catalogue.define_family": "the catalogue is filled by verbs that have asked",
    "surveys.actions.catalogue.define_product": "the catalogue is filled by verbs that have asked",
    "surveys.actions.catalogue.define_supplier": "the catalogue is filled by verbs that have asked",
    "surveys.actions.convergence.keep": "a figure kept by the task of the night",
    "surveys.actions.import_writing.stop": "the job is stopped by the one who asked alone",
    "surveys.actions.imports.cancel": "nothing is written; the page finds one's own",
    "surveys.actions.imports.keep": "a file for a command, or for upload",
    "surveys.actions.imports.upload": "a file; nothing of it is written before its kind has asked",
    "surveys.actions.inventory_import.apply": "the import asks for its kind",
    "surveys.actions.inventory_import.undo": "the import asks for its kind",
    "surveys.actions.looking_over.note_corrected": "follows from a change of an inventory, whose verb has asked",
    "surveys.actions.mapping_profiles.remember": "part of an import, which asks for its kind",
    "surveys.actions.survey_import.apply": "the import asks for its kind",
    "surveys.actions.survey_import.undo": "the import asks for its kind",
}  # fmt: skip
Where = tuple[str, str]


@cache
def functions() -> dict[Where, tuple[ast.FunctionDef, set[Where]]]:
    """Each function of `actions`, by module and name, with what it calls."""
    found = {}
    for path in (path for path in sources() if "actions" in path.parts or path.name == "actions.py"):
        module, tree = _module(path), ast.parse(path.read_text())
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported = {alias.asname or alias.name: (n.module or "", alias.name) for n in nodes for alias in n.names}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found[module, node.name] = (node, set(_calls(node, module, imported)))
    return found


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _calls(function: ast.FunctionDef, module: str, imported: dict[str, Where]) -> Iterator[Where]:
    """Of its own module, imported by name, or of a module imported by name; of a queryset by its name alone."""
    for part in ast.walk(function):
        if isinstance(part, ast.Name) and part.id == "PermissionDenied":
            yield ("", part.id)
        call = part.func if isinstance(part, ast.Call) else None
        if isinstance(call, ast.Name):
            yield imported.get(call.id, (module, call.id))
        elif isinstance(call, ast.Attribute):
            place = imported.get(call.value.id) if isinstance(call.value, ast.Name) else None
            yield (".".join(place) if place else "", call.attr)


def asking() -> set[Where]:
    """Those that ask for a right, and those that call one of ours that does."""
    calls = {where: called for where, (_node, called) in functions().items()}
    found = {where for where, called in calls.items() if any(name in ASKING for _m, name in called - calls.keys())}
    while more := {where for where, called in calls.items() if where not in found and called & found}:
        found |= more
    return found


def verbs() -> dict[str, Where]:
    """Public functions of `actions` that are told who acts."""
    found = {}
    for (module, name), (node, _called) in functions().items():
        named = {one.arg for one in (*node.args.kwonlyargs, *node.args.args)}
        if "by" in named and not name.startswith("_"):
            found[f"{module}.{name}"] = (module, name)
    return found


def test_every_verb_asks_for_the_right() -> None:
    asked = asking()
    silent = {verb for verb, where in verbs().items() if where not in asked}

    assert silent - set(ASKED_BEFORE) == set(), "ask with require(by, right, on=…) in the verb itself"
    assert set(ASKED_BEFORE) - silent == set(), "these ask now, or are gone: take the line out"


# --- the verbs of money, which trusted their pages --------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["director", "it_leader", "project_leader", "auditor", "outsider"])
def test_only_those_who_manage_the_portfolio_write_money(
    request: pytest.FixtureRequest, digi: Collaboration, secretary: User, sortland: Organisation, who: str
) -> None:
    by = request.getfixturevalue(who)
    project = projects.register_project(collaboration=digi, title="Felles sakarkiv", by=secretary)
    spent: dict[str, Any] = {"title": "Tilskudd", "giver": "Staten"}
    tried = [
        lambda: grants.register_grant(collaboration=digi, by=by, **spent),
        lambda: budgets.register_base_budget(collaboration=digi, year=2026, frame=1, by=by),
        lambda: budgets.register_own_effort(collaboration=digi, by=by),
        lambda: effort.agree_rate(collaboration=digi, since=LONG_AGO, amount=1, by=by),
        lambda: costs.share_cost(project=project, version=None, key="equal", by=by),
        lambda: accounts.write_account(project=project, month=None, by=by),
    ]
    for verb in tried:
        with pytest.raises(PermissionDenied):
            verb()


@pytest.mark.django_db
def test_a_municipality_s_contact_details_are_kept_by_its_own_people(
    directors: dict[str, User], secretary: User, sortland: Organisation
) -> None:
    for by in (directors["Bø"], secretary):
        with pytest.raises(PermissionDenied):
            organisations.update_contact(organisation=sortland, website="https://evil.example", email_domain="", by=by)
    sortland.refresh_from_db()
    assert sortland.website == ""
