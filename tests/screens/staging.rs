//! A wide fix is staged: what is alike is one change, what is left is planned anew, and only what was seen is written.

use seaworthy::app::{
    AppEffect, AppEvent, BackendMessage, BackendRequest, DialogState, MouseEvent, MouseKind, StageRow,
    TickState, Toast,
};
use seaworthy::fix::FixPlan;

use crate::fake;
use crate::looks::assert_looks;
use crate::real::Demo;
use crate::stage::{Stage, text};

fn writes(stage: &Stage) -> Vec<&FixPlan> {
    stage
        .effects
        .iter()
        .filter_map(|effect| match effect {
            AppEffect::Ask(BackendRequest::Write(plan)) => Some(plan),
            _ => None,
        })
        .collect()
}

fn titles(stage: &Stage) -> Vec<String> {
    stage.state.stage.as_ref().unwrap().changes.changes.iter().map(|change| change.title.clone()).collect()
}

/// Shows every change that is taken, as `n` does.
pub(crate) fn see_all(stage: &mut Stage) {
    for _ in 0..500 {
        stage.text();
        stage.keys("n");
        if stage.state.stage.as_ref().is_none_or(|open| open.totals.unseen == 0) {
            return;
        }
    }
    panic!("something is never seen: {}", stage.text());
}

#[test]
fn what_was_not_seen_is_not_written_and_what_was_is_one_step() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F");
    assert!(stage.state.stage.as_ref().unwrap().totals.unseen > 1, "{}", stage.text());
    stage.keys("W");
    assert!(matches!(stage.state.toast, Some(Toast::ChangesUnseen(_))), "{:?}", stage.state.toast);
    assert!(writes(&stage).is_empty());
    see_all(&mut stage);
    assert!(stage.text().contains("W write"), "{}", stage.text());
    stage.keys("W");
    assert_eq!(writes(&stage).len(), 1);
    assert!(writes(&stage)[0].patches.len() > 1, "several files are one step");
    assert!(stage.state.stage.is_none() && stage.text().contains("u takes it back"), "{}", stage.text());
    stage.keys("u");
    assert_eq!(stage.files, fake::files());
}

#[test]
fn a_change_that_is_left_is_not_written_and_can_be_taken_again() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F");
    let count = titles(&stage).len();
    let left = stage.state.stage.as_ref().unwrap().changes.changes[0].text.clone();
    stage.keys("Space");
    let row = stage.state.stage.as_ref().unwrap().selected_row().unwrap();
    assert_eq!(stage.state.stage.as_ref().unwrap().tick_of(row), Some(TickState::None), "{}", stage.text());
    assert!(titles(&stage).len() >= count, "it stays in the list: {:?}", titles(&stage));
    stage.keys("Space");
    assert_eq!(stage.state.stage.as_ref().unwrap().tick_of(row), Some(TickState::All));
    stage.keys("Space");
    see_all(&mut stage);
    stage.keys("W");
    let line = left.lines().next().unwrap().trim_start_matches('+').trim().to_owned();
    let plan = writes(&stage)[0];
    let added = |plan: &FixPlan| {
        plan.patches
            .iter()
            .filter(|patch| {
                patch.after.text().matches(&line).count() > patch.before.text().matches(&line).count()
            })
            .count()
    };
    assert_eq!(added(plan), 0, "`{line}` was left");
    assert!(!plan.patches.is_empty());
}

#[test]
fn no_change_moves_when_one_is_left_and_taken() {
    let app = |name: &str, more: &str| {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    metadata:\n      \
             labels: {{app: {name}}}\n    spec:\n      containers:\n        - name: {name}\n          image: e/{name}:1.2\n{more}"
        );
        (format!("{name}.yaml"), text)
    };
    let drops =
        "          securityContext:\n            capabilities:\n              drop:\n                - all\n";
    let rest = "            readOnlyRootFilesystem: true\n";
    let files: Vec<(String, String)> = vec![
        app("a", ""),
        app("b", drops),
        app("c", &[drops, rest].concat()),
        app("d", ""),
        app("e", drops),
        app("f", &[drops, "            privileged: false\n"].concat()),
    ];
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let mut demo = Demo::of(&files, 120, 40);
    let texts = |demo: &Demo| -> Vec<String> {
        let changes = &demo.state.stage.as_ref().unwrap().changes.changes;
        changes.iter().map(|change| change.text.to_string()).collect()
    };
    demo.keys("F F");
    let count = texts(&demo).len();
    for row in 0..count.min(12) {
        for _ in 0..2 {
            let before = texts(&demo);
            demo.keys("Space");
            let after = texts(&demo);
            let kept = |all: &[String], other: &[String]| -> Vec<String> {
                all.iter().filter(|text| other.contains(text)).cloned().collect()
            };
            assert_eq!(kept(&before, &after), kept(&after, &before), "{row}");
        }
        demo.keys("j");
    }
}

#[test]
fn nothing_taken_is_nothing_written() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F a W");
    assert_eq!(stage.state.toast, Some(Toast::NothingTaken));
    stage.keys("a");
    assert_eq!(stage.state.stage.as_ref().unwrap().totals.taken_files, 3);
    stage.keys("Esc");
    assert!(stage.state.stage.is_none() && writes(&stage).is_empty());
}

#[test]
fn a_fix_of_one_file_is_left_in_the_view_by_file() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F o j Enter j");
    let open = stage.state.stage.as_ref().unwrap();
    let Some(StageRow::Fix { file, fix }) = open.selected_row() else { panic!("{}", stage.text()) };
    let rules: Vec<_> = open.files.files[file].fixes[fix].keys.iter().map(|key| key.rule).collect();
    let path = open.files.files[file].path.clone();
    stage.keys("Space");
    assert_eq!(
        stage.state.stage.as_ref().unwrap().tick_of(StageRow::File(file)),
        Some(TickState::Some),
        "{}",
        stage.text()
    );
    see_all(&mut stage);
    stage.keys("W");
    let plan = writes(&stage)[0];
    assert!(
        !plan.resolves.iter().any(|key| key.path == path && rules.contains(&key.rule)),
        "{rules:?} of {path}"
    );
}

#[test]
fn what_would_break_is_named_and_never_in_a_stage() {
    let mut stage = Stage::new(120, 40);
    stage.breaking = Some("writable-root-filesystem");
    stage.keys("F F G");
    assert!(stage.text().contains("Will break 1: never in a stage"), "{}", stage.text());
    stage.keys("Enter j");
    assert!(
        stage.text().contains("writes `/data`") || stage.text().contains("writes /data"),
        "{}",
        stage.text()
    );
    see_all(&mut stage);
    stage.keys("W");
    assert!(!stage.files[&"api/deploy.yaml".into()].contains("readOnlyRootFilesystem: true"));
    assert!(stage.files[&"api/deploy.yaml".into()].contains("runAsNonRoot: true"));
}

#[test]
fn what_is_left_out_says_why() {
    let mut stage = Stage::new(160, 50);
    stage.keys("F F G Enter j");
    let drawn = stage.text();
    assert!(drawn.contains("Left out ") && drawn.contains("unpinned-image"), "{drawn}");
}

#[test]
fn each_scope_takes_in_what_it_says() {
    let mut counts = Vec::new();
    for scope in ["r", "f", "d", "a", "v", "s", "F"] {
        let mut stage = Stage::new(120, 40);
        stage.keys("j j").keys(&format!("F {scope}"));
        let Some(open) = &stage.state.stage else { panic!("F {scope}: {}", stage.text()) };
        counts.push((scope, open.totals.places, open.totals.files));
        assert!(stage.text().contains("stage: "), "{}", stage.text());
    }
    let all = counts[6];
    assert!(counts.iter().all(|(_, places, files)| *places <= all.1 && *files <= all.2), "{counts:?}");
    assert!(counts.iter().any(|(_, places, _)| *places < all.1), "{counts:?}");
}

#[test]
fn plans_come_one_after_the_other_and_esc_leaves_at_once() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("F F");
    assert!(stage.text().contains("0 of ") && stage.text().contains("findings planned"), "{}", stage.text());
    stage.keys("W");
    assert_eq!(stage.state.toast, Some(Toast::FixPending));
    let generation = stage.state.preview.generation;
    let keys = stage.state.stage.as_ref().unwrap().keys_to_plan();
    let mut groups = fake::staged_groups(&stage.files, &keys, None);
    let rest = groups.split_off(1);
    let planned = groups[0].keys.len();
    stage.hear(BackendMessage::StagePlanned { generation, groups, planned, is_last: false });
    assert_eq!(stage.state.stage.as_ref().unwrap().totals.files, 1);
    assert!(stage.text().contains(&format!("{planned} of ")), "{}", stage.text());
    stage.keys("Esc");
    assert!(stage.state.stage.is_none());
    stage.hear(BackendMessage::StagePlanned { generation, groups: rest, planned: keys.len(), is_last: true });
    assert!(stage.state.stage.is_none(), "what nobody waits for is dropped");
}

#[test]
fn a_file_that_is_saved_meanwhile_is_planned_anew() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F");
    let before = stage.state.stage.as_ref().unwrap().totals;
    let text = fake::DEPLOYMENT.replace("kind: Deployment", "kind: Deployment # saved");
    stage.edit("api/deploy.yaml", &text);
    assert_eq!(stage.state.stage.as_ref().unwrap().totals.files, before.files);
    see_all(&mut stage);
    stage.keys("W");
    assert!(stage.files[&"api/deploy.yaml".into()].contains("# saved"));
    assert!(stage.files[&"api/deploy.yaml".into()].contains("runAsNonRoot: true"));
    stage.keys("F F");
    stage.remove("api/deploy.yaml");
    assert!(!stage.text().contains("api/deploy.yaml"), "{}", stage.text());
}

#[test]
fn a_search_shows_the_changes_that_hold_its_words() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F o /").typed("dockerfile");
    let open = stage.state.stage.as_ref().unwrap();
    let files: Vec<_> = open.rows.iter().filter(|row| matches!(row, StageRow::File(_))).collect();
    assert_eq!(files.len(), 1, "{}", stage.text());
    stage.keys("Enter Esc");
    assert!(stage.state.stage.is_some(), "the search goes first");
}

#[test]
fn a_refused_write_keeps_the_stage() {
    let mut stage = Stage::new(120, 40);
    stage.keys("F F");
    see_all(&mut stage);
    stage.state.stage.as_mut().unwrap().is_writing = true;
    stage.hear(BackendMessage::WriteRefused { reason: "a file has changed".to_owned() });
    assert!(stage.state.stage.is_some() && stage.text().contains("a file has changed"), "{}", stage.text());
    stage.keys("W");
    assert_eq!(writes(&stage).len(), 1);
}

#[test]
fn a_size_that_shows_no_whole_change_has_it_paged() {
    let mut stage = Stage::new(60, 15);
    stage.keys("F F");
    see_all(&mut stage);
    stage.keys("W");
    assert_eq!(writes(&stage).len(), 1, "{}", stage.text());
    stage.event(AppEvent::Resize(20, 5));
    stage.text();
}

#[test]
fn the_demo_says_what_its_stage_comes_to() {
    let mut demo = Demo::new(120, 40);
    demo.keys("F F");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("score ") && drawn.contains("restricted 0 → 1 of 1"), "{drawn}");
    let open = demo.state.stage.as_ref().unwrap();
    let promised = open.outcome.unwrap();
    for _ in 0..200 {
        demo.buffer();
        demo.keys("n");
        if demo.state.stage.as_ref().unwrap().totals.unseen == 0 {
            break;
        }
    }
    demo.keys("W");
    assert_eq!(demo.state.store.score(), promised.score, "what was promised is what it comes to");
}

#[test]
fn stages_look_like_this() {
    let staged = |keys: &'static str| {
        move |width, height| {
            let mut stage = Stage::new(width, height);
            stage.breaking = Some("writable-root-filesystem");
            stage.keys(keys);
            stage.text();
            stage
        }
    };
    assert_looks("stage-by-change", staged("F F"));
    assert_looks("stage-by-file", staged("F F o Enter j j Space"));
    assert_looks("stage-left-out", staged("F F G k Enter j"));
}

#[test]
fn what_is_left_before_it_is_planned_stays_left() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("F F");
    let keys = stage.state.stage.as_ref().unwrap().keys_to_plan();
    let mut groups = fake::staged_groups(&stage.files, &keys, None);
    let rest = groups.split_off(1);
    let planned = groups[0].keys.len();
    let generation = stage.state.preview.generation;
    stage.hear(BackendMessage::StagePlanned { generation, groups, planned, is_last: false });
    stage.keys("a");
    let generation = stage.state.preview.generation;
    stage.hear(BackendMessage::StagePlanned { generation, groups: rest, planned: keys.len(), is_last: true });
    let totals = stage.state.stage.as_ref().unwrap().totals;
    assert!(totals.files == 3 && totals.taken_files == 0, "{totals:?}");
    stage.answers = true;
    stage.keys("a");
    assert_eq!(stage.state.stage.as_ref().unwrap().totals.taken_files, 3);
}

#[test]
fn a_value_is_typed_in_the_stage_and_all_that_holds_it_is_planned_anew() {
    let mut demo = Demo::new(120, 40);
    demo.keys("F F");
    let is_user = |demo: &Demo| {
        let open = demo.state.stage.as_ref().unwrap();
        let Some(StageRow::Change(at)) = open.selected_row() else { return false };
        open.changes.changes[at].text.contains("USER")
    };
    for _ in 0..20 {
        if is_user(&demo) {
            break;
        }
        demo.keys("j");
    }
    demo.keys("v");
    assert!(matches!(demo.state.dialog, Some(DialogState::Values(_))), "{:?}", demo.state.toast);
    assert!(text(&demo.buffer()).contains("USER"), "the fields stand in the file");
    demo.keys("4 5 6 7 8 Enter");
    let drawn = text(&demo.buffer());
    let open = demo.state.stage.as_ref().unwrap();
    assert!(!open.is_aside() && drawn.contains("45678"), "{drawn}");
    assert!(is_user(&demo), "the place is kept");
    for _ in 0..200 {
        demo.buffer();
        if demo.state.stage.as_ref().unwrap().totals.unseen == 0 {
            break;
        }
        demo.keys("n");
    }
    demo.keys("W");
    assert!(demo.state.stage.is_none());
    for path in ["Dockerfile", "deploy.yaml"] {
        let file = demo.state.store.file(&path.into()).unwrap();
        assert!(file.source.as_ref().unwrap().text().contains("45678"), "{path}");
    }
}

/// What is known of a change may need more lines than there are: a key reads them all.
#[test]
fn every_word_about_a_change_can_be_read() {
    let cautions: Vec<String> =
        (0..30).map(|n| format!("Caution number {n} says what may no longer work.")).collect();
    for (width, height) in [(60, 15), (80, 24), (120, 40)] {
        let mut stage = Stage::new(width, height);
        stage.answers = false;
        stage.keys("F F");
        let asked = stage.effects.iter().rev().find_map(|effect| match effect {
            AppEffect::Ask(BackendRequest::PlanStage { generation, keys, .. }) => {
                Some((*generation, keys.clone()))
            }
            _ => None,
        });
        let (generation, keys) = asked.unwrap();
        let mut groups = fake::staged_groups(&stage.files, &keys, None);
        groups
            .iter_mut()
            .flat_map(|group| &mut group.fixes)
            .for_each(|fix| fix.cautions.clone_from(&cautions));
        let planned = keys.len();
        stage.hear(BackendMessage::StagePlanned { generation, groups, planned, is_last: true });
        let mut shown = String::new();
        for _ in 0..60 {
            let drawn = stage.text();
            if shown.is_empty() {
                assert!(drawn.contains("more lines: Ctrl-d"), "{drawn}");
            }
            shown.push_str(&drawn);
            stage.keys("Ctrl-d");
        }
        for n in 0..30 {
            assert!(shown.contains(&format!("Caution number {n} ")), "{n} at {width}: {shown}");
        }
        assert_eq!(stage.state.stage.as_ref().unwrap().cursor.row, 0, "the change stays selected");
        stage.keys("j");
        assert_eq!(stage.state.stage.as_ref().unwrap().notes_scroll, 0, "the next from its beginning");
    }
}

#[test]
fn a_click_selects_a_row_and_a_second_one_opens_it() {
    let mut stage = Stage::new(80, 24);
    stage.keys("F F");
    let mut click = |row| {
        stage.text();
        let mouse = MouseEvent { kind: MouseKind::Press, column: 10, row };
        stage.event(AppEvent::Mouse(mouse));
        let open = stage.state.stage.as_ref().unwrap();
        (open.cursor.row, open.rows.len())
    };
    let (selected, rows) = click(3);
    assert_eq!(selected, 2);
    let (selected, more) = click(3);
    assert!(selected == 2 && more > rows, "it is open");
    assert_eq!(click(20), (2, more), "elsewhere nothing is chosen");
    stage.keys("/");
    let rows_under_the_search = 2;
    stage.event(AppEvent::Mouse(MouseEvent {
        kind: MouseKind::Press,
        column: 10,
        row: rows_under_the_search,
    }));
    assert_eq!(stage.state.stage.as_ref().unwrap().cursor.row, 0);
}

/// A chart whose values reach some of its settings, and its templates the others.
fn chart_files() -> Vec<(&'static str, String)> {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n        - name: web\n          image: \"{{ .Values.image }}\"\n          {{- with .Values.securityContext }}\n          securityContext:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n          resources:\n            {{- toYaml .Values.resources | nindent 12 }}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: side\nspec:\n  hostNetwork: {{ .Values.hostNetwork }}\n  containers:\n    - name: side\n      image: registry.example/side:1.0.0\n      securityContext:\n        privileged: {{ .Values.privileged }}\n";
    let values = "image: registry.example/web:1.2.3\nsecurityContext: {}\n\nservice:\n  port: 80\n\nhostNetwork: true\n\nresources: {}\n\nname: web\n\nprivileged: true\n";
    vec![
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n".to_owned()),
        ("web/values.yaml", values.to_owned()),
        ("web/templates/deployment.yaml", deployment.to_owned()),
        ("web/templates/tests/side.yaml", pod.to_owned()),
    ]
}

#[test]
fn changes_of_a_chart_are_left_and_taken_one_by_one() {
    let mut demo = Demo::of(&chart_files(), 120, 40);
    demo.keys("F F");
    let listed = |demo: &Demo| {
        let changes = &demo.state.stage.as_ref().unwrap().changes.changes;
        let of = |change: &seaworthy::app::StagedChange| {
            (change.text.to_string(), change.title.clone(), change.places.len(), change.taken)
        };
        let mut listed: Vec<_> = changes.iter().map(of).collect();
        listed.sort();
        listed
    };
    let before = listed(&demo);
    assert!(before.len() > 3, "{before:#?}");
    assert!(!before.iter().any(|(_, title, ..)| title.starts_with("Goes with")), "{before:#?}");
    let alone = before.iter().position(|(text, ..)| &**text == "-privileged: true\n+privileged: false\n");
    assert!(alone.is_some(), "{before:#?}");
    for _ in 0..before.len() {
        demo.keys("Space");
        let left = listed(&demo);
        for (text, ..) in &before {
            let known =
                left.iter().any(|(own, ..)| own.contains(text.trim_end()) || text.contains(own.trim_end()));
            assert!(known || left.len() >= before.len(), "{text} is gone: {left:#?}");
        }
        assert!(left.iter().any(|(.., taken)| *taken > 0), "the others stay: {left:#?}");
        demo.keys("Space");
        assert_eq!(listed(&demo), before);
        demo.keys("Down");
    }
}

/// A value by which the change would bring a finding about is refused where it is typed, and not by a stage that shrinks.
#[test]
fn a_value_that_takes_a_change_out_of_the_stage_is_refused_in_its_field() {
    let mut demo = Demo::new(120, 40);
    demo.keys("F F");
    let places = |demo: &Demo| demo.state.stage.as_ref().unwrap().totals.places;
    let before = places(&demo);
    let mut typed = 0;
    for _ in 0..demo.state.stage.as_ref().unwrap().rows.len() {
        demo.keys("v");
        if matches!(demo.state.dialog, Some(DialogState::Values(_))) {
            demo.keys("Ctrl-u");
            "/tmp2".chars().for_each(|c| demo.event(AppEvent::Key(c.to_string().parse().unwrap())));
            demo.keys("Enter");
            typed += 1;
            let is_said = demo.state.dialog.is_some() || demo.state.toast.is_some();
            assert!(is_said || places(&demo) >= before, "{}", text(&demo.buffer()));
            if demo.state.dialog.is_some() {
                demo.keys("Esc");
            }
        }
        demo.keys("j");
    }
    assert!(typed > 0);
}
