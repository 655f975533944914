//! What is new while files change: kept until it is seen, reached by keys, counted once, and what happened in a log.

use insta::assert_snapshot;
use seaworthy::app::{AppEffect, AppEvent, BackendMessage, ChangeKind, Toast, UserConfig};
use seaworthy::base::ClockTime;
use seaworthy::finding::Severity;
use seaworthy::ui;

use crate::fake::{self, DEPLOYMENT};
use crate::looks::assert_looks;
use crate::real::Demo;
use crate::stage::Stage;

/// A workload of which only two things are missing, and both at once.
const CLEAN: &str = "kind: Deployment\nspec:\n  template:\n    spec:\n      automountServiceAccountToken: false\n      \
    containers:\n        - name: api\n# runAsNonRoot: true runAsUser: runAsGroup: readOnlyRootFilesystem: true \
    memory: 128Mi cpu: 500m allowPrivilegeEscalation: false seccompProfile:\n";

/// The little world with a clean workload in it, which begins with so many others.
fn stage(others: usize) -> Stage {
    let mut files = fake::files();
    for n in 0..=others {
        files.insert(format!("web/{n}.yaml").as_str().into(), CLEAN.to_owned());
    }
    let mut stage = Stage::with(files, 120, 30);
    stage.state.clock = || ClockTime { hour: 14, minute: 12 };
    stage
}

fn kinds(stage: &Stage) -> Vec<&'static str> {
    stage.state.change_log.entries.iter().map(|change| change.kind.word()).collect()
}

#[test]
fn what_is_new_stays_new_until_it_is_seen() {
    let mut stage = stage(1);
    stage.edit("web/0.yaml", &CLEAN.replace("allowPrivilegeEscalation: false", ""));
    let text = stage.text();
    assert!(text.contains("New: H privilege-escalation in web/0.yaml:7. gn goes there."), "{text}");
    assert!(text.contains(" 1 new "), "{text}");
    // Another save, with nothing new in it, takes nothing away.
    stage.edit("web/1.yaml", &format!("{CLEAN}# more\n"));
    stage.edit("web/1.yaml", &CLEAN.replace("seccompProfile:", ""));
    assert_eq!(stage.state.new_keys.len(), 2);
    // First where the last news said that it goes.
    stage.keys("g n");
    assert_eq!(stage.state.current_finding().unwrap().key.rule, "missing-seccomp");
    stage.keys("g n");
    assert_eq!(stage.state.current_finding().unwrap().key.rule, "privilege-escalation");
    stage.keys("g n");
    assert_eq!(stage.state.current_finding().unwrap().key.rule, "missing-seccomp");
    stage.keys("g N");
    assert_eq!(stage.state.current_finding().unwrap().key.rule, "privilege-escalation");
    // What is mended is not new any more; what is seen neither.
    stage.edit("web/0.yaml", CLEAN);
    assert_eq!(stage.state.new_keys.len(), 1);
    stage.keys("g m");
    assert!(stage.state.new_keys.is_empty());
    assert!(stage.keys("g n").text().contains("Nothing is new"), "{}", stage.text());
}

#[test]
fn what_a_person_saw_is_not_new_when_it_comes_back() {
    let mut stage = stage(0);
    let (low, high) =
        (CLEAN.replace("seccompProfile:", ""), CLEAN.replace("allowPrivilegeEscalation: false", ""));
    stage.edit("web/0.yaml", &low);
    stage.keys("g m j");
    // An editor that writes in two steps, or a branch and back.
    stage.edit("web/0.yaml", CLEAN);
    stage.edit("web/0.yaml", &low);
    assert!(stage.state.new_keys.is_empty() && stage.state.toast.is_none(), "{:?}", stage.state.toast);
    assert_eq!(stage.state.change_log.entries[0].opened.len(), 1, "the log tells of it");
    // What was not seen yet stays new, and is told once.
    stage.edit("web/0.yaml", &high);
    assert_eq!(stage.state.new_keys.len(), 1);
    stage.keys("j");
    stage.edit("web/0.yaml", CLEAN);
    assert!(stage.state.new_keys.is_empty());
    stage.edit("web/0.yaml", &high);
    assert_eq!((stage.state.new_keys.len(), stage.state.toast.is_none()), (1, true));
}

#[test]
fn what_is_new_is_told_also_where_there_is_hardly_room() {
    let mut files = fake::files();
    for n in 0..2 {
        files.insert(format!("web/{n}.yaml").as_str().into(), CLEAN.to_owned());
    }
    let mut stage = Stage::with(files, 80, 24);
    stage.state.name = "a-name-of-some-length".to_owned();
    let worse = CLEAN.replace("allowPrivilegeEscalation: false", "");
    stage.edit("web/0.yaml", &worse);
    stage.edit("web/1.yaml", &worse);
    stage.edit("web/1.yaml", &CLEAN.replace("seccompProfile:", ""));
    let text = stage.text();
    let head = text.lines().next().unwrap_or_default();
    assert!(head.contains(" 2 new ") && !head.contains("resolved"), "{head}");
}

#[test]
fn a_save_in_two_steps_keeps_what_is_new() {
    let mut stage = stage(0);
    stage.edit("web/0.yaml", &CLEAN.replace("seccompProfile:", ""));
    stage.settles = false;
    stage.keys("j");
    stage.edit("web/0.yaml", CLEAN);
    stage.edit("web/0.yaml", &CLEAN.replace("seccompProfile:", ""));
    stage.event(AppEvent::QuietReached);
    assert_eq!((stage.state.new_keys.len(), stage.state.toast.is_none()), (1, true));
}

#[test]
fn a_file_that_is_half_saved_raises_nothing() {
    let mut demo = Demo::new(120, 40);
    demo.edit("deploy.yaml", "kind: Deployment", "kind: Deployment: half");
    assert_eq!(demo.state.change_log.entries[0].kind, ChangeKind::HalfSaved);
    assert!(demo.state.index.entries.iter().any(|entry| entry.key.rule == "invalid-syntax"));
    assert!(demo.state.new_keys.is_empty() && demo.state.toast.is_none(), "{:?}", demo.state.toast);
}

#[test]
fn what_was_mended_here_is_news_when_it_comes_back() {
    let mut stage = stage(0);
    stage.keys("g g j l j f");
    assert!(matches!(stage.state.change_log.entries[0].kind, ChangeKind::Mended(_)), "{:?}", kinds(&stage));
    for (path, text) in fake::files() {
        stage.edit(path.as_str(), &text);
    }
    assert_eq!(stage.state.new_keys.len(), 1);
}

#[test]
fn a_toast_goes_by_itself_and_comes_anew_with_each_key() {
    let mut stage = stage(0);
    let asks = |stage: &mut Stage| std::mem::take(&mut stage.effects).contains(&AppEffect::AwaitToastEnd);
    stage.edit("web/0.yaml", &CLEAN.replace("seccompProfile:", ""));
    assert!(asks(&mut stage) && stage.text().contains("New: M missing-seccomp"));
    stage.event(AppEvent::ToastOver);
    assert!(stage.state.toast.is_none() && !stage.text().contains("New: M missing-seccomp"));
    assert!(!asks(&mut stage), "and then the program sleeps");
    stage.keys("+");
    assert!(asks(&mut stage));
    stage.keys("+");
    assert!(asks(&mut stage), "the same words again have their own time");
    // Nothing goes while nobody looks; its time begins when somebody does.
    stage.event(AppEvent::FocusLost);
    stage.event(AppEvent::ToastOver);
    assert!(stage.state.toast.is_some());
    stage.event(AppEvent::FocusGained);
    assert!(asks(&mut stage));
    stage.event(AppEvent::ToastOver);
    assert!(stage.state.toast.is_none());
    // What was not written stands nowhere else.
    stage.hear(BackendMessage::WriteRefused { reason: "the disk is full".to_owned() });
    assert!(!asks(&mut stage));
    stage.event(AppEvent::ToastOver);
    assert!(stage.text().contains("the disk is full"));
}

#[test]
fn a_checkout_is_counted_once_when_it_is_over() {
    let mut stage = stage(20);
    stage.settles = false;
    for n in 0..=20 {
        stage.files.insert(format!("web/{n}.yaml").as_str().into(), CLEAN.replace("seccompProfile:", ""));
        stage.hear(BackendMessage::AuditUpdated(fake::audit(&stage.files)));
        assert!(stage.state.new_keys.is_empty() && stage.state.toast.is_none(), "after {n}");
    }
    // Half of it is written over again before the burst is over.
    for n in 0..=9 {
        stage.files.insert(format!("web/{n}.yaml").as_str().into(), CLEAN.to_owned());
    }
    stage.hear(BackendMessage::AuditUpdated(fake::audit(&stage.files)));
    assert!(stage.effects.contains(&AppEffect::AwaitQuiet));
    stage.event(AppEvent::QuietReached);
    assert_eq!((stage.state.new_keys.len(), kinds(&stage)), (11, vec!["saved"]));
    assert!(
        stage.text().contains("New: M missing-seccomp in web/10.yaml:7 and 10 more."),
        "{}",
        stage.text()
    );
}

#[test]
fn a_checkout_says_which_branches_and_raises_nothing() {
    let mut stage = stage(0);
    stage.settles = false;
    stage.hear(BackendMessage::BranchChanged { from: "main".to_owned(), to: "feature/cart".to_owned() });
    stage.edit("web/0.yaml", &CLEAN.replace("seccompProfile:", ""));
    stage.event(AppEvent::QuietReached);
    assert_eq!(kinds(&stage), ["checkout"]);
    assert!(stage.state.new_keys.is_empty() && stage.state.toast.is_none());
    let text = stage.keys("L").text();
    assert!(text.contains("main to feature/cart"), "{text}");
}

#[test]
fn a_checkout_waits_for_its_files_and_not_for_ever() {
    let mut stage = stage(0);
    stage.settles = false;
    let branches =
        || BackendMessage::BranchChanged { from: "main".to_owned(), to: "feature/cart".to_owned() };
    stage.hear(branches());
    stage.effects.clear();
    stage.event(AppEvent::QuietReached);
    assert_eq!((stage.effects.as_slice(), kinds(&stage).len()), (&[AppEffect::AwaitQuiet][..], 0));
    stage.edit("web/0.yaml", &CLEAN.replace("seccompProfile:", ""));
    stage.event(AppEvent::QuietReached);
    assert_eq!(kinds(&stage), ["checkout"]);
    assert!(stage.state.new_keys.is_empty() && stage.state.toast.is_none());
    // One that changes nothing here is logged in the end, and then nothing wakes the program.
    stage.hear(branches());
    for _ in 0..100 {
        stage.effects.clear();
        stage.event(AppEvent::QuietReached);
        if stage.effects.is_empty() {
            break;
        }
    }
    assert_eq!((kinds(&stage).len(), stage.effects.len()), (2, 0));
}

#[test]
fn what_a_person_did_has_its_own_word_and_is_no_news() {
    let mut stage = stage(0);
    stage.keys("g g j l j f");
    assert!(matches!(stage.state.change_log.entries[0].kind, ChangeKind::Mended(_)), "{:?}", kinds(&stage));
    stage.keys("u");
    assert_eq!(kinds(&stage)[0], "taken back");
    assert!(stage.state.new_keys.is_empty(), "what comes back by an undo is not new");
    stage.files.remove(&"web/0.yaml".into());
    let mut update = fake::audit(&stage.files);
    update.removed_paths.push("web/0.yaml".into());
    update.files.clear();
    update.findings.clear();
    update.workloads.clear();
    stage.hear(BackendMessage::AuditUpdated(update));
    assert_eq!(kinds(&stage)[0], "deleted");
    stage.edit("api/deploy.yaml", &format!("{DEPLOYMENT}{{{{ half\n"));
    assert_eq!(kinds(&stage)[0], "half saved");
    assert!(stage.state.new_keys.is_empty());
}

#[test]
fn the_log_lists_what_happened_the_latest_first() {
    let mut stage = with_log(120, 30);
    for (width, height) in [(80, 24), (100, 30), (120, 40), (160, 50), (200, 60)] {
        stage.event(AppEvent::Resize(width, height));
        assert_snapshot!(format!("log-{width}x{height}"), stage.text());
    }
    stage.keys("G Enter");
    assert_eq!(stage.state.current_finding().unwrap().key.rule, "privilege-escalation");
    assert!(stage.state.dialog.is_none());
}

/// The log after a save, a fix that was taken back, and a checkout.
fn with_log(width: u16, height: u16) -> Stage {
    let mut stage = stage(0);
    stage.edit("web/0.yaml", &CLEAN.replace("allowPrivilegeEscalation: false", ""));
    stage.keys("g g j l j f u");
    stage.hear(BackendMessage::BranchChanged { from: "main".to_owned(), to: "feature/cart".to_owned() });
    stage.event(AppEvent::QuietReached);
    stage.keys("L").event(AppEvent::Resize(width, height));
    stage
}

#[test]
fn the_log_and_the_news_in_every_look() {
    assert_looks("log", with_log);
    assert_looks("news", |width, height| {
        let mut stage = stage(0);
        stage.event(AppEvent::Resize(width, height));
        stage.edit("web/0.yaml", &CLEAN.replace("allowPrivilegeEscalation: false", ""));
        stage
    });
}

#[test]
fn the_title_names_the_repository_and_what_is_new_and_holds_no_control_character() {
    let mut stage = stage(0);
    stage.state.name = "shop\u{1b}]0;x\u{7}".to_owned();
    stage.edit("web/0.yaml", &CLEAN.replace("seccompProfile:", ""));
    let title = ui::terminal_title(&stage.state);
    assert!(title.starts_with("seaworthy: shop") && title.contains(", 1 new, score "), "{title}");
    assert!(!title.contains(char::is_control), "{title:?}");
}

#[test]
fn who_wants_no_line_of_news_still_has_the_marks_and_the_log() {
    let mut stage = stage(0);
    stage.state.config = UserConfig::parse_toml("news = false\n");
    stage.edit("web/0.yaml", &CLEAN.replace("seccompProfile:", ""));
    assert_eq!((stage.state.toast.clone(), stage.state.new_keys.len()), (None, 1));
    assert_eq!(kinds(&stage), ["saved"]);
}

#[test]
fn only_the_worst_alerts_and_once() {
    let mut stage = stage(0);
    let two = CLEAN.replace("allowPrivilegeEscalation: false", "").replace("seccompProfile:", "");
    stage.edit("web/0.yaml", &two);
    let alerts: Vec<_> =
        stage.effects.iter().filter(|effect| matches!(effect, AppEffect::Alert { .. })).collect();
    let [AppEffect::Alert { severity: Severity::High, text }] = alerts[..] else { panic!("{alerts:?}") };
    assert!(text.starts_with("high: privilege-escalation in web/0.yaml:"), "{text}");
    assert!(text.ends_with(", and 1 more"), "{text}");
    let is_worst = |toast: &Toast| matches!(toast, Toast::NewFinding { rule, more: 1, .. } if *rule == "privilege-escalation");
    assert!(stage.state.toast.as_ref().is_some_and(is_worst), "{:?}", stage.state.toast);
}
