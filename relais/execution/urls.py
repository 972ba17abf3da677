"""Pages of the room: clauses and what is owed; people, hours declared, hours validated."""

from django.urls import path, register_converter

from relais.core.months import Month
from relais.execution.views import (
    agreements,
    amendments,
    breaches,
    calls,
    closing,
    declaration,
    duplicates,
    hours_files,
    intake,
    launch,
    ledger,
    links,
    owing,
    pathway,
    people,
    policies,
    pooling,
    register,
    retention,
    sanctions,
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

people_depth = [
    path("execution/personnes/doublons/", duplicates.duplicate_list, name="duplicate-list"),
    path(
        "execution/personnes/doublons/<int:first>/<int:second>/", duplicates.pair_settle, name="pair-settle"
    ),
    path("execution/personnes/doublons/<int:pk>/annulation/", duplicates.pair_undo, name="pair-undo"),
    path("execution/personnes/conservation/", retention.retention_list, name="retention-list"),
    path("execution/personnes/<int:pk>/conservation/", retention.retention_extend, name="retention-extend"),
    path("execution/eligibilite/", policies.policy_list, name="eligibility-rules"),
    path("execution/eligibilite/regles/", policies.policy_add, name="eligibility-rules-add"),
    path("execution/personnes/fins/", pathway.ending_list, name="ending-list"),
    path("execution/personnes/<int:pk>/parcours/", pathway.person_path, name="person-path"),
    path("execution/personnes/<int:pk>/parcours/etape/", pathway.path_step_add, name="path-step-add"),
]

urlpatterns = [*owed, *hours]

breach_pages = [
    path("suivi/manquements/", breaches.breach_list, name="breach-list"),
    path("suivi/manquements/export/", breaches.breach_export, name="breach-export"),
    path("suivi/<int:pk>/manquements/", breaches.obligation_breaches, name="obligation-breaches"),
    path("suivi/<int:pk>/manquements/constat/", breaches.breach_observe, name="breach-observe"),
    path("suivi/<int:pk>/manquements/stipulations/", breaches.terms_record, name="terms-record"),
    path("suivi/<int:pk>/renonciations/", breaches.waiver_propose, name="waiver-propose"),
    path("suivi/renonciations/<int:pk>/", breaches.waiver_decide, name="waiver-decide"),
    path("suivi/manquements/<int:pk>/", sanctions.breach_detail, name="breach-detail"),
    path("suivi/manquements/<int:pk>/suivi/<slug:step>/", sanctions.breach_warn, name="breach-warn"),
    path(
        "suivi/manquements/<int:pk>/proposition/<slug:step>/", sanctions.breach_propose, name="breach-propose"
    ),
    path("suivi/manquements/<int:pk>/decision/", sanctions.breach_decide, name="breach-decide"),
    path("suivi/manquements/<int:pk>/reponse/", sanctions.breach_reply, name="breach-reply"),
    path("suivi/manquements/<int:pk>/imputation/", sanctions.breach_account, name="breach-account"),
    path("suivi/manquements/<int:pk>/causes/", sanctions.cause_tell, name="cause-tell"),
    path("suivi/causes/<int:pk>/", sanctions.cause_answer, name="cause-answer"),
    path(
        "suivi/manquements/<int:pk>/courriers/<int:number>.<slug:kind>",
        sanctions.breach_letter,
        name="breach-letter",
    ),
]

urlpatterns += breach_pages

closing_pages = [
    path("suivi/<int:pk>/fin/", closing.closing_detail, name="closing-detail"),
    path("suivi/<int:pk>/fin/decompte/", closing.account_date, name="account-date"),
    path("suivi/<int:pk>/fin/evaluation/", closing.evaluation_give, name="evaluation-give"),
    path(
        "suivi/<int:pk>/fin/attestation/<int:debtor>.<slug:kind>",
        closing.closing_certificate,
        name="closing-certificate",
    ),
]

urlpatterns += closing_pages
owing_rules = [
    path("suivi/<int:pk>/regle/", owing.owing_detail, name="owing-detail"),
    path("suivi/<int:pk>/regle/nouvelle/", owing.rule_add, name="rule-add"),
    path("suivi/<int:pk>/regle/heures-travaillees/", owing.worked_add, name="worked-add"),
    path("suivi/<int:pk>/regle/ajustement/", owing.true_up, name="true-up"),
    path("suivi/<int:pk>/regle/tranches/", owing.option_add, name="option-add"),
    path("suivi/<int:pk>/regle/tranches/<int:option>/", owing.option_take, name="option-take"),
    path("suivi/<int:pk>/regle/tranches/<int:option>/abandon/", owing.option_leave, name="option-leave"),
    path("suivi/<int:pk>/commandes/", calls.calls, name="call-list"),
    path("suivi/<int:pk>/commandes/export/", calls.calls_export, name="call-export"),
    path("suivi/<int:pk>/commandes/nouvelle/", calls.call_add, name="call-add"),
    path("suivi/<int:pk>/commandes/fichier/", calls.call_import, name="call-import"),
    path("suivi/<int:pk>/commandes/<int:call>/correction/", calls.call_correct, name="call-correct"),
    path("suivi/<int:pk>/commandes/<int:call>/annulation/", calls.call_cancel, name="call-cancel"),
]
urlpatterns += owing_rules

amending = [
    path("suivi/<int:pk>/avenants/", amendments.amendment_add, name="amendment-add"),
    path("suivi/<int:pk>/avenants/<int:proposal>/", amendments.amendment_answer, name="amendment-answer"),
    path(
        "suivi/<int:pk>/avenants/<int:proposal>/retrait/",
        amendments.amendment_withdraw,
        name="amendment-withdraw",
    ),
    path("suivi/<int:pk>/solidarite/", amendments.liability_set, name="liability-set"),
]
urlpatterns += amending
pooled = [
    path("execution/mutualisation/", pooling.pooling_plan, name="pooling-plan"),
    path("execution/mutualisation/<slug:job>/", agreements.pooling_propose, name="pooling-propose"),
    path("execution/conventions/", agreements.agreement_list, name="agreement-list"),
    path("execution/conventions/<int:pk>/", agreements.agreement_detail, name="agreement-detail"),
    path(
        "execution/conventions/<int:pk>/convention.<slug:kind>",
        agreements.agreement_file,
        name="agreement-file",
    ),
    path("execution/conventions/<int:pk>/reponse/", agreements.agreement_answer, name="agreement-answer"),
    path("execution/conventions/<int:pk>/retrait/", agreements.agreement_withdraw, name="agreement-withdraw"),
    path("execution/conventions/<int:pk>/fin/", agreements.agreement_end, name="agreement-end"),
]

urlpatterns += pooled
urlpatterns += people_depth
layouts = [
    path("execution/releves/fichiers/", hours_files.hours_file_list, name="hours-file-list"),
    path("execution/releves/fichiers/<int:pk>/", hours_files.hours_file, name="hours-file"),
    path(
        "execution/releves/fichiers/<int:pk>/colonnes/", hours_files.hours_file_teach, name="hours-file-teach"
    ),
    path("execution/releves/fichiers/<int:pk>/abandon/", hours_files.hours_file_drop, name="hours-file-drop"),
]

urlpatterns += layouts
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
