//! The demo app, audited and planned by the product itself: what a new user sees first.

use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{
    AppEffect, AppEvent, AppState, BackendMessage, BackendRequest, FixRiskClass, KeyPress, PairSubject,
    StageScope, UserConfig, start_app, update_state,
};
use seaworthy::audit::{AuditEngine, take_baseline};
use seaworthy::causes::rank_causes;
use seaworthy::finding::{FindingKey, FixRisk};
use seaworthy::fix::{CommentPlace, FixOrder, FixPlan, Planner, StagedGroup};
use seaworthy::pairs::find_pairs;
use seaworthy::repo::{RelPath, WatchMode};
use seaworthy::settings::Settings;
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};
use seaworthy::{rules, walkthrough};
use tempfile::TempDir;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/tides");

/// Lays files into a folder.
pub(crate) fn write_files<'a>(root: &Path, files: impl Iterator<Item = (&'a str, &'a str)>) {
    for (path, text) in files {
        let to = root.join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, text).unwrap();
    }
}

/// A folder of that name with these files, audited.
pub(crate) fn audit_copy<'a>(
    name: &str,
    files: impl Iterator<Item = (&'a str, &'a str)>,
) -> (TempDir, AuditEngine) {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join(name);
    write_files(&root, files);
    let mut engine = AuditEngine::new(root.clone(), Settings::default());
    engine.scan(&[root], &|_, _| {});
    (folder, engine)
}

/// The fixes of a stage.
pub(crate) fn stage_groups(engine: &AuditEngine, keys: &[FindingKey], max_risk: FixRisk) -> Vec<StagedGroup> {
    let mut all = Vec::new();
    assert!(Planner::new(engine).plan_stage(keys, max_risk, &mut |groups, _| all.extend(groups)));
    all
}

pub(crate) struct Demo {
    folder: TempDir,
    engine: AuditEngine,
    pub(crate) state: AppState,
    effects: Vec<AppEffect>,
    /// Whether it is told what matters first.
    ranks: bool,
}

impl Demo {
    /// The demo app in a terminal of this size, scanned.
    pub(crate) fn new(width: u16, height: u16) -> Self {
        let paths = ["Dockerfile", "deploy.yaml", "requirements.txt", "src/app.py"];
        let read =
            |path: &&'static str| (*path, std::fs::read_to_string(Path::new(SOURCE).join(path)).unwrap());
        let files: Vec<_> = paths.iter().map(read).collect();
        Self::of(&files, width, height)
    }

    /// Other files in its place.
    pub(crate) fn of(files: &[(&str, String)], width: u16, height: u16) -> Self {
        Self::begun(files, width, height, false)
    }

    /// The same, where what matters first is answered.
    pub(crate) fn ranked(files: &[(&str, String)], width: u16, height: u16) -> Self {
        Self::begun(files, width, height, true)
    }

    fn begun(files: &[(&str, String)], width: u16, height: u16, ranks: bool) -> Self {
        let (folder, engine) = audit_copy("tides", files.iter().map(|(path, text)| (*path, text.as_str())));
        let state = AppState::new("tides", UserConfig::default(), rules::find_rule);
        let mut demo = Self { folder, engine, state, effects: Vec::new(), ranks };
        demo.event(AppEvent::Resize(width, height));
        let effects = start_app(&mut demo.state);
        demo.answer(effects);
        demo
    }

    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let key: KeyPress = key.parse().unwrap();
            self.event(AppEvent::Key(key));
        }
        self
    }

    /// What matters first, as it stands.
    pub(crate) fn rank(&self) -> AppEvent {
        AppEvent::Message(BackendMessage::CausesRanked(rank_causes(&self.engine, false).into()))
    }

    /// What the last key asked for.
    pub(crate) fn effects(&self) -> &[AppEffect] {
        &self.effects
    }

    /// A file of the demo is saved by an editor.
    pub(crate) fn edit(&mut self, path: &str, from: &str, to: &str) {
        let file = RelPath::from(path).to_absolute(&self.folder.path().join("tides"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&file, text.replacen(from, to, 1)).unwrap();
        self.refresh(&[path.into()]);
    }

    /// A file comes to the demo.
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        write_files(&self.folder.path().join("tides"), std::iter::once((path, text)));
        self.refresh(&[path.into()]);
    }

    /// A file of the demo goes away.
    pub(crate) fn remove(&mut self, path: &str) {
        std::fs::remove_file(RelPath::from(path).to_absolute(&self.folder.path().join("tides"))).unwrap();
        self.refresh(&[path.into()]);
    }

    /// All that stands now is taken down in a baseline.
    pub(crate) fn take_down(&mut self) {
        let baseline = take_baseline(&self.engine);
        let root = self.engine.root().to_path_buf();
        self.engine = AuditEngine::new(root.clone(), Settings::default()).with_baseline(baseline);
        self.engine.scan(&[root], &|_, _| {});
        self.event(AppEvent::Message(BackendMessage::AuditUpdated(self.engine.full_update())));
    }

    fn refresh(&mut self, paths: &[RelPath]) {
        let update = self.engine.refresh_paths(&paths.iter().cloned().collect());
        self.event(AppEvent::Message(BackendMessage::AuditUpdated(update)));
    }

    fn write(&mut self, plan: FixPlan) {
        let root = self.folder.path().join("tides");
        for patch in &plan.patches {
            std::fs::write(patch.path.to_absolute(&root), patch.after.text()).unwrap();
        }
        let files: Vec<RelPath> = plan.patches.iter().map(|patch| patch.path.clone()).collect();
        self.event(AppEvent::Message(BackendMessage::FixWritten { title: plan.title, files: files.clone() }));
        self.refresh(&files);
    }

    pub(crate) fn event(&mut self, event: AppEvent) {
        // The screen is drawn before each event, as the terminal's loop does.
        self.state.scroll_limits.frame = self.state.record_frame();
        let effects = update_state(&mut self.state, event);
        self.answer(effects);
    }

    fn answer(&mut self, effects: Vec<AppEffect>) {
        self.effects.clone_from(&effects);
        for effect in effects {
            match effect {
                AppEffect::Ask(BackendRequest::Scan) => {
                    self.event(AppEvent::Message(BackendMessage::AuditUpdated(self.engine.full_update())));
                    self.event(AppEvent::Message(BackendMessage::ScanFinished));
                    self.event(AppEvent::Message(BackendMessage::WatchChanged(WatchMode::Events)));
                }
                AppEffect::Ask(BackendRequest::Plan { generation, keys }) => {
                    let plan = Planner::new(&self.engine).plan(&FixOrder::Findings(&keys));
                    self.event(AppEvent::Message(BackendMessage::PlanFinished { generation, plan }));
                }
                AppEffect::Ask(BackendRequest::PlanStage { generation, keys, max_risk }) => {
                    let (groups, planned) = (stage_groups(&self.engine, &keys, max_risk), keys.len());
                    let message = BackendMessage::StagePlanned { generation, groups, planned, is_last: true };
                    self.event(AppEvent::Message(message));
                }
                AppEffect::Ask(BackendRequest::WeighStage { generation, patches }) => {
                    let outcome = Planner::new(&self.engine).weigh_patches(&patches);
                    self.event(AppEvent::Message(BackendMessage::StageWeighed { generation, outcome }));
                }
                AppEffect::Ask(BackendRequest::SetValues { choices, .. }) => {
                    self.engine
                        .choose_values(|chosen| choices.into_iter().for_each(|choice| chosen.choose(choice)));
                }
                AppEffect::Ask(BackendRequest::Write(plan)) => self.write(plan),
                AppEffect::Ask(BackendRequest::CheckException { key }) => {
                    let order = FixOrder::Suppression { key: &key, reason: "" };
                    let plan = Planner::new(&self.engine).plan(&order);
                    let message = match plan {
                        Ok(plan) => {
                            let place = CommentPlace::of_patch(&plan.patches[0]).unwrap();
                            BackendMessage::ExceptionPlaced { key, place }
                        }
                        Err(reason) => BackendMessage::ExceptionRefused { key, reason: reason.to_string() },
                    };
                    self.event(AppEvent::Message(message));
                }
                AppEffect::Ask(BackendRequest::Suppress { key, reason, .. }) => {
                    let order = FixOrder::Suppression { key: &key, reason: &reason };
                    let plan = Planner::new(&self.engine).plan(&order).unwrap();
                    self.write(plan);
                }
                AppEffect::Ask(BackendRequest::RankCauses { with_info }) if self.ranks => {
                    let ranking = rank_causes(&self.engine, with_info).into();
                    self.event(AppEvent::Message(BackendMessage::CausesRanked(ranking)));
                }
                AppEffect::Ask(BackendRequest::AssessRisks { paths }) if self.ranks => {
                    let planner = Planner::new(&self.engine);
                    let offers = planner.weigh_fixes(&paths).into_iter();
                    let classes = offers.map(|(key, offer)| (key, FixRiskClass::of_offer(&offer))).collect();
                    self.event(AppEvent::Message(BackendMessage::RisksAssessed { paths, classes }));
                }
                AppEffect::Ask(BackendRequest::FindPairs(PairSubject { path, object, container })) => {
                    let sheet = find_pairs(&self.engine, &path, &object, container.as_deref());
                    self.event(AppEvent::Message(BackendMessage::PairsFound(sheet.map(Box::new))));
                }
                AppEffect::AwaitQuiet => self.event(AppEvent::QuietReached),
                AppEffect::Ask(BackendRequest::Walk(id)) => {
                    let walk = walkthrough::compute_walk(
                        &self.engine,
                        id.as_ref(),
                        &std::collections::BTreeMap::new(),
                    );
                    self.event(AppEvent::Message(BackendMessage::WalkUpdated(Box::new(walk))));
                }
                _ => {}
            }
        }
    }

    pub(crate) fn buffer(&mut self) -> Buffer {
        self.buffer_in(&ColourTheme::by_name("dark", TerminalFeatures::default()))
    }

    pub(crate) fn buffer_in(&mut self, theme: &ColourTheme) -> Buffer {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.state.scroll_limits =
            ui::draw_screen(&mut buffer, &self.state, theme, &mut Highlighter::default());
        buffer
    }
}

/// Promise 1 as the screen sees it: whatever is selected, what is in view is a diff, or the reason why there is none.
#[test]
fn every_row_of_the_demo_shows_a_diff_or_a_reason() {
    let mut demo = Demo::new(120, 40);
    let rows = demo.state.findings_list.rows.len();
    assert!(rows > 4, "{rows}");
    let mut plans = 0;
    for _ in 0..rows {
        let drawn = crate::stage::text(&demo.buffer());
        let (added, removed) = demo.state.preview.count_changes();
        let plan = demo.state.preview.writable_plan().is_some();
        assert_eq!(drawn.contains(&format!("  +{added} -{removed}")), plan, "{drawn}");
        plans += usize::from(plan);
        demo.keys("j");
    }
    assert!(plans > rows / 2, "{plans} of {rows} rows have a fix");
}

#[test]
fn wide_fixes_leave_default_bounds_out_unless_their_rule_is_what_was_chosen() {
    let bounded = |rule: &str| rule.starts_with("missing-memory") || rule.starts_with("missing-cpu");
    let select_bound = |demo: &mut Demo| {
        for _ in 0..200 {
            let is_bound = demo.state.current_finding().is_some_and(|entry| bounded(entry.key.rule));
            if is_bound && demo.state.is_single_finding() {
                return;
            }
            demo.keys("l j");
        }
        panic!("no bound is missing");
    };
    for row in ["F F", "F r"] {
        let mut demo = Demo::new(160, 50);
        select_bound(&mut demo);
        let scope = demo.state.keys_in_scope(StageScope::All);
        assert!(scope.len() > 1 && !scope.iter().any(|key| bounded(key.rule)), "{scope:?}");
        demo.keys(row);
        for _ in 0..200 {
            demo.buffer();
            demo.keys("n");
        }
        demo.keys("W");
        let deploy = std::fs::read_to_string(demo.folder.path().join("tides/deploy.yaml")).unwrap();
        assert_eq!(
            deploy.contains("128Mi") || deploy.contains("64Mi") || deploy.contains("cpu:"),
            row != "F F"
        );
    }
}
