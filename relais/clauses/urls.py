"""Pages of the room: the file of a clause, from its opportunity to its award."""

from django.urls import path

from relais.clauses.views import award, clauses, kit, library, parties, publication, scoring, writing

urlpatterns = [
    path("opportunites/<int:pk>/clause/", clauses.clause_create, name="clause-create"),
    path("clauses/<int:pk>/", clauses.clause_detail, name="clause-detail"),
    path("clauses/<int:pk>/textes/", clauses.clause_print, name="clause-print"),
    path("clauses/<int:pk>/dossier/", kit.clause_kit, name="clause-kit"),
    path("clauses/<int:pk>/dossier/<slug:part>/<slug:kind>/", kit.clause_kit_file, name="clause-kit-file"),
    path("clauses/<int:pk>/modifier/", clauses.clause_edit, name="clause-edit"),
    path("clauses/<int:pk>/arreter/", clauses.clause_keep, name="clause-keep"),
    path("clauses/<int:pk>/brouillon/", clauses.clause_return, name="clause-return"),
    path("clauses/<int:pk>/abandon/", clauses.clause_abandon, name="clause-abandon"),
    path("clauses/<int:pk>/reprise/", clauses.clause_resume, name="clause-resume"),
    path("clauses/<int:pk>/attribution/", award.clause_award, name="clause-award"),
    path("clauses/<int:pk>/analyse/", scoring.clause_analysis, name="clause-analysis"),
    path("clauses/<int:pk>/analyse/imprimer/", scoring.analysis_print, name="analysis-print"),
    path("clauses/<int:pk>/analyse/export/", scoring.analysis_export, name="analysis-export"),
    path("clauses/<int:pk>/analyse/grille/", scoring.grid_write, name="grid-write"),
    path("clauses/<int:pk>/analyse/offres/", scoring.tender_add, name="tender-add"),
    path("clauses/<int:pk>/analyse/<int:tender>/", scoring.tender_correct, name="tender-correct"),
    path("clauses/<int:pk>/analyse/<int:tender>/noter/", scoring.tender_score, name="tender-score"),
    path("clauses/<int:pk>/analyse/<int:tender>/ecarter/", scoring.tender_aside, name="tender-aside"),
    path("clauses/<int:pk>/analyse/<int:tender>/reprendre/", scoring.tender_back, name="tender-back"),
    path("clauses/<int:pk>/intervenants/", parties.party_add, name="party-add"),
    path("clauses/<int:pk>/intervenants/<int:party>/fin/", parties.party_end, name="party-end"),
    path("clauses/<int:pk>/propositions/", parties.proposal_add, name="proposal-add"),
    path("clauses/<int:pk>/propositions/<int:proposal>/", parties.proposal_answer, name="proposal-answer"),
    path("textes/", library.text_list, name="text-list"),
    path("textes/nouveau/", writing.text_add, name="text-add"),
    path("textes/public/ouvrir/", publication.library_open, name="library-open"),
    path("textes/public/fermer/", publication.library_close, name="library-close"),
    path("textes/charger/", library.text_load, name="text-load"),
    path("textes/approuver/<slug:document>/", library.text_approve, name="text-approve"),
    path("textes/<int:pk>/", library.text_detail, name="text-detail"),
    path("textes/<int:pk>/ecrire/", writing.text_write, name="text-write"),
    path("textes/<int:pk>/comparer/", library.text_compare, name="text-compare"),
    path("textes/<int:pk>/<int:version>/proposer/", library.version_propose, name="version-propose"),
    path("textes/<int:pk>/<int:version>/approuver/", library.version_approve, name="version-approve"),
    path("textes/<int:pk>/<int:version>/retirer/", library.version_withdraw, name="version-withdraw"),
]

public_patterns = [
    path("<slug:scheme>/", publication.public_texts, name="public-texts"),
    path("<slug:scheme>/<slug:kind>/", publication.public_texts_file, name="public-texts-file"),
]
"""Pages without an account, outside any body."""
