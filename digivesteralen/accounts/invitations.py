"""Inviting, and being let in: the link names the invitation, and the row says whether it still holds."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import Invitation, User

SALT = "digivesteralen.invitation"
# In the session of whoever opened the link.
OPENED = "invitation"


def usable() -> QuerySet[Invitation]:
    """Those whose link still opens something."""
    return Invitation.objects.filter(accepted=None, withdrawn=None, until__gt=timezone.now())


@transaction.atomic
def invite(*, user: User, by: User | None) -> Invitation:
    """A new invitation; an earlier one that was not used ends. The caller has asked for the right."""
    _hold(user.pk)
    Invitation.objects.filter(user=user, accepted=None, withdrawn=None).update(withdrawn=timezone.now())
    until = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    return Invitation.objects.create(user=user, by=by, until=until)


@transaction.atomic
def withdraw(*, user: User) -> None:
    """The link opens nothing any more. The caller has asked for the right."""
    _hold(user.pk)
    if not usable().filter(user=user).update(withdrawn=timezone.now()):
        raise NotAllowedNow(_("There is no invitation to withdraw. It is used, withdrawn or too old."))


@transaction.atomic
def accept(*, invitation: Invitation, password: str = "") -> User:
    """Used once: by choosing a password, or by a sign-in at the municipality's own provider."""
    user = _hold(invitation.user_id)
    held = Invitation.objects.select_for_update().filter(pk=invitation.pk).first()
    if held is None or not held.is_open or not user.is_active:
        raise NotAllowedNow(_("The invitation is used, withdrawn or too old. Ask the secretariat for a new one."))
    held.accepted = timezone.now()
    held.save(update_fields=["accepted"])
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def _hold(user: int) -> User:
    """The person first and the invitations after, in every verb: nobody waits for each other."""
    return User.objects.select_for_update(no_key=True).get(pk=user)


def token(invitation: Invitation) -> str:
    """What the link says; made when the e-mail is, so that no row holds it."""
    return signing.dumps(invitation.pk, salt=SALT)


def read(written: str) -> Invitation | None:
    """The invitation a link speaks of, while it holds."""
    try:
        pk = signing.loads(written, salt=SALT)
    except signing.BadSignature:
        return None
    return _usable(pk)


def opened(request: HttpRequest) -> Invitation | None:
    """The invitation whose link was opened in this browser, while it holds."""
    return _usable(request.session.get(OPENED))


def _usable(pk: int | None) -> Invitation | None:
    if pk is None:
        return None
    return usable().filter(pk=pk, user__is_active=True).select_related("user").first()
