"""Pages of the room, below the name of a body."""

from django.urls import path

from relais.insight.views import committee, consolidated, context, todo

urlpatterns = [
    path("", todo.todo, name="todo"),
    path("opportunites/<int:lot>/contexte/", context.opportunity_context, name="opportunity-context"),
    path("bilan/", consolidated.consolidated, name="consolidated"),
    path("bilan/comite/", committee.committee, name="committee"),
    path("bilan/export/", consolidated.consolidated_export, name="consolidated-export"),
    path("bilan/marches/", consolidated.consolidated_rows, name="consolidated-rows"),
    path("bilan/marches/export/", consolidated.rows_export, name="consolidated-rows-export"),
]
