"""Pages of the room: clauses and what is owed; people, hours declared, hours validated."""

from django.urls import path, register_converter

from relais.core.months import Month
from relais.execution.views import (
    declaration,
    intake,
    launch,
    ledger,
    links,
    people,
    register,
    statements,
    validation,
)


class MonthConverter:
    """A month in an address: 2026-03."""

    regex = r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        return Month.parse(value)

    def to_url(self, value: Month | str) -> str:
        return str(value)


register_converter(MonthConverter, "month")

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
    path("suivi/<int:pk>/lancement/dossier/", launch.launch_detail, name="launch-detail"),
    path("suivi/<int:pk>/lancement/imprimer/", launch.launch_print, name="launch-print"),
    path("suivi/<int:pk>/lancement/dossier.<slug:kind>", launch.launch_file, name="launch-file"),
    path("suivi/<int:pk>/lancement/repartition/", launch.launch_spread, name="launch-spread"),
    path("suivi/<int:pk>/lancement/plan/", launch.launch_plan, name="launch-plan"),
    path("suivi/<int:pk>/lancement/compte-rendu/", launch.launch_minutes, name="launch-minutes"),
    path("suivi/<int:pk>/lancement/correspondants/", launch.correspondent_add, name="correspondent-add"),
    path(
        "suivi/<int:pk>/lancement/correspondants/<int:correspondent>/fin/",
        launch.correspondent_end,
        name="correspondent-end",
    ),
    path("suivi/<int:pk>/correspondant/", ledger.contact_name, name="contact-name"),
    path("suivi/<int:pk>/reprise/", ledger.obligation_resume, name="obligation-resume"),
    path("suivi/<int:pk>/cloture/", ledger.obligation_close, name="obligation-close"),
    path("suivi/<int:pk>/reouverture/", ledger.obligation_reopen, name="obligation-reopen"),
]

hours = [
    path("execution/", validation.hours_home, name="hours-home"),
    path("execution/personnes/", people.person_list, name="person-list"),
    path("execution/personnes/export/", people.person_export, name="person-export"),
    path("execution/personnes/nouvelle/", people.person_create, name="person-create"),
    path("execution/personnes/<int:pk>/", people.person_detail, name="person-detail"),
    path("execution/personnes/<int:pk>/identite/", people.person_edit, name="person-edit"),
    path("execution/personnes/<int:pk>/eligibilite/", people.person_eligibility, name="person-eligibility"),
    path("execution/personnes/<int:pk>/emploi/", people.person_job, name="person-job"),
    path("execution/emplois/<int:pk>/fin/", people.job_end, name="job-end"),
    path("execution/suivi/<int:pk>/personnes/", people.obligation_people, name="obligation-people"),
    path("execution/releves/", statements.statement_list, name="statement-list"),
    path("execution/releves/<int:pk>/", statements.statement_receipt, name="statement-receipt"),
    path("execution/releves/<int:pk>/validation/", validation.statement_validate, name="statement-validate"),
    path("execution/suivi/<int:pk>/releve/<month:month>/", statements.statement_edit, name="statement-edit"),
    path(
        "execution/suivi/<int:pk>/releve/<month:month>/controle/",
        statements.statement_check,
        name="statement-check",
    ),
    path(
        "execution/suivi/<int:pk>/releve/<month:month>/fichier/", intake.statement_file, name="statement-file"
    ),
    path(
        "execution/suivi/<int:pk>/releve/<month:month>/modele/",
        statements.statement_template,
        name="statement-template",
    ),
    path("execution/validation/", validation.validation_queue, name="validation-queue"),
    path("execution/lignes/<int:pk>/validation/", validation.line_validate, name="line-validate"),
    path("execution/lignes/<int:pk>/question/", validation.line_query, name="line-query"),
    path("execution/lignes/<int:pk>/rejet/", validation.line_reject, name="line-reject"),
    path("execution/lignes/<int:pk>/reponse/", statements.line_answer, name="line-answer"),
    path("execution/lignes/<int:pk>/correction/", statements.line_correct, name="line-correct"),
    path("execution/suivi/<int:pk>/mois/", validation.month_list, name="month-list"),
    path("execution/suivi/<int:pk>/mois/<month:month>/", validation.month_detail, name="month-detail"),
    path("execution/suivi/<int:pk>/mois/<month:month>/cloture/", validation.month_close, name="month-close"),
]

urlpatterns = [*owed, *hours]

declaring = [
    path("execution/suivi/<int:pk>/liens/", links.link_list, name="link-list"),
    path("execution/liens/<int:pk>/retrait/", links.link_withdraw, name="link-withdraw"),
]
urlpatterns += declaring

public_patterns = [
    path("<str:token>/", declaration.declaration, name="declaration"),
    path("<str:token>/recepisse/", declaration.declaration_receipt, name="declaration-receipt"),
]
"""Pages without an account, outside any body: the token of the link is the key."""
