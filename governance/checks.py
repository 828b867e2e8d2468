"""Start-up checks of access: rights on containers only, nobody anonymous, and every address says what it asks for."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from guardian.models import (
    GroupObjectPermission,
    GroupObjectPermissionBase,
    UserObjectPermission,
    UserObjectPermissionBase,
)

OURS = ("governance.", "portfolio.", "surveys.", "digivesteralen.")


@register
def nobody_is_anonymous(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Guardian's anonymous user would hold rights that nobody was appointed to."""
    if getattr(settings, "ANONYMOUS_USER_NAME", "AnonymousUser") is None:
        return []
    return [
        Error(
            "ANONYMOUS_USER_NAME is set: public pages ask for no right, and no user stands for all.",
            id="governance.E001",
        )
    ]


@register(Tags.urls)
def every_address_says_its_right(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A view of ours without @needs, @own or @public opens nothing by accident: it stops the start."""
    return [
        Error(
            f"{route} ({view.__module__}.{view.__name__}) does not say which right it asks for.", id="governance.E002"
        )
        for route, view in addresses()
        if getattr(view, "need", None) is None
    ]


@register(Tags.database)
def rights_stand_on_containers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """No right on any other model, and none on a whole model (design.md §4); run by migrate."""
    if not databases or not _tables_are_there():
        return []
    found: list[CheckMessage] = []
    if UserObjectPermission.objects.exists() or GroupObjectPermission.objects.exists():
        found.append(
            Error(
                "A right is held on something else than a collaboration, a body or a municipality.",
                id="governance.E003",
            )
        )
    found += _rows_of_their_own()
    users = get_user_model()._default_manager
    if Group.permissions.through.objects.exists() or users.filter(user_permissions__isnull=False).exists():
        found.append(
            Error("A right is held on a whole model; take it out of the group or the user.", id="governance.E004")
        )
    if users.filter(email="").exists() or users.filter(email__iexact="AnonymousUser").exists():
        found.append(Error("There is an anonymous user; nobody may be one.", id="governance.E005"))
    return found


# What a right is held on, and what may be shared with one person (design.md §4).
CONTAINERS = {"governance.collaboration", "governance.body", "governance.organisation"}
SHARED = {"portfolio.project"}


@register
def rights_have_tables_for_containers_only(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Guardian's tables stand beside the three containers, and beside the project that is shared with an outsider."""
    return [
        Error(f"{table._meta.label} holds rights on {_holder(table)}, which is no container.", id="governance.E006")
        for table in _tables_of_rights()
        if _holder(table) not in CONTAINERS | (SHARED if issubclass(table, UserObjectPermissionBase) else set())
    ]


def _tables_of_rights() -> list[type[Model]]:
    kinds = (UserObjectPermissionBase, GroupObjectPermissionBase)
    generic = (UserObjectPermission, GroupObjectPermission)
    return [model for model in apps.get_models() if issubclass(model, kinds) and model not in generic]


def _holder(table: type[Model]) -> str:
    held: Any = table._meta.get_field("content_object").related_model
    return str(held._meta.label_lower)


def _rows_of_their_own() -> Iterator[CheckMessage]:
    """A right in person says when it ends, and a group that is no role's takes nobody out (rule 6)."""
    for table in _tables_of_rights():
        rows = table._default_manager
        if issubclass(table, UserObjectPermissionBase):
            if "until" not in {field.name for field in table._meta.fields} and rows.exists():
                yield Error(f"{table._meta.label}: a person holds a right that has no end.", id="governance.E007")
        elif rows.filter(group__role=None).exists():
            yield Error(f"{table._meta.label}: a group that is no role's holds a right.", id="governance.E008")


def addresses() -> Iterator[tuple[str, Any]]:
    """Every address of ours with its view."""
    yield from (
        (route, view) for route, view in _walk(get_resolver().url_patterns, "/") if view.__module__.startswith(OURS)
    )


def _walk(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def _tables_are_there() -> bool:
    known: list[type[Model]] = [GroupObjectPermission, get_user_model(), *_tables_of_rights()]
    needed = {model._meta.db_table for model in known}
    return needed <= set(connections["default"].introspection.table_names())
