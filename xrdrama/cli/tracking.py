"""Commands for trackers: decode, convert, simulate, monitor, record, replay, wizard."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console, Group
from rich.markup import escape

from xrdrama.cli.printing.output import console, fail_line, finite, print_json, print_line, table
from xrdrama.errors import UsageError

group = typer.Typer(
    help="Decode, convert, simulate and monitor camera tracking.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(group, name="track")


Seconds = Annotated[
    float, typer.Option(help="Stop after N seconds; 0 = run until Ctrl-C.", min=0, callback=finite)
]
Port = Annotated[
    int | None,
    typer.Option(
        help="UDP port to listen on; default: the protocol's own, or 40000.", min=1, max=65_535
    ),
]
Address = Annotated[
    str,
    typer.Option(
        help="Address to listen on, or multicast group to join; 0.0.0.0 = all interfaces;"
        " default: the protocol's own group, or 127.0.0.1."
    ),
]
Profile = Annotated[
    str, typer.Option(help="Vendor profile of the protocol, such as panasonic of freed.")
]
Interface = Annotated[
    str,
    typer.Option(
        help="Interface (name or address) on which to join the multicast group;"
        " default: chosen by the system."
    ),
]
Hex = Annotated[bool, typer.Option("--hex", help="FILE contains one datagram per line, in hex.")]


File = Annotated[
    Path,
    typer.Argument(help="One datagram in raw bytes, or a log of the protocol; - = stdin."),
]


@group.command()
def decode(
    protocol: Annotated[
        str, typer.Argument(help="Tracking protocol, such as freed; or livelink, for faces.")
    ],
    file: File,
    hex: Hex = False,
    profile: Profile = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON lines (always on).")] = False,
) -> int:
    """Decode datagrams and print each sample as a JSON line, in metres and degrees: x right, y into
    the wall, z up; pan to the left, tilt up, roll clockwise. Exits with 1 when a datagram could not
    be read, or a sample has faults. Of a face, it prints the values of its shapes by name."""
    from xrdrama.tools.tracking.faces import decoded_faces
    from xrdrama.tools.tracking.recordings import decoded
    from xrdrama.tracking import livelink

    bad = 0
    is_face = protocol == livelink.NAME
    if is_face and profile:
        raise UsageError("livelink has no profiles", "remove --profile")
    for line in (
        decoded_faces(file, hex=hex)
        if is_face
        else decoded(protocol, file, hex=hex, profile=profile)
    ):
        bad += "error" in line or "faults" in line
        print_json(line)
    return int(bad > 0)


@group.command()
def convert(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Protocol of FILE, such as freed.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Protocol to write.")],
    file: File,
    hex: Hex = False,
    subject: Annotated[
        str, typer.Option(help="Camera id to write, instead of the one that was read.")
    ] = "",
    json: Annotated[
        bool, typer.Option("--json", help="Report as JSON on stderr what was not carried over.")
    ] = False,
) -> int:
    """Convert datagrams to another protocol and print them in hex, one per line.

    What the other protocol cannot carry is listed on stderr. Exits with 1 when a datagram could not
    be read or written.
    """
    from xrdrama.tools.tracking.recordings import Conversion, Recording

    conversion = Conversion(source, target, Recording(file, hex=hex), subject)
    for datagram in conversion.datagrams():
        print_line(datagram.hex())
    if json:
        sys.stderr.write(msgspec.json.encode(conversion.report()).decode() + "\n")
        return int(bool(conversion.errors))
    for error in conversion.errors:
        sys.stderr.write(error + "\n")
    for what, count in conversion.not_carried.items():
        plural = "s" if count > 1 else ""
        sys.stderr.write(f"not carried over in {count} sample{plural}: {what}\n")
    return int(bool(conversion.errors))


@group.command()
def simulate(
    moves: Annotated[
        list[str],
        typer.Argument(
            metavar="MOVE...",
            help="Name of a camera move, or its .move.yaml file; for several cameras, one for each,"
            " as NAME=SUBJECT.",
        ),
    ],
    to: Annotated[str, typer.Option(help="Address to send to, HOST:PORT.")] = "127.0.0.1:40000",
    rate: Annotated[
        float, typer.Option(help="Packets per second.", min=1, max=1000, callback=finite)
    ] = 60.0,
    seconds: Seconds = 0.0,
    subject: Annotated[str, typer.Option(help="Camera id of a move without =SUBJECT.")] = "1",
    protocol: Annotated[str, typer.Option(help="Tracking protocol, such as freed.")] = "freed",
    json: Annotated[
        bool, typer.Option("--json", help="At the end, print what was sent as JSON.")
    ] = False,
) -> int:
    """Send camera moves as tracking packets over UDP, as trackers would."""
    from xrdrama.tools.tracking.sending import simulate_moves

    sent = simulate_moves(moves, to, rate, seconds, subject, protocol)
    if json:
        print_json({"sent": sent, "to": to})
    else:
        print_line(f"{sent} packets sent to {to}")
    return 0


@group.command()
def monitor(
    protocol: Annotated[str, typer.Argument(help="Tracking protocol, such as freed.")] = "freed",
    port: Port = None,
    address: Address = "",
    interface: Interface = "",
    profile: Profile = "",
    seconds: Seconds = 0.0,
    json: Annotated[
        bool, typer.Option("--json", help="Print the state as a JSON line every second.")
    ] = False,
) -> int:
    """Listen to trackers and show the rate, gaps, jitter, jumps and newest pose of each subject.

    Exits with 1 when no packet was received, or all of them were bad.
    """
    from rich.live import Live

    from xrdrama.tools.tracking.receiving import Monitor, where

    address, number = where(protocol, address, port)
    monitor = Monitor(protocol, address, number, interface, profile)
    console(stderr=True).print(monitor.listens(), markup=False)
    end = time.monotonic() + (seconds or float("inf"))
    try:
        if json:
            while time.monotonic() < end:
                time.sleep(min(1.0, max(0.0, end - time.monotonic())))
                print_json(monitor.state())
        else:
            out = console()
            # In a pipe each row is one line, and only the last state is printed.
            wide = Console(width=200, highlight=False)
            with Live(console=out if out.is_terminal else wide, refresh_per_second=5) as live:
                while time.monotonic() < end:
                    time.sleep(min(0.2, max(0.0, end - time.monotonic())))
                    live.update(_shown(monitor.state()))
            if not out.is_terminal:
                print_line()
        if not monitor.heard():
            fail_line(
                monitor.lost()
                or f"no packet was received in {seconds:g} s: send the tracker's packets to"
                f" {address}:{number}"
            )
            return 1
        state = monitor.state()
        if _are_all_bad(state["samples"], state["bad"], protocol):
            return 1
    finally:
        monitor.close()
    return 0


@group.command()
def record(
    protocol: Annotated[str, typer.Argument(help="Tracking protocol, such as freed.")],
    file: Annotated[Path, typer.Argument(help="File to write: JSON lines; it must not exist.")],
    port: Port = None,
    address: Address = "",
    interface: Interface = "",
    seconds: Seconds = 0.0,
    json: Annotated[bool, typer.Option("--json", help="Print what was recorded as JSON.")] = False,
) -> int:
    """Record every packet of a tracker with its time of arrival, for track replay and run
    --tracking-log.

    Exits with 1 when no packet was received, or all of them were bad.
    """
    from xrdrama.tools.tracking.receiving import record_tracker, where

    address, number = where(protocol, address, port)
    found = record_tracker(protocol, file, address, number, interface, seconds)
    if json:
        print_json({**found, "file": str(file)})
    else:
        print_line(f"{found['datagrams']} packets in {file}, {found['bad']} of them bad")
    if found["failure"]:
        fail_line(
            f"recording stopped: {found['failure']}; {file} has the {found['datagrams']} packets"
            " before: free some space, and record into another file"
        )
        return 1
    if not found["datagrams"]:
        fail_line(f"no packet was received: send the tracker's packets to {address}:{number}")
        return 1
    return int(_are_all_bad(found["samples"], found["bad"], protocol))


@group.command()
def replay(
    log: Annotated[Path, typer.Argument(help="Recording of a tracker, or a Mo-Sys .f4 file.")],
    to: Annotated[str, typer.Option(help="Address to send to, HOST:PORT.")] = "127.0.0.1:40000",
    rate: Annotated[
        float,
        typer.Option(
            help="Pace: 1 = as recorded, 2 = twice as fast.", min=0.01, max=100.0, callback=finite
        ),
    ] = 1.0,
    json: Annotated[bool, typer.Option("--json", help="Print what was sent as JSON.")] = False,
) -> int:
    """Send the packets of a recording over UDP at their recorded times."""
    from xrdrama.tools.tracking.sending import replay_log

    found = replay_log(log, to, rate)
    if json:
        print_json(found)
    else:
        print_line(f"{found['sent']} of {found['of']} {found['protocol']} packets sent to {to}")
    return 0


@group.command()
def wizard(
    stage: Annotated[str, typer.Argument(help="Name or file of a stage: its tracker is watched.")],
    timeout: Annotated[
        float, typer.Option(help="Give up a step after N seconds.", min=1.0, callback=finite)
    ] = 120.0,
    camera: Annotated[
        str, typer.Option(help="Camera of the stage to watch; default: the first one.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> int:
    """Find the axes and signs of a tracker: asks for one movement after another, watches the
    packets, and prints the lines for the stage file.

    Type s and Enter to skip a step, q and Enter to stop. Exits with 1 if it is not complete.
    """
    from xrdrama.tools.tracking.wizard import run_wizard

    said = console(stderr=True)
    say = lambda text: said.print(text, markup=False)  # noqa: E731
    found = run_wizard(stage, sys.stdin, say, timeout, camera)
    if json:
        print_json(found)
    elif found["complete"]:
        print_line(found["lines"] or "the tracker has the axes of the stage: nothing to write")
    if not found["complete"]:
        fail_line(f"not complete: {found['reason']}")
    return int(not found["complete"])


def _are_all_bad(samples: int, bad: int, protocol: str) -> bool:
    """Print an error if packets came and none of them could be read; True if so."""
    if samples or not bad:
        return False
    fail_line(
        f"all {bad} packets were bad: set the tracker to send {protocol}, or name its protocol"
    )
    return True


def _shown(state: dict[str, Any]) -> Group:
    """A row for each subject, and below them the numbers of bad and padded packets."""
    shown = table(*_COLUMNS)
    for row in state["subjects"]:
        x, y, z = row.get("position_m", (0.0, 0.0, 0.0))
        angles = (row.get(name, 0.0) for name in ("pan_deg", "tilt_deg", "roll_deg"))
        shown.add_row(
            escape(row["subject"]),
            str(row["samples"]),
            f"{row['rate']:.1f}",
            f"{row['gaps']} ({row['longest_gap'] * 1000:.0f} ms)",
            f"{row['jitter'] * 1000:.1f} ms",
            str(row["jumps"]),
            f"{row['lost']}, {row['late']}, {row['repeated']}",
            "" if row["drift_ppm"] is None else f"{row['drift_ppm']:.0f} ppm",
            f"{row['silence'] * 1000:.0f} ms ago",
            f"{x:.3f}, {y:.3f}, {z:.3f}",
            ", ".join(f"{angle:.2f}" for angle in angles),
        )
    below = []
    if state["padded"]:
        below.append(f"[dim]{state['padded']} packets had padding or line ends[/]")
    if state["bad"]:
        below.append(f"[yellow]{state['bad']} bad packets[/]")
    for what, count in state["counts"].items():
        below.append(f"[dim]{count} x {escape(what)}[/]")
    for reason, count in state["bad_reasons"].items():
        below.append(f"[yellow]  {count} x {escape(reason)}[/]")
    return Group(shown, *below)


_COLUMNS = (
    "subject", "packets", "rate /s", "gaps (longest)", "jitter", "jumps",
    "lost, late, repeated", "drift", "newest",
    "position m", "pan, tilt, roll",
)  # fmt: skip
