"""Pages of the room: the register of clauses and the follow-up of what is owed."""

from django.urls import path

from relais.execution.views import ledger, register

owed = [
    path("clauses/", register.clause_list, name="clause-list"),
    path("clauses/export/", register.clause_export, name="clause-export"),
    path("clauses/<int:pk>/suivi/", ledger.clause_follow, name="clause-follow"),
    path("suivi/<int:pk>/", ledger.obligation_detail, name="obligation-detail"),
    path("suivi/<int:pk>/fiche/", ledger.obligation_print, name="obligation-print"),
    path("suivi/<int:pk>/compte/", ledger.ledger_export, name="ledger-export"),
    path("suivi/<int:pk>/ecriture/", ledger.entry_add, name="entry-add"),
    path("suivi/<int:pk>/transfert/", ledger.transfer_add, name="transfer-add"),
    path("suivi/<int:pk>/lancement/", ledger.kick_off, name="kick-off"),
    path("suivi/<int:pk>/correspondant/", ledger.contact_name, name="contact-name"),
    path("suivi/<int:pk>/reprise/", ledger.obligation_resume, name="obligation-resume"),
    path("suivi/<int:pk>/cloture/", ledger.obligation_close, name="obligation-close"),
    path("suivi/<int:pk>/reouverture/", ledger.obligation_reopen, name="obligation-reopen"),
]

urlpatterns = [*owed]
