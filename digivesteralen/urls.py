from django.contrib import admin
from django.urls import include, path

handler500 = "digivesteralen.operations.views.server_error"

urlpatterns = [
    path("", include("digivesteralen.start.urls")),
    path("", include("digivesteralen.privacy.urls")),
    path("", include("digivesteralen.operations.urls")),
    path("", include("digivesteralen.accounts.urls")),
    path("konto/", include("allauth.urls")),
    path("", include("digivesteralen.documents.urls")),
    path("", include("digivesteralen.ui.urls")),
    path("admin/", admin.site.urls),
]
urlpatterns += [
    path("", include("surveys.urls")),
    path("", include("portfolio.urls")),
    path("", include("digivesteralen.reports.urls")),
    # Last: its addresses begin with the collaboration's own word.
    path("", include("governance.urls")),
]
