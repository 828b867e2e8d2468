"""The organisation chart as the data tells it: tiers above, levels 1 and 2, councils, employers (B1, L3, L4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.ui import charts
from digivesteralen.ui.charts import Chart, Node
from governance.models import Body, BodyCapacity, Collaboration, Duty

COLORS = {Body.Level.GOVERNING: "accent", Body.Level.OPERATIONAL: "brand1"}
OUTSIDE = "neutral"
MOST = 12


@dataclass
class Branch:
    """A body with those that report to it, as the nested list on the page tells it too."""

    body: Any
    below: list[Branch] = field(default_factory=list)


def branches(bodies: Sequence[Any]) -> list[Branch]:
    """The bodies under the level they work on, each below the one it reports to; a ring of them stands at the top."""
    known = {body.pk: Branch(body) for body in bodies}
    top: list[Branch] = []
    for branch in known.values():
        above = branch.body.reports_to_id
        if above in known and not _leads_back(known, branch):
            known[above].below.append(branch)
        else:
            top.append(branch)
    return top


def _leads_back(known: dict[int, Branch], branch: Branch) -> bool:
    seen, above = set(), branch.body.reports_to_id
    while above in known and above not in seen:
        if above == branch.body.pk:
            return True
        seen.add(above)
        above = known[above].body.reports_to_id
    return False


def chart(collaboration: Collaboration, bodies: Iterable[Any], day: date, *, examples: bool = True) -> Chart | None:
    """The figure, or nothing while there is no body to draw; ``bodies`` come with statuses and regions read."""
    shown = [body for body in bodies if body.kind != Body.Kind.POLITICAL and (examples or not body.example)]
    serving = BodyCapacity.objects.active(day).filter(collaboration=collaboration)
    capacities = [one for one in serving.select_related("body", "region") if examples or not one.example]
    if not shown and not capacities:
        return None
    duties = Duty.objects.active(day).filter(collaboration=collaboration, kind=Duty.Kind.EMPLOYER)
    employers = [str(one.organisation) for one in duties.select_related("organisation") if examples or not one.example]
    own = [_of_body(branch, day, employers) for branch in branches(shown)]
    own += [_of_capacity(one) for one in capacities]
    root = Node(collaboration.name, _about(collaboration, day), OUTSIDE, own)
    title = _("Organisation of %(name)s") % {"name": collaboration.name}
    return charts.tree(title, [_under_its_tiers(collaboration, root)], note=_note(), id="organisasjonskart")


def tiers(collaboration: Collaboration) -> list[Collaboration]:
    """What it is part of, the outermost first."""
    found: list[Collaboration] = []
    above = collaboration.parent
    while above is not None and above not in found and above != collaboration:
        found.insert(0, above)
        above = above.parent
    return found


def _under_its_tiers(collaboration: Collaboration, root: Node) -> Node:
    siblings = [_("Beside it: %(name)s") % {"name": one.name} for one in collaboration.siblings.all()[:MOST]]
    for above in reversed(tiers(collaboration)):
        root = Node(above.name, siblings, OUTSIDE, [root])
        siblings = []
    return root


def _about(collaboration: Collaboration, day: date) -> list[str]:
    members = collaboration.memberships.active(day).count()
    said = ngettext("%(n)s member", "%(n)s members", members) % {"n": members}
    return [said] if members else []


def _of_body(branch: Branch, day: date, employers: list[str]) -> Node:
    body = branch.body
    lines = [capfirst(str(body.get_level_display()))]
    if body.region:
        lines.append(str(body.region))
    if status := body.status_on(day):
        lines.append(capfirst(str(status.get_status_display())))
    if body.kind == Body.Kind.SECRETARIAT and employers:
        lines.append(_("Employed by %(names)s") % {"names": ", ".join(employers)})
    if body.example:
        lines.append(_("Example"))
    below = [_of_body(one, day, employers) for one in branch.below]
    return Node(body.name, lines, COLORS[Body.Level(body.level)], below)


def _of_capacity(capacity: BodyCapacity) -> Node:
    acts = _("Acts as %(kind)s") % {"kind": capacity.get_kind_display()}
    lines = [acts, *([str(capacity.region)] if capacity.region else []), *([_("Example")] if capacity.example else [])]
    return Node(capacity.body.name, lines, "brand2")


def _note() -> str:
    return _("Drawn from what is registered. Grey: collaborations. Each other box is a body.")
