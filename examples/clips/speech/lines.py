"""The phrases of the clips in this folder, and other phrases that were tried."""

from __future__ import annotations

CANDIDATES = (
    "I remember you", "who are you", "take my hand", "light it now", "let her go", "stay with us",
    "bring her home", "keep it burning", "tell her the truth", "it is mine", "not tonight",
    "open the door", "wait for me", "I came back", "light the lamp", "put out the light",
    "follow the light", "go back to sea", "I forgive you", "where is she", "give me the lantern",
    "leave it dark", "come with me", "do not open it", "ring the bell", "she is my sister",
    "I was never here", "save the ship", "show me your face", "tell me your name",
    "turn around slowly", "burn the letter", "read the letter", "stop the storm", "I will stay",
    "let me in", "run for the boat", "hold the rope", "trust the keeper", "I do not know you",
    "climb the stairs", "close your eyes", "forget about me", "look behind you",
    "take me home", "listen to the sea", "we are not alone", "I am not afraid",
)  # fmt: skip
"""Lines that a choice could offer; README.md says how well each is understood."""

OUT_OF_GRAMMAR = (
    "the weather has been lovely this week", "my brother works at the hospital",
    "I parked the car behind the theatre", "the meeting starts at half past nine",
    "what did they say about the budget", "I need another cup of coffee",
    "he forgot his umbrella on the train", "could you pass me the salt",
    "they moved to the city last summer", "is this seat taken",
    "do we have time for a drink", "look at the size of that screen",
)  # fmt: skip
"""Sentences that people say near a stage: none of them may pick anything."""

PHRASES = (
    "I remember you", "light it now", "let her go", "keep it burning", "not tonight", "it is mine",
    "open the door", "I came back", "come with me", "stay with us", "put out the light",
    "turn around slowly", "close your eyes", "show me your face", "listen to the sea",
    "take my hand",
)  # fmt: skip
"""What the clips say that may pick something: four choices of four options, in this order."""

KOREAN = ("집으로 가자", "등대로 가자", "돌아와", "안녕하세요", "도와주세요")
KOREAN_OUT_OF_GRAMMAR = ("오늘 날씨가 아주 좋습니다", "어제 시장에서 사과를 샀어요")
"""For Vosk: the one model that a test can take from a package index speaks Korean."""

VIEWER = "I remember you"
"""What the viewer of the demo says."""
