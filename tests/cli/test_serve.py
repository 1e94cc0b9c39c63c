"""`servanda serve`: starts on the loopback, says where, ends when asked, refuses what it cannot."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from servanda.cli import main


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server of its own; gives what it says first."""
    command = [sys.executable, "-m", "servanda.cli", "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline(), process
    finally:
        process.kill()
        process.communicate()


def test_a_demo_is_there_for_everybody_and_ends_without_a_word() -> None:
    with serving("--demo") as (said, process):
        found = re.search(r"8 agreements at (http://127\.0\.0\.1:\d+/)", said)
        assert found
        with urlopen(found[1]) as answer:  # the server of this test
            assert b"28-point proposal" in answer.read()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors


def test_without_demo_the_link_stands_in_the_terminal() -> None:
    with serving("energy-moratorium-2025") as (said, process):
        assert "signs one administrator in, once" in said
        assert process.stdout is not None
        assert re.match(
            r"http://127\.0\.0\.1:\d+/enter\?token=[\w-]{40,}\n", process.stdout.readline()
        )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["no-such-agreement"], "no agreement"),
        (["--records", "r.jsonl"], "Name one AGREEMENT"),
        (["easter-truce-2025", "--records", "none.jsonl"], "there is no such file"),
        (["easter-truce-2025", "--records", "r.jsonl", "--ledger", "x"], "--records or --ledger"),
        (["easter-truce-2025", "easter-truce-2025"], "named twice"),
        (["easter-truce-2025", "--ledger", "none.ledger"], "none.ledger"),
        (["--host", "192.0.2.1"], "Cannot listen"),
    ],
)
def test_what_cannot_be_served_is_refused_with_the_reason(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.jsonl").touch()
    assert main(["serve", "--port", "0", *arguments]) == 2
    err = capsys.readouterr().err
    assert told in err and "Traceback" not in err


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["serve", "--demo", "--port", port]) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


def test_it_answers_by_the_names_that_it_is_given() -> None:
    with serving("easter-truce-2025", "--demo", "--name", "pages.example") as (said, _):
        found = re.search(r"(http://127\.0\.0\.1:\d+/)", said)
        assert found
        known = Request(found[1] + "health", headers={"Host": "pages.example"})
        with urlopen(known) as answer:  # the server of this test
            assert answer.status == 200
        other = Request(found[1] + "health", headers={"Host": "other.example"})
        with pytest.raises(HTTPError, match="400"):
            urlopen(other)


def test_without_its_packages_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['uvicorn'] = None; from servanda.cli import main; "
        "sys.exit(main(['serve', '--demo', '--port', '0']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 2
    assert "needs uvicorn" in done.stderr and "pip install 'servanda[web]'" in done.stderr
