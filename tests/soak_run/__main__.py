"""`python -m tests.soak_run day --out var/soak`: a soak from start to table."""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
from rich.console import Console

from tests.soak_run.plan import PLANS, SoakPlan
from tests.soak_run.report import print_table, write_json
from tests.soak_run.soak import open_soak
from tests.soak_run.verdict import Verdict, judge


async def soak(plan: SoakPlan, folder: Path, python: str = sys.executable) -> Verdict:
    """Play a plan with a bot run by `python`, judge it, keep samples and verdict in the folder."""
    async with open_soak(plan, folder, python) as running:
        try:
            await running.run()
        finally:
            samples = msgspec.json.encode(running.sampler.samples)
            (folder / "samples.json").write_bytes(samples)
        verdict = await judge(running)
    write_json(verdict, folder / "verdict.json")
    return verdict


def main() -> int:
    """0 where nothing was lost or doubled and every position had its stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", choices=sorted(PLANS))
    parser.add_argument("--out", type=Path, required=True, help="a new folder for what is kept")
    parser.add_argument("--minutes", type=float, help="wall minutes instead of the plan's")
    parser.add_argument("--seed", type=int, help="other troubles and another market")
    parser.add_argument(
        "--python",
        default=sys.executable,
        help="what runs the bot: best of an environment with requirements.txt alone, for TA-Lib "
        "loads pandas where it finds it",
    )
    options = parser.parse_args()
    chosen = {
        name: value for name in ("minutes", "seed") if (value := getattr(options, name)) is not None
    }
    options.out.mkdir(parents=True)
    plan, folder = replace(PLANS[options.plan](), **chosen), options.out.resolve()
    verdict = asyncio.run(soak(plan, folder, options.python))
    print_table(verdict, Console(width=130))
    return 0 if verdict.messages.is_clean and not verdict.unprotected else 1


if __name__ == "__main__":
    sys.exit(main())
