"""The figures of a show on the graphics card, shared by all of its sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from panda3d.core import NodePath

from xrdrama.adapters.panda.figure.body import Body
from xrdrama.adapters.panda.figure.company import Company
from xrdrama.adapters.panda.figure.dressing import Dressing
from xrdrama.adapters.panda.figure.morphing import Where
from xrdrama.adapters.panda.figure.surroundings import Surroundings
from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.set.materials import Materials, Quality
from xrdrama.adapters.panda.set.visitors import Appearance
from xrdrama.gltf.figures import Figure
from xrdrama.gltf.meshes import Model
from xrdrama.performer import Performer, Performing, Pose, evaluate
from xrdrama.scene.compiled import SceneSheet

PoseAt = Callable[[Performing, int], Pose]
"""The pose of a performer at a time of the show, nanoseconds."""


class Figures:
    """The bodies of performers by their ids, and what dresses them."""

    def __init__(
        self,
        figures: Mapping[str, Figure],
        performers: Mapping[str, Performer],
        graphics: Graphics,
        quality: Quality,
        *,
        where: Where | None = None,
        poses: Mapping[str, PoseAt] | None = None,
    ) -> None:
        """`figures` and `performers` are by the names that frames have. Shapes of faces are blended
        `where` that is faster, unless given: in the shader of a graphics card, else by the
        processor. `poses` decides the poses of some of them, instead of what frames say."""
        self._performers = performers
        self._poses = poses or {}
        chosen: Where = where or ("shader" if figures and graphics.has_card else "processor")
        self.bodies = {name: Body(figure, chosen) for name, figure in figures.items()}
        self.dressings = {}
        for name, body in self.bodies.items():
            model = body.figure.model
            self.dressings[name] = Dressing(body, Materials(model.materials, model.images, quality))

    def enter(
        self, root: NodePath, materials: Materials, model: Model, sheet: SceneSheet
    ) -> Company:
        """Let them appear in a set, whose model gives the light around them."""
        dissolving = [one.id for one in sheet.materials.values() if one.fade_by]
        return Company(
            root, materials, self.bodies, self.dressings, Surroundings(model, dissolving)
        )

    def appearances(self, performers: Iterable[Performing], at: int) -> tuple[Appearance, ...]:
        """Those of the performers that are present in a set, in their poses at nanosecond `at`."""
        return tuple(
            Appearance(one.id, self._pose(one, at), one.presence)
            for one in performers
            if one.on == "set" and one.presence > 0.0 and one.id in self._performers
        )

    def _pose(self, performing: Performing, now: int) -> Pose:
        own = self._poses.get(performing.id)
        if own is not None:
            return own(performing, now)
        return evaluate(performing, self._performers[performing.id], now)
