"""The materials and images of a glTF file.

Only what drawn primitives use must be valid: an invalid image or material that nothing uses does
not reject the model.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from typing import Any, Final
from unicodedata import normalize

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.meshes import Image, Magnified, Material, Minified, TextureMap, Wrap
from xrdrama.gltf.rows import Rows, pick

MAX_PICTURE = 8192
MAX_TEXCOORD = 7

_WRAPS: Final[dict[int, Wrap]] = {10497: "repeat", 33071: "clamp", 33648: "mirror"}
_MAGNIFIED: Final[dict[int | None, Magnified]] = {None: "", 9728: "nearest", 9729: ""}
_MINIFIED: Final[dict[int | None, Minified]] = {
    None: "", 9728: "nearest", 9729: "linear", 9984: "nearest_mipmap_nearest",
    9985: "linear_mipmap_nearest", 9986: "nearest_mipmap_linear", 9987: "",
}  # fmt: skip
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
# Other image formats by their first bytes, for error messages.
_KINDS: Final = {
    b"II*\0": "TIFF", b"MM\0*": "TIFF", b"RIFF": "WebP", b"GIF8": "GIF", b"BM": "BMP",
    b"\xabKTX": "KTX2", b"DDS ": "DDS", b"version https://git-lfs": "a Git LFS pointer",
    b"8BPS": "Photoshop", b"v/1\x01": "OpenEXR", b"#?RADIANCE": "Radiance HDR",
}  # fmt: skip
_FRAMES: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class Surfaces:
    """Reads the materials and images of a file; `used` are the materials of drawn primitives."""

    def __init__(self, source: Rows, used: Collection[int], *, every_image: bool) -> None:
        self.source, self.file = source, source.file
        self.used = used
        self.every_image = every_image
        self.used_images: set[int] = set()

    def materials(self) -> tuple[Material, ...]:
        """All materials; a default one for each that cannot be read and is not used."""
        return tuple(self.material(i) for i in range(len(self.file.materials)))

    def images(self) -> tuple[Image, ...]:
        """All images; call it after `materials`. Images that are not used may be empty."""
        return tuple(self.image(i) for i in range(len(self.file.images)))

    def material(self, index: int) -> Material:
        """A material by its index."""
        material = self.file.materials[index]
        name = normalize("NFC", material.name)[:64] or f"material {index}"
        if index in self.used:
            return self._material(material, name, f"/materials/{index}")
        before = set(self.used_images), list(self.source.remarks)
        try:
            return self._material(material, name, f"/materials/{index}")
        except (RemoteProtocolError, msgspec.MsgspecError):
            return Material(name)
        finally:
            if not self.every_image:
                self.used_images, self.source.remarks[:] = before

    def _material(self, material: gltf.Material, name: str, pointer: str) -> Material:
        metal = material.pbrMetallicRoughness
        label = f"material {name!r}"
        if material.alphaMode not in ("OPAQUE", "MASK", "BLEND"):
            raise RemoteProtocolError(
                f"{label} has the unknown alphaMode {material.alphaMode[:20]!r}: export it as "
                "opaque, mask or blend"
            )
        strength = material.extensions.get("KHR_materials_emissive_strength", {})
        factor = strength.get("emissiveStrength", 1.0) if isinstance(strength, dict) else None
        if not isinstance(factor, (int, float)) or not 0.0 <= factor <= 1e6:
            raise RemoteProtocolError(
                f"{label} has the invalid emissive strength {str(factor)[:20]!r}: set it to 0 to "
                "1000000"
            )
        red, green, blue = (value * factor for value in material.emissiveFactor)
        normal, occlusion = material.normalTexture, material.occlusionTexture
        uses = {
            "base": (metal.baseColorTexture, "pbrMetallicRoughness/baseColorTexture"),
            "normal": (normal, "normalTexture"),
            "rough": (
                metal.metallicRoughnessTexture, "pbrMetallicRoughness/metallicRoughnessTexture",
            ),
            "emissive": (material.emissiveTexture, "emissiveTexture"),
            "occlusion": (occlusion, "occlusionTexture"),
        }  # fmt: skip
        pictures: dict[str, Any] = {}
        for slot, (use, where) in uses.items():
            if use is not None:
                image, laid = self.texture(use, f"{pointer}/{where}", label)
                pictures |= {f"{slot}_image": image, f"{slot}_map": laid}
        return Material(
            name,
            metal.baseColorFactor,
            metal.metallicFactor,
            metal.roughnessFactor,
            (red, green, blue),
            normal_scale=normal.scale if normal else 1.0,
            alpha=material.alphaMode,  # type: ignore[arg-type]  # checked above
            cutoff=material.alphaCutoff,
            double_sided=material.doubleSided,
            occlusion_strength=occlusion.strength if occlusion else 1.0,
            unlit="KHR_materials_unlit" in material.extensions,
            **pictures,
        )

    def texture(self, use: gltf.Use, pointer: str, label: str) -> tuple[int, TextureMap]:
        """The image index of a texture, and its mapping to the surface."""
        texture = pick(self.file.textures, use.index, "texture")
        if texture.source is None:
            kinds = ", ".join(sorted(texture.extensions)) or "it has no image"
            raise RemoteProtocolError(
                f"{label}: texture {use.index} has no PNG or JPEG image ({kinds[:80]}): "
                "export its images as PNG"
            )
        pick(self.file.images, texture.source, "image")
        self.used_images.add(texture.source)
        moved = msgspec.convert(
            use.extensions.get("KHR_texture_transform", {}), gltf.Transform, strict=False
        )
        texcoord = use.texCoord if moved.texCoord is None else moved.texCoord
        if texcoord > MAX_TEXCOORD:
            raise RemoteProtocolError(
                f"{label}: {pointer} uses TEXCOORD_{texcoord}: use one of the first "
                f"{MAX_TEXCOORD + 1} UV maps"
            )
        sampler = gltf.Sampler()
        if texture.sampler is not None:
            sampler = pick(self.file.samplers, texture.sampler, "sampler")
            for what, number, known in (
                ("wrapS", sampler.wrapS, _WRAPS), ("wrapT", sampler.wrapT, _WRAPS),
                ("magFilter", sampler.magFilter, _MAGNIFIED),
                ("minFilter", sampler.minFilter, _MINIFIED),
            ):  # fmt: skip
                if number not in known:
                    self.source.remark(
                        f"/samplers/{texture.sampler}/{what}",
                        f"{label} has an unknown {what}: {number}; the default is used",
                        "export the model again",
                    )
        return texture.source, TextureMap(
            texcoord,
            moved.offset,
            moved.rotation,
            moved.scale,
            _WRAPS.get(sampler.wrapS, "repeat"),
            _WRAPS.get(sampler.wrapT, "repeat"),
            _MAGNIFIED.get(sampler.magFilter, ""),
            _MINIFIED.get(sampler.minFilter, ""),
        )

    def image(self, index: int) -> Image:
        """The image at an index; without content if it is not used and cannot be read."""
        image = self.file.images[index]
        name = image.name[:64] or (image.uri or "")[:64] * (image.uri is not None and
            not image.uri.startswith("data:")) or f"image {index}"  # fmt: skip
        if index in self.used_images or self.every_image:
            return self._image(index, image, name)
        try:
            return self._image(index, image, name)
        except RemoteProtocolError as error:
            self.source.remark(
                f"/images/{index}", f"this image was not read, and no material uses it: {error}"
            )
            return Image(name, "image/png", b"")

    def _image(self, index: int, image: gltf.Image, name: str) -> Image:
        label = f"the image {name!r} (images/{index})"
        if image.bufferView is not None:
            content = bytes(self.source.view(image.bufferView)[1])
        elif image.uri is not None:
            content = self.source.linked(image.uri, f"/images/{index}/uri")
        else:
            raise RemoteProtocolError(f"{label} has no content: export the model again")
        if content[:8] == _PNG and len(content) >= 33:
            width, height = struct.unpack_from(">II", content, 16)
        elif content[:3] == _JPEG:
            width, height = _jpeg_size(content)
            if not width:
                raise RemoteProtocolError(f"{label} is a truncated JPEG: export it again")
        else:
            kind = next((kind for head, kind in _KINDS.items() if content.startswith(head)), "")
            raise RemoteProtocolError(
                f"{label} is neither PNG nor JPEG" + (f" but {kind}" if kind else "")
                + ": export it as PNG"
            )  # fmt: skip
        if not (1 <= width <= MAX_PICTURE and 1 <= height <= MAX_PICTURE):
            raise RemoteProtocolError(
                f"{label} has {width} x {height} pixels; at most {MAX_PICTURE} x {MAX_PICTURE} "
                "are allowed: make it smaller"
            )
        return Image(name, "image/png" if content[:8] == _PNG else "image/jpeg", content)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height in a JPEG's frame header; 0, 0 without a header."""
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            at += 1
            continue
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        if marker in (0x01, 0xFF) or 0xD0 <= marker <= 0xD9:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int(struct.unpack_from(">H", content, at + 2)[0])
    return 0, 0
