//! Computes the walkthrough's state for its screens: the apps there are, and the chapters of the chosen one.

use std::collections::BTreeMap;

use super::before_after::count_rules;
use super::evidence::EvidenceLine;
use super::level_obstacles::name_level_obstacles;
use super::planned_change::PlannedChange;
use super::quote::QuotedLine;
use super::runnable_checks::{RunnableCheck, chapter_check, standing_check};
use super::walk_app::{AppId, WalkApp, list_apps};
use super::walk_context::WalkContext;
use super::walk_results::AppBefore;
use super::{Chapter, evidence};
use crate::audit::{AuditEngine, PodSecurity, pod_security};
use crate::finding::FindingKey;
use crate::repo::RelPath;
use crate::rules::ContainerView;
use crate::text::{SourceText, Span};
use crate::yaml::PathStep;

/// All apps, and the walkthrough of one.
#[derive(Clone, Debug)]
pub struct WalkOverview {
    pub apps: Vec<WalkApp>,
    pub app_walk: Option<AppWalk>,
    /// The app as it was when its walk began, where that was at an earlier time.
    pub app_before: Option<AppBefore>,
}

/// One app's chapters, as its files stand.
#[derive(Clone, Debug)]
pub struct AppWalk {
    pub id: AppId,
    pub score: Option<u8>,
    pub level: Option<PodSecurity>,
    pub pages: Vec<ChapterPage>,
    /// The app's files, the Dockerfiles first; of a chart's workload all files of the chart.
    pub files: Vec<(RelPath, SourceText)>,
    /// True where a chart renders its workload.
    pub is_of_chart: bool,
}

/// One chapter of an app.
#[derive(Clone, Debug)]
pub struct ChapterPage {
    pub chapter: Chapter,
    pub status: ChapterStatus,
    /// The exact lines: those that lack something, or those that meet the chapter.
    pub quotes: Vec<QuotedLine>,
    pub evidence: Vec<EvidenceLine>,
    /// The command that shows what its change did.
    pub check: RunnableCheck,
    /// The findings that its change fixes.
    pub finding_keys: Vec<FindingKey>,
    /// The reason why a person skipped it.
    pub skip_reason: Option<String>,
}

/// The status of a chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChapterStatus {
    /// Something is to be done.
    ToDo,
    /// Nothing is; why.
    Done(String),
    /// Nothing is found, but the files do not show enough to call it met.
    Unknown,
    /// It does not apply to this app; the reason.
    NotApplicable(String),
}

/// The walkthrough to show, computed from the audited files. `skips` are the reasons of skipped chapters.
#[must_use]
pub fn compute_walk(
    engine: &AuditEngine,
    id: Option<&AppId>,
    skips: &BTreeMap<Chapter, String>,
) -> WalkOverview {
    let apps = list_apps(engine);
    let journey = id.and_then(|id| {
        let scene = WalkContext::from_app(engine, id)?;
        let app = apps.iter().find(|app| app.id == *id);
        let files = scene.files().map(|(path, source)| (path.clone(), source.clone())).collect();
        Some(AppWalk {
            id: id.clone(),
            score: app.and_then(|app| app.score),
            level: scene.workload.map(|workload| pod_security::pod_security_level(workload.view.pod)),
            pages: Chapter::ALL.iter().map(|chapter| chapter_page(&scene, *chapter, skips)).collect(),
            files,
            is_of_chart: scene.workload.is_some_and(|workload| workload.chart.is_some()),
        })
    });
    WalkOverview { apps, app_walk: journey, app_before: None }
}

impl AppWalk {
    /// True for a file that is named in the results although nothing changed in it: of a chart's many files its template
    /// alone.
    #[must_use]
    pub fn is_own_file(&self, path: &RelPath) -> bool {
        !self.is_of_chart || self.id.workload.as_ref().is_some_and(|(own, _)| own == path)
    }

    /// The command that checks a chapter, and what it then prints.
    #[must_use]
    pub fn check_of(&self, chapter: Chapter) -> Option<&RunnableCheck> {
        self.pages.iter().find(|page| page.chapter == chapter).map(|page| &page.check)
    }
}

fn chapter_page(scene: &WalkContext<'_>, chapter: Chapter, skips: &BTreeMap<Chapter, String>) -> ChapterPage {
    let found = find_quotes(scene, chapter);
    let allowed = if found.is_empty() { allowed_rules(scene, chapter) } else { String::new() };
    let standing = match not_applicable_reason(scene, chapter) {
        Some(why) => ChapterStatus::NotApplicable(why),
        None if found.is_empty() && has_unknown(scene, chapter) => ChapterStatus::Unknown,
        None if found.is_empty() => ChapterStatus::Done(met_words(scene, chapter, &allowed)),
        None => ChapterStatus::ToDo,
    };
    let open = standing == ChapterStatus::ToDo;
    let mut cited: Vec<QuotedLine> = found.iter().map(|(cited, _)| cited.clone()).collect();
    if let ChapterStatus::Done(_) | ChapterStatus::Unknown = standing {
        cited = met_quotes(scene, chapter);
    }
    let keys: Vec<FindingKey> = found.into_iter().map(|(_, key)| key).collect();
    let change =
        (open && chapter.is_read_from_change()).then(|| PlannedChange::of_findings(scene, &keys)).flatten();
    ChapterPage {
        chapter,
        quotes: cited,
        evidence: match standing {
            ChapterStatus::NotApplicable(_) => Vec::new(),
            _ => evidence::chapter_evidence(scene, chapter, change.as_ref(), !open),
        },
        check: page_check(scene, chapter, change.as_ref(), (&standing, &allowed)),
        finding_keys: keys,
        skip_reason: skips.get(&chapter).filter(|_| open).cloned(),
        status: standing,
    }
}

/// The check of a chapter, with the answer as far as the files tell it. What is allowed, or cannot be judged, is not as the
/// chapter would have it.
fn page_check(
    scene: &WalkContext<'_>,
    chapter: Chapter,
    change: Option<&PlannedChange>,
    (status, allowed): (&ChapterStatus, &str),
) -> RunnableCheck {
    let is_read = chapter.is_read_from_change();
    let is_shown = change.is_some_and(|change| chapter != Chapter::PodSecurity || change.pod.is_some());
    let is_open = matches!(status, ChapterStatus::ToDo | ChapterStatus::Unknown);
    let words = match status {
        _ if is_read && is_open && !is_shown => return standing_check(scene, chapter),
        ChapterStatus::Unknown => "What it prints now, the files do not tell.",
        ChapterStatus::Done(_) if !allowed.is_empty() && !chapter.is_told_by_files() => {
            "Prints what is allowed, as it stands."
        }
        _ => return chapter_check(scene, chapter, change),
    };
    RunnableCheck { answer: words.to_owned(), ..chapter_check(scene, chapter, change) }
}

/// The state of a chapter with nothing left to do. What keeps a pod from the strictest level may be another's to mend.
fn met_words(scene: &WalkContext<'_>, chapter: Chapter, allowed: &str) -> String {
    let pod = scene.workload.filter(|_| chapter == Chapter::PodSecurity).map(|workload| workload.view.pod);
    match pod.and_then(name_level_obstacles) {
        Some(names) => {
            format!("Nothing is left of this chapter. Still in the way of \"restricted\": {names}.")
        }
        None if allowed.is_empty() => chapter.text().when_met.to_owned(),
        None => format!("Nothing is open; what is left is allowed: {allowed}."),
    }
}

/// The app's findings that the chapter fixes, in the order of its files.
fn find_quotes(scene: &WalkContext<'_>, chapter: Chapter) -> Vec<(QuotedLine, FindingKey)> {
    // Of a pod with one container it goes without saying which.
    let alone = scene.main_container().filter(|main| main.pod.pod.containers.len() == 1);
    let alone = alone.map(|main| format!("container `{}`", main.name()));
    let said =
        |message: &str| alone.as_ref().map_or_else(|| message.to_owned(), |name| message.replace(name, "it"));
    let mut found = Vec::new();
    for (path, source) in scene.files() {
        for (key, finding) in scene.engine.open_findings(path) {
            let is_asked = chapter.rule_ids().contains(&finding.rule);
            if is_asked && scene.is_about(path, finding, chapter.covered_files()) {
                found.push((QuotedLine::new(path, source, finding.span, said(&finding.message)), key));
            }
        }
    }
    found
}

/// The rules of the chapter whose findings somebody allowed, or a baseline holds, with their number.
fn allowed_rules(scene: &WalkContext<'_>, chapter: Chapter) -> String {
    let found = scene.files().flat_map(|(path, _)| {
        let quiet = scene.engine.findings_with_suppressions(path);
        quiet
            .filter(|(_, own, _)| scene.is_about(path, own, chapter.covered_files()))
            .map(|(_, own, _)| own.rule)
    });
    count_rules(found.filter(|rule| chapter.rule_ids().contains(rule)).collect::<Vec<_>>())
}

/// True when a rule of the chapter met something that it cannot judge.
fn has_unknown(scene: &WalkContext<'_>, chapter: Chapter) -> bool {
    let (builds, pods) = chapter.covered_files();
    let build = builds
        && scene
            .dockerfiles
            .iter()
            .any(|build| scene.engine.is_undecided(&build.path, None, chapter.rule_ids()));
    let workload = scene.workload.filter(|_| pods);
    build
        || workload.is_some_and(|workload| {
            let label = workload.view.object.label();
            scene.engine.is_undecided(&workload.file(scene.engine), Some(&label), chapter.rule_ids())
        })
}

fn not_applicable_reason(scene: &WalkContext<'_>, chapter: Chapter) -> Option<String> {
    let (builds, pods) = chapter.covered_files();
    let image = scene.main_container().and_then(ContainerView::image).unwrap_or("its image");
    match chapter {
        Chapter::Results | Chapter::Image => None,
        Chapter::Command if has_no_command(scene) => {
            Some("Its Dockerfile says no command: the base image's own is run.".to_owned())
        }
        _ if builds && scene.dockerfiles.is_empty() => Some(format!("No Dockerfile here builds `{image}`.")),
        _ if pods && scene.workload.is_none() => {
            Some("No manifest here runs what this Dockerfile builds.".to_owned())
        }
        _ if pods && scene.is_windows() => {
            Some("Its pods run on Windows, which has none of this.".to_owned())
        }
        _ => None,
    }
}

fn has_no_command(scene: &WalkContext<'_>) -> bool {
    let none = |build: &super::walk_context::AppDockerfile<'_>| {
        build
            .file
            .final_stage()
            .is_none_or(|stage| stage.environment.cmd.is_none() && stage.environment.entrypoint.is_none())
    };
    !scene.dockerfiles.is_empty() && scene.dockerfiles.iter().all(none)
}

/// The lines that meet a chapter.
fn met_quotes(scene: &WalkContext<'_>, chapter: Chapter) -> Vec<QuotedLine> {
    let mut cited = Vec::new();
    for build in &scene.dockerfiles {
        let Some(stage) = build.file.final_stage() else { continue };
        let effect = stage.environment;
        let indices = match chapter {
            Chapter::User => vec![effect.user],
            Chapter::Command => vec![effect.entrypoint, effect.cmd],
            Chapter::Image => vec![Some(stage.from_index)],
            _ => Vec::new(),
        };
        for instruction in indices.into_iter().filter_map(|index| build.file.instruction_at(index)) {
            cited.push(QuotedLine::new(&build.path, build.source, instruction.span, ""));
        }
    }
    let (Some(workload), Some(main)) = (scene.workload, scene.main_container()) else { return cited };
    let mut cite = |span: Option<Span>| {
        let place = span.map(|span| scene.engine.written_place(workload.view.path, span));
        let place = place.and_then(|(path, span)| {
            let source = scene.engine.source(&path)?;
            Some(QuotedLine::new(&path, source, span, ""))
        });
        cited.extend(place);
    };
    let pod = workload.view.pod;
    match chapter {
        Chapter::Host => {
            cite(pod.run_as_non_root(main.container).span);
            cite(pod.run_as_user(main.container).span);
            cite(pod.run_as_group(main.container).span);
        }
        Chapter::Filesystem => cite(main.field_span(&["securityContext", "readOnlyRootFilesystem"])),
        Chapter::Token => cite(pod.span_of(&[PathStep::from("automountServiceAccountToken")])),
        Chapter::Resources => {
            for (bound, what) in
                [("requests", "cpu"), ("limits", "cpu"), ("requests", "memory"), ("limits", "memory")]
            {
                cite(main.field_span(&["resources", bound, what]));
            }
        }
        Chapter::Image => cite(main.field_span(&["image"])),
        Chapter::PodSecurity => {
            cite(main.field_span(&["securityContext", "allowPrivilegeEscalation"]));
            cite(main.field_span(&["securityContext", "capabilities"]));
            cite(pod.seccomp_type(main.container).span);
        }
        Chapter::User | Chapter::Command | Chapter::Results => {}
    }
    cited
}
