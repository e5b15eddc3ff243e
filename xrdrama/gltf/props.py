"""Props: models that a figure holds, as further nodes that follow a joint of its hands."""

from __future__ import annotations

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.figures import Figure
from xrdrama.gltf.meshes import Material, Model, Node, Primitive


def holding(figure: Figure, joint: str, prop: Model) -> Figure:
    """The figure with a prop at a joint, in whose frame at rest the prop is modelled.

    RemoteProtocolError when the figure has no such joint.
    """
    limbs = [limb.name for limb in figure.model.rig.limbs]
    if joint not in limbs:
        raise RemoteProtocolError(
            f"the figure has no joint {joint!r} to hold something: add it below the hand, in the "
            "middle of a closed fist"
        )
    model = figure.model
    materials = tuple(_moved(one, len(model.images)) for one in prop.materials)
    first = len(model.materials)
    nodes = tuple(_at(node, limbs.index(joint), first) for node in prop.nodes)
    joined = msgspec.structs.replace(
        model,
        nodes=model.nodes + nodes,
        materials=model.materials + materials,
        images=model.images + prop.images,
    )
    levels = tuple(level + nodes for level in figure.levels)
    return msgspec.structs.replace(figure, model=joined, levels=levels)


def _at(node: Node, limb: int, first: int) -> Node:
    """A node of the prop that follows a limb, with the numbers that its materials have now."""
    pieces = tuple(
        Primitive(
            piece.material + first if piece.material >= 0 else -1,
            piece.attributes,
            piece.triangles,
        )
        for piece in node.primitives
    )
    return msgspec.structs.replace(node, primitives=pieces, limb=limb, skin=-1)


def _moved(material: Material, first: int) -> Material:
    """A material with the numbers that its pictures have now."""
    numbers = {
        name: getattr(material, name) + first
        for name in material.__struct_fields__
        if name.endswith("_image") and getattr(material, name) >= 0
    }
    return msgspec.structs.replace(material, **numbers)
