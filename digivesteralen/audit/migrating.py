"""Migrating in half the time: a trigger, a constraint or an index changes no field of a model.

Django draws all related models anew after each of them, four hundred times in a fresh database. Here the one model's
options are brought in step instead, which is all that the steps after it read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


@contextmanager
def models_kept_in_step() -> Iterator[None]:
    """For the length of one migrate."""
    with ExitStack() as undo:
        for owner, name, quick in (
            (ProjectState, "_append_option", _append_option),
            (AddTrigger, "state_forwards", _add_trigger),
        ):
            undo.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, quick)
        yield


def _append_option(state: ProjectState, app_label: str, model_name: str, option_name: str, option: Any) -> None:
    """Constraints and indexes: the schema editor reads a model's constraints from the model."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options.get(option_name, []), option]
    if "apps" in state.__dict__:
        model = state.apps.get_model(app_label, model_name)
        setattr(model._meta, option_name, [*getattr(model._meta, option_name), option])


def _add_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    """Triggers: installed by the operation itself, from the state's own words."""
    options = state.models[app_label, operation.model_name].options
    options["triggers"] = [*options.get("triggers", []), operation.trigger]
