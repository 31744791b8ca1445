"""Abuses the real server, and says what it does: cases 25, 26, 29 and 30, see `docs/reliability.md`.

`bash .ci/reliability` takes less than a minute, `bash .ci/reliability --long` some. A name or more, such as `floods`, runs only
these.
"""

import argparse
import asyncio
import importlib
import os
import time

SCENARIOS = ["stalls", "watchers", "poisoned", "floods", "overload", "reloads", "certificates_change", "drain"]


def report(name, **figures):
    print(f"  {name}: " + ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in figures.items()), flush=True)


def main():
    parser = argparse.ArgumentParser(prog="reliability")
    parser.add_argument("--long", action="store_true", help="for figures, and not only for a verdict")
    parser.add_argument("scenarios", nargs="*", choices=[*SCENARIOS, []], help="only these")
    arguments = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for name in arguments.scenarios or SCENARIOS:
        began = time.monotonic()
        print(f"--- {name}", flush=True)
        scenario = importlib.import_module(name)
        asyncio.run(scenario.run(report, arguments.long))
        print(f"  ({time.monotonic() - began:.1f} s)", flush=True)


main()
