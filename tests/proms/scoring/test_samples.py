import io

import numpy as np
import pytest

from proms.instruments import library
from proms.scoring import banks, rows, samples

BANK = banks.bank(library.get("promis-anxiety"))
CODES = list(BANK.places)


def table(*people):
    lines = [",".join(["id", *CODES])]
    lines += [",".join([str(number), *answers]) for number, answers in enumerate(people)]
    return io.BytesIO("\n".join(lines).encode())


def test_the_same_seed_gives_the_same_people():
    one, other = (samples.simulated(BANK, people=20, seed=7) for _ in range(2))

    assert np.array_equal(one.patterns, other.patterns)
    assert len(one.reference) == 20


def test_people_who_skipped_an_item_are_left_out():
    sample = samples.real(BANK, table(["1"] * 29, ["1"] * 28 + [""]))

    assert sample.patterns.tolist() == [[0] * 29]
    assert sample.reference is None
    assert sample.left_out == 1


def test_a_bad_row_is_named():
    with pytest.raises(rows.BadRow, match=f"line 3, column {CODES[1]}: '9'"):
        samples.real(BANK, table(["1"] * 29, ["1", "9"] + ["1"] * 27))


def test_a_file_where_everybody_skipped_something_is_refused():
    with pytest.raises(samples.NobodyWhole):
        samples.real(BANK, table(["1"] * 28))


def test_no_more_people_are_read_than_are_taken():
    with pytest.raises(samples.TooMany):
        samples.real(BANK, table(["1"] * 29, ["1"] * 29), at_most=1)
