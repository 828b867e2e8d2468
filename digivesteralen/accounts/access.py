"""The two questions about access: what may I see, and may I do this here."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

M = TypeVar("M", bound=models.Model)
V = TypeVar("V", bound=Callable[..., Any])
_held: ContextVar["Held | None"] = ContextVar("held", default=None)
_also: ContextVar[Callable[[Any, str, models.Model], None] | None] = ContextVar("also", default=None)


class NotAllowedNow(Exception):
    """What was asked for is not possible in the present state; the sentence says why, to the user (409).

    ``at`` names what was written that stands in the way: the form that has such a field tells it there.
    """

    def __init__(self, sentence: Any, *, at: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.at = sentence, at


class TooMany(NotAllowedNow):
    """Asked for more than one person may have at once, or in a minute (429); the sentence says how to go on."""

    def __init__(self, sentence: Any, *, wait: int = 60) -> None:
        super().__init__(sentence)
        self.wait = wait


class ChooseFirst(NotAllowedNow):
    """Whom one acts for must be chosen first; ``parties`` are those one may choose among, as key and words."""

    def __init__(self, sentence: Any, parties: list[tuple[str, str]]) -> None:
        super().__init__(sentence)
        self.parties = parties


class Stale(Exception):
    """Somebody else saved the same thing first (409); ``current`` is what stands there now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current._meta.label} {current.pk}")
        self.current = current


def check_version(current: models.Model, version: int | None) -> None:
    """Refuse a save that was made from an older version than the one that stands."""
    if version is not None and version != current.version:  # type: ignore[attr-defined]
        raise Stale(current)


def containers(kind: type[M], user: Any, right: str) -> Collection[Any] | models.QuerySet[M]:
    """The containers of one kind on which the user holds the right, for an ``…__in``: keys where they are known."""
    if (held := _held.get()) is not None and user.is_authenticated and user.is_active:
        return held.on(user, kind, right)
    return allowed(kind._default_manager.all(), user, right)


class Held:
    """What one person holds while one page is made: a page asks ten times or more, the database is asked once."""

    def __init__(self) -> None:
        self.known: dict[tuple[Any, Any], dict[str, set[Any]]] = {}

    def on(self, user: Any, kind: Any, right: str) -> set[Any]:
        """The keys of the containers of one kind on which the user holds the right."""
        at = (user.pk, kind)
        if at not in self.known:
            self.known[at] = found = defaultdict(set)
            for permission, pk in _rows(user, kind):
                found[_name_of(permission)].add(pk)
        return self.known[at].get(right, set())


def _rows(user: Any, kind: Any) -> Iterable[tuple[int, Any]]:
    columns = ("permission_id", "content_object")
    groups: Any = get_group_obj_perms_model(kind)
    by_role = groups.objects.filter(group__user=user).values_list(*columns)
    return cast("Iterable[tuple[int, Any]]", by_role.union(_all_in_person(kind, user).values_list(*columns), all=True))


# What the rights are called by their keys: written by migrations alone, and a key is never given again.
NAMES: dict[int, str] = {}


def _name_of(permission: int) -> str:
    if permission not in NAMES:
        rows = Permission.objects.values_list("pk", "content_type__app_label", "codename").order_by()
        NAMES.update({pk: f"{app_label}.{codename}" for pk, app_label, codename in rows})
    return NAMES[permission]


@contextmanager
def asked_once() -> Iterator[None]:
    """What a person holds is read once in this block, which only looks: who changes something is asked anew."""
    token = _held.set(Held())
    try:
        yield
    finally:
        _held.reset(token)


def read_once() -> bool:
    """Whether what a person holds is kept here and now."""
    return _held.get() is not None


def forget() -> None:
    """Somebody's rights have just changed."""
    if (held := _held.get()) is not None:
        held.known.clear()


def allowed(queryset: models.QuerySet[M], user: Any, right: str) -> models.QuerySet[M]:
    """The containers on which the user holds the right, by a role's group or (rarely) in person.

    Guardian's own shortcut answers the same in four times as long, and every page asks ten times or more.
    """
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    kind: Any = queryset.model
    if (held := _held.get()) is not None:
        return queryset.filter(pk__in=held.on(user, kind, right))
    app_label, _dot, codename = right.partition(".")
    named = {"permission__content_type__app_label": app_label, "permission__codename": codename}
    groups: Any = get_group_obj_perms_model(kind)
    by_role = groups.objects.filter(group__user=user, **named)
    return queryset.filter(
        Q(pk__in=by_role.values("content_object")) | Q(pk__in=in_person(kind, user, right).values("content_object"))
    )


def in_person(kind: Any, user: Any, right: str) -> models.QuerySet[Any]:
    """The rows by which the user holds the right in person at this moment; each says how long (rule 6)."""
    app_label, _dot, codename = right.partition(".")
    named = {"permission__content_type__app_label": app_label, "permission__codename": codename}
    return _all_in_person(kind, user).filter(**named)


def _all_in_person(kind: Any, user: Any) -> models.QuerySet[Any]:
    people: Any = get_user_obj_perms_model(kind)
    if not user.is_authenticated or not user.is_active or (_for_operators(people) and not user.is_staff):
        return cast("models.QuerySet[Any]", people.objects.none())
    now = timezone.now()
    return cast("models.QuerySet[Any]", people.objects.filter(user=user, since__lte=now, until__gt=now))


def _for_operators(rows: Any) -> bool:
    """Emergency access to a collaboration: it is over when its holder no longer runs the installation."""
    return bool(rows._meta.label == "governance.CollaborationUserPermission")


def holds(user: Any, right: str, on: models.Model) -> bool:
    """The same answer as ``allowed``, for one container."""
    if not user.is_authenticated or not user.is_active:
        return False
    container: Any = type(on)
    if (held := _held.get()) is not None:
        return on.pk in held.on(user, container, right)
    return allowed(container._default_manager.filter(pk=on.pk), user, right).exists()


def groups_with(right: str, on: models.Model) -> models.QuerySet[Group]:
    """The groups of the roles that hold the right on the container."""
    app_label, _dot, codename = right.partition(".")
    kind: Any = type(on)
    rows: Any = get_group_obj_perms_model(kind)
    named = {"permission__content_type__app_label": app_label, "permission__codename": codename}
    return Group.objects.filter(pk__in=rows.objects.filter(content_object=on, **named).values("group"))


def holders(right: str, on: models.Model) -> models.QuerySet[Any]:
    """Everybody for whom ``holds`` answers yes: the same rows, asked from the other side."""
    people: Any = get_user_model()._default_manager
    app_label, _dot, codename = right.partition(".")
    kind: Any = type(on)
    rows: Any = get_user_obj_perms_model(kind)
    named = {"permission__content_type__app_label": app_label, "permission__codename": codename}
    now = timezone.now()
    held = rows.objects.filter(content_object=on, since__lte=now, until__gt=now, **named).values("user")
    in_person = Q(pk__in=held, is_staff=True) if _for_operators(rows) else Q(pk__in=held)
    return cast(
        "models.QuerySet[Any]",
        people.filter(Q(groups__in=groups_with(right, on)) | in_person, is_active=True).distinct(),
    )


def require(user: Any, right: str, *, on: models.Model) -> None:
    """Stop with 403 unless the user holds the right on the container."""
    if not holds(user, right, on):
        raise PermissionDenied(right)
    if (also := _also.get()) is not None:
        also(user, right, on)


@contextmanager
def asked_also(question: Callable[[Any, str, models.Model], None]) -> Iterator[None]:
    """``question`` is put to whoever holds a right, as long as the block lasts; it may refuse in its own words."""
    token = _also.set(question)
    try:
        yield
    finally:
        _also.reset(token)


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


def operators(view: V) -> V:
    """For those who run the installation; for everybody else it is not there."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    asked.need = Need("operators")  # type: ignore[attr-defined]
    return cast(V, asked)


def public(view: V) -> V:
    """Open without sign-in."""
    marked = login_not_required(view)
    marked.need = Need("public")  # type: ignore[attr-defined]
    return marked
