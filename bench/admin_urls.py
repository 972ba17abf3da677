"""The addresses of Relais, after those of the stock admin."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from relais.config.urls import handler400, handler403, handler404, handler500
from relais.config.urls import urlpatterns as product
from relais.procurement.models import Contract
from relais.screening.models import ScreeningResult

__all__ = ["handler400", "handler403", "handler404", "handler500"]


class OpenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The list as Django gives it, open to whoever is signed in: our accounts have no staff mark."""

    list_per_page = 50

    def has_module_permission(self, request: Any) -> bool:
        return True

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class ContractAdmin(OpenAdmin):
    list_display = ("source_id", "buyer", "object", "notified_on", "amount", "has_social_clause")
    list_select_related = ("buyer", "lot")
    list_filter = ("has_social_clause", "kind")
    search_fields = ("lot__object",)
    ordering = ("-notified_on", "-pk")

    @admin.display(description="object")
    def object(self, contract: Contract) -> str:
        return contract.lot.object


class ResultAdmin(OpenAdmin):
    list_display = ("object", "buyer", "score", "lever", "hours", "amount")
    list_select_related = ("lot__buyer",)
    list_filter = ("is_awarded", "lever")
    search_fields = ("lot__object",)
    ordering = ("is_awarded", "-score", "lot_id")

    @admin.display(description="object")
    def object(self, result: ScreeningResult) -> str:
        return result.lot.object

    @admin.display(description="buyer")
    def buyer(self, result: ScreeningResult) -> str:
        return result.lot.buyer.name


class OpenSite(admin.AdminSite):
    def has_permission(self, request: Any) -> bool:
        return bool(request.user.is_authenticated)


site = OpenSite(name="admin")
site.register(Contract, ContractAdmin)
site.register(ScreeningResult, ResultAdmin)
urlpatterns: list[URLPattern | URLResolver] = [path("stock-admin/", site.urls), *product]
