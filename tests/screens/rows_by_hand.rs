//! Rows that a person found cut, alike or silent: each keeps what tells it from those beside it.

use seaworthy::app::{AppEvent, BackendMessage, KeyPress, StageRow};

use crate::real::Demo;
use crate::stage::{Stage, text};

const LONG: &str = "deploy/examples/of-a-long-name/bucket-notification-endpoint-for-everybody.yaml";

/// A workload of two containers, the names of which are long.
fn workload() -> String {
    let container = |name: &str| format!("        - name: {name}\n          image: shop:1.2\n");
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: my-notification-endpoint}}\nspec:\n  \
         template:\n    spec:\n      containers:\n{}{}",
        container("first-of-the-two-containers"),
        container("second-of-the-two-containers")
    )
}

fn lines_with(drawn: &str, words: &str) -> Vec<String> {
    drawn.lines().filter(|line| line.contains(words)).map(str::to_owned).collect()
}

#[test]
fn a_row_under_its_rule_keeps_its_line_and_the_end_of_its_path() {
    let mut demo = Demo::of(&[(LONG, workload())], 80, 24);
    while demo.state.grouping.name() != "rule" {
        demo.keys("o");
    }
    demo.keys("z R");
    let drawn = text(&demo.buffer());
    let rows = lines_with(&drawn, "my-notification");
    assert!(!rows.is_empty(), "{drawn}");
    for row in rows {
        let cells = row.trim_end_matches(['│', '┃', '█', ' ']);
        assert!(cells.ends_with(|c: char| c.is_ascii_digit()), "{row}");
        assert!(row.contains("everybody.yaml"), "{row}");
    }
}

#[test]
fn rows_of_one_rule_are_told_apart() {
    for width in [80, 100, 120] {
        let mut demo = Demo::of(&[("deploy.yaml", workload())], width, 40);
        demo.keys("z R");
        let drawn = text(&demo.buffer());
        let rows = lines_with(&drawn, "C privilege-esc");
        let rows = if rows.is_empty() { lines_with(&drawn, "privilege-esc") } else { rows };
        let list: Vec<String> = rows.iter().map(|row| row.chars().take(60).collect()).collect();
        for row in list.iter().filter(|row| row.contains("privilege-esc")).skip(1).take(1) {
            assert!(row.contains("sec") || row.contains("fir") || row.contains("cont"), "{width} {drawn}");
        }
    }
}

#[test]
fn a_search_in_a_stage_finds_paths_and_says_when_nothing_holds() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F /").typed("cronjob");
    let open = stage.state.stage.as_ref().unwrap();
    assert!(open.rows.iter().any(|row| matches!(row, StageRow::Change(_))), "{}", stage.text());
    stage.typed("nothing-like-it");
    let drawn = stage.text();
    assert!(drawn.contains("Nothing here holds all of these words") && drawn.contains("0 of "), "{drawn}");
}

#[test]
fn what_will_break_says_why_in_a_stage() {
    let manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      \
                    image: mysql:5.6\n      command: [sh, -c, apk add curl && exec mysqld]\n";
    let mut demo = Demo::of(&[("web.yaml", manifest.to_owned())], 120, 40);
    demo.keys("F F");
    let stage = demo.state.stage.as_ref().unwrap();
    assert!(!stage.breaking_reasons.is_empty(), "{}", text(&demo.buffer()));
    let stage = demo.state.stage.as_ref().unwrap();
    for left in &stage.breaking_reasons {
        assert!(left.reason.split_whitespace().count() > 4, "{:?}", left.reason);
    }
}

#[test]
fn a_revision_is_completed_and_asked_for_with_enter() {
    let mut stage = Stage::new(120, 40);
    let drawn = stage.keys("/").typed("since:").text();
    assert!(drawn.contains("since:HEAD"), "{drawn}");
    let drawn = stage.typed("HEAD").text();
    assert!(drawn.contains("Enter asks git what changed since HEAD"), "{drawn}");
    assert!(!drawn.contains("No finding has since:HEAD"), "{drawn}");
}

#[test]
fn a_floor_says_what_it_leaves() {
    let mut stage = Stage::new(120, 40);
    let all = stage.state.index.entries.len();
    stage.keys("s");
    let said = stage.text().lines().last().unwrap().to_owned();
    assert!(said.contains("Listed from low on") && said.contains(&format!("of {all}")), "{said}");
}

#[test]
fn what_was_refused_is_said_once() {
    let mut stage = Stage::new(80, 24);
    stage.hear(BackendMessage::WriteRefused {
        reason: "aks-store-quickstart.yaml is read-only: nothing was written".to_owned(),
    });
    let said = stage.text().lines().last().unwrap().to_owned();
    assert!(said.contains("aks-store-quickstart.yaml is read-only"), "{said}");
    assert_eq!(said.matches("othing was written").count(), 1, "{said}");
}

#[test]
fn of_very_many_files_the_first_are_named_and_the_others_counted() {
    let paths: Vec<String> = (0..12).map(|n| format!("services/number-{n}/deploy.yaml")).collect();
    let files: Vec<(&str, String)> = paths.iter().map(|path| (path.as_str(), workload())).collect();
    let mut demo = Demo::of(&files, 80, 24);
    demo.keys("/");
    "missing-seccomp".chars().for_each(|c| demo.event(AppEvent::Key(KeyPress::from_char(c))));
    demo.keys("Enter j F r");
    for _ in 0..100 {
        demo.buffer();
        demo.keys("n");
    }
    demo.keys("W");
    let drawn = text(&demo.buffer());
    let said: Vec<&str> = drawn.split_whitespace().filter(|word| *word != "│").collect();
    assert!(demo.state.stage.is_none() && said.join(" ").contains("and 6 more files."), "{drawn}");
}

#[test]
fn a_last_line_without_an_end_is_said_to_get_one() {
    let whole = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      \
                 image: shop:1.2";
    for (text_of_file, is_said) in [(whole.to_owned(), true), (format!("{whole}\n"), false)] {
        let mut demo = Demo::of(&[("web.yaml", text_of_file)], 120, 40);
        demo.keys("/");
        "privilege-escalation".chars().for_each(|c| demo.event(AppEvent::Key(KeyPress::from_char(c))));
        demo.keys("Enter");
        assert!(demo.state.preview.writable_plan().is_some());
        let drawn = text(&demo.buffer());
        assert_eq!(drawn.contains("had no line end"), is_said, "{drawn}");
    }
}

#[test]
fn an_empty_folder_offers_no_key_that_does_nothing() {
    let mut demo = Demo::of(&[], 80, 24);
    let footer = text(&demo.buffer()).lines().last().unwrap().to_owned();
    for offered in ["Enter open", "stage safe", "walk"] {
        assert!(!footer.contains(offered), "{footer}");
    }
    assert!(footer.contains("? help"), "{footer}");
}

const OWNED: &str =
    "apiVersion: v1\nkind: Service\nmetadata: {name: early}\nspec: {type: LoadBalancer}\n---\n";

/// A file of several objects beside a Dockerfile: the one that runs its image is in view.
#[test]
fn the_linked_pane_shows_the_object_that_the_link_is_of() {
    let other = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: base}\nspec:\n  template:\n    spec:\n      \
                 containers:\n        - name: base\n          image: postgres:16\n";
    let many = format!("{OWNED}{other}{}", "# A licence stands here.\n".repeat(60));
    let shop =
        workload().replace("first-of-the-two-containers", "shop").replace("my-notification-endpoint", "shop");
    let files = [
        ("shop/Dockerfile", "FROM debian:13\nCOPY . /srv/shop\nENTRYPOINT [\"/srv/shop/run\"]\n".to_owned()),
        ("shop/deploy.yaml", format!("{many}---\n{shop}")),
    ];
    let mut demo = Demo::of(&files, 160, 50);
    demo.keys("/");
    "path:Dockerfile rule:missing-user"
        .chars()
        .for_each(|c| demo.event(AppEvent::Key(KeyPress::from_char(c))));
    demo.keys("Enter");
    assert_eq!(demo.state.current_path().unwrap().as_str(), "shop/Dockerfile");
    let (top, _) = demo.state.linked_view().expect("a linked file is in view");
    // Without it the first object of the file would be in view, or the last line has no more below it.
    assert!(top > 20, "{top}: {}", text(&demo.buffer()));
}
