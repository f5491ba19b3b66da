from django.urls import path

from proms.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.find, name="find"),
    path("<uuid:patient_id>/", views.patient, name="patient"),
]
