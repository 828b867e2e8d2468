"""Joint procurement, own purchases, and the alerts of contracts."""

from django.urls import path

from surveys.views import alerts, own_purchases, procurement

OF = "<slug:samarbeid>/kartlegging/innkjop/"
BUYS = "kommune/<str:nummer>/egne-innkjop/"
TOLD = "kommune/<str:nummer>/avtalevarsler/"
IT_TOLD = "it-samarbeid/<int:it>/avtalevarsler/"

urlpatterns = [
    path(OF, procurement.procurement, name="procurement"),
    path(f"{OF}ledetid/", procurement.lead_time, name="procurement_lead_time"),
    path(f"{OF}<int:pk>/", procurement.window, name="procurement_window"),
    path(BUYS, own_purchases.own_purchases, name="own_purchases"),
    path(f"{BUYS}nytt/", own_purchases.new, name="own_purchase_new"),
    path(f"{BUYS}<int:pk>/", own_purchases.own_purchase, name="own_purchase"),
    path(f"{BUYS}<int:pk>/slutt/", own_purchases.end, name="own_purchase_end"),
    path(TOLD, alerts.contract_alerts, name="contract_alerts"),
    path(f"{TOLD}<int:pk>/", alerts.handle, name="contract_alert_handle"),
    path(IT_TOLD, alerts.contract_alerts, name="it_contract_alerts"),
    path(f"{IT_TOLD}<int:pk>/", alerts.handle, name="it_contract_alert_handle"),
]
