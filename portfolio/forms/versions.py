from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.forms.rounds import DeadlineForm
from governance.models import Body, Opinion
from portfolio.actions.versions import View
from portfolio.models import PortfolioItem, Project, ProjectOpinion

WHOLE = "whole"
MEETING, WRITTEN = "meeting", "written"


class ProposeForm(DeadlineForm):
    """Which projects a version has and in which order, and whether it is treated in a meeting or in writing.

    Each project gets a place; those without one are left out.
    """

    field_order = ("way", "day", "clock", "why")
    optional_marks = False

    way = forms.RadioField(
        label=_("How the steering group treats it"),
        choices=[(MEETING, _("In a meeting")), (WRITTEN, _("In writing, before a deadline"))],
        hints={
            MEETING: _("The case is made, and you put it on an agenda."),
            WRITTEN: _("The case is sent to everybody at once, and they answer in the browser."),
        },
        initial=MEETING,
    )
    why = forms.TextField(label=_("Why the cases can't wait for a meeting"), rows=3, required=False)

    def __init__(
        self, *args: Any, projects: list[Project], body: Body | None, places: Mapping[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.projects = projects
        self.elected = body is not None and body.profile.by_law
        for name in ("day", "clock"):
            self.fields[name].required = False
        if not self.elected:
            del self.fields["why"]
        for project in projects:
            self.fields[f"place_{project.pk}"] = forms.forms.IntegerField(
                label=project.title, required=False, min_value=1, max_value=999, initial=places.get(project.pk)
            )

    @property
    def rows(self) -> list[tuple[Project, Any]]:
        return [(project, self[f"place_{project.pk}"]) for project in self.projects]

    @property
    def chosen(self) -> list[Project]:
        placed = [(self.cleaned_data.get(f"place_{project.pk}"), project.number, project) for project in self.projects]
        return [
            project for place, _number, project in sorted((row for row in placed if row[0]), key=lambda row: row[:2])
        ]

    @property
    def treatment(self) -> dict[str, Any]:
        """The moment to answer by, where it is treated in writing."""
        if self.cleaned_data["way"] == MEETING:
            return {}
        return {"answer_by": self.cleaned_data["answer_by"], "why": self.cleaned_data.get("why", "")}

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("way") != WRITTEN:
            # A deadline that does not count can't be wrong.
            for name in ("day", "clock"):
                self.cleaned_data.pop(name, None)
                self.errors.pop(name, None)
        data = super().clean()
        if data.get("way") == WRITTEN:
            self._ask_for("day", _("Write the day by which they must answer."))
            self._ask_for("clock", _("Write the time of day by which they must answer."))
            if self.elected:
                self._ask_for("why", _("Write why the cases can't wait for a meeting: an elected body may ask."))
        if not self.errors and not self.chosen:
            self.add_error(None, _("Give at least one project a place."))
        return data

    def _ask_for(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)


class ViewsForm(forms.DsForm):
    """«Ditt syn»: one answer per project and one for the whole, each kept by itself; what is left open is silence."""

    optional_marks = False

    def __init__(
        self,
        *args: Any,
        items: list[PortfolioItem],
        given: Mapping[int, ProjectOpinion],
        whole: Opinion | None,
        asks_about_form: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.standing: dict[str, ProjectOpinion | Opinion | None] = {
            **{str(item.pk): given.get(item.pk) for item in items}, WHOLE: whole
        }  # fmt: skip
        self.fieldsets = []
        for item in items:
            self._ask(str(item.pk), f"{item.position}. {item.facts['title']}")
        self._ask(WHOLE, _("The portfolio as a whole"))
        if asks_about_form:
            self.fields["accepts_writing"] = forms.forms.BooleanField(
                label=_("I agree to written treatment"), required=False,
                initial=bool(whole and whole.accepts_writing),
            )  # fmt: skip
            self.fieldsets[-1][1].append("accepts_writing")

    def _ask(self, name: str, heading: Any) -> None:
        standing = self.standing[name]
        self.fields[f"stance_{name}"] = forms.RadioField(
            label=_("Your view"),
            choices=[(value, capfirst(label)) for value, label in Opinion.Stance.choices],
            required=False,
            initial=standing.stance if standing else "",
        )
        self.fields[f"text_{name}"] = forms.TextField(
            label=_("Remark"), rows=2, required=False, initial=standing.text if standing else ""
        )
        self.fields[f"edition_{name}"] = forms.forms.IntegerField(
            widget=forms.forms.HiddenInput, initial=edition_of(standing), required=False
        )
        self.fieldsets = [*self.fieldsets, (heading, [f"stance_{name}", f"text_{name}"])]

    @property
    def new_views(self) -> dict[str, View]:
        """What is complete and otherwise than it stands; what must be mended waits, and holds nothing else back."""
        return {name: view for name in self.standing if (view := self._view(name)) and self._is_new(name, view)}

    def _view(self, name: str) -> View | None:
        if {f"stance_{name}", f"text_{name}"} & set(self.errors):
            return None
        stance = self.cleaned_data.get(f"stance_{name}")
        if not stance:
            return None
        edition = self.cleaned_data.get(f"edition_{name}")
        return View(stance, self.cleaned_data[f"text_{name}"].strip(), edition or 0)

    def _is_new(self, name: str, view: View) -> bool:
        standing = self.standing[name]
        said_of_form = "accepts_writing" in self.changed_data and name == WHOLE
        return said_of_form or standing is None or (standing.stance, standing.text) != (view.stance, view.text)

    @property
    def on_projects(self) -> dict[int, View]:
        return {int(name): view for name, view in self.new_views.items() if name != WHOLE}

    @property
    def on_whole(self) -> View | None:
        return self.new_views.get(WHOLE)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.standing:
            stance, text = data.get(f"stance_{name}"), data.get(f"text_{name}", "").strip()
            if stance and stance != Opinion.Stance.SUPPORTS and not text:
                self.add_error(f"text_{name}", _("Write a remark when you do more than support."))
            if text and not stance:
                self.add_error(f"stance_{name}", _("Choose your view, so that the remark is not lost."))
        if not self.errors and not any(data.get(f"stance_{name}") for name in self.standing):
            self.add_error(None, _("Give your view on at least one project, or on the portfolio as a whole."))
        return data


def edition_of(standing: ProjectOpinion | Opinion | None) -> int:
    """Which answer stands; 0 where there is none, so that two first answers are noticed too."""
    if standing is None:
        return 0
    return standing.edition if isinstance(standing, ProjectOpinion) else standing.version
