"""What the municipalities are asked, matter by matter: who has answered what, and how far the whole has come (R21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.ui import wording
from governance.models import Adoption, Agreement, Case, Collaboration, Forwarding, Organisation, Resolution
from governance.models.adoptions import AdoptionQuerySet


@dataclass(frozen=True)
class Matter:
    """One matter as this reader may see it: one answer per municipality, in Norwegian order."""

    collaboration: Collaboration
    key: str
    answers: Sequence[Adoption]
    case: Case | None = None

    @property
    def title(self) -> str:
        if self.answers:
            return self.answers[0].matter
        return str(self.case)

    @property
    def agreement(self) -> Agreement | None:
        return next((answer.agreement for answer in self.answers if answer.agreement_id), None)

    @property
    def example(self) -> bool:
        return bool(self.answers) and all(answer.example for answer in self.answers)

    @property
    def version(self) -> int:
        """Grows whenever any of the answers changes."""
        return sum(answer.version for answer in self.answers)

    @cached_property
    def waiting(self) -> list[Adoption]:
        return [answer for answer in self.answers if not answer.is_decided]

    @property
    def begun(self) -> list[Adoption]:
        """Those that have answered, or have put the matter on an agenda of their own."""
        return [answer for answer in self.answers if answer.state != Adoption.State.OPEN]

    @property
    def deadlines(self) -> list[Any]:
        """The deadlines of those that have not answered, the nearest first."""
        return sorted({answer.answer_by for answer in self.waiting if answer.answer_by})

    @property
    def proposal(self) -> str | None:
        """What is proposed to all; None where each municipality has a proposal of its own."""
        proposals = {answer.proposal for answer in self.answers}
        return proposals.pop() if len(proposals) == 1 else None

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The same numbers as in the database, counted from what is read already."""
        today = timezone.localdate()
        states = [answer.state if answer.is_decided else "" for answer in self.answers]
        return {
            "asked": len(self.answers),
            "decided": len(self.answers) - len(self.waiting),
            "adopted": states.count("adopted"),
            "reserved": states.count("reserved"),
            "not_adopted": states.count("not_adopted"),
            "scheduled": sum(answer.state == Adoption.State.SCHEDULED for answer in self.answers),
            "untreated": sum(answer.state != Adoption.State.SCHEDULED for answer in self.waiting),
            "late": sum(answer.answer_by is not None and answer.answer_by < today for answer in self.waiting),
        }

    @cached_property
    def forwardings(self) -> list[Forwarding]:
        return list(self.case.forwardings.select_related("body")) if self.case else []

    @cached_property
    def not_asked(self) -> list[Organisation]:
        """Members of today that the matter was not put to: they came later (R25). Leaving concerns the parties."""
        if any(answer.leaves_id or answer.dissolves_id for answer in self.answers):
            return []
        known = {answer.organisation_id for answer in self.answers}
        return [member for member in self.collaboration.members() if member.pk not in known]

    @property
    def sentence(self) -> str:
        """«Styringsgruppen anbefalte 12.05.2026 · 30 av 47 kommuner har vedtatt · 3 med forbehold · 14 ikke svart»."""
        parts = [self._of_the_body(), *said(self.numbers)]
        parts += [
            _("forwarded to %(body)s %(day)s") % {"body": sent.to, "day": wording.short_day(sent.sent_on)}
            for sent in self.forwardings
        ]
        return " · ".join(part for part in parts if part)

    @property
    def url(self) -> str:
        return reverse("matter", args=[self.collaboration.slug, self.key])

    def _of_the_body(self) -> str:
        resolution = resolution_of(self.case)
        if resolution is None:
            return ""
        outcome = Resolution.Outcome(resolution.outcome)
        day = resolution.item.meeting.day
        words = {
            Outcome.RECOMMENDED: _("%(body)s recommended it %(day)s"),
            Outcome.AS_PROPOSED: _("%(body)s adopted it %(day)s"),
            Outcome.CHANGED: _("%(body)s adopted it with changes %(day)s"),
            Outcome.NOT_ADOPTED: _("%(body)s did not adopt it %(day)s"),
        }.get(outcome, _("%(body)s treated it %(day)s"))
        return words % {"body": resolution.item.case.body.name, "day": wording.short_day(day)}


Outcome = Resolution.Outcome


def said(numbers: dict[str, Any]) -> list[str]:
    """The numbers in words; silence is told, and never counted as a yes (rule 1)."""
    silent = numbers["scheduled"] + numbers["untreated"]
    told = [
        ngettext(
            "%(yes)s of %(all)s municipality has adopted it",
            "%(yes)s of %(all)s municipalities have adopted it",
            numbers["asked"],
        )
        % {"yes": numbers["adopted"], "all": numbers["asked"]}
    ]
    if numbers["reserved"]:
        told.append(_("%(count)s with reservations") % {"count": numbers["reserved"]})
    if numbers["not_adopted"]:
        told.append(_("%(count)s have not adopted it") % {"count": numbers["not_adopted"]})
    if silent:
        told.append(_("%(count)s not answered") % {"count": silent})
    if numbers["late"]:
        told.append(_("%(count)s of them past the deadline") % {"count": numbers["late"]})
    return told


def resolution_of(case: Case | None) -> Resolution | None:
    """What the body decided in the case, once the meeting is held."""
    if case is None:
        return None
    found = Resolution.objects.filter(item__case=case).select_related("item__meeting", "item__case__body")
    newest = found.order_by("-pk").first()
    return newest if newest and newest.item.meeting.was_held else None


def matter_of_case(case: Case, adoptions: AdoptionQuerySet) -> Matter | None:
    """What the municipalities were asked in this case, as far as the reader sees it."""
    key = adoptions.filter(case=case).order_by("pk").values_list("key", flat=True).first()
    return matter_of(case.body.collaboration, key, adoptions) if key else None


def matter_of(collaboration: Collaboration, key: str, adoptions: AdoptionQuerySet) -> Matter | None:
    """The matter among these decisions, those that the reader may see; nothing where there is none."""
    answers = list(
        adoptions.about(collaboration, key)
        .select_related("organisation", "collaboration", "agreement", "case__body__collaboration")
        .order_by("organisation__sort_key", "pk")
    )
    if not answers:
        return None
    return Matter(collaboration, key, answers, next((answer.case for answer in answers if answer.case_id), None))
