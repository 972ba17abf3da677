"""The addresses of Relais. What belongs to a body lies below its name: `/<organisation>/…`."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
