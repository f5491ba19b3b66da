import pytest

from proms.instruments import formats, library


@pytest.mark.parametrize("form", ["json", "fhir"])
@pytest.mark.parametrize("code", library.codes())
def test_formats_that_hold_all_give_all_back(form, code):
    export = formats.FORMATS[form].write(library.get(code), "sv")

    assert formats.read(export.content, form) == library.get(code)
