"""The psychometrician's page of a bank: its tests studied on simulated people or real answers."""

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proms.adaptive import recovery, stopping
from proms.adaptive.recovery import Tables
from proms.instruments.definition import Definition
from proms.management.tables import write_long
from proms.scoring import banks, samples
from proms.scoring.rows import BadRow
from proms.scoring.samples import Sample
from surveys.library import studying
from surveys.library.forms import MOST_PEOPLE, StudyForm
from surveys.library.staff_pages import page, shipped, staff_may


@require_http_methods(["GET", "POST"])
@staff_may("view")
def simulation(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a study, and show its figures or send them as CSV; nothing is stored."""
    definition = shipped(code)
    if not definition.adaptive:
        raise Http404
    form = StudyForm(request.POST or None, request.FILES or None)
    sample = _sample(definition, form) if form.is_valid() else None
    if sample is None:
        return _shown(request, definition, form, {}, 422 if form.is_bound else 200)
    tables = _study(definition, form, sample)
    if "csv" in request.POST:
        return _download(definition, tables)
    return _shown(request, definition, form, _figures(form, sample, tables), 200)


def _sample(definition: Definition, form: StudyForm) -> Sample | None:
    """Return whom to study; what is wrong with a file is told beside its field."""
    bank, said = banks.bank(definition), form.cleaned_data
    if not said["content"]:
        return samples.simulated(bank, people=said["people"], seed=said["seed"])
    try:
        return samples.real(bank, io.BytesIO(said["content"]), at_most=MOST_PEOPLE)
    except BadRow as bad:
        form.add_error("file", _told(bad))
    except samples.TooMany:
        form.add_error("file", form.too_many)
    except samples.NobodyWhole:
        form.add_error("file", _("Nobody in the file has answered every item."))
    return None


def _told(bad: BadRow) -> str:
    place = {"line": bad.line, "column": bad.column, "problem": bad.problem}
    if bad.column:
        return _("Line %(line)s, column %(column)s: %(problem)s") % place
    return _("Line %(line)s: %(problem)s") % place


def _study(definition: Definition, form: StudyForm, sample: Sample) -> Tables:
    assert definition.bank is not None
    return recovery.compare(
        banks.bank(definition),
        [stopping.NAMED[name] for name in form.cleaned_data["rules"]],
        sample.patterns,
        short_forms=definition.bank.short_forms,
        reference=sample.reference,
    )


def _figures(form: StudyForm, sample: Sample, tables: Tables) -> dict[str, object]:
    return {
        "is_done": True,
        "sample": sample,
        "summary": studying.summary(tables),
        "details": [studying.bands(tables), studying.stops(tables)],
        "figures": list(studying.figures(tables)),
        "again": list(form.again()),
    }


def _download(definition: Definition, tables: Tables) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{definition.code}-simulation.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    text = io.StringIO()
    write_long(text, tables)
    response.write(text.getvalue())
    return response


def _shown(
    request: HttpRequest,
    definition: Definition,
    form: StudyForm,
    found: dict[str, object],
    status: int,
) -> HttpResponse:
    title = _("Study of %(name)s") % {"name": definition.name}
    scale = definition.scales_by_code[banks.SCALE]
    context = {"definition": definition, "form": form, "scale": scale, "most": MOST_PEOPLE, **found}
    return page(request, "simulation", title, context, status)
