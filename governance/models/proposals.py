from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import locks
from governance.models.bodies import Body
from governance.models.collaborations import Collaboration
from governance.models.organisations import Organisation
from governance.models.people import Person

if TYPE_CHECKING:
    from governance.models.proposal_steps import ProposalStep


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Any) -> ProposalQuerySet:
        """Those of every collaboration that the user sees and that has had it: one that sent it, or one it came to."""
        seen = Collaboration.objects.visible_to(user)
        return self.filter(
            Q(collaboration__in=seen) | Q(pk__in=_steps().filter(collaboration__in=seen).values("proposal"))
        )

    def of(self, collaboration: Collaboration) -> ProposalQuerySet:
        """Those that were sent in the collaboration, and those that came to it from one below."""
        came = _steps().filter(collaboration=collaboration).values("proposal")
        return self.filter(Q(collaboration=collaboration) | Q(pk__in=came))

    def open(self) -> ProposalQuerySet:
        return self.filter(pk__in=_steps().open().values("proposal"))

    def overdue(self, on: date | None = None) -> ProposalQuerySet:
        """Those that lie somewhere past the day they were to be answered there."""
        late = _steps().open().filter(deadline__lt=on or timezone.localdate())
        return self.filter(pk__in=late.values("proposal"))

    def with_sender(self, user: Any) -> ProposalQuerySet:
        """Those that the person sent, or the municipality or body that the person may send for."""
        return self.filter(
            Q(sender_person__user=user)
            | Q(sender_organisation__in=allowed(Organisation.objects.all(), user, "governance.send_proposal"))
            | Q(sender_body__in=Body.objects.where_may(user, "governance.propose_case"))
        )

    def waiting_on(self, user: Any) -> ProposalQuerySet:
        return self.filter(pk__in=_steps().waiting_on(user).values("proposal"))

    def at_the_sender(self) -> ProposalQuerySet:
        """Those that were sent back all the way, to be mended and sent again."""
        steps = _steps()
        back = steps.filter(state="returned", came_from=None).values("proposal")
        return self.filter(pk__in=back).exclude(
            pk__in=steps.filter(state__in=["received", "considered", "adopted", "not_supported"]).values("proposal")
        )

    def lying_with(self, place: str, here: Collaboration) -> ProposalQuerySet:
        """Narrowed by where they are: a body's number, or one of the words of the filter."""
        steps = _steps()
        if place == "sender":
            return self.at_the_sender()
        if place == "answered":
            return self.answered()
        lies = steps.open()
        if place == "secretariat":
            lies = lies.filter(collaboration=here, body=None, outside="")
        elif place == "elsewhere":
            lies = lies.filter(~Q(collaboration=here) | ~Q(outside=""))
        else:
            lies = lies.filter(body=int(place))
        return self.filter(pk__in=lies.values("proposal"))

    def answered(self, since: date | None = None) -> ProposalQuerySet:
        """Those that a tier has adopted or does not support (since the day)."""
        steps = _steps().filter(state__in=["adopted", "not_supported"])
        return self.filter(pk__in=(steps.filter(answered_on__gte=since) if since else steps).values("proposal"))

    def for_lists(self) -> ProposalQuerySet:
        """With the day it is to be answered where it lies, and all its steps."""
        due = _steps().open().filter(proposal=models.OuterRef("pk")).values("deadline")[:1]
        shown = _steps().select_related(
            "collaboration__parent", "body__collaboration", "handled_by", "represents", "case__body"
        )
        shown = shown.prefetch_related("case__continued_by__body", "case__continued_by__continued_by__body")
        return (
            self.annotate(due=models.Subquery(due))
            .select_related("collaboration", "sender_organisation", "sender_body", "sender_person")
            .prefetch_related(models.Prefetch("steps", shown))
        )


def _steps() -> Any:
    from governance.models.proposal_steps import ProposalStep  # noqa: PLC0415 -- the two models know each other

    return ProposalStep.objects.all()


@pghistory.track()
class Proposal(models.Model):
    """What a municipality or a body wants taken up, one and the same through all tiers (B16, B22, X9).

    Municipality → eFagråd → secretariat or strategy group → steering group → parent. Where it has been, and what each
    tier said, are its steps.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="proposals")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    wanted = models.TextField(_("what is wanted"))
    background = models.TextField(_("background and problem"))
    gains = models.TextField(_("who gains from it"), blank=True)
    deadline = models.DateField(_("the sender needs an answer by"), null=True, blank=True)
    sender_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="sent_proposals", verbose_name=_("sender")
    )
    sender_body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="sent_proposals", verbose_name=_("sending body")
    )
    sender_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="sent_proposals", verbose_name=_("person")
    )
    sent_on = models.DateField(_("sent"), default=timezone.localdate)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    signals_asked_on = models.DateField(_("signals asked for"), null=True, blank=True)
    signals_by = models.DateField(_("signals by"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-year", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "year", "number"], name="proposal_number_once_a_year"),
            models.CheckConstraint(name="proposal_number_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="proposal_has_one_sender",
                condition=Q(sender_organisation__isnull=False, sender_body=None)
                | Q(sender_organisation=None, sender_body__isnull=False),
                violation_error_message=_("Say who sends it: a municipality or a body."),
            ),
            models.CheckConstraint(
                name="proposal_says_what_and_why",
                condition=~Q(title="") & ~Q(wanted="") & ~Q(background=""),
                violation_error_message=_("Write a title, what is wanted and why."),
            ),
            models.CheckConstraint(
                name="proposal_is_answered_after_it_is_sent",
                condition=Q(deadline=None) | Q(deadline__gte=models.F("sent_on")),
                violation_error_message=_("The deadline must be on or after the day it was sent."),
            ),
            models.CheckConstraint(
                name="proposal_signals_have_a_day",
                condition=Q(signals_asked_on=None, signals_by=None)
                | Q(signals_asked_on__isnull=False, signals_by__gte=models.F("signals_asked_on")),
                violation_error_message=_(
                    "Signals are asked for with a deadline, on or after the day they are asked for."
                ),
            ),
        ]
        triggers = [locks.never_deleted(), locks.keeps(("collaboration_id", "year", "number"), name="identity_stays")]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def get_absolute_url(self) -> str:
        return self.address_in(self.collaboration)

    def address_in(self, collaboration: Collaboration) -> str:
        """The page as one collaboration reads it; each that has had the proposal has it under its own address."""
        return reverse("proposal", args=[collaboration.slug, self.pk])

    @property
    def label(self) -> str:
        """«3/26»: the third proposal of the year in the collaboration it was sent in."""
        return f"{self.number}/{self.year % 100:02d}"

    @property
    def sender(self) -> Any:
        return self.sender_organisation or self.sender_body

    @property
    def draft_key(self) -> str:
        """What the browser keeps an unsaved text under."""
        return f"proposal-{self.pk}"

    @cached_property
    def in_order(self) -> list[ProposalStep]:
        return sorted(self.steps.all(), key=lambda step: step.position)

    @property
    def last_step(self) -> ProposalStep:
        return self.in_order[-1]

    @property
    def open_step(self) -> ProposalStep | None:
        """Where it lies now, unless it is answered or back with its sender."""
        return self.last_step if self.last_step.is_open else None

    @property
    def is_at_sender(self) -> bool:
        return self.last_step.state == "returned"

    @property
    def is_answered(self) -> bool:
        return self.last_step.state in ("adopted", "not_supported")
