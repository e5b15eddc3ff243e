"""`fmt` may be killed at any moment: each file is the old one or the new one."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from tests.content.test_texts import STORY

UNTIDY = STORY.replace("  #l4kq2p", "  #l4kq2p\n      BOATMAN: Decide.")

FORMATTING = textwrap.dedent("""
    import itertools, sys
    from pathlib import Path
    from xrdrama.tools.checking.formatting import format_paths
    files = sorted(Path(sys.argv[1]).glob("*.branch.yaml"))
    untidy = files[0].read_text()
    for count in itertools.count():
        format_paths(files, write=True)
        print(count, flush=True)
        for file in files:
            beside = file.with_suffix(".new")
            beside.write_text(untidy)
            beside.replace(file)
""")


def test_kill_at_any_moment_leaves_whole_stories(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.branch.yaml" for name in "abcde"]
    for delay in (0.0, 0.004, 0.011, 0.02, 0.035):
        for file in files:
            file.write_text(UNTIDY, "utf-8")
        command = [sys.executable, "-c", FORMATTING, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(delay)  # killed at any moment
            process.send_signal(signal.SIGKILL)
        for file in files:
            text = file.read_text("utf-8")
            assert text == UNTIDY or (text.count("#l") == 2 and len(text) == len(UNTIDY) + 9)
