//! The cursor wherever something is typed: it moves, it is seen, and what is typed goes where it stands.

use seaworthy::app::{AppEffect, AppEvent, BackendRequest, DialogState};
use seaworthy::theme::{ColourDepth, ColourTheme, TerminalFeatures};

use crate::stage::{Stage, text};

/// The line of the screen that has these words.
fn line_with(drawn: &str, words: &str) -> String {
    let line = drawn.lines().find(|line| line.contains(words));
    line.unwrap_or_else(|| panic!("no line has {words:?}:\n{drawn}")).to_owned()
}

/// Somebody says why a finding is allowed.
fn reason(typed: &str) -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.keys("j j i").typed(typed);
    stage
}

#[test]
fn the_cursor_is_an_underscore_at_the_end_and_an_upright_line_within() {
    let mut stage = reason("as agred with ops");
    assert!(line_with(&stage.text(), "> ").contains("> as agred with ops_ "));
    stage.keys("Alt-b Alt-b Left Left");
    assert!(line_with(&stage.text(), "> ").contains("> as agre│d with ops "), "{}", stage.text());
    stage.typed("e");
    assert!(line_with(&stage.text(), "> ").contains("> as agree│d with ops "), "{}", stage.text());
    stage.keys("Home Delete Delete Delete");
    assert!(line_with(&stage.text(), "> ").contains("> │agreed with ops "), "{}", stage.text());
    stage.keys("Ctrl-e Backspace Ctrl-w Ctrl-a").typed("it is ");
    assert!(line_with(&stage.text(), "> ").contains("> it is │agreed with "), "{}", stage.text());
    stage.keys("Enter");
    let reason = stage.effects.iter().find_map(|effect| match effect {
        AppEffect::Ask(BackendRequest::Suppress { reason, .. }) => Some(reason.as_str()),
        _ => None,
    });
    assert_eq!(reason, Some("it is agreed with"));
}

#[test]
fn the_cursor_is_seen_without_colour_and_without_unicode() {
    let features =
        TerminalFeatures { colour_depth: ColourDepth::None, ascii_only: true, ..TerminalFeatures::default() };
    let mut stage = reason("agreed");
    let buffer = stage.keys("Left Left").buffer(&ColourTheme::by_name("terminal", features));
    let drawn = text(&buffer);
    assert!(line_with(&drawn, "agre").contains("> agre|ed "), "{drawn}");
}

#[test]
fn the_filter_follows_what_is_changed_within_it_and_not_the_cursor() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("missing uer").keys("Left Left");
    assert!(line_with(&stage.text(), " / ").contains("/ missing u│er"), "{}", stage.text());
    stage.typed("s");
    assert_eq!(stage.state.filter.text(), "missing user");
    assert_eq!(stage.state.findings_list.len(), 3);
    stage.keys("Down");
    let selected = stage.state.selected_node.clone();
    stage.keys("Left Right Home End Alt-b");
    assert_eq!(stage.state.selected_node, selected, "the cursor moves, the list does not");
    stage.keys("Home Ctrl-k");
    assert_eq!((stage.state.filter.text(), stage.state.filter_field.is_some()), ("", true));
    stage.typed("user").keys("Enter /");
    assert!(line_with(&stage.text(), " / ").contains("/ user _"), "taken up again behind its end");
}

#[test]
fn the_help_is_searched_with_the_same_field() {
    let mut stage = Stage::new(80, 24);
    stage.keys("? /").typed("pge").keys("Left Left").typed("a");
    let drawn = stage.text();
    assert!(drawn.contains("Keys /pa│ge") && drawn.contains("Half a page down"), "{drawn}");
    stage.keys("Ctrl-u Delete Delete Backspace");
    assert!(matches!(stage.state.dialog, Some(DialogState::Help { filter: None, .. })));
}

/// A wide character takes two cells, and the cursor stands before or after it, never within.
#[test]
fn wide_characters_keep_their_cells() {
    let mut stage = reason("港へ入る船");
    assert!(line_with(&stage.text(), "> ").contains("> 港へ入る船_ "), "{}", stage.text());
    let whole = line_with(&stage.text(), "> ");
    stage.keys("Left Left");
    let within = line_with(&stage.text(), "> ");
    assert!(within.contains("> 港へ入│る船 "), "{within}");
    let width = unicode_width::UnicodeWidthStr::width;
    assert_eq!(width(within.as_str()), width(whole.as_str()), "the frame stands where it stood");
    stage.keys("Backspace Delete");
    assert!(line_with(&stage.text(), "> ").contains("> 港へ│船 "), "{}", stage.text());
}

#[test]
fn a_long_text_scrolls_with_the_cursor() {
    let words: Vec<String> = (1..=40).map(|n| format!("word{n}")).collect();
    let mut stage = reason("");
    stage.event(AppEvent::Paste(words.join(" ")));
    let line = line_with(&stage.text(), "> ");
    assert!(line.contains("word40_") && !line.contains("word20"), "{line}");
    stage.keys("Home");
    let line = line_with(&stage.text(), "> ");
    assert!(line.contains("> │word1 word2") && !line.contains("word40"), "{line}");
    for word in &words {
        let line = line_with(&stage.text(), "> ");
        assert!(line.contains('│') && line.contains(word.as_str()), "{word}: {line}");
        assert!(line.trim_end().ends_with('│'), "the frame is whole: {line}");
        stage.keys("Alt-f");
    }
    stage.keys("Home").event(AppEvent::Paste("港".repeat(60)));
    let line = line_with(&stage.text(), "> ");
    assert!(line.contains("港│word1"), "what is typed before is seen together with what follows: {line}");
}

#[test]
fn a_long_filter_and_a_long_search_keep_the_cursor_in_sight() {
    let long = "a long line of words that no list of findings is wide enough for, nor any frame of the help";
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed(long);
    assert!(line_with(&stage.text(), " / ").contains("the help_"), "{}", stage.text());
    stage.keys("Home");
    assert!(line_with(&stage.text(), " / ").contains("/ │a long line"), "{}", stage.text());
    stage.keys("Esc ? /").typed(long);
    assert!(line_with(&stage.text(), "Keys /").contains("the help_"), "{}", stage.text());
}
