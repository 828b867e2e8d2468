"""What those who run the installation do for people who sign in: close, open again, and forget a lost phone."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.accounts import second_step
from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.audit.log import record
from digivesteralen.audit.models import Act
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send
from digivesteralen.operations.actions import require_operator
from governance.models import Appointment
from portfolio.models import ProjectGuest

KIND = "operations.user_told"
CLOSED, OPENED, FORGOTTEN = "user_closed", "user_opened", "second_step_removed"
# What stands instead of the address of one whose contact data is erased.
ERASED = "@slettet.invalid"
SHORTEST_REASON = 10


def users() -> models.QuerySet[User]:
    """Everybody with a way in, and whether a role, a seat or a shared project lies behind it today."""
    held = Appointment.objects.active().filter(person__user=OuterRef("pk"))
    guest = ProjectGuest.objects.standing().filter(person__user=OuterRef("pk"))
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_step.STEPS)
    found = User.objects.annotate(has_role=Exists(held) | Exists(guest), has_second_step=Exists(steps))
    return found.order_by("name", "pk")


@transaction.atomic
def close(*, user: User, reason: str, by: Any) -> User:
    """The person can't sign in, and is signed out everywhere; roles and what was done stand."""
    user = _locked(user, reason, by)
    if not user.is_active:
        raise NotAllowedNow(_("The user is closed already."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _sign_out(user)
    return _written(CLOSED, user, reason, by)


@transaction.atomic
def open_again(*, user: User, reason: str, by: Any) -> User:
    user = _locked(user, reason, by)
    if user.is_active:
        raise NotAllowedNow(_("The user is open already."))
    if user.email.endswith(ERASED):
        raise NotAllowedNow(_("The contact data is erased, and that can't be undone. The secretariat invites anew."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    return _written(OPENED, user, reason, by)


@transaction.atomic
def forget_second_step(*, user: User, reason: str, by: Any) -> User:
    """For somebody who lost the phone: apps, passkeys and recovery codes go, and every sign-in that is open."""
    user = _locked(user, reason, by)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise NotAllowedNow(_("The user has no second step."))
    _sign_out(user)
    transaction.on_commit(lambda: second_step.forget(user))
    return _written(FORGOTTEN, user, reason, by)


def _locked(user: User, reason: str, by: Any) -> User:
    """Both rows are held, the lower key first: of two who close each other the second is no operator any more."""
    require_operator(by)
    if user.pk == by.pk:
        raise NotAllowedNow(_("Nobody does this for oneself. Ask another who runs the installation."))
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise NotAllowedNow(_("Write the reason in a sentence; the person reads it."))
    both = User.objects.select_for_update(no_key=True).filter(pk__in=[user.pk, by.pk]).order_by("pk")
    found = {one.pk: one for one in both}
    require_operator(found[by.pk])
    return found[user.pk]


def _sign_out(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def _written(verb: str, user: User, reason: str, by: Any) -> User:
    """An act, and a letter about it to the person."""
    act = record(verb, by=by, on=user, detail={"reason": " ".join(reason.split())})
    if not user.email.endswith(ERASED):
        jobs.ask(KIND, str(act.pk), by=None, key=f"user-told:{act.pk}")
    return user


def of_nobody(subject: str) -> models.Model:
    """The letter is seen by nobody but its receiver."""
    raise ObjectDoesNotExist(subject)


def tell(job: Job, report: Report) -> None:
    act = Act.objects.select_related("by").get(pk=job.subject)
    user = User.objects.get(pk=act.object_id)
    with translation.override(user.language):
        happened = {
            CLOSED: _("Your user in the portal is closed. You can't sign in."),
            OPENED: _("Your user in the portal is open again. You sign in as before."),
            FORGOTTEN: _(
                "Your second step at sign-in is removed, with its recovery codes, and you are signed out everywhere. "
                "Sign in with your password, and set up a new second step."
            ),
        }[act.verb]
        rest = _(
            "By: %(name)s, who runs the installation\nReason: %(reason)s\n\nIf you do not know why, answer at once."
        )
        told = rest % {"name": act.by, "reason": act.detail["reason"]}
        send(
            job,
            to=[user.email],
            subject=_("Your way in to the portal"),
            text=f"{happened}\n\n{told}\n",
            also_closed=True,
        )
