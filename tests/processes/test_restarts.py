"""When a process that ended is restarted: laws of the policy, without a process or a clock."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.processes.restarts import Ended, GiveUp, Policy, Restart, Restarts

POLICIES = st.builds(
    Policy,
    first_delay_s=st.floats(0.01, 2.0),
    longest_delay_s=st.floats(2.0, 60.0),
    healthy_s=st.floats(0.5, 20.0),
    attempts=st.integers(1, 8),
    final=st.frozensets(st.sampled_from([1, 2, 3])),
    announced=st.integers(1, 8),
)
STATUSES = st.sampled_from([-11, -9, 1, 2, 3, 127])
ENDS = st.builds(Ended, status=STATUSES, ready_s=st.none() | st.floats(0.0, 100.0))
NEVER_READY = st.builds(Ended, status=STATUSES)


def decisions(policy: Policy, ends: list[Ended]) -> list[Restart | GiveUp]:
    """What is decided after each end, until it is given up."""
    known, found = Restarts(), []
    for ended in ends:
        known, decision = known.after(ended, policy)
        found.append(decision)
        if isinstance(decision, GiveUp):
            break
    return found


@given(POLICIES, st.lists(ENDS, max_size=40))
def test_a_process_that_was_ready_once_is_never_given_up(policy: Policy, ends: list[Ended]) -> None:
    first = Ended(-9, ready_s=0.0)
    found = decisions(policy, [first, *ends])
    assert len(found) == 1 + len(ends)
    assert all(isinstance(decision, Restart) for decision in found)


@given(POLICIES, st.lists(NEVER_READY, min_size=10, max_size=20))
def test_a_process_that_is_never_ready_is_given_up_after_so_many_attempts(
    policy: Policy, ends: list[Ended]
) -> None:
    found = decisions(policy, ends)
    final = [number for number, ended in enumerate(ends, 1) if ended.status in policy.final]
    assert found[-1] == GiveUp(min([policy.attempts, *final]))


@given(POLICIES, st.lists(ENDS, min_size=1, max_size=40))
def test_delays_double_up_to_the_longest_and_start_over_after_a_healthy_run(
    policy: Policy, ends: list[Ended]
) -> None:
    before: Restart | None = None
    for ended, decision in zip(ends, decisions(policy, ends), strict=False):
        if isinstance(decision, GiveUp):
            return
        healthy = ended.ready_s is not None and ended.ready_s >= policy.healthy_s
        if before is None or healthy:
            assert decision.delay_s == policy.first_delay_s
        else:
            assert decision.delay_s == min(policy.longest_delay_s, 2 * before.delay_s)
        before = decision


@given(POLICIES, st.integers(1, 60))
def test_a_loop_of_failures_is_announced_a_few_times_and_the_last_says_so(
    policy: Policy, count: int
) -> None:
    found = decisions(policy, [Ended(-9, ready_s=0.0)] * count)
    spoken = [one for one in found if isinstance(one, Restart) and one.is_announced]
    assert len(spoken) == min(count, policy.announced)
    silent = [one for one in spoken if "without further messages" in one.words()]
    assert silent == spoken[policy.announced - 1 :]


def test_a_process_that_may_not_fail_after_it_was_ready_is_given_up() -> None:
    strict = Policy(attempts=3, attempts_after_ready=3, healthy_s=sys.maxsize)
    found = decisions(strict, [Ended(-9, ready_s=50.0)] * 9)
    assert [type(one) for one in found] == [Restart, Restart, GiveUp]


def test_the_reason_names_signal_or_status_and_the_last_words() -> None:
    assert Ended(-9).reason == "killed by signal 9"
    assert Ended(-9, None, "a warning of long ago").reason == "killed by signal 9"
    assert Ended(-6, None, "assertion failed").reason == "killed by signal 6: assertion failed"
    assert Ended(2, None, "no microphone").reason == "exit status 2: no microphone"
