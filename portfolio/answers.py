"""How far a project's invitations have come, in one sentence: who has answered, until when the others have (R23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.ui import wording
from portfolio.models import Participation, Project

NAMES_SHOWN = 12


@dataclass(frozen=True)
class Answers:
    """The invitations of one project, and those that wait for the municipality's own decision."""

    asked: int
    waiting: Sequence[Participation]

    @property
    def answered(self) -> int:
        return self.asked - len(self.waiting)

    @property
    def late(self) -> list[Participation]:
        return [part for part in self.waiting if part.adoption.is_late]

    @property
    def names(self) -> str:
        named = [part.organisation.name for part in self.waiting[:NAMES_SHOWN]]
        more = len(self.waiting) - len(named)
        return ", ".join([*named, *([_("%(count)s more") % {"count": more}] if more else [])])

    @property
    def sentence(self) -> str:
        """«4 av 6 har svart, frist 01.12.2026, 1 over fristen»."""
        told = ngettext(
            "%(answered)s of %(asked)s has answered", "%(answered)s of %(asked)s have answered", self.answered
        ) % {"answered": self.answered, "asked": self.asked}
        late = [_("%(count)s past the deadline") % {"count": len(self.late)}] if self.late else []
        return ", ".join([told, *self._deadline(), *late])

    def _deadline(self) -> list[str]:
        days = sorted({part.adoption.answer_by for part in self.waiting if part.adoption.answer_by})
        if not days:
            return [_("no deadline is set")] if self.waiting else []
        if len(days) == 1:
            return [_("deadline %(day)s") % {"day": wording.short_day(days[0])}]
        told = {"first": wording.short_day(days[0]), "last": wording.short_day(days[-1])}
        return [_("deadlines from %(first)s to %(last)s") % told]


def answers_of(project: Project) -> Answers:
    waiting = project.participations.unanswered().whole()
    return Answers(project.participations.count(), list(waiting))
