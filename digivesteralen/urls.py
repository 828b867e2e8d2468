from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("digivesteralen.start.urls")),
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
