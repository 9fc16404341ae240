"""Every address of the house, with the verb and the view behind it. The table person x URL x method reads this."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"
staff: list[URLPattern] = []
urlpatterns: list[URLPattern | URLResolver] = [path("accounts/", include("allauth.urls"))]
