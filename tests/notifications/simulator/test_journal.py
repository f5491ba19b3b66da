from notifications.simulator.journal import Journal


def test_what_was_written_is_read_by_the_next(tmp_path):
    path = tmp_path / "deep" / "journal"
    Journal(path).write({"a": "å"})

    later = Journal(path)
    later.write({"b": 1})

    assert list(later.entries()) == [{"a": "å"}, {"b": 1}]


def test_a_line_that_a_kill_cut_short_is_left_out(tmp_path):
    path = tmp_path / "journal"
    path.write_text('{"a":1}\n{"b":')

    journal = Journal(path)
    journal.write({"c": 2})

    assert list(journal.entries()) == [{"a": 1}, {"c": 2}]
