"""Convert params, lights and seconds of a frame to uniforms of the shaders.

Uniforms are arrays that Panda3D shares with its shaders: setting one changes no render state.
Everything is a function of the arguments; nothing is kept from the frame before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import cos, isfinite, pi, radians, sin
from typing import Final

from panda3d.core import LVecBase4f, NodePath, PTA_LVecBase4f

from xrdrama.adapters.panda.set.flashes import SLOTS, flash
from xrdrama.errors import LocalProtocolError
from xrdrama.scene.compiled import SceneSheet, SetLight
from xrdrama.scene.lights import light_under
from xrdrama.scene.model import Light, ParamValue, Way
from xrdrama.spatial import Vec3
from xrdrama.wire.frame import Light as FrameLight

MOST_POINTS: Final = 4
BAKED: Final = 4

_SIZES: Final = {
    "sky_zenith": 1, "sky_middle": 1, "sky_horizon": 1, "sky_ground": 1, "sky_glow": 1,
    "glow_toward": 1, "moon_toward": 1, "moon_halo": 1, "moon_disc": 1, "air": 1, "air_glow": 1,
    "tone": 1, "tone_lift": 1, "flash_way": SLOTS, "flash_light": SLOTS, "spark_way": SLOTS,
    "ambient": 9, "moment": 1,
    "curve_flicker": 3, "curve_sway": 3, "curve_gust": 1, "snowfall": 1, "key_toward": 1,
    "key_colour": 1, "points": 1, "point_at": MOST_POINTS, "point_colour": MOST_POINTS,
    "baked": BAKED, "level": 1, "way": 1,
}  # fmt: skip


class Uniforms:
    """Named arrays of four floats."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.changes = 0
        """How often a row got other numbers."""
        self._rows: dict[tuple[str, int], tuple[float, float, float, float]] = {}
        self.arrays = {name: PTA_LVecBase4f.empty_array(size) for name, size in sizes.items()}
        for name, size in sizes.items():
            for i in range(size):
                self.set(name, 0.0, 0.0, 0.0, 0.0, at=i)

    def set(
        self, name: str, x: float, y: float = 0.0, z: float = 0.0, w: float = 0.0, *, at: int = 0
    ) -> None:
        """Give row `at` of the array `name` four numbers."""
        row, key = (x, y, z, w), (name, at)
        if self._rows.get(key) != row:
            self._rows[key] = row
            self.changes += 1
            self.arrays[name].set_element(at, LVecBase4f(x, y, z, w))

    def row(self, name: str, at: int = 0) -> tuple[float, float, float, float]:
        """The four numbers of a row."""
        return self._rows[name, at]

    def colour(
        self, name: str, colour: Vec3, factor: float = 1.0, w: float = 0.0, *, at: int = 0
    ) -> None:
        """Give row `at` of the array `name` a colour (or a direction) times a factor, and a fourth
        number."""
        self.set(name, colour.x * factor, colour.y * factor, colour.z * factor, w, at=at)

    def attach(self, path: NodePath) -> None:
        """Let everything below `path` see the arrays."""
        path.set_shader_inputs(**self.arrays)


def model_light_inputs(lights: Sequence[SetLight]) -> dict[str, PTA_LVecBase4f]:
    """The lights of models as arrays for the shaders; nothing moves them. Empty without any."""
    if not lights:
        return {}
    names = ("model_light_at", "model_light_way", "model_light_colour", "model_light_cone")
    arrays = {name: PTA_LVecBase4f.empty_array(len(lights)) for name in names}
    for i, light in enumerate(lights):
        at, way, colour = light.at, light.direction, light.colour * (1.0 / pi)
        near = 1.0 / light.reach**2 if light.reach > 0.0 else 0.0
        # As KHR_lights_punctual recommends: the cosine between axis and way, scaled and moved.
        scale = 1.0 / max(light.inner - light.outer, 0.001) if light.kind == "spot" else 0.0
        move = -light.outer * scale if light.kind == "spot" else 1.0
        rows = (
            (at.x, at.y, at.z, near),
            (way.x, way.y, way.z, float(light.kind == "directional")),
            (colour.x, colour.y, colour.z, 0.0),
            (scale, move, 0.0, 0.0),
        )
        for name, row in zip(names, rows, strict=True):
            arrays[name].set_element(i, LVecBase4f(*row))
    return arrays


class Levels:
    """The value of every param in a frame, checked and within its range.

    A param that is not given has its default, NaN or a value of the wrong kind is our own
    LocalProtocolError, and names that are not params of the set are in `unknown`.
    """

    def __init__(self, sheet: SceneSheet, params: Mapping[str, ParamValue]) -> None:
        self.unknown = [name for name in params if name not in sheet.params]
        self.values: dict[str, float] = {}
        for name, param in sheet.params.items():
            value = params.get(name, param.default)
            if param.kind == "choice":
                if value not in param.choices:
                    raise LocalProtocolError(
                        f"{value!r} is not one of the choices of param {name!r}"
                    )
                self.values[name] = float(param.choices.index(str(value)))
            elif isinstance(value, str) or not isfinite(value):
                raise LocalProtocolError(f"{value!r} is not a valid value for param {name!r}")
            else:
                self.values[name] = min(max(float(value), param.least), param.most)

    def of(self, name: str) -> float:
        """The value of a param; 1 for the empty name, which binds nothing."""
        return self.values[name] if name else 1.0


class Lighting:
    """The uniforms that all of a set shares."""

    def __init__(self, sheet: SceneSheet) -> None:
        self.sheet = sheet
        self.uniforms = Uniforms(_SIZES)
        # Where the key light shines to; a renderer of shadows follows it.
        self.key_direction: Vec3 | None = None
        self.moment = 0.0
        """Seconds within the loop."""
        self._levels: Levels | None = None
        self._under: dict[str, tuple[Vec3, Vec3 | None]] = {}
        for name, waves in (
            ("curve_flicker", sheet.curves.flicker),
            ("curve_sway", sheet.curves.sway),
            ("curve_gust", (sheet.curves.gust,)),
        ):
            for i, wave in enumerate(waves):
                self.uniforms.set(name, wave.hertz, wave.share, at=i)

    def update(self, levels: Levels, lights: Iterable[FrameLight], seconds: float) -> None:
        """Set every uniform for one frame; a light of the frame replaces the set's by its id."""
        if not isfinite(seconds):
            raise LocalProtocolError(f"{seconds!r} is not a valid time of a frame")
        given = {light.id: light for light in lights}
        environment = self.sheet.environment
        turn = levels.of(environment.sky.turned_by) if environment.sky.turned_by else 0.0
        wind = 0.06 + 0.94 * levels.of(environment.weather.wind_by)
        self._way(environment.way, levels)
        self.moment = seconds % self.sheet.loop
        # Not counted as a change: most sets have nothing that reads it.
        self.uniforms.arrays["moment"].set_element(0, LVecBase4f(self.moment, wind, 0.0, 0.0))
        if levels is not self._levels:  # the same levels make the same sky and air
            self._levels = levels
            self._under.clear()
            self._sky(levels, turn)
            self._air(levels)
        self._flashes(levels, self.moment)
        self._lights(levels, given, seconds, turn)

    def _flashes(self, levels: Levels, seconds: float) -> None:
        flashes = self.sheet.environment.flashes
        if flashes is None:
            return
        amount = levels.of(flashes.scaled_by)
        for slot in range(SLOTS):
            glow, sparks, light = flash(flashes, slot, seconds)
            self.uniforms.colour("flash_way", glow, at=slot)
            self.uniforms.colour("spark_way", sparks, at=slot)
            self.uniforms.colour("flash_light", light, amount, at=slot)

    def _way(self, way: Way | None, levels: Levels) -> None:
        if way is None:
            self.uniforms.set("way", 0.0, 1.0)
            return
        turns = 2.0 * pi / way.length
        phase = turns * levels.of(way.moved_by) if way.moved_by else 0.0
        self.uniforms.set("way", phase, turns, radians(way.bend), radians(way.rise))

    def _sky(self, levels: Levels, turn: float) -> None:
        sky, moon = self.sheet.environment.sky, self.sheet.environment.moon
        for part in ("zenith", "middle", "horizon", "ground", "glow"):
            before, after = getattr(sky.before, part), getattr(sky.after, part)
            self.uniforms.colour(f"sky_{part}", before.lerp(after, turn))
        self.uniforms.colour("glow_toward", sky.glow_toward)
        full = levels.of(moon.scaled_by) if moon else 0.0
        if moon:
            width = cos(radians(moon.degrees) * 0.5)
            self.uniforms.colour("moon_toward", moon.toward, w=width)
            self.uniforms.colour("moon_halo", moon.colour, moon.halo * full)
            # The disc pales as the sky grows bright behind it.
            self.uniforms.colour("moon_disc", moon.colour, full * (1.0 - 0.6 * turn))
        ambient = self.sheet.ambient
        rows = zip(ambient.before, ambient.after, ambient.moon, strict=True)
        for i, (before, after, halo) in enumerate(rows):
            light = before.lerp(after, turn) + halo * full
            self.uniforms.set("ambient", light.x, light.y, light.z, at=i)

    def _air(self, levels: Levels) -> None:
        environment, uniforms = self.sheet.environment, self.uniforms
        fog, tone, weather = environment.fog, environment.tone, environment.weather
        thick = fog.density * levels.of(fog.scaled_by)
        uniforms.set("air", thick, 1.0 / fog.height, environment.sky.clouds, fog.clear)
        uniforms.colour("air_glow", fog.glow, levels.of(fog.glow_by))
        stops = tone.exposure + (levels.of(tone.moved_by) if tone.moved_by else 0.0)
        uniforms.set("tone", 2.0**stops, 1.0 / (tone.white * tone.white), tone.contrast)
        uniforms.colour("tone_lift", tone.lift)
        lying = levels.of(weather.snow_by) if weather.snow_by else 0.0
        uniforms.colour("snowfall", weather.snow, w=lying)

    def _lights(
        self, levels: Levels, given: Mapping[str, FrameLight], seconds: float, turn: float
    ) -> None:
        self.key_direction = None
        amounts = [1.0] * BAKED
        points: list[tuple[float, Light, Vec3]] = []
        for light in self.sheet.lights.values():
            colour, turned = self._now(light, levels, given, seconds)
            bright = max(colour.x, colour.y, colour.z)
            if light.kind == "baked":
                row = light.channel
                self.uniforms.set("baked", colour.x, colour.y, colour.z, at=row)
                amounts[row] = levels.of(light.scaled_by)
            elif light.kind == "point" and bright > 1e-4:
                points.append((bright, light, colour))
            elif light.shadow and turned and bright > 1e-5:
                self.key_direction = turned.unit()
                self.uniforms.colour("key_colour", colour)
        toward = -self.key_direction if self.key_direction else Vec3(0.0, 0.0, 1.0)
        self.uniforms.colour("key_toward", toward, w=1.0 if self.key_direction else 0.0)
        self.uniforms.set("level", *amounts)
        brightest = sorted(points, key=lambda point: -point[0])[:MOST_POINTS]
        self.uniforms.set("points", float(len(brightest)), turn)
        for i, (_, light, colour) in enumerate(brightest):
            at = light.at or Vec3()
            self.uniforms.set("point_at", at.x, at.y, at.z, 1.0 / (light.reach**2), at=i)
            self.uniforms.set("point_colour", colour.x, colour.y, colour.z, at=i)

    def _now(
        self, light: Light, levels: Levels, given: Mapping[str, FrameLight], seconds: float
    ) -> tuple[Vec3, Vec3 | None]:
        """Colour with its flicker, and where the light travels; what the frame says comes first."""
        flicker = self._flicker(light, seconds)
        under = self._under.get(light.id)
        if under is None:
            under = self._under[light.id] = light_under(light, levels.values)
        colour, way = under
        override = given.get(light.id)
        if override is None:
            return colour * flicker, way
        return override.colour * flicker, override.direction or way

    def _flicker(self, light: Light, seconds: float) -> float:
        if not light.flicker:
            return 1.0
        phase = (sum(light.id.encode()) % 97) / 97.0
        waves = self.sheet.curves.flicker
        moved = sum(
            wave.share * sin(2.0 * pi * (wave.hertz * seconds + phase * (3 + 4 * i)))
            for i, wave in enumerate(waves)
        )
        return 1.0 + light.flicker * moved
