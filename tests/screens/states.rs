//! What stands on the screen where there is little to say, or too much: clean, in part, nothing; risks by the dozen.

use std::collections::BTreeMap;

use seaworthy::app::{AppEvent, BackendMessage, DialogState, KeyPress, MouseEvent, MouseKind};
use seaworthy::finding::FixRisk;

use crate::fake;
use crate::looks::assert_looks;
use crate::real::Demo;
use crate::stage::{Stage, text};

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n";

fn world(files: &[(&str, &str)], width: u16, height: u16) -> Stage {
    let files = files.iter().map(|(path, text)| ((*path).into(), (*text).to_owned()));
    Stage::with(files.collect(), width, height)
}

/// A manifest that is clean, and templates that nothing reads.
fn partly_read(width: u16, height: u16) -> Stage {
    let template = "FROM {{ base }}\n";
    world(
        &[("shop.yaml", SERVICE), ("a/Dockerfile.j2", template), ("b/Dockerfile.j2", template)],
        width,
        height,
    )
}

#[test]
fn the_states_at_every_size() {
    assert_looks("state-clean", |width, height| world(&[("shop.yaml", SERVICE)], width, height));
    assert_looks("state-partly-read", partly_read);
    assert_looks("state-nothing", |width, height| Stage::with(BTreeMap::new(), width, height));
}

#[test]
fn the_fix_and_the_question_of_risk_at_every_size() {
    assert_looks("fix-in-the-source", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.keys("j l j j");
        stage
    });
    assert_looks("question-of-risk", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.breaking = Some("writable-root-filesystem");
        stage.keys("/").typed("writable-root").keys("Enter j k j f");
        for _ in 0..9 {
            if stage.state.dialog.is_none() {
                stage.keys("f");
            }
        }
        stage
    });
}

#[test]
fn a_clean_repository_says_what_was_checked_and_what_to_do_next() {
    for (width, height) in [(80, 24), (100, 30), (120, 40), (200, 60)] {
        let text = world(&[("shop.yaml", SERVICE)], width, height).text();
        assert!(text.contains("Checked 1 manifest") && text.contains("r looks again"), "{text}");
    }
    // Who looks at a file sees it.
    let mut stage = world(&[("shop.yaml", SERVICE)], 120, 40);
    assert!(stage.keys("1").text().contains("kind: Service"));
}

#[test]
fn what_was_not_read_is_counted_with_the_reason_and_one_key_goes_there() {
    let mut stage = partly_read(200, 60);
    let text = stage.text();
    assert!(text.contains("2 of 3 files not read whole: "), "{text}");
    assert!(text.contains("(2)") && text.contains("gs goes to what was not read"), "{text}");
    let text = stage.keys("g s").text();
    assert!(text.contains("1 of 2: a/Dockerfile.j2"), "{text}");
    assert!(stage.keys("j k").text().contains("Not audited: "), "{}", stage.text());
    let path = |stage: &Stage| stage.state.current_path().unwrap().to_string();
    assert_eq!(path(stage.keys("g s")), "b/Dockerfile.j2");
    assert_eq!(path(stage.keys("g s")), "a/Dockerfile.j2", "and round again");
    let mut whole = Stage::new(120, 40);
    assert!(whole.keys("g s").text().contains("every file was read whole"));
}

#[test]
fn a_file_that_was_skipped_says_why_in_a_small_terminal_too() {
    let mut stage = partly_read(80, 24);
    stage.keys("2 g s");
    assert!(stage.text().contains("Not audited: "), "{}", stage.text());
}

/// Gives the stage a fix that eleven things speak against.
fn give_risks(stage: &mut Stage, risk: FixRisk) {
    let (generation, keys) = (stage.state.preview.generation, stage.state.preview.keys.clone());
    let mut plan = fake::plan(&stage.files, &keys);
    plan.risk = risk;
    plan.cautions = (1..=11).map(|nth| format!("the program writes `/data/{nth}`")).collect();
    stage.state.preview.state = seaworthy::app::PreviewState::Pending;
    stage.hear(BackendMessage::PlanFinished { generation, plan: Ok(plan) });
}

fn many_risks(risk: FixRisk, width: u16, height: u16) -> Stage {
    let mut stage = Stage::new(width, height);
    stage.keys("/").typed("writable-root").keys("Enter j k j");
    give_risks(&mut stage, risk);
    stage
}

#[test]
fn of_many_risks_the_first_are_shown_and_a_key_opens_all() {
    let mut stage = many_risks(FixRisk::MayBreak, 160, 50);
    let text = stage.text();
    assert!(text.contains("/data/4") && !text.contains("/data/5"), "{text}");
    assert!(text.contains("7 more: K shows all"), "{text}");
    let text = stage.keys("K").text();
    assert!(text.contains("/data/11") && !text.contains("more: K"), "{text}");
}

/// The question about a fix of many risks that will break the program.
fn question_of_risks(width: u16, height: u16) -> Stage {
    let mut stage = many_risks(FixRisk::WillBreak, width, height);
    stage.answers = false;
    for _ in 0..9 {
        if stage.state.dialog.is_none() {
            stage.keys("f");
        }
    }
    // The question asks for its plan anew.
    give_risks(&mut stage, FixRisk::WillBreak);
    stage
}

#[test]
fn a_question_shows_all_of_its_risk_and_the_patch_again() {
    let mut stage = question_of_risks(120, 40);
    let text = stage.text();
    assert!(text.contains("/data/11") && text.contains("readOnlyRootFilesystem"), "what has room: {text}");
    let mut stage = question_of_risks(80, 24);
    let text = stage.text();
    assert!(text.contains("more: K shows all") && text.contains("readOnlyRootFilesystem"), "{text}");
    let text = stage.keys("K").text();
    assert!(text.contains("/data/11") && !text.contains("y/N"), "{text}");
    // No key writes while the patch is covered: it only comes back.
    let before = stage.effects.len();
    let text = stage.keys("y").text();
    assert!(text.contains("more: K shows all"), "{text}");
    assert_eq!(stage.effects.len(), before);
}

/// What is known of a file's last version is said to be of it; nothing is made up about what its fix would need.
#[test]
fn a_finding_of_a_half_saved_file_says_that_it_is_of_the_version_before() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut demo = Demo::new(width, height);
        demo.keys("/");
        "missing-cpu-limit".chars().for_each(|c| demo.event(AppEvent::Key(KeyPress::from_char(c))));
        demo.keys("Enter z R G");
        demo.edit("deploy.yaml", "spec:", "spec: [");
        let drawn = text(&demo.buffer());
        let words = drawn.split(|c: char| c.is_whitespace() || c == '│').filter(|word| !word.is_empty());
        let words: Vec<&str> = words.collect();
        assert!(words.join(" ").contains("does not parse as it was saved last"), "{drawn}");
        assert!(!drawn.contains("uid that this image"), "{drawn}");
    }
}

/// What has no room even in the place of the patch is scrolled to, and the patch is not.
#[test]
fn all_of_a_risk_can_be_read_in_a_small_window() {
    let mut stage = question_of_risks(80, 15);
    let scroll = |stage: &Stage| match &stage.state.dialog {
        Some(DialogState::ConfirmFix { scroll, .. }) => *scroll,
        other => panic!("no question: {other:?}"),
    };
    let before = scroll(&stage);
    let mut shown = stage.keys("K").text();
    assert!(shown.contains("more lines: Ctrl-d") && !shown.contains("/data/11"), "{shown}");
    for _ in 0..12 {
        shown.push_str(&stage.keys("j").text());
    }
    stage.event(AppEvent::Mouse(MouseEvent { kind: MouseKind::WheelDown, column: 5, row: 5 }));
    shown.push_str(&stage.text());
    for nth in 1..=11 {
        assert!(shown.contains(&format!("/data/{nth}.")), "{nth}: {shown}");
    }
    assert_eq!(scroll(&stage), before);
    assert!(stage.keys("K").text().contains("more: K shows all"));
}

#[test]
fn the_footer_says_what_d_shows_next_and_how_to_choose() {
    let mut stage = Stage::new(160, 50);
    stage.keys("j l j");
    let footer = |stage: &mut Stage| stage.text().lines().last().unwrap().to_owned();
    assert!(footer(&mut stage).contains("d as it is "), "{}", footer(&mut stage));
    stage.keys("d");
    assert!(footer(&mut stage).contains("d as it will be "), "{}", footer(&mut stage));
    stage.keys("d");
    assert!(footer(&mut stage).contains("d both in one "), "{}", footer(&mut stage));
    stage.keys(":");
    assert!(footer(&mut stage).contains("↑↓ choose") && !footer(&mut stage).contains("Down"));
    stage.event(AppEvent::Key(KeyPress::from_char('f')));
    assert!(stage.text().contains("1/"), "its place in the list: {}", stage.text());
}

#[test]
fn borders_do_not_end_at_a_dialog() {
    for (width, height) in [(80, 24), (120, 40)] {
        for keys in ["L", "U", "?", ":"] {
            let mut stage = Stage::new(width, height);
            stage.keys(keys);
            let text = stage.text();
            let rows: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
            for row in &rows[1..rows.len() - 1] {
                assert!(row[0] != '├' || row[1] == '─', "{keys}: {text}");
                assert!(row[row.len() - 1] != '┤' || row[row.len() - 2] == '─', "{keys}: {text}");
            }
            for (x, sign) in rows[0].iter().enumerate() {
                assert!(*sign != '┬' || "│┌┐┬┤├┼".contains(rows[1][x]), "{keys} at {x}: {text}");
            }
        }
    }
}
