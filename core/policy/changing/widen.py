"""Whether one policy lets anybody do more than another: said of each part, and where nobody can tell, it does.

Sound, not complete. Every old refusal must still stand; every old rule that asks or allows must have a successor at
least as strict, or nothing may remain that could stand in for it less strictly; and nothing may be covered that was
not. A rule that begins to ask counts as more: what a fact kept from an Allow was refused, and people could now say yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final, final

from core.model import Json, OnApproval, Verb
from core.policy.bounding import granting
from core.policy.bounding.bounds import DEFAULT, EXPIRES
from core.policy.changing import gained
from core.policy.changing.gained import Said
from core.policy.changing.lint import holds_with
from core.policy.changing.whom import EVERYONE, WHO, admitted, quoted, whom
from core.policy.conditions import globs
from core.policy.conditions.index import Prepared, index
from core.policy.rules import ASKED, Budget, Effects, Rule, Terms, Then

HIDE: Final = "hide"  # the mask that shows nothing
TWO: Final = 2  # people, for code that runs later as someone else
CHANGES: Final = frozenset({Verb.INSERT, Verb.UPDATE, Verb.DELETE})  # no statement that defines code does these
COMPARED: Final = 200_000  # pairs of rules, some 0.5 s; beyond it nobody can tell
CLOSELY: Final = 100_000  # names of changed rules, by rules of the other side, that are looked at one by one
NARROWER: Final = frozenset({"auditors", "clients", "operators", "result_readers"})  # lists of `console`


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Widening:
    """One way in which somebody may do more: the part of the policy, a sentence, and for whom; no person is named."""

    part: str
    sentence: str
    whom: str

    @property
    def said(self) -> str:
        """Both, for people."""
        return f"{self.sentence}; for {self.whom}"


def widenings(old: Terms, new: Terms) -> tuple[Widening, ...]:
    """Say everything by which `new` may let anybody do more than `old`; none: it provably does not."""
    parts = (
        ("rule", _rules(old, new)),
        ("budget", _budgets(old.budgets, new.budgets)),
        ("group", gained.groups(old.groups, new.groups)),
        ("group", gained.following(old.following, new.following)),
        ("break_glass", gained.glass(old.glass, new.glass)),
        ("mask", _masks(old, new)),
        ("owner", _owners(old.owners, new.owners)),
        ("agent", _agents(old, new)),
        ("identity", _identity(old, new)),
        ("console", _console(_part(old, "console"), _part(new, "console"))),
        ("slack", _linked(_part(old, "linked"), _part(new, "linked"))),
        ("source", _sources(old, new)),
        ("policy", _acknowledged(old, new)),
        ("policy", _others(old, new)),
    )
    return tuple(Widening(part=part, sentence=sentence, whom=whom) for part, said in parts for sentence, whom in said)


# ---------------------------------------------------------------- rules


def _rules(old: Terms, new: Terms) -> Iterator[Said]:
    for sentence, rule in openings(old, new):
        yield sentence, EVERYONE if rule is None else whom(rule)


def openings(old: Terms, new: Terms) -> Iterator[tuple[str, Rule | None]]:
    """Hold rules that are not on both sides, whatever their names, against all of the other side.

    With each sentence comes the rule, cut down to those for whom it means more; None: nobody can tell for whom.
    """
    before, after = index(old.rules).prepared, index(new.rules).prepared
    both = {_nameless(one) for one in before} & {_nameless(one) for one in after}
    gone = [one for one in before if _nameless(one) not in both]
    came = [one for one in after if _nameless(one) not in both]
    compared = len(gone) * len(after) + len(came) * len(before)
    if compared > COMPARED:
        yield f"{len(gone)} rules are gone or changed and {len(came)} are new: too many to be compared", None
        return
    closely = _names(gone) * len(after) + _names(came) * len(before) <= CLOSELY
    opaque = any(one.rule.then is Then.ASK and one.verbs & ASKED for one in after)  # code may be asked about
    for one in gone:
        said = partial(_gone, after=after, opaque=opaque)
        for sentence in said(one):
            yield sentence, _gaining(one, said) if closely else one.rule
    for other in came:
        added = partial(_came, before=before, opaque=opaque)
        for sentence in added(other):
            yield sentence, _gaining(other, added) if closely else other.rule


def _names(rules: list[Prepared]) -> int:
    """Count what rules name of those who ask."""
    return sum(len(getattr(one.rule.when, key) or ()) for one in rules for key in WHO)


def _gaining(one: Prepared, said: Callable[[Prepared], Iterator[str]]) -> Rule:
    """Cut a rule down to those for whom its coming or going means more: names that alone mean nothing are left out.

    Sound: who is met by a name for which nothing is said may do no more than before, whatever other names meet them.
    """
    left = one
    for key in WHO:
        names: frozenset[str] | None = getattr(left.rule.when, key)
        more = frozenset(name for name in names or () if any(said(_of(left, key, frozenset({name})))))
        left = _of(left, key, more) if more else left
    return left.rule


def _of(one: Prepared, key: str, names: frozenset[str]) -> Prepared:
    """Prepare the same rule for fewer."""
    when = one.rule.when
    lists = {"groups": when.groups, "agents": when.agents, "callers": when.callers, key: names}
    fewer = replace(when, groups=lists["groups"], agents=lists["agents"], callers=lists["callers"])
    (found,) = index((replace(one.rule, when=fewer),)).prepared
    return found


def _came(other: Prepared, before: tuple[Prepared, ...], *, opaque: bool) -> Iterator[str]:
    """Say what a new rule opens."""
    if other.rule.then is not Then.REFUSE and not any(_covered(other, one, opaque=opaque) for one in before):
        yield f'"{other.rule.name}" {other.rule.then.value}s what no rule did'


def _nameless(one: Prepared) -> Rule:
    return replace(one.rule, name="")


def _gone(one: Prepared, after: tuple[Prepared, ...], *, opaque: bool) -> Iterator[str]:
    """Say what a rule that is not there any more leaves open."""
    name = one.rule.name
    if one.rule.then is Then.REFUSE:
        if not any(_refuses_as(one, other) for other in after):
            yield f'the refusal "{name}" is gone or closes less'
    elif not any(_succeeds(one, other, opaque=opaque) for other in after):
        looser = _looser(one, after, opaque=opaque)
        if looser is not None:
            other = looser.rule.name
            said = "changed, and" if other == name else f'gone or changed, and "{other}"'
            yield f'"{name}" is {said} may be less strict where it held'


def _refuses_as(one: Prepared, other: Prepared) -> bool:
    """Whether another refusal holds wherever this one does, what happens to a whole schema included.

    A schema is closed by tables that are written in it (`core.policy.conditions.match`), so these must be named alike.
    """
    mine, its = one.rule, other.rule
    named = its.when.tables is None or (mine.when.tables is not None and mine.when.tables <= its.when.tables)
    return its.then is Then.REFUSE and named and (its.floor or not mine.floor) and holds_with(one, other)


def _succeeds(one: Prepared, other: Prepared, *, opaque: bool) -> bool:
    """Whether a rule of the same conditions takes over, at least as strict."""
    mine, its = one.rule, other.rule
    if (mine.when, mine.unless) != (its.when, its.unless) or (mine.floor and not its.floor):
        return False
    return its.then is Then.REFUSE or (
        its.then is mine.then and _as_strict(mine, its, opaque=opaque and bool(other.verbs - CHANGES))
    )


def _looser(one: Prepared, after: tuple[Prepared, ...], *, opaque: bool) -> Prepared | None:
    """Find a rule that may hold where this one did, and says less; where there is none, what it covered is refused."""
    for other in after:
        if other.rule.then is Then.REFUSE or not _meets(one, other):
            continue
        stricter = other.rule.then is Then.ASK or one.rule.then is Then.ALLOW
        if (
            one.rule.floor
            or not stricter
            or not _as_strict(one.rule, other.rule, opaque=opaque and bool(other.verbs - CHANGES))
        ):
            return other
    return None


def _meets(one: Prepared, other: Prepared) -> bool:
    """Whether both may hold for one pair; only what is certain keeps them apart."""
    if not one.verbs & other.verbs:
        return False
    mine, its = one.rule.when, other.rule.when
    for wanted, found in ((mine.sources, its.sources), (_literal(mine.tables), _literal(its.tables))):
        if wanted is not None and found is not None and not wanted & found:
            return False
    return True


def _literal(tables: frozenset[str] | None) -> frozenset[str] | None:
    """Names, where every one of them is one; a pattern may be any."""
    return tables if tables is not None and all(map(globs.literal, tables)) else None


def _covered(other: Prepared, one: Prepared, *, opaque: bool) -> bool:
    """Whether an old rule covered all that a new one does, asked wherever the new one asks, and could show as much."""
    its, mine = other.rule, one.rule
    if mine.then is Then.REFUSE or not holds_with(other, one) or not _named(its, mine):
        return False
    if Verb.RUN in other.verbs and (mine.when.verbs is None or mine.when.tables is None):
        return False
    if its.then is Then.ALLOW:
        return True
    flips = (
        opaque
        and other.verbs - CHANGES
        and _people(mine.effects) < TWO
        and its.effects.reviewers != mine.effects.reviewers
    )
    elsewhere = its.effects.channel not in {None, mine.effects.channel}
    shows = not (_shows_no_more(mine.effects, its.effects) and _grants_no_more(mine.effects, its.effects))
    return mine.then is Then.ASK and _people(mine.effects) > 0 and not (flips or elsewhere or shows)


def _named(its: Rule, mine: Rule) -> bool:
    """A machine is covered only by a rule that names it: whom a list names, the same list named before."""
    lists = ((its.when.agents, mine.when.agents), (its.when.callers, mine.when.callers))
    return all(new is None or (old is not None and new <= old) for new, old in lists)


def _as_strict(mine: Rule, its: Rule, *, opaque: bool) -> bool:
    """Whether a rule bounds at least as much as another, asks at least as many, and shows no more."""
    old, new = mine.effects, its.effects
    return _bounded(old, new) and (
        its.then is not Then.ASK or mine.then is Then.ALLOW or _asks(old, new, opaque=opaque)
    )


def _bounded(old: Effects, new: Effects) -> bool:
    for name in ("returned_rows", "returned_bytes", "timeout"):
        if _stated(new, name) > _stated(old, name):
            return False
    caps = ((old.affected_rows, new.affected_rows), (old.max_bytes, new.max_bytes))
    return all(before is None or (after is not None and after <= before) for before, after in caps)


def _stated(effects: Effects, name: str) -> float:
    found = getattr(effects, name)
    value = getattr(DEFAULT, name) if found is None else found
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def _asks(old: Effects, new: Effects, *, opaque: bool) -> bool:
    """People only grow; but where code may be asked about, a second person turns a refusal into a question."""
    counts = {seat.group: seat.count for seat in new.reviewers}
    grown = all(counts.get(seat.group, 0) >= seat.count for seat in old.reviewers)
    flips = _people(old) == 0 or (opaque and _people(old) < TWO <= _people(new))
    holds = old.on_approval is not OnApproval.HOLD or new.on_approval is OnApproval.HOLD
    sooner = (new.expires or EXPIRES) <= (old.expires or EXPIRES)
    shows = _shows_no_more(old, new) and _grants_no_more(old, new)
    return grown and not flips and holds and sooner and shows and new.channel == old.channel


def _shows_no_more(old: Effects, new: Effects) -> bool:
    return new.unmask <= old.unmask and new.copies <= old.copies


def _grants_no_more(old: Effects, new: Effects) -> bool:
    """Whether people can let no shape run without being asked that they could not before, nor further."""
    before, after = granting.stated(old), granting.stated(new)
    return after is None or (before is not None and after.within(before))


def _people(effects: Effects) -> int:
    return sum(seat.count for seat in effects.reviewers)


# ---------------------------------------------------------------- everything else


def _budgets(old: tuple[Budget, ...], new: tuple[Budget, ...]) -> Iterator[Said]:
    """A budget only closes, and more as a floor.

    One of another name, period, account or condition begins unused: what was used is gone.
    """
    now = {one.name: one for one in new}
    for one in sorted(old, key=lambda budget: budget.name):
        other = now.get(one.name)
        if other is None or replace(other, amounts=one.amounts, floor=one.floor) != one or one.floor > other.floor:
            yield f'the budget "{one.name}" is gone, or counts others', whom(one)
        elif any(other.amounts.get(measure, amount + 1) > amount for measure, amount in one.amounts.items()):
            yield f'the budget "{one.name}" holds more, or counts less', whom(one)


def _masks(old: Terms, new: Terms) -> Iterator[Said]:
    """A mask that is another may show more, but for the one that shows nothing."""
    for pattern in sorted(old.masks.keys() | new.masks.keys()):
        before, after = old.masks.get(pattern), new.masks.get(pattern)
        if after not in {before, HIDE}:
            yield f'the mask of "{pattern}" is {"another" if after else "gone"}', admitted(new.rules)


def _owners(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Said]:
    """Without an owner nothing is unmasked; but a pattern that is gone may leave its tags to a wider one."""
    for pattern in sorted(old.keys() | new.keys()):
        if old.get(pattern) != new.get(pattern) and (pattern in new or new):
            owners = quoted({new[pattern]} if pattern in new else set(new.values()))
            yield f'the owner of "{pattern}" is another', f"people in group {owners}"


def _agents(old: Terms, new: Terms) -> Iterator[Said]:
    for client, agent in sorted(new.agents.items()):
        if old.agents.get(client) != agent:
            yield f'agent "{client}" is new, or another answers for it', "whoever works through it"


def _identity(old: Terms, new: Terms) -> Iterator[Said]:
    if old.directories != new.directories or old.also.get("identity") != new.also.get("identity"):
        yield "who may sign people and agents in, or how, is another", EVERYONE


def _console(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Said]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, []), new.get(name, [])
        less = name in NARROWER and isinstance(before, list) and isinstance(after, list) and set(after) <= set(before)
        if not less and before != after:
            yield f"[console] {name} names more, or others", _admitted(name, before, after)


def _admitted(name: str, before: Json, after: Json) -> str:
    """Groups and clients that a list of `console` names now; of a part that is no list, everybody there."""
    if name not in NARROWER or not isinstance(before, list) or not isinstance(after, list):
        return "everyone at the console"
    said = quoted(str(one) for one in after if one not in before)
    return f"callers of client {said}" if name == "clients" else f"people in group {said}"


def _linked(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Said]:
    added = sum(1 for user, person in new.items() if old.get(user) != person)
    if added:
        yield f"{added} Slack accounts speak for other people than before", "whoever has these accounts"


def _sources(old: Terms, new: Terms) -> Iterator[Said]:
    before, after = _part(old, "sources"), _part(new, "sources")
    for name, said in sorted(after.items()):
        if name not in before:
            yield f'source "{name}" is new', admitted(new.rules, name)
        elif said != before[name]:
            yield from _source(name, before[name], said, new)


def _source(name: str, old: Json, new: Json, terms: Terms) -> Iterator[Said]:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield f'source "{name}" is another', admitted(terms.rules, name)
        return
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        safer = (key == "enforced" and after is True) or (key == "tags" and _tagged(before, after, terms))
        if before != after and not safer:
            yield f'source "{name}": {key} is another', admitted(terms.rules, name)


def _tagged(old: Json, new: Json, terms: Terms) -> bool:
    """Whether tags were only added, where none was, and no rule could hold because of one."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    looked = any(rule.when.tags is not None or rule.unless.tags is not None for rule in terms.rules)
    kept = all(new.get(column) == tag for column, tag in old.items())
    added = [column for column in new if column not in old]
    fresh = not any(_overlap(column, other) for column in added for other in new if other != column)
    return kept and fresh and not looked


def _overlap(one: str, other: str) -> bool:
    return globs.matches(one, other) or globs.matches(other, one)


def _acknowledged(old: Terms, new: Terms) -> Iterator[Said]:
    before, after = old.also.get("acknowledged", []), new.also.get("acknowledged", [])
    if not (isinstance(before, list) and isinstance(after, list) and set(after) <= set(before)):
        yield "what is weaker than the default is acknowledged by other names", EVERYONE


def _others(old: Terms, new: Terms) -> Iterator[Said]:
    """What nobody thought of here may be anything."""
    known = {"identity", "console", "linked", "sources", "acknowledged"}
    for name in sorted((old.also.keys() | new.also.keys()) - known):
        if old.also.get(name) != new.also.get(name):
            yield f"{name} is another", EVERYONE


def _part(terms: Terms, name: str) -> Mapping[str, Json]:
    found = terms.also.get(name)
    return found if isinstance(found, Mapping) else {}
