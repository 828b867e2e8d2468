"""The two questions about access: what may I see, and may I do this here."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

M = TypeVar("M", bound=models.Model)
V = TypeVar("V", bound=Callable[..., Any])


class NotAllowedNow(Exception):
    """What was asked for is not possible in the present state; the sentence says why, to the user (409)."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stale(Exception):
    """Somebody else saved the same thing first (409); ``current`` is what stands there now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current._meta.label} {current.pk}")
        self.current = current


def check_version(current: models.Model, version: int | None) -> None:
    """Refuse a save that was made from an older version than the one that stands."""
    if version is not None and version != current.version:  # type: ignore[attr-defined]
        raise Stale(current)


def allowed(queryset: models.QuerySet[M], user: Any, right: str) -> models.QuerySet[M]:
    """The containers on which the user holds the right, by a role's group or (rarely) in person.

    Guardian's own shortcut answers the same in four times as long, and every page asks ten times or more.
    """
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    app_label, _dot, codename = right.partition(".")
    named = {"permission__content_type__app_label": app_label, "permission__codename": codename}
    kind: Any = queryset.model
    groups: Any = get_group_obj_perms_model(kind)
    people: Any = get_user_obj_perms_model(kind)
    by_role = groups.objects.filter(group__user=user, **named)
    in_person = people.objects.filter(user=user, **named)
    return queryset.filter(Q(pk__in=by_role.values("content_object")) | Q(pk__in=in_person.values("content_object")))


def holds(user: Any, right: str, on: models.Model) -> bool:
    """The same answer as ``allowed``, for one container."""
    if not user.is_authenticated or not user.is_active:
        return False
    container: Any = type(on)
    return allowed(container._default_manager.filter(pk=on.pk), user, right).exists()


def require(user: Any, right: str, *, on: models.Model) -> None:
    """Stop with 403 unless the user holds the right on the container."""
    if not holds(user, right, on):
        raise PermissionDenied(right)


class Need:
    """The right of a view, as data: the table of access and the walk over all addresses are made from it."""

    def __init__(self, kind: str, right: str = "", on: str = "") -> None:
        self.kind, self.right, self.on = kind, right, on

    def __repr__(self) -> str:
        return f"{self.kind} {self.right} {self.on}".strip()


def needs(right: str, *, on: str = "collaboration") -> Callable[[V], V]:
    """The view asks for this right on that kind of container; the view itself calls ``require``."""

    def mark(view: V) -> V:
        view.need = Need("needs", right, on)  # type: ignore[attr-defined]
        return view

    return mark


def own(view: V) -> V:
    """For everyone who is signed in, and about nothing but their own."""
    view.need = Need("own")  # type: ignore[attr-defined]
    return view


def public(view: V) -> V:
    """Open without sign-in."""
    marked = login_not_required(view)
    marked.need = Need("public")  # type: ignore[attr-defined]
    return marked
