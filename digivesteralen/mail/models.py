"""The log of e-mail: one row for each receiver of each message, and nothing of what it said."""

from datetime import timedelta
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Most messages that come back, come back within the hour.
COMES_BACK_WITHIN = timedelta(days=1)


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self) -> "LetterQuerySet":
        """Asked for, and its job goes on."""
        return self.filter(state=Letter.State.ASKED, job__finished_at=None)

    def in_vain(self) -> "LetterQuerySet":
        return self.filter(state__in=[Letter.State.FAILED, Letter.State.BOUNCED])

    def still_in_vain(self) -> "LetterQuerySet":
        """Refused or come back, and no later one to the same address has got through since."""
        later = Letter.objects.annotate(address=Lower("to")).filter(
            address=Lower(OuterRef("to")),
            state=Letter.State.SENT,
            sent_at__gt=OuterRef("ended_at"),
            sent_at__lt=Now() - COMES_BACK_WITHIN,
        )
        return self.in_vain().exclude(Exists(later))

    def to_address(self, address: str) -> "LetterQuerySet":
        return self.annotate(address=Lower("to")).filter(address=address.lower())


class Letter(models.Model):
    """One message to one receiver.

    state     what leaves it
    asked     accepted by the mail server -> sent · refused for good, or given up -> failed
    sent      came back -> bounced
    failed    its job asked for again -> asked
    bounced   nothing: a new message is a new row

    The Message-ID is the same at each try, so that a receiver who gets it twice sees it once (rule 12).
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("letter", "waiting")
        SENT = "sent", pgettext_lazy("letter", "sent")
        FAILED = "failed", pgettext_lazy("letter", "not delivered")
        BOUNCED = "bounced", pgettext_lazy("letter", "came back")

    job = models.ForeignKey(
        "documents.Job", verbose_name=_("job"), on_delete=models.PROTECT, related_name="letters", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=80)
    to = models.EmailField(_("receiver"))
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what the mail server said"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(pgettext_lazy("letter", "sent"), null=True, blank=True)
    ended_at = models.DateTimeField(_("refused or came back"), null=True, blank=True)

    objects: ClassVar[Any] = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("mail", "letter")
        verbose_name_plural = pgettext_lazy("mail", "letters")
        indexes = [
            models.Index(Lower("to"), F("asked_at").desc(), name="letter_by_receiver"),
            models.Index(fields=["asked_at"], name="letter_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "to"], name="letter_once_per_receiver"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "sent", "failed", "bounced"]), name="letter_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="letter_sent_has_time"),
            models.CheckConstraint(
                condition=Q(state__in=["failed", "bounced"], ended_at__isnull=False) & ~Q(error="")
                | Q(state__in=["asked", "sent"], ended_at__isnull=True),
                name="letter_in_vain_says_why",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="letter_states",
                field="state",
                transitions=[
                    ("asked", "sent"),
                    ("asked", "failed"),
                    ("asked", "bounced"),  # killed after the server took it, before it was written down
                    ("sent", "bounced"),
                    ("failed", "asked"),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.message_id
