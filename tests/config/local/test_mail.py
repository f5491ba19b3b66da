"""The mail sink keeps what it is given."""

import smtplib

import pytest

from config.local import ports
from config.local.process import wait_ready
from config.local.servers import Servers

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


def test_a_mail_becomes_a_file(tmp_path, free_port):
    sink = Servers(tmp_path, {}).process("mail", "config.local.mail", str(free_port), str(tmp_path))
    sink.start()
    wait_ready(sink, lambda: ports.answers(free_port))

    with smtplib.SMTP(ports.HOST, free_port) as client:
        client.sendmail("a@example.org", ["b@example.org"], b"Subject: Hej\r\n\r\nText")
    sink.stop()

    (kept,) = tmp_path.glob("*.eml")
    assert kept.read_bytes().startswith(b"Subject: Hej")
