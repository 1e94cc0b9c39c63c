"""Coverage-guided fuzzing with atheris: `python -m tests.fuzz [TARGET…] [--seconds N]`.

Each target runs in a process of its own, since the fuzzer ends it.  What makes a target fail is
kept in `.fuzz/` and its path is printed; the exit code is then 1.  Where atheris has no build for
this Python or machine, the step is skipped and says so.
"""

import argparse
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOUND = ROOT / ".fuzz"
NAMES = ("agreement", "records", "yaml", "geojson", "standard")
SECONDS = 60
LONGEST = 16_384  # bytes of one input; longer ones are tried by hand in the tests
HANG = 10  # seconds for one input, under instrumentation


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*NAMES, []], metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each target")
    parser.add_argument("--inside", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if find_spec("atheris") is None:
        version = ".".join(map(str, sys.version_info[:2]))
        print(
            f"skipped: atheris is not installed (it has builds for few Pythons; this is {version})"
        )
        return 0
    if options.inside is not None:
        return _inside(options.targets[0], options.seconds, options.inside)
    failed = [name for name in options.targets or NAMES if not _run(name, options.seconds)]
    return int(bool(failed))


def _run(name: str, seconds: int) -> bool:
    print(f"fuzzing {name} for {seconds} s", flush=True)
    command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(seconds)]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*command, "--inside", folder], cwd=ROOT, capture_output=True, text=True, check=False
        )
    told = done.stderr.splitlines()
    kept = [line for line in told if line.startswith(("Done ", "artifact_prefix", "SUMMARY"))]
    print("\n".join(kept if done.returncode == 0 else told[-40:]), flush=True)
    return done.returncode == 0


def _inside(name: str, seconds: int, folder: Path) -> int:
    import atheris

    with atheris.instrument_imports(include=["servanda"]):
        from tests.fuzz.seeds import seeds, words
        from tests.fuzz.targets import TARGETS

    FOUND.mkdir(exist_ok=True)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(seeds(name)):
        (corpus / f"seed{number}").write_bytes(data)
    listed = folder / "words"
    escaped = [word.replace("\\", "\\\\").replace('"', '\\"') for word in words(name)]
    listed.write_text("".join(f'"{word}"\n' for word in escaped), encoding="utf-8")
    arguments = [
        *(name, str(corpus), f"-dict={listed}", f"-artifact_prefix={FOUND}/{name}-"),
        *(f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={HANG}"),
        "-rss_limit_mb=4096",
    ]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()  # which ends the process
    return 0


if __name__ == "__main__":
    sys.exit(main())
