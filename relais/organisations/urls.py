"""Pages of a body: its members, its directory, its schemes and their parameters, its trail."""

from django.urls import path

from relais.organisations.views import directory, members, schemes, trail

urlpatterns = [
    path("membres/", members.member_list, name="member-list"),
    path("membres/inviter/", members.member_invite, name="member-invite"),
    path("membres/<int:pk>/role/", members.member_role, name="member-role"),
    path("membres/<int:pk>/fin/", members.member_end, name="member-end"),
    path("membres/invitations/<int:pk>/retrait/", members.invitation_withdraw, name="invitation-withdraw"),
    path("annuaire/", directory.body_list, name="body-list"),
    path("annuaire/ajout/", directory.body_add, name="body-add"),
    path("annuaire/<slug:body>/", directory.body_detail, name="body-detail"),
    path("annuaire/<slug:body>/capacite/", directory.capacity_grant, name="capacity-grant"),
    path("annuaire/<slug:body>/departements/", directory.areas_set, name="areas-set"),
    path("annuaire/<slug:body>/invitation/", directory.body_invite, name="body-invite"),
    path("annuaire/<slug:body>/sortie/", directory.body_leave, name="body-leave"),
    path("dispositifs/", schemes.scheme_list, name="scheme-list"),
    path("dispositifs/<slug:scheme>/partage/", schemes.purchases_share, name="purchases-share"),
    path("dispositifs/<slug:scheme>/sortie/", schemes.scheme_leave, name="scheme-leave"),
    path("dispositifs/<slug:scheme>/parametres/", schemes.policy_list, name="policy-list"),
    path("dispositifs/<slug:scheme>/parametres/<slug:key>/", schemes.policy_detail, name="policy-detail"),
    path("journal/", trail.audit_trail, name="audit-trail"),
    path("journal/export/", trail.audit_export, name="audit-export"),
]
