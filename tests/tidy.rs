//! The repository's own rules, each an ordinary test that names file and line.
//!
//! Exceptions stand in `tests/tidy/allowed.txt` with a reason; an exception that is no longer needed fails.

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/bans.rs"]
mod bans;
#[path = "tidy/proof.rs"]
mod proof;
#[path = "tidy/rule.rs"]
mod rule;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/source.rs"]
mod source;

/// One test for a rule, named as the sentence that holds.
macro_rules! rules {
    ($($name:ident: $rule:path;)*) => {
        $(#[test] fn $name() { rule::holds(stringify!($rule).rsplit("::").next().unwrap_or("").trim(), $rule); })*
    };
}

rules! {
    files_are_short: shape::long_files;
    no_file_is_very_long: shape::very_long_files;
    functions_are_short: shape::long_functions;
    lines_are_short: shape::long_lines;
    pure_modules_know_no_operating_system: bans::impure;
    pure_modules_cannot_fail: bans::fallible;
    pure_modules_do_not_index: bans::indexing;
    the_hot_module_knows_no_serde: bans::serde_in_the_hot_module;
    the_host_has_no_thresholds: bans::numbers_in_the_host;
    the_host_has_no_definitions: bans::definitions_in_the_host;
    the_host_imports_no_face: arrows::host_imports;
    text_never_becomes_markup: bans::markup_from_text;
    nothing_listens_for_unload: bans::unload_listeners;
    nothing_is_left_to_do: bans::unfinished;
    no_path_of_a_machine: bans::machine_paths;
    no_host_of_a_registry: bans::registry_hosts;
    every_test_runs: bans::skipped_tests;
    no_test_sleeps: bans::sleeping_tests;
    modules_use_only_what_they_may: arrows::arrows;
    dependencies_guard_the_wall: arrows::dependencies;
}
