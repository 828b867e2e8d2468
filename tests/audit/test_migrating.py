"""Migrating quickly leaves each model as the next step must find it, and Django as it was."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from digivesteralen.audit.migrating import models_kept_in_step


def test_a_constraint_and_an_index_are_known_to_the_model_that_is_drawn_already() -> None:
    before = ProjectState._append_option
    state = ProjectState()
    state.add_model(ModelState("governance", "Thing", [("id", models.AutoField(primary_key=True))]))
    drawn = state.apps.get_model("governance", "thing")
    with models_kept_in_step():
        state.add_constraint("governance", "thing", models.CheckConstraint(condition=models.Q(id__gte=0), name="whole"))
        state.add_index("governance", "thing", models.Index(fields=["id"], name="by_id"))
    assert state.apps.get_model("governance", "thing") is drawn, "not drawn anew"
    assert [one.name for one in drawn._meta.constraints] == ["whole"]
    assert [one.name for one in drawn._meta.indexes] == ["by_id"]
    assert [one.name for one in state.models["governance", "thing"].options["constraints"]] == ["whole"]
    assert ProjectState._append_option is before
