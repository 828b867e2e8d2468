from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account for oneself: the secretariat invites."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
