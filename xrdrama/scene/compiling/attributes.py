"""Which attributes of a piece are needed."""

from __future__ import annotations

from xrdrama.gltf.meshes import Floats, Material, Primitive
from xrdrama.scene.model import Finish

# Attributes that a material without images does not need.
_BARE = {"POSITION", "NORMAL", "COLOR_0", "_BAKE", "_MOTION"}
CARDS = {"halo", "streak", "mist", "shade", "shaft"}


def is_faint(piece: Primitive) -> bool:
    """True if some colour at its vertices has alpha below 1."""
    colours = piece.attributes.get("COLOR_0")
    return colours is not None and bool(len(colours)) and float(colours[:, 3].min()) < 1.0


def trimmed(
    attributes: dict[str, Floats], material: Material, finish: Finish | None
) -> dict[str, Floats]:
    """The attributes that some shader reads."""
    cards = finish is not None and finish.kind in CARDS
    if cards:
        return attributes
    kept = _BARE | {f"TEXCOORD_{i}" for i in range(8)} if material.pictures() else set(_BARE)
    if material.normal_image >= 0:
        kept.add("TANGENT")
    kept |= {"JOINTS_0", "WEIGHTS_0"}
    return {name: rows for name, rows in attributes.items() if name in kept}
