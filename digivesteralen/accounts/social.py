"""Signing in at a municipality's own provider: who is let in, and how a person is linked (T31, T33)."""

import logging
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
        claims = _claims(request, sociallogin)
        if not oidc.is_strong_enough(asked, claims):
            _refuse(request, _("You signed in there with too weak a method. Sign in with two steps, and try again."))
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            _refuse(request, _("A sign-in is linked by an invitation only. Ask the secretariat for a new one."))
        if not sociallogin.is_existing:
            _link(request, sociallogin, asked, claims)
        proved_at = _proved_at(claims)
        if sociallogin.state.get("data") == session_limits.PROVING and not session_limits.is_recent(proved_at):
            logger.warning("sign-in at %s told no fresh auth_time when asked", sociallogin.provider.app.provider_id)
            _refuse(
                request,
                _(
                    "The sign-in there does not tell when you last proved who you are, and what you were "
                    "about to do asks for it. Tell those who run the portal."
                ),
            )
        # Who the person is elsewhere is not ours to keep: the number of the account is enough.
        sociallogin.account.extra_data = {}
        sociallogin.account.save(update_fields=["extra_data"])
        request.proved_at = proved_at  # type: ignore[attr-defined]
        request.second_step_by_provider = oidc.has_second_step(asked, claims)  # type: ignore[attr-defined]


def remember_second_step(request: HttpRequest, **_: Any) -> None:
    """Said by the provider in this sign-in, and true for as long as it lasts."""
    if getattr(request, "second_step_by_provider", False):
        request.session[second_step.BY_PROVIDER] = True


def _claims(request: HttpRequest, sociallogin: SocialLogin) -> dict[str, Any]:
    """Signed claims come first; the rest is believed only when it speaks of the same person."""
    told = sociallogin.account.extra_data
    signed, more = told.get("id_token") or {}, told.get("userinfo") or {}
    if not signed or (more and more.get("sub") != signed.get("sub")):
        _refuse(request, _("The answer from the sign-in does not hold together. Try again."))
    return {**more, **signed}


def _proved_at(claims: dict[str, Any]) -> float:
    """When the person proved there who it is, by the provider's own signed word and nothing else.

    Whoever asks with ``max_age`` is owed the time (OpenID Connect Core 1.0 § 3.1.2.1, 15 December 2023); that we asked
    proves nothing, since the question passes through the browser, where it can be taken out.
    """
    told = claims.get("auth_time")
    return float(told) if isinstance(told, int | float) and not isinstance(told, bool) else 0.0


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
    sociallogin.account.extra_data = {}
    sociallogin.connect(request, invitations.accept(invitation=invitation))


def _refuse(request: HttpRequest, why: str) -> NoReturn:
    page = TemplateResponse(request, "account/provider_refused.html", {"why": why}, status=403)
    raise ImmediateHttpResponse(page.render())
