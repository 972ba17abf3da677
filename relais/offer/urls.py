"""Pages of the room, below the name of a body."""

from django.urls import path

from relais.offer import views

urlpatterns = [
    path("offre/", views.structure_list, name="structure-offer-list"),
    path("offre/export/", views.structure_export, name="structure-offer-export"),
    path("offre/<int:pk>/", views.structure_detail, name="structure-offer-detail"),
    path("offre/<int:pk>/chiffre-affaires/", views.structure_turnover, name="structure-offer-turnover"),
    path("offre/<int:pk>/activites/", views.structure_activities, name="structure-offer-activities"),
]
