"""Migrating quickly leaves each model as the next step must find it, and Django as it was."""

from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from digivesteralen.audit.migrating import models_kept_in_step


def _things() -> ProjectState:
    """A thing, and a part that points to it."""
    state = ProjectState()
    state.add_model(ModelState("governance", "Thing", [("id", models.AutoField(primary_key=True))]))
    whole = models.ForeignKey("governance.Thing", models.CASCADE)
    state.add_model(ModelState("governance", "Part", [("id", models.AutoField(primary_key=True)), ("whole", whole)]))
    return state


def test_a_model_that_is_changed_is_drawn_anew_and_its_relatives_are_not() -> None:
    before = ProjectState._find_reload_model
    state = _things()
    thing, part = (state.apps.get_model("governance", name) for name in ("thing", "part"))
    with models_kept_in_step():
        state.add_constraint("governance", "thing", models.CheckConstraint(condition=models.Q(id__gte=0), name="whole"))
        state.add_index("governance", "thing", models.Index(fields=["id"], name="by_id"))
        state.add_field("governance", "thing", "name", models.TextField(default=""), True)
    drawn = state.apps.get_model("governance", "thing")
    assert drawn is not thing
    assert state.apps.get_model("governance", "part") is part
    assert [one.name for one in drawn._meta.constraints] == ["whole"]
    assert [one.name for one in drawn._meta.indexes] == ["by_id"]
    assert {one.name for one in drawn._meta.concrete_fields} == {"id", "name"}
    assert ProjectState._find_reload_model is before


def test_a_step_of_python_follows_relations_between_models_of_one_drawing() -> None:
    state = _things()
    _drawn = state.apps
    seen = []

    def step(apps: object, editor: object) -> None:
        thing, part = (apps.get_model("governance", name) for name in ("thing", "part"))  # type: ignore[attr-defined]
        seen.append(part(whole=thing(id=1)).whole)  # another drawing of the thing would be refused

    with models_kept_in_step():
        state.add_field("governance", "thing", "name", models.TextField(default=""), True)
        migrations.RunPython(step).database_forwards("governance", _Editor(), state, state)
    assert len(seen) == 1


class _Editor:
    """As much of a schema editor as a step of Python asks for."""

    class connection:  # noqa: N801 -- an attribute of Django's
        alias = "default"
