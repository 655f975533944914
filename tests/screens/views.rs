//! What lies over the panes, what takes their place, and what is shown where there is nothing.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use seaworthy::app::{Message, State, Watching};
use seaworthy::theme::{Abilities, Depth, Theme};

use crate::fake;
use crate::stage::{Stage, text};

#[test]
fn help_shows_every_key() {
    assert_snapshot!(Stage::new(120, 50).keys("?").text());
}

#[test]
fn wider_fixes_are_a_menu_then_a_question() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j F");
    assert_snapshot!("menu", stage.text());
    stage.keys("5");
    assert_snapshot!("confirm", stage.text());
}

#[test]
fn the_diff_and_the_page_in_full_width() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j d");
    assert_snapshot!("wide-diff", stage.text());
    stage.keys("d");
    assert_snapshot!("wide-page", stage.text());
}

#[test]
fn a_reason_is_asked_for() {
    let mut stage = Stage::new(80, 24);
    stage.keys("j j i").typed("the scratch volume comes later");
    assert_snapshot!(stage.text());
}

#[test]
fn a_filter_is_typed_into_the_title() {
    let mut stage = Stage::new(120, 24);
    stage.keys("/").typed("limit");
    assert_snapshot!(stage.text());
}

#[test]
fn findings_by_file_and_by_rule_and_from_a_severity_on() {
    let mut stage = Stage::new(80, 24);
    stage.keys("o");
    assert_snapshot!("by-file", stage.text());
    stage.keys("o s s s");
    assert_snapshot!("by-rule-high", stage.text());
}

#[test]
fn nothing_here_says_where_it_looked() {
    assert_snapshot!(Stage::with(BTreeMap::new(), 120, 24).text());
}

#[test]
fn everything_hardened_says_what_was_checked() {
    let good = "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n";
    let files = BTreeMap::from([("shop.yaml".into(), good.to_owned())]);
    assert_snapshot!(Stage::with(files, 120, 24).text());
}

#[test]
fn only_templates_are_said_to_be_only_that() {
    let files = BTreeMap::from([("Dockerfile.j2".into(), "FROM {{ base }}\n".to_owned())]);
    assert_snapshot!(Stage::with(files, 120, 24).text());
}

#[test]
fn a_file_that_is_half_saved_keeps_its_findings_and_says_why() {
    let mut stage = Stage::new(120, 24);
    stage.edit("jobs/nightly/cronjob.yaml", &fake::CRONJOB.replace("nightly", "{{"));
    stage.keys("G");
    assert_snapshot!(stage.text());
}

#[test]
fn new_and_resolved_findings_are_marked_and_counted() {
    let mut stage = Stage::new(120, 40);
    stage.edit("api/deploy.yaml", &fake::DEPLOYMENT.replace("replicas: 2", "replicas: 2 # cpu: 500m"));
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"] #"));
    stage.edit("api/deploy.yaml", fake::DEPLOYMENT);
    assert_snapshot!(stage.text());
}

#[test]
fn the_header_says_how_the_watching_goes() {
    let mut stage = Stage::new(120, 24);
    let mut header = |message| {
        stage.hear(message);
        stage.text().lines().next().unwrap().to_owned()
    };
    assert!(header(Message::Watching(Watching::Paused)).contains("paused"));
    assert!(
        header(Message::Watching(Watching::Polling("too many folders".into())))
            .contains("polling: too many folders")
    );
    assert!(header(Message::Scanning { done: 3, total: 9 }).contains("scanning 3/9"));
}

#[test]
fn ascii_alone_is_enough() {
    let abilities = Abilities { ascii: true, ..Abilities::default() };
    let mut stage = Stage::new(120, 40);
    let drawn = text(&stage.buffer(&Theme::named("terminal", abilities)));
    assert!(drawn.is_ascii(), "{drawn}");
}

#[test]
fn without_colours_selection_and_severity_are_still_told() {
    let abilities = Abilities { depth: Depth::None, ..Abilities::default() };
    let mut stage = Stage::new(120, 40);
    let buffer = stage.keys("j j").buffer(&Theme::named("dark", abilities));
    let drawn = format!("{buffer:?}");
    assert!(!drawn.contains("fg: Rgb") && drawn.contains("REVERSED") && drawn.contains("BOLD"), "{drawn}");
}

#[test]
fn before_the_first_scan_nothing_is_called_clean() {
    let mut state = State::new("shop", seaworthy::app::Config::default(), fake::rules);
    state.size = (120, 24);
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 120, 24));
    let theme = Theme::named("terminal", Abilities::default());
    seaworthy::ui::draw(&mut buffer, &state, &theme, &mut seaworthy::ui::Highlighter::default());
    let drawn = text(&buffer);
    assert!(drawn.contains("Reading") && !drawn.contains("hardened"), "{drawn}");
}
