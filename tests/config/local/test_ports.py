"""Ports that are free, and ports that are not."""

from socket import socket as true_socket

from config.local import ports


def test_a_port_that_somebody_listens_on_is_not_free():
    with true_socket() as listener:
        listener.bind((ports.HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]

        assert not ports.is_free(port)
        assert ports.answers(port)


def test_a_free_port_is_free_and_silent():
    port = ports.free()

    assert ports.is_free(port)
    assert not ports.answers(port)
