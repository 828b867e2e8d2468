from django.urls import path

from surveys.views import catalogue, names

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/navn/", names.names, name="import_names"),
    path("<slug:samarbeid>/kartlegging/katalog/", catalogue.products, name="products"),
    path("<slug:samarbeid>/kartlegging/katalog/nytt/", catalogue.product_new, name="product_new"),
    path("<slug:samarbeid>/kartlegging/katalog/dubletter/", catalogue.doubles, name="doubles"),
    path("<slug:samarbeid>/kartlegging/katalog/<int:pk>/", catalogue.product, name="product"),
    path("<slug:samarbeid>/kartlegging/katalog/<int:pk>/endre/", catalogue.product_change, name="product_change"),
    path("<slug:samarbeid>/kartlegging/katalog/<int:pk>/navn/", catalogue.alias_add, name="alias_add"),
    path("<slug:samarbeid>/kartlegging/katalog/<int:pk>/navn/fjern/", catalogue.alias_remove, name="alias_remove"),
    path("<slug:samarbeid>/kartlegging/katalog/<int:pk>/sla-sammen/", catalogue.product_merge, name="product_merge"),
    path("<slug:samarbeid>/kartlegging/katalog/<int:pk>/angre/", catalogue.merge_undo, name="merge_undo"),
    path("<slug:samarbeid>/kartlegging/leverandorer/", catalogue.suppliers, name="suppliers"),
    path("<slug:samarbeid>/kartlegging/leverandorer/<int:pk>/", catalogue.supplier, name="supplier"),
    path(
        "<slug:samarbeid>/kartlegging/leverandorer/<int:pk>/endre/", catalogue.supplier_change, name="supplier_change"
    ),
]
