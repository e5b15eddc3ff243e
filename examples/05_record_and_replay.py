"""A take is a list of ticks: record a show, read it back, and get the same frames again."""

from xrdrama import content
from xrdrama.show import Tick, advance, opening
from xrdrama.show.take import MAGIC, Header, Logged, Ticked, encode_record, read_take, replay
from xrdrama.timing import FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import load_move
from xrdrama.wire.events import Entry, Pressed
from xrdrama.wire.frame import frame_hash

loaded = content.load_show("lantern_demo")
production = content.produce(loaded)
move = load_move(loaded.text("move") or "")
rate = production.rate

# A camera that moves, and somebody who presses an option in the twelfth second.
events = [TrackingSample("op", "1", at, move.pose(at)) for at in range(0, 15 * 10**9, 10**9 // 60)]
log = sorted([*((e.at, e) for e in events), (12 * 10**9, Pressed("button", "remember"))],
             key=lambda item: item[0])  # fmt: skip
entries = [Entry(seq, at, event) for seq, (at, event) in enumerate(log)]

take = bytearray(MAGIC)
take += encode_record(
    Header(production.id, "example", "", (rate.numerator, rate.denominator), loaded.sources())
)
header = len(take)
show, done = opening(production), 0
for number in range(15 * 24):
    time = FrameTime.of(number, rate)
    upto = done
    while upto < len(entries) and entries[upto].at < time.shows_at:
        take += encode_record(Logged(entries[upto]))
        upto += 1
    show, frame = advance(show, Tick(time, tuple(entries[done:upto])))
    take += encode_record(Ticked(number, upto, frame_hash(frame)))
    done = upto
    for pick in frame.picks:
        print(f"{frame.time.timecode}  {pick.beat} -> {pick.to} by {pick.trigger}")

again = list(replay(read_take(bytes(take)), production))
assert len(again) == 15 * 24 and all(same for _, same in again)
print(f"{len(again)} frames, {len(take)} bytes, replayed: all identical")

# From a truncated file, all complete records are read; the header is needed.
half = read_take(bytes(take[: (header + len(take)) // 2]))
assert half.torn and half.ticks and all(same for _, same in replay(half, production))
print(f"half of the records: {len(half.ticks)} frames, all identical")
