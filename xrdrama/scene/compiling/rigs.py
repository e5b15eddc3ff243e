"""Join what moves in the models of a set to one rig."""

from __future__ import annotations

import msgspec

from xrdrama.gltf.meshes import Doubles, Model, Node
from xrdrama.gltf.motion import Motion, joint_matrices
from xrdrama.gltf.rig import Clip, Limb, Rig, Skin
from xrdrama.scene.compiled import PlayedClip
from xrdrama.scene.model import Clip as Written
from xrdrama.scene.model import Model as Placed


class Rigs:
    """The rigs of all models, one behind the other."""

    def __init__(self) -> None:
        self._limbs: list[Limb] = []
        self._rest: list[Doubles] = []
        self._clips: list[Clip] = []
        self._skins: list[Skin] = []
        self._bound: list[Doubles] = []
        self._played: list[PlayedClip] = []
        self.missing: list[tuple[Written, list[str]]] = []
        """Clips that a model does not have, with those that it has."""
        self.hidden: list[tuple[str, Written]] = []
        """Clips that have no effect on something, because a later one moves it: a message."""

    def add(self, model: Model, placed: Placed, stand: Doubles) -> tuple[int, int]:
        """Add a model's rig, which `stand` (4, 4) places; the index of its first limb and skin."""
        rig = model.rig
        limbs, skins = len(self._limbs), len(self._skins)
        for limb in rig.limbs:
            moved = limb.parent < 0
            self._limbs.append(
                msgspec.structs.replace(
                    limb,
                    parent=-1 if moved else limb.parent + limbs,
                    above=stand @ limb.above if moved else limb.above,
                )
            )
        rest = Motion(rig).matrices()
        self._rest += [stand @ matrix for matrix in rest]
        for skin in rig.skins:
            self._skins.append(Skin(tuple(joint + limbs for joint in skin.joints), skin.binds))
            self._bound.append(stand @ joint_matrices(skin, rest)[0])
        self._play(rig, placed, limbs)
        for written in placed.clips.values():
            if written.id not in model.animations:
                self.missing.append((written, list(model.animations)))
        return limbs, skins

    def _play(self, rig: Rig, placed: Placed, limbs: int) -> None:
        """Add the clips that a model plays; `limbs` is the index of its first limb."""
        known = {clip.name: clip for clip in rig.clips}
        taken: dict[tuple[int, str], str] = {}
        # From the last: a clip without `blend_by` hides those before it.
        for written in reversed(placed.clips.values()):
            clip = known.get(written.id)
            if clip is None:
                continue
            over = [taken[c.limb, c.path] for c in clip.channels if (c.limb, c.path) in taken]
            if len(over) == len(clip.channels):
                message = f"the clip {written.id!r} is not seen, since {over[0]!r} moves the same"
                self.hidden.append((message, written))
            if not written.blend_by:
                taken |= {(c.limb, c.path): written.id for c in clip.channels}
        for written in placed.clips.values():
            clip = known.get(written.id)
            if clip is None:
                continue
            name = f"{placed.id}/{clip.name}"
            channels = tuple(msgspec.structs.replace(c, limb=c.limb + limbs) for c in clip.channels)
            self._clips.append(Clip(name, channels))
            self._played.append(PlayedClip(name, written.speed, written.moved_by, written.blend_by))

    def placed(self, node: Node, base: tuple[int, int], stand: Doubles) -> Node:
        """A node of a model, as a node of the set: its limb and skin are those of this rig."""
        limbs, skins = base
        if node.limb >= 0:
            return msgspec.structs.replace(node, limb=node.limb + limbs)
        if node.skin >= 0:
            return msgspec.structs.replace(node, skin=node.skin + skins)
        return msgspec.structs.replace(node, matrix=stand @ node.matrix)

    def rest(self, limb: int) -> Doubles:
        """The matrix of a limb at rest, in the set's frame."""
        return self._rest[limb]

    def bound(self, skin: int) -> Doubles:
        """The matrix of a skin's first joint at rest, from the mesh to the set's frame."""
        return self._bound[skin]

    def rig(self) -> Rig:
        """The rig of the set."""
        return Rig(tuple(self._limbs), tuple(self._clips), tuple(self._skins))

    def played(self) -> tuple[PlayedClip, ...]:
        """How the clips of the rig play, in its order."""
        return tuple(self._played)
