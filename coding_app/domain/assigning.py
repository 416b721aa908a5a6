"""Who codes which session: drawn by the plan's seed, spread over cases and observers, nobody on a session of their own.

All that is drawn comes from hashes of the seed and the ids: the same study gives the same draw on every machine, and
what was drawn stays when sessions or observers are added.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from coding_app.domain.plan import Assignment, AssignmentKind, StudyPlan


@dataclass(frozen=True, slots=True)
class ToAssign:
    """A session to be coded. case: the client or couple, None: the session is a case of its own.

    barred: observers who must not get it. begun: observers who code it already, and get it whatever the load.
    """

    session_id: str
    case: str | None = None
    barred: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """One to be made; an Assignment without its id and times."""

    session_id: str
    coder_id: str
    kind: AssignmentKind
    position: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A session for which fewer observers are allowed than it should have."""

    session_id: str
    wanted: int
    found: int


@dataclass(frozen=True, slots=True)
class Draw:
    """What is to be made. load: sessions per observer, double: sessions with two observers or more, both afterwards.

    n_double_wanted: how many the plan asks for.
    """

    new: tuple[NewAssignment, ...]
    shortfalls: tuple[Shortfall, ...]
    load: Mapping[str, int]
    double: frozenset[str]
    n_double_wanted: int


def n_to_double(plan: StudyPlan, n_sessions: int) -> int:
    """How many of so many sessions two observers or more are to code.

    >>> n_to_double(StudyPlan("s", 1, double_share=0.2, double_at_least=10), 80)
    16
    >>> n_to_double(StudyPlan("s", 1), 30), n_to_double(StudyPlan("s", 1), 6), n_to_double(StudyPlan("s", 1, 2), 6)
    (10, 6, 6)
    """
    if plan.n_coders > 1:
        return n_sessions
    share = math.ceil(round(plan.double_share * n_sessions, 6))  # 0.07 * 100 is a little more than 7
    return min(n_sessions, max(share, plan.double_at_least))


def assign(
    sessions: Iterable[ToAssign], coders: Collection[str], plan: StudyPlan, existing: Sequence[Assignment]
) -> Draw:
    """New assignments beside those that exist, which stay; existing: those that have not ended.

    A session that is a hidden reference for somebody takes no part. A session with too few observers gets those there
    are, and stands under the shortfalls.
    """
    references = {each.session_id for each in existing if each.kind is AssignmentKind.REFERENCE}
    taking_part = {each.session_id: each for each in sessions if each.session_id not in references}
    board = _Board(plan.seed, taking_part, sorted(set(coders)), existing)
    n_wanted = n_to_double(plan, len(taking_part))
    double = set(taking_part) if plan.n_coders > 1 else _choose_double(board, n_wanted)
    wanted = {key: max(plan.n_coders, 2 if key in double else 1) for key in taking_part}
    board.fill(double, wanted)
    board.fill(set(taking_part) - double, wanted)
    board.balance()
    shortfalls = [
        Shortfall(key, wanted[key], len(board.on[key]))
        for key in sorted(taking_part)
        if len(board.on[key]) < wanted[key]
    ]
    found = frozenset(key for key in taking_part if len(board.on[key]) > 1)
    return Draw(_placed(board, plan, existing), tuple(shortfalls), dict(board.load), found, n_wanted)


def drawn(seed: int, *key: str) -> str:
    """A place in an order that looks random and is the same at every draw with this seed."""
    return sha256("/".join([str(seed), *key]).encode("utf-8")).hexdigest()


@dataclass(slots=True)
class _Board:
    """The sessions with who is on them, while they are filled."""

    seed: int
    sessions: Mapping[str, ToAssign]
    coders: Sequence[str]
    existing: Sequence[Assignment]
    on: dict[str, list[str]] = field(default_factory=dict)
    fixed: set[tuple[str, str]] = field(default_factory=set)
    load: Counter[str] = field(default_factory=Counter)
    met: Counter[frozenset[str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.on = {key: [] for key in self.sessions}
        self.load.update(dict.fromkeys(self.coders, 0))
        for each in sorted(self.existing, key=lambda one: (one.made_at, one.id)):
            if each.session_id in self.on:
                self._put(each.session_id, each.coder_id)
                self.fixed.add((each.session_id, each.coder_id))
            elif each.coder_id in self.load:
                self.load[each.coder_id] += 1
        for key, session in sorted(self.sessions.items()):
            for coder in sorted(session.begun & set(self.coders)):
                if coder not in self.on[key]:
                    self._put(key, coder)
                    self.fixed.add((key, coder))

    def free(self, key: str) -> list[str]:
        """Who may get the session besides those who have it."""
        barred = self.sessions[key].barred
        return [each for each in self.coders if each not in barred and each not in self.on[key]]

    def fill(self, keys: Iterable[str], wanted: Mapping[str, int]) -> None:
        """Gives each session the observers with the least to do, who have met each other least."""
        for key in sorted(keys, key=lambda each: drawn(self.seed, "session", each)):
            while len(self.on[key]) < wanted[key] and (free := self.free(key)):
                self._put(key, min(free, key=lambda coder: self._rank(key, coder)))

    def balance(self) -> None:
        """Hands new assignments on, along chains of observers, until nobody has two more than they need have."""
        while chain := self._chain():
            for key, giver, taker in chain:
                self.on[key][self.on[key].index(giver)] = taker
            self.load[chain[0][1]] -= 1
            self.load[chain[-1][2]] += 1

    def _put(self, key: str, coder: str) -> None:
        self.met.update(frozenset({coder, other}) for other in self.on[key])
        self.on[key].append(coder)
        self.load[coder] += 1

    def _rank(self, key: str, coder: str) -> tuple[int, int, str]:
        met = sum(self.met[frozenset({coder, other})] for other in self.on[key])
        return self.load[coder], met, drawn(self.seed, "coder", key, coder)

    def _chain(self) -> list[tuple[str, str, str]]:
        """Steps (session, giver, taker) from one with much to do to one with at least two less, or []."""
        for start in sorted(self.coders, key=lambda each: (-self.load[each], each)):
            came: dict[str, tuple[str, str, str]] = {}
            waiting = deque([start])
            while waiting:
                giver = waiting.popleft()
                for key in self._movable(giver):
                    for taker in self.free(key):
                        if taker == start or taker in came:
                            continue
                        came[taker] = (key, giver, taker)
                        if self.load[taker] + 2 <= self.load[start]:
                            return _steps(came, start, taker)
                        waiting.append(taker)
        return []

    def _movable(self, coder: str) -> list[str]:
        return [key for key in sorted(self.on) if coder in self.on[key] and (key, coder) not in self.fixed]


def _steps(came: Mapping[str, tuple[str, str, str]], start: str, end: str) -> list[tuple[str, str, str]]:
    steps = [came[end]]
    while steps[-1][1] != start:
        steps.append(came[steps[-1][1]])
    return steps[::-1]


def _choose_double(board: _Board, n_wanted: int) -> set[str]:
    """Sessions that two code: those that have two, and more, each time from the case with the fewest so far."""
    double = {key for key, on in board.on.items() if len(on) > 1}
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    count: Counter[str] = Counter()
    for key, session in board.sessions.items():
        case = _case(session)
        if key in double:
            count[case] += 1
        elif len(board.on[key]) + len(board.free(key)) > 1:
            waiting[case].append(key)
    for keys in waiting.values():
        keys.sort(key=lambda each: drawn(board.seed, "double", each), reverse=True)
    while len(double) < n_wanted and waiting:
        case = min(waiting, key=lambda each: (count[each], drawn(board.seed, "case", each)))
        double.add(waiting[case].pop())
        count[case] += 1
        if not waiting[case]:
            del waiting[case]
    return double


def _case(session: ToAssign) -> str:
    """Of a session without a case a key that no case code has: codes hold no control characters."""
    return session.case.casefold() if session.case else f"\0{session.session_id}"


def _placed(board: _Board, plan: StudyPlan, existing: Sequence[Assignment]) -> tuple[NewAssignment, ...]:
    """What is new, at the end of each observer's queue, in an order of its own for everybody."""
    known = {(each.session_id, each.coder_id) for each in existing}
    last: Counter[str] = Counter()
    for each in existing:
        last[each.coder_id] = max(last[each.coder_id], each.position)
    new = []
    for coder in board.coders:
        mine = [key for key, on in board.on.items() if coder in on and (key, coder) not in known]
        mine.sort(key=lambda key: drawn(board.seed, "order", coder, key))
        for place, key in enumerate(mine, start=last[coder] + 1):
            is_second = plan.n_coders == 1 and board.on[key].index(coder) > 0
            kind = AssignmentKind.DOUBLE if is_second else AssignmentKind.CODING
            new.append(NewAssignment(key, coder, kind, place))
    return tuple(new)
