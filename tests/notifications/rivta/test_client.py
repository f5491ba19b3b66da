import http.server
import ssl
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from config.local import ports
from notifications.rivta import client, patientportal, soap
from notifications.rivta.client import NotDone, NoValidReply, Peer
from notifications.rivta.contracts import ADD_MESSAGE, IS_ACTIVE_USER, PING
from notifications.rivta.monitoring import read_pong, write_ping
from tests.notifications.factories import PERSON
from tests.notifications.rivta.certificates import Authority

pytestmark = pytest.mark.enable_socket
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
ACTIVE = soap.write(patientportal.write_active_user(patientportal.ActiveUser(True)))
OTHER = soap.write(ADD_MESSAGE.new_response())


class Server(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Peers)
        self.asked = []
        self.answer = answering(500)


class Peers(http.server.BaseHTTPRequestHandler):
    """Answers as the test says, and keeps what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        assert isinstance(self.server, Server)
        self.server.asked.append((self.path, dict(self.headers)))
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answer(self)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=[0.01])
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def peer(server, **more):
    return Peer(f"http://127.0.0.1:{server.server_port}", "SE1", **more)


def answering(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def call(target):
    return client.call(IS_ACTIVE_USER, patientportal.write_is_active(PERSON), peer=target)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"garbage"),
        (200, b"<html>Login</html>"),
        (200, LAUGHS),
        (200, OTHER),
        (200, b" " * (soap.MAX_BYTES + 1)),
        (500, b"<html>Internal server error</html>"),
        (500, OTHER),
        (502, b""),
    ],
)
def test_a_reply_that_tells_nothing_leaves_it_open(server, status, body):
    server.answer = answering(status, body)

    with pytest.raises(NoValidReply):
        call(peer(server))


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 429, 503])
def test_a_request_that_is_turned_away_is_not_done(server, status):
    server.answer = answering(status)

    with pytest.raises(NotDone, match=str(status)):
        call(peer(server))


def test_a_busy_peer_says_when_to_come_again(server):
    server.answer = answering(429, Retry_After="90")

    with pytest.raises(NotDone) as busy:
        call(peer(server))

    assert busy.value.retry_after == timedelta(seconds=90)


@pytest.mark.parametrize("value", ["soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_busy_peer_that_says_it_unclearly_is_tried_as_usual(server, value):
    server.answer = answering(503, Retry_After=value)

    with pytest.raises(NotDone) as busy:
        call(peer(server))

    assert busy.value.retry_after is None


def test_a_redirect_to_another_host_is_not_followed(server):
    with Server() as other:
        server.answer = answering(307, Location=f"http://127.0.0.1:{other.server_port}/")

        with pytest.raises(NotDone, match="307"):
            call(peer(server))

    assert len(server.asked) == 1


def test_nobody_there_means_not_done():
    with pytest.raises(NotDone):
        call(Peer(f"http://127.0.0.1:{ports.free()}", "SE1"))


def test_a_peer_without_the_right_certificate_gets_nothing(server):
    target = Peer(f"https://127.0.0.1:{server.server_port}", "SE1", deadline=2)

    with pytest.raises(NotDone):
        call(target)

    assert server.asked == []


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def secured(server, authority):
    """A peer that lets in only whom the authority knows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.path)
    context.load_cert_chain(*authority.issue("peer"))
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.answer = answering(200, ACTIVE)
    return Peer(f"https://127.0.0.1:{server.server_port}", "SE1", authority=authority.path)


def test_both_sides_show_who_they_are(secured, authority):
    target = replace(secured, certificate=authority.issue("utfall"))

    assert patientportal.read_active_user(call(target)).is_active


def test_without_a_certificate_nothing_is_done(secured, server):
    # The server's refusal comes as an alert, or as a connection that is cut.
    with pytest.raises((NotDone, NoValidReply)):
        call(secured)

    assert server.asked == []


def test_a_peer_of_another_authority_gets_nothing(secured, authority, server, tmp_path_factory):
    stranger = Authority(tmp_path_factory.mktemp("stranger"))
    target = replace(secured, certificate=authority.issue("utfall"), authority=stranger.path)

    with pytest.raises(NotDone):
        call(target)

    assert server.asked == []


def test_silence_ends_at_the_deadline(server):
    go_on = threading.Event()
    server.answer = lambda handler: go_on.wait(10)

    with pytest.raises(NoValidReply):
        call(peer(server, deadline=0.2))
    go_on.set()


def test_a_reply_that_drips_ends_at_the_deadline(server):
    def drip(handler):
        answering(200, Content_Length="1000")(handler)
        for _ in range(100):
            if end.wait(0.05):
                return
            handler.wfile.write(b"x")

    end, server.answer = threading.Event(), drip
    with pytest.raises(NoValidReply):
        call(peer(server, deadline=0.3))
    end.set()


def test_a_connection_that_is_cut_leaves_it_open(server):
    def cut(handler):
        answering(200, b"<", Content_Length="1000")(handler)
        handler.close_connection = True

    server.answer = cut

    with pytest.raises(NoValidReply):
        call(peer(server))


def test_a_reply_that_was_not_read_does_not_answer_the_next_call(server):
    replies = iter(
        [
            answering(429, b"x" * 10_000),
            answering(200, ACTIVE),
        ]
    )
    server.answer = lambda handler: next(replies)(handler)
    with pytest.raises(NotDone):
        call(peer(server))

    assert patientportal.read_active_user(call(peer(server))).is_active


def test_a_call_goes_where_the_profile_says(server):
    server.answer = answering(500)

    with pytest.raises(NoValidReply):
        call(peer(server))

    path, headers = server.asked[0]
    assert path == "/IsActiveUser/1/rivtabp21"
    assert headers["SOAPAction"] == f'"{IS_ACTIVE_USER.action}"'
    assert headers["Content-Type"] == "text/xml; charset=utf-8"


def test_a_fault_is_told_as_such(server):
    fault = soap.Fault("VP007 Not authorised")
    server.answer = answering(500, soap.write_fault(fault))

    with pytest.raises(soap.Fault) as told:
        call(peer(server))

    assert told.value.is_client


def test_the_simulator_answers_a_ping(simulator):
    target = Peer(simulator.url, "SE5560000000-INBOX")

    pong = read_pong(client.call(PING, write_ping(ADD_MESSAGE, "SE5560000000-INBOX"), peer=target))

    assert pong.configuration == {"mode": "blind"}
