//! The walk as it stands: which apps there are, and the chapters of the one that is walked.

use std::collections::BTreeMap;

use super::Chapter;
use super::app::{App, AppId, apps};
use super::choices::{Choices, choices};
use super::cited::Cited;
use super::evidence::{self, Line};
use super::results::Snapshot;
use super::scene::Scene;
use crate::audit::{Engine, PodSecurity, pod_security};
use crate::finding::{Finding, FindingKey};
use crate::manifest::Step;
use crate::repo::RelPath;
use crate::rules::ContainerView;
use crate::text::{Source, Span};

/// All apps, and the journey of one.
#[derive(Clone, Debug)]
pub struct Walk {
    pub apps: Vec<App>,
    pub journey: Option<Journey>,
    /// The app as it was when its walk began, where that was at an earlier time.
    pub before: Option<Snapshot>,
}

/// One app's chapters, as its files stand.
#[derive(Clone, Debug)]
pub struct Journey {
    pub id: AppId,
    pub score: Option<u8>,
    pub level: Option<PodSecurity>,
    pub pages: Vec<Page>,
    /// The app's files, the Dockerfiles first.
    pub files: Vec<(RelPath, Source)>,
    pub choices: Choices,
    /// What a chapter's commands call things: `{workload}`, and so on.
    names: [(&'static str, String); 6],
}

/// One chapter of an app.
#[derive(Clone, Debug)]
pub struct Page {
    pub chapter: Chapter,
    pub standing: Standing,
    /// The exact lines: those that lack something, or those that make it met.
    pub cited: Vec<Cited>,
    pub seen: Vec<Line>,
    /// The findings that its change mends.
    pub keys: Vec<FindingKey>,
    /// Why a person skipped it.
    pub skipped: Option<String>,
}

/// How a chapter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something is to be done.
    Open,
    /// Nothing is; why.
    Met(String),
    /// Nothing is found, but the files do not tell enough to call it met.
    Unknown,
    /// It has nothing to say of this app; why.
    NotApplicable(String),
}

/// What is to be shown of the walk, computed from the audited files. `skips` are the reasons of skipped chapters.
#[must_use]
pub fn walk(engine: &Engine, id: Option<&AppId>, skips: &BTreeMap<Chapter, String>) -> Walk {
    let apps = apps(engine);
    let journey = id.and_then(|id| {
        let scene = Scene::of(engine, id)?;
        let app = apps.iter().find(|app| app.id == *id);
        let files = scene.files().map(|(path, source)| (path.clone(), source.clone())).collect();
        Some(Journey {
            id: id.clone(),
            score: app.and_then(|app| app.score),
            level: scene.workload.map(|workload| pod_security::level(workload.view.pod)),
            pages: Chapter::ALL.iter().map(|chapter| page(&scene, *chapter, skips)).collect(),
            files,
            choices: choices(&scene),
            names: names(&scene),
        })
    });
    Walk { apps, journey, before: None }
}

/// What stands in a chapter's commands in place of each name.
fn names(scene: &Scene<'_>) -> [(&'static str, String); 6] {
    let namespace = scene.workload.map_or("default", |workload| workload.view.namespace());
    let number = |id: Option<u32>| id.map_or_else(|| "NUMBER".to_owned(), |id| id.to_string());
    let (uid, gid) = scene.wanted().map_or_else(|| scene.user(), |(uid, gid)| (Some(uid), Some(gid)));
    let folder = scene.build().and_then(|build| build.path.as_str().rsplit_once('/'));
    [
        ("{workload}", scene.target().unwrap_or_else(|| "POD".to_owned())),
        ("{namespace}", namespace.to_owned()),
        ("{in}", if namespace == "default" { String::new() } else { format!(" -n {namespace}") }),
        ("{uid}", number(uid)),
        ("{gid}", number(gid)),
        ("{folder}", folder.map_or(".", |(folder, _)| folder).to_owned()),
    ]
}

impl Journey {
    /// The command that checks a chapter, and what it then prints.
    #[must_use]
    pub fn check(&self, chapter: Chapter) -> (String, String) {
        let text = chapter.text();
        let build = text.build.filter(|_| self.id.workload.is_none());
        let (check, expect) = build.unwrap_or((text.check, text.expect));
        (self.named(check), self.named(expect))
    }

    /// Words of a chapter, with the app's own names in them.
    fn named(&self, words: &str) -> String {
        self.names.iter().fold(words.to_owned(), |words, (name, own)| words.replace(name, own))
    }
}

fn page(scene: &Scene<'_>, chapter: Chapter, skips: &BTreeMap<Chapter, String>) -> Page {
    let found = found(scene, chapter);
    let standing = match not_applicable(scene, chapter) {
        Some(why) => Standing::NotApplicable(why),
        None if found.is_empty() && cannot_tell(scene, chapter) => Standing::Unknown,
        None if found.is_empty() => Standing::Met(chapter.text().met.to_owned()),
        None => Standing::Open,
    };
    let open = standing == Standing::Open;
    let mut cited: Vec<Cited> = found.iter().map(|(cited, _)| cited.clone()).collect();
    if let Standing::Met(_) | Standing::Unknown = standing {
        cited = proof(scene, chapter);
    }
    let keys: Vec<FindingKey> = found.into_iter().map(|(_, key)| key).collect();
    Page {
        chapter,
        cited,
        seen: match standing {
            Standing::NotApplicable(_) => Vec::new(),
            _ => evidence::of(scene, chapter, &keys, !open),
        },
        keys,
        skipped: skips.get(&chapter).filter(|_| open).cloned(),
        standing,
    }
}

/// The app's findings that the chapter mends, in the order of its files.
fn found(scene: &Scene<'_>, chapter: Chapter) -> Vec<(Cited, FindingKey)> {
    let (builds, pods) = chapter.is_about();
    let object = scene.workload.map(|workload| workload.view.object.label());
    // Of a pod with one container it goes without saying which.
    let alone = scene.main().filter(|main| main.pod.pod.containers.len() == 1);
    let alone = alone.map(|main| format!("container `{}`", main.name()));
    let said =
        |message: &str| alone.as_ref().map_or_else(|| message.to_owned(), |name| message.replace(name, "it"));
    let mut found = Vec::new();
    for (path, source) in scene.files() {
        let manifest = scene.workload.is_some_and(|workload| workload.view.path == path);
        let concerned = |finding: &Finding| {
            chapter.rules().contains(&finding.rule)
                && if manifest {
                    pods && finding.subject.object.as_deref() == object.as_deref()
                } else {
                    builds
                }
        };
        for (key, finding) in scene.engine.open(path) {
            if concerned(finding) {
                found.push((Cited::new(path, source, finding.span, said(&finding.message)), key));
            }
        }
    }
    found
}

/// Whether a rule of the chapter met something that it cannot judge.
fn cannot_tell(scene: &Scene<'_>, chapter: Chapter) -> bool {
    let (builds, pods) = chapter.is_about();
    let build = builds
        && scene.builds.iter().any(|build| scene.engine.cannot_tell(&build.path, None, chapter.rules()));
    let label = scene.workload.map(|workload| (workload.view.path, workload.view.object.label()));
    build
        || pods
            && label
                .is_some_and(|(path, label)| scene.engine.cannot_tell(path, Some(&label), chapter.rules()))
}

fn not_applicable(scene: &Scene<'_>, chapter: Chapter) -> Option<String> {
    let (builds, pods) = chapter.is_about();
    let image = scene.main().and_then(ContainerView::image).unwrap_or("its image");
    match chapter {
        Chapter::Results | Chapter::Image => None,
        Chapter::Command if commandless(scene) => {
            Some("Its Dockerfile says no command: the base image's own is run.".to_owned())
        }
        _ if builds && scene.builds.is_empty() => Some(format!("No Dockerfile here builds `{image}`.")),
        _ if pods && scene.workload.is_none() => {
            Some("No manifest here runs what this Dockerfile builds.".to_owned())
        }
        _ if pods && scene.is_windows() => {
            Some("Its pods run on Windows, which has none of this.".to_owned())
        }
        _ => None,
    }
}

fn commandless(scene: &Scene<'_>) -> bool {
    let none = |build: &super::scene::Build<'_>| {
        build
            .file
            .final_stage()
            .is_none_or(|stage| stage.in_effect.cmd.is_none() && stage.in_effect.entrypoint.is_none())
    };
    !scene.builds.is_empty() && scene.builds.iter().all(none)
}

/// The lines that make a chapter met.
fn proof(scene: &Scene<'_>, chapter: Chapter) -> Vec<Cited> {
    let mut cited = Vec::new();
    for build in &scene.builds {
        let Some(stage) = build.file.final_stage() else { continue };
        let effect = stage.in_effect;
        let indices = match chapter {
            Chapter::User => vec![effect.user],
            Chapter::Command => vec![effect.entrypoint, effect.cmd],
            Chapter::Image => vec![Some(stage.from)],
            _ => Vec::new(),
        };
        for instruction in indices.into_iter().filter_map(|index| build.file.instruction(index)) {
            cited.push(Cited::new(&build.path, build.source, instruction.span, ""));
        }
    }
    let (Some(workload), Some(main)) = (scene.workload, scene.main()) else { return cited };
    let mut cite = |span: Option<Span>| {
        cited.extend(span.map(|span| Cited::new(workload.view.path, workload.source, span, "")));
    };
    let pod = workload.view.pod;
    match chapter {
        Chapter::Host => {
            cite(pod.run_as_non_root(main.container).span);
            cite(pod.run_as_user(main.container).span);
            cite(pod.run_as_group(main.container).span);
        }
        Chapter::Filesystem => cite(main.span_of(&["securityContext", "readOnlyRootFilesystem"])),
        Chapter::Token => cite(pod.span_of(&[Step::from("automountServiceAccountToken")])),
        Chapter::Resources => {
            for (bound, what) in
                [("requests", "cpu"), ("limits", "cpu"), ("requests", "memory"), ("limits", "memory")]
            {
                cite(main.span_of(&["resources", bound, what]));
            }
        }
        Chapter::Image => cite(main.span_of(&["image"])),
        Chapter::Beyond => {
            cite(main.span_of(&["securityContext", "allowPrivilegeEscalation"]));
            cite(main.span_of(&["securityContext", "capabilities"]));
            cite(pod.seccomp(main.container).span);
        }
        Chapter::User | Chapter::Command | Chapter::Results => {}
    }
    cited
}
