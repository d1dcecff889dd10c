"""``python -m benchmarks [w1|w7|...] [--quick]``: run workloads and say which goals were met."""

from __future__ import annotations

import argparse
import platform
import sys

from benchmarks import w1_rules, w7_home, w10_import, w12_at_once

WORKLOADS = {
    "w1": w1_rules.run,
    "w7": w7_home.run,
    "w10": w10_import.run,
    "w12": w12_at_once.run,
}


def main() -> int:
    """Run the workloads asked for; return 1 when a goal was missed. A wrong result raises."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="|".join(WORKLOADS))
    parser.add_argument("--quick", action="store_true", help="smaller data, fewer rounds")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), help="one database only")
    asked = parser.parse_args()
    unknown = sorted(set(asked.workloads) - set(WORKLOADS))
    if unknown:
        parser.error(f"no such workload: {', '.join(unknown)}")
    more = {"kinds": (asked.on,)} if asked.on else {}
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    missed = []
    for name in asked.workloads or WORKLOADS:
        print(f"{name.upper()}:", flush=True)
        if not WORKLOADS[name](quick=asked.quick, **more):
            missed.append(name.upper())
    print(f"Missed goals in: {', '.join(missed)}" if missed else "Every goal was met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
