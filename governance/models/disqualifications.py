from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.agenda import AgendaItem
from governance.models.people import Appointment, Person


class DisqualificationQuerySet(models.QuerySet["Disqualification"]):
    def told(self) -> Any:
        """With the people and the seat that a page names."""
        return self.select_related("person", "seat__represents", "raised_by", "substitute", "item__case")


@pghistory.track()
class Disqualification(models.Model):
    """Whether a member is disqualified in a case, or shall be released from it, and what the body said (D6).

    raised → disqualified | qualified. The body decides it without the member; who is disqualified steps down in the
    case (an `AttendanceChange`), and a substitute may be called for that case alone.
    """

    class Kind(models.TextChoices):
        DISQUALIFICATION = "disqualification", _("disqualification")
        RELEASE = "release", _("release for personal reasons")

    class State(models.TextChoices):
        RAISED = "raised", _("raised, not decided")
        DISQUALIFIED = "disqualified", _("steps down")
        QUALIFIED = "qualified", _("takes part")

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="disqualifications")
    seat = models.ForeignKey(Appointment, models.PROTECT, related_name="disqualifications", verbose_name=_("seat"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="disqualifications", verbose_name=_("who it is about")
    )
    kind = models.CharField(_("what it is about"), max_length=16, choices=Kind, default=Kind.DISQUALIFICATION)
    # The key of a dated row of laws.toml, and how that row read when it was used.
    ground = models.CharField(_("ground"), max_length=40, blank=True)
    ground_text = models.CharField(_("ground, in words"), max_length=300, blank=True)
    raised_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("raised by")
    )
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    statement = models.TextField(_("statement"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RAISED)
    # The body's own small resolution; nobody votes on oneself.
    may_vote = models.PositiveSmallIntegerField(_("how many may decide it"), null=True, blank=True, editable=False)
    votes_for = models.PositiveSmallIntegerField(_("votes for stepping down"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    chair_decided = models.BooleanField(_("the chair's vote decided"), default=False)
    substitute = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("substitute for the case")
    )
    left_at = models.TimeField(_("left at"), null=True, blank=True)
    returned_at = models.TimeField(_("came back at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DisqualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of disqualification")
        ordering = ["item__position", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "seat", "person"], name="disqualification_once_a_case"),
            models.CheckConstraint(
                name="disqualification_votes_are_counted_together",
                condition=Q(votes_for=None, votes_against=None)
                | Q(votes_for__isnull=False, votes_against__isnull=False),
                violation_error_message=_("Write both the votes for and the votes against, or none of them."),
            ),
            models.CheckConstraint(
                name="disqualification_counts_those_who_may_vote",
                condition=Q(votes_for=None) | Q(may_vote__gte=F("votes_for") + F("votes_against")),
                violation_error_message=_("There are more votes than those who may decide it."),
            ),
            models.CheckConstraint(
                name="disqualified_by_most_votes",
                condition=Q(votes_for=None)
                | Q(chair_decided=True, votes_for=F("votes_against"))
                | Q(state="disqualified", votes_for__gt=F("votes_against"))
                | (~Q(state="disqualified") & Q(votes_for__lte=F("votes_against"))),
                violation_error_message=_("The outcome follows from the votes."),
            ),
            models.CheckConstraint(
                name="disqualification_has_a_ground",
                condition=Q(state="raised") | ~Q(ground_text=""),
                violation_error_message=_("Write the ground."),
            ),
            models.CheckConstraint(
                name="substitute_only_for_who_steps_down",
                condition=Q(substitute=None) | Q(state="disqualified"),
            ),
        ]
        triggers = [
            locks.part_of_approved_minutes("SELECT meeting_id FROM governance_agendaitem WHERE id = {row}.item_id")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"

    @property
    def steps_down(self) -> bool:
        return self.state == self.State.DISQUALIFIED

    @property
    def is_open(self) -> bool:
        return self.state == self.State.RAISED
