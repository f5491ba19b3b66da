"""The library's pages for staff: browse, see as a patient, import, compare, where it is used."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proms import adopting, licensing
from proms.admin.base import Site
from proms.instruments import formats, incoming, library, parsing, wordings
from proms.instruments.definition import Definition
from proms.models import Instrument, InstrumentVersion, Measurement, Mode
from surveys.library import comparing, screens
from surveys.library.forms import InstrumentForm, TextForm
from surveys.library.staff_pages import page, shipped, staff_may
from surveys.models import SurveyVersion

REFUSALS = (
    parsing.InvalidDefinition,
    incoming.InvalidFile,
    wordings.InvalidWording,
    adopting.NotTaken,
)


@require_safe
@staff_may("view")
def shelf(request: HttpRequest) -> HttpResponse:
    """Show what the library ships, and what was imported."""
    stored = InstrumentVersion.objects.filter(is_demonstration=False).select_related("instrument")
    adopted = set(Instrument.objects.values_list("code", flat=True))
    context = {
        "shipped": [(library.get(code), code in adopted) for code in library.codes()],
        "imported": stored.order_by("instrument__name", "language", "-pk"),
        "may_import": "add" in cast(Site, admin.site).allowed(request, InstrumentVersion),
    }
    return page(request, "shelf", _("Instrument library"), context)


@require_POST
@staff_may("add")
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    """Let surveys choose a shipped instrument."""
    definition = shipped(code)
    for language in definition.languages:
        adopting.adopt(definition.code, language=language)
    messages.success(request, _("%(name)s can be chosen for surveys.") % {"name": definition.name})
    return redirect("library:shelf")


@require_safe
@staff_may("view")
def screens_of(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Show every question of a shipped instrument at phone width."""
    definition = shipped(code)
    if language not in definition.languages:
        raise Http404
    return _screens_page(request, definition, language)


@require_safe
@staff_may("view")
def version_screens(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show every question of a stored version at phone width."""
    stored = get_object_or_404(InstrumentVersion, pk=version_id)
    return _screens_page(request, adopting.definition_of(stored), stored.language)


@require_safe
@staff_may("view")
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show a stored version: its hash, its licence, its neighbours, and where it is used."""
    stored = get_object_or_404(
        InstrumentVersion.objects.select_related("instrument"), pk=version_id
    )
    today = timezone.localdate()
    needs = licensing.needs(stored)
    lacking = licensing.lacking(needs, today=today)
    used = SurveyVersion.objects.filter(instrument_versions=stored).select_related("survey")
    neighbours = stored.instrument.versions.exclude(pk=stored.pk)
    context = {
        "stored": stored,
        "definition": adopting.definition_of(stored),
        "is_shipped": stored.instrument.code in library.codes(),
        "needs": [(need, need not in lacking) for need in needs],
        "licences": stored.instrument.licences.order_by("scope", "language", "pk"),
        "used": used.order_by("survey__name", "-number"),
        "answered": Measurement.objects.filter(instrument_version=stored).count(),
        "neighbours": neighbours.annotate(n=Count("survey_versions")).order_by("language", "-pk"),
    }
    return page(request, "version", str(stored), context)


@require_safe
@staff_may("view")
def compare(request: HttpRequest) -> HttpResponse:
    """Show what changed between two stored versions."""
    old, new = (_asked_for(request, name) for name in ("old", "new"))
    changes = comparing.changes(adopting.definition_of(old), adopting.definition_of(new))
    context = {"old": old, "new": new, "changes": changes}
    return page(request, "compare", _("Compare versions"), context)


@require_safe
@staff_may("view")
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Return a shipped instrument as a file in the format asked for."""
    form, language = request.GET.get("format", ""), request.GET.get("language", "sv")
    if form not in formats.FORMATS:
        raise Http404
    definition, chosen = shipped(code), formats.FORMATS[form]
    made = chosen.write(definition, language)
    response = HttpResponse(made.content, content_type="application/octet-stream")
    name = f"{definition.code}-{form}.{chosen.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@staff_may("add")
def import_text(request: HttpRequest, code: str) -> HttpResponse:
    """Take in licensed words: shown beside the demonstration's first, stored when confirmed."""
    structure = shipped(code)
    form = TextForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return _text_page(request, structure, form, status=422 if form.is_bound else 200)
    content, said = form.cleaned_data["content"], form.cleaned_data
    mode = Mode(said["mode"])
    try:
        if "confirm" not in request.POST:
            worded = licensing.preview(
                code, content, language=said["language"], mode=mode, grant=form.grant
            )
            return _pairs_page(request, structure, worded, form)
        stored = licensing.import_wording(
            code, content, language=said["language"], mode=mode, grant=form.grant
        )
    except licensing.NothingToLicense:
        return _text_page(request, structure, form, [_("The words are our own already.")], 422)
    except REFUSALS as refusal:
        return _text_page(request, structure, form, str(refusal).split("\n"), 422)
    messages.success(request, _("%(version)s is stored.") % {"version": stored})
    return redirect("library:version", stored.pk)


@require_http_methods(["GET", "POST"])
@staff_may("add")
def import_instrument(request: HttpRequest) -> HttpResponse:
    """Take in an instrument of one's own: shown first, stored when confirmed."""
    form = InstrumentForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return _import_page(request, form, [], 422 if form.is_bound else 200)
    try:
        definition = formats.read(
            form.cleaned_data["content"], form.cleaned_data["form"], **form.said
        )
        if "confirm" not in request.POST:
            return _shown_page(request, definition, form)
        stored = adopting.take_in(definition)
    except REFUSALS as refusal:
        return _import_page(request, form, str(refusal).split("\n"), 422)
    messages.success(request, _("%(version)s is stored.") % {"version": stored[0]})
    return redirect("library:version", stored[0].pk)


def _asked_for(request: HttpRequest, name: str) -> InstrumentVersion:
    wanted = request.GET.get(name, "")
    if not wanted.isdecimal() or len(wanted) > 12:
        raise Http404
    versions = InstrumentVersion.objects.select_related("instrument")
    return get_object_or_404(versions, pk=int(wanted))


def _screens_page(request: HttpRequest, definition: Definition, language: str) -> HttpResponse:
    drawn = [(each,) for each in screens.drawn(definition, language=language, request=request)]
    is_bank = definition.adaptive and definition.code in library.codes()
    study_of = definition.code if is_bank else ""
    context = {"definition": definition, "rows": drawn, "language": language, "study_of": study_of}
    return render(request, "library/screens.html", context)


def _pairs_page(
    request: HttpRequest, structure: Definition, worded: Definition, form: TextForm
) -> HttpResponse:
    """Show each question now and as it will be, beside each other."""
    language = form.cleaned_data["language"]
    spoken = language if language in structure.languages else structure.languages[0]
    now = screens.drawn(structure, language=spoken, request=request)
    then = screens.drawn(worded, language=language, request=request)
    context = {
        "definition": worded,
        "rows": list(zip(now, then, strict=True)),
        "language": language,
        "is_pair": True,
        **_confirming(form, "language", "mode", "reference", "until"),
    }
    return render(request, "library/screens.html", context)


def _shown_page(request: HttpRequest, definition: Definition, form: InstrumentForm) -> HttpResponse:
    language = definition.languages[0]
    drawn = screens.drawn(definition, language=language, request=request)
    context = {
        "definition": definition,
        "rows": [(each,) for each in drawn],
        "language": language,
        **_confirming(form, "form", "wording", "code", "name", "language"),
    }
    return render(request, "library/screens.html", context)


def _confirming(form: TextForm | InstrumentForm, *names: str) -> dict[str, Any]:
    """Return what the page that asks once more sends again."""
    return {"again": list(_again(form, names)), "is_asking": True}


def _again(form: TextForm | InstrumentForm, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield "carried", form.packed
    for name in names:
        yield name, str(form.cleaned_data[name] or "")


def _text_page(
    request: HttpRequest,
    structure: Definition,
    form: TextForm,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    title = _("Licensed words for %(name)s") % {"name": structure.name}
    context = {"structure": structure, "form": form, "problems": problems or []}
    return page(request, "text", title, context, status)


def _import_page(
    request: HttpRequest, form: InstrumentForm, problems: list[str], status: int
) -> HttpResponse:
    context = {"form": form, "problems": problems}
    return page(request, "import", _("Import an instrument"), context, status)
