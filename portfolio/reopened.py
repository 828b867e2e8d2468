"""«Må avklares på nytt»: decisions that cover less than the share has become, and what has changed since (rule 2).

The other decisions stand, and nobody owes what its decision does not cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from digivesteralen.audit.history import event_model
from digivesteralen.ui import wording
from governance.models import Adoption, Collaboration
from portfolio.dividing import listed
from portfolio.models import Project, Share, Status
from portfolio.models.participation import UNSETTLED

NOTHING = Decimal(0)
TELLING = [*UNSETTLED, Status.LEFT, Status.DECLINED]
THEN = ["shared_cost", "grant_share", "in_base_budget", "key", "counted_on"]


def of(collaboration: Collaboration, user: Any) -> Any:
    """The shares to be settled anew, with the project as it was when the municipality decided (``then_…``)."""
    events = event_model(Project).objects.filter(
        pgh_obj=OuterRef("project"), pgh_created_at__lte=OuterRef("participation__adoption__registered_at")
    )
    newest = events.order_by("-pgh_id")
    ended = [Project.State.FINISHED, Project.State.STOPPED]
    return (
        Share.objects.visible_to(user)
        .reopened()
        .filter(project__collaboration=collaboration, participation__adoption__in=Adoption.objects.visible_to(user))
        .exclude(project__state__in=ended)
        .select_related("project__collaboration", "organisation", "participation__adoption__collaboration")
        .annotate(**{f"then_{name}": Subquery(newest.values(name)[:1]) for name in THEN})
    )


class Answer(NamedTuple):
    """What another municipality of the same project has answered, and when its decision was registered."""

    project: int
    name: str
    status: str
    bound: bool
    answered_at: datetime | None
    left_at: datetime | None

    @property
    def at(self) -> datetime | None:
        return self.left_at if self.status == Status.LEFT else self.answered_at


class Reasons:
    """What changed, for many shares at once: one look at the answers of the others."""

    def __init__(self, shares: Iterable[Share]) -> None:
        self._answers: dict[int, list[Answer]] = {}
        telling = Share.objects.filter(project__in={share.project_id for share in shares}, status__in=TELLING)
        columns = ("participation__adoption__registered_at", "participation__withdrawal__registered_at")
        read = telling.order_by("organisation__sort_key").values_list(
            "project", "organisation__name", "status", "pays", *columns
        )
        for row in read:
            answer = Answer(*row)
            self._answers.setdefault(answer.project, []).append(answer)

    def of(self, share: Any) -> list[str]:
        """In words, what is otherwise than when the municipality decided."""
        if share.covered is None:
            return [_("The decision states no amount.")]
        found = [*_of_the_project(share), *self._of_the_others(share)]
        return found or [_("The share is worked out from other figures than when the municipality decided.")]

    def _of_the_others(self, share: Any) -> list[str]:
        since = share.participation.adoption.registered_at
        answers = self._answers.get(share.project_id, [])
        later = [one for one in answers if one.at and since and one.at > since]
        found = [
            sentence % {"municipalities": listed(names)}
            for status, sentence in (
                (Status.LEFT, _("Gone out: %(municipalities)s.")),
                (Status.DECLINED, _("Does not take part: %(municipalities)s.")),
            )
            if (names := [one.name for one in later if one.status == status])
        ]
        silent = [one.name for one in answers if one.status in UNSETTLED and not one.bound]
        if silent and share.if_all is not None and share.if_all <= share.covered:
            found.append(
                _("The decision holds if all invited join. Not settled yet: %(municipalities)s.")
                % {"municipalities": listed(silent)}
            )
        return found


def _of_the_project(share: Any) -> list[str]:
    """The cost, the grants and the key, then → now."""
    project = share.project
    if share.then_shared_cost is None:
        return []
    said = []
    amounts: Sequence[tuple[str, Decimal, Decimal]] = [
        (_("Shared cost %(then)s → %(now)s."), share.then_shared_cost, project.shared_cost or NOTHING),
        (_("Grants %(then)s → %(now)s."), share.then_grant_share, project.grant_share),
    ]
    for sentence, then, now in amounts:
        if then != now:
            said.append(sentence % {"then": wording.money(then), "now": wording.money(now)})
    if share.then_in_base_budget and not project.in_base_budget:
        said.append(_("The base budget no longer pays."))
    if (share.then_key, share.then_counted_on) != (project.key, project.counted_on):
        said.append(
            _("Shared %(then)s → %(now)s.")
            % {"then": Project.Key(share.then_key).label, "now": project.get_key_display()}
        )
    return said
