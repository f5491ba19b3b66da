"""The clinician's overview: find a patient, and see how they are."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from proms import access
from proms.commissions import StaffRequest, with_commission
from proms.models import AccessEvent, Commission, Patient
from proms.overview import charts, tables, texts, timeline
from proms.overview.forms import FindForm

# The care of one patient: never with a register's commission (PDL 7:4).
clinicians = with_commission(Commission.Role.CLINICIAN, purpose=Commission.Purpose.CARE)
NOT_FOUND = _(
    "There is nothing about a patient with that number at your unit. "
    "Check the number, or change commission if the patient was seen elsewhere."
)


@clinicians
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    form = FindForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        known = Patient.objects.with_person_id(form.cleaned_data["number"])
        patient = access.visible_to(request.commission, known).first()
        _log(request, "search", [patient] if patient else [])
        if patient:
            return redirect("overview:patient", patient.pk)
        form.add_error("number", NOT_FOUND)
    return render(
        request, "overview/find.html", {"form": form}, status=422 if form.is_bound else 200
    )


@clinicians
@require_safe
def patient(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    visible = access.visible_to(request.commission, Patient.objects.filter(pk=patient_id))
    found = visible.first()
    if found is None:
        raise Http404
    _log(request, "overview", [found])
    shown = timeline.assemble(found, request.commission, now=timezone.now())
    return render(request, "overview/patient.html", _context(found, shown))


def _log(request: StaffRequest, kind: str, patients: Iterable[Patient]) -> None:
    access.log(
        request.actor,
        activity=AccessEvent.Activity.READ,
        kind=kind,
        patients=[each.pk for each in patients],
        now=timezone.now(),
    )


def _context(patient: Patient, shown: timeline.Timeline) -> dict[str, Any]:
    today = timezone.localdate(shown.now)
    return {
        "name": patient.name or patient.person_id.display,
        "number": patient.person_id.display,
        "age": patient.person_id.age_on(today),
        "died_on": texts.day(patient.died_on) if patient.died_on else "",
        "events": [(texts.event(kind), texts.day(on)) for on, kind in shown.events],
        "status": texts.status(shown),
        "sections": [_section(section) for section in shown.sections],
        "printed": texts.moment(shown.now),
    }


def _section(section: timeline.Section) -> dict[str, Any]:
    return {
        "code": section.definition.code,
        "name": section.definition.name,
        "is_demonstration": section.definition.demonstration,
        "table": tables.table(section),
        "charts": [charts.trend(section, scale) for scale in section.trends],
    }
