"""The animations and skins of a glTF file as a rig.

An animation with a fault is not played at all, and a remark names the fault: half of a movement
is worse than none. A fault of a skin rejects the model, since its mesh cannot be placed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from unicodedata import normalize

import msgspec
import numpy as np

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.meshes import FARTHEST, Remark
from xrdrama.gltf.reaching import reached
from xrdrama.gltf.rig import (
    MOST_KEYS,
    MOST_LIMBS,
    Channel,
    Clip,
    Doubles,
    Limb,
    Path,
    Rig,
    Skin,
)
from xrdrama.gltf.rows import EXPORT, Rows, pick

_WIDTHS: Final[dict[str, tuple[Path, int]]] = {
    "translation": ("translation", 3), "rotation": ("rotation", 4), "scale": ("scale", 3),
}  # fmt: skip
_NAMED: Final = 9
"""Most nodes that a remark names."""


class Rigging:
    """Reads the rig of a file: first what moves, then, node by node, where it is.

    `wanted` are the names of the animations to read, None for all; without any, nothing moves.
    """

    def __init__(self, source: Rows, wanted: Collection[str] | None) -> None:
        self.source, self.file = source, source.file
        self.clips: list[tuple[str, list[tuple[int, Channel]]]] = []
        self.names: list[str] = []
        self.keys = 0
        self.limbs: list[Limb] = []
        self.limb_of: dict[int, int] = {}
        self.unplayable: dict[str, Remark] = {}
        """The animations that cannot play, by name, with the remark that says why."""
        self.in_scene, self.drawn = reached(self.file)
        self._animations(wanted)
        self.skins = self._used_skins()
        self.moved = {node for _, channels in self.clips for node, _ in channels}
        self.moved |= {joint for skin in self.skins.values() for joint in skin.joints}

    def limb(self, index: int, node: gltf.Node, name: str, parent: int, above: Doubles) -> int:
        """Add a node that moves; the index of its limb."""
        if index in self.limb_of:
            raise RemoteProtocolError(
                f"the node {name!r} (nodes/{index}) moves and has two parents: export it again"
            )
        if len(self.limbs) >= MOST_LIMBS:
            raise RemoteProtocolError(f"more than {MOST_LIMBS:,} nodes move: reduce the model")
        if node.matrix is not None:
            matrix = np.array(node.matrix, np.float64).reshape(4, 4).T
            made = Limb(name, parent, above @ matrix)
        else:
            turn = np.array(node.rotation)
            turn = turn / max(float(np.linalg.norm(turn)), 1e-12)
            x, y, z, w = turn.tolist() if np.any(turn) else (0.0, 0.0, 0.0, 1.0)
            made = Limb(name, parent, above, node.translation, (x, y, z, w), node.scale)
        self.limbs.append(made)
        self.limb_of[index] = len(self.limbs) - 1
        return self.limb_of[index]

    def rig(self) -> Rig:
        """The rig, when all nodes of the scene were visited."""
        clips = [
            Clip(name, tuple(
                msgspec.structs.replace(channel, limb=self.limb_of[node])
                for node, channel in channels
            ))
            for name, channels in self.clips
        ]  # fmt: skip
        return Rig(tuple(self.limbs), tuple(clips), tuple(self._skins()))

    def joint_count(self, skin: int) -> int:
        """The number of joints of a skin that a node uses."""
        return len(self.skins[skin].joints)

    def skin_at(self, skin: int) -> int:
        """Its index in the rig."""
        return list(self.skins).index(skin)

    def _skins(self) -> list[Skin]:
        found = []
        for index, skin in self.skins.items():
            missing = [joint for joint in skin.joints if joint not in self.limb_of]
            if missing:
                raise RemoteProtocolError(
                    f"skin {index}: its joint nodes/{missing[0]} is not in the scene: "
                    "export it again"
                )
            binds = np.tile(np.eye(4), (len(skin.joints), 1, 1))
            if skin.inverseBindMatrices is not None:
                what = f"skin {index}: its inverse bind matrices"
                rows = self.source.floats(skin.inverseBindMatrices, what)
                if rows.shape[1] != 16 or len(rows) < len(skin.joints):
                    raise RemoteProtocolError(
                        f"{what} are not {len(skin.joints)} matrices: export it again"
                    )
                binds = rows[: len(skin.joints)].astype(np.float64).reshape(-1, 4, 4)
                binds = binds.transpose(0, 2, 1)
                if np.abs(binds).max(initial=0.0) > FARTHEST:
                    raise RemoteProtocolError(f"{what} are over {FARTHEST:,.0f}: export it again")
            joints = tuple(self.limb_of[joint] for joint in skin.joints)
            found.append(Skin(joints, np.ascontiguousarray(binds)))
        return found

    def _used_skins(self) -> dict[int, gltf.Skin]:
        """The skins that drawn nodes with a mesh use, by their index."""
        nodes = [self.file.nodes[index] for index in sorted(self.drawn)]
        used = sorted({
            node.skin for node in nodes if node.skin is not None and node.mesh is not None
        })  # fmt: skip
        found = {}
        for index in used:
            skin = msgspec.convert(pick(self.file.skins, index, "skin"), gltf.Skin)
            if not skin.joints or len(set(skin.joints)) != len(skin.joints):
                raise RemoteProtocolError(
                    f"skin {index} has no joints, or one of them twice: export it again"
                )
            for joint in skin.joints:
                pick(self.file.nodes, joint, "node")
            found[index] = skin
        return found

    def _animations(self, wanted: Collection[str] | None) -> None:
        for index, stored in enumerate(self.file.animations):
            name = _name(stored, index, self.names)
            self.names.append(name)
            pointer, keys, known = f"/animations/{index}", self.keys, len(self.source.remarks)
            try:
                animation = msgspec.convert(stored, gltf.Animation)
                channels, left = self._channels(animation, pointer)
                if not channels:
                    reasons = ", and it ".join(one.message for one in left) or "is empty"
                    hint = left[0].hint if left else "remove it"
                    self._cannot_play(name, pointer, f"it {reasons}", hint)
                    continue
            except (RemoteProtocolError, msgspec.MsgspecError) as error:
                reason = str(error).removesuffix(f": {EXPORT}")
                self._cannot_play(name, pointer, reason, EXPORT)
                continue
            if wanted is None or name in wanted:
                self.clips.append((name, channels))
                for one in left:
                    message = f"the animation {name!r} {one.message}"
                    self.source.remark(one.pointer, message, one.hint)
                continue
            # It was read only to know whether it could play.
            self.keys = keys
            del self.source.remarks[known:]
            self.source.remark(
                pointer, f"the animation {name!r} is not played",
                "write it under `clips:` of the model in scene.yaml",
            )  # fmt: skip

    def _cannot_play(self, name: str, pointer: str, reason: str, hint: str) -> None:
        self.source.remark(pointer, f"the animation {name!r} is not played: {reason}", hint)
        self.unplayable[name] = self.source.remarks[-1]

    def _channels(
        self, animation: gltf.Animation, pointer: str
    ) -> tuple[list[tuple[int, Channel]], list[Remark]]:
        """The channels that move nodes, with the nodes; and what the others do, as remarks whose
        message begins with a verb."""
        found: list[tuple[int, Channel]] = []
        left: dict[tuple[str, str], list[str]] = {}
        taken: set[tuple[int, str]] = set()
        for i, channel in enumerate(animation.channels):
            node, path = channel.target.node, channel.target.path
            target = None if node is None else pick(self.file.nodes, node, "node")
            reason = self._left_out(node, path)
            if reason:
                name = f"channel {i}" if target is None else target.name[:40] or f"node {node}"
                left.setdefault(reason, []).append(name)
                continue
            assert node is not None and target is not None
            if target.matrix is not None:
                raise RemoteProtocolError(f"it moves nodes/{node}, which has a matrix")
            if (node, path) in taken:
                raise RemoteProtocolError(f"it moves the {path} of nodes/{node} twice")
            taken.add((node, path))
            sampler = pick(animation.samplers, channel.sampler, "sampler")
            found.append((node, self._channel(sampler, path, f"channel {i}")))
        return found, [
            Remark(pointer, f"{what} ({_listed(names)})", hint)
            for (what, hint), names in left.items()
        ]  # fmt: skip

    def _left_out(self, node: int | None, path: str) -> tuple[str, str] | None:
        """What a channel does that is not played, beginning with a verb, and a hint; or None."""
        if node is None:  # the format allows it, for extensions
            return "has channels without a node, which have no effect", EXPORT
        if path == "weights":
            return "moves morph weights, which are not applied", "animate with joints instead"
        if path not in _WIDTHS:
            return f"moves {path[:20]!r}, which is unknown", EXPORT
        if node not in self.in_scene:
            return "moves nodes that are not in the drawn scene", "export them in the same scene"
        return None

    def _channel(self, sampler: gltf.AnimationSampler, path: str, what: str) -> Channel:
        kind, width = _WIDTHS[path]
        times = self.source.floats(sampler.times, f"{what}: its key times")
        values = self.source.floats(sampler.values, f"{what}: its values").astype(np.float64)
        spline = sampler.interpolation == "CUBICSPLINE"
        if not len(times) or times.shape[1] != 1 or values.shape != (
            len(times) * (3 if spline else 1), width
        ):  # fmt: skip
            raise RemoteProtocolError(
                f"{what} has {len(times)} key times and {len(values)} values that do not fit them"
            )
        at = times[:, 0].astype(np.float64)
        if at[0] < 0.0 or np.any(np.diff(at) <= 0.0):
            raise RemoteProtocolError(f"{what}: its key times do not increase from 0")
        self.keys += len(values)
        if self.keys > MOST_KEYS:
            raise RemoteProtocolError(f"the model has more than {MOST_KEYS:,} keys")
        if len(values) and float(np.abs(values).max()) > FARTHEST:
            raise RemoteProtocolError(f"{what} has values over {FARTHEST:,.0f}")
        if spline:
            values = values.reshape(len(times), 3, width)
        if kind == "rotation":
            turns = values[:, 1] if spline else values
            length = np.linalg.norm(turns, axis=-1, keepdims=True)
            if float(length.min()) < 1e-6:
                raise RemoteProtocolError(f"{what} has a rotation of length zero")
            turns /= length
        return Channel(0, kind, sampler.interpolation, at, values)


def _listed(names: list[str]) -> str:
    """The first of the names, each once, and the number of the others."""
    different = list(dict.fromkeys(names))
    more = f" and {len(different) - _NAMED} more" if len(different) > _NAMED else ""
    return ", ".join(different[:_NAMED]) + more


def _name(stored: Any, index: int, taken: Collection[str]) -> str:
    """The name of an animation: on one line, and different from those before it."""
    name = stored.get("name") if isinstance(stored, dict) else None
    plain = normalize("NFC", name) if isinstance(name, str) else ""
    plain = "".join(c if c.isprintable() else " " for c in plain)[:56].strip()
    plain = plain or f"animation {index}"
    unique, number = plain, 2
    while unique in taken:
        unique, number = f"{plain} {number}", number + 1
    return unique
