"""What differs between two versions of an agreement: clause by clause, word by word, and which points it touches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from governance import checklists
from governance.models import Agreement, AgreementSection

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# What a version tells beside its clauses, and the point of the checklists that it belongs to.
FACTS = {
    "title": "name",
    "entity_name": "name",
    "form": "",
    "period_from": "period",
    "period_to": "period",
    "notice_months": "leaving",
    "other_changes": "changes",
}


@dataclass(frozen=True)
class Change:
    """One clause in both versions: unchanged, changed, new or gone; ``words`` are (kept|added|removed, text)."""

    kind: str
    number: str
    heading: list[tuple[str, str]]
    words: list[tuple[str, str]]


def words_of(old: str, new: str) -> list[tuple[str, str]]:
    """The words kept, removed and added, in reading order; kept and added together are the new text."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    told: list[tuple[str, str]] = []
    for kind, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            told.append(("kept", "".join(before[start:end])))
            continue
        told += [("removed", "".join(before[start:end]))] if end > start else []
        told += [("added", "".join(after[begin:stop]))] if stop > begin else []
    return told


def compare(old: Agreement, new: Agreement) -> list[Change]:
    """Clause by clause in the order of the new version; those that are gone stand last."""
    before = {clause.pk: (number, clause) for number, clause in enumerate(old.clauses, 1)}
    pairs = _pairs(old, new)
    told = []
    for number, clause in enumerate(new.clauses, 1):
        earlier = pairs.get(clause.pk)
        if earlier is None:
            told.append(Change("new", str(number), [("added", str(clause))], [("added", clause.text)]))
            continue
        was = before.pop(earlier.pk)[0]
        same = (str(earlier), earlier.text) == (str(clause), clause.text)
        shown = str(number) if was == number else _("%(new)s, before %(old)s") % {"new": number, "old": was}
        kind = "same" if same else "changed"
        told.append(Change(kind, shown, words_of(str(earlier), str(clause)), words_of(earlier.text, clause.text)))
    gone = [
        Change("gone", str(number), [("removed", str(one))], [("removed", one.text)]) for number, one in before.values()
    ]
    return [*told, *gone]


def facts_changed(old: Agreement, new: Agreement) -> list[tuple[str, Any, Any]]:
    """(what, before, after) for what stands beside the clauses."""
    told = []
    for name in FACTS:
        before, after = (_shown(version, name) for version in (old, new))
        if before != after:
            told.append((_label(name), before, after))
    return told


def touches(old: Agreement, new: Agreement) -> list[str]:
    """The listed points that the new version touches, by name: then every party's own body must adopt it."""
    if old.form != new.form:
        return [_("the organisational form")]
    day = new.sent_on
    listed = [point for point in checklists.points_of(new.form, day) if point.listed]
    touched = [str(point) for point in listed if _texts(old, point.key) != _texts(new, point.key)]
    named = {point.key: str(point) for point in listed}
    for name, key in FACTS.items():
        if _shown(old, name) != _shown(new, name):
            touched.append(named.get(key) or _label(name))
    if _obligations(old) != _obligations(new):
        touched.append(_("the obligations of the parties"))
    if set(new.parties.values_list("organisation", flat=True)) - set(
        old.parties.values_list("organisation", flat=True)
    ):
        touched += [_("who the parties are")] if checklists.rule_of(new.form, day).council_itself else []
    return list(dict.fromkeys(touched))


def unmet(agreement: Agreement) -> list[checklists.Point]:
    """The required points of the form's checklist that no clause settles."""
    settled = {key for clause in agreement.clauses for key in clause.points}
    return [
        point
        for point in checklists.points_of(agreement.form, agreement.sent_on)
        if point.required and point.key not in settled
    ]


def checklist(agreement: Agreement) -> Iterator[tuple[checklists.Point, list[tuple[int, Any]]]]:
    """Each point of the form, with the numbers of the clauses that settle it."""
    clauses = list(enumerate(agreement.clauses, 1))
    for point in checklists.points_of(agreement.form, agreement.sent_on):
        yield point, [(number, clause) for number, clause in clauses if point.key in clause.points]


def _pairs(old: Agreement, new: Agreement) -> dict[int, AgreementSection]:
    """The clause of the old version that each of the new one comes from, also over versions between them."""
    before = {clause.pk: clause for clause in old.clauses}
    origins = dict(
        AgreementSection.objects.filter(agreement__in=Agreement.objects.of_chain(new.root)).values_list("pk", "follows")
    )
    found = {}
    for clause in new.clauses:
        origin = clause.pk
        while origin is not None and origin not in before:
            origin = origins.get(origin)
        if origin is not None:
            found[clause.pk] = before[origin]
    return found


def _label(name: str) -> str:
    field: Any = Agreement._meta.get_field(name)
    return str(field.verbose_name)


def _texts(agreement: Agreement, key: str) -> list[tuple[str, str]]:
    return [(str(clause), clause.text) for clause in agreement.clauses if key in clause.points]


def _shown(agreement: Agreement, name: str) -> Any:
    shown = getattr(agreement, f"get_{name}_display", None)
    return str(shown()) if shown else getattr(agreement, name)


def _obligations(agreement: Agreement) -> list[tuple[Any, ...]]:
    return sorted(agreement.obligations.values_list("kind", "organisation__name", "text", "due"), key=str)
