from django.db import transaction

from digivesteralen.accounts.models import User


@transaction.atomic
def change_preferences(*, user: User, name: str, language: str, color_scheme: str) -> User:
    """How the person is named and how the pages look to them."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.language, user.color_scheme = name, language, color_scheme
    user.save(update_fields=["name", "language", "color_scheme"])
    return user


def choose(*, user: User, language: str = "", color_scheme: str = "") -> None:
    """One choice made in the page's own menu."""
    change_preferences(
        user=user,
        name=user.name,
        language=language or user.language,
        color_scheme=color_scheme or user.color_scheme,
    )
