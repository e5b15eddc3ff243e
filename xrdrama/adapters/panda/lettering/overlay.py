"""Captions, option cards and rings over a picture."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil

import msgspec
from panda3d.core import (
    LVecBase4f,
    NodePath,
    Texture,
    TransparencyAttrib,
)

from xrdrama.adapters.panda.lettering.join_card import JoinCard
from xrdrama.adapters.panda.lettering.measures import Words, safe_area
from xrdrama.adapters.panda.lettering.notes import (
    NO_NOTES,
    Notes,
    Style,
    lay_number,
    place_clock,
    place_note,
)
from xrdrama.adapters.panda.lettering.page import Option, Page, Placed, Said, arrange
from xrdrama.adapters.panda.lettering.plates import Block, draw_block, lay_caption
from xrdrama.adapters.panda.lettering.textures import BLACK_PIXEL, bytes_of, card, texture_of
from xrdrama.adapters.panda.shading import shader
from xrdrama.timing import NS
from xrdrama.wire.frame import Caption, Frame, OpenChoice, OpenOption
from xrdrama.wire.tally import Tally

Place = tuple[float, float, float, float]
"""Left, bottom, right, top in pixels from a picture's lower left."""
KEPT = 128 << 20
"""Most bytes of cached text pictures; the least recently used are removed first."""
DIMMED = 0.45
"""The opacity of cards that cannot be picked yet."""
_PAPER, _AMBER = (0.93, 0.88, 0.78), (1.0, 0.55, 0.15)


class Hints(msgspec.Struct, frozen=True):
    """Which hints on the cards show how viewers of a picture can pick."""

    hands: bool = True
    """A camera looks at their hands."""
    keys: bool = False
    """They have a keyboard. Without one, numbers are shown after speech was not understood."""


class Overlay:
    """Sprites in the plane of a picture of `size` pixels; `root` is attached under its camera."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.hints = Hints()
        self.style = Style()
        self.joins = False
        """Whether the code of the link to join is shown when a frame has it."""
        self.root = NodePath("overlay")
        self.root.set_depth_test(False)
        self.root.set_depth_write(False)
        self.root.set_transparency(TransparencyAttrib.M_alpha)
        self.root.set_bin("fixed", 10)
        self._join = JoinCard(self.root, size)
        self._textures: OrderedDict[Block, Texture] = OrderedDict()
        self._kept = 0
        self._last: Page | None = None
        self._shown: dict[int, Texture] = {}
        """The textures of the last page, by the identity of its blocks, which it keeps alive."""
        # Copies of one card share its mesh.
        self._sheet = card("words")
        self._words, self._circle = (
            shader("sprite.vert", name) for name in ("sprite.frag", "ring.frag")
        )
        self._sprites: list[NodePath] = []
        self._rings: list[NodePath] = []
        self._used = self._ringed = 0
        self._has_join = False
        self._shade: NodePath | None = None
        self._is_dark = False
        self.cards: dict[str, Place] = {}
        """Where the card of each option is in the picture that was shown last."""
        self.extent: Place | None = None
        """What the picture that was shown last covers; None when it is empty."""

    def show(
        self,
        frame: Frame,
        names: Mapping[str, Mapping[str, str]],
        pointers: Iterable[tuple[float, float, float]] = (),
        keys: tuple[tuple[str, ...], ...] = (),
        notes: Notes = NO_NOTES,
    ) -> None:
        """Show the captions and options of a frame. `names` are speakers' names by role and
        language.

        `pointers` are where viewers point: pixels from the left and from the bottom, and how far
        a dwell has come, 0 to 1. `keys` are shown at the top: the name of each and what it does, in
        one language or two.
        """
        self._begin()
        page = self._page(frame, names, keys)
        if page is not self._last:
            self._last = page
            self._shown.clear()
        for placed in page.captions:
            self._put(placed)
        if frame.choice is not None:
            self._choice(frame.choice, page, frame.time.shows_at)
        if page.legend is not None:
            self._put(page.legend)
        if notes is not NO_NOTES:
            self._note(notes, page)
        for x, y, progress in pointers:
            self._pointer(x, y, progress)
        if self.joins and frame.join:
            wide, high = self.size
            corner = (wide - 0.36 * high, 0.66 * high, wide - 0.02 * high, 0.97 * high)
            self._join.show(frame.join, corner)
            self._has_join = True
        self._hide_rest()

    def say(self, *texts: str) -> None:
        """Show a text of the program in the middle of the picture, such as a loading sign."""
        self._begin()
        safe = safe_area(self.size)
        words = tuple(Words(text) for text in texts)
        block = lay_caption(Words(""), words, self.size, (safe.width, safe.height))
        x, y = (self.size[0] - block.width) // 2, (self.size[1] - block.height) // 2
        self._last = Page((Placed(block, x, y),))
        self._shown.clear()
        self._put(self._last.captions[0])
        self._hide_rest()

    @property
    def is_full(self) -> bool:
        """True when another picture of words would replace one that is kept."""
        return self._kept > KEPT * 0.9

    @contextmanager
    def all_shown(self) -> Iterator[None]:
        """Within it every picture that is kept is drawn, each as a point: so it is uploaded."""
        points = self.root.attach_new_node("points")
        for texture in self._textures.values():
            path = points.attach_new_node(self._sheet.make_copy())
            path.set_shader(self._words)
            path.set_shader_inputs(fade=LVecBase4f(1.0), letters=texture)
            path.set_scale(1e-3)
        ring = points.attach_new_node(self._sheet.make_copy())
        ring.set_shader(self._circle)
        ring.set_shader_inputs(ring=LVecBase4f(0.5, 0.09, 1.0, 0.0), colour=LVecBase4f(1.0))
        ring.set_scale(1e-3)
        yield
        points.remove_node()

    def clear(self) -> None:
        """Show nothing."""
        self._begin()
        self._hide_rest()

    def _page(
        self,
        frame: Frame,
        names: Mapping[str, Mapping[str, str]],
        keys: tuple[tuple[str, ...], ...],
    ) -> Page:
        choice = frame.choice
        return arrange(
            tuple(said(caption, names) for caption in frame.captions),
            tuple(self._option(option, choice, frame.tally) for option in choice.options)
            if choice
            else (),
            self.size,
            ring=choice is not None and choice.left is not None and choice.show != "none",
            legend=keys,
            larger=self.style.larger,
            contrast=self.style.contrast,
        )

    def _option(self, option: OpenOption, choice: OpenChoice, tally: Tally | None) -> Option:
        counts = tally.counts if tally is not None and tally.choice == choice.id else {}
        votes, cast = counts.get(option.id), sum(counts.values())
        counted = () if votes is None else (Words(f"{votes} / {cast}"),)
        return Option(
            option.id,
            (*(words_of(option.texts) or (Words(option.id),)), *counted),
            option.show if self.hints.hands else "",
            option.heard,
            option.number if choice.numbered or self.hints.keys else None,
            None if votes is None else round(votes / max(1, cast), 2),
        )

    def _begin(self) -> None:
        self._used = self._ringed = 0
        self._has_join = False
        self.cards, self.extent = {}, None

    def _hide_rest(self) -> None:
        if not self._has_join:
            self._join.hide()
        for path in (*self._sprites[self._used :], *self._rings[self._ringed :]):
            path.hide()
        if self._shade is not None and not self._is_dark:
            self._shade.hide()
        self._is_dark = False

    def _pointer(self, x: float, y: float, progress: float) -> None:
        """A small ring where a viewer points; it fills during the dwell time."""
        size = self.size[1] * 0.05
        self._ring(x - size / 2, y - size / 2, size, progress, _AMBER)

    def _note(self, notes: Notes, page: Page) -> None:
        """The program's own short texts, and the shade under all texts."""
        larger, top = self.style.larger, safe_area(self.size).top
        if notes.clock:
            clock = place_clock(notes.clock, self.size, larger)
            self._put_beside(clock)
            top = clock.y - round(min(self.size) * 0.022)
        if page.legend is not None:
            top = min(top, page.legend.y - round(min(self.size) * 0.022))
        if notes.text:
            self._put_beside(place_note(notes.text, self.size, larger, below=top))
        if notes.dark > 0.0:
            self._darken(notes.dark)

    def _darken(self, dark: float) -> None:
        self._is_dark = True
        if self._shade is None:
            self._shade = self.root.attach_new_node(self._sheet.make_copy())
            self._shade.set_bin("fixed", 5)
            self._shade.set_shader(self._words)
            self._shade.set_shader_input("letters", texture_of(BLACK_PIXEL))
        self._shade.set_shader_input("fade", LVecBase4f(min(1.0, dark)))
        self._place(self._shade, 0.0, 0.0, *self.size)

    def _choice(self, choice: OpenChoice, page: Page, now: int) -> None:
        """The cards, and a ring for the time that is left."""
        fade = DIMMED if choice.phase == "shown" else 1.0
        for option, placed in zip(choice.options, page.cards, strict=True):
            self._put(placed, fade)
            block, x, y = placed
            if choice.phase == "open":
                self.cards[option.id] = (x, y, x + block.width, y + block.height)
            if option.progress > 0.0 and block.hand is not None:
                # How far a held hand has come, round its icon.
                size = min(block.height * 1.02, block.hand[3] * 1.3)  # beside words, not over
                left = x + block.hand_at - size / 2
                self._ring(left, y + (block.height - size) / 2, size, option.progress, _AMBER)
        if page.ring is not None:
            x, y, side = page.ring
            left_of_it = choice.left or 0.0
            self._ring(x, y, side, left_of_it, _AMBER if left_of_it < 0.3 else _PAPER)
            if self.style.numbers and choice.closes_at is not None:
                block = lay_number(max(0, ceil((choice.closes_at - now) / NS)), side)
                rest = (side - block.width) // 2
                self._put_beside(Placed(block, x + rest, y + rest))

    def _put(self, placed: Placed, fade: float = 1.0) -> None:
        self._sprite(self._texture(placed.block), placed.x, placed.y, fade)

    def _put_beside(self, placed: Placed) -> None:
        """Put a block that no page keeps alive."""
        block = placed.block._replace(contrast=self.style.contrast)
        self._sprite(self._kept_texture(block), placed.x, placed.y, 1.0)

    def _texture(self, block: Block) -> Texture:
        # A block is compared as a whole once a page, not once a frame.
        shown = self._shown.get(id(block))
        if shown is not None:
            return shown
        texture = self._shown[id(block)] = self._kept_texture(block)
        return texture

    def _kept_texture(self, block: Block) -> Texture:
        texture = self._textures.get(block)
        if texture is None:
            texture = texture_of(draw_block(block))
            self._textures[block] = texture
            self._kept += bytes_of(texture)
            while self._kept > KEPT and len(self._textures) > 1:
                self._kept -= bytes_of(self._textures.popitem(last=False)[1])
        self._textures.move_to_end(block)
        return texture

    def _sprite(self, texture: Texture, x: float, y: float, fade: float) -> None:
        """A picture with its lower left at pixel x, y from the picture's lower left."""
        if self._used == len(self._sprites):
            path = self.root.attach_new_node(self._sheet.make_copy())
            path.set_shader(self._words)
            self._sprites.append(path)
        path = self._sprites[self._used]
        self._used += 1
        path.set_shader_input("fade", LVecBase4f(fade))
        path.set_shader_input("letters", texture)
        self._place(path, round(x), round(y), texture.get_x_size(), texture.get_y_size())

    def _ring(
        self, x: float, y: float, size: float, fraction: float, colour: tuple[float, float, float]
    ) -> None:
        if self._ringed == len(self._rings):
            path = self.root.attach_new_node(self._sheet.make_copy())
            path.set_shader(self._circle)
            self._rings.append(path)
        path = self._rings[self._ringed]
        self._ringed += 1
        path.set_shader_inputs(
            ring=LVecBase4f(fraction, 0.09, size, 0.0), colour=LVecBase4f(*colour, 0.95)
        )
        self._place(path, x, y, size, size)

    def _place(self, path: NodePath, x: float, y: float, width: float, height: float) -> None:
        w, h = self.size
        path.set_pos(2.0 * x / w - 1.0, 0.0, 2.0 * y / h - 1.0)
        path.set_scale(2.0 * width / w, 1.0, 2.0 * height / h)
        path.show()
        left, bottom, right, top = self.extent or (w, h, 0.0, 0.0)
        self.extent = (min(left, x), min(bottom, y), max(right, x + width), max(top, y + height))


def words_of(texts: Mapping[str, str]) -> tuple[Words, ...]:
    """Texts by language, in the order of a show's languages."""
    return tuple(Words(text, language) for language, text in texts.items())


def said(caption: Caption, names: Mapping[str, Mapping[str, str]]) -> Said:
    """A caption with the name of its speaker, in the first language."""
    called = names.get(caption.speaker, {})
    lead = next(iter(caption.texts), "")
    language = lead if lead in called else next(iter(called), "")
    return Said(Words(called.get(language, ""), language), words_of(caption.texts))
