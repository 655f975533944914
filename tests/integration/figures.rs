//! The README's table of figures is the benchmarks' own.

use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

/// The names of all that is measured, as the benchmarks declare them.
fn measured() -> BTreeSet<String> {
    let text = read("tests/bench/main.rs");
    let names = text.split("name: \"").skip(1).filter_map(|rest| rest.split_once('"'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The README's rows: what was measured, and its figure.
fn rows() -> Vec<(String, String)> {
    let text = read("README.md");
    let (_, rest) = text.split_once("<!-- bench -->").expect("the table begins");
    let (table, _) = rest.split_once("<!-- /bench -->").expect("the table ends");
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    let rows = cells.filter(|(name, _)| *name != "what");
    rows.map(|(name, rest)| (name.to_owned(), rest.split(" |").next().unwrap_or_default().to_owned()))
        .collect()
}

#[test]
fn the_readme_has_a_row_for_each_figure_that_is_kept_and_no_other() {
    let kept: toml::Table = read("tests/bench/kept.toml").parse().expect("the figures are kept");
    let kept: BTreeSet<String> = kept.keys().cloned().collect();
    let shown: BTreeSet<String> = rows().into_iter().map(|(name, _)| name).collect();
    assert!(!kept.is_empty());
    assert_eq!(shown, kept);
    let measured = measured();
    let unknown: Vec<&String> = kept.difference(&measured).collect();
    assert!(unknown.is_empty(), "no benchmark measures these: {unknown:?}");
}

#[test]
fn the_readme_names_the_machine_and_no_row_is_without_a_figure() {
    assert!(read("README.md").contains("\nMeasured on "));
    let bare: Vec<_> =
        rows().into_iter().filter(|(_, figure)| !figure.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert!(bare.is_empty(), "{bare:?}");
}
