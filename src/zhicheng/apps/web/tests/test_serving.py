"""What `zhicheng serve` looks at before it answers anybody."""

from __future__ import annotations

import socket

import pytest

from zhicheng.apps.web.commands import refuse_taken
from zhicheng.kernel.refusals import Refusal


def test_a_second_city_does_not_slip_onto_the_port_of_the_first():
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the server itself opens it
        first.bind(("127.0.0.1", 0))
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(Refusal, match=str(port)):
            refuse_taken("127.0.0.1", port)
    refuse_taken("127.0.0.1", port)


def test_a_machine_that_is_not_this_one_is_refused_with_its_name():
    with pytest.raises(Refusal, match=r"192\.0\.2\.1:8000"):
        refuse_taken("192.0.2.1", 8000)
