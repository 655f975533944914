//! Every screen at every size, as text and as styles; each size in a theme of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use seaworthy::app::{AppEvent, BackendMessage};
use seaworthy::fix::{NoPlan, PlanValueKind, RequiredValue};
use seaworthy::theme::{ColourTheme, TerminalFeatures};

use crate::fake;
use crate::stage::{Stage, text};

const SIZES: [(u16, u16, &str); 5] = [
    (200, 60, "dark"),
    (120, 40, "terminal"),
    (80, 24, "light"),
    (60, 15, "high-contrast"),
    (30, 6, "colour-blind"),
];

fn every_size(name: &str, stage: impl Fn(u16, u16) -> Stage) {
    let mut out = String::new();
    for (width, height, theme) in SIZES {
        let buffer = stage(width, height).buffer(&ColourTheme::by_name(theme, TerminalFeatures::default()));
        let _ = write!(out, "{width} by {height}\n{}\n{theme}\n{}\n", text(&buffer), styles(&buffer));
    }
    assert_snapshot!(name, out);
}

type Look = (Color, Color, Modifier);

/// A letter for each cell's style, and what the letters mean.
pub(crate) fn styles(buffer: &Buffer) -> String {
    let mut known: Vec<Look> = Vec::new();
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let look = (cell.fg, cell.bg, cell.modifier);
            let at = known.iter().position(|other| *other == look).unwrap_or_else(|| {
                known.push(look);
                known.len() - 1
            });
            line.push(letter(at));
        }
        let line = line.trim_end_matches(letter(usize::from(known.is_empty())));
        let _ = writeln!(out, "{line}");
    }
    for (at, (fg, bg, modifier)) in known.iter().enumerate() {
        let _ = writeln!(out, "{} {fg} on {bg} {modifier:?}", letter(at));
    }
    out
}

fn letter(at: usize) -> char {
    char::from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[at])
}

/// One test for each screen: its name, the world that it shows, and what is done in it.
macro_rules! screens {
    ($($name:ident: $world:expr, |$stage:ident| $steps:expr;)*) => {$(
        #[test]
        fn $name() {
            every_size(stringify!($name), |width, height| {
                let make: fn(u16, u16) -> Stage = $world;
                let mut $stage = make(width, height);
                $steps;
                $stage
            });
        }
    )*};
}

screens! {
    explore: Stage::new, |stage| stage.keys("j l j j");
    files: Stage::new, |stage| stage.keys("1 k k");
    source: Stage::new, |stage| stage.keys("j j 3");
    rule: Stage::new, |stage| stage.keys("j l j j 4");
    by_file: Stage::new, |stage| stage.keys("o");
    by_rule_from_high_on: Stage::new, |stage| stage.keys("o o s s s");
    filter: Stage::new, |stage| stage.keys("/").typed("limit");
    filter_without_a_match: Stage::new, |stage| stage.keys("/").typed("no such thing");
    help: Stage::new, |stage| stage.keys("?");
    help_searched: Stage::new, |stage| stage.keys("? /").typed("page");
    scopes: Stage::new, |stage| stage.keys("j j F");
    stage: Stage::new, |stage| stage.keys("j j F F");
    stage_by_file: Stage::new, |stage| stage.keys("j j F F o Enter j");
    breaking: Stage::new, |stage| ask_about_breaking(&mut stage);
    reason: Stage::new, |stage| stage.keys("j j i").typed("the scratch volume comes later");
    value: Stage::new, |stage| ask_for_a_value(&mut stage);
    diff: Stage::new, |stage| stage.keys("j d");
    page: Stage::new, |stage| stage.keys("j j d d");
    withheld: Stage::new, |stage| stage.keys("/").typed("unpinned").keys("Enter 4");
    toast: Stage::new, |stage| write(&mut stage);
    refused: Stage::new, |stage| stage.hear(BackendMessage::WriteRefused { reason: REFUSAL.to_owned() });
    waiting: Stage::new, |stage| wait(&mut stage);
    scanning: Stage::silent, |stage| stage.hear(BackendMessage::ScanProgress { done: 3, total: 9 });
    new_and_resolved: Stage::new, |stage| change(&mut stage);
    half_saved: Stage::new, |stage| {
        stage.edit("jobs/nightly/cronjob.yaml", &fake::CRONJOB.replace("nightly", "{{"));
        stage.keys("G")
    };
    nothing_here: |width, height| Stage::with(BTreeMap::new(), width, height), |stage| stage.keys("j");
    hardened: all_good, |stage| stage.keys("4");
    only_templates: templates_alone, |stage| stage.keys("4");
}

const REFUSAL: &str = "api/deploy.yaml has another hard link, and a new file in its place would not be the same \
                       file; the link is ../elsewhere/deploy.yaml";

fn write(stage: &mut Stage) {
    stage.keys("j j f");
    if !matches!(stage.state.toast, Some(seaworthy::app::Toast::FixWritten { .. })) {
        stage.keys("f");
    }
}

pub(crate) fn ask_about_breaking(stage: &mut Stage) {
    stage.breaking = Some("writable-root-filesystem");
    stage.keys("/").typed("writable-root").keys("Enter j k j f");
    for _ in 0..9 {
        if stage.state.dialog.is_some() {
            return;
        }
        stage.keys("f");
    }
}

fn ask_for_a_value(stage: &mut Stage) {
    stage.answers = false;
    stage.keys("j j");
    let generation = stage.state.preview.generation;
    let missing = RequiredValue {
        image: "docker.io/library/shop".to_owned(),
        image_text: "shop:1.2".to_owned(),
        free_uid: 43122,
        used_uids: vec![(50001, "another app here".to_owned())],
        will_break: false,
        evidence: Vec::new(),
    };
    stage.hear(BackendMessage::PlanFinished { generation, plan: Err(NoPlan::from(missing)) });
    stage.keys("f");
    stage.hear_values("        runAsUser: 43122", &[PlanValueKind::Uid]);
    stage.keys("Backspace Enter");
}

fn wait(stage: &mut Stage) {
    stage.answers = false;
    stage.keys("j j");
    stage.event(AppEvent::ReminderDue);
}

fn change(stage: &mut Stage) {
    stage.edit("api/deploy.yaml", &fake::DEPLOYMENT.replace("replicas: 2", "replicas: 2 # cpu: 500m"));
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"] #"));
    stage.edit("api/deploy.yaml", fake::DEPLOYMENT);
}

fn all_good(width: u16, height: u16) -> Stage {
    let good = "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n";
    Stage::with(BTreeMap::from([("shop.yaml".into(), good.to_owned())]), width, height)
}

fn templates_alone(width: u16, height: u16) -> Stage {
    let template = "FROM {{ base }}\n".to_owned();
    Stage::with(BTreeMap::from([("Dockerfile.j2".into(), template)]), width, height)
}
