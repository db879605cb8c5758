"""What bin/bench runs inside the virtual environment."""

import argparse
import sys

from bench import handoff, messages, morning, pgbouncer, plot, scale


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description="How fast the service is.")
    kinds = parser.add_subparsers(required=True)
    kind = kinds.add_parser("handoff", help=handoff.__doc__)
    kind.add_argument("--shipments", type=int, default=100_000, help="delivered ones that are there already")
    kind.add_argument("--rounds", type=int, default=5)
    kind.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    kind.add_argument("--warm-up", type=float, default=0.5, help="seconds before each")
    kind.add_argument("--connections", type=int, nargs="*", help="1 8 32 unless told")
    kind.add_argument("--only", default="", help="ours,floor,bare,token,otp-tuned,otp-startproject")
    kind.add_argument("--redis", action=argparse.BooleanOptionalAction, default=True)
    kind.add_argument("--keep", action="store_true", help="write bench/results/handoff.json")
    kind.set_defaults(run=handoff.run)
    kind = kinds.add_parser("plot", help=plot.__doc__)
    kind.set_defaults(run=plot.run)
    kind = kinds.add_parser("scale", help=scale.__doc__)
    kind.add_argument("--sizes", type=int, nargs="*", default=[10_000, 1_000_000, 10_000_000])
    kind.add_argument("--rounds", type=int, default=10)
    kind.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    kind.add_argument("--handoffs", type=int, default=1_000_000, help="after the rounds, in the smallest")
    kind.add_argument("--keep", action="store_true", help="write bench/results/scale.json")
    kind.set_defaults(run=scale.run)
    kind = kinds.add_parser("messages", help=messages.__doc__)
    _of_messages(kind, 12_000)
    kind.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    kind.set_defaults(run=messages.run)
    kind = kinds.add_parser("morning", help=morning.__doc__)
    _of_messages(kind, 100_000)
    kind.add_argument("--workers", type=int, default=2)
    kind.add_argument(
        "--per-second", type=float, default=0, help="the provider's rate; 0: as fast as it goes"
    )
    kind.set_defaults(run=morning.run)
    kind = kinds.add_parser("pgbouncer", help=pgbouncer.__doc__)
    kind.add_argument("--rounds", type=int, default=10)
    kind.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    kind.add_argument("--keep", action="store_true", help="write bench/results/pgbouncer.json")
    kind.set_defaults(run=pgbouncer.run)
    options = parser.parse_args(arguments)
    options.run(options)
    return 0


def _of_messages(kind: argparse.ArgumentParser, number: int) -> None:
    kind.add_argument("--messages", type=int, default=number)
    kind.add_argument("--provider-seconds", type=float, default=0.05, help="until the provider answers")
    kind.add_argument("--keep", action="store_true", help="write bench/results")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
