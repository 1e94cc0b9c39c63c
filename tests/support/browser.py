"""Chromium for tests and pictures: Debian's, without a window, and a server for it to look at."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

ABSENT = "Chromium is absent (Debian and Ubuntu: apt-get install chromium fonts-liberation)"
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Pages that are still open listen to their stream: a server that ends waits for none of them.
QUIET: Any = {"log_level": "warning", "access_log": False, "timeout_graceful_shutdown": 1}


def program() -> str | None:
    """Where Chromium is; None where it is absent."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of an application that runs in a thread, on the loopback."""
    import uvicorn

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, **QUIET))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser; raises LookupError where there is none."""
    found = program()
    if found is None:
        raise LookupError(ABSENT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


def arrived(page: Any, act: Callable[[], object]) -> None:
    """Do what leads to another document, and wait until that one is there and whole."""
    page.evaluate("document.documentElement.dataset.left = 'yes'")
    act()
    page.wait_for_selector("html:not([data-left])", state="attached")
    page.wait_for_load_state()
