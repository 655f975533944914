//! Text that means harm or is merely odd: aligned, neutralised, cut with a mark.

use std::collections::BTreeMap;

use crate::stage::Stage;

fn stage(text: &str) -> Stage {
    let files = BTreeMap::from([("Dockerfile".into(), text.to_owned())]);
    Stage::with(files, 120, 24)
}

/// The right border stands in the same column on every line between the first and the last.
fn assert_borders(drawn: &str) {
    for line in drawn.lines().skip(1).take(22) {
        assert_eq!(unicode_width::UnicodeWidthStr::width(line), 120, "{line}\n{drawn}");
        assert!(line.ends_with(['│', '┤', '┃']), "{line}\n{drawn}");
    }
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let drawn = stage("FROM a\u{1b}[2J\u{7}\u{9b}31m\nRUN \u{202e}txt\u{200b}\r\n").text();
    assert!(!drawn.contains(|c: char| c.is_control() && c != '\n'), "{drawn:?}");
    assert!(drawn.contains("FROM a�[2J��31m") && drawn.contains("RUN �txt�"), "{drawn}");
    assert_borders(&drawn);
}

#[test]
fn wide_characters_and_tabs_keep_the_borders() {
    let wide = "船".repeat(80);
    let drawn = stage(&format!("FROM a\n# {wide}\nRUN\ta\n#\tb\u{301}\u{301}é\n# 👩‍👩‍👧 family\n")).text();
    assert!(drawn.contains("RUN a") && drawn.contains("#   b"), "{drawn}");
    assert_borders(&drawn);
}

#[test]
fn a_very_long_line_wraps_and_keeps_the_borders() {
    let long = "x".repeat(1_000_000);
    let mut stage = stage(&format!("FROM a\n# {long}end\n"));
    let rows = |drawn: &str| drawn.lines().filter(|line| line.contains("xxxxxxxx")).count();
    assert!(rows(&stage.text()) > 5, "{}", stage.text());
    stage.keys("3 j");
    assert!(rows(&stage.text()) > 5, "{}", stage.text());
    assert_borders(&stage.text());
}

#[test]
fn a_long_file_is_scrolled_to_its_end_at_once() {
    let text = "# a line of it\n".repeat(50_000);
    let mut stage = stage(&format!("FROM a\n{text}"));
    let drawn = stage.keys("3 G").text();
    assert!(drawn.contains("50001   # a line of it"), "{drawn}");
}

#[test]
fn hostile_names_and_filters_are_harmless() {
    let files = BTreeMap::from([("a\u{1b}[31m/Dockerfile".into(), "FROM a\n".to_owned())]);
    let mut stage = Stage::with(files, 120, 24);
    stage.keys("/").typed("é船");
    let drawn = stage.text();
    assert!(!drawn.contains('\u{1b}'), "{drawn:?}");
    assert_borders(&drawn);
}
