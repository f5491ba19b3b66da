"""What the library's pages for staff have in common: who may come in, and the frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from proms.admin.base import Site
from proms.instruments import library
from proms.instruments.definition import Definition
from proms.models import InstrumentVersion

View = Callable[..., HttpResponse]


def staff_may(action: str) -> Callable[[View], View]:
    """Open a view to staff who may do this with instrument versions."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            site = cast(Site, admin.site)
            if action not in site.allowed(request, InstrumentVersion):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View, admin.site.admin_view(guarded))

    return guard


def page(
    request: HttpRequest, name: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Return a page inside the administration's frame."""
    whole = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"library/{name}.html", whole, status=status)


def shipped(code: str) -> Definition:
    """Return an instrument of the library, or what leads to "not found"."""
    try:
        return library.get(code)
    except library.UnknownInstrument:
        raise Http404 from None
