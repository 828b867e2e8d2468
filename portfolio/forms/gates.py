from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance import laws
from governance.forms.bodies import NEWEST, ResolutionField
from governance.models import Body, Resolution
from portfolio.forms.moments import MomentField
from portfolio.gate_facts import questions
from portfolio.gates import LETS_THROUGH, ORDER, body_of
from portfolio.models import Gate, GateCheck, GateDocument, Phase, Project
from portfolio.models.phases import PASSING, STATES


class FrontPageForm(forms.DsForm):
    """What is written on the front page of a gate before it is laid."""

    planned = MomentField(label=_("When the gate is planned"), required=False)
    prepared_by = forms.forms.CharField(label=_("Prepared by"), max_length=200, required=False)
    staffing = forms.TextField(label=_("Staffing of the next phase"), rows=3, required=False)
    next_ends = MomentField(label=_("Next phase done"), required=False, last=True)

    def __init__(self, *args: Any, gate: Gate, **kwargs: Any) -> None:
        leader = gate.project.leader.name if gate.project.leader else ""
        initial = {
            "planned": gate.planned,
            "prepared_by": gate.prepared_by or leader,
            "staffing": gate.staffing,
            "next_ends": gate.next_ends,
        }
        self.tolerances = [f"tolerance_{name}" for name in Gate.TOLERANCES] if gate.rule.tolerances else []
        initial |= {name: getattr(gate, name) for name in self.tolerances}
        super().__init__(*args, initial=initial, version=gate.version, **kwargs)
        for name in self.tolerances:
            label = str(Gate._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            self.fields[name] = forms.forms.CharField(label=label.capitalize(), max_length=200, required=False)

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        told = {name: data[name] for name in ("prepared_by", "staffing", *self.tolerances)}
        told["planned_on"], told["planned_precision"] = data["planned"]
        told["next_ends_on"], told["next_ends_precision"] = data["next_ends"]
        return told


class ChecksForm(forms.DsForm):
    """Each checkpoint: yes, not relevant with a reason, or not answered yet."""

    def __init__(self, *args: Any, gate: Gate, **kwargs: Any) -> None:
        super().__init__(*args, version=gate.version, **kwargs)
        asked = questions(gate)
        self.checks = list(gate.checks.all())
        for check in self.checks:
            self.fields[f"answer-{check.key}"] = forms.RadioField(
                label=str(asked.get(check.key, check.key)),
                choices=[("yes", _("yes")), ("not_relevant", _("not relevant")), ("", _("not answered"))],
                required=False,
                initial=check.answer,
            )
            self.fields[f"reason-{check.key}"] = forms.forms.CharField(
                label=_("Why it is not relevant, or a remark"), max_length=300, required=False, initial=check.reason
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for check in self.checks:
            reason = data.get(f"reason-{check.key}", "")
            if data.get(f"answer-{check.key}") == GateCheck.Answer.NOT_RELEVANT and not reason.strip():
                self.add_error(f"reason-{check.key}", _("Write why the checkpoint is not relevant."))
        return data

    @property
    def answers(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return {check.key: (data[f"answer-{check.key}"] or "", data[f"reason-{check.key}"]) for check in self.checks}


class DocumentForm(forms.DsForm):
    """A decision document: the file, or where it lies."""

    named = forms.forms.CharField(
        label=_("Title and where it lies"),
        max_length=300,
        required=False,
        help_text=_("For example the case number in the archive."),
    )
    upload = UploadField(label=_("File"), required=False)
    legal_ground = forms.forms.ChoiceField(
        label=_("Exempt from public disclosure"),
        required=False,
        help_text=_("With a legal ground only the secretariat and auditors read the document and its title."),
    )

    def __init__(self, *args: Any, document: GateDocument, **kwargs: Any) -> None:
        initial = {"named": document.named, "legal_ground": document.legal_ground}
        super().__init__(*args, initial=initial, **kwargs)
        self.document = document
        grounds = [(str(one), f"{one} ({one.about})") for one in laws.grounds()]
        self.fields["legal_ground"].choices = [("", _("no")), *grounds]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not data.get("named") and not data.get("upload") and not self.document.document_id:
            self.add_error("named", _("Choose a file, or write the title of the document and where it lies."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "named", "upload", "legal_ground")}


class VersionForm(forms.DsForm):
    """A row of the version table."""

    number = forms.forms.CharField(label=_("Version"), max_length=20)
    on = forms.DateField(label=_("Date"))
    change = forms.forms.CharField(label=pgettext_lazy("version table", "Change"), max_length=300)
    producer = forms.forms.CharField(label=_("Producer"), max_length=200, required=False)
    approved = forms.forms.CharField(label=_("Approved by"), max_length=200, required=False)


class ReceiverForm(forms.DsForm):
    """A row of the distribution table."""

    name = forms.forms.CharField(label=_("Name"), max_length=200)
    role = forms.forms.CharField(label=_("Role or organisation"), max_length=200, required=False)
    sent_on = forms.DateField(label=_("Sent"), required=False)


class LayForm(forms.DsForm):
    """Which answer is proposed to the body, and by when the municipalities answer."""

    proposed = forms.RadioField(label=_("Proposed to the body"), choices=[])
    answer_by = forms.DateField(
        label=_("The municipalities answer «do we go on?» by"),
        required=False,
        help_text=_("Each municipality decides itself. One that has not answered counts as no yes, and stops nobody."),
    )

    def __init__(self, *args: Any, gate: Gate, **kwargs: Any) -> None:
        super().__init__(*args, version=gate.version, **kwargs)
        self.fields["proposed"].choices = [(one.key, str(one).capitalize()) for one in gate.rule.answers]
        self.fields["proposed"].initial = next(one.key for one in gate.rule.answers if one.key in PASSING)
        if not gate.rule.asks:
            del self.fields["answer_by"]

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day and day < timezone.localdate():
            self.add_error("answer_by", _("The deadline is past. Choose today or a later day."))
        return day


class ToldForm(forms.DsForm):
    """What the resolution of the body came to."""

    answer = forms.RadioField(label=_("What the resolution says"), choices=[])

    def __init__(self, *args: Any, gate: Gate, allowed: list[str], **kwargs: Any) -> None:
        super().__init__(*args, version=gate.version, **kwargs)
        known = [(one.key, str(one).capitalize()) for one in gate.rule.answers if one.key in allowed]
        self.fields["answer"].choices = known


class FullModelForm(forms.DsForm):
    """From four steps to the full model; a project under way names the resolution behind each gate it has passed."""

    phase = forms.RadioField(label=_("Phase"), choices=[])

    def __init__(self, *args: Any, project: Project, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, version=project.version, **kwargs)
        phases = [phase for phase in ORDER if STATES[phase] == project.state]
        self.fields["phase"].choices = [(str(phase), str(phase.label).capitalize()) for phase in phases]
        self.fields["phase"].initial = str(phases[0]) if phases else None
        self.numbers = range(1, ORDER.index(phases[-1]) + 1) if phases else range(0)
        adopted = Resolution.objects.filter(
            item__case__in=cases,
            item__case__body=body_of(project),
            item__meeting__state__in=["held", "remarks", "approved"],
            outcome__in=LETS_THROUGH,
        ).order_by("-pk")
        newest = list(adopted.values_list("pk", flat=True)[:NEWEST])
        found = Resolution.objects.filter(pk__in=newest).select_related("item__case__body", "item__meeting__body")
        for number in self.numbers:
            self.fields[f"bp{number}"] = ResolutionField(
                found.order_by("-pk"),
                label=_("Resolution that passed %(gate)s") % {"gate": f"BP{number}"},
                required=False,
            )
        if self.numbers:
            self.fields["reason"] = forms.TextField(label=_("Why the phase model is changed"), rows=2, limit=300)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("phase"):
            for number in range(1, ORDER.index(Phase(data["phase"])) + 1):
                if not data.get(f"bp{number}"):
                    self.add_error(f"bp{number}", _("Choose the resolution. A phase is not entered without its gate."))
        return data

    @property
    def resolutions(self) -> dict[int, Resolution]:
        told = {number: self.cleaned_data.get(f"bp{number}") for number in self.numbers}
        return {number: resolution for number, resolution in told.items() if resolution}


class SimpleModelForm(forms.DsForm):
    """Back to four steps."""

    reason = forms.TextField(label=_("Why the project goes back to four steps"), rows=2, limit=300)


class BoardForm(forms.DsForm):
    """Who decides the gates."""

    body = forms.forms.ModelChoiceField(
        Body.objects.none(), label=_("Board of its own"), required=False, empty_label=_("the steering group decides")
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, initial={"body": project.gate_body_id}, version=project.version, **kwargs)
        self.fields["body"].queryset = project.collaboration.bodies.that_meet().exclude(kind=Body.Kind.STEERING)
