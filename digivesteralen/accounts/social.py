"""Signing in at a municipality's own provider: who is let in, and how a person is linked (T31, T33)."""

import logging
import time
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.db import transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts import invitations, oidc, second_step, session_limits

logger = logging.getLogger(__name__)
# So many seconds the clock of a provider may go ahead of ours.
CLOCKS_DIFFER = 60


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Keyed on the provider and its ``sub``, never on an address; linked by invitation and nothing else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """The person reads a sentence; who runs the installation reads why, without whom it was about."""
        logger.warning("sign-in at %s failed: %s %s", provider, error, type(exception).__name__)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        asked = sociallogin.provider.app.settings
        told = sociallogin.account.extra_data
        # Who the person is elsewhere is not ours to keep, also where we refuse below: the account's number is enough.
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
        signed = told.get("id_token") or {}
        claims = _claims(request, signed, told.get("userinfo") or {})
        if not oidc.is_strong_enough(asked, claims):
            _refuse(request, _("You signed in there with too weak a method. Sign in with two steps, and try again."))
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            _refuse(request, _("A sign-in is linked by an invitation only. Ask the secretariat for a new one."))
        proved_at = _proved_at(signed)
        if sociallogin.state.get("data") == session_limits.PROVING and not session_limits.is_recent(proved_at):
            logger.warning("sign-in at %s told no fresh auth_time when asked", sociallogin.provider.app.provider_id)
            _refuse(
                request,
                _(
                    "The sign-in there does not tell when you last proved who you are, and what you were "
                    "about to do asks for it. Tell those who run the portal."
                ),
            )
        if not sociallogin.is_existing:
            _link(request, sociallogin, asked, claims)
        request.proved_at = proved_at  # type: ignore[attr-defined]
        request.second_step_by_provider = oidc.has_second_step(asked, claims)  # type: ignore[attr-defined]


def remember_second_step(request: HttpRequest, **_: Any) -> None:
    """Said by the provider in this sign-in, and true for as long as it lasts."""
    if getattr(request, "second_step_by_provider", False):
        request.session[second_step.BY_PROVIDER] = True


def _claims(request: HttpRequest, signed: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Signed claims come first; the rest is believed only when it speaks of the same person."""
    if not signed or (more and more.get("sub") != signed.get("sub")):
        _refuse(request, _("The answer from the sign-in does not hold together. Try again."))
    return {**more, **signed}


def _proved_at(signed: dict[str, Any]) -> float:
    """When the person proved there who it is, by the provider's own signed word and nothing else.

    Whoever asks with ``max_age`` is owed the time (OpenID Connect Core 1.0 § 3.1.2.1, 15 December 2023); that we asked
    proves nothing, since the question passes through the browser, where it can be taken out.
    """
    told = signed.get("auth_time")
    if not isinstance(told, int | float) or isinstance(told, bool):
        return 0.0
    return float(told) if told < time.time() + CLOCKS_DIFFER else 0.0


@transaction.atomic
def _link(request: HttpRequest, sociallogin: SocialLogin, asked: dict[str, Any], claims: dict[str, Any]) -> None:
    invitation = invitations.opened(request)
    if invitation is None:
        _refuse(
            request,
            _("This sign-in belongs to nobody here yet. Open the link in your invitation first."),
        )
    if not oidc.vouches_for(asked, invitation.user.email, claims):
        _refuse(request, _("You signed in there with another e-mail address than the one that was invited."))
    sociallogin.connect(request, invitations.accept(invitation=invitation))


def _refuse(request: HttpRequest, why: str) -> NoReturn:
    page = TemplateResponse(request, "account/provider_refused.html", {"why": why}, status=403)
    raise ImmediateHttpResponse(page.render())
