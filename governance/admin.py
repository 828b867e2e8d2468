"""A thin admin for the system administrator: it shows what there is, and changes nothing that has a verb."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from governance.models import Collaboration, Organisation, Region


class ReadOnly(admin.ModelAdmin):
    """Everything here is changed on the portal's own pages, where the rules are."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff)


@admin.register(Collaboration)
class CollaborationAdmin(ReadOnly):
    list_display = ["name", "slug", "period", "external"]
    fields = ["name", "slug", "period", "external", "example"]


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    list_display = ["number", "name", "kind", "county"]
    list_filter = ["kind"]
    search_fields = ["name", "number"]


@admin.register(Region)
class RegionAdmin(ReadOnly):
    list_display = ["name"]
