from django.urls import path

from surveys.library import simulation, views

app_name = "library"
urlpatterns = [
    path("", views.shelf, name="shelf"),
    path("import/", views.import_instrument, name="import"),
    path("compare/", views.compare, name="compare"),
    path("version/<int:version_id>/", views.version, name="version"),
    path("version/<int:version_id>/screens/", views.version_screens, name="version_screens"),
    path("<slug:code>/adopt/", views.adopt, name="adopt"),
    path("<slug:code>/text/", views.import_text, name="import_text"),
    path("<slug:code>/export/", views.export, name="export"),
    path("<slug:code>/simulation/", simulation.simulation, name="simulation"),
    path("<slug:code>/<str:language>/", views.screens_of, name="screens"),
]
