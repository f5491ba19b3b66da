"""The headers of every page: nothing from elsewhere, nothing kept, nothing framed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from notifications.simulator.instance import portal

Handler = Callable[[HttpRequest], HttpResponseBase]


def strict(get_response: Handler) -> Handler:
    origins = " ".join(sorted(portal().configuration.origins))
    # A browser applies form-action to where the login's form is sent on, too.
    policy = f"default-src 'none'; style-src 'self'; form-action 'self' {origins}; base-uri 'none'"

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if isinstance(response, HttpResponse):
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return handle
