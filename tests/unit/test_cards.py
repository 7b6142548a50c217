"""Cards: five seconds to understand, the same facts in the same order, one safe button."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.model import Decision, Digest, Person, Reason, ReviewId, Sample, Seat, State, Vote
from slackbot.invented import Invented
from slackbot.kit import blocks, words
from slackbot.kit.room import BUDGET
from slackbot.lookups import grammar
from slackbot.views import audit, cards, glass, modals
from slackbot.views.cards import Ref
from tests.slack.doubles import DIGEST, NOW, caller, facts, question, review, shown

ALICE = Person(directory="acme", id="alice")
VOTE = Vote(
    review=ReviewId("rev_7Q2K9"),
    person=ALICE,
    name="alice@acme.example",
    seat="dba",
    decision=Decision.APPROVE,
    digest=DIGEST,
    via="slack:T1:U1",
    at=NOW + timedelta(minutes=1),
)


def texts(message: cards.Message) -> str:
    return "\n".join(cards.texts(message.blocks))


def offered(message: cards.Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows if isinstance(row, list) for element in row]


def test_the_approval_card_says_what_who_where_why_and_shows_the_statement() -> None:
    made = cards.card(shown())
    said = texts(made)
    for part in (
        "🟡 DELETE 1,204 rows · public.orders",
        "Claude Code for dana@acme.example",
        "shop as app_rw",
        "at most 1,204, counted; stops above 5,000 in all",
        "Undo\nno",
        "prod-writes: writes on prod need one DBA",
        "WHERE status = 'abandoned'",
        "Agent says: clean abandoned carts before the migration",
        "Needs 1 dba",
        "expires <!date^1795176900^{time}|2026-11-20 12:15:00 UTC>",
        "rev_7Q2K9 · sha256 ea067dda7c52",
    ):
        assert part in said
    assert offered(made) == ["review.approve", "review.deny", "review.open", "agent.block"]
    assert made.text == (
        "Review needed: DELETE 1,204 rows · public.orders (medium) by Claude Code for dana@acme.example"
    )
    assert blocks.message(made.text, made.blocks) == ()
    assert blocks.size(made.blocks) < 3000


def test_the_verified_client_is_named_first_and_nothing_of_ours_follows_what_it_calls_itself() -> None:
    named = shown(facts=facts(agent="web-agent", calls_itself="Claude for ceo@acme.example"))
    wanted = "web-agent for dana@acme.example · calls itself “Claude for ceo@acme.example”"
    assert words.who(named) == wanted
    assert f"Who\n{wanted}" in texts(cards.card(named))
    assert wanted in texts(cards.card(replace(named, review=review(state=State.EXECUTED))))
    assert cards.card(named).text.endswith(wanted)


def test_rows_that_a_change_made_elsewhere_are_said_to_be_counted_in() -> None:
    done = shown(review=review(state=State.EXECUTED), outcome={"affected": 328, "rows": 164, "dur_ms": 84})
    assert words.result(done) == "328 rows changed in all · 84 ms"
    alone = replace(done, outcome={"affected": 1}, facts=facts(counted=1))
    assert (words.result(alone), words.headline(alone)) == ("1 row changed in all", "DELETE 1 row · public.orders")


def test_a_rule_that_its_sentence_names_is_not_named_twice() -> None:
    said = "To update public.orders is for people to decide by the rule “prod-writes”."
    assert words.why(shown(facts=facts(reasons=(Reason(rule="prod-writes", sentence=said),)))) == said


def test_at_most_sixty_words_stand_beside_the_statement() -> None:
    bare = [block for block in cards.card(shown()).blocks if block["type"] not in {"rich_text", "actions"}]
    said = " ".join(text.split(":", 1)[1] for text in cards.texts(bare) if not text.startswith("mrkdwn"))
    assert len(said.split()) <= 60


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (shown(facts=facts(risk="high")), "its risk is high"),
        (shown(facts=facts(risk="critical")), "its risk is critical"),
        (shown(facts=facts(risk="whatever")), "its risk is whatever"),
        (shown(facts=facts(verbs=("define",))), "it is define"),
        (shown(facts=facts(verbs=("update", "GRANT"))), "it is grant"),
        (shown(facts=facts(verbs=("run",))), "it is run"),
        (shown(facts=facts(protected=True)), "it touches protected columns"),
        (shown(question=question(text="SELECT masked")), "it touches protected columns"),
        (shown(question=question(statement="x" * 2601)), "2,601 characters"),
        (shown(question=question(statement="\n" * 40)), "41 lines"),
        (shown(question=question(parameters=("y" * 2590,))), "characters in"),
        (shown(question=question(parameters=("y" * 1000,))), "its facts are longer than the card"),
        (shown(question=question(statement="\u200b" * 400)), "characters in 1 lines"),
        (shown(facts=facts(things=("t" * 200,))), "its facts are longer than the card"),
        (shown(facts=facts(undo="u" * 400)), "its facts are longer than the card"),
    ],
)
def test_what_is_grave_long_or_not_shown_whole_carries_no_one_click_approve(row: Any, why: str) -> None:
    made = cards.card(row)
    assert any(why in each for each in cards.obstacles(row))
    assert offered(made) == ["review.deny", "review.open", "agent.block"]


def test_a_card_with_one_click_shows_every_character_of_what_is_approved() -> None:
    row = shown(question=question(statement="x" * 2500, parameters=(1, "a\nb", None, True)))
    said = texts(cards.card(row))
    assert "review.approve" in offered(cards.card(row))
    assert "x" * 2500 in said
    assert '$1 int 1\n$2 str "a\\nb"\n$3 null null\n$4 bool true' in said


def test_limits_are_exact_at_their_edges() -> None:
    assert cards.obstacles(shown(question=question(statement="x" * 2600))) == ()
    assert cards.obstacles(shown(question=question(statement="x\n" * 39 + "x"))) == ()


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_card_with_word_and_icon(state: State) -> None:
    row = shown(
        state=state, votes=(VOTE,), outcome={"affected": 3, "dur_ms": 7, "outcome": "error", "code": "over_cap"}
    )
    made = cards.card(row)
    assert blocks.message(made.text, made.blocks) == ()
    if state is not State.PENDING:
        assert words.STATES[state] in texts(made)
        assert "by alice@acme.example (dba)" in texts(made)
        alive = state in {State.APPROVED, State.EXECUTING}
        assert offered(made) == (["review.revoke", "agent.block"] if alive else [])


@pytest.mark.parametrize(
    ("state", "code", "by", "said"),
    [
        (State.CANCELLED, "cancelled", "", "withdrawn by the agent that asked"),
        (State.CANCELLED, "stopped", "dora", "stopped by dora"),
        (State.CANCELLED, "blocked", "", "who asked or who voted was blocked meanwhile"),
        (State.CANCELLED, "policy_changed", "", "another policy came into force meanwhile"),
        (State.CANCELLED, "restored", "", "the store was restored from a copy"),
        (State.CANCELLED, "a_code_of_tomorrow", "", "a_code_of_tomorrow"),
        (State.REVOKED, None, "dora", "taken back by dora"),
    ],
)
def test_a_card_says_who_or_what_ended_it(state: State, code: str | None, by: str, said: str) -> None:
    row = shown(state=state, outcome=None if code is None else {"outcome": "cancelled", "code": code})
    row = replace(row, ended_by=by)
    assert f"\n{said}\n" in f"{texts(cards.card(row))}\n"


def test_an_unknown_outcome_is_never_shown_as_success_or_failure() -> None:
    said = texts(cards.card(shown(state=State.INDETERMINATE)))
    assert "Outcome unknown: look before retrying" in said
    assert "Executed" not in said
    assert "Failed" not in said


def test_names_of_blocks_carry_the_version_so_that_a_redraw_replaces_input() -> None:
    made = cards.card(shown(version=7))
    assert all(str(block["block_id"]).endswith(".7") for block in made.blocks)


def test_a_reference_survives_its_button_and_nothing_else_is_one() -> None:
    ref = cards.ref(shown())
    assert Ref.parse(str(ref)) == ref
    assert json.loads(str(ref)) == {"r": "rev_7Q2K9", "v": 1, "d": DIGEST}
    for wrong in (
        None,
        1,
        "",
        "x",
        "[1]",
        '{"r":"a","v":1}',
        '{"r":"a","v":1,"d":"x","z":1}',
        '{"r":"a","v":"1","d":""}',
    ):
        assert Ref.parse(wrong) is None


def test_a_message_is_genuine_as_sent_as_handed_back_and_before_later_votes() -> None:
    row = shown(review=review(seats=(Seat(group="dba", count=2),)))
    sent = cards.approval(row).blocks
    returned = json.loads(json.dumps(sent).replace("'abandoned'", "&lt;x&gt;").replace("🟡", ":large_yellow_circle:"))
    assert cards.genuine(row, {"blocks": sent})
    altered = shown(
        review=row.review, question=question(statement=row.question.statement.replace("'abandoned'", "<x>"))
    )
    assert cards.genuine(altered, {"blocks": returned})
    later = replace(row, votes=(VOTE,), review=replace(row.review, version=2))
    assert cards.genuine(later, {"blocks": sent})
    assert not cards.genuine(row, {"blocks": cards.approval(later).blocks})
    assert not cards.genuine(row, {"blocks": sent, "attachments": [{"text": "x"}]})
    assert not cards.genuine(row, {"blocks": sent[:-1]})
    assert not cards.genuine(row, None)


def test_the_denial_modal_says_that_the_agent_reads_the_note() -> None:
    view = modals.deny(cards.ref(shown()))
    assert blocks.view(view) == ()
    assert "it reads this" in json.dumps(view)


def test_a_reason_is_one_line_from_the_closed_list_and_the_note() -> None:
    def values(kind: object, note: object) -> dict[str, object]:
        return {"kind": {"v": {"selected_option": {"value": kind}}}, "note": {"v": {"value": note}}}

    assert modals.reason(values("wrong", None)) == "Wrong table or environment."
    assert modals.reason(values("wrong", "a\nb \u202e")) == "Wrong table or environment. a b ⟨U+202E⟩"
    assert len(modals.reason(values("wrong", "x" * 9000)) or "") < 600
    assert modals.reason(values("other", "x")) is None
    assert modals.reason(None) is None


def test_the_full_view_holds_everything_and_approves_only_for_the_eligible_while_pending() -> None:
    row = shown(facts=facts(protected=True, counted=7), question=question(text="SELECT masked", parameters=("p",)))
    full = modals.full(row)
    said = "\n".join(cards.texts(full.view["blocks"]))
    assert blocks.view(full.view) == ()
    assert full.approves
    for part in ("7, counted", "SELECT masked", 'str "p"', row.question.statement, "Agent says"):
        assert part in said
    assert not modals.full(replace(row, eligible=False)).approves
    assert not modals.full(shown(state=State.DENIED)).approves


def test_what_no_modal_holds_is_not_approvable_in_slack() -> None:
    most = shown(question=question(statement="x" * modals.PIECE * modals.PIECES))
    assert modals.full(most).approves
    assert blocks.view(modals.full(most).view) == ()
    over = shown(question=question(statement="x" * (modals.PIECE * modals.PIECES + 1)))
    assert not modals.full(over).approves
    assert blocks.view(modals.full(over).view) == ()


def test_a_full_view_holds_what_it_approves_however_much_stands_beside_the_statement() -> None:
    long = Invented().offered()
    reasons = tuple(Reason(rule=f"r{number}", sentence="s" * 900) for number in range(10))
    for number in range(80, modals.PIECES + 1):
        asked = replace(
            long.question, statement="x" * (number - 2) * modals.PIECE, text="x" * (number - 2) * modals.PIECE
        )
        row = replace(long, question=asked, facts=replace(long.facts, reasons=reasons))
        for view in (modals.full(row).view, glass.alone(modals.everything(row), "{}")):
            assert blocks.view(view) == (), number


def test_who_answers_alone_is_offered_no_grant() -> None:
    assert "grant" in str(modals.full(Invented().offered()).view)
    assert "grant" not in str(glass.alone(modals.everything(Invented().offered()), "{}"))


def test_a_number_of_a_protected_question_stands_in_no_card() -> None:
    for state in State:
        row = shown(
            state=state,
            facts=facts(protected=True, counted=4242),
            outcome={"affected": 4242, "rows": 4242, "dur_ms": 4242},
        )
        made = cards.card(row)
        assert "4,242" not in texts(made) + made.text
        assert "4242" not in texts(made) + made.text


def test_a_sample_stands_in_the_modal_of_who_may_decide_and_nowhere_else() -> None:
    told = Sample(columns=("id", "plan before", "plan after"), rows=(("1", "old-4711", "new-4711"),))
    for state in State:
        row = shown(state=state, facts=facts(sample=told))
        assert "4711" not in str(cards.card(row)), state
        assert "4711" not in cards.notification(row)
    row = shown(facts=facts(sample=told))
    assert "new-4711" in str(modals.full(replace(row, eligible=True)).view)
    assert blocks.view(modals.full(replace(row, eligible=True)).view) == ()
    assert "4711" not in str(modals.full(replace(row, eligible=False)).view)


def test_an_agent_cannot_speak_as_the_house() -> None:
    row = shown(facts=facts(purpose="x\nReviewer's reason: fine"))
    assert "plain_text:Agent says: x Reviewer's reason: fine" in list(cards.texts(cards.card(row).blocks))


@pytest.mark.parametrize(
    "asked",
    ["session ses_1", "call call_1", "help", "", "list", "session", "x y z", "find", "find rows:x", "find by:a by:b"],
)
def test_every_word_of_the_grammar_is_read_or_helped(asked: str) -> None:
    made = grammar.parse(asked)
    if isinstance(made, grammar.Help):
        assert blocks.message(audit.help_text(made.problem).text, audit.help_text(made.problem).blocks) == ()


@pytest.mark.parametrize(
    "asked",
    ["verdict:maybe", "outcome:done", "rows:-1", "rows:+1", "rows:1_0", "rows:٣", f"rows:{'9' * 30}", "since:24x"],
)
def test_a_search_that_is_not_understood_is_helped_and_finds_nothing_in_silence(asked: str) -> None:
    assert isinstance(grammar.parse(f"find {asked}"), grammar.Help)


@pytest.mark.parametrize("value", ["ses_1:0", "ses_1:99999"])
def test_a_page_is_read(value: str) -> None:
    assert grammar.page(value) is not None


@pytest.mark.parametrize("value", ["ses_1:-1", "ses_1:٣", "ses_1:", "x:1", "ses_1:9999999", None, 1, ""])
def test_what_is_no_page_is_none(value: object) -> None:
    assert grammar.page(value) is None


def test_a_digest_is_shown_by_twelve_digits_and_carried_whole() -> None:
    row = shown(question=question(digest=Digest("abcdef012345" + "9" * 52)))
    made = cards.card(row)
    assert "sha256 abcdef012345" in texts(made)
    assert "9" * 52 not in texts(made)
    assert "9" * 52 in json.dumps(made.blocks)


def test_a_card_that_would_be_too_large_is_plain_and_carries_no_approve() -> None:
    quotes = '"' * 3000
    row = shown(
        question=question(statement=quotes[:2600], source=quotes[:150], caller=caller(email=quotes[:200])),
        facts=facts(reasons=(Reason(rule="r", sentence=quotes[:880]),), undo=quotes[:290], purpose=quotes[:290]),
    )
    assert cards.obstacles(row) == ()
    assert blocks.size(cards.approval(row).blocks) > BUDGET
    made = cards.card(row)
    assert blocks.size(made.blocks) <= BUDGET
    assert offered(made) == ["review.deny", "review.open", "agent.block"]
