"""Running the application: says where it is, and how the administrator gets in.

In: settings.  The one-time link goes to the terminal alone, never to a log.
"""

import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import uvicorn

from servanda.library import InputError
from servanda.web.app import create_app
from servanda.web.people.links import first_link
from servanda.web.people.office import Office
from servanda.web.settings import Settings

BACKLOG = 512  # connections that wait
GRACE = 3  # seconds for answers under way when it is ended; open pages would keep it for ever


def serve(settings: Settings, say: Callable[[str], None] | None = None) -> None:
    """Serve until interrupted; raises InputError where it cannot begin."""
    tell = say or _say
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _ended)
    app = create_app(settings)
    listening = _listen(settings)
    where = f"http://{_named(settings.host)}:{listening.getsockname()[1]}"
    if settings.demo:
        tell(
            f"Servanda shows {len(app.state.desk.shelf.names)} agreements at {where}/ (Ctrl-C ends)"
        )
    else:
        _tell_of_people(settings, app.state.office, settings.address or where, tell)
    if settings.host not in ("127.0.0.1", "::1", "localhost") and settings.address is None:
        tell(
            "Others can reach it, over a connection that is not encrypted, over which nobody can "
            "sign in: put it behind TLS and say with --address how browsers call it."
        )
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=False,
        timeout_keep_alive=20, timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=16_384,
        # Only who says that there is a proxy is told by it from where somebody asks.
        proxy_headers=settings.address is not None,
    )  # fmt: skip
    gc.freeze()  # what is there at the start stays; it is not looked at again and again
    uvicorn.Server(config).run(sockets=[listening])


def _tell_of_people(
    settings: Settings, office: Office, where: str, tell: Callable[[str], None]
) -> None:
    """Where it is, and the link of the administrator where there is none yet."""
    secret = first_link(office, settings.new_administrator)
    where = where.rstrip("/")
    if secret is None:
        tell(f"Servanda is at {where}/ (Ctrl-C ends).")
    else:
        tell(f"Servanda is at {where}/ (Ctrl-C ends). This link signs one administrator in, once:")
        tell(f"{where}/enter?token={secret}")
    if settings.kept_at is None:
        tell("Accounts are gone when the server stops; name with --people where to keep them.")


def _ended(number: int, _: Any) -> None:
    """By another program: copies of drafts and the like are removed then, too."""
    sys.exit(128 + number)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        raise InputError(
            f"Cannot listen at {settings.host}:{settings.port}: {error.strerror}. "
            "Choose another with --port."
        ) from error
    return made
