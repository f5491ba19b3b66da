from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from proms.entrance import views as entrance

urlpatterns = [
    path("", include("surveys.pages.urls")),
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("commission/", entrance.commission, name="commission"),
    path("admin/library/", include("surveys.library.urls")),
    path("admin/", admin.site.urls),
    path("overview/", include("proms.overview.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/", include("surveys.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
