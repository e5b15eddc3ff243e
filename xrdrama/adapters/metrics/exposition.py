"""Metrics in Prometheus' text format, and the page that has them.

Names and units follow https://prometheus.io/docs/practices/naming/: seconds, `_total` for counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from wsgiref.simple_server import WSGIServer

import msgspec
from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from xrdrama.errors import DeviceError

PREFIX: Final = "xrdrama_"


class Measure(msgspec.Struct, frozen=True):
    """One metric: its name without prefix, its text, and its values by labels (name and value).

    A name that ends with `_total` is a count, which only grows.
    """

    name: str
    about: str
    values: tuple[tuple[tuple[tuple[str, str], ...], float], ...]

    @classmethod
    def of(cls, name: str, about: str, value: float) -> Measure:
        """A metric without labels."""
        return cls(name, about, (((), float(value)),))


class Page:
    """Serves what `read` returns at `http://ADDRESS:PORT/metrics`. DeviceError if it cannot."""

    def __init__(
        self, read: Callable[[], Iterable[Measure]], address: str = "127.0.0.1", port: int = 0
    ) -> None:
        registry = CollectorRegistry()
        registry.register(_Collector(read))
        try:
            self._server, self._thread = start_http_server(port, address, registry)
        except OSError as error:
            raise DeviceError(
                f"metrics cannot be served at {address}:{port}: {error.strerror or error}",
                "choose another port with --port",
            ) from error
        server: WSGIServer = self._server
        self.url = f"http://{address}:{server.server_port}/metrics"

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def text_of(measures: Iterable[Measure]) -> str:
    """The metrics as text."""
    registry = CollectorRegistry()
    kept = tuple(measures)
    registry.register(_Collector(lambda: kept))
    return generate_latest(registry).decode()


class _Collector(Collector):
    def __init__(self, read: Callable[[], Iterable[Measure]]) -> None:
        self._read = read

    def describe(self) -> Iterable[Metric]:
        """Nothing: the metrics are not known before the show answers."""
        return ()

    def collect(self) -> Iterator[Metric]:
        for one in self._read():
            kind = CounterMetricFamily if one.name.endswith("_total") else GaugeMetricFamily
            names = [name for name, _ in one.values[0][0]] if one.values else []
            family = kind(PREFIX + one.name, one.about, labels=names)
            for labels, value in one.values:
                family.add_metric([text for _, text in labels], value)
            yield family
