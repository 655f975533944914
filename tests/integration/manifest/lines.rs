//! A document read by its lines is the same as one read by events, byte for byte.

use std::path::Path;

use proptest::prelude::*;
use seaworthy::yaml::parse_with_both;

use super::breaches::lines::breaches;
use super::glance::{fixtures, spoiled, texts};

#[test]
fn every_fixture_is_read_alike() {
    let found: Vec<String> = fixtures().iter().flat_map(|text| breaches(text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// It is no use to anyone who must ask the other parser after all.
#[test]
fn what_people_write_is_read_by_lines() {
    let all: Vec<_> = fixtures().iter().flat_map(|text| parse_with_both(text)).collect();
    let by_lines = all.iter().filter(|(lines, _)| lines.is_some()).count();
    assert!(by_lines * 10 > all.len() * 7, "{by_lines} of {}", all.len());
}

#[test]
fn scalars_of_every_style_are_read_by_lines() {
    for value in [
        "plain",
        "plain and long",
        "one\n  two\n\n  three",
        "one\n\n\n  two",
        "'it''s'",
        "'it''s\n  long'",
        "\"a\\tb\\n\"",
        "\"a\n\n  b  \n  c\"",
        "|\n  one\n\n    two\n",
        "|-\n  one\n  two\n\n\n",
        "|\n  one\n  ends in blanks  \n",
        "| # said\n  one",
        "[]",
        "{}",
        "[a, 'b', \"c\", -d, e-f, /g:h, [i], {j: k, \"l\": []}] # so",
        "{a: b, 'c': d e, f: [g, h]}",
        "",
        "# nothing",
        "\n  - a\n  -\n  - b: c\n    d:\n  - - e\n    - f",
        "\n- a\n-\n",
    ] {
        for rest in ["", "\nk: v", "\n# end\nk: v\n"] {
            for text in
                [format!("a: {value}{rest}"), format!("a:\n  b: {}{rest}", value.replace('\n', "\n  "))]
            {
                for text in [text.replace('\n', "\r\n"), text] {
                    assert_eq!(breaches(&text), Vec::<String>::new(), "{text}");
                    let (lines, events) = &parse_with_both(&text)[0];
                    assert!(lines.is_some() || events.is_none(), "{text:?}");
                }
            }
        }
    }
}

#[test]
fn the_lines_give_up_no_later_than_the_events() {
    let steps: String = (0..99).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for depth in 18..24 {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        let text = format!("{steps}{}a: {open}{close}\n", " ".repeat(99));
        assert_eq!(breaches(&text), Vec::<String>::new(), "{depth}");
    }
    for length in [900, 1000, 1010, 1020, 1030, 1100] {
        let (blanks, letters) = (" ".repeat(length), "a".repeat(length));
        for key in [format!("a{blanks}"), format!("'a'{blanks}"), letters.clone(), format!("'{letters}'")] {
            for text in [format!("{key}: b\n"), format!("- {key}: b\n"), format!("a: {{{key}: b}}\n")] {
                assert_eq!(breaches(&text), Vec::<String>::new());
            }
        }
    }
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
#[allow(clippy::print_stdout, reason = "the figure is what it is for")]
fn whole_repositories_are_read_alike() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    let texts = texts(Path::new(&folder));
    let all: Vec<_> = texts.iter().flat_map(|text| parse_with_both(text)).collect();
    let by_lines = all.iter().filter(|(lines, _)| lines.is_some()).count();
    println!("{by_lines} of {} documents are read by lines", all.len());
    let found: Vec<String> = texts.iter().flat_map(|text| breaches(text)).collect();
    let brief: Vec<String> = found.iter().map(|breach| breach.chars().take(300).collect()).collect();
    assert!(found.is_empty(), "{brief:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_spoiled_is_read_alike(text in spoiled()) {
        prop_assert_eq!(breaches(&text), Vec::<String>::new());
    }
}
