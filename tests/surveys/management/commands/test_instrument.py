import io
import json

import pytest
from django.core.management import CommandError, call_command

from proms.instruments import documents, library
from proms.instruments.schema import schema


def run(*arguments):
    out = io.StringIO()
    call_command("instrument", *arguments, stdout=out)
    return out.getvalue()


def test_the_schema_is_printed_as_json():
    assert json.loads(run("schema")) == json.loads(json.dumps(schema()))


def test_a_sound_definition_is_summed_up(tmp_path):
    file = tmp_path / "phq.json"
    file.write_text(json.dumps(documents.write(library.get("phq-9"))))

    assert run("check", str(file)) == "phq-9 1.0: 9 items, 1 scales\n"


def test_an_unsound_definition_is_refused_by_path_and_cure(tmp_path):
    file = tmp_path / "phq.json"
    document = documents.write(library.get("phq-9"))
    document["scales"][0]["items"].append("PHQ10")
    file.write_text(json.dumps(document))

    with pytest.raises(CommandError, match=r"\$\.scales\[0\]\.items\[9\]: there is no item PHQ10"):
        run("check", str(file))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run("check", str(tmp_path / "none.json"))
