//! Every size from 200×60 down to 30×6, with the styles of one theme each.

use insta::assert_snapshot;
use seaworthy::theme::{Abilities, Theme};

use crate::stage::Stage;

fn explore(width: u16, height: u16, theme: &str) {
    let mut stage = Stage::new(width, height);
    stage.keys("j l j j");
    assert_snapshot!(format!("explore-{width}x{height}"), stage.text());
    let buffer = stage.buffer(&Theme::named(theme, Abilities::default()));
    let described = format!("{buffer:?}");
    // The text is in the other snapshot; here only where each style begins.
    let styles = described.split_once("styles: [").map_or("", |(_, styles)| styles);
    assert_snapshot!(format!("explore-{width}x{height}-{theme}"), styles);
}

#[test]
fn explore_at_every_size() {
    explore(200, 60, "dark");
    explore(120, 40, "terminal");
    explore(80, 24, "light");
    explore(60, 15, "high-contrast");
    explore(30, 6, "colour-blind");
}

#[test]
fn no_size_breaks_the_drawing() {
    let mut stage = Stage::new(120, 40);
    for (width, height) in
        [(0, 0), (1, 1), (20, 5), (30, 6), (59, 14), (60, 15), (119, 15), (120, 15), (120, 20), (240, 70)]
    {
        stage.event(seaworthy::app::Event::Resize(width, height));
        for pane in ["1", "2", "3", "4"] {
            stage.keys(pane).text();
        }
        for overlay in ["?", "F", "d", "i"] {
            stage.keys(overlay).text();
            stage.keys("Esc").text();
        }
    }
}

#[test]
fn each_tab_shows_its_pane() {
    for (key, name) in [("1", "files"), ("3", "source"), ("4", "rule")] {
        let mut stage = Stage::new(80, 24);
        stage.keys("j j").keys(key);
        assert_snapshot!(format!("tab-{name}"), stage.text());
    }
}
