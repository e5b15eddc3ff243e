"""`xrdrama bench`: each figure is a ratio against a reference in the same run.

A and B are interleaved, CPU time is taken, and medians of 30 pairs or more are compared, so a busy
machine slows both. Absolute times are printed as information; gates are ratios.
"""

from __future__ import annotations

from collections.abc import Callable

from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.tools.bench.advance import bench_advance
from xrdrama.tools.bench.casting import bench_advance_performers
from xrdrama.tools.bench.codecs import bench_freed, bench_opentrackio, bench_wire
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tools.bench.cuts import bench_cuts
from xrdrama.tools.bench.facets import bench_facets
from xrdrama.tools.bench.frame import bench_frame
from xrdrama.tools.bench.lanes import bench_deltas, bench_event_log
from xrdrama.tools.bench.loading import bench_load
from xrdrama.tools.bench.performers import bench_performers
from xrdrama.tools.bench.playing import bench_random_play
from xrdrama.tools.bench.processes import bench_check, bench_import
from xrdrama.tools.bench.proving import bench_proving
from xrdrama.tools.bench.reloading import bench_reload
from xrdrama.tools.bench.trackers import bench_tracking
from xrdrama.tools.bench.walls import bench_off_wall

__all__ = ["BENCHES", "BenchResult", "compared", "run_benches"]

BENCHES: dict[str, Callable[[], list[BenchResult]]] = {
    "advance": bench_advance,
    "advance_performers": bench_advance_performers,
    "frame": bench_frame,
    "facets": bench_facets,
    "cuts": bench_cuts,
    "performers": bench_performers,
    "off_wall": bench_off_wall,
    "random_play": bench_random_play,
    "import_story": bench_import,
    "check_story": bench_check,
    "proving": bench_proving,
    "load": bench_load,
    "reload": bench_reload,
    "wire_frame": bench_wire,
    "deltas": bench_deltas,
    "event_log": bench_event_log,
    "freed_decode": bench_freed,
    "tracking": bench_tracking,
    "opentrackio": bench_opentrackio,
}


def run_benches(names: list[str]) -> list[BenchResult]:
    """Run the named benchmarks, or all; UsageError for an unknown name."""
    for name in names:
        if name not in BENCHES:
            raise UsageError(f"there is no benchmark {name!r}", suggestion(name, BENCHES))
    found: list[BenchResult] = []
    for name in names or list(BENCHES):
        found += BENCHES[name]()
    return found
