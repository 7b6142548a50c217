"""What stands behind `/audit`, and in the buttons of its pages, read: the grammar as a closed union. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.model import CallId, Outcome, ReviewId, SessionId
from core.policy.rules import Then
from core.ports import Mark, Search

SESSION: Final = re.compile(r"ses_[A-Za-z0-9]{1,64}")
CALL: Final = re.compile(r"call_[A-Za-z0-9]{1,64}")
REVIEW: Final = re.compile(r"rev_[A-Za-z0-9]{1,64}")
LINK_CODE: Final = re.compile(r"[A-Za-z0-9]{5}(?:-?[A-Za-z0-9]{5}){2}", re.ASCII)
SPAN: Final = re.compile(r"([1-9][0-9]{0,3})([hd])", re.ASCII)  # 24h, 7d
OLDER: Final = re.compile(r"([0-9]{1,4}) ([0-9]{1,14}) ([0-9]{1,14})", re.ASCII)
# docs.slack.dev, "Slash commands": with should_escape a typed @name arrives as <@U0123|name>
MENTION: Final = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^<>]{0,80})?>")
DAY: Final = timedelta(hours=24)
MOMENT: Final = "%Y-%m-%dT%H:%M"
KEYS: Final = frozenset(
    {"by", "agent", "source", "table", "column", "verdict", "rule", "outcome", "rows", "since", "until"}
)
NUMBER: Final = re.compile(r"[0-9]{1,13}", re.ASCII)
UNREAD: Final = (
    "outcome: is a word of an Entry, verdict: allow, ask or refuse, rows: a number, since: and until: a day as"
    " 2026-11-27."
)
TERM: Final = re.compile(r'[a-z]+:"[^"]*"|\S+')
MARK: Final = re.compile(r"([0-9]{1,16})\.([0-9]{1,16})", re.ASCII)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OneSession:
    """`session <id>`, from its Call number `first` on."""

    session: SessionId
    first: int = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OneCall:
    """`call <id>`."""

    call: CallId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OneReview:
    """`review <id>`."""

    review: ReviewId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`list [24h]`: Sessions of the last while; a later page begins `before`, and ends where the first one would."""

    span: timedelta = DAY
    page: int = 1
    before: datetime | None = None
    since: datetime | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OnePerson:
    """`person @name [24h]`: a Slack user's id, or else a name, an e-mail or directory:id."""

    user: str = ""
    name: str = ""
    span: timedelta = DAY


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """`pending`."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Verifying:
    """`verify`."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """`link`: begin; with the code that the console showed: finish."""

    code: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinking:
    """`link off`."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """`help`, nothing, or what is not understood; `problem` says which."""

    problem: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`find <words> key:value …`, from a mark on; `text` is what was typed."""

    wanted: Search
    text: str
    person: str = ""
    after: Mark | None = None


Looked: TypeAlias = Listing | OneSession | OneCall | OneReview | OnePerson | Finding | Waiting | Verifying | Help
Asked: TypeAlias = Looked | Linking | Unlinking


def parse(text: str) -> Asked:
    """Read what stands behind `/audit`; whatever is not in the grammar gets help."""
    word, _, rest = text.strip().partition(" ")
    reader = READERS.get(word)
    return Help(problem="That is not understood here." if word else "") if reader is None else reader(rest.strip())


def alone(asked: Asked) -> Callable[[str], Asked]:
    """Read a word that nothing may follow."""
    return lambda rest: Help(problem="Nothing stands behind that word.") if rest else asked


def one(pattern: re.Pattern[str], word: str, asked: Callable[[str], Asked]) -> Callable[[str], Asked]:
    """Read a word that one id follows."""
    wrong = Help(problem=f"/audit {word} takes one id, as it stands on a card or in an answer.")
    return lambda rest: asked(rest) if pattern.fullmatch(rest) else wrong


def linking(rest: str) -> Linking | Unlinking | Help:
    """Read what is linked: nothing yet, by a code, or no more."""
    if rest == "off":
        return Unlinking()
    if not rest or LINK_CODE.fullmatch(rest):
        return Linking(code=rest)
    return Help(problem="/audit link takes the code that the sign-in page showed, or off.")


def listing(rest: str) -> Listing | Help:
    """Read how far back a list goes."""
    back = span(rest)
    return Help(problem="/audit list takes how far back: 24h, 7d.") if back is None else Listing(span=back)


def person(rest: str) -> OnePerson | Help:
    """Read whose Calls, and how far back."""
    who, _, given = rest.partition(" ")
    back, mention = span(given.strip()), MENTION.fullmatch(who)
    if back is None or not who or '"' in who:
        return Help(problem="/audit person takes @name, an e-mail or directory:id, and how far back: 24h, 7d.")
    return OnePerson(user=mention[1], span=back) if mention else OnePerson(name=who.removeprefix("@"), span=back)


def span(given: str) -> timedelta | None:
    """Read how far back, a day where nothing is said; None: it cannot be read."""
    found = SPAN.fullmatch(given)
    if found is None:
        return None if given else DAY
    return timedelta(**{{"h": "hours", "d": "days"}[found[2]]: int(found[1])})


def older(value: object) -> Listing | None:
    """Read a list button's value: page, before and since, in milliseconds."""
    found = OLDER.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    before, since = (datetime.fromtimestamp(int(milli) / 1000, UTC) for milli in (found[2], found[3]))
    return Listing(page=int(found[1]), before=before, since=since)


def opened(value: object) -> OneSession | None:
    """Read which Session of a list was chosen."""
    return OneSession(session=SessionId(value)) if isinstance(value, str) and SESSION.fullmatch(value) else None


def page(value: object) -> OneSession | None:
    """Read a page button's value: session id, colon, number of the first Call."""
    name, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not SESSION.fullmatch(name) or not (number.isascii() and number.isdigit() and len(number) < len("100000")):
        return None
    return OneSession(session=SessionId(name), first=int(number))


def terms(text: str, after: Mark | None = None) -> Finding | Help:
    """Read words and `key:value` terms; what cannot be read gets help."""
    given, words = dict[str, str](), list[str]()
    for term in TERM.findall(text):
        key, colon, value = term.partition(":")
        if not colon or key not in KEYS:
            words.append(term)
        elif key in given or not value:
            return Help(problem=f"{key}: stands once, with a value.")
        else:
            given[key] = value.strip('"')
    try:
        wanted = Search(
            words=" ".join(words),
            outcome=Outcome(given["outcome"]) if "outcome" in given else None,
            rows=count(given["rows"]) if "rows" in given else None,
            since=midnight(given["since"]) if "since" in given else None,
            until=midnight(given["until"]) if "until" in given else None,
            agent=given.get("agent", ""),
            source=given.get("source", ""),
            table=given.get("table", ""),
            column=given.get("column", ""),
            verdict=Then(given["verdict"]) if "verdict" in given else "",
            rule=given.get("rule", ""),
        )
    except ValueError:
        return Help(problem=UNREAD)
    return Finding(wanted=wanted, text=text, person=given.get("by", ""), after=after)


def count(text: str) -> int:
    """Read a number of rows.

    Raises: ValueError.
    """
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def midnight(day: str) -> datetime:
    """Read a day as its first moment, or a moment as 2026-11-27T14:05, UTC.

    Raises: ValueError.
    """
    if "T" in day:
        return datetime.strptime(day, MOMENT).replace(tzinfo=UTC)
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def further(value: object) -> Finding | Help | None:
    """Read a find button's value: the mark, a blank, what was typed."""
    head, _, text = value.partition(" ") if isinstance(value, str) else ("", "", "")
    found = MARK.fullmatch(head)
    return terms(text, Mark(at_ms=int(found[1]), sequence=int(found[2]))) if found else None


READERS: Final[Mapping[str, Callable[[str], Asked]]] = MappingProxyType(
    {
        "help": alone(Help()),
        "list": listing,
        "session": one(SESSION, "session", lambda name: OneSession(session=SessionId(name))),
        "call": one(CALL, "call", lambda name: OneCall(call=CallId(name))),
        "review": one(REVIEW, "review", lambda name: OneReview(review=ReviewId(name))),
        "person": person,
        "user": person,  # its older name
        "find": terms,
        "pending": alone(Waiting()),
        "verify": alone(Verifying()),
        "link": linking,
    }
)
