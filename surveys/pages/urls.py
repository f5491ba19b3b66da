from django.urls import path

from surveys.pages import views

app_name = "pages"
urlpatterns = [
    path("s/<str:token>/", views.link, name="link"),
    path("1177/", views.inbox, name="inbox"),
    path("1177/return/", views.returned, name="returned"),
    path("answer/later/", views.later, name="later"),
    path("answer/language/", views.language, name="language"),
    path("answer/<uuid:occasion_id>/", views.start, name="start"),
    path("answer/<uuid:occasion_id>/review/", views.review, name="review"),
    path("answer/<uuid:occasion_id>/receipt/", views.receipt, name="receipt"),
    path(
        "answer/<uuid:occasion_id>/<slug:instrument>/<str:item>/", views.question, name="question"
    ),
]
