"""Two people changed one case: what each has written, field by field, and the choice between them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from digivesteralen.ui import richtext
from governance.forms.cases import RICH, CaseForm
from governance.models import Case

MINE, THEIRS = "mine", "theirs"
# Stands alone in the page that asks, so that one who chooses nothing is asked again.
CHOICE = "choose_"


@dataclass(frozen=True)
class Difference:
    """One field that stands otherwise in the case than in what this person sent."""

    name: str
    label: str
    mine: str
    theirs: str
    rich: bool
    chosen: str = ""

    @property
    def field(self) -> str:
        return f"{CHOICE}{self.name}"


def differences(sent: QueryDict, case: Case) -> list[Difference]:
    """Only where the two differ, in the order of the form."""
    stands = CaseForm(instance=case, collaboration=case.body.collaboration)
    typed = CaseForm(sent, instance=case, collaboration=case.body.collaboration)
    return [
        Difference(
            name=name,
            label=str(stands[name].label),
            mine=_words(typed, name, mine),
            theirs=_words(stands, name, theirs),
            rich=name in RICH,
            chosen=sent.get(f"{CHOICE}{name}", ""),
        )
        for name in stands.fields
        if name != "version"
        and (mine := _sent(sent.get(name, ""), name)) != (theirs := _sent(_raw(stands, name), name))
    ]


def is_settled(sent: QueryDict, case: Case) -> bool:
    """Whether somebody has chosen for each field that differs."""
    return all(one.chosen in (MINE, THEIRS) for one in differences(sent, case))


def settled(sent: QueryDict, case: Case) -> QueryDict:
    """What is to be saved: the chosen text of each field, upon the version that was shown."""
    stands = CaseForm(instance=case, collaboration=case.body.collaboration)
    data = sent.copy()
    for one in differences(sent, case):
        if one.chosen == THEIRS:
            data[one.name] = _raw(stands, one.name)
    return data


def _raw(form: CaseForm, name: str) -> str:
    """The value as a browser would send it."""
    value = form[name].value()
    if isinstance(value, bool):
        return "on" if value else ""
    written = form.fields[name].widget.format_value(value)
    if isinstance(written, list):
        written = next((one for one in written if one), "")
    return str(written or "")


def _sent(value: str, name: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    if name in RICH:
        return str(richtext.shown(text))
    return text


def _words(form: CaseForm, name: str, value: str) -> str:
    """Rich text as it is shown; a choice by its words; a box by yes or no."""
    choices = getattr(form.fields[name], "choices", None)
    if choices is not None:
        return str({str(key): label for key, label in choices}.get(value, value))
    return value
