"""`servanda tour`: the main job on real input, in three parts; what `make run` shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.cli import text
from servanda.cli.options import command


def add(commands: Any) -> None:
    command(commands, "tour", "show what it can do", "  servanda tour\n", run)


def run(options: Any) -> int:
    return 0
