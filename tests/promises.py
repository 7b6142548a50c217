"""What must hold, each with where it is said, the test that proves it and the seeded fault that this test sees.

Two lines each: a field note and its section, then the sentence; the test (below `tests/`), then the fault, a table of
`tests/faults/*.toml` as file.name, whose own test is this one. `tests/shape/test_promises.py` checks both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final


@final
@dataclass(frozen=True, slots=True)
class Promise:
    """One *must*."""

    said: str
    text: str
    test: str  # path::name
    fault: str


def promises(table: str) -> tuple[Promise, ...]:
    """Read a table below."""
    lines = table.strip().splitlines()
    found = []
    for sentence, proof in zip(lines[::2], lines[1::2], strict=True):
        said, _, text = sentence.partition(": ")
        test, fault = proof.split()
        found.append(Promise(said, text, f"tests/{test}", fault))
    return tuple(found)


# What people see and look up in Slack.
CHAT: Final = """
reviews-and-slack 8: Each look-up is itself an Entry.
  slack/test_lookups.py::test_what_waits_is_listed_and_opened_in_full chat.a_look_without_its_entry
reviews-and-slack 8: Only auditors see other people's Sessions, and verify the Journal.
  slack/test_lookups.py::test_an_auditor_verifies_the_journal_and_nobody_else chat.anybody_verifies
reviews-and-slack 8: A Review of others is told to auditors alone.
  unit/test_audit_archive.py::test_a_review_is_told_to_auditors_and_to_whose_call_it_is_about_alone_and_each_look_is_on_record chat.reviews_of_others
reviews-and-slack 8: Answers are ephemeral.
  slack/test_audit.py::test_a_call_shows_its_words_and_its_entries chat.answers_for_everybody
reviews-and-slack 8: So are the pages that come later.
  slack/test_lookups.py::test_sessions_are_listed_page_by_page_until_the_time_asked chat.pages_for_everybody
reviews-and-slack 8: A Session says how its Entries stand in the signed Journal.
  slack/test_lookups.py::test_a_session_whose_entries_are_not_as_signed_says_so chat.a_story_said_to_be_proven
reviews-and-slack 8: That is proven, Entry by Entry.
  integration/test_prove_words.py::test_a_look_proves_each_entry_under_the_newest_signed_tree chat.entries_that_lead_nowhere
reviews-and-slack 9: The manifest is as Slack's published schema has it.
  unit/test_slack_manifest.py::test_the_manifest_is_as_slacks_own_schema_has_it chat.a_manifest_with_words_of_its_own
reviews-and-slack 8: App Home shows nothing to who is nobody here.
  slack/test_home.py::test_home_of_who_is_nobody_here_says_why_and_shows_nothing chat.a_home_for_anybody
reviews-and-slack 8: App Home follows what is decided.
  slack/test_home.py::test_home_opens_the_full_view_and_follows_what_is_decided chat.a_home_that_stands_still
threats 2: App Home carries no count of a protected question.
  slack/test_home.py::test_of_a_protected_question_home_shows_no_number_and_no_literal chat.counts_in_home
reviews-and-slack 13: Calls beyond their minute are told when to come back.
  slack/test_platform.py::test_calls_beyond_their_minute_are_told_when_to_come_back chat.a_platform_without_limits
reviews-and-slack 13: Hostile words on the local page are seen as they are, and nothing of them runs.
  slack/test_page.py::test_hostile_text_is_text_and_the_page_runs_no_script chat.markup_on_the_page
reviews-and-slack 10: A table holds 10,000 characters.
  unit/test_cards_blocks.py::test_each_violation_is_found_at_its_place chat.a_table_without_end
reviews-and-slack 10: Doctor compares the granted scopes with the manifest.
  slack/test_doctor.py::test_each_thing_that_would_not_work_has_its_remedy chat.scopes_unseen
threats 30: Thirty look-ups a person and minute.
  slack/test_audit.py::test_look_ups_are_bounded_per_person chat.look_ups_without_bound
"""

# Reading and running: things, verbs, functions, catalogs, the last look, writes.
READING: Final = """
sql 1.1: A relation that this backend locks beyond the closure withholds every Row.
  integration/test_connector_drift.py::test_a_lock_beyond_the_closure_withholds_every_row reading.locks_of_the_last_look
sql 1.1: A catalog row of the closure that differs from the snapshot withholds every Row.
  integration/test_connector_drift.py::test_a_change_between_reading_and_running_in_one_transaction_is_a_drift reading.stamp_of_the_last_look
sql 1.1: A look that came with the tree counts only where it was at all that the tree names.
  integration/test_connector_drift.py::test_a_look_at_what_was_expected_counts_only_where_it_was_at_all_that_is_witnessed reading.looks_at_something_else
sql 1.1: Tree settings stay on through Bind: a text analysed again is withheld.
  integration/test_connector_drift.py::test_a_text_analysed_again_before_it_runs_is_withheld reading.tree_settings_off_before_bind
sql 2.2: What the grammar scans over and over is refused before it.
  unit/test_classify_guards.py::test_a_run_of_operators_is_refused_before_the_grammar_scans_it_over_and_over fuzz.runs_of_operators
sql 2.2: Whoever asks the parser's thread is answered, if memory ends as well.
  unit/test_classify_guards.py::test_a_text_that_takes_all_memory_ends_and_the_next_one_is_read reading.texts_that_take_all_memory
sql 2.2: A tree that takes seconds to walk is refused.
  unit/test_classify_guards.py::test_a_tree_that_takes_seconds_to_walk_is_refused fuzz.trees_without_end
sql 1.1: After an error the stamp is compared before its SQLSTATE leaves.
  integration/test_connector_drift.py::test_an_error_after_a_change_is_withheld_too reading.look_after_errors
sql 1.1: READ COMMITTED is part of the rule: the last look sees what was committed meanwhile.
  integration/test_connector_drift.py::test_a_change_between_reading_and_running_in_one_transaction_is_a_drift reading.repeatable_read
sql 4.1: A text is prepared by name: an unnamed one would be analysed again at Bind.
  integration/test_connector_wire.py::test_a_witnessed_text_runs_as_itself_whatever_was_analysed_since reading.prepared_without_a_name
sql 3.1: A grant's shape folds the literal side of a plain equality at the top of WHERE, and nothing else.
  unit/test_policy_fingerprint.py::test_no_neighbour_of_a_statement_is_of_its_shape reading.equalities_under_or_folded
sql 3.1: A bound value that stands anywhere else belongs to the shape.
  unit/test_policy_fingerprint.py::test_a_bound_value_counts_as_the_literal_at_its_place reading.bound_values_left_out
sql 3.1: Objects belong to the shape by identity, as they are then.
  integration/test_witness_writes.py::test_a_shape_ends_with_the_objects_it_was_read_with reading.shapes_by_name
threats 7: No grant holds over a protected predicate.
  unit/test_policy_fingerprint.py::test_no_grant_holds_where_a_protected_value_decides_or_nothing_was_witnessed reading.grants_over_protected_predicates
masking 9: A protected value is copied into a column of its own tag alone, and by a rule that names both columns.
  unit/test_policy_decide.py::test_a_copy_of_protected_values_is_asked_about_by_a_rule_that_names_both_columns_and_by_no_other policy.copies_that_no_rule_names
masking 9: Into a column of another tag, or of none, no rule lets a protected value be copied.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.copies_into_another_tag
sql 12: Which sequence a change draws from stands in its text, or it is refused.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.sequences_named_at_run
masking 9: How many rows an INSERT writes, and in which order, follows no protected value but by a plain condition.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.amounts_by_protected_values
masking 8: A change whose condition looks at protected values takes its rows in no index's order.
  integration/test_witness_writes.py::test_no_table_is_made_of_the_rows_that_come_first_by_an_index_over_protected_values writes.order_of_an_index
masking 9: A constraint of a domain tells of the protected values that it is held against.
  integration/test_witness_writes.py::test_a_domain_held_against_rows_tells_of_their_protected_values writes.constraints_of_domains
masking 1: A view that keeps its own body shows no protected column that has no tag of its own there.
  integration/test_witness_postgres.py::test_a_view_that_keeps_its_own_body_shows_no_protected_column_without_a_tag masking.views_tagged_in_part
masking 1: A materialised view is closed until it has every tag of what it reads, or is declared free of them.
  unit/test_masking_spread.py::test_a_copy_that_is_tagged_in_part_stays_closed masking.copies_tagged_in_part
sql 3: A field outside the closed list refuses like a node.
  unit/test_classify_guards.py::test_a_field_outside_the_closed_list_is_refused_like_a_node reading.closed_fields_of_the_grammar
sql 3: Views whose tree would be too large are refused before the server is asked.
  integration/test_connector_waiting.py::test_views_too_heavy_for_a_tree_are_refused_before_the_server_is_asked reading.weight
sql 3: No parameter but the Call's own stands in the tree.
  integration/test_witness_postgres.py::test_a_parameter_beyond_the_calls_own_disagrees reading.parameters_beyond_the_calls_own
sql 4.1: A backslash in a literal means the same to both readers.
  integration/test_connector_limits.py::test_literals_mean_the_same_to_both_readers_whatever_the_session_says reading.strings_setting
sql 4.2: A server version without its reviewed lists does not start.
  integration/test_connector_reads.py::test_a_server_version_without_reviewed_lists_does_not_start reading.versions_without_lists
sql 4.5: No query in a read's tree has another command than SELECT, or a target.
  integration/test_witness_postgres.py::test_each_word_of_the_tree_that_says_more_than_a_read_disagrees_alone reading.commands_in_the_tree_of_a_read
sql 4.5: Nothing in a read's tree changes or locks rows.
  integration/test_witness_postgres.py::test_each_word_of_the_tree_that_says_more_than_a_read_disagrees_alone reading.changes_in_the_tree_of_a_read
sql 4.5: A read needs no right but SELECT.
  integration/test_witness_postgres.py::test_each_word_of_the_tree_that_says_more_than_a_read_disagrees_alone reading.rights_in_the_tree_of_a_read
sql 3: Exactly one statement comes in a text.
  unit/test_classify_postgres.py::test_caps_and_characters_are_refused_before_the_parser reading.several_statements
sql 3: More than 32 range variables are refused.
  unit/test_classify_postgres.py::test_caps_and_characters_are_refused_before_the_parser reading.relations_without_end
sql 3: Temporary and TOAST relations are refused by their names.
  unit/test_classify_postgres.py::test_caps_and_characters_are_refused_before_the_parser reading.temporary_and_toast_relations
sql 2.2: The grammar runs in a thread whose stack its recursion cannot overrun.
  unit/test_classify_guards.py::test_a_chain_of_64_kb_ends_no_process reading.a_small_stack
sql 2.2: What is nested too deeply to be read is refused.
  unit/test_classify_postgres.py::test_no_text_of_64_kb_ends_the_process_or_raises reading.nesting_that_raises
sql 10: An option of EXPLAIN that is not known is refused.
  unit/test_classify_guards.py::test_unknown_options_of_explain_are_refused reading.options_of_explain
sql 10: A plan quotes no condition of a view or a policy.
  integration/test_connector_demo.py::test_conditions_that_a_view_or_a_function_wrote_are_not_quoted reading.conditions_of_others
masking 11: A refusal says what would be allowed, or who can change it.
  shape/test_refusals.py::test_every_refusal_says_what_would_be_allowed_or_who_can_change_it masking.refusals_without_advice
masking 8: A protected table is not sampled, whether or not a protected column is touched.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.samples_of_protected_tables
sql 4.5: A relation with tags shows no system column.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.system_columns_of_protected_tables
sql 5: Each relation that the parser resolved stands in the server's tree, as often as it is named.
  integration/test_witness_postgres.py::test_a_dump_of_another_statement_disagrees reading.agreement_counts
sql 0: An untagged read is answered byte for byte.
  integration/test_connector_analysts.py::test_what_analysts_ask_is_answered_byte_for_byte reading.json_tables
sql 6: A function is allowed by its object id from a reviewed list, or refused.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.functions_by_name
sql 6: No function is called that takes SQL text or a connection string, whatever its extension declares.
  unit/test_classify_guards.py::test_an_extension_that_takes_sql_text_or_a_connection_string_is_never_called reading.extensions_that_take_sql_text
sql 6: An aggregate is allowed if each of its parts is.
  integration/test_connector_functions.py::test_any_other_own_function_is_refused_by_name reading.parts_of_aggregates
sql 6: An own SQL function is allowed if its body, read by the witness, names no relation.
  integration/test_connector_functions.py::test_any_other_own_function_is_refused_by_name reading.bodies_that_name_relations
sql 6: A polymorphic body, which means another function for each type, is not known.
  integration/test_connector_functions.py::test_any_other_own_function_is_refused_by_name reading.polymorphic_bodies
sql 6: Such a body calls only what a read may call.
  integration/test_connector_functions.py::test_any_other_own_function_is_refused_by_name reading.bodies_that_call_anything
sql 6: Such a body is read again when its names may mean something else.
  integration/test_connector_functions.py::test_a_body_is_read_again_when_its_words_may_mean_something_else reading.words_of_a_body
sql 6: A registered function is bound to the body that was looked at.
  integration/test_connector_functions.py::test_a_registered_function_runs_until_its_body_is_another reading.registered_whatever_the_body
sql 6: A registration lifts no function of the server and none with its owner's rights.
  integration/test_connector_functions.py::test_a_registration_lifts_no_function_of_the_server_and_no_owners_rights reading.registered_with_owners_rights
sql 6: No function outside the section runs at Parse, through a domain's CHECK or a range: the Source is closed.
  integration/test_connector_functions.py::test_code_that_runs_at_parse_closes_the_source_naming_type_and_function reading.code_at_parse
masking 8: A size is shown of a constant relation without tags only.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.sizes_of_what_is_not_constant
sql 6: No handle is passed to an extension's function by hand.
  unit/test_classify_guards.py::test_no_handle_is_passed_to_an_extensions_function_by_hand reading.handles_passed_by_hand
sql 7: System relations are shown by listed columns only.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.catalog_columns
sql 10: Every wait for the server ends.
  integration/test_connector_waiting.py::test_silence_during_an_estimate_or_a_plan_ends reading.a_wait_without_end
sql 4.3: A tree that the server's fold cut inside a character is no second reading.
  integration/test_connector_waiting.py::test_a_tree_folded_inside_a_character_is_no_second_reading reading.trees_cut_in_two
sql 1.1: What answers one question is never taken for the answer to another, however it arrives.
  unit/test_wire.py::test_answers_belong_to_their_questions_however_they_are_cut wire.answers_to_other_questions
sql 1.1: After an error nothing that was asked with it counts as answered.
  unit/test_wire.py::test_after_an_error_what_was_asked_with_it_is_skipped wire.errors_of_one_question_alone
sql 10: A message that answers nothing asked ends the connection, and its rows are never believed.
  unit/test_wire.py::test_an_answer_that_is_not_the_one_asked_for_is_never_taken wire.messages_that_answer_nothing
sql 10: More or fewer rows than a portal was asked for end the connection.
  unit/test_wire.py::test_more_less_or_other_than_what_was_asked_is_a_deviation wire.another_number_of_rows
sql 10: A simple query is answered by as many commands as it has.
  unit/test_wire.py::test_a_simple_query_is_answered_by_as_many_commands_as_it_has wire.another_number_of_commands
sql 2.2: A long text is read beside the event loop.
  unit/test_reading_memory.py::test_a_long_text_is_read_beside_the_event_loop wire.long_texts_on_the_loop
sql 5: A name that the server itself does not find loads no catalogs.
  integration/test_connector_reads.py::test_a_mistyped_name_loads_no_catalogs wire.loads_for_mistyped_names
sql 10: A message cut at any octet is read as it was sent.
  unit/test_wire.py::test_answers_belong_to_their_questions_however_they_are_cut wire.messages_cut_in_two
sql 10: What the server says to nobody ends the connection.
  unit/test_wire.py::test_what_nobody_asked_for_ends_the_connection wire.words_that_nobody_asked_for
sql 10: The driver asks nothing within a transaction of ours.
  integration/test_connector_wire.py::test_the_driver_asks_nothing_within_a_transaction_of_ours_nor_we_within_one_of_its wire.driver_inside_ours
sql 10: Nothing is asked while an answer to the driver is on its way.
  integration/test_connector_wire.py::test_a_driver_that_still_waits_is_waited_for wire.driver_still_waiting
sql 10: What a caller who went away had asked ends, and the connection goes on.
  integration/test_connector_wire.py::test_what_a_caller_who_went_away_asked_ends_and_the_connection_goes_on wire.callers_who_went_away
sql 10: A transaction that ended by itself ends the connection.
  integration/test_connector_wire.py::test_a_transaction_that_ends_by_itself_is_believed_no_more wire.transactions_that_ended
sql 12: Two answers to COMMIT leave the outcome unknown.
  integration/test_connector_wire.py::test_the_answer_to_commit_is_taken_for_what_it_says_or_not_at_all wire.two_answers_to_commit
sql 12: A write that the server analysed again does not run at all.
  integration/test_connector_drift.py::test_a_write_analysed_again_does_not_even_run wire.writes_run_before_they_are_known
sql 10: A read ends in ROLLBACK.
  integration/test_connector_limits.py::test_a_read_ends_in_rollback reading.reads_that_commit
sql 10: A text is read by what was kept for its exact bytes, never for its shape.
  unit/test_reading_memory.py::test_two_texts_of_one_fingerprint_in_a_row_are_read_each_as_itself reading.another_text_of_one_shape
sql 10: The witness is asked each time, and what was kept holds for what it said to the byte.
  unit/test_reading_memory.py::test_another_dump_of_the_same_text_is_read_anew reading.another_dump_of_one_text
sql 10: What was kept holds for one role, path and stamp.
  unit/test_reading_memory.py::test_another_roles_catalogs_are_read_anew reading.another_roles_catalogs
sql 10: What was kept holds for one version of tags and masks.
  unit/test_reading_memory.py::test_other_tags_are_read_anew reading.other_tags_in_force
sql 10: No prepared text, setting, role or lock is left for the next caller.
  integration/test_connector_limits.py::test_nothing_is_left_for_the_next_caller reading.texts_of_earlier_callers
sql 10: No result takes more memory than is held at once, whatever its cells.
  integration/test_connector_limits.py::test_no_result_takes_more_memory_than_is_held_at_once reading.memory_without_bound
sql 10: An error is a SQLSTATE and a fixed sentence.
  integration/test_connector_limits.py::test_errors_say_no_word_of_the_database reading.words_of_the_database
sql 10: A mistake in the agent's own text is told in no word of the database.
  integration/test_connector_analysts.py::test_a_mistake_is_told_in_no_word_of_the_database_and_without_values reading.words_of_the_database_at_parse
sql 10: What may have been meant is guessed of what the role may see.
  unit/test_connector_hints.py::test_a_column_that_the_role_may_not_read_is_never_guessed reading.hints_of_what_the_role_may_not_see
sql 10: A guess is told only to a Caller who may see the table.
  unit/test_policy_decide.py::test_a_hint_is_told_only_to_a_caller_who_may_see_its_table reading.hints_for_everyone
sql 10: No EXPLAIN over a relation with protected columns.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.plans_of_protected_tables
sql 10: What EXPLAIN explains reads as the inner text does.
  unit/test_classify_guards.py::test_an_explain_cut_elsewhere_disagrees reading.explain_cut_unproven
sql 3: Without RECURSIVE a CTE sees only the earlier ones.
  unit/test_classify_postgres.py::test_ctes_are_scoped_as_the_server_does reading.scope_by_subtraction
sql 3: The text's parameters are $1 to $p, each used.
  unit/test_classify_postgres.py::test_parameters_are_numbered_without_gaps_and_each_is_used reading.parameters_with_gaps
sql 2: A text with a NUL, half a surrogate pair or too many bytes is refused before the parser.
  unit/test_classify_postgres.py::test_caps_and_characters_are_refused_before_the_parser reading.texts_cut_at_nul
sql 4.3: A name that the dump would cut inside a character is refused.
  unit/test_classify_postgres.py::test_names_that_the_dump_would_cut_inside_a_character_are_refused reading.names_cut_inside_a_character
sql 3: The agent's text names no schema that harden made.
  integration/test_witness_postgres.py::test_no_text_names_a_schema_that_is_ours reading.our_schemas_by_name
sql 4.1: A statement has exactly one tree.
  unit/test_connector_hints.py::test_a_statement_has_exactly_one_tree reading.two_trees
sql 1.1: The tree of an SQL function's body is not the statement's.
  unit/test_connector_hints.py::test_a_statement_has_exactly_one_tree reading.trees_of_bodies
sql 4.1: Temporary tables are searched last.
  unit/test_connector_hints.py::test_the_search_path_names_temporary_tables_last reading.temporary_tables_first
sql 4.3: A token that the server's fold may have cut is refused.
  unit/test_classify_postgres.py::test_a_dump_reads_only_as_the_field_table_says reading.folded_tokens
sql 4.2: The fields of a node stand in the table's order.
  unit/test_classify_postgres.py::test_a_dump_reads_only_as_the_field_table_says reading.field_order
sql 4.2: A field has one value.
  unit/test_classify_postgres.py::test_a_dump_reads_only_as_the_field_table_says reading.one_value_a_field
sql 4.3: A value that looks like a field is never taken for a value.
  unit/test_classify_postgres.py::test_a_dump_reads_only_as_the_field_table_says reading.fields_as_values
sql 4.3: Numbers are ASCII digits.
  unit/test_classify_postgres.py::test_a_dump_reads_only_as_the_field_table_says reading.digits_of_any_script
sql 4.2: The whole row is every column.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.whole_rows
sql 4.2: A column that the snapshot does not know is never taken for an untagged one.
  integration/test_witness_postgres.py::test_an_unknown_relation_or_column_is_never_taken_for_an_untagged_one reading.unknown_columns
sql 4.5: A statement names tables and views, nothing else.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.sequences_named_as_tables
sql 5: The server reads nothing that nobody wrote.
  integration/test_witness_postgres.py::test_a_dump_of_another_statement_disagrees reading.what_nobody_wrote
sql 7: A catalog behind a user's view is held to the list, beside a listed view as well.
  integration/test_witness_postgres.py::test_a_users_view_over_statistics_shows_none_even_beside_a_listed_view reading.catalogs_behind_views
sql 6: An operator is the function behind it.
  integration/test_connector_functions.py::test_any_other_own_function_is_refused_by_name reading.operators_left_out
sql 6: Types are closed over elements, fields and base types, with all that their CHECKs call.
  integration/test_connector_functions.py::test_any_other_own_function_is_refused_by_name reading.types_not_closed
sql 6: A setting is looked at inside a row policy only.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.settings_anywhere
sql 1: The digest holds the stamp of all that a statement stands on.
  integration/test_witness_postgres.py::test_the_digest_follows_tree_stamp_and_tags reading.digest_without_stamp
sql 1: The digest holds the version of tags and masks.
  integration/test_witness_postgres.py::test_the_digest_follows_tree_stamp_and_tags reading.digest_without_tags
sql 10: SHOW answers listed settings only.
  integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says reading.settings_by_any_name
sql 12: Rows are counted from after BEGIN on.
  integration/test_connector_writes.py::test_rows_of_an_earlier_caller_do_not_count reading.rows_of_earlier_callers
sql 12: Cascades are followed into what BEFORE triggers and generated columns change.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says reading.cascades_behind_before_triggers
"""

# Tags, masks, roles, ways out.
MASKING: Final = """
masking 0: What is spliced does not count as witnessed until the server's second tree is proven.
  integration/test_templates.py::test_a_reading_masked_in_the_text_alone_is_not_witnessed_until_it_is_proven masking.witnessed_before_the_proof
masking 0: The weaker mode is acknowledged by name.
  unit/test_settings_load.py::test_spliced_masking_is_acknowledged_by_name masking.spliced_by_name
masking 2: `hide` is a constant: nothing of the value stands in it.
  property/test_masks.py::test_every_kind_has_a_form_on_every_type_and_none_but_free_text_is_raw masking.hide_not_constant
masking 2: The last four of a short value are not shown.
  integration/test_masks_on_postgres.py::test_masks_show_what_they_say masking.last4_of_short_values
masking 2: The year of a date that no timestamp holds does not raise.
  integration/test_masks_on_postgres.py::test_no_mask_raises_on_any_legal_value_of_any_type masking.year_of_far_dates
masking 2: The bucket of a number at its type's end does not raise.
  integration/test_masks_on_postgres.py::test_no_mask_raises_on_any_legal_value_of_any_type masking.bucket_by_division
masking 2: The network of an address of either family does not raise.
  integration/test_masks_on_postgres.py::test_no_mask_raises_on_any_legal_value_of_any_type masking.network_of_both_families
masking 2: Tokens are the same here and in the database, whatever the text.
  integration/test_masks_on_postgres.py::test_tokens_of_the_database_equal_pythons masking.tokens_in_any_encoding
masking 2: A domain's column becomes its base type: no CHECK meets a masked value.
  integration/test_masks_on_postgres.py::test_a_masked_column_keeps_its_type_and_modifier masking.domains_are_base_types
masking 2: Generated text names its functions and operators with their schema.
  integration/test_masks_on_postgres.py::test_masks_mean_the_same_under_a_hostile_search_path masking.functions_of_masks_qualified
masking 2: A document whose shape would raise is hidden whole.
  integration/test_masks_on_postgres.py::test_no_mask_raises_on_any_legal_value_of_any_type masking.json_shapes
masking 2: Every listed path of a document is taken out.
  integration/test_masks_on_postgres.py::test_a_document_loses_its_listed_paths_or_keeps_them_alone masking.json_paths
masking 5: Keys that are parameters reach no log.
  integration/test_modes.py::test_mask_keys_reach_no_log masking.keys_in_log
masking 6: Keys are bound after the Call's own parameters, per tag in byte order, inner pad first.
  integration/test_templates.py::test_a_reading_masked_in_the_text_alone_is_not_witnessed_until_it_is_proven masking.key_order
masking 6: Without a proof of the masked text no rows come.
  integration/test_modes.py::test_with_no_proof_no_rows_come masking.proof_asked_for
masking 6: Each entry of a tainted relation lies in a query equal to a template.
  integration/test_templates.py::test_one_occurrence_left_raw_beside_a_masked_one_is_refused masking.occurrence_outside_templates
masking 6: So does each permission record that names one.
  integration/test_templates.py::test_a_permission_record_without_an_entry_is_an_occurrence masking.entries_counted_records_not
masking 6: A query equals a template in every field but locations.
  integration/test_templates.py::test_one_column_left_raw_in_a_masked_relation_is_refused masking.template_equality
masking 6: Keys of a template are compared as tag and pad.
  integration/test_templates.py::test_keys_that_changed_places_are_refused masking.keys_compared_by_meaning
masking 6: What masked types choose is judged like the first tree.
  integration/test_templates.py::test_functions_that_a_masked_type_chooses_are_judged_as_well masking.second_tree_judged
sql 3: A mask key stands in no tree outside a template.
  integration/test_templates.py::test_a_mask_key_named_outside_a_masked_relation_is_refused masking.key_parameters_outside_templates
masking 1: Every Source that reaches a database carries the union of all Sources' tags.
  integration/test_shared_tags.py::test_a_source_without_tags_carries_those_of_the_other enforced.tags_of_another_source
masking 1: One column with two different tags refuses start-up.
  integration/test_shared_tags.py::test_a_column_with_two_different_tags_refuses_both_sources enforced.tags_in_conflict
masking 1: A Source whose identity is not yet read may be this database: what its tags name here is closed.
  integration/test_shared_tags.py::test_a_source_that_is_reached_later_brings_its_tags_with_it enforced.tags_of_a_source_not_yet_reached
masking 1: A conflict found later closes both.
  integration/test_shared_tags.py::test_a_conflict_that_is_found_later_closes_both enforced.tags_found_later
masking 1: What is accepted by name is accepted by every Source of the database.
  integration/test_shared_tags.py::test_what_only_one_source_accepts_is_not_accepted enforced.accepted_by_one_source
masking 8: Nor does what a definition copies come in the order of such an index.
  integration/test_witness_writes.py::test_no_table_is_made_of_the_rows_that_come_first_by_an_index_over_protected_values writes.index_order_of_definitions
sql 1: A permitted write runs only while the domains of its table's columns, and their CHECKs, are what they were.
  integration/test_stored_code.py::test_code_on_rows_that_changes_between_reading_and_running_lets_nothing_run writes.domains_of_a_tables_columns
sql 1: So are the functions that CHECKs, defaults, generated columns, indexes and WHEN call, and what those call.
  integration/test_stored_code.py::test_code_on_rows_that_changes_between_reading_and_running_lets_nothing_run writes.what_code_on_rows_calls
masking 9: A value that a condition compares with a protected one is written nowhere without a tag.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.values_that_a_join_ties
masking 9: A value that a condition compares with a protected one is not returned by a write.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.tied_values_returned
masking 9: Nor is it shown by a statement that changes or locks rows besides.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.tied_values_shown
masking 9: What the statement itself makes, series and lists, is followed like a stored column.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.values_that_the_statement_makes
masking 9: What is compared with a compared value is tied in turn.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.values_tied_in_turn
masking 9: A protected number of rows ties all that the rows show.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.numbers_of_rows
masking 9: A count or a rank depends on what chose the rows that it counts.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.what_decides_which_rows_are_counted
masking 9: Unique and exclusion keys over protected columns are asked about: 23505 reveals existence.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.keys_over_protected_columns
masking 9: So are foreign keys that lead to protected columns: 23503 reveals existence.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.foreign_keys_to_protected_columns
masking 9: And those that protected columns lead from: a refusal or a cascade tells who has the value.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.foreign_keys_of_protected_columns
masking 9: And CHECKs that compare a changed column with a protected one.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.checks_over_protected_columns
masking 9: And the CHECK OPTION of a view that looks at a protected column.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.checks_of_views_over_protected_columns
masking 9: No sequence counts rows by protected values.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.sequences_that_count_protected_values
masking 8: System columns and samples of a parent show nothing of how its protected children are stored.
  fuzz/test_found.py::test_no_parent_shows_how_its_protected_children_are_stored masking.storage_of_children
sql 7: A catalog that looks into each sequence is answered: those locks come of it.
  fuzz/test_found.py::test_a_catalog_that_looks_into_each_sequence_is_answered reading.sequences_that_a_catalog_locks
masking 8: Nor a partial index of protected columns, which is scanned for its predicate alone.
  integration/test_lookups.py::test_rows_never_come_in_the_order_of_a_partial_index_over_protected_values masking.order_of_partial_indexes
masking 8: Nor where settings of the role or the database bar every other scan.
  integration/test_lookups.py::test_rows_never_come_in_the_order_of_a_partial_index_over_protected_values masking.scans_that_settings_bar
masking 8: No scan follows an index that holds protected columns beside others.
  fuzz/test_twins.py::test_no_scan_follows_an_index_over_tags fuzz.order_by_an_index_over_tags
masking 13: A leak planted in each channel is found by comparing twins.
  fuzz/test_twins.py::test_a_leak_planted_in_a_channel_is_found fuzz.twins_whose_rows_nobody_compares
masking 13: Of the mutants of every hunt enough use a tagged column and return rows.
  fuzz/test_hunt.py::test_mutants_that_stray_are_followed_by_mild_ones_of_what_answered fuzz.mutants_that_stray
masking 13: A difference between twins that goes away stays a difference.
  fuzz/test_hunt.py::test_a_difference_that_is_gone_when_asked_again_stays_a_difference fuzz.differences_that_go_away
masking 13: A clock excuses only what differs within one twin as well.
  fuzz/test_hunt.py::test_a_clock_excuses_only_what_differs_within_one_twin_as_well fuzz.clocks_that_excuse_everything
masking 13: A time limit excuses only what is alike with time enough.
  fuzz/test_hunt.py::test_a_time_limit_excuses_only_what_is_alike_with_time_enough fuzz.limits_that_excuse_everything
masking 13: A canary is found however it is disguised.
  fuzz/test_canary.py::test_a_canary_is_found_on_the_raw_connector fuzz.canaries_at_one_offset
masking 13: No adaptive attacker wins, whoever approves: not by the count of a change either.
  fuzz/test_attackers.py::test_no_attacker_wins_against_the_line fuzz.counts_of_protected_changes
masking 13: With a reading that reports no protected column, no protected cell comes out.
  integration/test_blind.py::test_with_a_blind_reading_the_engine_refuses_every_masked_statement enforced.blind_reading_reads
masking 13: Nor with a splicer that skips one occurrence.
  integration/test_blind.py::test_a_relation_that_the_splicer_skips_is_refused_by_the_engine enforced.blind_splicer_reads
masking 13: Children of an untagged parent, which column rights let through, are caught by the stamp.
  integration/test_blind.py::test_children_that_a_parent_gains_are_caught_by_the_stamp enforced.children_of_an_untagged_parent
sql 10: 42501 after a permit is told as what it is.
  integration/test_blind.py::test_with_a_blind_reading_the_engine_refuses_every_masked_statement enforced.denial_taken_as_normal
sql 10: 42501 after a permit is an Entry and an alert.
  integration/test_blind.py::test_with_a_blind_reading_the_engine_refuses_every_masked_statement enforced.denial_without_an_alert
sql 10: A name that is looked up as a statement runs, and is not for the role, is no alert.
  integration/test_denials.py::test_a_name_that_is_not_for_the_role_is_no_alert enforced.alerts_by_names_looked_up
sql 10: Nor is one that a type of the database's own makes be looked up.
  integration/test_denials.py::test_a_name_that_is_not_for_the_role_is_no_alert enforced.alerts_by_types_of_names
sql 10: No name looked up beside a wrong reading silences its alert.
  integration/test_denials.py::test_a_wrong_reading_is_an_alert_whatever_names_are_looked_up_beside_it enforced.alerts_that_look_ups_would_silence
sql 10: Code of the database's own that raises 42501 raises no alert.
  integration/test_errors.py::test_code_of_the_database_that_says_a_right_is_missing_raises_no_alert enforced.alerts_raised_by_own_code
sql 10: Every function that answers 42501 for a name is known by its id.
  integration/test_denials.py::test_every_function_that_answers_so_for_a_name_is_known_by_its_id enforced.functions_that_answer_for_names
sql 10: 42501 is never control flow: what the role may not call is refused before it runs.
  integration/test_blind.py::test_what_the_role_may_not_call_is_refused_before_it_runs enforced.functions_that_the_role_may_not_call
masking 1: Tags spread to children and parents by name.
  unit/test_masking_spread.py::test_tags_go_to_children_and_to_parents_by_name enforced.tags_to_children
masking 1: A generated column is hidden, whatever the mask of what it is made from.
  unit/test_masking_spread.py::test_a_generated_column_is_hidden_whatever_its_sources_mask enforced.generated_columns
masking 1: A view over a tainted relation is tainted, at any depth.
  unit/test_masking_spread.py::test_a_view_is_tainted_by_the_columns_it_reads enforced.views_over_views
masking 1: A barrier view keeps its body and needs tags of its own.
  unit/test_masking_spread.py::test_a_barrier_view_needs_tags_of_its_own enforced.barrier_views
masking 1: So does a view whose owner passes policies that our role does not.
  unit/test_masking_spread.py::test_a_view_over_row_security_keeps_its_owners_sight enforced.views_that_pass_policies
masking 1: A materialised view or foreign table is refused until tagged or declared.
  unit/test_masking_spread.py::test_copies_are_closed_until_tagged_or_declared_free enforced.copies_without_tags
masking 1: A policy that reads a protected column closes its table until accepted.
  unit/test_masking_spread.py::test_a_policy_over_a_protected_column_closes_its_table_until_accepted enforced.policies_over_protected_columns
masking 1: A whole row in a policy is every column of it.
  integration/test_harden_shop.py::test_whole_rows_in_policies_and_indexes_are_rows_of_protected_columns enforced.whole_rows_in_policies
masking 1: A protected partition key closes the table and its partitions until accepted.
  unit/test_masking_spread.py::test_a_protected_partition_key_closes_the_table_and_its_partitions enforced.partitions_by_protected_columns
masking 1: A tag that names no column closes every read of its table.
  unit/test_masking_spread.py::test_a_tag_that_names_no_column_closes_its_table enforced.tag_without_a_column
masking 1: A tag whose table is gone closes the Source.
  unit/test_masking_spread.py::test_a_tag_that_names_no_table_shuts_the_source enforced.tag_without_a_table
masking 4: A moved binding refuses: a rename is no unmasking.
  integration/test_harden_shop.py::test_a_renamed_column_is_no_unmasking enforced.renames_that_unmask
masking 4: A new column is closed until harden runs.
  unit/test_masking_spread.py::test_enforced_closes_what_the_database_would_not_protect enforced.new_column_not_granted
masking 4: Our schemas are known by their owner, never by name.
  unit/test_masking_spread.py::test_enforced_closes_what_the_database_would_not_protect enforced.schemas_known_by_name
masking 4: A schema name that is taken refuses.
  integration/test_harden_shop.py::test_a_schema_name_that_is_taken_stops_harden enforced.schema_names_that_are_taken
masking 4: Names beside long ones stay within 63 bytes.
  unit/test_masking_replacement.py::test_schemas_beside_long_names_stay_within_63_bytes enforced.names_beyond_63_bytes
masking 4: Other roles keep by name what they had through PUBLIC.
  integration/test_harden_shop.py::test_other_roles_lose_nothing enforced.rights_lost_by_others
masking 4: A right that another role granted is taken back as that role.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.grants_by_others
masking 8: An index of protected and other columns turns index order off.
  unit/test_masking_spread.py::test_an_index_with_other_columns_tells_their_order enforced.order_of_an_index
masking 8: So does a partial index whose predicate is protected.
  unit/test_masking_spread.py::test_an_index_with_other_columns_tells_their_order enforced.order_of_a_partial_index
masking 8: Parents and views pass that order on.
  unit/test_masking_spread.py::test_an_index_with_other_columns_tells_their_order enforced.order_passed_on_by_views_and_parents
masking 5: 1: the role has no attribute that passes rights by.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_role_attributes
masking 5: 2: the role is a member of no other, SET and ADMIN options included.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_role_memberships
masking 5: 3: the read role may write nothing, nor make anything.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_read_role_writes
masking 5: 4: no SELECT on any tagged column.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_tagged_columns
masking 5: 5: no SELECT on tainted views and copies.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_copies
masking 5: 6: no EXECUTE on a definer function, in any schema.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_definer_functions
masking 5: 7: no EXECUTE on functions that run while a statement is parsed.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_functions_at_parse
masking 5: 8: no one else has rights on the keys.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_masking_owner
masking 5: 9: each masking view is what harden would make now.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_masking_views
masking 5: 9: each masking view is what it was when made.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_masking_views_changed
masking 5: 9: the database answers with our keys.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_masking_keys
masking 5: 11: no user mapping.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_reaches_outside
masking 5: 13: the same policies for the read role and the owner of the masking views.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_policies
masking 5: 14: a table clustered by a protected column is told.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_clustered
masking 5: 14: a default of a protected column is told.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it enforced.check_defaults
masking 3: What is spliced reads as the agent's text with exactly the relations replaced.
  integration/test_witness_postgres.py::test_a_replacement_that_reads_as_anything_else_is_refused reading.splice_proof
masking 7: A look-up stands in WHERE of a query, compared with a column, and nowhere else.
  integration/test_lookups.py::test_a_lookup_finds_rows_and_everything_else_about_the_column_refuses lookup.another_place
masking 7: Only a column that an operator opened is looked up by.
  integration/test_lookups.py::test_a_lookup_finds_rows_and_everything_else_about_the_column_refuses lookup.a_column_nobody_opened
masking 7: Beside a look-up the statement uses no column of its tag, so no answer shows a token.
  integration/test_lookups.py::test_a_lookup_finds_rows_and_everything_else_about_the_column_refuses lookup.the_token_beside_it
masking 7: Nor by a column whose tokens would be cut below 80 bits.
  integration/test_lookups.py::test_a_column_whose_tokens_would_be_cut_is_never_looked_up_by lookup.tokens_that_are_cut
masking 7: A column of few values is never looked up by.
  integration/test_lookups.py::test_a_column_of_few_values_is_never_looked_up_by lookup.few_values
masking 7: Each value counts against a Caller's day, found or not.
  contract/test_budgets.py::test_a_budget_is_never_overdrawn_and_what_is_refused_costs_nothing lookup.budget
masking 7: A look-up is counted before it runs.
  unit/test_gateway.py::test_values_looked_up_count_against_the_day_before_anything_runs lookup.unreserved
masking 7: An unmasking shows exactly the columns named; no second one.
  integration/test_unmask.py::test_exactly_the_named_columns_are_shown_and_all_else_of_their_relations_is_hidden masking.unmask_with_a_second_column_raw
masking 7: Every other tagged column of their relations is a constant.
  integration/test_unmask.py::test_exactly_the_named_columns_are_shown_and_all_else_of_their_relations_is_hidden masking.unmasked_beside_others
masking 7: A name that is not exactly one tagged column closes the statement.
  integration/test_unmask.py::test_a_name_that_is_no_tagged_column_closes_the_statement masking.unmask_of_a_lost_name
masking 7: In enforced mode an unmasking runs as a role of its own.
  integration/test_unmask.py::test_an_unmasking_runs_as_a_role_of_its_own_that_reads_what_has_an_owner masking.unmask_by_the_read_role
masking 7: That role reads protected columns whose tag has an owner, and no others.
  integration/test_unmask.py::test_an_unmasking_runs_as_a_role_of_its_own_that_reads_what_has_an_owner masking.unmask_rights_of_ownerless_tags
masking 7: It is checked at start as the read role is.
  integration/test_unmask.py::test_the_role_of_unmaskings_is_checked_as_the_read_role_is masking.unmask_role_unchecked
masking 7: The role of unmaskings is looked at again with each load of the catalogs.
  integration/test_unmask.py::test_a_role_of_unmaskings_that_may_do_more_since_the_start_shows_nothing masking.unmask_role_checked_at_start_alone
masking 7: Nothing is unmasked of a table whose policy reads protected columns.
  integration/test_unmask.py::test_nothing_is_unmasked_of_a_table_whose_policy_reads_protected_columns masking.unmask_under_a_policy_over_protected_columns
masking 7: No Permit shows a column that its verdict does not unmask, and no Allow ever does.
  unit/test_policy_permit.py::test_no_permit_shows_a_column_that_the_verdict_does_not_unmask masking.unmask_without_a_verdict
masking 7: Only columns in use are unmasked, and none beside a look-up.
  unit/test_policy_decide.py::test_only_columns_in_use_are_unmasked_and_none_beside_a_look_up masking.unmask_what_is_not_in_use
masking 7: A tag without an owner is never unmasked.
  unit/test_policy_decide.py::test_nothing_is_unmasked_without_an_owner_or_where_another_asking_rule_does_not_lift masking.unmask_without_an_owner
masking 7: The Journal names each unmasked column.
  e2e/test_unmask.py::test_the_owners_seat_alone_lets_exactly_the_named_column_be_seen masking.unmask_unnamed_in_the_journal
masking 7: An unmasked result has a key of its own.
  e2e/test_unmask.py::test_the_owners_seat_alone_lets_exactly_the_named_column_be_seen masking.unmasked_result_under_the_common_key
masking 7: That key is destroyed at the result's end.
  unit/test_execution_reviews.py::test_an_unmasked_result_is_erased_at_its_end_and_no_other_before masking.unmasked_result_kept_past_its_end
masking 10: A protected number is told of one table alone: a join could count one person a million times.
  integration/test_aggregates.py::test_a_number_is_told_of_many_people_in_the_plainest_form_only aggregates.one_person_counted_often
masking 10: It stands in no condition, order or group, and beside no other protected column.
  integration/test_aggregates.py::test_a_number_is_told_of_many_people_in_the_plainest_form_only aggregates.the_column_elsewhere
masking 10: An aggregate of it has no filter, order or window of its own.
  integration/test_aggregates.py::test_a_number_is_told_of_many_people_in_the_plainest_form_only aggregates.a_filter_of_its_own
masking 10: In the server's tree the raw column stands only in aggregates behind the count of people.
  integration/test_aggregates.py::test_a_wrapping_that_went_wrong_ends_in_a_refusal aggregates.few_people
masking 10: People are told apart by a column without a tag.
  integration/test_aggregates.py::test_people_are_told_apart_by_what_everybody_sees aggregates.people_told_apart_by_a_secret
masking 10: Statements of aggregates are counted per Caller and day.
  unit/test_gateway.py::test_statements_of_aggregates_count_against_the_day aggregates.uncounted
masking 9: A protected column goes into no column without its tag.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says reading.laundering
masking 9: Nor by its rank or a count per group.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says reading.laundering_by_rank
masking 9: Nor through a recursive query.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says reading.laundering_by_recursion
masking 9: The counting text reads as the statement's own target, sources and condition.
  integration/test_impact.py::test_a_counted_number_is_what_the_change_touches impact.another_question
sql 12: More rows of the statement's own target than were counted are rolled back.
  integration/test_impact.py::test_more_rows_of_the_target_than_were_counted_are_rolled_back impact.more_than_was_counted
sql 12: The counted number is part of what people decide on.
  unit/test_policy_permit.py::test_the_digest_changes_with_everything_that_an_approval_binds impact.the_number_people_saw
masking 9: Where a protected column is read nothing is counted.
  integration/test_impact.py::test_no_number_tells_of_a_protected_column_even_where_the_role_could_count impact.a_number_of_protected_values
masking 9: Rows that a policy shows one role only are not counted by the other.
  integration/test_impact.py::test_a_counted_number_is_what_the_change_touches impact.rows_that_a_policy_hides
masking 10: Detectors mask only columns tagged free_text.
  unit/test_masking_net.py::test_numbers_and_other_columns_are_left_alone detectors.net_over_every_column
masking 10: A text is normalised before it is searched.
  unit/test_masking_detectors.py::test_look_alikes_and_invisible_characters_hide_nothing_and_the_rest_stays_as_it_was detectors.without_nfkc
masking 10: The strings of JSON are searched, each one of them.
  unit/test_masking_detectors.py::test_json_is_searched_string_by_string_and_nothing_else_of_it_changes detectors.json_as_it_stands
masking 10: What is only half JSON is searched whole.
  unit/test_masking_detectors.py::test_a_text_that_is_only_half_json_is_searched_whole detectors.half_json
masking 10: A result is searched within a budget, and what was not searched to its end is hidden.
  unit/test_masking_detectors.py::test_what_was_not_searched_to_its_end_is_hidden_whole detectors.budget
masking 10: Patterns are linear.
  unit/test_masking_detectors.py::test_a_hostile_megabyte_ends_and_costs_what_the_budget_says detectors.backtracking
masking 10: Every masked hit is counted.
  unit/test_masking_net.py::test_each_column_names_its_mask_and_what_was_hidden_is_counted detectors.hits_uncounted
masking 10: Checks decide: IBAN, card and national id by their digits.
  unit/test_masking_detectors.py::test_on_the_corpus_every_detector_finds_all_and_nothing_else detectors.luhn
masking 10: A national id whose form others share counts after its name alone.
  unit/test_masking_detectors.py::test_a_form_that_other_numbers_have_counts_only_after_its_name detectors.forms_of_others
masking 10: Elsewhere detectors report, and the Answer stays byte-exact.
  unit/test_findings.py::test_a_finding_names_column_and_detector_and_the_answer_stays_as_it_was detectors.findings_of_tagged_columns
masking 10: They look there only if the Source opts in.
  unit/test_findings.py::test_a_source_that_did_not_opt_in_is_not_looked_at detectors.findings_unasked
masking 10: A finding is told once a day for each column, and never holds a value.
  unit/test_findings.py::test_an_alert_says_where_and_how_often_never_a_value_and_once_a_day detectors.findings_without_end
masking 11: A scan shows no value.
  integration/test_cli_scan.py::test_no_value_is_told_in_any_form detectors.values_in_the_report
masking 11: Untagged copies of protected data are found by samples.
  integration/test_cli_scan.py::test_untagged_copies_of_tagged_columns_are_found_by_their_samples detectors.copies_unseen
masking 11: A scan runs no code of a policy.
  integration/test_cli_scan.py::test_a_table_whose_policies_would_run_code_is_named_and_left_alone detectors.policies_run_by_a_scan
masking 11: A page of a scan escapes what the database says.
  integration/test_cli_scan.py::test_the_page_fetches_nothing_runs_nothing_and_escapes_every_name detectors.names_unescaped
masking 10: Free text in use is named, so that detectors look at it.
  integration/test_connector_demo.py::test_free_text_is_searched_and_every_other_text_comes_byte_for_byte reading.free_text_not_named
"""

# What an outsider verifies: bodies, tree, checkpoints, keys, Sessions, shapes of slots.
EVIDENCE: Final = """
journal 2.1: A verifier rejects a body in which a key stands twice.
  unit/test_audit_entry.py::test_bodies_that_two_readers_could_read_differently_are_refused evidence.a_key_twice_in_a_body
journal 2.1: A body holds no fractions.
  unit/test_audit_verify.py::test_a_body_of_any_other_shape_is_a_finding_never_a_traceback evidence.fractions_in_a_body
journal 2.5: A body has its kind's attempt and slot, and no other.
  unit/test_audit_verify.py::test_a_body_of_any_other_shape_is_a_finding_never_a_traceback evidence.slots_of_another_kind
journal 2.7: Bytes have one spelling in base64.
  unit/test_audit_note.py::test_only_one_spelling_of_base64_is_read evidence.base64_with_two_spellings
journal 2.7: A number is ASCII digits without sign, blanks or leading zeros.
  unit/test_audit_note.py::test_only_plain_decimal_numbers_are_read evidence.numbers_with_signs
journal 2.7: A known key whose signature fails rejects the whole note.
  unit/test_audit_note.py::test_a_pinned_witness_that_fails_rejects_the_note_though_the_log_signed evidence.a_known_key_that_fails_is_skipped
journal 2.7: The origin is the pinned one.
  unit/test_audit_note.py::test_another_key_or_origin_is_not_this_log evidence.another_origin
journal 2.7: A path has exactly its length: not longer.
  unit/test_audit_note.py::test_a_path_too_long_or_too_short_is_refused evidence.a_path_too_long
journal 2.7: Not shorter.
  unit/test_audit_tree.py::test_a_path_of_another_length_raises_before_any_root_is_compared evidence.a_path_too_short
journal 3: A checkpoint signed by a key outside its range is refused.
  unit/test_audit_trust.py::test_a_key_counts_within_its_range_and_not_beside_it evidence.a_key_past_its_time
journal 3: A rotated key is announced in the log before it signs.
  unit/test_audit_trust.py::test_a_second_key_signs_only_what_follows_its_announcement evidence.a_key_never_announced
journal 3: A revoked key signs nothing from there on.
  unit/test_audit_verify.py::test_a_retired_key_signs_nothing_more evidence.a_key_that_was_revoked
journal 9: Columns are what the hashed body says.
  unit/test_audit_verify.py::test_of_each_rule_some_are_told_and_all_counted evidence.columns_that_say_something_else
journal 9: The sequence has no gap.
  unit/test_audit_verify.py::test_one_gap_is_one_finding evidence.gaps
journal 9: A checkpoint kept elsewhere has the log's root: a fork is found.
  unit/test_audit_verify.py::test_a_copy_kept_elsewhere_shows_a_log_that_was_cut_back_or_rewritten evidence.a_fork
journal 9: It covers no more than the log holds: a log cut back is found.
  unit/test_audit_verify.py::test_a_copy_kept_elsewhere_shows_a_log_that_was_cut_back_or_rewritten evidence.a_log_cut_back
journal 9: A range is held to signed roots, what lies before it included.
  unit/test_audit_verify.py::test_a_range_finds_what_was_changed_in_it_and_before_it evidence.a_range_that_trusts_its_beginning
journal 9: A known witness's line that fails is found.
  unit/test_audit_verify.py::test_witnesses_lines_are_checked_and_counted evidence.a_witness_that_fails
journal 9: A Verdict names a policy that was in force.
  unit/test_audit_verify.py::test_a_verdict_by_a_policy_that_was_never_in_force_is_found evidence.another_policy
journal 2.5: A manifest proves that nothing in the session is missing.
  unit/test_audit_verify.py::test_a_manifest_that_says_anything_else_is_found evidence.a_manifest_of_other_entries
journal 2.5: A Session is closed with its manifest.
  unit/test_audit_verify.py::test_a_manifest_of_no_session_and_a_close_without_one_are_found evidence.a_close_without_a_manifest
journal 2.5: A Session that fell silent is closed with a manifest of its Calls' and Reviews' Entries.
  contract/test_endings.py::test_a_silent_session_is_closed_with_a_manifest_of_all_its_entries evidence.a_manifest_without_the_reviews_entries
journal 2.5: One that goes on has a manifest each hour.
  contract/test_endings.py::test_a_session_that_goes_on_is_told_each_hour_by_what_is_new evidence.a_session_never_told_of_while_it_goes_on
journal 2.5: Nothing is closed while a Call of it runs.
  contract/test_endings.py::test_a_session_with_a_call_that_runs_is_not_closed evidence.a_session_closed_while_it_runs
journal 2.5: Of several processes one tells of a Session's end.
  contract/test_endings.py::test_of_two_that_end_a_session_one_does evidence.an_end_told_twice
journal 2.5: What is resolved after the close is told by one more manifest.
  contract/test_endings.py::test_what_is_resolved_after_the_close_is_told_by_one_more_manifest evidence.a_resolution_that_no_manifest_counts
journal 2.5: A Session that was closed is joined by nothing.
  contract/test_endings.py::test_a_conversation_that_was_closed_is_another_session_afterwards evidence.a_closed_conversation_that_goes_on
journal 2.5: First Calls of one caller at several replicas open one Session.
  integration/test_postgres_store.py::test_first_calls_of_one_caller_at_two_replicas_open_one_session evidence.two_sessions_for_one_first_call
journal 3: A new signing key signs nothing that its announcement is not under.
  contract/test_signing_keys.py::test_a_key_whose_announcement_is_not_integrated_yet_signs_nothing evidence.a_new_key_before_its_announcement
journal 3: For an overlap of seven days both keys sign.
  contract/test_signing_keys.py::test_a_key_is_announced_signs_beside_the_former_one_and_then_alone evidence.an_overlap_of_one_key
journal 3: Then the former one signs no more.
  contract/test_signing_keys.py::test_a_key_is_announced_signs_beside_the_former_one_and_then_alone evidence.a_former_key_that_signs_for_ever
journal 3: And is revoked from the first size that it did not sign.
  contract/test_signing_keys.py::test_a_key_is_announced_signs_beside_the_former_one_and_then_alone evidence.a_retirement_that_cuts_off_what_was_signed
journal 3: A signing key that is no longer secret is revoked by two operators and signs nothing from there on.
  contract/test_signing_keys.py::test_a_key_that_is_no_longer_secret_signs_nothing_from_the_decision_on evidence.a_lost_key_in_its_overlap
journal 3: Not before another one signs in its place.
  contract/test_signing_keys.py::test_a_key_is_revoked_only_once_another_signs_in_its_place evidence.a_key_revoked_before_another_signs
journal 3: What it signed past the last size that a witness saw counts for nothing.
  unit/test_audit_verify.py::test_what_a_lost_key_signs_is_a_finding_where_the_log_does_not_say_both evidence.a_lost_keys_word_is_the_last
journal 3: Nor what it signed after operators knew.
  unit/test_audit_verify.py::test_what_a_lost_key_signs_is_a_finding_where_the_log_does_not_say_both evidence.a_lost_key_past_the_word_of_operators
journal 3: Another story under it stays a finding.
  unit/test_audit_verify.py::test_what_a_lost_key_signs_is_a_finding_where_the_log_does_not_say_both evidence.a_lost_keys_other_story
threats 27: Another signing key refuses start until operators decided on it.
  contract/test_signing_keys.py::test_a_key_that_was_not_decided_signs_nothing evidence.a_key_that_nobody_decided
threats 27: And a signer that does not hold the one that they decided on signs nothing.
  contract/test_signing_keys.py::test_a_signer_without_the_key_that_was_decided_signs_nothing evidence.a_replaced_key_that_goes_on
journal 5: A full disk is an Entry, written from room that was kept.
  integration/test_full_disk.py::test_a_full_disk_is_said_refuses_everything_and_is_over_by_itself evidence.a_full_disk_in_silence
journal 11.4: While the disk is full everything is refused, whatever room is left.
  integration/test_full_disk.py::test_a_full_disk_is_said_refuses_everything_and_is_over_by_itself evidence.the_last_room_for_anybody
journal 11.4: When there is room it goes on by itself, and says so.
  integration/test_full_disk.py::test_a_full_disk_is_said_refuses_everything_and_is_over_by_itself evidence.degraded_for_ever
journal 3: A witness signs only what follows from what it signed.
  unit/test_witnessing.py::test_each_refusal_has_the_standards_status evidence.a_witness_of_another_story
journal 3: It never goes back, and says where it is.
  unit/test_witnessing.py::test_each_refusal_has_the_standards_status evidence.a_witness_that_goes_back
journal 3: It signs nothing that the log's own trusted key did not.
  unit/test_witnessing.py::test_each_refusal_has_the_standards_status evidence.a_witness_of_unsigned_checkpoints
journal 3: Compare-and-store is one atomic step.
  unit/test_witnessing.py::test_of_racing_requests_none_takes_a_larger_one_back evidence.a_witness_compares_outside_of_its_lock
journal 3: And durable before the answer.
  unit/test_witnessing.py::test_what_was_signed_is_on_disk_before_it_is_told evidence.a_witness_answers_before_it_remembers
journal 3: A witness's memory is begun by an operator, never in passing.
  unit/test_witnessing.py::test_a_memory_is_begun_on_purpose_and_held_by_one evidence.a_witness_begun_in_passing
journal 3: No cosignature but that of the configured witness's key is kept.
  integration/test_witness.py::test_no_signature_but_the_witnesss_own_is_kept evidence.a_foreign_cosignature
journal 3: What a witness saw contradicts a log that went back, and operators are told at once.
  integration/test_witness.py::test_a_log_that_another_story_contradicts_is_told_at_once evidence.a_contradiction_that_nobody_is_told
journal 3: A witness of an older text of the standard that saw another root is understood.
  integration/test_witness.py::test_a_witness_of_the_older_text_that_saw_another_root_is_told_at_once evidence.a_fork_that_an_older_witness_saw
journal 3: A place outside that takes nothing for an hour is an alert.
  integration/test_witness.py::test_a_place_that_takes_nothing_for_an_hour_is_told_once_an_hour evidence.a_place_that_is_silent_for_ever
journal 2.2: A log that stands still says so every five minutes, and is witnessed again.
  integration/test_witness.py::test_a_log_that_stands_still_says_so_again_and_is_witnessed_again evidence.a_log_that_stands_still_in_silence
journal 9: With witnesses named, a bundle stands under a checkpoint that each of them signed.
  integration/test_prove.py::test_a_bundle_with_a_witness_stands_under_a_checkpoint_that_it_signed evidence.a_bundle_under_what_no_witness_signed
journal 9: Words stand in a bundle only as its Entries name them.
  integration/test_prove_words.py::test_no_bundle_holds_words_that_its_entries_do_not_name evidence.words_that_no_entry_names
journal 9: And the stand-alone script holds them to their Entries, without a key to anything else.
  integration/test_prove_words.py::test_words_are_held_to_the_entries_that_name_them evidence.words_beside_a_bundle
journal 9: Words are given for a bundle to auditors alone.
  unit/test_audit_archive.py::test_words_are_given_with_their_keys_to_auditors_alone_and_it_is_an_entry_before evidence.words_for_anyone
journal 8: And that is an Entry before.
  unit/test_audit_archive.py::test_words_are_given_with_their_keys_to_auditors_alone_and_it_is_an_entry_before evidence.words_given_unrecorded
journal 9: A shred out of form behind a range is a finding and excuses nothing.
  unit/test_audit_verify.py::test_a_shred_out_of_form_behind_a_range_is_a_finding_and_excuses_nothing evidence.a_shred_out_of_form
journal 9: The stand-alone script refuses a scalar at or above the order.
  unit/test_audit_proof.py::test_a_scalar_at_or_above_the_order_is_refused evidence.the_scripts_scalar
journal 9: And a key in a second spelling.
  unit/test_audit_proof.py::test_a_key_in_a_second_spelling_is_refused evidence.the_scripts_second_spelling_of_a_key
journal 9: And a key of small order.
  unit/test_audit_proof.py::test_a_key_of_small_order_signs_nothing evidence.the_scripts_small_orders
journal 2.7: It reads one spelling of base64 alone.
  unit/test_audit_proof.py::test_a_second_spelling_is_refused_by_both evidence.the_scripts_base64
journal 9: A Session's bundle shows that nothing of it is missing.
  unit/test_audit_proof.py::test_a_session_is_all_of_its_entries_and_no_others evidence.the_scripts_session
journal 9: A bundle is checked as its reader will check it, before it is written.
  integration/test_prove.py::test_what_is_not_there_or_not_signed_by_this_key_is_not_proven evidence.a_bundle_that_was_not_checked
journal 1: Shape 2: Votes are of people other than the requester.
  unit/test_audit_shapes.py::test_nobody_votes_on_a_call_of_their_own evidence.a_vote_on_ones_own_call
journal 1: Shape 2: Votes that fill the quorum are for the digest that was asked.
  unit/test_audit_shapes.py::test_a_vote_for_another_digest_fills_no_seat evidence.a_vote_for_another_digest
journal 1: Shape 4: no attempt runs that began after use_by.
  unit/test_audit_shapes.py::test_no_attempt_runs_that_began_after_its_approvals_end evidence.an_attempt_past_its_approval
journal 1: Shape 3: a closed Review's Call is denied, expired, revoked or cancelled.
  unit/test_audit_shapes.py::test_a_closed_review_ends_its_call_in_one_of_four_ways evidence.a_closed_review_that_was_refused
journal 1: Shape 1: one unit is neighbours in sequence.
  unit/test_audit_shapes.py::test_an_illegal_story_finds_its_rule evidence.given_up_in_another_unit
"""

# Writes, and statements that the server shows no tree of.
WRITES: Final = """
sql 12: What fills a new table or stands in a view is witnessed as the read that it is.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.copies_by_a_query_inside
sql 12: The query inside a definition is cut from the agent's own bytes and proved equal to it.
  unit/test_classify_guards.py::test_another_query_than_the_one_inside_is_never_taken writes.the_query_inside_proved
sql 12: A definition calls no function that is not known to be harmless.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.functions_of_definitions
sql 13: Statements inside CREATE SCHEMA are refused: each comes alone.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.statements_inside_a_schema
sql 12: Rights for PUBLIC are refused.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.rights_for_public
sql 12: Rights of the roles that Assent works as are not changed through it.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.rights_of_our_own_roles
sql 12: TRUNCATE empties children, and with CASCADE every table whose keys point there.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.truncate_beyond_its_names
sql 12: A row that changes its partition is deleted from one and inserted into another.
  integration/test_witness_writes.py::test_each_write_changes_no_other_table_and_in_no_other_way_than_it_was_read writes.rows_that_move
sql 12: SET NULL and SET DEFAULT of a foreign key are updates of the child.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.cascades
sql 12: A cap holds over what the transaction did, cascades and triggers included.
  integration/test_connector_writes.py::test_the_cap_counts_cascades_and_triggers writes.a_cap_by_what_was_done
sql 12: What no statistics count does not run under a cap.
  integration/test_connector_writes.py::test_what_no_statistics_count_does_not_run_under_a_cap writes.rows_that_are_not_counted
masking 1: No definition of a table whose tag names nothing: a second rename would unmask.
  integration/test_witness_writes.py::test_a_second_rename_unmasks_no_column writes.definitions_of_closed_tables
masking 9: A generated column does not keep protected values without its tag.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.generated_values_kept
masking 9: No table leaves its parent with tags that it has from there.
  integration/test_witness_writes.py::test_no_table_leaves_its_parent_with_the_tags_that_it_has_from_there writes.tags_lost_with_the_parent
masking 9: A mask is not written back over what it masks.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.masks_written_back
masking 9: Nor as a bound value.
  integration/test_connector_writes.py::test_a_bound_mask_is_not_written_over_what_it_masks writes.masks_bound_and_written_back
masking 9: Free text is copied only to where detectors look.
  integration/test_witness_writes.py::test_free_text_is_copied_only_to_where_detectors_look writes.free_text_copied
masking 9: RETURNING names unprotected columns only.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.returning_protected_columns
sql 12: What a DROP takes along is listed, by the catalogs of the transaction it runs in.
  integration/test_definitions.py::test_what_a_drop_takes_along_is_listed_and_is_what_goes writes.what_a_drop_takes_along
sql 12: Above 50 objects a CASCADE is refused.
  integration/test_definitions.py::test_more_than_fifty_objects_are_not_taken_along writes.more_objects_than_people_can_read
sql 12: What came between approval and run is not taken along.
  integration/test_definitions.py::test_what_came_between_is_not_taken_along writes.what_came_before_the_drop
sql 12: Nothing else than what was listed may have gone when a definition commits.
  integration/test_definitions.py::test_nothing_that_was_not_listed_may_have_gone writes.what_went_unlisted
sql 13: Rights on all of a schema name each thing, and reach nothing that came later.
  integration/test_definitions.py::test_rights_on_all_of_a_schema_name_each_thing_and_reach_nothing_new writes.rights_on_what_came_later
masking 9: What merge_action() tells is as protected as the conditions that it tells of.
  integration/test_definitions.py::test_merge_action_tells_nothing_of_protected_conditions writes.what_merge_action_tells
sql 12: A change of which the server leaves nothing is read only where a rule explains it.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.a_rule_that_leaves_nothing
sql 12: Triggers, rules, keys, publications and event triggers that a change sets off are listed by name.
  integration/test_beside.py::test_what_runs_and_where_it_goes_is_told_by_name writes.what_runs_besides_by_name
sql 12: An event trigger that came since people decided makes it another question.
  integration/test_beside.py::test_an_event_trigger_made_meanwhile_is_another_question writes.event_triggers_of_definitions
masking 9: Locks are told no weaker than a server takes them.
  integration/test_beside.py::test_the_locks_told_are_no_weaker_than_those_that_a_server_showed writes.whom_a_lock_keeps_waiting
threats 1: Where a protected column is read, nothing an agent can see depends on a count before people decide.
  unit/test_gateway.py::test_where_a_protected_column_is_read_nothing_is_counted_before_people_decide impact.counted_before_it_is_asked
masking 9: A sample before and after shows nothing that a mask would hide.
  integration/test_impact.py::test_a_sample_is_never_of_raw_values_even_where_the_role_could_read_them impact.a_sample_of_raw_values
masking 9: No sample where a protected value, or a policy, chooses the rows.
  integration/test_impact.py::test_a_sample_shows_rows_before_and_after_and_nothing_that_a_mask_would_hide impact.a_sample_of_other_rows
masking 9: A sample's question is the statement's own, part by part.
  unit/test_classify_guards.py::test_a_sample_asks_the_statements_own_question_and_no_other impact.a_sample_of_another_question
threats 2: A sample stands in the modal of who may decide, and nowhere else.
  unit/test_cards.py::test_a_sample_stands_in_the_modal_of_who_may_decide_and_nowhere_else impact.a_sample_for_everybody
sql 13: Nothing is moved into the server's schemas or those of the masks, nor are these changed.
  integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says writes.schemas_of_the_server_and_of_masks
"""

# Payloads and their keys: journal 4, threats 21-27.
PAYLOADS: Final = """
journal 4: Streams are sealed in chunks of 1 MiB, chunk number and last-flag in the AAD.
  unit/test_audit_vault.py::test_a_long_payload_is_sealed_in_chunks_of_which_none_can_be_cut_off_moved_or_left_out payloads.chunks_that_can_be_moved
journal 4: A payload is bound to origin, id, call and role.
  integration/test_sqlite_store.py::test_a_payload_moved_to_anothers_place_does_not_open payloads.a_place_that_is_not_bound
journal 2.1: A frame states an honest size before it is opened, and nothing stands behind it.
  unit/test_audit_vault.py::test_a_bomb_or_trailing_bytes_do_not_decompress payloads.frames_of_any_size
journal 4: A result is kept up to 1 MiB compressed.
  unit/test_audit_vault.py::test_what_compresses_to_less_than_the_cap_is_kept_whole_and_what_does_not_stays_below_it payloads.a_result_above_its_cap
journal 4: Beyond it the first rows are kept, counted and hashed, within bounded memory.
  unit/test_audit_vault.py::test_a_result_of_100_mb_is_cut_at_whole_rows_within_bounded_memory payloads.a_result_cut_within_a_row
journal 4: A payload of 100 MB is cut or refused.
  contract/test_payloads.py::test_words_of_100_mb_are_cut_and_a_question_is_refused payloads.words_without_end
journal 0: What is not recorded whole does not run.
  unit/test_execution_record.py::test_what_is_not_recorded_whole_is_refused_but_never_run payloads.half_recorded_and_run
issue 5.3: What is hashed only, or not recorded, ends with its Call.
  contract/test_payloads.py::test_what_is_not_recorded_lasts_until_its_call_is_over payloads.everything_is_recorded
issue 5.3: Of what is not recorded no MAC stays.
  contract/test_payloads.py::test_what_is_not_recorded_lasts_until_its_call_is_over payloads.a_mac_of_what_is_not_recorded
journal 4: Questions and results have data keys of their own, wrapped apart.
  integration/test_sqlite_store.py::test_results_and_questions_do_not_open_under_each_others_key payloads.results_under_the_questions_key
journal 4: A data key covers one session, one Source and one day: retention by age is exact to a day.
  contract/test_payloads.py::test_words_of_each_day_have_a_key_of_their_own payloads.one_key_for_all_days
journal 4: A destroyed key stands in no file of the store.
  integration/test_sqlite_store.py::test_a_destroyed_key_stands_in_no_file_of_the_store payloads.a_destroyed_key_in_the_write_ahead_log
journal 4: What comes after its key was destroyed is sealed under a new one.
  contract/test_payloads.py::test_what_comes_after_its_key_was_destroyed_is_sealed_anew payloads.a_destroyed_key_that_is_used_again
journal 4: A shred checks holds on session, person and Source in its own transaction.
  contract/test_custody.py::test_a_hold_of_session_person_or_source_keeps_what_is_theirs_and_nothing_else payloads.a_shred_that_ignores_a_hold
journal 4: A hold on a person covers every Session of theirs.
  contract/test_custody.py::test_a_hold_of_session_person_or_source_keeps_what_is_theirs_and_nothing_else payloads.a_hold_that_forgets_the_person
journal 4: Hold, release, shred and prune are Entries in the same unit.
  contract/test_custody.py::test_every_change_of_custody_stands_beside_its_entry payloads.a_shred_without_its_entry
journal 4: What a Review still needs is not shredded.
  contract/test_custody.py::test_what_a_review_still_needs_is_not_shredded_and_what_a_card_shows_is_redrawn payloads.a_shred_of_what_is_still_asked
journal 4: The unit of a shred queues the redraw of every card that showed it.
  contract/test_custody.py::test_what_a_review_still_needs_is_not_shredded_and_what_a_card_shows_is_redrawn payloads.a_card_that_keeps_its_words
journal 4: The card is redrawn without the erased text.
  slack/test_flow.py::test_a_card_whose_words_were_erased_shows_none_of_them payloads.an_erased_card_left_on_screen
threats 18: An act is decided once.
  contract/test_custody.py::test_an_act_is_decided_once payloads.an_act_decided_twice
threats 18: What loosens or destroys is proposed by one operator and decided by another person.
  unit/test_custody.py::test_erasure_is_proposed_by_one_operator_and_decided_by_another payloads.an_act_by_one_person
threats 18: Who cannot be compared with the proposer decides nothing.
  unit/test_custody.py::test_erasure_is_proposed_by_one_operator_and_decided_by_another payloads.an_act_by_who_cannot_be_compared
threats 18: Nor does who it is about.
  unit/test_custody.py::test_erasure_is_proposed_by_one_operator_and_decided_by_another payloads.an_erasure_of_ones_own
threats 18: Only a person in `[console] operators` proposes, decides or sees them.
  unit/test_custody.py::test_nobody_but_an_operator_proposes_decides_or_learns_of_anything payloads.acts_of_anybody
threats 18: Shorter retention is such an act: a configuration alone shortens nothing.
  unit/test_custody.py::test_a_configuration_alone_shortens_nothing payloads.a_configuration_that_shortens
journal 4: Retention by age and Source ends nothing a day too early.
  unit/test_custody.py::test_a_key_is_old_when_its_whole_day_is_and_not_a_day_before payloads.words_that_end_too_early
journal 4: A payload is durable before the Entry that names it, and is not swept in between.
  unit/test_custody.py::test_a_payload_whose_entry_is_still_on_its_way_is_left_alone payloads.an_entry_still_on_its_way
threats 21: What only lasts until a Call's end ends then, and not before.
  unit/test_custody.py::test_what_is_not_recorded_ends_when_its_call_is_over_and_its_result_is_collected_no_more payloads.a_call_that_still_runs
journal 4: An erasure that a crash cut short is finished at the next start.
  unit/test_custody.py::test_an_end_that_a_crash_cut_short_is_finished_at_the_next_start payloads.an_end_that_is_never_finished
journal 9: A missing payload without its shred is a finding.
  integration/test_erasure.py::test_a_payload_that_is_gone_without_the_end_of_its_key_is_a_finding payloads.a_shred_that_excuses_everything
journal 4: The tree is untouched by erasure, and proofs stay valid.
  integration/test_erasure.py::test_a_month_without_a_key_is_dropped_and_the_record_still_proves_itself payloads.an_erasure_that_breaks_the_record
threats 27: Equal bytes for two purposes refuse the start.
  unit/test_audit_vault.py::test_keys_are_whole_apart_and_never_shown payloads.equal_keys
threats 27: Every key's id is in the store; another id refuses the start.
  integration/test_sqlite_store.py::test_a_swapped_key_is_refused_by_name payloads.swapped_keys
"""
# Keys and their ends, copies of a store, and what goes on after one was restored: journal 3-4, threats 27.
CUSTODY: Final = """
journal 4: While keys turn both are needed: a start without the former one is refused by name.
  contract/test_rotation.py::test_a_start_with_other_keys_is_refused_by_name custody.a_former_key_that_is_not_needed
threats 27: A key of another store is refused by name, beside the right one too.
  contract/test_rotation.py::test_a_start_with_other_keys_is_refused_by_name custody.a_key_of_another_store
threats 27: Equal bytes for two purposes are seen across processes, by the names in the store.
  contract/test_rotation.py::test_a_start_with_other_keys_is_refused_by_name custody.two_purposes_of_one_secret
journal 4: A key that was retired never comes back.
  contract/test_rotation.py::test_a_retired_key_never_comes_back custody.a_retired_key_that_comes_back
threats 27: A mask key that was replaced is no longer taken.
  contract/test_rotation.py::test_a_mask_key_is_replaced_at_once_and_written_in_the_others_place custody.a_mask_key_of_two_places
threats 27: Only `assent keys rotate` changes a key, to one that was offered by a process that holds it.
  contract/test_rotation.py::test_only_a_key_that_was_offered_takes_anothers_place custody.a_turn_to_any_key
threats 18: What was never offered is not even proposed.
  contract/test_rotation.py::test_only_a_key_that_was_offered_takes_anothers_place custody.a_rotation_of_what_was_never_offered
journal 4: One rotation of a purpose at a time.
  contract/test_rotation.py::test_a_crash_at_any_step_is_gone_on_from_and_both_keys_open_meanwhile custody.a_rotation_over_another
journal 4: A crash at any step of a rotation is gone on from.
  contract/test_rotation.py::test_a_crash_at_any_step_is_gone_on_from_and_both_keys_open_meanwhile custody.a_rotation_that_stops_at_a_crash
journal 4: A former key is retired only when nothing is wrapped by it.
  unit/test_rotation.py::test_a_former_key_is_not_retired_while_something_is_or_may_come_to_be_wrapped_by_it custody.a_key_retired_too_early
journal 4: A data key made while keys turn is wrapped by the new one.
  contract/test_rotation.py::test_a_data_key_made_while_the_keys_turn_is_wrapped_by_the_new_one custody.a_data_key_made_by_the_former
journal 4: What was erased while it was wrapped anew stays erased.
  contract/test_rotation.py::test_a_key_that_was_destroyed_meanwhile_is_not_brought_back custody.a_destroyed_key_brought_back
journal 4: A data key that does not open holds up no other.
  contract/test_rotation.py::test_a_former_key_is_not_retired_while_a_data_key_does_not_open_under_it custody.a_batch_that_stops_at_what_does_not_open
journal 4: After a rotation no file holds a data key as it was wrapped before.
  contract/test_rotation.py::test_after_a_rotation_no_file_holds_a_data_key_as_it_was_wrapped custody.a_former_wrapping_in_the_write_ahead_log
journal 4: Each step of a rotation is an Entry in its unit.
  unit/test_rotation.py::test_a_key_turns_beside_its_entry_alone custody.a_turn_without_its_entry
threats 27: Equal bytes among keys and the next ones refuse the start.
  unit/test_audit_vault.py::test_a_new_key_is_whole_and_unlike_every_other custody.a_new_key_like_another
journal 3: A restored log goes on under a new origin, said in its first Entry there.
  unit/test_audit_origins.py::test_one_entry_of_another_name_between_the_others_is_a_finding custody.a_name_that_changes_unsaid
journal 3: That Entry names the old log, its size and its root, and verification holds it to them.
  unit/test_audit_origins.py::test_a_change_of_name_that_is_not_said_or_not_true_is_a_finding custody.a_name_that_changes_untrue
journal 9: A log that ends under another name than its own is a finding.
  unit/test_audit_origins.py::test_a_name_that_the_log_does_not_end_under_is_a_finding custody.a_log_that_ends_under_another_name
journal 9: A checkpoint is of the name that was in force at its size.
  unit/test_audit_origins.py::test_a_checkpoint_of_the_former_name_past_its_end_is_a_finding custody.a_checkpoint_of_a_former_name
threats 27: A replica that knows the log by its former name appends nothing to a restored one.
  integration/test_postgres_store.py::test_a_replica_under_the_name_that_a_restored_log_had_before_appends_nothing custody.a_replica_under_the_former_name
threats 27: A restored store starts closed.
  integration/test_copies.py::test_a_restored_store_is_closed_until_two_operators_open_it_under_one_policy custody.a_restored_store_that_is_open
threats 27: A closed store refuses every tool, with an Entry.
  unit/test_gateway.py::test_a_closed_store_refuses_every_tool_with_entries custody.a_closed_store_that_serves
threats 27: Operators confirm the policy with the store.
  integration/test_copies.py::test_a_restored_store_is_closed_until_two_operators_open_it_under_one_policy custody.a_store_opened_under_any_policy
threats 27: Open Reviews and approvals of a copy end.
  integration/test_copies.py::test_what_people_allowed_in_a_copy_is_void_and_what_was_begun_is_unknown custody.an_approval_that_a_restore_revives
threats 27: What was begun is unknown and never begun again.
  integration/test_copies.py::test_what_people_allowed_in_a_copy_is_void_and_what_was_begun_is_unknown custody.a_begun_call_that_is_begun_again
threats 27: Whoever was signed in when a copy was made is not in the store that goes on from it.
  integration/test_copies.py::test_what_people_allowed_in_a_copy_is_void_and_what_was_begun_is_unknown custody.who_was_signed_in_when_it_was_copied
threats 27: Waiting results of a copy end.
  integration/test_copies.py::test_what_people_allowed_in_a_copy_is_void_and_what_was_begun_is_unknown custody.a_result_that_is_handed_out_again
threats 27: A next attempt that waited for its requester is taken and ended.
  integration/test_copies.py::test_what_people_allowed_in_a_copy_is_void_and_what_was_begun_is_unknown custody.a_next_attempt_of_who_waited
threats 27: Budgets are not refilled by a restore.
  integration/test_copies.py::test_budgets_are_not_refilled_by_a_restore custody.budgets_refilled
journal 4: What was erased is not brought back by an older copy of keys, where the log says so.
  integration/test_copies.py::test_what_was_erased_is_not_brought_back_by_a_copy custody.what_was_erased_in_a_newer_log
threats 27: Keys of another store are refused.
  integration/test_copies.py::test_keys_of_another_store_and_other_keys_are_refused custody.keys_of_another_store
issue 5.7: A copy that was changed is refused, and leaves nothing.
  integration/test_copies.py::test_a_copy_that_is_not_whole_is_refused_and_leaves_nothing custody.a_copy_that_was_changed
issue 5.7: A copied log is verified under the signing key before it goes on.
  integration/test_copies.py::test_a_copy_that_is_not_whole_is_refused_and_leaves_nothing custody.a_copy_that_is_not_verified
issue 5.7: Nothing is restored over a store.
  integration/test_copies.py::test_nothing_is_written_over custody.a_copy_over_a_store
journal 4: On PostgreSQL payloads are deleted with their key; nothing of what was erased stands in any table or file.
  contract/test_erased.py::test_after_an_erasure_nothing_in_the_store_holds_the_words_the_name_or_a_key_to_them custody.ended_payloads_that_stay
threats 25: No role deletes a payload whose key is alive.
  contract/test_erased.py::test_no_role_deletes_a_payload_whose_key_is_alive custody.payloads_that_anybody_deletes
issue 5.3: A dry run tells what the next sweep ends, on both stores, and changes nothing.
  contract/test_erased.py::test_a_dry_run_tells_what_the_next_sweep_ends_and_changes_nothing custody.a_dry_run_that_tells_less
issue 5.7: Keys are copied apart.
  integration/test_copies.py::test_nothing_is_written_over custody.keys_beside_the_record
issue 5.7: A database is copied whole or not at all: who sees a part of it by its role copies nothing.
  integration/test_copies_postgres.py::test_who_sees_a_part_of_a_store_copies_nothing_and_who_has_every_role_all_that_a_dba_does custody.a_database_copied_in_part
journal 4: A data key that is destroyed while a database is copied is not in the copy.
  integration/test_copies_postgres.py::test_a_key_that_is_destroyed_while_a_database_is_copied_is_not_in_the_copy custody.keys_of_the_same_snapshot
threats 27: A restore to a database that is killed leaves no store, or a whole one that is closed.
  integration/test_copies_postgres.py::test_a_restore_that_was_killed_left_no_store_in_the_database_or_a_whole_one custody.a_database_of_which_half_stands
journal 3: What the signer goes on from stands behind the restored store: a restore that failed takes nobody's place.
  integration/test_copies_postgres.py::test_a_restore_that_was_killed_left_no_store_in_the_database_or_a_whole_one custody.a_signer_that_goes_on_before_the_store_stands
threats 25: Row security and triggers of a restored database are those of one that was set up.
  integration/test_copies_postgres.py::test_roles_of_a_database_made_from_a_copy_are_parted_as_in_one_that_was_set_up custody.a_database_restored_with_its_guards_off
issue 5.7: Nothing is restored over a store in a database.
  integration/test_copies_postgres.py::test_nothing_is_written_over_a_store_in_a_database custody.a_database_restored_over_another
threats 27: Half of a restored file store is refused by name, and no log is begun beside it.
  integration/test_copies_postgres.py::test_a_restore_to_a_file_that_was_killed_is_refused_by_name_until_it_is_done_again custody.a_new_log_beside_half_a_restore
issue 5.7: Doctor says that a restored store is closed, and who opens it.
  integration/test_copies_postgres.py::test_a_dba_copies_a_store_and_makes_another_and_doctor_says_that_it_is_closed custody.a_closed_store_of_which_doctor_is_silent
issue 10: A store of a newer version is refused by name and left as it is.
  integration/test_migrations.py::test_files_that_are_newer_too_old_or_in_use_are_left_as_they_are custody.a_newer_file_that_is_taken_back
issue 10: So is a database.
  integration/test_migrations.py::test_a_database_that_is_newer_unknown_or_in_use_is_left_as_it_is custody.a_database_that_is_taken_back
issue 10: A store of a version from which no way is known is refused by name and left as it is.
  integration/test_migrations.py::test_files_that_are_newer_too_old_or_in_use_are_left_as_they_are custody.a_file_of_an_unknown_version
issue 10: So is a database of a schema that no version had.
  integration/test_migrations.py::test_a_database_that_is_newer_unknown_or_in_use_is_left_as_it_is custody.a_database_of_an_unknown_schema
issue 10: A migration that is killed loses nothing and is done again: the log's file is last.
  integration/test_migrations.py::test_killed_at_any_step_a_migration_loses_nothing_and_is_done_again custody.a_log_that_is_not_last
issue 10: A file is brought forward at once, with its version.
  integration/test_migrations.py::test_killed_at_any_step_a_migration_loses_nothing_and_is_done_again custody.a_file_changed_in_halves
issue 10: A database is brought forward in one transaction.
  integration/test_migrations.py::test_killed_at_any_step_a_database_is_as_it_was custody.a_database_changed_in_halves
issue 10: A database that processes use is not brought forward.
  integration/test_migrations.py::test_a_database_that_is_newer_unknown_or_in_use_is_left_as_it_is custody.a_migration_beside_a_process
issue 10: A database that was brought forward is the one that would be made today: rights, row security, functions.
  integration/test_migrations.py::test_a_database_of_an_older_schema_is_refused_by_name_and_brought_forward_whole custody.rights_of_an_older_schema
issue 10: A database of an older schema is refused by name until it is brought forward.
  integration/test_migrations.py::test_a_database_of_an_older_schema_is_refused_by_name_and_brought_forward_whole custody.an_older_store_that_is_opened
threats 27: A copy is held to the key that signed its last checkpoint, which is ours; the log announces the others.
  integration/test_copies.py::test_keys_of_another_store_and_other_keys_are_refused custody.a_copy_whose_last_key_is_not_ours
"""

# Attempts, slots, recovery.
PROTOCOL: Final = """
journal 1.1: INTENT n+1 stands in one unit with OUTCOME n.
  unit/test_execution_attempts.py::test_the_next_intent_stands_in_one_unit_with_the_end_of_the_attempt_before protocol.next_in_a_second_unit
journal 1: No attempt is begun after use_by, by the store's own clock.
  unit/test_execution_attempts.py::test_the_unit_of_the_next_attempt_reads_the_stores_clock protocol.attempt_after_use_by
journal 1: A write has at most three attempts, a read two.
  unit/test_execution_attempts.py::test_a_write_has_at_most_three_attempts_and_a_read_two protocol.attempts_without_end
journal 0.2: What is unknown is never retried by itself.
  unit/test_execution_attempts.py::test_what_is_unknown_is_never_begun_again protocol.attempt_after_unknown
journal 1.1: An attempt follows only where the claim's guards are true again.
  unit/test_execution_attempts.py::test_no_attempt_follows_where_a_guard_of_the_claim_no_longer_holds protocol.a_false_guard_that_ends_nothing
journal 1.1: Under hold the requester's next request takes INTENT n+1.
  unit/test_execution_attempts.py::test_under_hold_the_requesters_next_request_begins_the_next_attempt protocol.hold_begins_by_itself
journal 1.1: Under hold the sweeper takes INTENT n+1 with OUTCOME expired at use_by.
  unit/test_execution_attempts.py::test_under_hold_a_requester_who_never_comes_lets_it_expire_in_one_unit protocol.hold_without_end
journal 1: A stop that loses to PREPARED changes nothing.
  unit/test_execution_attempts.py::test_a_stop_that_lost_to_prepared_leaves_the_run_alone protocol.stop_cancels_what_it_lost
journal 1: A stop that wins then cancels at the source.
  unit/test_execution_attempts.py::test_a_stop_that_won_ends_the_transaction_at_the_source protocol.stop_leaves_the_backend
journal 1.1: The backend of an attempt that was given up is ended by its name.
  unit/test_execution_attempts.py::test_the_attempt_before_is_ended_at_the_source_by_its_name protocol.recovery_leaves_the_backend
journal 1.1: Of several replicas none touches an attempt before its deadline.
  unit/test_execution_attempts.py::test_of_several_replicas_none_gives_an_attempt_up_before_its_deadline protocol.recovery_guesses_who_is_dead
journal 1.1: A process that shares its store takes no other process's run for an orphan.
  integration/test_postgres_store.py::test_only_a_process_that_writes_alone_takes_what_others_left_open protocol.orphans_of_a_shared_store
journal 1.1: Recovery ends at the Source what it gave up, and nothing that was faster.
  unit/test_execution_attempts.py::test_a_recovery_ends_at_the_source_what_it_gave_up_and_nothing_that_was_faster protocol.recovery_ends_what_was_faster
journal 1.1: A deadline is past by the store's clock alone.
  unit/test_execution_attempts.py::test_a_replica_whose_clock_runs_fast_is_refused_by_the_stores_clock protocol.recovery_by_its_own_clock
journal 1.1: There is no OUTCOME while the source answers that it is in progress.
  unit/test_execution_attempts.py::test_what_is_still_in_progress_has_no_outcome_however_late protocol.in_progress_is_unknown
journal 1: An unknown is closed by proof whenever it comes.
  unit/test_execution_attempts.py::test_a_later_proof_resolves_what_was_unknown_and_begins_nothing protocol.no_later_proof
journal 1.1: An executor that holds the COMMIT reply and finds unknown takes RESOLVED.
  unit/test_execution_attempts.py::test_an_executor_that_holds_the_reply_resolves_an_unknown protocol.executor_keeps_its_proof
journal 1: A later proof against a person's word is an Entry and an alert.
  unit/test_execution_attempts.py::test_a_proof_against_a_persons_word_is_an_alert protocol.silent_about_a_wrong_word
journal 5: Acknowledged is durable: no power cut at any moment takes it, torn and reordered writes included.
  disk/test_disk.py::test_what_was_acknowledged_survives_a_power_cut_at_any_moment disk.commits_that_are_not_synced
journal 5: After a sync that failed later ones succeed: nothing more is acknowledged until the store is opened again.
  disk/test_disk.py::test_after_a_sync_that_failed_nothing_more_is_acknowledged_and_what_was_is_there disk.a_failed_sync_that_is_believed
journal 5: A bounded queue: a slow disk turns work away instead of taking all memory.
  disk/test_disk.py::test_a_slow_disk_turns_work_away_and_loses_none_that_it_took disk.a_queue_without_end
journal 11.8: A server's older copy is detected: what was signed is not signed again, shorter.
  integration/test_store_failover.py::test_an_older_copy_of_the_server_is_not_signed_on disk.a_regression_that_is_signed
journal 2.7: A payload that was swapped, edited, cut or lost is found, whichever and however.
  mutations/test_mutations.py::test_what_is_altered_is_found_or_says_the_same mutations.payloads_of_other_bytes
journal 11.20: Rows, tiles and roots that were altered at random are found, or the log says the same.
  mutations/test_mutations.py::test_what_is_altered_is_found_or_says_the_same mutations.tiles_of_other_hashes
journal 11.20: What stands beside a checkpoint's note says what the note says.
  mutations/test_mutations.py::test_what_is_altered_is_found_or_says_the_same mutations.a_root_that_was_not_compared
journal 9: Checkpoints that are gone leave no Entries that nobody vouches for.
  mutations/test_mutations.py::test_what_is_altered_is_found_or_says_the_same mutations.entries_that_nobody_signed
journal 2.7: The stand-alone verifier takes one spelling of each value.
  mutations/test_mutations.py::test_what_is_altered_is_found_or_says_the_same mutations.one_spelling_too_many
journal 2.4: A consistency proof is of the two trees that it names, to its end.
  mutations/test_mutations.py::test_what_is_altered_is_found_or_says_the_same mutations.a_proof_between_other_trees
journal 11: A harness that cannot fail proves nothing: each weak verifier is caught.
  mutations/test_mutations.py::test_a_weak_verifier_is_caught mutations.a_harness_that_cannot_fail
journal 1.1: Doctor names what is open and what nobody can tell about, in a database as in a file.
  integration/test_open_calls.py::test_a_database_says_the_same_to_who_may_look resolve.open_calls_of_a_database_untold
threats 18: An unknown is closed by one operator's proposal and another person's decision, in one unit.
  unit/test_resolve.py::test_two_people_close_what_nobody_can_tell_in_one_unit_with_their_decision resolve.word_of_one
threats 18: Neither requester, owner nor voter of the Call decides; nor who cannot be told apart from them.
  unit/test_resolve.py::test_proposer_requester_and_voter_decide_nothing resolve.voters_decide
threats 18: The owner of a machine decides nothing of its Calls.
  unit/test_resolve.py::test_the_owner_of_a_machine_decides_nothing_of_its_calls resolve.owners_decide
threats 18: Where it is not known who asked, nobody's identity can be compared.
  unit/test_resolve.py::test_where_it_is_not_known_who_asked_nobody_can_be_told_apart resolve.unknown_may_be_anybody
threats 18: Who voted on words does not decide to erase them or to release their hold.
  unit/test_resolve.py::test_who_voted_on_words_does_not_decide_to_erase_them_or_to_end_their_hold resolve.voters_erase
journal 1: RESOLVED only after `unknown`, whoever says so.
  unit/test_resolve.py::test_a_call_that_is_known_is_not_resolved_by_anybody resolve.known_is_resolved
journal 4: A note is a payload, encrypted, and stands in no Entry.
  unit/test_resolve.py::test_the_note_is_shown_to_who_decides_and_stands_in_no_entry resolve.note_in_the_record
journal 1.1: Rows that may have left before a crash count as disclosed.
  unit/test_execution_attempts.py::test_rows_that_may_have_left_before_a_crash_count_as_shown protocol.disclosure_forgotten
journal 11: A process killed at any step executes at most once and leaves nothing unknown or unrecorded.
  torture/test_torture.py::test_processes_killed_at_any_point_execute_at_most_once_and_leave_a_true_record protocol.what_was_prepared_is_not_asked_about
journal 1.2: After a lost COMMIT reply the source is asked, and the OUTCOME is what it did.
  integration/test_lost_replies.py::test_a_commit_whose_answer_is_lost_is_asked_about_and_told_as_it_was protocol.a_lost_reply_is_taken_for_a_rollback
journal 11.13: A clock that jumps is an Entry and an alert; order never comes from it.
  unit/test_execution_watch.py::test_a_clock_that_jumps_is_an_entry_and_an_alert_and_the_record_goes_on_in_order protocol.a_jump_of_the_clock_unseen
journal 1: First writer wins a slot, and the real store takes what the model takes.
  model/test_stores.py::test_the_sqlite_store_takes_what_the_model_takes protocol.a_slot_that_is_taken_twice
issue 5.7: Doctor names open Calls and those whose outcome is unknown.
  integration/test_open_calls.py::test_open_calls_and_unknown_ones_are_named protocol.what_is_unknown_is_lost_from_sight
journal 11: The product reads every state of the protocol as its model does.
  model/test_model.py::test_the_design_holds_in_every_interleaving_and_the_product_reads_each_state_alike protocol.a_state_read_otherwise_than_the_model
"""

# Looking back: who finds what, what a shape holds, what an index is believed for.
SEARCH: Final = """
journal 8: Who is no auditor finds own Calls alone.
  unit/test_audit_archive.py::test_who_is_no_auditor_finds_own_calls_alone_and_every_look_is_an_entry search.others_calls_are_found
journal 8: Each look-up is an Entry before its answer.
  unit/test_audit_archive.py::test_who_is_no_auditor_finds_own_calls_alone_and_every_look_is_an_entry search.a_search_without_its_entry
threats 2: No count finds what read a protected column, but for an auditor.
  unit/test_audit_archive.py::test_no_count_finds_what_read_a_protected_column_but_for_an_auditor search.a_count_finds_what_is_protected
threats 2: The store itself finds no protected Call by its rows unless told that it may.
  contract/test_search.py::test_each_criterion_finds_what_it_says search.a_count_finds_what_is_protected_in_the_store
journal 8: User text never reaches the text index raw.
  contract/test_search.py::test_words_are_never_an_operator_of_the_index search.words_reach_the_index_raw
journal 8: Keyset pages: Calls of one moment are told apart by their number.
  contract/test_search.py::test_calls_of_one_moment_are_told_apart_by_their_number search.pages_by_time_alone
journal 8: A page that looked at enough says how far back, never that there is no more.
  contract/test_search.py::test_one_page_looks_at_a_bounded_number_of_calls_and_says_how_far_back search.a_walk_that_stopped_says_it_ended
journal 8: Names that an Entry was too small for are not missed.
  contract/test_search.py::test_a_list_of_names_that_was_cut_is_found_by_any_name_and_says_so search.a_cut_list_is_not_found
journal 7: The projection is rebuilt from the log; one of another log is not believed.
  integration/test_projection.py::test_a_file_of_another_log_is_seen_and_made_anew search.another_logs_projection_is_believed
journal 7: An Entry that another process applied meanwhile counts once.
  integration/test_projection.py::test_an_entry_that_another_process_applied_meanwhile_counts_once search.an_entry_is_applied_twice
journal 7: An index that another process began anew is not gone on with from memory.
  contract/test_index.py::test_a_replica_forgets_its_keys_when_another_began_anew search.an_index_made_anew_elsewhere_is_remembered
journal 7: The projection follows the log while nobody looks.
  contract/test_index.py::test_it_follows_the_log_while_nobody_looks search.the_index_waits_until_somebody_looks
journal 4: A shape holds no comment.
  unit/test_outline.py::test_no_value_comment_alias_or_unknown_name_stays_in_a_shape search.shapes_keep_comments
journal 4: A shape holds no literal.
  unit/test_outline.py::test_no_value_comment_alias_or_unknown_name_stays_in_a_shape search.shapes_keep_literals
journal 4: A shape holds no alias and no name that the schema does not have.
  unit/test_outline.py::test_no_value_comment_alias_or_unknown_name_stays_in_a_shape search.shapes_keep_unknown_names
journal 4: Nor one that a definition only makes.
  unit/test_outline.py::test_names_that_a_definition_only_makes_are_not_the_schemas search.shapes_keep_names_that_a_definition_makes
"""

# The PostgreSQL store: several replicas, roles with rights of their own.
STORE: Final = """
journal 6: Sequence numbers have no gap however many replicas append.
  integration/test_postgres_store.py::test_two_replicas_number_without_a_gap_and_a_slot_has_one_winner store.numbers_with_a_gap
journal 1: A slot has one winner over all replicas; the loser's unit leaves nothing.
  integration/test_postgres_store.py::test_two_replicas_number_without_a_gap_and_a_slot_has_one_winner store.a_slot_for_everyone
journal 6: Guards are read by the store's own clock, behind the locks.
  contract/test_journal.py::test_before_refuses_at_its_instant_and_after_admits_at_it store.guards_unread
journal 5: The store's time never goes back.
  contract/test_journal.py::test_a_clock_set_back_prolongs_nothing store.time_goes_back
journal 6: A unit with operational rows is one transaction: a lost slot takes its rows with it.
  contract/test_journal.py::test_a_taken_slot_drops_the_whole_unit store.half_a_unit
threats 25: Each role appends its own kinds of Entries and no other.
  integration/test_postgres_rights.py::test_a_role_appends_its_own_kinds_and_no_other store.kinds_for_every_role
threats 25: The server function that appends is bound by the same rules as who calls it.
  integration/test_postgres_rights.py::test_a_role_appends_its_own_kinds_and_no_other store.the_owner_above_the_rules
threats 25: Who is connected counts, not who a function runs as.
  integration/test_postgres_rights.py::test_a_role_appends_its_own_kinds_and_no_other store.whoever_the_function_is
threats 25: A CHECK ties kind to scope, attempt and slot, NULL included.
  integration/test_postgres_rights.py::test_a_kind_stands_with_its_own_scope_attempt_and_slot_alone store.null_passes_a_check
journal 2.1: An Entry's time is the store's, in its columns and in its hashed bytes.
  integration/test_postgres_rights.py::test_the_stores_own_time_stands_in_the_body_whoever_sends_it store.a_time_of_the_senders
threats 23: The gateway cannot insert a Vote.
  integration/test_postgres_rights.py::test_a_role_that_was_taken_over_is_refused store.the_gateway_votes
threats 23: The people's side cannot write an outcome.
  shape/test_rights.py::test_the_rights_part_the_gateway_from_votes_people_from_outcomes_and_both_from_the_signer store.outcomes_by_people
threats 24: Only the signer writes checkpoints.
  integration/test_postgres_rights.py::test_a_role_that_was_taken_over_is_refused store.anyone_signs
threats 25: The sequencer moves only through the server function.
  integration/test_postgres_rights.py::test_a_role_that_was_taken_over_is_refused store.the_signer_moves_the_sequencer
threats 23: The people's side reads no key to a stored result.
  integration/test_postgres_rights.py::test_the_peoples_side_holds_no_key_to_a_stored_result_and_stores_none store.keys_of_results_for_people
reviews 1: A Review is approved only where the rows of its Votes fill the quorum.
  integration/test_postgres_rights.py::test_approved_needs_the_votes_that_fill_the_quorum store.approved_without_votes
reviews 1: A Review's state is moved along the table by its own role.
  integration/test_postgres_rights.py::test_a_state_is_reached_along_the_table_by_its_own_role_with_its_quorum store.anyone_moves
reviews 1: A Review begins pending.
  integration/test_postgres_rights.py::test_no_review_is_opened_approved store.opened_approved
journal 6: A replica that is frozen inside a unit frees the sequencer within two seconds.
  integration/test_postgres_store.py::test_a_replica_that_is_frozen_inside_a_unit_frees_the_sequencer store.frozen_for_a_minute
journal 6: Durability is set by each connection, before any login's own setting.
  integration/test_postgres_store.py::test_a_connection_is_durable_whatever_a_logins_own_settings_say store.the_logins_own_durability
journal 6: Durability is read back from each new connection; fsync or full_page_writes off refuses.
  integration/test_postgres_store.py::test_a_connection_that_may_lose_a_commit_is_refused store.durability_unread
journal 1.2: COMMIT's tag alone says that it committed.
  integration/test_postgres_store.py::test_a_commit_that_rolled_back_is_no_commit store.a_rollback_taken_for_a_commit
journal 1: After a lost reply of the store, a unit with rows that is on record by its own name is ours.
  integration/test_postgres_store.py::test_a_unit_whose_answer_is_lost_is_found_by_its_own_name store.a_lost_answer_is_a_failure
journal 1: After a lost reply of the store, a slot that names our own unit is ours.
  integration/test_postgres_store.py::test_a_unit_whose_answer_is_lost_is_found_by_its_own_name store.a_lost_batch_is_a_failure
journal 11.7: A store of another version is refused by name.
  integration/test_postgres_store.py::test_a_store_that_is_not_ours_or_a_login_above_it_is_refused_by_name store.any_version
journal 11.7: A store of our version whose schema was changed is refused.
  integration/test_postgres_store.py::test_a_store_that_is_not_ours_or_a_login_above_it_is_refused_by_name store.any_content
threats 23: A login above the store's rules serves no process.
  integration/test_postgres_store.py::test_a_store_that_is_not_ours_or_a_login_above_it_is_refused_by_name store.a_login_above_the_rules
threats 23: A login of two roles serves no process of one.
  integration/test_postgres_store.py::test_a_login_of_two_roles_is_refused_where_one_is_played store.a_login_of_two_roles
threats 27: Another key than the store's refuses start.
  integration/test_postgres_store.py::test_a_store_that_is_not_ours_or_a_login_above_it_is_refused_by_name store.another_key
journal 3: Of several signers one leads.
  integration/test_postgres_store.py::test_of_two_signers_one_leads_and_the_other_goes_on_from_its_checkpoint store.two_leaders
journal 6: Word of a commit travels after it, to every process.
  integration/test_postgres_store.py::test_what_one_process_commits_wakes_who_waits_in_another store.nobody_is_told
journal 6: A listener that was cut off comes back and looks at what it missed.
  integration/test_postgres_store.py::test_what_one_process_commits_wakes_who_waits_in_another store.deaf_for_good
journal 2.1: NUL, which not every reader of JSON takes, is replaced and marked.
  contract/test_journal.py::test_nul_is_recorded_and_marked_and_its_look_alike_is_left_alone store.nul_in_a_body
"""

# Reviews: who may vote, who may stop, what a card is believed for.
REVIEWS: Final = """
reviews 4: The requester never votes on what they asked, admins included.
  unit/test_votes.py::test_a_vote_is_barred reviews.a_vote_on_ones_own
reviews 4: A Vote of an identity that cannot be compared with the requester's is refused.
  unit/test_votes.py::test_a_vote_is_barred reviews.a_vote_that_cannot_be_compared
reviews 4: The owner of the agent never votes on what it asks.
  unit/test_votes.py::test_a_vote_is_barred reviews.an_owner_who_votes
reviews 4: Who is in none of the groups that are asked, or finds their seat filled, does not vote.
  unit/test_votes.py::test_a_vote_is_barred reviews.a_vote_of_no_member
reviews 4: A Vote is for the digest that was shown.
  unit/test_votes.py::test_a_vote_on_another_digest_is_refused reviews.a_vote_for_another_digest
reviews 4: One Vote per person.
  unit/test_votes.py::test_another_decision_by_the_same_person_is_refused reviews.a_second_vote
reviews 4: A Vote past the Review's time decides nothing.
  unit/test_votes.py::test_a_vote_is_barred reviews.a_vote_past_its_time
reviews 4: The expiry is checked in the moving unit itself.
  unit/test_votes.py::test_the_deciding_vote_moves_the_review_in_its_own_unit reviews.a_deciding_vote_without_its_guard
reviews 4: A denial needs a reason.
  unit/test_votes.py::test_a_denial_needs_a_reason reviews.a_denial_without_a_reason
reviews 4: A person fills one seat even when in two groups.
  unit/test_votes.py::test_one_person_in_two_groups_fills_one_seat reviews.one_person_for_two_seats
reviews 4: Groups are read at the click.
  unit/test_votes.py::test_groups_are_read_at_the_click reviews.groups_of_another_moment
reviews 4: At the claim each approver is still a member of the seat's group.
  unit/test_votes.py::test_an_approver_who_left_the_group_counts_no_more_at_the_claim reviews.an_approver_who_was_struck
reviews 4: An approval that nobody used is taken back by who may vote.
  unit/test_brakes.py::test_an_approval_that_is_taken_back_runs_nothing_and_the_agent_is_told reviews.nothing_taken_back
reviews 4: Who is in no group asked revokes and blocks nothing.
  unit/test_brakes.py::test_who_may_not_vote_stops_nothing reviews.anybody_stops
reviews 4: Who cannot be compared with the requester revokes and blocks nothing.
  unit/test_brakes.py::test_who_may_not_vote_stops_nothing reviews.stops_by_who_cannot_be_compared
reviews 4: A card of another digest stops nothing.
  unit/test_brakes.py::test_another_digest_another_review_and_a_blocked_reviewer_stop_nothing reviews.a_stop_by_another_card
threats 20: A card's voters block its agent for one hour.
  unit/test_brakes.py::test_a_reviewer_blocks_the_agent_for_an_hour_and_what_waited_ends reviews.a_block_for_a_day
threats 20: Who is blocked revokes and blocks nothing.
  unit/test_brakes.py::test_another_digest_another_review_and_a_blocked_reviewer_stop_nothing reviews.a_blocked_reviewer_stops
journal 1: What people stopped after the claim says in its OUTCOME whose wish it was.
  unit/test_brakes.py::test_what_has_begun_is_given_up_before_it_commits_and_the_record_says_by_whom reviews.a_stop_by_nobody
reviews 4: A repeat of what was denied within 10 min is denied with the same reason, without asking.
  unit/test_patience.py::test_what_was_denied_just_now_is_denied_again_with_the_same_reason_and_nobody_is_asked reviews.what_was_denied_is_asked_again
threats 5: Three denials in an hour silence for an hour.
  unit/test_patience.py::test_three_denials_in_an_hour_silence_a_person_through_whatever_agent reviews.denials_that_silence_nobody
threats 5: A person is silenced through whatever agent they ask.
  unit/test_patience.py::test_three_denials_in_an_hour_silence_a_person_through_whatever_agent reviews.silence_of_one_agent
reviews 4: Who has more than 10 open Reviews is told to stop.
  unit/test_patience.py::test_of_one_who_asks_so_many_questions_wait_at_once_and_an_identical_one_joins reviews.questions_without_number
threats 5: Opened Reviews per person and hour are capped.
  unit/test_patience.py::test_questions_that_are_withdrawn_again_and_again_have_their_number_in_an_hour reviews.questions_withdrawn_and_reworded
reviews 11: Of several replicas one at a time draws a Review's cards.
  slack/test_flow.py::test_what_another_replica_is_drawing_is_left_to_it_until_its_turn_is_over reviews.two_replicas_draw
reviews 11: A late redraw covers no newer state.
  slack/test_flow.py::test_what_another_replica_is_drawing_is_left_to_it_until_its_turn_is_over reviews.a_late_redraw_covers_a_newer
reviews 11: A redraw that is done leaves the next one to whoever comes.
  slack/test_flow.py::test_what_another_replica_is_drawing_is_left_to_it_until_its_turn_is_over reviews.a_turn_without_end
reviews 12: A guest decides nothing, on either transport.
  slack/test_votes.py::test_nobody_decides_but_a_full_member_who_is_somebody_else_and_in_the_group reviews.a_guest_who_votes
reviews 12: A bot decides nothing.
  slack/test_votes.py::test_nobody_decides_but_a_full_member_who_is_somebody_else_and_in_the_group reviews.a_bot_that_votes
reviews 12: A deactivated account decides nothing.
  slack/test_votes.py::test_nobody_decides_but_a_full_member_who_is_somebody_else_and_in_the_group reviews.who_left_votes
reviews 12: An account of another team decides nothing.
  slack/test_who.py::test_slacks_own_word_counts_and_a_missing_flag_counts_against reviews.another_workspace_votes
reviews 12: A stranger of a connected workspace decides nothing.
  slack/test_votes.py::test_nobody_decides_but_a_full_member_who_is_somebody_else_and_in_the_group reviews.a_stranger_who_votes
reviews 9: A request over HTTP is signed by our secret, and not older than five minutes.
  slack/test_votes.py::test_what_is_not_signed_by_our_secret_decides_nothing reviews.unsigned_requests
threats 29: A signed request is taken once.
  slack/test_votes.py::test_a_signed_request_is_taken_once reviews.a_request_twice
threats 29: A body beyond what Slack sends is read no further.
  slack/test_votes.py::test_what_is_not_signed_by_our_secret_decides_nothing reviews.bodies_without_end
reviews 9: A closing door takes no request that it could not finish.
  slack/test_votes.py::test_a_closing_door_takes_no_request reviews.requests_after_the_end
reviews 4: Over HTTP a stop names the digest that was seen, and nothing else.
  integration/test_console.py::test_what_names_no_digest_stops_nothing reviews.a_stop_without_what_was_seen
threats 30: What Slack did not sign is counted, and told once a minute.
  slack/test_votes.py::test_what_is_not_signed_by_our_secret_decides_nothing reviews.refusals_that_nobody_counts
threats 28: A click on a copy of a card stops nothing.
  slack/test_brakes.py::test_a_copy_of_a_card_stops_nothing reviews.a_stop_from_a_copy
"""

# Replay: what is opened, by whom.
REPLAY: Final = """
threats 21: A stored result opens for result_readers alone.
  unit/test_audit_archive.py::test_a_result_opens_for_its_readers_alone_and_each_opening_is_an_entry search.results_open_for_every_auditor
journal 8: Each result that is opened is an Entry before it is.
  unit/test_audit_archive.py::test_a_result_opens_for_its_readers_alone_and_each_opening_is_an_entry search.a_result_opens_without_its_entry
threats 21: An unmasked result is never replayed.
  unit/test_audit_archive.py::test_an_unmasked_result_is_never_replayed search.an_unmasked_result_is_replayed
journal 8: A session asked again asks its reads alone: nothing of a change runs again.
  unit/test_against.py::test_nothing_is_called_for_a_change search.a_change_runs_again
journal 8: What is no read by now is looked at and does not run.
  unit/test_against.py::test_what_is_no_read_now_or_not_allowed_is_looked_at_and_does_not_run search.what_is_no_read_now_runs
journal 8: A session asked again asks no people.
  unit/test_against.py::test_what_is_no_read_now_or_not_allowed_is_looked_at_and_does_not_run search.a_comparison_asks_people
journal 8: A read that could not be compared is not told as the same.
  integration/test_cli_against.py::test_what_cannot_be_asked_is_no_sameness search.an_uncompared_read_counts_as_the_same
"""

# Export: what leaves, in which words, and when it counts as delivered.
EXPORT: Final = """
journal 10: The cursor is stored after the acknowledgement.
  integration/test_sinks.py::test_the_cursor_moves_after_the_acknowledgement_and_a_restart_goes_on_there export.a_cursor_before_the_acknowledgement
journal 10: At least once and in order, whatever a receiver does.
  integration/test_sinks.py::test_nothing_is_lost_and_order_holds_whatever_a_receiver_does export.a_failure_is_skipped
journal 10: A repeat is told by the log's name and the number, as the Entry was written.
  unit/test_export_taking.py::test_an_entry_keeps_the_name_of_the_log_that_it_was_written_under export.a_uid_under_another_name
journal 10: Only what a sink rejects for good is given up, never what a wrong address rejects.
  integration/test_sinks.py::test_a_receiver_that_rejects_everything_loses_nothing export.a_wrong_address_loses_everything
journal 10: 401, 403, 408 and 429 are about the sink and not about the Entry.
  integration/test_sinks.py::test_no_answer_but_a_rejection_of_the_entry_itself_gives_one_up export.a_refused_token_is_a_bad_entry
journal 10: Nothing but a 2xx acknowledges.
  integration/test_sinks.py::test_no_answer_but_a_rejection_of_the_entry_itself_gives_one_up export.a_redirect_counts_as_taken
journal 10: TCP acknowledges nothing: after a break the last messages are sent again.
  integration/test_sinks.py::test_a_syslog_that_breaks_gets_again_what_it_may_have_lost export.a_syslog_that_broke_is_believed
journal 10: A collector with acknowledgement is believed when its indexer confirms.
  integration/test_sinks.py::test_splunk_is_believed_when_its_indexer_confirms export.a_collector_is_believed_before_its_indexer
journal 10: A webhook is signed over id, time and body.
  integration/test_sinks.py::test_a_webhook_is_signed_as_the_standard_says export.a_webhook_signs_its_body_alone
journal 10: A raw statement leaves only where a sink was opted in.
  integration/test_sinks.py::test_statements_leave_only_where_a_sink_was_opted_in export.statements_leave_unasked
journal 10: A torn line of a file is ended, and its Entry sent again.
  integration/test_sinks.py::test_a_file_holds_every_entry_once_and_a_torn_line_is_ended export.a_torn_line_is_continued
journal 10: A file that is a link is not written.
  integration/test_sinks.py::test_a_file_that_cannot_be_written_waits export.a_file_that_is_a_link
journal 3: Of several processes one sends to a sink, and another takes over where it stood.
  integration/test_sinks_apart.py::test_of_several_processes_one_sends_and_the_next_takes_over_where_it_stood export.every_process_sends
journal 10: Pruning waits for required sinks.
  unit/test_custody.py::test_what_a_required_sink_has_not_taken_does_not_end_by_age export.retention_waits_for_no_sink
journal 10: And for what stands on the day after its key's.
  unit/test_custody.py::test_what_a_required_sink_has_not_taken_does_not_end_by_age export.an_entry_after_midnight_is_not_waited_for
journal 10: Agent text begins no second record: CEF is escaped.
  unit/test_export_formats.py::test_hostile_words_stay_within_their_field export.cef_values_are_not_escaped
journal 10: No other line break, and no control, passes into a line.
  unit/test_export_formats.py::test_hostile_words_stay_within_their_field export.other_line_breaks_pass
journal 10: Result data, payload names and MACs never leave.
  unit/test_export_formats.py::test_the_shape_leaves_and_the_statement_only_where_it_was_opted_in export.payload_references_leave
journal 8: Taking the log away is an Entry before it is given.
  unit/test_export_taking.py::test_an_auditor_takes_every_entry_stretch_by_stretch_and_each_is_an_entry export.a_stretch_without_its_entry
journal 8: Who is no auditor takes nothing away.
  unit/test_export_taking.py::test_who_is_no_auditor_takes_nothing_away export.anyone_takes_the_log_away
"""

# Beneath the reading: tags that stay, the stamp over what runs, the second tree, what an operator is told.
NETS: Final = """
masking 1: A tag stays with its column, whatever names change places: what lost its tag so is closed.
  unit/test_connector_tags.py::test_a_tag_stays_with_its_column_when_two_tables_change_names nets.a_tag_follows_its_name_alone
masking 4: The stamp covers the masking views of the permitted text: one replaced after the reading shows nothing.
  integration/test_races.py::test_no_act_beside_a_read_changes_what_comes_out nets.masking_views_outside_the_stamp
masking 4: In the second tree a protected relation is read by the rights of the masking views' owner alone.
  integration/test_second.py::test_a_second_tree_that_reads_past_the_masks_is_refused nets.another_owner_in_the_second_tree
masking 4: By the caller's own rights it names known, untagged columns alone.
  integration/test_second.py::test_a_second_tree_that_reads_past_the_masks_is_refused nets.own_rights_in_the_second_tree
sql 10: A refusal by the engine's own rights is told to an operator, and so is what detectors found.
  unit/test_alerts.py::test_doctor_says_what_was_found_and_what_was_denied nets.alerts_that_doctor_does_not_tell
sql 5: Every alert is a line in the operator's log.
  unit/test_alerts.py::test_each_alert_is_a_line_in_the_log nets.alerts_that_no_log_tells
"""

# Besides what a statement says: operator classes, code on rows, what a whole transaction did.
BESIDE: Final = """
sql 6: What sorting, hashing and comparing run for a type or an operator is code that was looked at.
  integration/test_methods.py::test_no_function_of_an_operator_class_runs_that_nobody_looked_at beside.methods_by_their_operators
sql 6: So where GREATEST, arrays or rows compare values by what their type says at run time.
  integration/test_methods.py::test_no_function_of_an_operator_class_runs_that_nobody_looked_at beside.methods_by_types
sql 6: So by the operator classes of indexes and partition keys of what is read.
  integration/test_methods.py::test_nor_by_an_index_or_a_partition_key_or_beside_a_built_in_class beside.methods_by_indexes
sql 1.1: A member that joins an operator family is in the stamp of what uses own types or operators.
  integration/test_methods.py::test_a_member_that_was_looked_at_runs_until_another_joins_the_family beside.methods_that_join_later
sql 12: Code of CHECKs, indexes, defaults, generated columns and WHEN clauses is told by name, and makes an Allow an Ask.
  integration/test_methods.py::test_code_that_rows_run_without_a_trigger_is_named beside.code_of_rows
sql 1.1: A CHECK of a table that came since makes it another question.
  integration/test_methods.py::test_a_check_that_came_since_makes_it_another_question beside.checks_that_came_since
sql 12: What code empties or drops under a cap is rolled back: no statistics count it.
  integration/test_counted_rows.py::test_code_that_empties_or_drops_a_table_is_rolled_back_under_a_cap beside.tables_emptied_by_code
sql 12: So where code uses a foreign table.
  integration/test_counted_rows.py::test_rows_of_a_foreign_table_are_rolled_back_under_a_cap beside.rows_elsewhere
sql 12: What waits for COMMIT runs before rows are counted.
  integration/test_counted_rows.py::test_rows_count_wherever_they_changed beside.what_waits_for_commit
sql 1.1: Event triggers and publications that came since are seen before anything runs.
  integration/test_counted_rows.py::test_what_came_to_happen_besides_is_seen_before_anything_runs beside.catalogs_that_add_to_any_change
sql 1: What people are told of a write besides is part of its digest.
  integration/test_counted_rows.py::test_what_came_to_happen_besides_is_seen_before_anything_runs beside.people_were_told_of_other_things
masking 10: Detectors look at large text beside the event loop: nobody waits for another's result.
  unit/test_finishing.py::test_large_text_keeps_nobody_waiting_and_each_gets_its_own_rows beside.text_on_the_loop
masking 10: However many waits are cancelled, no more results are looked at at once than there are threads.
  unit/test_finishing.py::test_a_cancelled_wait_ends_at_once_and_frees_no_more_threads_than_there_are beside.threads_without_end
sql 12: A procedure runs only if an operator registered it, and only as long as its body is what was looked at.
  integration/test_calls.py::test_any_other_call_is_refused_saying_why beside.procedures_nobody_looked_at
sql 12: Registered is one body: with another nothing runs.
  integration/test_calls.py::test_any_other_call_is_refused_saying_why beside.bodies_that_were_registered
sql 12: A name that may mean several routines is no CALL that is read.
  integration/test_calls.py::test_any_other_call_is_refused_saying_why beside.one_of_several_procedures
sql 12: A procedure that hands values back is not called: no mask could stand before them.
  integration/test_calls.py::test_any_other_call_is_refused_saying_why beside.what_a_procedure_hands_back
sql 12: Arguments of a CALL are plain values: no code but the procedure's own runs.
  integration/test_calls.py::test_any_other_call_is_refused_saying_why beside.arguments_that_compute
sql 1.1: Another body, or another routine of its name, is another question.
  integration/test_calls.py::test_another_body_or_another_of_its_name_is_another_question beside.another_body_since
sql 1.1: What names mean is looked at again after a CALL, before anything is committed.
  integration/test_calls.py::test_a_procedure_that_changes_what_names_mean_is_not_committed beside.what_a_procedure_made_of_names
masking 9: No number of a CALL is told: what its code looked at nobody read.
  integration/test_calls.py::test_a_registered_procedure_runs_as_what_it_is beside.numbers_of_a_procedure
masking 5: A role that takes rights of others by itself is refused.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.a_role_that_inherits
masking 5: A role that owns something is refused.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.a_role_that_owns
masking 5: A right on the server's own functions, catalogs or parameters is refused.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.rights_on_the_servers_own
masking 5: Rights that new objects carry by default are told.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.rights_of_new_objects
masking 5: A function in an untrusted language that the role may call is refused.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.untrusted_languages
masking 5: A masking view that nothing asks for any more is told.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.masking_views_left_over
masking 5: Where nobody can tell whether a column moved under its tag, the Source is refused.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.bindings_that_nobody_can_read
masking 5: A column that is new, or not granted, closes its table.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.columns_that_are_new
masking 5: A tag that names nothing refuses the Source.
  integration/test_harden_checks.py::test_each_check_names_what_breaks_it_and_its_remedy_mends_it beside.tags_that_name_nothing
masking 5: A column that moved under its tag refuses the Source.
  integration/test_harden_shop.py::test_a_renamed_column_is_no_unmasking beside.columns_that_moved
masking 5: A session with other settings than reading relies on is refused.
  integration/test_harden_checks.py::test_a_session_with_other_settings_is_refused beside.session_settings
masking 5: Agents' texts that reach the server log are told.
  integration/test_harden_checks.py::test_what_a_role_brings_into_each_session_is_checked beside.texts_in_the_server_log
masking 5: That reads run on the primary though there is a standby is told.
  integration/test_harden_checks.py::test_a_standby_is_told_of beside.reads_on_the_primary
masking 5: What a role is held to in every session of its own, beneath our BEGIN, comes of harden; that it is gone is drift.
  integration/test_harden_checks.py::test_what_harden_gives_a_role_is_drift_once_it_is_gone_and_a_bound_of_the_dbas_own_is_none enforced.bounds_of_a_role
masking 5: Code that runs as a role logs in refuses the Source, by name.
  integration/test_harden_checks.py::test_code_that_runs_as_a_role_logs_in_closes_the_source_until_it_is_acknowledged enforced.code_at_login
masking 5: Partitions by a protected column close their table.
  integration/test_harden_checks.py::test_partitions_by_a_protected_column_close_their_table beside.partitions_that_follow_values
masking 4: What a domain calls is taken from PUBLIC only where it may do more than compute.
  integration/test_harden_shop.py::test_a_check_that_only_computes_is_left_to_everybody beside.checks_that_only_compute
threats 2: What statements like it took is told to who may decide alone.
  unit/test_earlier.py::test_only_who_may_decide_is_told_what_calls_like_it_took beside.durations_for_who_decides_alone
threats 2: It stands in the full view alone, never in the channel.
  unit/test_earlier.py::test_the_full_view_says_it_and_the_card_does_not beside.durations_in_the_channel
sql 10: Whatever the database, its triggers and its constraints say, an agent is told a sentence of ours.
  integration/test_errors.py::test_no_word_of_the_database_reaches_an_agent beside.words_of_the_database
"""

# What operators put in force: blocks, the policy, budgets.
POLICY: Final = """
threats 20: No unit of a blocked party is made, whatever a process has heard: person, agent, Source, everything.
  contract/test_standing.py::test_no_unit_of_a_blocked_party_is_made_until_the_block_is_released policy.a_block_that_no_unit_reads
threats 20: A block set at one replica holds at all of them.
  contract/test_standing.py::test_no_unit_of_a_blocked_party_is_made_until_the_block_is_released policy.a_block_that_no_replica_reads
threats 20: A second block never shortens a first.
  contract/test_standing.py::test_a_block_ends_by_the_stores_clock_and_a_second_one_never_shortens_it policy.a_block_that_a_second_shortens
threats 20: A block is an Entry.
  contract/test_standing.py::test_neither_block_nor_policy_changes_without_its_entry policy.a_block_without_its_entry
threats 4: Blocks are read where a Permit is made, cached token or not.
  unit/test_blocks.py::test_nothing_begins_for_who_is_blocked_even_before_this_process_heard_of_it policy.a_begin_that_asks_no_block
threats 20: What runs for who is blocked is cancelled.
  unit/test_blocks.py::test_what_runs_is_cancelled_when_the_block_is_heard policy.a_block_that_cuts_nothing
threats 20: Rows of who was blocked meanwhile do not leave.
  unit/test_blocks.py::test_what_ran_unheard_of_is_neither_shown_nor_committed policy.rows_of_who_was_blocked_meanwhile
threats 20: A change of who was blocked meanwhile gets no right to COMMIT.
  unit/test_blocks.py::test_what_ran_unheard_of_is_neither_shown_nor_committed policy.a_commit_of_who_was_blocked_meanwhile
threats 20: Open Reviews and unclaimed approvals of who is blocked end.
  unit/test_blocks.py::test_what_waits_for_people_or_was_approved_ends policy.a_review_that_outlives_a_block
threats 4: Blocks are read at every claim, of who asked and of who said yes.
  unit/test_blocks.py::test_an_approval_is_not_claimed_once_who_asked_or_who_said_yes_is_blocked policy.a_claim_that_asks_no_block
threats 20: Who is blocked votes no more.
  unit/test_blocks.py::test_who_is_blocked_votes_no_more policy.a_vote_of_who_is_blocked
threats 20: collect is withheld.
  unit/test_blocks.py::test_a_result_is_withheld_from_who_is_blocked_before_this_process_heard_of_it policy.a_result_for_who_is_blocked
threats 20: A block of a person covers the machines that they answer for.
  unit/test_blocks.py::test_a_block_of_a_person_stops_the_machines_that_they_answer_for policy.a_block_that_forgets_the_machines
issue 6.5: A budget is taken in the unit that makes the Permit, and what it does not hold does not run.
  unit/test_policy_budgets.py::test_a_refusal_says_which_budget_and_when_it_begins_anew_and_nothing_runs policy.a_budget_that_is_only_counted
issue 6.5: Of an approved change, in the unit that begins its attempt.
  unit/test_policy_budgets.py::test_a_change_that_people_decide_takes_its_part_when_it_begins_to_run policy.a_claim_that_takes_nothing
issue 6.5: A reservation stands until it is settled or recovered, and recovery closes it with the Call's fate.
  unit/test_policy_budgets.py::test_what_a_process_took_that_died_counts_until_recovery_says_what_became_of_it policy.a_reservation_that_nobody_settles
issue 6.5: What was not used is given back once.
  contract/test_budgets.py::test_what_was_not_used_is_given_back_once policy.a_reservation_that_is_given_back_twice
issue 6.5: What nobody can tell counts as all that was taken.
  contract/test_budgets.py::test_of_what_nobody_can_tell_all_that_was_taken_counts policy.a_use_that_nobody_knows_is_none
issue 6.5: No Source's word fills a budget up, or overdraws it.
  contract/test_budgets.py::test_no_word_of_a_source_fills_a_budget_up_or_overdraws_it policy.a_use_that_is_less_than_nothing
issue 6.5: A period begins anew by the store's own clock, which never goes back.
  contract/test_budgets.py::test_a_period_begins_anew_by_the_stores_own_clock_and_never_twice policy.a_period_by_another_clock
issue 6.5: The refusal says when it will be possible again.
  contract/test_budgets.py::test_a_refusal_says_when_the_budget_begins_anew policy.a_refusal_without_its_end
issue 6.5: No statement is larger than a whole budget, also where no rule caps it.
  unit/test_policy_budgets.py::test_no_statement_is_larger_than_a_whole_budget_even_where_no_rule_caps_it policy.a_statement_that_no_budget_bounds
issue 6.5: A bill that nobody can tell takes the whole budget until it is known.
  unit/test_policy_budgets.py::test_a_bill_that_nobody_can_tell_takes_the_whole_budget policy.a_bill_that_is_guessed
issue 6.5: A job takes of budgets the most that it may be billed, and is settled by what it was billed, whoever ends it.
  unit/test_policy_budgets.py::test_a_job_takes_what_it_may_be_billed_at_most_and_is_settled_by_what_it_was_billed policy.a_bill_that_is_not_settled
issue 6.5: A job that failed, or whose process died, is settled by its bill; of what nobody tells all counts.
  unit/test_policy_budgets.py::test_a_job_that_failed_is_settled_by_its_bill_too policy.a_failed_job_that_cost_nothing
issue 6.5: Recovery settles a job by its bill.
  unit/test_policy_budgets.py::test_a_job_whose_process_died_is_settled_by_its_bill_when_it_is_recovered policy.a_bill_that_is_forgotten_by_recovery
issue 6.5: What a statement may be billed is bounded by what its Source said before.
  unit/test_policy_budgets.py::test_a_job_takes_what_it_may_be_billed_at_most_and_is_settled_by_what_it_was_billed policy.a_job_without_a_bound_of_its_bill
issue 6.5: An approved one keeps the bound that people saw.
  unit/test_policy_budgets.py::test_an_approved_job_keeps_the_bound_that_people_saw_though_its_table_grew policy.an_approval_whose_bill_grows
issue 6.5: What no budget could pay is refused as such, and never said to be possible later.
  unit/test_policy_budgets.py::test_what_a_whole_budget_cannot_pay_is_refused_and_never_said_to_be_possible_tomorrow policy.a_bill_that_no_budget_can_pay
threats 26: What a byte costs is part of the hashed policy: rules and budgets in money follow it.
  unit/test_policy_budgets.py::test_what_bytes_cost_is_part_of_the_hashed_policy_and_a_lower_price_widens policy.a_price_outside_of_the_hash
issue 6.5: A person has one account, through whatever agent.
  unit/test_policy_budgets.py::test_a_person_has_one_account_through_every_agent_and_a_machine_its_own policy.an_account_for_each_agent
issue 6.5: A budget that holds more, counts less or begins anew widens.
  unit/test_policy_budgets.py::test_a_budget_that_holds_more_counts_less_or_begins_anew_widens policy.a_budget_that_widens_unseen
issue 6.5: Never more is used than a budget holds, whoever dies, however clocks jump, with two replicas at once.
  unit/test_policy_budgets.py::test_a_change_that_people_decide_takes_its_part_when_it_begins_to_run policy.a_change_that_used_nothing
issue 6.5: An operator sees what is used of each budget, and when it begins anew.
  integration/test_budgets_shown.py::test_what_is_used_of_each_budget_is_shown_as_it_stands_in_the_store policy.a_budget_that_shows_another
issue 6.5: A budget of the own file's floor holds whatever the store says.
  unit/test_policy_budgets.py::test_a_floors_budget_holds_whatever_the_store_says policy.a_floor_without_its_budgets
issue 6.5: A budget that is no floor any more widens.
  unit/test_policy_budgets.py::test_a_budget_that_becomes_a_floor_widens_nothing_and_one_that_is_none_any_more_does policy.a_floor_that_ends_unseen
issue 6.4: Budgets come into force in a process that runs.
  unit/test_policy_budgets.py::test_a_process_takes_other_budgets_as_they_come_into_force policy.a_budget_that_takes_a_restart
issue 6.4: Budgets are part of what two policies are compared by over the record.
  integration/test_cli_policy_diff.py::test_budgets_are_part_of_what_differs policy.a_budget_that_differs_unseen
issue 6.3: Facts are one literal table, and each names a test that shows it.
  shape/test_facts.py::test_the_test_that_a_fact_names_shows_it policy.a_fact_that_no_test_shows
threats 18: That an operator decides alone is part of the hashed policy, and comes by one that widens.
  unit/test_policy_edits.py::test_no_edit_of_the_file_lets_anybody_do_more_unseen policy.an_operator_alone_unseen
threats 26: No edit of the file lets anybody do more unseen, whatever part of it.
  unit/test_policy_edits.py::test_no_edit_of_the_file_lets_anybody_do_more_unseen policy.detectors_that_look_for_less_unseen
threats 26: A start with a file that lets somebody do more, an older one again too, is an Entry and an alert.
  unit/test_policy_edits.py::test_a_start_with_a_file_that_lets_somebody_do_more_is_on_record_and_alerts policy.a_start_that_widens_unsaid
issue 6.4: Who decides a proposal sees whom it concerns, against what is in force.
  integration/test_cli_policy_diff.py::test_what_a_proposal_changes_is_told_against_what_is_in_force policy.a_diff_against_another_than_in_force
issue 6 bad input: A file of 10 MB, of thousands of mistakes, of names twice, odd groups or no zones keeps the old policy.
  unit/test_policy_bad_input.py::test_a_broken_file_says_where_and_keeps_the_old_policy policy.a_broken_file_that_is_an_empty_one
issue 6 bad input: What is said of a file has an end, and so has the work.
  unit/test_policy_bad_input.py::test_a_broken_file_says_where_and_keeps_the_old_policy policy.a_file_of_errors_without_end
issue 6 bad input: Looking for the nearest name is bounded.
  unit/test_policy_bad_input.py::test_of_thousands_of_names_nobody_looks_for_the_nearest policy.a_nearest_of_thousands
issue 6 bad input: A zone that each machine reads in its own way is none.
  unit/test_policy_bad_input.py::test_a_broken_file_says_where_and_keeps_the_old_policy policy.a_zone_of_each_machines_own
issue 6.6: Blocks that hold are counted by their kind, for metrics: what has ended is none.
  unit/test_blocks.py::test_a_block_that_ends_by_itself_is_over_at_its_time policy.a_block_that_is_over_and_counted
issue 6.6: The metrics tell how many blocks hold, by their kind; one that was released leaves no number behind.
  unit/test_blocks.py::test_metrics_count_blocks_by_kind_and_name_nobody policy.a_block_that_ended_and_stays_in_the_numbers
issue 6.6: A process that serves tells that number, zero where nobody is stopped.
  integration/test_cli_serve.py::test_a_process_tells_operators_of_itself_and_nobody_of_what_was_asked policy.blocks_that_no_number_tells
issue 6.5: Budgets are part of the hashed policy.
  unit/test_policy_budgets.py::test_budgets_are_part_of_the_hashed_policy_and_read_back_exactly policy.a_budget_outside_of_the_hash
sql 12: Control of sessions, transactions and the server is always refused, whatever rules say.
  security/test_floor.py::test_no_rule_lifts_what_is_always_refused floor.control_that_a_rule_lifts
sql 12: So are things of superusers: roles, extensions, servers, publications, databases, casts and the like.
  unit/test_policy_decide.py::test_what_belongs_to_superusers_is_refused_whoever_asks floor.things_of_superusers
sql 12: And rights on them.
  unit/test_policy_decide.py::test_what_belongs_to_superusers_is_refused_whoever_asks floor.rights_on_things_of_superusers
sql 12: And rights for PUBLIC.
  unit/test_policy_decide.py::test_rights_on_a_table_for_a_role_may_be_asked_for floor.rights_for_everybody
sql 12: And who belongs to a role.
  unit/test_policy_decide.py::test_what_belongs_to_superusers_is_refused_whoever_asks floor.membership_of_roles
sql 12: define, grant and run are at least asked; no rule allows them.
  security/test_floor.py::test_what_people_decide_at_least_is_never_allowed floor.an_allowance_of_shape_and_rights
sql 12: Code that runs later as someone else is refused unless a rule asks two people.
  security/test_floor.py::test_code_that_runs_later_as_someone_else_is_asked_of_two_people_at_least floor.code_that_one_person_lets_in
sql 12: CALL runs only under a rule that names it, as Ask.
  unit/test_policy_decide.py::test_code_runs_only_under_a_rule_that_names_run_and_what floor.code_that_no_rule_names
sql 12: What is no code does not run.
  unit/test_policy_decide.py::test_what_belongs_to_superusers_is_refused_whoever_asks floor.running_what_does_not_run
design Policy: The tool query refuses whatever would change something.
  unit/test_policy_decide.py::test_query_refuses_what_writes_and_names_execute floor.a_query_that_writes
threats 9: A machine that nobody answers for does nothing.
  unit/test_policy_decide.py::test_a_machine_needs_an_owner_and_a_rule_that_names_it floor.a_machine_of_nobody
sql 12: Facts that only people may decide on are more than an allowance covers.
  unit/test_policy_decide.py::test_some_facts_are_more_than_an_allowance_covers floor.a_fact_that_an_allowance_covers
threats 18: Stopping needs one operator, a release takes another.
  integration/test_cli_custody.py::test_a_block_is_set_by_one_at_once_and_released_by_two policy.a_release_by_one_operator
threats 20: A block of a Source that is not there is refused, not believed.
  integration/test_cli_custody.py::test_what_cannot_be_read_is_refused policy.a_source_that_is_misspelt
threats 26: What was decided by another policy than the one in force is not made.
  contract/test_standing.py::test_what_was_decided_by_another_policy_than_the_one_in_force_is_not_made policy.a_policy_that_no_unit_reads
threats 26: A policy put in force at one replica holds at all of them.
  contract/test_standing.py::test_what_was_decided_by_another_policy_than_the_one_in_force_is_not_made policy.a_policy_that_no_replica_reads
threats 18: A policy that widens is proposed by one operator and decided by another person.
  unit/test_policy_apply.py::test_what_widens_waits_for_a_second_operator_and_is_told policy.a_widening_by_one_operator
threats 18: Only the policy that was proposed comes into force.
  unit/test_policy_apply.py::test_only_what_was_proposed_comes_into_force policy.another_policy_than_was_proposed
threats 18: A policy that widens is told to the channel with its difference.
  unit/test_policy_apply.py::test_what_widens_waits_for_a_second_operator_and_is_told policy.a_widening_that_nobody_is_told
issue 6.4: What widens is told with whom it concerns, by groups and agents; persons are counted.
  unit/test_policy_apply.py::test_what_widens_is_said_with_whom_it_concerns policy.a_condition_that_nobody_is_told
issue 6.4: An example may state every limit, and each is held to what was decided.
  unit/test_policy_examples.py::test_an_example_says_what_is_not_as_expected policy.a_limit_that_no_example_can_hold
threats 18: A rule that names a machine which no rule named widens.
  unit/test_policy_apply.py::test_what_widens_is_said_with_whom_it_concerns policy.a_machine_that_is_named_unseen
issue 6.4: Of more names than can be looked at one by one, all are said.
  unit/test_policy_apply.py::test_what_widens_is_said_with_whom_it_concerns policy.names_that_are_looked_at_without_end
issue 6.4: An apply and its post say for whom.
  unit/test_policy_apply.py::test_what_widens_waits_for_a_second_operator_and_is_told policy.a_widening_for_nobody_in_particular
issue 6.4: Whoever a changed rule lets do more is among those of whom it is said.
  property/test_widening.py::test_whoever_may_do_more_is_among_those_of_whom_it_is_said policy.a_name_that_widens_and_is_left_out
issue 6.4: A difference of any length fits a message, and counts what it leaves out.
  unit/test_policy_apply.py::test_a_difference_of_any_length_fits_a_message_and_counts_what_it_leaves_out policy.a_difference_that_is_cut_unsaid
threats 18: SIGHUP refuses to widen; a broken file keeps the old policy and says so.
  unit/test_policy_apply.py::test_a_signal_takes_what_narrows_and_keeps_the_old_policy_at_all_else policy.a_signal_that_widens
threats 26: Open Reviews whose question changed are cancelled and asked anew.
  unit/test_policy_apply.py::test_open_reviews_of_another_policy_are_cancelled_and_asked_anew policy.a_review_that_outlives_its_policy
threats 23: Floor rules of the gateway's own file hold whatever the store says.
  unit/test_policy_apply.py::test_the_own_floor_holds_whatever_the_store_says policy.a_floor_that_the_store_lifts
threats 26: A replica whose file differs in what a process is made of runs nothing.
  unit/test_policy_apply.py::test_a_process_that_was_built_for_another_configuration_runs_nothing policy.a_process_built_for_another_file
threats 26: A stored text that is not the one of its version is never in force.
  unit/test_policy_apply.py::test_no_other_text_is_read_as_a_policy policy.a_text_of_another_hash
threats 26: Widening includes an added member, operator, issuer, agent, a removed tag, a weaker mask, a changed owner.
  unit/test_policy_apply.py::test_what_lets_anybody_do_more_is_found policy.a_member_more_is_no_more
threats 18: A rule that covers what no rule did widens.
  property/test_widening.py::test_what_is_not_found_to_widen_widens_nothing policy.a_rule_that_covers_more
threats 18: A rule that is gone widens where a less strict one may stand in for it.
  property/test_widening.py::test_what_is_not_found_to_widen_widens_nothing policy.a_rule_that_is_gone
threats 18: A refusal that is gone, or closes less, widens.
  property/test_widening.py::test_what_is_not_found_to_widen_widens_nothing policy.a_refusal_that_is_gone
"""

# The agents' door: tokens, scopes, handles, tasks.
DOOR: Final = """
mcp 4.5: Only who declared tasks on this very request gets one.
  integration/test_mcp_tasks.py::test_who_did_not_declare_them_on_this_request_gets_no_task door.tasks_for_who_declared_none
mcp 4.5: The three methods serve only who declared them on this request.
  integration/test_mcp_tasks.py::test_each_method_wants_the_extension_declared_and_the_header_equal door.methods_for_who_declared_none
mcp 4.5: Mcp-Name, decoded, equals the task's id.
  integration/test_mcp_tasks.py::test_each_method_wants_the_extension_declared_and_the_header_equal door.a_task_the_header_does_not_name
mcp 4.5: A foreign task and an unknown one are the same answer.
  integration/test_mcp_tasks.py::test_another_callers_task_and_an_unknown_one_are_the_same_answer door.a_foreign_task_in_other_words
mcp 4.5: A denial is no failed task.
  integration/test_mcp_tasks.py::test_ends_are_told_as_the_specification_words_them door.a_denial_is_a_failed_task
mcp 4.3: Not yours and unknown are indistinguishable.
  unit/test_gateway.py::test_another_callers_call_and_an_unknown_one_are_the_same door.a_span_of_another_callers_call
threats 13: A sign-in is answered in the browser that asked, by its state.
  integration/test_sign_in.py::test_an_answer_that_is_not_to_this_sign_in_signs_nobody_in identity.a_state_that_nobody_compares
threats 13: An answer says whose it is, and another issuer's is refused (RFC 9207).
  integration/test_sign_in.py::test_an_answer_that_is_not_to_this_sign_in_signs_nobody_in identity.an_answer_of_any_issuer
threats 14: States and codes are rows of the store: what comes twice, to whichever process, is refused.
  integration/test_sign_in.py::test_an_answer_serves_once_whichever_process_it_reaches identity.an_answer_that_serves_twice
threats 13: A sign-in ends when nobody answers it.
  integration/test_sign_in.py::test_a_sign_in_that_took_too_long_is_none identity.a_sign_in_without_end
threats 13: An ID token carries this sign-in's nonce.
  unit/test_identity_signin.py::test_what_answers_something_else_signs_nobody_in identity.a_nonce_that_nobody_compares
threats 13: An ID token is for us, and its party is us.
  unit/test_identity_signin.py::test_what_answers_something_else_signs_nobody_in identity.a_party_that_nobody_compares
threats 13: Who is signed in signed in now.
  unit/test_identity_signin.py::test_what_answers_something_else_signs_nobody_in identity.a_sign_in_of_yesterday
platform 8: A session is new at each sign-in, and the former one ends.
  integration/test_sign_in.py::test_the_session_is_new_at_each_sign_in_and_the_former_one_ends identity.a_session_under_its_former_name
platform 8: A session has an end that no use moves.
  integration/test_sign_in.py::test_a_session_in_use_ends_after_its_hour identity.a_session_without_end
platform 8: A form bears its session's stamp.
  integration/test_sign_in.py::test_a_form_of_another_session_or_origin_lets_nothing identity.a_form_of_anybody
threats 30: Sign-in is limited by address.
  integration/test_sign_in.py::test_too_many_tries_from_one_address_are_told_to_wait identity.tries_without_number
mcp 2: A client of every generation is answered as it can read: opened or not, with a session that it lost, or none.
  integration/test_mcp_generations.py::test_a_client_of_each_generation_is_answered_as_it_can_read door.a_session_that_clients_lose
threats 30: The head of a request is bounded before anybody is asked who they are.
  integration/test_mcp_http.py::test_a_head_without_end_ends_the_connection_before_anybody_is_asked door.a_head_without_end
platform 5: Who signs in at the console that is served gets a token that the gateway takes.
  integration/test_cli_serve.py::test_a_person_signs_in_at_the_served_console_and_their_agent_lists_its_tools identity.a_console_without_its_ways
threats 31: The agents' certificate makes no other door safe: off loopback the people's side wants a proxy, or its name.
  unit/test_settings_load.py::test_the_agents_certificate_does_not_make_the_peoples_side_safe identity.a_peoples_side_by_the_agents_certificate
threats 17: Whoever connects to the loopback page and says nothing holds no sign-in up.
  integration/test_provider.py::test_a_connection_that_says_nothing_does_not_hold_the_answer_up identity.a_silent_connection_that_holds_up
threats 31: HTTPS ends at the agents' door with the certificate and key of the configuration.
  integration/test_cli_serve.py::test_it_serves_agents_by_tls_with_the_key_of_the_configuration identity.a_door_without_its_key
threats 20: The browser's session of who is stopped ends at the next click.
  integration/test_sign_in.py::test_whoever_operators_stop_is_signed_out_at_the_next_click_and_signs_in_no_more identity.a_browser_of_who_is_stopped
threats 20: No token is minted for who is stopped, by a code from before either.
  integration/test_sign_in.py::test_a_code_of_who_is_stopped_meanwhile_gives_no_token identity.a_token_for_who_is_stopped
threats 15: A code goes to literal loopback alone.
  integration/test_sign_in.py::test_what_no_client_of_ours_asks_is_neither_shown_nor_sent_anywhere identity.a_code_sent_anywhere
threats 15: What a person lets is what they were shown.
  integration/test_sign_in.py::test_another_page_that_asks_meanwhile_is_not_what_was_let identity.another_question_than_was_shown
threats 15: A code is traded against its S256 challenge.
  integration/test_sign_in.py::test_a_code_is_traded_by_who_proves_it_alone identity.a_code_without_its_proof
threats 15: A code serves once.
  integration/test_sign_in.py::test_a_code_serves_once_and_for_a_minute identity.a_code_that_serves_twice
threats 15: Minted tokens carry only groups that their table lists.
  integration/test_sign_in.py::test_groups_beyond_the_minted_table_are_not_in_the_token identity.groups_beyond_the_list
mcp 6: A minted token is in the record before it leaves.
  integration/test_sign_in.py::test_a_minted_token_is_in_the_record_before_it_leaves identity.a_minted_token_without_its_entry
platform 5: A signature is about what is read: nothing stands beside, around or inside it.
  integration/test_saml.py::test_the_form_alone_refuses_it_before_any_signature_is_looked_at identity.an_element_out_of_place
platform 5: No comment, CDATA, DTD or instruction reaches a parser.
  integration/test_saml.py::test_what_somebody_made_of_a_true_answer_signs_nobody_in identity.a_comment_in_a_name
platform 5: A SAML answer's recipient is ours, to its last character.
  integration/test_saml.py::test_an_answer_to_something_else_signs_nobody_in identity.a_recipient_that_begins_like_ours
platform 5: A SAML answer's destination is ours, to its last character.
  integration/test_saml.py::test_an_answer_to_something_else_signs_nobody_in identity.a_destination_that_begins_like_ours
threats 14: Who signs in by SAML signs in now.
  integration/test_saml.py::test_an_answer_to_something_else_signs_nobody_in identity.a_saml_sign_in_of_yesterday
platform 5: A person is a persistent name or a configured attribute.
  integration/test_saml.py::test_an_answer_to_something_else_signs_nobody_in identity.a_name_for_this_once
threats 14: Assertions are rows of the store: one serves once, at whichever process.
  integration/test_saml.py::test_an_answer_serves_once_at_whichever_process identity.a_saml_answer_that_serves_twice
platform 5: Two witnesses read one SAML answer alike, and its signature holds.
  integration/test_saml.py::test_what_somebody_made_of_a_true_answer_signs_nobody_in identity.one_reading_of_two
threats 14: The assertion consumer alone takes what another site posts.
  integration/test_saml.py::test_a_providers_page_posts_the_answer_and_the_person_is_signed_in identity.anybodys_page_posts_anywhere
mcp 6: A workload is named by its issuer's rule, and is a machine with an owner.
  unit/test_identity_kinds.py::test_a_workload_is_named_by_its_issuers_rules_and_by_no_other_claim identity.a_workload_by_another_claim
threats 10: Workload issuers never share a people's directory.
  unit/test_settings_load.py::test_a_workload_issuer_speaks_for_no_people identity.a_workload_in_a_peoples_directory
threats 9: A workload is never a person.
  unit/test_settings_load.py::test_a_workload_issuer_speaks_for_no_people identity.a_workload_that_is_a_person
threats 17: The relay talks only to gateways that the person confirmed.
  integration/test_relay.py::test_a_gateway_that_nobody_confirmed_gets_nothing door.a_gateway_that_nobody_confirmed
threats 17: What was confirmed is found by the account, not by an environment that a repository may set.
  integration/test_relay.py::test_a_gateway_that_nobody_confirmed_gets_nothing door.a_record_of_whoever_set_the_environment
threats 17: A record that others can write is none.
  integration/test_relay.py::test_a_record_that_others_can_write_is_no_record door.a_record_that_others_write
threats 17: Only a person at a terminal confirms.
  integration/test_relay.py::test_only_a_person_at_a_terminal_confirms door.a_program_confirms
threats 17: A token goes over TLS, or stays on this machine.
  integration/test_relay.py::test_only_a_plain_https_address_or_this_machine_is_one door.a_token_in_the_clear
threats 17: A token follows no redirect.
  integration/test_relay.py::test_an_answer_that_is_none_is_an_error_and_nothing_is_sent_twice door.a_token_after_a_redirect
mcp 6: What the client cancels, the relay's request ends.
  integration/test_relay.py::test_a_cancelled_request_is_cancelled_at_the_gateway door.a_cancelled_request_runs_on
threats 17: The gateway's metadata name the resource and the issuer that were confirmed.
  integration/test_provider.py::test_a_gateway_that_names_another_resource_or_issuer_gets_no_token door.an_issuer_that_the_gateway_chose
threats 17: The answer bears the state of this sign-in.
  integration/test_provider.py::test_an_answer_that_is_not_to_this_sign_in_gives_no_token door.an_answer_with_another_state
threats 17: The answer comes from the issuer that was asked (RFC 9207).
  integration/test_provider.py::test_an_answer_that_is_not_to_this_sign_in_gives_no_token door.an_answer_of_another_issuer
threats 17: The redirect answers to its literal loopback address and drawn path alone.
  integration/test_provider.py::test_a_page_that_reaches_the_port_by_a_name_of_its_own_or_guesses_its_path_answers_nothing door.a_redirect_by_any_name
mcp 2: Text that does not encode to UTF-8, and NUL, is refused before a Call is made.
  unit/test_mcp_tools.py::test_what_no_source_can_store_is_refused_before_a_call_is_made door.text_that_is_none
mcp 2: Nor does any other tool hand such text on.
  unit/test_mcp_tools.py::test_no_tool_hands_such_text_to_the_line door.text_that_is_none_to_any_tool
mcp 2: tools/list varies by authorization, so its cache is private.
  unit/test_mcp_tools.py::test_the_tool_list_is_cached_for_this_caller_only door.a_list_for_everybody
mcp 3: Host and Origin are checked, by `[gateway] url`.
  integration/test_mcp_http.py::test_foreign_hosts_and_origins_are_refused_before_the_token door.a_foreign_host
threats 31: Every listener checks Origin before anything else.
  integration/test_mcp_http.py::test_foreign_hosts_and_origins_are_refused_before_the_token door.a_foreign_origin
mcp 3: Blanks around a header's value are no part of it (RFC 9110 5.5).
  integration/test_mcp_http.py::test_blanks_around_header_values_are_no_part_of_them door.blanks_around_values
mcp 3: A gateway that stops answers held Calls and takes no new statement.
  unit/test_mcp_tools.py::test_a_drain_answers_held_calls_and_takes_no_new_statement door.a_statement_while_stopping
platform 9: No exception's text leaves a tool, and none is logged.
  unit/test_mcp_tools.py::test_nothing_of_an_unforeseen_exception_reaches_agent_or_log door.an_exceptions_own_text
mcp 4.1: One budget of 45 seconds covers waiting and running.
  unit/test_mcp_tools.py::test_the_budget_stays_below_the_60_seconds_at_which_hosts_give_up door.a_budget_past_the_hosts
mcp 4.1: Holds are capped for each Caller; above, the answer is pending at once.
  unit/test_mcp_tools.py::test_beyond_the_bound_of_held_calls_the_answer_is_pending_now door.holds_without_bound
mcp 4.2: `collect` does not claim to only read where it may run an approved write.
  unit/test_mcp_tools.py::test_annotations_are_honest door.collect_says_it_only_reads
mcp 4.3: A handle holds at least 128 random bits.
  unit/test_mcp_bounds.py::test_call_ids_hold_130_random_bits_in_base32 door.an_id_that_can_be_guessed
mcp 4.3: An identical Call re-attaches, whatever its purpose.
  unit/test_execution_reviews.py::test_an_identical_call_joins_whatever_its_purpose_and_both_ids_lead_to_one_review door.a_purpose_in_the_key
mcp 4.6: Closing the response stream cancels what runs inside the request.
  integration/test_mcp_http.py::test_a_disconnect_cancels_the_running_statement door.a_disconnect_that_nobody_notices
mcp 1: No tool, resource, prompt or extension approves anything.
  unit/test_mcp_tools.py::test_nothing_on_the_whole_surface_approves door.a_tool_that_approves
mcp 3: A tool that is hidden from a Caller is as unknown as none.
  unit/test_mcp_tools.py::test_tools_are_shown_and_callable_only_where_the_caller_may_use_them door.a_hidden_tool_that_answers
mcp 6: No token is 401 without an error code (RFC 6750 3.1), with metadata and scope.
  integration/test_mcp_http.py::test_challenges_byte_for_byte door.an_error_where_no_token_was
mcp 6: 403 names all scopes that the operation needs at once.
  integration/test_mcp_http.py::test_challenges_byte_for_byte door.one_scope_at_a_time
mcp 6: Scope checks read the body, never the header.
  integration/test_mcp_http.py::test_a_lying_name_header_opens_nothing door.scopes_by_the_header
mcp 6: The scope check that counts is in the line, on the Call.
  unit/test_gateway.py::test_a_missing_scope_is_refused_with_entries door.scopes_at_the_door_alone
mcp 6: Keys that cannot be fetched are 503 with Retry-After, not 401.
  integration/test_mcp_http.py::test_keys_that_cannot_be_had_are_503_and_no_sign_in door.keys_down_is_a_wrong_token
mcp 6: A request brings one token in one header.
  integration/test_mcp_http.py::test_two_authorization_headers_are_none door.two_tokens_in_one_request
mcp 6: No request without a token is anybody's, whatever the line knows locally.
  integration/test_mcp_http.py::test_without_a_token_the_line_is_not_even_asked door.a_local_caller_over_http
mcp 6: Metadata by RFC 9728 stand at both paths, with the issuers unchanged.
  integration/test_mcp_http.py::test_metadata_stand_at_both_paths_public_and_exact door.metadata_at_one_path
mcp 6: Unauthenticated failures are counted by reason and journalled once a minute.
  unit/test_gateway.py::test_a_stranger_is_counted_and_counted_again_when_the_record_is_down door.strangers_that_nobody_counts
mcp 6: A machine is allowed only by rules that name it, and needs a configured owner.
  unit/test_policy_decide.py::test_a_machine_needs_an_owner_and_a_rule_that_names_it door.a_machine_that_nobody_answers_for
mcp 7: The Caller is part of a Session's name: nobody joins another's by sending its id.
  contract/test_endings.py::test_nobody_joins_anothers_session_by_its_conversation door.a_session_of_two_callers
mcp 7: What a client types about itself is one line of at most 200 characters, without control characters.
  unit/test_mcp_bounds.py::test_hints_come_from_one_table_and_are_tidy door.hints_as_they_came
mcp 8: Refused and failed are errors, with a stable code and what to do next.
  unit/test_mcp_tools.py::test_refused_and_failed_are_errors_with_code_and_sentence door.a_refusal_that_is_no_error
mcp 8: What was cut says so, and how to narrow.
  unit/test_mcp_tools.py::test_truncation_says_so_and_how_to_narrow door.a_cut_that_nobody_tells
mcp 8: No message exceeds 900 kB, whatever its letters.
  unit/test_mcp_tools.py::test_no_message_exceeds_the_ceiling_whatever_the_letters door.a_message_of_any_size
mcp 3: A request's body is bounded, whether or not its length is said.
  integration/test_mcp_http.py::test_a_body_beyond_the_limit_is_refused_whether_or_not_its_length_is_said door.a_body_of_any_size
mcp 3: A body that does not come is given up.
  integration/test_mcp_http.py::test_a_body_that_does_not_come_is_given_up door.a_body_that_never_comes
design tools: Calls of one agent in a minute are bounded: busy, with the time to come back.
  unit/test_mcp_tools.py::test_beyond_its_calls_of_a_minute_an_agent_is_told_when_to_come_back door.calls_without_bound_in_a_minute
design tools: Whoever registers more clients has no more Calls.
  unit/test_mcp_sharing.py::test_one_partys_minute_is_no_others_but_a_persons_agents_share_twice_as_much door.a_minute_for_each_client
design tools: One runaway agent leaves a place for whoever comes.
  unit/test_mcp_sharing.py::test_one_runaway_agent_leaves_a_place_for_whoever_comes door.all_places_for_one
design tools: Many agents of one person are no more than one person.
  unit/test_mcp_sharing.py::test_many_agents_of_one_person_are_no_more_than_one_person door.places_by_client_alone
design tools: The next place goes to who was served least, not to who came first.
  unit/test_mcp_sharing.py::test_the_next_place_goes_to_who_was_served_least_not_to_who_came_first door.places_in_order_of_arrival
design tools: Who waits with most gives way in a full queue.
  unit/test_mcp_sharing.py::test_who_waits_with_most_is_pushed_out_of_a_full_queue_by_a_newcomer door.a_queue_that_one_fills
design tools: Calls in flight are bounded for each Caller and in all; the rest is told when to retry.
  unit/test_mcp_sharing.py::test_thousands_of_calls_at_once_are_bounded_and_the_rest_is_told_when_to_retry door.calls_of_one_without_bound
design tools: A Call that is cancelled as its turn comes gives the place to the next.
  unit/test_mcp_sharing.py::test_a_call_that_is_cancelled_as_its_turn_comes_gives_the_place_to_the_next door.a_seat_that_is_lost
design tools: Open requests of one agent are bounded: 429, and another agent is answered.
  integration/test_mcp_http.py::test_a_runaways_open_requests_are_refused_and_another_agent_is_answered door.requests_without_bound
mcp 4.5: Where no handle can be told, the ordinary answer holds the same id.
  integration/test_mcp_tasks.py::test_where_no_handle_can_be_told_the_ordinary_answer_holds_the_same_id door.a_handle_lost_to_a_busy_door
mcp 4.2: A stricter mask withholds a stored result.
  unit/test_execution_reviews.py::test_a_stricter_mask_withholds_a_stored_result execution.masks_are_not_compared_at_collect
mcp 4.2: The Entry of a hand-out is durable before rows leave.
  unit/test_execution_reviews.py::test_each_hand_out_is_on_record_before_it_leaves execution.rows_leave_before_their_entry
mcp 4.2: Under hold only a request of the requester begins what was approved.
  unit/test_execution_reviews.py::test_under_hold_only_a_request_of_the_requester_begins_it execution.hold_runs_by_itself
threats 4: A token that ended makes run a hold.
  unit/test_execution_attempts.py::test_once_the_requesters_token_ended_the_next_attempt_waits_for_them execution.run_outlives_the_requesters_token
mcp 4.6: A client that goes away cuts no write that is prepared.
  unit/test_gateway.py::test_a_client_that_goes_away_after_prepared_changes_nothing execution.a_client_cuts_a_prepared_write
mcp 3: No path redirects, and a query that is no text is no crash.
  fuzz/test_door.py::test_a_query_that_is_no_text_is_refused_and_no_crash door.a_path_that_redirects
mcp 3: No library's words about what was sent reach a client.
  fuzz/test_door.py::test_no_word_of_the_checker_of_types_reaches_a_client door.words_of_the_checker_of_types
mcp 6: No token is logged, stored or echoed.
  e2e/test_line.py::test_no_token_is_logged_stored_or_echoed door.a_token_in_a_log
"""

# Who a token is of: each claim, header and key by name.
TOKENS: Final = """
mcp 6: exp, iat, sub, aud and iss are required.
  security/test_tokens.py::test_a_required_claim_that_is_missing_is_refused tokens.a_claim_that_is_missing
mcp 6: Every claim is checked, required, refused or ignored by name; what stands in no row is refused.
  security/test_tokens.py::test_a_claim_that_is_in_no_list_is_refused_until_the_configuration_names_it tokens.a_claim_in_no_list
mcp 6: A token that is bound to a key is refused: taking it as a bearer's would be a downgrade.
  security/test_tokens.py::test_each_registered_claim_is_what_the_standards_say tokens.a_row_that_says_less
mcp 6: An ID token is no access token.
  security/test_tokens.py::test_each_registered_claim_is_what_the_standards_say tokens.an_id_token
mcp 6: A token whose groups stand elsewhere is refused, or a refusing rule would not see them.
  security/test_tokens.py::test_each_registered_claim_is_what_the_standards_say tokens.groups_that_are_elsewhere
mcp 6: An issuer is one exact string.
  security/test_tokens.py::test_an_issuer_that_is_close_to_a_configured_one_is_none tokens.an_issuer_that_is_close
mcp 6: Every token is validated, that we are its audience included.
  security/test_tokens.py::test_a_wrong_value_is_refused_by_the_name_of_its_claim tokens.an_audience_that_is_not_ours
mcp 6: A reviewer's token is refused at the agents' door, whatever else it holds.
  security/test_tokens.py::test_a_reviewers_audience_anywhere_is_refused_at_the_agents_door tokens.a_reviewers_audience_beside_ours
mcp 6: Audience lists that overlap refuse the start.
  security/test_tokens.py::test_tables_that_contradict_each_other_refuse_to_start tokens.audiences_that_overlap
threats 13: An audience that equals a client id refuses the start.
  security/test_tokens.py::test_tables_that_contradict_each_other_refuse_to_start tokens.an_audience_that_is_a_client
mcp 6: Clocks may differ by 30 seconds and no more.
  security/test_tokens.py::test_a_second_within_the_leeway_passes_and_one_beyond_it_does_not tokens.an_expired_token
threats 12: A token lives one hour at most.
  security/test_tokens.py::test_a_ten_year_token_is_refused_even_on_its_first_day tokens.a_token_for_ten_years
threats 12: A reviewer's token lives ten minutes at most.
  security/test_tokens.py::test_a_reviewers_token_lives_ten_minutes_at_most tokens.a_reviewers_token_for_an_hour
mcp 6: Algorithms are the issuer's list of public-key ones; never HS, never none.
  security/test_tokens.py::test_an_algorithm_that_is_in_no_list_is_refused tokens.an_algorithm_of_the_tokens_choice
mcp 6: A key verifies only the algorithm that it is for.
  security/test_tokens.py::test_a_key_verifies_only_the_algorithm_it_is_for tokens.a_key_for_another_algorithm
mcp 6: An ID-JAG, a logout token or a proof is no access token: `typ` says so.
  security/test_tokens.py::test_another_type_of_jwt_is_refused tokens.another_type_of_token
mcp 6: `crit` and what else would change how the rest is read is refused.
  security/test_tokens.py::test_a_refused_header_member_is_refused tokens.a_critical_extension
mcp 6: A header member that is in no list is refused.
  security/test_tokens.py::test_an_unknown_header_member_is_refused tokens.a_header_in_no_list
mcp 6: A signature holds with the key that the issuer published under this kid.
  security/test_tokens.py::test_a_foreign_key_under_our_kid_is_refused tokens.a_signature_that_nobody_checks
mcp 6: A huge token is refused unread.
  security/test_tokens.py::test_ten_thousand_groups_are_refused_not_cut tokens.a_token_of_any_size
mcp 6: A member that stands twice is refused (RFC 7519 4).
  security/test_tokens.py::test_a_name_that_stands_twice_is_refused tokens.a_name_that_stands_twice
mcp 6: Groups are bounded: more are refused, not cut.
  security/test_tokens.py::test_ten_thousand_groups_are_refused_not_cut tokens.groups_without_bound
threats 10: An issuer asserts only the groups that its table lists.
  security/test_tokens.py::test_a_persons_token_names_the_person_and_no_more_groups_than_its_issuer_may tokens.groups_of_any_issuer
threats 10: An e-mail counts only verified and of the issuer's own domains.
  security/test_tokens.py::test_an_email_counts_only_verified_and_of_the_issuers_domains tokens.an_email_of_any_domain
threats 10: An issuer's tokens come from the clients that its table lists.
  security/test_tokens.py::test_a_client_outside_the_issuers_list_is_refused tokens.a_client_of_any_issuer
threats 9: A token is a person's only where its issuer's claims test proves it.
  security/test_tokens.py::test_where_no_test_is_configured_nobody_is_a_person tokens.a_person_whom_nothing_proves
mcp 6: A person's token says which person.
  security/test_tokens.py::test_a_persons_token_that_names_nobody_is_refused tokens.a_person_without_a_name
threats 10: With several directories a group, client or agent is its directory's.
  security/test_tokens.py::test_a_hostile_second_issuer_gains_nothing tokens.names_without_their_directory
mcp 6: Known keys serve for a bounded time while the issuer is down; then it is unavailable, not a wrong token.
  unit/test_identity_keys.py::test_known_keys_serve_for_a_bounded_time_while_the_issuer_is_down tokens.keys_without_end
mcp 6: Unknown kids fetch once in 30 seconds, however many come.
  unit/test_identity_keys.py::test_a_flood_of_unknown_kids_asks_once_in_thirty_seconds tokens.a_fetch_for_each_kid
mcp 6: Metadata name their issuer exactly, or nothing of them is used.
  unit/test_identity_keys.py::test_metadata_that_is_wrong_names_no_keys tokens.metadata_of_another_issuer
mcp 6: Keys come by TLS, from loopback, or as acknowledged.
  unit/test_identity_keys.py::test_plain_http_off_loopback_must_be_acknowledged tokens.keys_in_the_clear
platform 4: A key set is fetched without redirects.
  integration/test_issuer.py::test_a_provider_that_misbehaves_is_unavailable_soon tokens.a_document_after_a_redirect
platform 4: A key set is bounded in bytes.
  integration/test_issuer.py::test_the_client_itself_gives_up tokens.a_document_of_any_size
mcp 6: A verified token is remembered by its hash, and not past its end.
  security/test_tokens.py::test_what_verified_is_remembered_without_its_text_and_not_past_its_end tokens.a_token_past_its_end
mcp 6: Verified tokens are remembered in a bounded number.
  security/test_tokens.py::test_the_oldest_is_forgotten_first tokens.tokens_without_bound
threats 11: One human's accounts over several directories are one person at the agents' door, blocks and budgets with it.
  unit/test_same_person.py::test_every_account_of_a_human_is_that_person_at_both_doors tokens.a_caller_of_another_account
threats 11: The requester votes by no other account of theirs.
  unit/test_same_person.py::test_nobody_votes_on_their_own_question_by_another_account tokens.a_vote_by_another_account
threats 11: Joined accounts lend each other no seat.
  unit/test_same_person.py::test_a_seat_is_the_accounts_that_the_group_lists tokens.a_seat_of_another_account
threats 11: Who answers for a machine is that person by any account.
  unit/test_same_person.py::test_who_answers_for_a_machine_is_that_person_too tokens.an_owner_by_another_account
threats 20: A block of one account is a block of the human.
  unit/test_same_person.py::test_a_block_of_one_account_is_a_block_of_the_human tokens.a_block_of_one_account_alone
threats 11: A rule that refuses a person refuses them by every account.
  unit/test_same_person.py::test_a_rule_that_refuses_a_person_refuses_every_account_of_theirs tokens.a_refusal_of_one_account_alone
threats 10: An address is of the directory whose provider says it, whoever the account is joined to.
  unit/test_same_person.py::test_an_address_is_of_the_directory_that_says_it tokens.an_address_under_anothers_directory
threats 11: Whoever votes in Slack is the human behind the linked account.
  unit/test_same_person.py::test_a_slack_user_is_the_human_behind_the_linked_account tokens.a_slack_user_who_is_joined_to_nobody
threats 11: An account is of one human, or the start is refused.
  unit/test_same_person.py::test_a_table_that_joins_nobody_or_somebody_twice_refuses_start tokens.an_account_of_two_humans
threats 3: `assent login` asks for a fresh sign-in: single sign-on does not count.
  integration/test_cli_login.py::test_a_person_signs_in_once_and_asks_as_often_as_they_like identity.a_login_by_single_sign_on
threats 13: Its answer is to this sign-in, by state, nonce and issuer, or nothing is asked with it.
  integration/test_cli_login.py::test_an_answer_that_is_not_to_this_sign_in_is_not_used identity.an_id_token_that_nobody_reads
threats 3: It signs in for the people's side's scopes alone, whatever is challenged.
  integration/test_cli_login.py::test_nobody_signs_in_for_what_is_no_peoples_business identity.a_login_for_any_scope
threats 3: An act after five minutes is signed in for anew, not renewed.
  integration/test_cli_login.py::test_an_act_after_five_minutes_asks_for_another_sign_in identity.a_stale_login_that_is_renewed
threats 17: A sign-in goes to the confirmed people's side and to no other.
  integration/test_cli_login.py::test_within_a_sign_in_no_other_address_or_token_is_taken identity.a_login_that_is_taken_elsewhere
threats 17: No agent is relayed to a people's side.
  integration/test_cli_login.py::test_no_agent_is_relayed_to_a_peoples_side identity.a_relay_to_a_peoples_side
threats 3: A Vote over HTTP comes from a client of the console's list.
  security/test_tokens.py::test_only_the_consoles_clients_bring_reviewers tokens.any_console_client
threats 3: A Vote over HTTP is a person's.
  security/test_tokens.py::test_a_machine_is_no_reviewer tokens.a_machine_that_reviews
threats 3: A Vote wants a sign-in of the last five minutes.
  security/test_tokens.py::test_a_persons_act_wants_a_fresh_sign_in tokens.a_sign_in_of_yesterday
threats 3: A Vote wants the configured `acr`.
  security/test_tokens.py::test_a_sign_in_of_the_wrong_strength_is_refused tokens.a_sign_in_of_any_strength
"""

WAREHOUSE: Final = """
bigquery 4.4: What the hollow run lists was referenced outside the replaced names; it is a refusal.
  integration/test_bigquery_source.py::test_a_reference_that_the_parser_missed_is_seen_by_the_hollow_run_alone bigquery.no_hollow_run
bigquery 4.6: A finished job's kind, tables, routines and columns are held against the Permit before a row is asked for.
  integration/test_bigquery_source.py::test_rows_of_a_job_that_is_not_what_was_permitted_are_withheld bigquery.rows_before_the_jobs_account
bigquery 1: Any difference between text and dry run, or between two dry runs, is a refusal.
  integration/test_bigquery_source.py::test_a_lie_about_a_read_of_nothing_protected_is_a_refusal bigquery.tables_that_only_the_text_names
bigquery 9: PREPARED with the job's id is durable before the job is inserted, reads too.
  integration/test_bigquery_line.py::test_a_read_is_prepared_run_and_delivered_and_the_record_holds bigquery.a_job_before_its_prepared
bigquery 9: An id that nobody used is taken before its attempt is given up: a sleeper can never submit.
  integration/test_bigquery_source.py::test_what_became_of_a_job_is_asked_of_the_service bigquery.an_id_left_open
bigquery 9: On a conflict the job that is there has our text and digest, or the outcome is unknown.
  integration/test_bigquery_source.py::test_what_became_of_a_job_is_asked_of_the_service bigquery.another_job_under_our_id
bigquery 2: A variable of the environment that would redirect requests refuses a start.
  integration/test_bigquery_source.py::test_a_redirected_client_does_not_start bigquery.requests_sent_elsewhere
bigquery 7: A wildcard that could meet a tag is refused.
  integration/test_bigquery_source.py::test_what_cannot_be_masked_or_is_no_read_is_refused bigquery.wildcards_over_tags
bigquery 7.1: A table newer than the catalogue is not read where a tag may be meant for it.
  integration/test_bigquery_source.py::test_a_table_made_since_the_catalogue_was_loaded_is_masked_where_its_dataset_is_tagged bigquery.tables_newer_than_the_catalogue
bigquery 11: No text of the service's is passed on.
  integration/test_bigquery_source.py::test_nobody_is_told_what_the_service_says_of_values bigquery.words_of_the_service
bigquery 8: A cap on billed bytes is set on every job.
  integration/test_bigquery_source.py::test_the_cap_on_bytes_is_set_on_every_job_and_fails_before_anything_runs bigquery.a_cap_left_off
bigquery 9: A cancelled request has its job cancelled.
  integration/test_bigquery_line.py::test_who_goes_away_has_the_job_stopped bigquery.a_job_that_runs_on
bigquery 7: Bodies of views in the catalogue are shown to nobody.
  integration/test_bigquery_source.py::test_what_cannot_be_masked_or_is_no_read_is_refused bigquery.ddl_of_the_catalogue
bigquery 5: What is in no closed list of kinds does not run, whatever a rule says: scripts, CALL, EXPORT, LOAD, models, rights.
  unit/test_bigquery_changes.py::test_every_change_meets_what_is_written_beside_it bigquery.kinds_that_never_run
bigquery 6: Code that nobody registered runs nowhere: routines, remote functions, models, AI and external queries.
  unit/test_bigquery_changes.py::test_every_change_meets_what_is_written_beside_it bigquery.code_that_nobody_registered
bigquery 5: A protected value goes nowhere by a change: not into a table, a view, a snapshot, another column or code.
  unit/test_bigquery_changes.py::test_every_change_meets_what_is_written_beside_it bigquery.copies_of_protected_values
bigquery 5: People are told where protected values choose the rows of a change.
  unit/test_bigquery_changes.py::test_every_change_meets_what_is_written_beside_it bigquery.predicates_on_protected_values
bigquery 4.2: A change whose kind the dry run gives otherwise is a refusal.
  unit/test_bigquery_changes.py::test_any_single_lie_about_a_change_is_a_refusal bigquery.a_change_of_another_kind
bigquery 4.2: A change that is aimed elsewhere by the dry run is a refusal.
  unit/test_bigquery_changes.py::test_any_single_lie_about_a_change_is_a_refusal bigquery.a_change_aimed_elsewhere
bigquery 5: A change that a count just before it finds over its cap never begins.
  integration/test_bigquery_changes.py::test_a_change_over_its_cap_by_a_count_just_before_does_not_begin bigquery.rows_over_a_cap
bigquery 5: Where a rule caps rows that nobody can count, nothing begins.
  integration/test_bigquery_changes.py::test_where_a_cap_stands_and_nobody_can_count_nothing_begins bigquery.rows_that_nobody_counted
bigquery 5: Where a protected field chooses the rows of a change, nobody counts them.
  integration/test_bigquery_changes.py::test_where_a_cap_stands_and_nobody_can_count_nothing_begins bigquery.a_count_that_answers_a_question
bigquery 9: A refusal to an insertion proves nothing while an earlier request for it is unanswered.
  integration/test_bigquery_changes.py::test_a_change_whose_insertion_is_refused_after_it_was_taken_is_followed bigquery.a_refusal_after_it_was_taken
bigquery 9: A job that was begun and cannot be found is unknown, never failed.
  integration/test_bigquery_changes.py::test_what_nobody_can_tell_of_a_change_is_unknown_and_never_failed bigquery.a_change_that_cannot_be_found
bigquery 4.6: A finished change that is not what was permitted is unknown until it is looked at.
  integration/test_bigquery_changes.py::test_a_lie_about_a_change_is_a_refusal_before_and_unknown_after bigquery.a_change_that_was_another
bigquery 12: The account that reads changes nothing; another one does, or nothing is changed.
  integration/test_bigquery_changes.py::test_without_an_account_for_changes_nothing_is_changed bigquery.changes_without_an_account
bigquery 12: Secrets of a file of credentials are sent to Google alone, over https.
  integration/test_bigquery_accounts.py::test_a_file_that_would_send_secrets_elsewhere_or_run_a_program_is_refused bigquery.secrets_sent_elsewhere
bigquery 12: A federation reads a file: it runs no program and asks nobody.
  integration/test_bigquery_accounts.py::test_a_file_that_would_send_secrets_elsewhere_or_run_a_program_is_refused bigquery.programs_of_a_federation
bigquery 8: What counts is the dry run of the text that will run; the agent's own over a protected table is told to nobody.
  integration/test_bigquery_source.py::test_a_reading_says_what_would_be_billed_for_the_text_that_runs bigquery.a_bill_of_the_agents_own_text
bigquery 4.2: A dry run that gives a lower bound gives no number: what asks over a number of bytes asks.
  integration/test_bigquery_source.py::test_a_reading_says_what_would_be_billed_for_the_text_that_runs bigquery.a_lower_bound_as_a_bill
bigquery 8: What a job was billed, its slot time and whether its answer was kept stand in the record.
  integration/test_bigquery_line.py::test_a_read_is_prepared_run_and_delivered_and_the_record_holds bigquery.a_bill_off_the_record
bigquery 7: A dataset's own tables of names and row counts are read by nobody.
  integration/test_bigquery_source.py::test_what_cannot_be_masked_or_is_no_read_is_refused bigquery.tables_of_a_dataset_itself
bigquery 8: Labels of a job name call, agent and digest, never a person: others see them.
  integration/test_bigquery_source.py::test_a_job_is_labelled_by_call_agent_and_digest_and_by_nothing_that_names_a_person bigquery.a_person_in_a_label
bigquery 8: Bytes, price and cap stand on the card.
  unit/test_policy_bill.py::test_what_is_dear_is_asked_and_so_is_what_nobody_can_tell bigquery.a_bill_that_nobody_is_told
bigquery 4.3: A path that may be an array of something outside its parenthesis is a table as well.
  unit/test_bigquery_corpus.py::test_every_statement_reads_as_written_beside_it bigquery.a_path_in_a_parenthesis
"""

# ---------------------------------------------------------------- running it
RUNNING: Final = """
platform 10: Values of a metric's labels come from closed sets, never from what an agent wrote.
  unit/test_telemetry.py::test_labels_are_of_closed_sets_whatever_an_agent_writes run.an_agents_word_as_a_label
platform 9: A log line has closed names and no exception's own text.
  unit/test_telemetry.py::test_a_line_holds_no_name_that_is_not_listed_and_no_exceptions_text run.an_exceptions_text_in_a_line
platform 9: A log line holds no statement, value or token, whatever its maker hands over.
  unit/test_telemetry.py::test_a_line_holds_no_name_that_is_not_listed_and_no_exceptions_text run.whatever_a_line_is_given
platform 9: A span's attributes are a closed list: no SQL, parameters, rows or people.
  unit/test_telemetry.py::test_no_error_text_event_or_invented_name_leaves run.attributes_that_are_not_listed
platform 9: A span bears no name that an agent invented.
  unit/test_telemetry.py::test_no_error_text_event_or_invented_name_leaves run.an_invented_name_in_a_span
platform 9: No exception's text leaves in a span.
  unit/test_telemetry.py::test_no_error_text_event_or_invented_name_leaves run.an_exceptions_text_in_a_span
platform 9: Whether a trace is kept is not the agent's to say.
  unit/test_telemetry.py::test_an_agent_decides_not_which_trace_is_kept run.sampled_at_an_agents_word
platform 7: Readiness is of the store, the Journal's appends and the keys.
  unit/test_telemetry.py::test_each_part_alone_keeps_a_process_from_being_ready run.ready_without_a_record
platform 7: A process whose Journal took nothing is not ready until it takes an Entry.
  unit/test_telemetry.py::test_a_process_whose_record_took_nothing_comes_back_by_itself run.ready_after_a_lost_unit
platform 7: Readiness does not depend on Sources.
  unit/test_telemetry.py::test_a_source_that_is_away_is_named_and_decides_nothing run.a_source_that_decides
platform 6: Containers run with a read-only root, no capability and no new privileges, as uid 10001.
  manifests/test_manifests.py::test_a_pod_may_do_nothing_that_it_need_not run.a_writable_root
platform 7: A Source is reached from the gateway's pods alone; both selectors stand in one item.
  manifests/test_manifests.py::test_networks_are_closed_until_opened_and_a_source_hears_the_gateway_alone run.two_items_of_a_selector
threats 23: Each role's process is given the secrets of its role and no other.
  manifests/test_manifests.py::test_each_container_has_the_secrets_of_its_role_and_no_other run.anothers_secret
platform 7: Replicas beyond one want the PostgreSQL store.
  manifests/test_manifests.py::test_only_a_store_of_many_writers_has_many_processes run.many_writers_of_a_file
platform 6: Neither the demo nor anything of the tests is in the image.
  manifests/test_manifests.py::test_the_image_runs_as_the_user_that_the_manifests_name run.the_demo_in_the_image
threats 31: The operators' port checks Host.
  unit/test_telemetry.py::test_the_operators_port_answers_to_addresses_and_its_own_names_alone run.any_host
"""

PROMISES: Final = (
    promises(CHAT)
    + promises(READING)
    + promises(MASKING)
    + promises(EVIDENCE)
    + promises(WRITES)
    + promises(PAYLOADS)
    + promises(CUSTODY)
    + promises(PROTOCOL)
    + promises(SEARCH)
    + promises(STORE)
    + promises(EXPORT)
    + promises(REPLAY)
    + promises(REVIEWS)
    + promises(NETS)
    + promises(BESIDE)
    + promises(POLICY)
    + promises(DOOR)
    + promises(WAREHOUSE)
    + promises(TOKENS)
    + promises(RUNNING)
)
