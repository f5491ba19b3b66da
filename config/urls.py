from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("", include("surveys.pages.urls")),
    path("admin/", admin.site.urls),
    path("overview/", include("proms.overview.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/", include("surveys.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
