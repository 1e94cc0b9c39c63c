"""What other monitors take: rtamt in the same run, three others as they were measured once.

`python -m benchmarks.peers f1 LOG.parquet OUT` answers a formula with rtamt (BSD licence, the extra
`bench`), whole process: Parquet in, one time-point a line out.  rtamt knows signals and no data, so
that the log is one of a single agent, whose signals are told at every time-point.
"""

import sys
from importlib.util import find_spec

RTAMT = "rtamt"
ABSENT = "rtamt is not installed: pip install 'servanda[bench]'"

# The formulas of `mfotl.py` on one agent, as rtamt writes them; R, S are words of its language.
FORMULAS = {
    "f1": "q_ and once[0:100](p_)",
    "f2": "p_ and not (eventually[0:10](r_))",
    "f3": "s_ and ((not r_) since[11:200] p_)",
    "f6": "s_ and not ((not r_) since p_)",
}
SIGNALS = {"p_": "P", "r_": "R", "q_": "Q", "s_": "S"}
HOLDS, FAILS = 1.0, -1.0

# Seconds for one million events on another two-core machine (November 2026, other load): whole
# processes, text logs, medians of three.  To be used as ratios; "" was not measured.  StaticMon is
# compiled for each formula, 7 to 10 s more.
REPORTED = {
    "f1": ("0.78", "4.5", "0.47"),
    "f2": ("0.52", "2.3", "0.33"),
    "f3": ("1.01", "3.9", "0.34"),
    "f4": ("5.7", "20.7", "0.79"),
    "f5": ("2.2", "9.9", "0.73"),
    "f6": ("1.09", "5.1", "0.55"),
    "P1": ("over 80", "", ""),
    "P2": ("1.01", "", ""),
    "P3": ("0.96", "", ""),
}
MONITORS = ("MonPoly", "VeriMon", "StaticMon")


def installed() -> bool:
    return find_spec(RTAMT) is not None


def answer(formula: str, log: str, out: str) -> None:
    import polars as pl
    import rtamt

    frame = pl.read_parquet(log)
    points = int(frame["tp"][-1]) + 1
    dataset: dict[str, list[float]] = {"time": list(range(points))}
    spec = rtamt.StlDiscreteTimeSpecification()
    for name, relation in SIGNALS.items():
        signal = [FAILS] * points
        for tp in frame.filter(pl.col("rel") == relation)["tp"].to_list():
            signal[tp] = HOLDS
        dataset[name] = signal
        spec.declare_var(name, "float")
    spec.declare_var("out", "float")
    spec.spec = f"out = {FORMULAS[formula]}"
    spec.parse()
    found = [str(int(at)) for at, robustness in spec.evaluate(dataset) if robustness > 0]
    with open(out, "w", encoding="ascii") as file:
        file.write("".join(f"{tp}\n" for tp in found))


if __name__ == "__main__":
    answer(*sys.argv[1:])
