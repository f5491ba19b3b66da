from django.urls import path

from surveys import api

urlpatterns = [
    path("events/", api.EventsView.as_view(), name="events"),
    path("enrolments/<uuid:enrolment_id>/", api.EnrolmentView.as_view(), name="enrolment"),
]
