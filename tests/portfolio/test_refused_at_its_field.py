"""What a rule refuses is told at the field it is about, with all that was typed; a page of its own is for a state."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import portfolio
from digivesteralen.accounts.models import User
from governance.models import Collaboration
from portfolio.actions import budgets, milestones, preconditions, projects, rollout
from portfolio.models import Participation, Project

HERE = Path(portfolio.__file__).parent
# Still ahead where the tests began before midnight.
SOON = timezone.localdate() + timedelta(days=2)


def written(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def at(name: str, project: Project, *rest: Any) -> str:
    return reverse(name, args=[project.collaboration.slug, project.slug, *rest])


def refused(client: Client, address: str, field: str, sent: dict[str, Any], keeps: str) -> None:
    """The form comes back: 200, the sentence at the field, and what was typed."""
    answer = client.post(address, sent)
    assert answer.status_code == 200, (answer.status_code, answer.content.decode()[-3000:])
    form = answer.context_data["form"]
    assert list(form.errors) == [field], form.errors
    assert keeps in answer.content.decode()


def test_a_log_of_tomorrow(go: Callable[[User], Client], led: Project, project_leader: User) -> None:
    sent = {"kind": "comment", "happened_on": written(SOON), "text": "Leverandøren kommer."}
    refused(go(project_leader), at("new_log_entry", led), "happened_on", sent, "Leverandøren kommer.")
    assert not led.log.exists()


def test_a_milestone_reached_tomorrow_and_one_moved_without_a_word(
    go: Callable[[User], Client],
    project: Project,
    secretary: User,
) -> None:
    client = go(secretary)
    sent = {"title": "Pilot i drift", "planned": written(SOON), "reached": written(SOON)}
    refused(client, at("new_milestone", project), "reached", sent, "Pilot i drift")
    made = milestones.add_milestone(project=project, title="Pilot", planned_on=date(2026, 9, 1), by=secretary)
    moved = {"title": "Pilot i alle", "planned": written(SOON), "version": made.version}
    refused(client, at("change_milestone", project, made.pk), "reason", moved, "Pilot i alle")


def test_a_risk_assessed_tomorrow(
    go: Callable[[User], Client],
    project: Project,
    secretary: User,
) -> None:
    sent = {"kind": "risk", "description": "Sen levering", "likelihood": 4, "consequence": 3, "status": "open"}
    sent |= {"strategy": "reduce", "assessed_on": written(SOON)}
    refused(go(secretary), at("new_project_risk", project), "assessed_on", sent, "Sen levering")


def test_a_leader_from_tomorrow(go: Callable[[User], Client], project: Project, secretary: User) -> None:
    sent = {"kind": "leader", "person": secretary.person.pk, "since": written(SOON), "title": "Leder for alt"}
    refused(go(secretary), at("give_role", project), "since", sent, "Leder for alt")


def test_a_ring_of_projects(
    go: Callable[[User], Client],
    digi: Collaboration,
    project: Project,
    secretary: User,
) -> None:
    other = projects.register_project(collaboration=digi, title="Et annet", by=secretary)
    preconditions.add_dependency(project=other, kind="needs", on_project=project, by=secretary)
    sent = {"kind": "needs", "on_project": other.pk, "note": "Må være først."}
    refused(go(secretary), at("new_dependency", project), "on_project", sent, "Må være først.")


def test_a_project_shared_with_oneself(
    go: Callable[[User], Client],
    project: Project,
    secretary: User,
) -> None:
    sent = {"name": "Meg selv", "email": secretary.email, "purpose": "Leser", "since": written(timezone.localdate()),
            "until": written(SOON)}  # fmt: skip
    refused(go(secretary), at("share_project", project), "email", sent, "Meg selv")


def test_a_second_step_of_the_same_name(
    go: Callable[[User], Client],
    invited: dict[str, Participation],
    decides: Callable[..., Participation],
    project: Project,
    director: User,
) -> None:
    part = decides(invited["Sortland"], 200_000)
    rollout.add_step(participation=part, title="Opplæring", planned_on=SOON, by=director)
    sent = {"title": "Opplæring", "planned": written(SOON)}
    refused(go(director), at("add_rollout_step", project, part.organisation.number), "title", sent, "Opplæring")


def test_a_second_budget_for_the_year(
    go: Callable[[User], Client],
    digi: Collaboration,
    secretary: User,
) -> None:
    budgets.register_base_budget(
        collaboration=digi, year=2026, minimum=Decimal(1), maximum=Decimal(2), note="", by=secretary
    )
    sent = {"year": 2026, "minimum": "100", "maximum": "200", "note": "Et nytt forsøk"}
    refused(go(secretary), reverse("new_base_budget", args=[digi.slug]), "year", sent, "Et nytt forsøk")


def test_a_state_that_stands_in_the_way_is_a_page_of_its_own(
    go: Callable[[User], Client],
    project: Project,
    secretary: User,
) -> None:
    made = milestones.add_milestone(
        project=project, title="Pilot", planned_on=date(2026, 9, 1), reached_on=date(2026, 9, 1), by=secretary
    )
    assert go(secretary).post(at("remove_milestone", project, made.pk)).status_code == 409


# --- none is forgotten ----------------------------------------------------------------------------------


def _parsed(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((HERE / folder).glob("*.py")):
        yield path.stem, ast.parse(path.read_text())


def test_every_rule_at_a_field_names_one_that_a_form_has() -> None:
    known = set()
    for module, _tree in _parsed("forms"):
        for found in vars(import_module(f"portfolio.forms.{module}")).values():
            if isinstance(found, type) and issubclass(found, BaseForm):
                known |= set(found.base_fields)
    known.add("reason")  # of the full model, where there is something to explain
    named = {
        (module, keyword.value.value)
        for module, tree in _parsed("actions")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "NotAllowedNow"
        for keyword in call.keywords
        if keyword.arg == "at" and isinstance(keyword.value, ast.Constant)
    }
    assert len(named) > 50
    assert {one for one in named if one[1] not in known} == set()


def test_every_form_that_is_saved_tells_a_refusal_at_its_field() -> None:
    """Whoever asks ``form.is_valid()`` and calls a verb does it inside ``form.refused_at_its_field()``."""
    silent = [
        f"{module}.{view.name}"
        for module, tree in _parsed("views")
        for view in tree.body
        if isinstance(view, ast.FunctionDef)
        for step in ast.walk(view)
        if isinstance(step, ast.If)
        and ast.unparse(step.test) == "form.is_valid()"
        and any("by=request.user" in ast.unparse(part) for part in step.body)
        and "form.refused_at_its_field()" not in ast.unparse(step)
    ]
    assert silent == []
