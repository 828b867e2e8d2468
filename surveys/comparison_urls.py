from django.urls import path

from surveys.views import comparison, likeness, matrix

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/", comparison.home, name="surveys_home"),
    path("<slug:samarbeid>/kartlegging/systemer/", matrix.matrix, name="inventory_matrix"),
    path("<slug:samarbeid>/kartlegging/systemer/liste/", comparison.systems, name="inventory_systems"),
    path("<slug:samarbeid>/kartlegging/systemer/utlop/", comparison.expiry, name="inventory_expiry"),
    path("<slug:samarbeid>/kartlegging/systemer/gjennomgang/", comparison.review, name="inventory_review"),
    path("<slug:samarbeid>/kartlegging/systemer/likhet/", likeness.alike, name="inventory_alike"),
    path("<slug:samarbeid>/kartlegging/systemer/likhet/maling/", likeness.keep_measure, name="keep_measure"),
    path("<slug:samarbeid>/kartlegging/systemer/ligner/", likeness.resembling, name="inventory_resembling"),
    path("<slug:samarbeid>/kartlegging/systemer/sammenlign/", likeness.pair, name="inventory_pair"),
    path("<slug:samarbeid>/kartlegging/systemer/kvalitet/", likeness.good_answers, name="inventory_quality"),
]
