from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models.bodies import Body
from governance.models.decisions import NamedDecision


@pghistory.track()
class RuleProfile(NamedDecision):
    """How a body decides, from a day on: what binds it, what is enough, who may abstain, how minutes are approved.

    The newest profile that has begun holds; one without a day holds from the start. Where chapter 11 of the Local
    Government Act binds the body, what the act settles can't be chosen otherwise (§§ 8-1, 11-8, 11-9).
    """

    class Rules(models.TextChoices):
        STEERING = "steering", _("steering group by agreement")
        ELECTED = "elected", _("elected body (the Local Government Act, chapter 11)")
        BOARD = "board", _("board of a joint municipal task body (chapter 11 by § 11-1)")

    class DecisionRule(models.TextChoices):
        CONSENSUS = "consensus", _("consensus")
        MAJORITY = "majority", _("simple majority")
        CHAIR = "chair", _("consensus, else the chair decides")
        UNANIMITY = "unanimity", _("everyone who has a seat must vote for")

    class Quorum(models.TextChoices):
        MAJORITY = "majority", _("more than half of the seats")
        HALF = "half", _("at least half of the seats")
        TWO_THIRDS = "two_thirds", _("at least two thirds of the seats")
        ALL = "all", _("all seats")

    class Between(models.TextChoices):
        FREE = "free", _("freely, by answers in the portal")
        STRICT = "strict", _("only when every member agrees to the text and to the form")
        NONE = "none", _("never")

    class Approval(models.TextChoices):
        SILENCE = "silence", _("no remarks in time is approval, and the next meeting confirms it")
        MEETING = "meeting", _("the next meeting approves them")
        SIGNED = "signed", _("two who were there sign them")

    body = models.ForeignKey(Body, models.PROTECT, related_name="profiles")
    since = models.DateField(_("from"), null=True, blank=True)
    rules = models.CharField(_("rules"), max_length=10, choices=Rules, default=Rules.STEERING)
    decision_rule = models.CharField(
        _("how it decides"), max_length=10, choices=DecisionRule, default=DecisionRule.CONSENSUS
    )
    quorum = models.CharField(_("quorum"), max_length=10, choices=Quorum, default=Quorum.MAJORITY)
    casting_vote = models.BooleanField(_("the chair's vote decides a tie"), default=False)
    may_abstain = models.BooleanField(_("members may abstain"), default=True)
    may_reserve = models.BooleanField(_("members may record a reservation"), default=True)
    between_meetings = models.CharField(
        _("decides between meetings"), max_length=6, choices=Between, default=Between.FREE
    )
    minutes_approval = models.CharField(
        _("how minutes are approved"), max_length=7, choices=Approval, default=Approval.SILENCE
    )
    remark_days = models.PositiveSmallIntegerField(_("days for remarks to the minutes"), default=7)
    version = models.PositiveIntegerField(default=1)

    class Meta(NamedDecision.Meta):
        verbose_name = _("rules of a body")
        verbose_name_plural = _("rules of bodies")
        ordering = [models.F("since").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "since"],
                nulls_distinct=False,
                name="rules_once_a_day",
                violation_error_message=_("The body already has rules from this day. Change those instead."),
            ),
            models.CheckConstraint(
                name="chapter_11_settles_what_it_settles",
                condition=Q(rules="steering")
                | Q(quorum="half", between_meetings__in=["strict", "none"], may_abstain=False, casting_vote=True),
                violation_error_message=_(
                    "Where chapter 11 binds the body, half the members must be there, those present must vote, the"
                    " chair decides a tie, and every member must agree to written treatment."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.get_rules_display()}"

    @property
    def by_law(self) -> bool:
        """Chapter 11 of the Local Government Act binds the body, whatever is agreed."""
        return self.rules != self.Rules.STEERING

    @property
    def is_simple(self) -> bool:
        """Profile *Enkel*: one list of who met, agreement taken for granted; the rest is folded away."""
        return not self.by_law

    @classmethod
    def settled(cls, rules: str) -> dict[str, Any]:
        """What follows from the rules alone."""
        if rules == cls.Rules.STEERING:
            return {}
        return {
            "quorum": cls.Quorum.HALF,
            "between_meetings": cls.Between.STRICT,
            "may_abstain": False,
            "casting_vote": True,
        }


def in_force(profiles: list[RuleProfile], body: Body, day: date) -> RuleProfile:
    """The newest profile that has begun on the day; the usual rules before that."""
    known = sorted(profiles, key=lambda one: one.since or date.min)
    begun = [one for one in known if one.since is None or one.since <= day]
    return begun[-1] if begun else RuleProfile(body=body)
