//! What a view promises beyond what it looks like.

use seaworthy::app::{AppEvent, AppState, BackendMessage};
use seaworthy::repo::WatchMode;
use seaworthy::theme::{ColourDepth, ColourTheme, TerminalFeatures};

use crate::fake;
use crate::stage::{Stage, text};

#[test]
fn the_header_says_how_the_watching_goes() {
    let mut stage = Stage::new(120, 24);
    let mut header = |message| {
        stage.hear(message);
        stage.text().lines().next().unwrap().to_owned()
    };
    assert!(header(BackendMessage::WatchChanged(WatchMode::Paused)).contains("paused"));
    assert!(
        header(BackendMessage::WatchChanged(WatchMode::Polling("too many folders".into())))
            .contains("polling: too many folders")
    );
    assert!(
        !header(BackendMessage::ScanProgress { done: 3, total: 9 }).contains("scanning"),
        "not worth a word yet"
    );
    stage.event(AppEvent::ReminderDue);
    assert!(stage.text().contains("scanning 3/9"));
}

#[test]
fn ascii_alone_is_enough() {
    let abilities = TerminalFeatures { ascii_only: true, ..TerminalFeatures::default() };
    let mut stage = Stage::new(120, 40);
    let drawn = text(&stage.buffer(&ColourTheme::by_name("terminal", abilities)));
    assert!(drawn.is_ascii(), "{drawn}");
}

#[test]
fn without_colours_selection_and_severity_are_still_told() {
    let abilities = TerminalFeatures { colour_depth: ColourDepth::None, ..TerminalFeatures::default() };
    let mut stage = Stage::new(120, 40);
    let buffer = stage.keys("j j").buffer(&ColourTheme::by_name("dark", abilities));
    let drawn = format!("{buffer:?}");
    assert!(!drawn.contains("fg: Rgb") && drawn.contains("REVERSED") && drawn.contains("BOLD"), "{drawn}");
}

#[test]
fn before_the_first_scan_nothing_is_called_clean() {
    let mut state = AppState::new("shop", seaworthy::app::UserConfig::default(), fake::rules);
    state.size = (120, 24);
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 120, 24));
    let theme = ColourTheme::by_name("terminal", TerminalFeatures::default());
    seaworthy::ui::draw_screen(&mut buffer, &state, &theme, &mut seaworthy::ui::Highlighter::default());
    let drawn = text(&buffer);
    assert!(drawn.contains("Reading") && !drawn.contains("hardened"), "{drawn}");
}
