"""What an approval binds is hashed over the same octets, whoever writes them."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadCall
from core.model import Json
from core.policy.digest import canonical, written

TEXTS = st.text(alphabet=st.characters(), max_size=8) | st.text(
    alphabet='"\\/\x00\x1f\x7f\x85\u2028\ud800😀é\n\t', max_size=6
)
WORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, WORDS, max_size=5))
def test_a_digest_is_over_canonical_json_or_there_is_none(words: dict[str, Json]) -> None:
    try:
        octets = written(words)
    except BadCall:
        with pytest.raises(BadCall):
            canonical(words)
    else:
        assert canonical(words) == sha256(octets).hexdigest()
