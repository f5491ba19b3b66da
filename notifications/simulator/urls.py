"""Where things are. Contracts lie under their own names, as Basic Profile 2.1 wants it."""

from django.urls import path, register_converter

from notifications.simulator import api, views


class PersonConverter:
    """Twelve digits, or eleven and a letter in the ninth place of a reserve number."""

    regex = "[0-9]{8}[0-9pPtTfF][0-9]{3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PersonConverter, "person")

urlpatterns = [
    path("<str:interaction>/<int:version>/rivtabp21", api.contract, name="contract"),
    path("", views.front, name="front"),
    path("open", views.open_inbox, name="open"),
    path("inbox/<person:person_id>", views.inbox, name="inbox"),
    path("inbox/<person:person_id>/<str:letter_id>", views.letter, name="letter"),
    path("sso/<str:letter_id>", views.sso, name="sso"),
    path("switches", views.switches, name="switches"),
    path("simulator.css", views.style, name="style"),
    path("authorize", views.authorize, name="authorize"),
    path("token", api.token, name="token"),
    path("jwks", api.jwks, name="jwks"),
    path(".well-known/openid-configuration", api.metadata, name="metadata"),
    path("api/inbox/<person:person_id>", api.inbox, name="api-inbox"),
    path("api/switches", api.switches, name="api-switches"),
    path("api/switches/<str:switch_id>", api.switch, name="api-switch"),
    path("api/mode", api.mode, name="api-mode"),
    path("api/copies", api.copies, name="api-copies"),
    path("api/totals", api.totals, name="api-totals"),
]
