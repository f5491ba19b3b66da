from django.contrib import admin
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from drf_spectacular.views import SpectacularAPIView

from proms.entrance import views as entrance

ROBOTS = TemplateView.as_view(template_name="robots.txt", content_type="text/plain")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="login")),
    path("robots.txt", ROBOTS),
    path("favicon.ico", lambda request: redirect(static("icon.svg"))),
    path("", include("surveys.pages.urls")),
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("commission/", entrance.commission, name="commission"),
    path("admin/library/", include("surveys.library.urls")),
    path("admin/", admin.site.urls),
    path("overview/", include("proms.overview.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/", RedirectView.as_view(pattern_name="schema")),
    path("api/", include("surveys.urls")),
    path("fhir/", include("proms.fhir.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
