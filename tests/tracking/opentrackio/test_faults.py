"""Reading leniently: every fault by JSON path, as a JSON Schema validator finds it; good parts are
used, never half a pose."""

from __future__ import annotations

import json
import random
from typing import Any

import cbor2
import jsonschema
import msgspec
import pytest

from tests.tracking.opentrackio.packets import (
    PUBLISHED,
    dynamic,
    full,
    packet,
    places,
    replaced,
    text_of,
    urn,
    without,
)
from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import Decoded, decode_datagram
from xrdrama.tracking.opentrackio import Decoder
from xrdrama.tracking.opentrackio.faults import MOST, FaultList, salvaged
from xrdrama.tracking.opentrackio.form import Sample
from xrdrama.tracking.opentrackio.payload import read

WRONG: list[Any] = [
    None, True, "text", "", -1, 0, 0.5, 2, 1e300, 10**30, [], [1], {}, {"x": 1}, float("nan"),
    float("inf"), 2**32, 3.0,
]  # fmt: skip
POSE = ("$.transforms",)


def ours() -> dict[str, Any]:
    """A JSON Schema made of our own declaration, with the rule that msgspec cannot express."""
    schema: dict[str, Any] = msgspec.json.schema(Sample)
    for name in ("EncoderShares", "EncoderCounts"):
        rings = [{"required": [ring]} for ring in ("focus", "iris", "zoom")]
        schema["$defs"][name]["anyOf"] = rings
    return schema


SCHEMAS = {"ours": ours()}
if PUBLISHED:  # a cross-check that a clone does not have
    SCHEMAS["published"] = json.loads((PUBLISHED / "schema.json").read_text("utf-8"))
VALIDATORS = {name: jsonschema.Draft202012Validator(one) for name, one in SCHEMAS.items()}


def fed(sample: Any, *, encoding: int = 1) -> Decoded:
    payload = text_of(sample) if encoding == 1 else cbor2.dumps(sample)
    return decode_datagram(Decoder(), packet(payload, encoding=encoding), at=5)


def paths_of(sample: Any) -> set[str]:
    """Paths of the faults against the form alone."""
    report = FaultList()
    salvaged(sample, report)
    return {fault.path for fault in report.found}


def variants() -> list[Any]:
    """A full sample with each value replaced by wrong ones, each key removed or misspelt."""
    sample = full()
    found = []
    for _, keys in places(sample)[1:]:
        found += [replaced(sample, keys, value) for value in WRONG]
        found.append(without(sample, keys))
        if isinstance(keys[-1], str):
            found.append(replaced(without(sample, keys), (*keys[:-1], "other"), 1))
    return found


VARIANTS = variants()


@pytest.mark.parametrize("name", VALIDATORS)
def test_faults_are_those_of_a_schema_validator(name: str) -> None:
    """Wrong types, bounds and patterns, missing and unknown keys, at a share of the places."""
    compare_faults(name, random.Random(11).sample(VARIANTS, 200))


@pytest.mark.soak
@pytest.mark.parametrize("name", VALIDATORS)
def test_faults_are_those_of_a_schema_validator_at_every_path(name: str) -> None:
    assert len(VARIANTS) > 2000
    compare_faults(name, VARIANTS)


def compare_faults(name: str, variants: list[Any]) -> None:
    differ = 0
    for sample in variants:
        wanted = {error.json_path for error in VALIDATORS[name].iter_errors(sample)}
        found = paths_of(sample)
        if found != wanted:
            # JSON has neither NaN nor infinity, which validators in Python take for numbers.
            extra = found - wanted
            bad = [keys for path, keys in places(sample) if path in extra]
            values = [value_at(sample, keys) for keys in bad]
            assert wanted <= found and extra, (wanted, found)
            assert all(isinstance(one, float) and one - one != 0 for one in values), extra
            differ += 1
    assert differ < len(variants) / 4


def value_at(sample: Any, keys: tuple[Any, ...]) -> Any:
    for key in keys:
        sample = sample[key]
    return sample


def test_a_valid_sample_has_no_faults_and_every_key_is_known() -> None:
    for encoding in (1, 2):
        found = fed(full(), encoding=encoding)
        assert found.faults == () and found.error == "" and len(found.samples) == 1
    for validator in VALIDATORS.values():
        assert validator.is_valid(full())


@pytest.mark.parametrize("encoding", [1, 2], ids=["JSON", "CBOR"])
def test_a_sample_with_a_wrong_value_anywhere_is_used_without_it(encoding: int) -> None:
    """No fault outside the transforms costs the pose; none inside leaves half of it."""
    chance = random.Random(encoding)
    good = fed(full()).samples[0]
    for sample in chance.sample(VARIANTS, 400):
        found = fed(sample, encoding=encoding)
        if found.error:
            assert "source number" in found.error or "checksum" not in found.error
            assert not found.samples
            continue
        of_pose = [fault for fault in found.faults if fault.path.startswith(POSE)]
        harmless = ("unknown key", "expected text")  # a name is not a part of the pose
        bad_pose = [fault for fault in of_pose if not fault.message.startswith(harmless)]
        if bad_pose or "transforms" not in sample:
            assert found.samples == () and len(found.poseless) == 1
        elif sample["transforms"] == full()["transforms"]:
            assert [one.pose for one in found.samples] == [good.pose]


@pytest.mark.parametrize("group", ["translation", "rotation"])
@pytest.mark.parametrize("value", ["12", None, True, [1.0], {}, float("nan"), 1e10, 1e300])
def test_a_pose_with_one_bad_number_is_not_a_pose(group: str, value: Any) -> None:
    sample = dynamic(lens={"fStop": 4.0})
    for name in sample["transforms"][0][group]:
        bent = replaced(sample, ("transforms", 0, group, name), value)
        for encoding in (1, 2):
            found = fed(bent, encoding=encoding)
            assert found.samples == () and found.error == ""
            assert [fault.path for fault in found.faults] == [f"$.transforms[0].{group}.{name}"]
            (rest,) = found.poseless
            assert rest.f_number == 4.0 and rest.timecode == "01:02:03:04", "the rest is used"


@pytest.mark.parametrize("group", ["translation", "rotation"])
def test_a_pose_that_lacks_a_number_is_not_a_pose(group: str) -> None:
    """The schema permits it; a wall cannot use it."""
    for name in dynamic()["transforms"][0][group]:
        found = fed(without(dynamic(), ("transforms", 0, group, name)))
        assert found.samples == () and len(found.poseless) == 1
        (fault,) = found.faults
        assert fault.path == f"$.transforms[0].{group}" and f"lacks {name}" in fault.message


def test_a_bad_link_spoils_the_chain() -> None:
    sample = dynamic(transforms=[*dynamic()["transforms"] * 2])
    found = fed(replaced(sample, ("transforms", 0, "rotation", "pan"), "left"))
    assert found.samples == () and len(found.poseless) == 1


def test_a_sample_without_transforms_is_not_a_fault() -> None:
    found = fed(without(dynamic(), ("transforms",)))
    assert found.faults == () and found.error == "" and found.samples == ()
    assert len(found.poseless) == 1


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"lens": {"fStop": "4"}}, "$.lens.fStop", "expected a number, got '4'"),
        ({"lens": {"fStop": 0}}, "$.lens.fStop", "expected more than 0, got 0"),
        ({"lens": {"focalLength": 35}}, "$.lens", "unknown key 'focalLength'"),
        ({"lens": {"encoders": {}}}, "$.lens.encoders", "at least one of focus, iris and zoom"),
        ({"lens": {"encoders": {"zoom": 1.5}}}, "$.lens.encoders.zoom", "expected at most 1"),
        ({"lens": {"rawEncoders": {"zoom": 0.5}}}, "$.lens.rawEncoders.zoom", "a whole number"),
        ({"lens": {"distortion": []}}, "$.lens.distortion", "at least one item, got none"),
        ({"lens": 5}, "$.lens", "expected an object, got 5"),
        ({"sampleId": "1234"}, "$.sampleId", "urn:uuid: and a UUID in lower case"),
        ({"protocol": {"name": "OpenTrackIO"}}, "$.protocol", "lacks the required key 'version'"),
        ({"protocol": {"name": "OpenTrackIO", "version": [1, 0]}}, "$.protocol.version",
         "expected 3 items, got 2"),
        ({"protocol": {"name": "Other", "version": [1, 0, 0]}}, "$.protocol.name",
         "expected 'OpenTrackIO', got 'Other'"),
        ({"protocol": {"name": "OpenTrackIO", "version": [2, 0, 0]}}, "$.protocol.version",
         "version 2.0.0 is not known: it is read as 1.0"),
        ({"timing": {"mode": "free"}}, "$.timing.mode",
         "expected one of external, internal, got 'free'"),
        ({"tracker": {"recording": 1}}, "$.tracker.recording", "expected true or false, got 1"),
        ({"tracker": {"status": "x" * 1024}}, "$.tracker.status", "at most 1023 characters"),
        ({"lens": {"distortion": [{"radial": [0.1] * 17}]}}, "$.lens.distortion[0].radial",
         "at most 16 coefficients, got 17"),
        ({"lens": {"entrancePupilOffset": 1e20}}, "$.lens.entrancePupilOffset", "not plausible"),
    ],
)  # fmt: skip
def test_messages_name_what_is_wrong(changes: dict[str, Any], path: str, message: str) -> None:
    found = fed(dynamic(**changes))
    (fault,) = found.faults
    assert fault.path == path and message in fault.message, fault
    assert len(found.samples) == 1, "the pose is used"


def test_faults_are_bounded() -> None:
    sample = dynamic(lens={"custom": ["x"] * 500}, relatedSampleIds=[1] * 500)
    assert len(fed(sample).faults) == MOST


@pytest.mark.parametrize("token", ["NaN", "-Infinity", "Infinity", "1e999", "-1e999"])
def test_numbers_that_json_cannot_carry_cost_only_their_part(token: str) -> None:
    sample = dynamic(lens={"fStop": 4.0, "tStop": 123.5}, tracker={"notes": "NaN, 1e999"})
    text = text_of(sample).replace(b"123.5", token.encode())
    found = decode_datagram(Decoder(), packet(text))
    assert [fault.path for fault in found.faults] == ["$.lens.tStop"]
    assert found.samples[0].f_number == 4.0 and found.samples[0].lens is None


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "not valid JSON"),
        (b"[]", "not an object"),
        (b"12", "not an object"),
        (b"null", "not an object"),
        (b'{"a": 1} {}', "not valid JSON: trailing characters"),
        (b'{"a": 1', "not valid JSON"),
        (b'{"sampleId": "\xff"}', "not valid JSON"),
        (b'{"sampleId": "\xed\xa0\x80"}', "not valid JSON"),
        (b"{'a': 1}", "not valid JSON"),
        (b'{"lens": ' * 40 + b"1" + b"}" * 40, "nested too deeply"),
        (b"[" * 30_000, "nested too deeply|not valid JSON"),
        (b'{"a": ' * 5000, "nested too deeply|not valid JSON"),
        (b'"' + b"\\" * 30_001, "not valid JSON"),
        (b"1" * 30_000, "not an object|not valid JSON"),
    ],
)
def test_what_is_not_a_json_object_is_refused(payload: bytes, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        read(payload, 1, FaultList())


@pytest.mark.parametrize(
    ("hexed", "why"),
    [
        ("", "not valid CBOR"),
        ("80", "not an object"),
        ("a1", "not valid CBOR"),
        ("a16161", "not valid CBOR"),
        ("81" * 5000, "not valid CBOR"),
        ("bb00000000ffffffff", "not valid CBOR"),
        ("9b7fffffffffffffff", "not valid CBOR"),
        ("5b7fffffffffffffff00", "not valid CBOR"),
        ("a16161d823655b612d7a5d", "a tag, which OpenTrackIO does not use"),  # a regular expression
        ("a16161d81c81d81d00", "a tag, which OpenTrackIO does not use"),  # a list that holds itself
        ("a16161c2420100", "a tag, which OpenTrackIO does not use"),  # a big number
        ("a16161c4821a7fffffff01", "a tag, which OpenTrackIO does not use"),  # 1e2147483647
        ("ff", "not valid CBOR"),
        ("1c", "not valid CBOR"),
    ],
)
def test_what_is_not_a_cbor_map_is_refused(hexed: str, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        read(bytes.fromhex(hexed), 2, FaultList())


@pytest.mark.parametrize("hexed", ["a105f6", "a180f6", "a141ff01", "a1f6f6", "a1f97e0001"])
def test_keys_that_are_not_text_are_other_keys(hexed: str) -> None:
    report = FaultList()
    assert read(bytes.fromhex(hexed), 2, report) == Sample()
    nested = bytes.fromhex("a1646c656e73" + hexed)  # {"lens": {5: null}}
    read(nested, 2, report)
    assert [fault.path for fault in report.found] == ["$.lens"]


def test_json_with_a_byte_order_mark_is_read() -> None:
    found = decode_datagram(Decoder(), packet(b"\xef\xbb\xbf" + text_of(dynamic())))
    assert len(found.samples) == 1 and found.faults == ()


def test_of_a_key_that_is_there_twice_the_last_one_counts() -> None:
    text = text_of(dynamic())[:-1] + b', "sourceNumber": 9}'
    assert decode_datagram(Decoder(), packet(text)).samples[0].subject == "9"


def test_json_and_cbor_say_the_same() -> None:
    one, other = fed(full()), fed(full(), encoding=2)
    assert one == other and isinstance(one.samples[0], TrackingSample)


def test_other_keys_are_permitted_at_the_top_only() -> None:
    assert fed(dynamic(vendor={"deep": [1, {"x": None}]})).faults == ()
    assert [f.path for f in fed(dynamic(tracker={"vendor": 1})).faults] == ["$.tracker"]


@pytest.mark.parametrize("number", [0, 201, 255, 256, 2**32 - 1])
def test_source_numbers_outside_1_to_200_are_discarded_by_name(number: int) -> None:
    found = fed(dynamic(sourceNumber=number))
    shown = str(number) if number < 256 else "above 255"
    assert found.samples == () and f"source number {shown} is discarded" in found.error


def test_without_a_source_number_the_subject_is_the_source() -> None:
    sample = without(dynamic(), ("sourceNumber",))
    assert fed(sample).samples[0].subject == urn(2).removeprefix("urn:uuid:")
    assert fed(without(sample, ("sourceId",))).samples[0].subject == "unnumbered"
