"""What speaks for a tag on each column: its name, what detectors see in a sample, and copies of tagged columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, final

from core.catalog import Oid, Snapshot
from core.masking.declared import bind
from core.masking.detectors import DETECTORS, REGIONS, Search, found, owner, plain
from core.masking.hardening.wanted import applications
from core.masking.masks import FREE_TEXT, effective, shape
from core.masking.proposing.propose import Proposal, fresh, propose, words, written

WHOLE: Final = 0.6  # of a value's characters: the value is one, and not a text that holds one
MOST: Final = 0.5  # of the sampled values
FEW: Final = 3  # distinct values below which two columns are alike by chance
SHORT: Final = 4  # characters of a value below which it is too common to tell a copy
EFFORT: Final = 300_000  # of one column's sample


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some values of one column; never shown, never stored."""

    values: tuple[str, ...] = field(repr=False)
    rows: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One column that holds, or by its name may hold, what needs a tag; without any value of it."""

    column: str  # as [source.x.tags] names it
    type: str
    tagged: str  # the tag that it has; "" when none
    proposal: Proposal | None
    sampled: int = 0
    seen: Mapping[str, int] = field(default_factory=dict)  # detector -> sampled values that hold it
    copy_of: str = ""  # a tagged column that it looks like a copy of


def weigh(
    snapshot: Snapshot, samples: Mapping[str, Sample], tags: Mapping[str, str], regions: tuple[str, ...] = REGIONS
) -> tuple[Evidence, ...]:
    """Say of each column what speaks for a tag; columns that nothing speaks for are left out.

    `regions` (ISO 3166-1 alpha-2) are those whose phone numbers are known without "+".
    """
    bound = bind(snapshot, tags).tags
    by_name = {one.column: one for one in propose(snapshot)}
    tagged = {
        written((relation.schema, relation.name, relation.attributes[number].name)): tag
        for oid, columns in bound.items()
        for relation in [snapshot.relations[oid]]
        for number, tag in columns.items()
    }
    copies = dict(_copies(tagged, samples))
    found_here = []
    for relation in applications(snapshot):
        for number in fresh(relation, snapshot) if relation.kind != "v" else ():
            attribute = relation.attributes[number]
            column = written((relation.schema, relation.name, attribute.name))
            tag = tagged.get(column, "")
            copied = "" if tag else copies.get(column, "") or _namesake(column, tagged)
            look = _look(attribute.name, samples.get(column), regions)
            asked = _strongest(_by_most(column, look), by_name.get(column), _by_any(column, look))
            asked = asked or _by_copy(column, copied, tagged)
            if tag or asked or look.seen:
                base = shape(attribute, snapshot.types).base
                found_here.append(
                    Evidence(
                        column=column,
                        type=attribute.type_name,
                        tagged=tag,
                        proposal=None if tag or asked is None else replace(asked, mask=_mask(asked, base)),
                        sampled=look.count,
                        seen=MappingProxyType(dict(look.seen)),
                        copy_of=copied,
                    )
                )
    return tuple(found_here)


def _mask(proposal: Proposal, base: Oid) -> str:
    return proposal.mask if proposal.tag == FREE_TEXT else effective(proposal.mask, base)


@final
@dataclass(slots=True)
class _Look:
    """What the detectors saw in one sample: values that hold something, values that are it, values looked at."""

    seen: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    count: int = 0


def _look(name: str, sample: Sample | None, regions: tuple[str, ...]) -> _Look:
    """Search a sample; the column's name counts as words before each value."""
    look, search = _Look(), Search(regions=regions, left=EFFORT)
    lead = f"{words(name).replace('_', ' ')}: "
    for value in sample.values if sample is not None else ():
        text = lead + plain(value)
        hits = [hit for hit in found(text, search) if hit.end > len(lead)]
        if search.spent():
            break
        size = WHOLE * (len(text) - len(lead))
        look.count += 1
        look.seen.update({owner(hit).name for hit in hits})
        look.whole.update({owner(hit).name for hit in hits if hit.end - max(hit.start, len(lead)) >= size})
    return look


def _by_most(column: str, look: _Look) -> Proposal | None:
    """Propose by what most values are."""
    for name, times in look.whole.most_common(1):
        if times >= MOST * look.count:
            row = DETECTORS[name]
            reason = f"{times} of {look.count} sampled values look like: {name}."
            return Proposal(column=column, tag=row.tag, mask=row.mask, reason=reason)
    return None


def _by_any(column: str, look: _Look) -> Proposal | None:
    """Propose free text by what any value holds."""
    for name, times in look.seen.most_common(1):
        reason = f"{times} of {look.count} sampled values hold what looks like: {name}."
        return Proposal(column=column, tag=FREE_TEXT, mask=FREE_TEXT, reason=reason)
    return None


def _strongest(most: Proposal | None, name: Proposal | None, part: Proposal | None) -> Proposal | None:
    """Believe most values before a name, and a name before a few values; one that agrees adds its reason."""
    first = most or name or part
    for other in (most, part):
        if name is not None and first is not None and other is not None and other.tag == name.tag == first.tag:
            return replace(first, reason=f"{name.reason} {other.reason}")
    return first


def _by_copy(column: str, copied: str, tagged: Mapping[str, str]) -> Proposal | None:
    if not copied:
        return None
    return Proposal(column=column, tag=tagged[copied], mask="hide", reason=f"it looks like a copy of {copied}.")


def _copies(tagged: Mapping[str, str], samples: Mapping[str, Sample]) -> Iterator[tuple[str, str]]:
    """Pair untagged columns with tagged ones whose sampled values they share: most of them, and more than a few."""
    sets = {column: {one for one in sample.values if len(one) >= SHORT} for column, sample in samples.items()}
    for column, values in sets.items():
        if column in tagged or len(values) < FEW:
            continue
        for original in tagged:
            shared = len(values & sets.get(original, set()))
            if shared >= max(FEW, MOST * min(len(values), len(sets[original]))):
                yield column, original
                break


def _namesake(column: str, tagged: Mapping[str, str]) -> str:
    """Find a tagged column of the same name in another table."""
    last = column.rpartition(".")[2]
    return next((one for one in tagged if last not in {"name", "id"} and one.rpartition(".")[2] == last), "")
