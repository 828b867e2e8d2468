from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Case, Collaboration
from portfolio.models import LogEntry, Project

NEWEST = 100
FIELDS = ("kind", "happened_on", "text", "reason", "consequence", "recommendation", "lesson", "concerns", "before",
          "after", "case", "decided_by")  # fmt: skip


class LogForm(forms.DsForm):
    """What happened and why; what it changes, who decided it and what was learned is folded."""

    kind = forms.forms.ChoiceField(label=_("Kind"), choices=LogEntry.Kind.choices)
    happened_on = forms.DateField(label=_("Date"))
    text = forms.TextField(label=_("What happened"), rows=3)
    reason = forms.TextField(label=_("Reason"), required=False, rows=2)
    lesson = forms.TextField(
        label=_("What was learned"), required=False, rows=2, help_text=_("Is shown in the lessons of the portfolio.")
    )
    concerns = forms.forms.ChoiceField(
        label=_("The change concerns"), choices=[("", "---------"), *LogEntry.Concerns.choices], required=False
    )
    before = forms.forms.CharField(label=_("Before"), max_length=300, required=False)
    after = forms.forms.CharField(label=_("After"), max_length=300, required=False)
    decided_by = forms.forms.CharField(label=_("Decided by"), max_length=200, required=False)
    case = forms.forms.ModelChoiceField(Case.objects.none(), label=_("Case"), required=False)
    consequence = forms.TextField(label=_("Consequence"), required=False, rows=2)
    recommendation = forms.TextField(label=_("Recommendation"), required=False, rows=2)

    folded = [
        (_("What it changes"), ["concerns", "before", "after"]),
        (_("Who decided"), ["decided_by", "case"]),
        (_("Consequence and recommendation"), ["consequence", "recommendation"]),
    ]

    def __init__(
        self, *args: Any, project: Project, user: Any, corrects: LogEntry | None = None, **kwargs: Any
    ) -> None:
        initial = {name: getattr(corrects, name) for name in FIELDS} if corrects else {}
        kwargs.setdefault("initial", initial or {"happened_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        seen = Case.objects.visible_to(user).filter(body__collaboration=project.collaboration, sequence__isnull=False)
        newest = seen.order_by("-year", "-sequence").values("pk")[:NEWEST]
        chosen = Q(pk__in=newest) | Q(pk__in=seen.filter(project_cases__project=project).values("pk"))
        self.fields["case"].queryset = Case.objects.filter(chosen).order_by("-year", "-sequence")

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.forms.ValidationError(_("The log tells what has happened. Write today or an earlier day."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == LogEntry.Kind.CHANGE and not data.get("concerns"):
            self.add_error("concerns", _("Say what the change concerns: scope, time, cost or something else."))
        if data.get("concerns") in LogEntry.NAMED:
            for name in ("before", "after"):
                if not data.get(name):
                    self.add_error(
                        name, _("A change of scope, time or cost names how it was before and how it is after.")
                    )
        if data.get("kind") == LogEntry.Kind.DECISION and not data.get("decided_by") and not data.get("case"):
            self.add_error("decided_by", _("Say who decided, or choose the case it was decided in."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class LogFilter(forms.FilterForm):
    """Which entries one looks at."""

    q = forms.forms.CharField(label=_("Search"), max_length=100)
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *LogEntry.Kind.choices])

    def narrow(self, entries: Any) -> Any:
        data = self.cleaned_data
        if data["kind"]:
            entries = entries.filter(kind=data["kind"])
        if data["q"]:
            words = data["q"]
            entries = entries.filter(Q(text__icontains=words) | Q(reason__icontains=words) | Q(lesson__icontains=words))
        return entries


class LessonFilter(LogFilter):
    """... and of which focus area or project."""

    area = forms.forms.ChoiceField(label=_("Focus area"))
    project = forms.forms.ModelChoiceField(Project.objects.none(), label=_("Project"), empty_label=_("all"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = collaboration.focus_areas.values_list("slug", "short_name")
        self.fields["area"].choices = [("", _("all")), *areas]
        told = LogEntry.objects.lessons().filter(project__collaboration=collaboration).values("project")
        self.fields["project"].queryset = collaboration.projects.filter(pk__in=told)

    def narrow(self, entries: Any) -> Any:
        entries, data = super().narrow(entries), self.cleaned_data
        if data["area"]:
            entries = entries.filter(project__focus_area__slug=data["area"])
        if data["project"]:
            entries = entries.filter(project=data["project"])
        return entries
