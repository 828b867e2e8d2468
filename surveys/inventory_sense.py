"""What a row may not say at once: the same as the constraints of the table, told by the cell before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from surveys.inventory_columns import LABELS

CONTRACT = ("concluded_on", "binding_until", "contract_end")
LIFE = ("introduced_on", "live_on", "phased_out_on", "gone_on")
AT_MOST = {"notice_months": 60, "option_months": 120, "renews_months": 120, "options": 20}


def ended(said: dict[str, Any], full: dict[str, Any]) -> dict[str, Any]:
    """What the row says, where a contract that is terminated runs on no longer: till when is not known, or its day."""
    said = dict(said)
    if said.pop("terminated", False) and (full | said)["end_running"]:
        said |= {"contract_end": None, "end_running": False, "end_unknown": True}
    return said


def faults(said: dict[str, Any], full: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Field and sentence of everything that can't be: ``said`` is from the row, ``full`` is how it would stand."""
    for order in (CONTRACT, LIFE):
        yield from _out_of_order(order, said, full)
    if full["options"] and not full["option_months"]:
        yield "options", _("Say how many months each option lasts.")
    for name, most in AT_MOST.items():
        if name in said and said[name] is not None and said[name] > most:
            yield name, _("%(label)s: %(most)s at most.") % {"label": LABELS[name], "most": most}
    for name in ("option_months", "renews_months"):
        if said.get(name) == 0:
            yield name, _("%(label)s: 1 at least.") % {"label": LABELS[name]}


def _out_of_order(order: tuple[str, ...], said: dict[str, Any], full: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for early, late in combinations(order, 2):
        if full[early] and full[late] and full[early] > full[late]:
            field, other = (late, early) if late in said else (early, late)
            yield field, _("«%(early)s» is later than «%(late)s». Mend one of them.") % {
                "early": LABELS[early], "late": LABELS[late]
            }  # fmt: skip
            return
