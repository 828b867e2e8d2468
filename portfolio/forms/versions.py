from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Opinion
from portfolio.models import PortfolioItem, PortfolioVersion, Project

WHOLE = "whole"


class ProposeForm(forms.DsForm):
    """Which projects a version has, and in which order: each gets a place, those without one are left out."""

    def __init__(self, *args: Any, projects: list[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = projects
        open_ones = [project for project in projects if project.state not in {"finished", "stopped"}]
        places = {project.pk: place for place, project in enumerate(open_ones, 1)}
        for project in projects:
            self.fields[f"place_{project.pk}"] = forms.forms.IntegerField(
                label=project.title, required=False, min_value=1, max_value=999, initial=places.get(project.pk)
            )

    @property
    def chosen(self) -> list[Project]:
        placed = [(self.cleaned_data.get(f"place_{project.pk}"), project.number, project) for project in self.projects]
        return [
            project for place, _number, project in sorted((row for row in placed if row[0]), key=lambda row: row[:2])
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen:
            self.add_error(None, _("Give at least one project a place."))
        return data


class ViewsForm(forms.DsForm):
    """«Ditt syn»: one answer per project and one for the whole; what is left open is «not answered»."""

    def __init__(
        self, *args: Any, version: PortfolioVersion, items: list[PortfolioItem], whole: Opinion | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, version=whole.version if whole else 0, **kwargs)
        self.items = {str(item.pk): item for item in items}
        self.fieldsets = []
        for item in items:
            self._ask(str(item.pk), f"{item.position}. {item.facts['title']}")
        self._ask(WHOLE, _("The portfolio as a whole"))

    def _ask(self, name: str, heading: Any) -> None:
        self.fields[f"stance_{name}"] = forms.RadioField(
            label=_("Your view"),
            choices=[(value, capfirst(label)) for value, label in Opinion.Stance.choices],
            required=False,
        )
        self.fields[f"text_{name}"] = forms.TextField(label=_("Remark"), rows=2, required=False)
        self.fieldsets = [*self.fieldsets, (heading, [f"stance_{name}", f"text_{name}"])]

    def answer(self, name: str) -> tuple[str, str] | None:
        stance = self.cleaned_data.get(f"stance_{name}")
        return (stance, self.cleaned_data[f"text_{name}"]) if stance else None

    @property
    def on_projects(self) -> dict[int, tuple[str, str]]:
        return {item.pk: answer for name, item in self.items.items() if (answer := self.answer(name))}

    @property
    def on_whole(self) -> tuple[str, str] | None:
        return self.answer(WHOLE)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in [*self.items, WHOLE]:
            stance, text = data.get(f"stance_{name}"), data.get(f"text_{name}", "").strip()
            if stance and stance != Opinion.Stance.SUPPORTS and not text:
                self.add_error(f"text_{name}", _("Write a remark when you do more than support."))
            if text and not stance:
                self.add_error(f"stance_{name}", _("Choose your view, so that the remark is not lost."))
        if not self.errors and not self.on_projects and not self.on_whole:
            self.add_error(None, _("Give your view on at least one project, or on the portfolio as a whole."))
        return data
