"""The addresses of Relais. What belongs to a body lies below its name: `/<organisation>/…`."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from relais.clauses.urls import public_patterns as public_texts
from relais.config import views
from relais.execution.urls import public_patterns as declarations
from relais.insight.urls import own_patterns as reminders
from relais.organisations.views import entrance

BODY = "<slug:organisation>/"

accounts: list[URLPattern | URLResolver] = [
    path("", entrance.account, name="account"),
    path("connexion/", views.log_in, name="account_login"),
    path("deconnexion/", views.log_out, name="account_logout"),
    path("mot-de-passe/", views.password_change, name="account_change_password"),
    path("mot-de-passe/choix/", views.password_choose, name="account_set_password"),
    path("mot-de-passe/oubli/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oubli/envoi/", views.password_reset_sent, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/oubli/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_link,
        name="account_reset_password_from_key",
    ),
    path("mot-de-passe/change/", views.password_reset_done, name="account_reset_password_from_key_done"),
    path("inactif/", views.account_inactive, name="account_inactive"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", entrance.home, name="home"),
    path("langue/", views.choose_language, name="set_language"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("compte/", include(accounts)),
    path("compte/", include(reminders)),
    path("demo/connexion/", entrance.demo_login, name="demo-login"),
    path("invitation/<str:token>/", entrance.invitation, name="invitation"),
    path("textes/", include(public_texts)),
    path("declaration/", include(declarations)),
    path(BODY, include("relais.organisations.urls")),
    path(BODY, include("relais.insight.urls")),
    path(BODY, include("relais.clauses.urls")),
    path(BODY, include("relais.execution.urls")),
    path(BODY, include("relais.screening.urls")),
    path(BODY, include("relais.procurement.urls")),
    path(BODY, include("relais.offer.urls")),
]

handler400 = "relais.config.views.bad_request"
handler403 = "relais.config.views.forbidden"
handler404 = "relais.config.views.not_found"
handler500 = "relais.config.views.server_error"
