"""House rules that no other tool checks."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
APPS = ("config", "surveys", "proms", "notifications")
COLLECTS_ANYTHING = {"utils", "util", "helpers", "services", "common", "core", "manager", "misc"}
AT_THE_TOP = {
    *APPS,
    "tests",
    "docs",
    "locale",
    "manage.py",
    "pyproject.toml",
    "requirements.lock",
    "package.json",
    "package-lock.json",
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
}
REGISTRIES = {
    "config",
    "notifications/channels",
    "proms/admin",
    "proms/instruments/contradictions",
    "proms/instruments/library",
    "proms/models",
    "surveys/models",
}
# Django's own conventions, and files that need no sentence.
WITHOUT_A_SENTENCE = {"__init__", "admin", "apps", "urls", "wsgi", "celery", "tasks", "conftest"}


def modules(*folders):
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
    )


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_tests_mirror_the_code():
    tests = [path for path in modules("tests") if path.name.startswith("test_")]
    mirrored = [path for path in tests if path.relative_to(ROOT / "tests").parts[0] in APPS]

    astray = [path for path in mirrored if not _has_code(path)]

    assert not names(astray)


def _has_code(test):
    code = ROOT / test.parent.relative_to(ROOT / "tests") / test.stem.removeprefix("test_")
    return code.is_dir() or any(
        path.suffix != ".md" for path in code.parent.glob(f"{code.name.replace('_', '[-_]')}.*")
    )


def test_modules_are_named_for_what_they_do():
    collecting = [
        path for path in modules(*APPS, "tests") if {path.stem, *path.parts} & COLLECTS_ANYTHING
    ]

    assert not names(collecting)


def test_every_module_says_what_it_is():
    silent = [
        path
        for path in modules(*APPS)
        if path.stem not in WITHOUT_A_SENTENCE
        and path.parent.name != "commands"
        and "migrations" not in path.parts
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]

    assert not names(path for path in silent if path.read_text().strip())


def test_only_registries_say_anything_in_init():
    spoken = {path for path in modules(*APPS) if path.name == "__init__.py" and path.stat().st_size}

    assert not set(names(path.parent for path in spoken)) - REGISTRIES


def test_nothing_else_stands_at_the_top():
    ignored = (ROOT / ".gitignore").read_text().split()
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert not found - AT_THE_TOP - {name.strip("/") for name in ignored}


def test_every_named_constraint_is_violated_in_a_test():
    tests = "".join(path.read_text() for path in modules("tests"))

    untested = [name for name, what in named_constraints() if f'{what}"' not in tests]

    assert not untested


def test_constraints_are_named_after_app_and_model():
    assert not [name for name, what in named_constraints() if name == what]


def named_constraints():
    """Each constraint's name, whole and without its app and model."""
    for app in APPS[1:]:
        for model in apps.get_app_config(app).get_models():
            prefix = f"{app}_{model._meta.model_name}_"
            for constraint in model._meta.constraints:
                yield constraint.name, constraint.name.removeprefix(prefix)


def test_each_migration_has_a_name_and_its_number_alone():
    migrations = [path for path in modules(*APPS) if path.parent.name == "migrations"]
    numbers = [(path.parent, path.stem[:4]) for path in migrations if path.stem[0].isdigit()]

    assert len(set(numbers)) == len(numbers)
    assert not [name for name in names(migrations) if "_auto_" in name]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
