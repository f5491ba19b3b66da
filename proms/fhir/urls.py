from django.urls import path, re_path

from proms.fhir import api

urlpatterns = [
    path("metadata", api.MetadataView.as_view(), name="metadata"),
    path("Questionnaire/$next-question", api.NextQuestionView.as_view(), name="next-question"),
    path("Questionnaire/<str:code>/$next-question", api.NextQuestionView.as_view()),
    path("Questionnaire/<str:code>", api.QuestionnaireView.as_view(), name="questionnaire"),
    re_path(r"^", api.NothingHereView.as_view()),
]
