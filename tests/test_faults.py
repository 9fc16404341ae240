"""Faults that systems like this one had, as their users reported them, and the test of ours that each would fail.

The left side says in our own words what went wrong elsewhere; the right side names what would notice here. A fault for which no test
stands does not belong into this list with an excuse: it gets a test.
"""

from __future__ import annotations

import pytest
from named import missing

FAULTS: dict[str, tuple[str, ...]] = {
    # Who may know
    "a search tells of a thing that may not be opened": (
        "tests/mission/test_index.py::test_who_may_not_read_learns_nothing_by_word_prefix_or_count",
        "tests/web/test_find.py::test_who_may_not_read_learns_nothing",
        "tests/monitor/test_monitor_scenarios.py::test_nobody_learns_by_searching_what_they_may_not_read",
    ),
    "a count or a facet counts what may not be read": (
        "tests/analyse/test_analyse_tabulate.py::test_each_reader_counts_only_what_they_may_see",
        "tests/verify/test_verify_matrix.py::test_each_reader_has_their_own_matrix",
    ),
    "an export carries more than its page shows": (
        "tests/share/test_export.py::test_a_list_holds_what_its_reader_may_carry_and_nothing_else",
        "tests/share/test_publish.py::test_nothing_of_the_staff_is_in_public",
    ),
    "an export needs no right of its own and leaves no line": (
        "tests/share/test_export.py::test_who_carries_what_is_on_record_and_nothing_heavier_leaves",
        "tests/web/test_share_pages.py::test_an_export_needs_its_right_and_is_on_record",
        "tests/web/test_monitor_pages.py::test_csv_is_for_those_who_may_export_and_is_on_record",
    ),
    "an address can be guessed and answers": (
        "tests/web/test_table.py::test_each_person_gets_what_the_table_says",
        "tests/web/test_table.py::test_what_is_hidden_and_what_is_not_there_answer_alike",
    ),
    "an address was forgotten when rights were given": (
        "tests/web/test_table.py::test_every_address_stands_in_the_table_and_nothing_else",
    ),
    "the history of a thing opens versions that were held more closely": (
        "tests/web/test_correct_pages.py::test_an_older_version_that_was_held_more_closely_stays_closed",
    ),
    "a field is hidden in the page and stands in its source": (
        "tests/web/test_picture_pages.py::test_a_heavier_original_is_on_no_page_of_those_who_may_not_see_it",
        "tests/web/test_monitor_pages.py::test_words_without_consent_stay_with_the_unit",
    ),
    "a list of users is embedded in a page": (
        "tests/web/test_corpus.py::test_no_page_of_a_monitor_holds_the_names_of_colleagues",
        "tests/web/test_manage.py::test_names_are_read_only_by_those_who_edit_members",
    ),
    "something not published can be read by its address": (
        "tests/share/test_publish.py::test_what_is_not_public_is_not_there",
        "tests/report/test_issue.py::test_nothing_of_a_draft_is_frozen",
    ),
    "what was published carries a description meant for inside": (
        "tests/web/test_share_pages.py::test_nothing_of_the_staff_shows_in_public",
    ),
    "whoever keeps the machine takes over somebody's post": (
        "tests/mission/test_people.py::test_nobody_gives_a_post_to_themselves_and_only_custodians_give_them",
        "tests/web/test_manage.py::test_a_reset_needs_another_person_at_the_second_page",
    ),
    "an account can be made from outside": ("tests/web/test_sign_in.py::test_what_we_do_not_use_is_not_there",),
    "who left still reads": (
        "tests/mission/test_people.py::test_who_left_can_do_nothing",
        "tests/web/test_manage.py::test_who_leaves_has_no_post_no_account_and_no_session",
    ),
    # Who wrote
    "a second writer silently overwrites the first": (
        "tests/record/test_keep.py::test_the_second_writer_is_stale_and_nothing_is_overwritten",
        "tests/web/test_monitor_pages.py::test_a_stale_correction_gets_both_versions",
        "tests/web/test_frame.py::test_a_late_writer_sees_both_versions",
    ),
    "a form saves fields that nobody changed": ("tests/web/test_correct_pages.py::test_only_what_was_changed_is_written",),
    "two files of one name in one second, and one original is lost": (
        "tests/web/test_corpus.py::test_two_files_of_one_name_in_one_second_are_two",
    ),
    "a change whose revision or line is missing after the power failed": (
        "tests/record/test_kill.py::test_four_writers_killed_at_a_random_moment_lose_nothing_they_acknowledged",
        "tests/record/test_keep.py::test_a_row_and_its_entry_are_written_together",
    ),
    "the log can be switched off, or is kept by hand in each branch": (
        "tests/record/test_keep.py::test_python_refuses_to_write_past_the_door",
        "tests/record/test_keep.py::test_the_database_refuses_what_keep_would_not_send",
        "tests/test_house.py::test_saving_is_auditing",
    ),
    "the log fails in silence": (
        "tests/record/test_doctor.py::test_a_missing_guard_an_open_key_and_a_job_before_a_person_are_named_with_a_remedy",
        "tests/web/test_watch.py::test_missing_guards_are_not_well",
    ),
    "what was broken off halfway leaves orphans": (
        "tests/monitor/test_monitor_bad_input.py::test_a_claim_half_written_is_not_there",
        "tests/record/test_keep.py::test_everything_in_one_unit_of_work_or_nothing",
    ),
    "the same form sent twice makes two": (
        "tests/monitor/test_monitor_scenarios.py::test_the_same_form_sent_twice_makes_one_thing",
        "tests/web/test_bring_pages.py::test_the_same_form_sent_twice_makes_one_import",
    ),
    "a lost index looks like lost data": ("tests/monitor/test_find_lists.py::test_an_index_that_was_lost_is_no_lost_data",),
    "later work stays pending for ever and nobody is told": (
        "tests/record/test_react.py::test_what_fails_is_undone_put_off_longer_each_time_and_laid_before_a_person_after_five",
        "tests/web/test_home.py::test_later_work_that_failed_waits_for_who_reads_the_log",
    ),
    # Lists that come
    "an import shifts columns": (
        "tests/mission/test_read_list.py::test_a_shifted_row_and_an_error_of_a_formula_are_named",
        "tests/mission/test_read_list.py::test_a_line_break_inside_a_value_does_not_move_the_numbers",
    ),
    "an import invents vocabulary": (
        "tests/mission/test_bring.py::test_a_word_nobody_knows_stops_the_list_until_somebody_says_what_it_means",
    ),
    "an import half-writes after one bad row": (
        "tests/mission/test_bring.py::test_the_trial_takes_nothing_and_names_each_fault_with_its_remedy",
        "tests/mission/test_bring_killed.py::test_a_list_killed_in_the_middle_goes_on_and_nothing_is_lost_or_double",
    ),
    "an import reads the database again for each row": (
        "tests/web/test_corpus.py::test_a_longer_list_asks_no_more_questions_for_each_row",
    ),
    "an import fails with an empty sentence": (
        "tests/mission/test_read_list.py::test_what_cannot_be_read_is_refused_with_the_remedy",
        "tests/web/test_bring_pages.py::test_what_cannot_be_read_is_said_at_the_file",
    ),
    "an import cannot be taken back": ("tests/mission/test_bring.py::test_undo_withdraws_everything_on_record_and_deletes_nothing",),
    # What costs
    "one reader's search makes everybody wait": (
        "tests/web/test_in_time.py::test_a_long_question_is_stopped_and_says_how_to_narrow_it",
        "tests/web/test_find.py::test_pages_continue_by_key_and_counts_are_bounded",
    ),
    "a page asks more of the database the more there is": (
        "tests/web/test_monitor_pages.py::test_a_list_costs_the_same_queries_however_long",
        "tests/web/test_home.py::test_home_asks_a_bounded_number_of_questions",
        "tests/web/test_home.py::test_many_things_do_not_make_history_slow",
    ),
    "slow senders fill the server": ("tests/web/test_receive.py::test_slow_senders_keep_nobody_waiting",),
    "somebody fills the disk": (
        "tests/record/test_quota.py::test_a_full_node_says_so_and_goes_on",
        "tests/record/test_quota.py::test_a_day_ends_for_one_member_and_for_nobody_else",
    ),
    # What is attacked
    "a limit of tries lets anybody lock somebody out": (
        "tests/web/test_sign_in.py::test_nobody_is_locked_out_from_elsewhere",
        "tests/web/test_sign_in.py::test_a_known_browser_stays_open_even_in_the_attackers_office",
    ),
    "nothing limits guessing": (
        "tests/web/test_sign_in.py::test_one_address_cannot_try_many_names",
        "tests/web/test_sign_in.py::test_codes_cannot_be_guessed_without_end",
    ),
    "stored words run in somebody's browser": (
        "tests/web/test_corpus.py::test_what_was_typed_stays_words_on_every_page",
        "tests/web/test_corpus.py::test_no_page_runs_or_fetches_what_was_typed",
    ),
    "a spreadsheet formula survives an export": (
        "tests/share/test_export.py::test_no_cell_runs_as_a_formula_in_any_form",
        "tests/web/test_corpus.py::test_no_export_holds_a_formula",
    ),
    "making a PDF fetches what was typed": (
        "tests/report/test_print.py::test_a_drawing_that_fetches_or_runs_is_refused",
        "tests/web/test_corpus.py::test_a_printed_report_says_what_was_typed_and_runs_none_of_it",
    ),
    "a file name is a path": (
        "tests/web/test_attack.py::test_a_file_name_is_never_a_path_or_a_header",
        "tests/web/test_attack.py::test_no_file_of_the_node_is_reached_by_its_path",
    ),
    "what is restored was changed on the way": (
        "tests/record/test_backup.py::test_a_damaged_backup_is_refused_by_name_and_nothing_is_written",
    ),
    "an empty body is answered with 5xx": (
        "tests/web/test_corpus.py::test_no_body_however_empty_or_broken_is_our_fault",
        "tests/web/test_frame.py::test_a_broken_body_is_refused",
    ),
    "an address forwarded by the client is believed": ("tests/web/test_sign_in.py::test_an_address_sent_along_is_not_believed",),
    # What leaves
    "a redaction covers the wrong place of a turned picture": (
        "tests/monitor/test_picture.py::test_a_box_covers_what_is_seen_there_however_the_camera_was_held",
    ),
    "what was covered is still in the file": ("tests/monitor/test_picture.py::test_nothing_of_what_was_covered_is_left_anywhere",),
    "positions are believed to be coarse and are not": (
        "tests/share/test_gate.py::test_a_small_place_is_named_by_its_municipality",
        "tests/monitor/test_monitor_scenarios.py::test_5_a_place_is_three_sectors_and_never_a_pin",
    ),
    "a consent that was taken back still publishes": (
        "tests/share/test_publish.py::test_withdrawn_consent_takes_it_down_in_the_same_transaction",
    ),
    # What lasts
    "a lost password loses the data": (
        "tests/web/test_sign_in.py::test_a_reset_takes_two_persons_and_goes_on_record",
        "tests/record/test_backup.py::test_a_backup_taken_while_somebody_writes_is_restored_elsewhere_and_examined_clean",
    ),
    "the software ends and nobody can read the archive": (
        "tests/record/ledger/test_ledger_command.py::test_it_runs_from_a_folder_that_holds_nothing_else",
    ),
    "an upgrade that fails leaves neither the old nor the new": (
        "tests/record/test_upgrade.py::test_an_upgrade_that_fails_leaves_the_store_as_it_was",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_others_has_a_test_of_ours(fault: str) -> None:
    named = list(FAULTS[fault])
    assert named and not missing(named), f"{fault}: no such test: {missing(named)}"


def test_a_name_without_a_test_is_noticed() -> None:
    here = "tests/test_faults.py::"
    assert missing([f"{here}test_nothing_of_this_name", "tests/no_such_file.py::test_x", f"{here}FAULTS"]) != []
    assert missing([f"{here}test_a_name_without_a_test_is_noticed"]) == []
