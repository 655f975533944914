//! What keys and messages do, without any terminal.

use seaworthy::app::{
    AppEffect, AppEvent, BackendMessage, BackendRequest, DialogState, FullscreenView, KeyPress, ListNode,
    MouseEvent, MouseKind, Pane, PreviewState, Toast,
};
use seaworthy::repo::RelPath;

use crate::fake;
use crate::stage::Stage;
use crate::staging::see_all;

fn selected(stage: &Stage) -> &'static str {
    match &stage.state.selected_node {
        Some(ListNode::Finding(key)) => key.rule,
        other => panic!("no finding is selected but {other:?}"),
    }
}

fn writes(stage: &Stage) -> usize {
    stage.effects.iter().filter(|effect| matches!(effect, AppEffect::Ask(BackendRequest::Write(_)))).count()
}

#[test]
fn the_selection_stays_on_its_finding_through_edits() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j j");
    let before = stage.state.selected_node.clone();
    assert_eq!(selected(&stage), "service-account-token-mounted");
    stage.edit("api/deploy.yaml", &format!("# one\n# more\n{}", fake::DEPLOYMENT));
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"] #"));
    assert_eq!(stage.state.selected_node, before);
    assert_eq!(stage.state.current_finding().unwrap().line, 16);
    assert_eq!(stage.state.source.cursor.row, 15, "the source goes with the finding");
}

#[test]
fn a_fixed_finding_gives_its_place_to_the_next() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j f");
    assert!(stage.files[&RelPath::from("api/deploy.yaml")].contains("readOnlyRootFilesystem: true"));
    assert!(stage.state.mended_row().is_some() && stage.state.selected_node.is_none());
    assert!(matches!(&stage.state.toast, Some(Toast::FixWritten { .. })));
    assert_eq!(stage.state.last_closed, Some((1, "resolved")));
    stage.keys("j");
    assert_eq!(selected(&stage), "service-account-token-mounted");
}

#[test]
fn after_a_write_the_place_stays_on_the_mended_row_until_a_person_moves() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j f");
    let drawn = stage.text();
    assert!(drawn.contains("writable-root-filesystem") && drawn.contains("Fixed"), "{drawn}");
    assert!(
        drawn.contains("┃             readOnlyRootFilesystem:"),
        "what was written stays marked: {drawn}"
    );
    stage.keys("f f f");
    assert_eq!(writes(&stage), 1, "one key was enough");
    assert!(matches!(&stage.state.toast, Some(Toast::AlreadyFixed(_))));
    stage.edit("jobs/nightly/cronjob.yaml", &format!("# one more\n{}", fake::CRONJOB));
    assert!(stage.state.mended_row().is_some(), "what others save moves nobody");
    stage.keys("k");
    assert_eq!(stage.state.mended, None);
    assert_ne!(stage.state.selected_node, None);
    stage.keys("j f");
    assert_eq!(writes(&stage), 2, "the next is the next fix");
}

#[test]
fn a_key_that_is_held_down_writes_nothing_and_types_its_letter() {
    let mut stage = Stage::new(120, 40);
    let held = |stage: &mut Stage, key: &str| stage.event(AppEvent::KeyRepeat(key.parse().unwrap()));
    stage.keys("j j");
    held(&mut stage, "f");
    held(&mut stage, "u");
    assert_eq!(stage.effects.iter().filter(|e| matches!(e, AppEffect::Ask(BackendRequest::Undo))).count(), 0);
    assert_eq!(writes(&stage), 0);
    let row = stage.state.findings_cursor.row;
    held(&mut stage, "j");
    assert_eq!(stage.state.findings_cursor.row, row + 1, "what only moves goes on");
    stage.keys("/");
    held(&mut stage, "f");
    assert_eq!(stage.state.filter.text(), "f");
}

#[test]
fn several_findings_on_a_line_are_picked_one_after_the_other_and_a_line_without_any_says_so() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j 3");
    let first = selected(&stage);
    stage.keys("Enter");
    assert_ne!(selected(&stage), first);
    assert!(matches!(stage.state.toast, Some(Toast::PickedOnLine { count: 8, line: 16, .. })));
    for _ in 0..7 {
        stage.keys("Enter");
    }
    assert_eq!(selected(&stage), first, "and round again");
    stage.keys("j Enter");
    assert_eq!(stage.state.toast, Some(Toast::NothingOnLine(17)));
}

/// What the last key put on the clipboard.
fn copied_text(stage: &Stage) -> String {
    let copied = stage.effects.iter().rev().find_map(|effect| match effect {
        AppEffect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    copied.expect("nothing is copied")
}

#[test]
fn what_y_copies_is_a_patch_with_its_headers() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j y");
    let text = copied_text(&stage);
    assert!(text.contains("--- a/api/deploy.yaml\n+++ b/api/deploy.yaml\n@@ "), "{text}");
    assert!(text.contains("\n+            readOnlyRootFilesystem: true\n"), "{text}");
}

/// The patch does with git what `f` does here.
#[test]
fn what_y_copies_is_taken_by_git() {
    for keys in ["j j", "g g", "j"] {
        let mut stage = Stage::new(120, 40);
        stage.keys(keys).keys("y");
        let copied = copied_text(&stage);
        let folder = tempfile::TempDir::new().unwrap();
        crate::real::write_files(
            folder.path(),
            stage.files.iter().map(|(path, text)| (path.as_str(), text.as_str())),
        );
        let patch = folder.path().join("copied");
        std::fs::write(&patch, &copied).unwrap();
        let mut git = std::process::Command::new("git");
        let applied = git.args(["apply", "copied"]).current_dir(folder.path()).output().unwrap();
        assert!(applied.status.success(), "{}\n{copied}", String::from_utf8_lossy(&applied.stderr));
        stage.pass_pages().keys("f");
        for (path, text) in &stage.files {
            let read = std::fs::read_to_string(path.to_absolute(folder.path())).unwrap();
            assert_eq!(&read, text, "{path} after {keys}");
        }
    }
}

#[test]
fn one_key_fixes_a_theme_and_one_takes_it_back() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j f");
    let fixed = &stage.files[&RelPath::from("api/deploy.yaml")];
    assert!(fixed.contains("runAsNonRoot: true") && fixed.contains("runAsUser: 43122"));
    assert!(stage.files[&RelPath::from("api/Dockerfile")].contains("USER 43122"));
    assert_eq!(writes(&stage), 1, "as one step");
    stage.keys("u");
    assert_eq!(stage.files, fake::files());
}

#[test]
fn a_file_is_fixed_from_the_tree() {
    let mut stage = Stage::new(120, 40);
    stage.keys("1 j");
    assert_eq!(stage.state.current_path(), Some(&"api/deploy.yaml".into()));
    stage.keys("f");
    assert_eq!(stage.files[&RelPath::from("api/Dockerfile")], fake::DOCKERFILE);
    assert!(stage.state.index.entries_in(&"api/deploy.yaml".into()).is_empty());
}

#[test]
fn a_folder_is_staged_and_only_one_key_writes() {
    let mut stage = Stage::new(120, 40);
    stage.keys("1 g g f");
    assert!(stage.state.stage.is_some());
    stage.keys("f Y y j Enter");
    assert!(stage.state.stage.is_some());
    stage.keys("Esc");
    assert!(stage.state.stage.is_none());
    assert_eq!(writes(&stage), 0);
    stage.keys("f");
    see_all(&mut stage);
    stage.keys("W");
    assert_eq!(writes(&stage), 1);
}

#[test]
fn a_plan_that_is_late_is_dropped() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("j j");
    let old = stage.state.preview.generation;
    stage.keys("j");
    let plan = fake::plan(&stage.files, &stage.state.selected_keys());
    stage.hear(BackendMessage::PlanFinished { generation: old, plan: Ok(plan.clone()) });
    assert_eq!(stage.state.preview.state, PreviewState::Pending);
    stage.keys("f");
    assert_eq!((writes(&stage), &stage.state.toast), (0, &Some(Toast::FixPending)));
    stage.hear(BackendMessage::PlanFinished { generation: stage.state.preview.generation, plan: Ok(plan) });
    stage.answers = true;
    stage.keys("f");
    assert_eq!(writes(&stage), 1);
}

#[test]
fn a_fix_is_written_once_however_often_the_key_is_pressed() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j");
    let plan = stage.state.preview.writable_plan().cloned();
    stage.text();
    let effects = seaworthy::app::update_state(&mut stage.state, AppEvent::Key(KeyPress::from_char('f')));
    assert_eq!(effects, [AppEffect::Ask(BackendRequest::Write(plan.unwrap()))]);
    let again = seaworthy::app::update_state(&mut stage.state, AppEvent::Key(KeyPress::from_char('f')));
    assert_eq!(again, [AppEffect::AwaitToastEnd]);
}

#[test]
fn a_refused_write_is_planned_anew() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j");
    let before = stage.state.preview.generation;
    stage.answers = false;
    stage.hear(BackendMessage::WriteRefused { reason: "the file has changed".into() });
    assert!(!stage.text().contains("+ "), "what cannot be written is not shown: {}", stage.text());
    assert!(stage.state.preview.generation > before);
    assert!(stage.state.toast.as_ref().is_some_and(Toast::is_failure));
}

#[test]
fn where_the_diff_is_not_in_view_it_is_shown_first() {
    let mut stage = Stage::new(50, 20);
    stage.keys("j j f");
    assert_eq!((writes(&stage), stage.state.fullscreen), (0, Some(FullscreenView::Diff)));
    stage.keys("f");
    assert_eq!(writes(&stage), 1);
}

#[test]
fn what_has_no_fix_says_why() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("unpinned").keys("Enter j f");
    assert_eq!(stage.state.toast, Some(Toast::NoFix(Some("a registry must be asked for the digest".into()))));
}

#[test]
fn escape_closes_what_is_open_and_never_quits() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("user").keys("Enter K Esc");
    assert_eq!((stage.state.fullscreen, stage.state.filter.text()), (None, "user"));
    stage.keys("Esc");
    assert_eq!(stage.state.filter.text(), "");
    stage.keys("Esc Esc Esc");
    assert!(!stage.effects.contains(&AppEffect::Quit));
    stage.keys("q");
    assert!(stage.effects.contains(&AppEffect::Quit));
}

#[test]
fn a_search_finds_words_of_names_and_of_messages() {
    let mut stage = Stage::new(120, 40);
    let count = |stage: &Stage| -> usize {
        stage.state.findings_list.rows.iter().filter(|row| row.depth == 0).map(|row| row.findings.len()).sum()
    };
    stage.keys("/").typed("nightly MEMORY");
    assert_eq!(count(&stage), 1);
    stage.keys("Esc /").typed("q");
    assert!(!stage.effects.contains(&AppEffect::Quit), "letters go to the filter");
}

#[test]
fn next_and_previous_go_round_the_findings_of_the_file() {
    let mut stage = Stage::new(120, 40);
    stage.keys("G");
    let path = stage.state.current_path().cloned();
    let first = stage.state.selected_node.clone();
    for _ in 0..7 {
        stage.keys("n");
    }
    assert_eq!(
        (stage.state.current_path().cloned(), stage.state.selected_node.clone()),
        (path, first.clone())
    );
    stage.keys("n N");
    assert_eq!(stage.state.selected_node, first);
}

#[test]
fn moving_through_the_source_selects_what_stands_there() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j 3 k k");
    assert_eq!(selected(&stage), "service-account-token-mounted");
    assert_eq!(stage.state.focus, Pane::Source);
}

#[test]
fn a_click_selects_and_the_wheel_leaves_the_selection() {
    let mut stage = Stage::new(120, 40);
    let area = stage.state.layout().pane_area(Pane::Findings);
    let at = |kind, row| AppEvent::Mouse(MouseEvent { kind, column: area.x + 5, row: area.y + row });
    stage.event(at(MouseKind::Press, 3));
    assert_eq!(selected(&stage), "writable-root-filesystem");
    stage.event(at(MouseKind::WheelDown, 3));
    assert_eq!(selected(&stage), "writable-root-filesystem");
    stage.event(at(MouseKind::Press, 2));
    let folded = stage.state.findings_list.rows.len();
    stage.event(at(MouseKind::Press, 2));
    assert!(stage.state.findings_list.rows.len() > folded, "a second click opens the fold");
}

#[test]
fn a_border_is_dragged() {
    let mut stage = Stage::new(120, 40);
    let column = stage.state.layout().pane_area(Pane::Files).right();
    let mouse = |kind, column| AppEvent::Mouse(MouseEvent { kind, column, row: 5 });
    stage.event(mouse(MouseKind::Press, column));
    stage.event(mouse(MouseKind::Drag, column + 6));
    stage.event(mouse(MouseKind::Release, column + 6));
    assert_eq!(stage.state.layout().pane_area(Pane::Files).right(), column + 6);
}

#[test]
fn the_editor_opens_at_the_line_of_the_finding() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j e");
    let wanted = AppEffect::OpenEditor { path: "api/deploy.yaml".into(), line: 16 };
    assert_eq!(stage.effects.last(), Some(&wanted));
}

#[test]
fn a_reason_goes_with_what_is_allowed() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j i Enter").typed("it writes caches").keys("Enter");
    let Some(AppEffect::Ask(BackendRequest::Suppress { key, reason, .. })) = stage.effects.last() else {
        panic!()
    };
    assert_eq!((key.rule, reason.as_str()), ("writable-root-filesystem", "it writes caches"));
}

#[test]
fn a_file_that_goes_away_leaves_no_trace() {
    let mut stage = Stage::new(120, 40);
    stage.keys("G");
    let gone: RelPath = "jobs/nightly/cronjob.yaml".into();
    stage.files.remove(&gone);
    let mut update = fake::audit(&stage.files);
    update.removed_paths = vec![gone.clone()];
    stage.hear(BackendMessage::AuditUpdated(update));
    assert_ne!(stage.state.current_path(), Some(&gone));
    assert!(!stage.text().contains("cronjob"));
}

#[test]
fn a_tab_that_comes_into_view_shows_its_line() {
    let mut stage = Stage::new(80, 24);
    stage.keys("j j 3");
    assert!(stage.text().contains("16           - name: api"), "{}", stage.text());
    stage.event(AppEvent::Resize(60, 15));
    assert!(stage.text().contains("16           - name: api"), "{}", stage.text());
}

#[test]
fn by_rule_the_most_severe_stand_first() {
    let mut stage = Stage::new(120, 40);
    stage.keys("o o");
    let worst: Vec<_> = stage.state.findings_list.rows.iter().map(|row| row.worst_severity).collect();
    assert!(worst.is_sorted_by(|a, b| a >= b), "{worst:?}");
}

#[test]
fn the_linked_file_is_scrolled_and_clicked_like_any_other() {
    let mut stage = Stage::new(200, 40);
    stage.keys("j j");
    let area = stage.state.source_areas().1.unwrap();
    let at = |kind, row| AppEvent::Mouse(MouseEvent { kind, column: area.x + 5, row });
    let before = stage.state.source.cursor;
    stage.event(at(MouseKind::WheelDown, area.y + 3));
    assert_eq!(stage.state.source.cursor, before, "the other one stays");
    stage.event(at(MouseKind::Press, area.y + 2));
    assert_eq!(stage.state.current_path(), Some(&"api/Dockerfile".into()));
    assert_eq!(selected(&stage), "missing-user");
}

#[test]
fn the_wheel_goes_through_the_log_and_the_palette() {
    let mut stage = Stage::new(80, 24);
    let wheel =
        |stage: &mut Stage, kind| stage.event(AppEvent::Mouse(MouseEvent { kind, column: 40, row: 8 }));
    stage.keys(":");
    wheel(&mut stage, MouseKind::WheelDown);
    wheel(&mut stage, MouseKind::WheelDown);
    wheel(&mut stage, MouseKind::WheelUp);
    let Some(DialogState::Palette(palette)) = &stage.state.dialog else { panic!("no palette") };
    assert_eq!(palette.choice, 1);
    stage.keys("Esc");
    for text in ["FROM debian:12\n", "FROM debian:13\n"] {
        stage.edit("api/Dockerfile", text);
    }
    stage.keys("L");
    for _ in 0..9 {
        wheel(&mut stage, MouseKind::WheelDown);
    }
    let Some(DialogState::ChangeLog { row }) = &stage.state.dialog else { panic!("no log") };
    let last = stage.state.change_log.entries.len() - 1;
    assert!(last > 0 && *row == last, "{row} of {last}");
}
