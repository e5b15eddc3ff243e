"""Read a model from GLB or glTF 2.0: bytes in, arrays out, no I/O.

    model = read_glb(content, files)     # or RemoteProtocolError, and nothing else

Read: triangles (lists, strips, fans), any tree of nodes, instances, interleaved, sparse and
normalised accessors, materials, PNG and JPEG images, lights, animations, skins, and external
files. What is not drawn as the file says is in the model's remarks. Rejected, with the name:
Draco, every other required extension that is not supported, and invalid content.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping
from unicodedata import normalize

import msgspec
import numpy as np

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.lean import lean
from xrdrama.gltf.meshes import FARTHEST, Doubles, Model, Node, Punctual
from xrdrama.gltf.pieces import Pieces
from xrdrama.gltf.posing import settled
from xrdrama.gltf.reaching import hides
from xrdrama.gltf.rig import MOST_JOINTS
from xrdrama.gltf.rigging import Rigging
from xrdrama.gltf.rows import Rows, pick
from xrdrama.gltf.surfaces import Surfaces
from xrdrama.gltf.unsupported import SUPPORTED, core_unsupported, extensions_unsupported

MAX_BYTES = 512 * 1024 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 64

_LFS = b"version https://git-lfs"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_glb(
    content: bytes,
    files: Mapping[str, bytes] | None = None,
    *,
    folder: str = "",
    unread: Mapping[str, str] | None = None,
    every_image: bool = False,
    clips: Collection[str] | None = (),
    figure: bool = False,
) -> Model:
    """The model in the bytes of a .glb or .gltf file; RemoteProtocolError if it cannot be read.

    `files` has the files that the model may refer to by their path from the set's folder, and
    `folder` is the model's folder in it; `unread` has the reason for each file that cannot be
    used. With `every_image`, images that no material uses are also read. `clips` are the names
    of the animations to read, None for all; what none of them moves is at rest. A `figure` keeps
    its skins and morph targets, which something else than clips moves.
    """
    try:
        # Extreme numbers may overflow; values that are not finite are rejected afterwards.
        with np.errstate(all="ignore"):
            reader = _Reader(content, files or {}, folder, unread or {}, every_image, clips, figure)
            return reader.model()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError(f"this is not valid glTF 2.0: {error}: export it again") from None


def split_glb(content: bytes) -> tuple[bytes, bytes]:
    """The JSON and the binary chunk of a .glb; for a .gltf, its text and nothing."""
    if len(content) > MAX_BYTES:
        raise RemoteProtocolError(
            f"the model has {len(content):,} bytes; at most {MAX_BYTES:,} are allowed: reduce it"
        )
    if content[:4] != b"glTF":
        text = content.removeprefix(_BOM)
        if text.lstrip()[:1] == b"{":
            return text, b""
        if content[:2] in _UTF16:
            raise RemoteProtocolError("this .gltf file is UTF-16 text: save it as UTF-8")
        if content.startswith(_LFS):
            raise RemoteProtocolError(
                "this file is only a Git LFS pointer: fetch the model with git lfs pull"
            )
        raise RemoteProtocolError(
            "this file is neither .glb nor .gltf: export the model as glTF 2.0"
        )
    parts = _chunks(content)
    if b"JSON" not in parts:
        raise RemoteProtocolError("the GLB has no JSON chunk: export it again")
    return parts[b"JSON"].removeprefix(_BOM), parts.get(b"BIN\0", b"")


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The chunks of a GLB by type, the first of each."""
    if len(content) < 20:
        raise RemoteProtocolError("the GLB is truncated within its header: copy or export it again")
    version, length = struct.unpack_from("<II", content, 4)
    if version != 2:
        raise RemoteProtocolError(f"unsupported GLB version {version}: export it as version 2")
    if length > len(content):
        raise RemoteProtocolError(
            f"the GLB is truncated ({len(content)} of {length} bytes): copy or export it again"
        )
    parts: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<I4s", content, at)
        if at + 8 + size > length:
            raise RemoteProtocolError("a chunk of the GLB is longer than the file: export it again")
        parts.setdefault(kind, content[at + 8 : at + 8 + size])
        at += 8 + size
    return parts


class _Reader:
    def __init__(
        self,
        content: bytes,
        files: Mapping[str, bytes],
        folder: str,
        unread: Mapping[str, str],
        every_image: bool,
        clips: Collection[str] | None,
        figure: bool,
    ) -> None:
        text, binary = split_glb(content)
        self.text = text
        self.file = msgspec.json.decode(text, type=gltf.File)
        self.source = Rows(self.file, binary, files, folder, unread)
        self.pieces, self.figure = Pieces(self.source, morphing=figure), figure
        self.every_image = every_image
        self.clips = clips
        self.lights: list[Punctual] = []

    def model(self) -> Model:
        file, source = self.file, self.source
        if str(file.asset.get("version", ""))[:2] != "2.":
            raise RemoteProtocolError(
                f"unsupported glTF version {file.asset.get('version')!r}: export it as glTF 2.0"
            )
        required = [name[:60] for name in file.extensionsRequired if name not in SUPPORTED]
        if required:
            raise RemoteProtocolError(
                "the model requires extensions that are not supported "
                f"({', '.join(required[:9])}): switch them off when exporting"
            )
        source.remarks += extensions_unsupported(file, msgspec.json.decode(self.text))
        source.remarks += core_unsupported(file)
        extension = file.extensions.get("KHR_lights_punctual", {})
        self.declared = msgspec.convert(extension, gltf.Lights, strict=False).lights
        self.rigging = Rigging(source, self.clips)
        nodes = self.nodes()
        if self.figure:
            nodes = tuple(map(lean, nodes))
        used = {piece.material for node in nodes for piece in node.primitives}
        surfaces = Surfaces(source, used, every_image=self.every_image)
        materials, images = surfaces.materials(), surfaces.images()
        model = Model(
            nodes, materials, images, tuple(self.lights), (), self.rigging.rig(),
            tuple(self.rigging.names), self.rigging.unplayable,
        )  # fmt: skip
        model, large = (model, []) if self.figure else settled(model)
        for node in large:
            source.remark(
                "/skins", f"the skin of the node {node.name!r} has more than {MOST_JOINTS} joints "
                "and does not move", "reduce its joints",
            )  # fmt: skip
        return msgspec.structs.replace(model, remarks=tuple(dict.fromkeys(source.remarks)))

    def nodes(self) -> tuple[Node, ...]:
        file = self.file
        if not file.scenes:
            raise RemoteProtocolError("the model has no scene: export it with a scene")
        roots = pick(file.scenes, file.scene or 0, "scene").nodes
        found: list[Node] = []
        pending = [(index, np.eye(4), np.eye(4), -1, True, 0) for index in reversed(roots)]
        visited = 0
        while pending:
            # `above` maps to the frame of the limb, `world` to that of the model.
            index, above, world, limb, shown, depth = pending.pop()
            visited += 1
            if visited > MAX_NODES or depth > MAX_DEPTH or len(found) > MAX_NODES:
                raise RemoteProtocolError(
                    "the node tree has a cycle, is too deep or has too many nodes: reduce it "
                    f"(at most {MAX_DEPTH} levels, {MAX_NODES:,} nodes)"
                )
            node = pick(file.nodes, index, "node")
            shown = shown and not hides(node)
            if not shown and not self.rigging.moved:
                continue
            matrix, world = above @ _matrix(node), world @ _matrix(node)
            name = normalize("NFC", node.name)[:64] or f"node {index}"
            _checked(world, f"the node {name!r} (nodes/{index})")
            if index in self.rigging.moved:
                limb, matrix = self.rigging.limb(index, node, name, limb, above), np.eye(4)
            if shown:
                self.unused(node, index, name)
                if node.mesh is not None:
                    found += self.drawn(node, index, name, matrix, limb)
                self.light(node, name, world, moves=limb >= 0)
            pending.extend(
                (child, matrix, world, limb, shown, depth + 1) for child in reversed(node.children)
            )
        return tuple(found)

    def drawn(
        self, node: gltf.Node, index: int, name: str, matrix: Doubles, limb: int
    ) -> list[Node]:
        """The nodes that a node with a mesh is drawn as: one, or one for each instance."""
        assert node.mesh is not None
        if node.skin is None:
            places = self.instances(node, index)
            primitives = self.pieces.mesh(node.mesh, len(places))
            return [Node(name, matrix @ place, primitives, limb) for place in places]
        if "EXT_mesh_gpu_instancing" in node.extensions:
            self.source.remark(
                f"/nodes/{index}/extensions/EXT_mesh_gpu_instancing",
                f"the node {name!r} has a skin and instances; it is drawn once",
                "make the instances nodes of their own",
            )
        joints = self.rigging.joint_count(node.skin)
        primitives = self.pieces.mesh(node.mesh, joints=joints)
        return [Node(name, np.eye(4), primitives, skin=self.rigging.skin_at(node.skin))]

    def unused(self, node: gltf.Node, index: int, name: str) -> None:
        if any(node.weights) or (node.weights and not self.figure):
            self.source.remark(
                f"/nodes/{index}/weights",
                f"the node {name!r} has morph weights, which are not applied",
                "apply the shape keys before the export",
            )

    def instances(self, node: gltf.Node, index: int) -> list[Doubles]:
        """The matrices under which a node's mesh is drawn: one, or those of its instances."""
        extension = node.extensions.get("EXT_mesh_gpu_instancing")
        if extension is None:
            return [np.eye(4)]
        named = msgspec.convert(extension, gltf.Instancing).attributes
        kinds = {"TRANSLATION": 3, "ROTATION": 4, "SCALE": 3}
        rows = {}
        for name, accessor in named.items():
            if name not in kinds:
                self.source.remark(
                    f"/nodes/{index}/extensions/EXT_mesh_gpu_instancing/attributes/{name}",
                    f"the attribute {name[:40]} of the instances has no effect",
                    "remove it in the modelling program",
                )
                continue
            rows[name] = self.source.floats(accessor, f"node {index}: {name} of its instances")
            if rows[name].shape[1] != kinds[name]:
                raise RemoteProtocolError(
                    f"node {index}: {name} of its instances has the wrong type: export it again"
                )
        counts = {len(each) for each in rows.values()} or {1}
        if len(counts) > 1 or max(counts) > MAX_NODES:
            raise RemoteProtocolError(
                f"node {index}: the attributes of its instances have {sorted(counts)} rows; "
                f"expected the same number in each, at most {MAX_NODES}: export it again"
            )
        places = []
        for i in range(counts.pop()):
            place = gltf.Node()
            if "TRANSLATION" in rows:
                place.translation = tuple(rows["TRANSLATION"][i].tolist())
            if "ROTATION" in rows:
                turn = rows["ROTATION"][i].astype(np.float64)
                place.rotation = tuple((turn / max(np.linalg.norm(turn), 1e-9)).tolist())
            if "SCALE" in rows:
                place.scale = tuple(rows["SCALE"][i].tolist())
            places.append(_checked(_matrix(place), f"an instance of node {index}"))
        return places

    def light(self, node: gltf.Node, name: str, matrix: Doubles, *, moves: bool) -> None:
        link = node.extensions.get("KHR_lights_punctual")
        if link is None:
            return
        index = link.get("light") if isinstance(link, dict) else None
        if not isinstance(index, int) or index < 0:
            raise RemoteProtocolError(
                f"the node {name!r} has an invalid light index: export it again"
            )
        light = pick(self.declared, index, "light")
        kind, pointer = light.type, f"/extensions/KHR_lights_punctual/lights/{index}"
        if moves:
            self.source.remark(
                pointer,
                f"the light {name!r} is on a node that moves; it stays where it is at rest",
                "write it under `lights:` in scene.yaml",
            )
        if kind not in ("directional", "point", "spot"):
            raise RemoteProtocolError(
                f"light {index} has the unknown type {kind[:20]!r}: use a point, spot or sun light"
            )
        inner, outer = light.spot.innerConeAngle, light.spot.outerConeAngle
        if not (0.0 <= inner < outer <= 1.6 and light.intensity >= 0.0 and min(light.color) >= 0.0):
            self.source.remark(
                pointer,
                f"the light {name!r} has invalid values and is not drawn",
                "correct its angles, colour and strength",
            )
            return
        self.lights.append(
            Punctual(
                name, kind, light.color, light.intensity, matrix,  # type: ignore[arg-type]  # checked
                max(light.range or 0.0, 0.0), inner, outer,
            )
        )  # fmt: skip


def _checked(matrix: Doubles, label: str) -> Doubles:
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > FARTHEST:
        raise RemoteProtocolError(
            f"{label} has a position or scale that is NaN, infinite or over {FARTHEST:,.0f}: "
            "correct it (apply the scale), then export again"
        )
    return matrix


def _matrix(node: gltf.Node) -> Doubles:
    if node.matrix is not None:
        return np.array(node.matrix, np.float64).reshape(4, 4).T
    x, y, z, w = node.rotation
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.scale)
    matrix[:3, 3] = node.translation
    return matrix
