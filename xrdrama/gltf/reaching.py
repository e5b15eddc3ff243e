"""Which nodes of a glTF file belong to the scene that is drawn, and which of them are visible."""

from __future__ import annotations

from xrdrama.gltf import gltf


def reached(file: gltf.File) -> tuple[set[int], set[int]]:
    """The indices of the nodes in the drawn scene, and of those among them that are not hidden.

    Indices without a node and cycles are passed over: who walks the tree reports them.
    """
    scenes, drawn = file.scenes, file.scene or 0
    roots = scenes[drawn].nodes if drawn < len(scenes) else []
    pending = [(index, True) for index in roots]
    found: set[tuple[int, bool]] = set()
    while pending:
        index, shown = pending.pop()
        if index >= len(file.nodes):
            continue
        shown = shown and not hides(file.nodes[index])
        if (index, shown) not in found:
            found.add((index, shown))
            pending += [(child, shown) for child in file.nodes[index].children]
    return {index for index, _ in found}, {index for index, shown in found if shown}


def hides(node: gltf.Node) -> bool:
    """True if KHR_node_visibility hides a node and all below it."""
    visibility = node.extensions.get("KHR_node_visibility")
    return isinstance(visibility, dict) and visibility.get("visible") is False
