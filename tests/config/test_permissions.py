import pytest
from django.apps import apps

from config import permissions
from proms.models import Commission, Staff

TABLES = [permissions.ADMINISTRATOR, *permissions.ROLES.values()]


def test_every_label_is_a_models():
    labels = {model._meta.label_lower for model in apps.get_models()}

    assert set().union(*TABLES) <= labels


@pytest.mark.parametrize("role", [Commission.Role.CLINICIAN, Commission.Role.STEERING])
def test_role_without_a_table_may_nothing(role):
    commission = Commission(role=role)

    assert not permissions.has_any(Staff(), commission)
    assert permissions.allowed(Staff(), commission, "surveys.survey") == frozenset()


def test_administrators_right_ends_where_patients_begin():
    administrator = Staff(is_superuser=True)

    assert permissions.allowed(administrator, None, "proms.unit") == permissions.EDIT
    assert permissions.allowed(administrator, None, "proms.patient") == frozenset()


def test_registry_writes_surveys_and_what_they_are_licensed_to_ask_and_only_reads_the_rest():
    commission = Commission(role=Commission.Role.REGISTRY)
    writable = {
        label for label, actions in permissions.REGISTRY.items() if actions > permissions.VIEW
    }

    surveys = {"surveys.survey", "surveys.surveyinstrument", "surveys.timepoint"}
    assert writable == surveys | {"proms.instrumentversion", "proms.licence"}
    assert permissions.allowed(Staff(), commission, "proms.accessevent") == frozenset()
