from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Body, Collaboration, Meeting, Organisation, Person
from portfolio.models.candidates import Candidate

IN_ITS_OWN_ROUND = """
    IF NOT EXISTS (
        SELECT 1 FROM portfolio_ownranking own JOIN portfolio_rankingrounditem item ON item.round_id = own.round_id
        WHERE own.id = NEW.own_id AND item.id = NEW.item_id
    ) THEN
        RAISE EXCEPTION 'What is placed is what the round asks about.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class RankingRoundQuerySet(models.QuerySet["RankingRound"]):
    def visible_to(self, user: Any) -> RankingRoundQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def taking_answers(self, at: Any = None) -> RankingRoundQuerySet:
        """Until the meeting starts or the deadline passes."""
        now = at or timezone.now()
        before_meeting = Q(meeting__state__in=RankingRound.BEFORE_IT, meeting__starts_at__gt=now)
        return self.filter(Q(meeting=None, answer_by__gt=now) | before_meeting, ended_at=None)


@pghistory.track()
class RankingRound(models.Model):
    """The directors are asked to put candidates in order, each for itself, before the body meets; it decides nothing.

    Nobody but the secretariat sees another's answer before the own is given, or the round is over.
    """

    BEFORE_IT = (Meeting.State.PLANNED, Meeting.State.CALLED)

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="ranking_rounds")
    number = models.PositiveIntegerField(_("number"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="ranking_rounds")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="ranking_rounds", verbose_name=_("meeting")
    )
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)

    objects = RankingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking by the directors")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="ranking_round_once"),
            models.CheckConstraint(
                name="ranking_round_ends_with_a_meeting_or_a_deadline",
                condition=Q(meeting__isnull=False, answer_by=None) | Q(meeting=None, answer_by__isnull=False),
                violation_error_message=_("Choose the meeting, or write a deadline."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Ranking by the directors %(number)s")) % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("ranking_round", args=[self.collaboration.slug, self.number])

    @property
    def due(self) -> Any:
        return self.meeting.starts_at if self.meeting else self.answer_by

    def is_open(self, at: Any = None) -> bool:
        waits = self.meeting is None or self.meeting.state in self.BEFORE_IT
        return waits and self.ended_at is None and self.due > (at or timezone.now())


@pghistory.track()
class RankingRoundItem(models.Model):
    """What a round asks about, in the order of the secretariat."""

    round = models.ForeignKey(RankingRound, models.PROTECT, related_name="items")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="asked_about")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))

    class Meta:
        verbose_name = _("project to rank")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["round", "candidate"], name="round_candidate_once"),
            models.UniqueConstraint(fields=["round", "position"], name="round_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.candidate}"


@pghistory.track()
class OwnRanking(models.Model):
    """The order one director would have; a view in the body, and no decision of the municipality (rule 1)."""

    round = models.ForeignKey(RankingRound, models.PROTECT, related_name="own_rankings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="own_rankings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="own_rankings")
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("own ranking")
        ordering = ["organisation__sort_key"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="own_ranking_once_a_municipality")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.round}"


@pghistory.track()
class OwnPlace(models.Model):
    """Where one director puts one candidate."""

    own = models.ForeignKey(OwnRanking, models.PROTECT, related_name="places")
    item = models.ForeignKey(RankingRoundItem, models.PROTECT, related_name="places")
    place = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))

    class Meta:
        verbose_name = _("place in one's own ranking")
        ordering = ["place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["own", "item"], name="own_place_of_each"),
            models.UniqueConstraint(
                fields=["own", "place"], name="own_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="own_place_from_one", condition=Q(place__gte=1)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="in_its_own_round", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
                func=IN_ITS_OWN_ROUND,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.place}. {self.item.candidate}"
