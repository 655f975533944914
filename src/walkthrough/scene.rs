//! What the evidence of an app is computed from: its files, who its program runs as, and what it runs.

use super::AppId;
use crate::audit::{Engine, Meaning};
use crate::dockerfile::shell::Scripts;
use crate::dockerfile::{Command, Dockerfile, Stage};
use crate::image::{self, Family};
use crate::manifest::Role;
use crate::manifest::model::Lenient;
use crate::repo::RelPath;
use crate::rules::{BuildFacts, ContainerView, ImageUser, PodView, Repository, Who, accounts};
use crate::text::Source;

/// An app's files, ready to be asked.
pub(super) struct Scene<'a> {
    pub engine: &'a Engine,
    /// The Dockerfiles that build its images; one alone most often.
    pub builds: Vec<Build<'a>>,
    pub workload: Option<Workload<'a>>,
}

/// A Dockerfile of the app.
#[derive(Clone)]
pub(super) struct Build<'a> {
    pub path: RelPath,
    pub source: &'a Source,
    pub file: &'a Dockerfile,
    pub facts: BuildFacts,
    /// As whom it should run.
    pub who: Option<Who>,
}

/// The pod of the app.
#[derive(Clone, Copy)]
pub(super) struct Workload<'a> {
    pub source: &'a Source,
    pub view: PodView<'a>,
}

impl<'a> Scene<'a> {
    /// None where the app's file is gone or cannot be read.
    pub(super) fn of(engine: &'a Engine, id: &'a AppId) -> Option<Self> {
        let workload = match &id.workload {
            Some((path, object)) => Some(workload(engine, path, object)?),
            None => None,
        };
        let mut paths: Vec<RelPath> = id.dockerfile.iter().cloned().collect();
        for container in workload.iter().flat_map(|workload| workload.view.containers()) {
            if let Some(link) = engine.repository().link(container)
                && !paths.contains(&link.dockerfile)
            {
                paths.push(link.dockerfile.clone());
            }
        }
        let builds: Vec<Build<'_>> = paths.into_iter().filter_map(|path| build(engine, path)).collect();
        (workload.is_some() || !builds.is_empty()).then_some(Self { engine, builds, workload })
    }

    pub(super) fn repository(&self) -> Repository<'a> {
        self.engine.repository()
    }

    /// The app's files, the Dockerfiles first as in the article.
    pub(super) fn files(&self) -> impl Iterator<Item = (&RelPath, &'a Source)> {
        let builds = self.builds.iter().map(|build| (&build.path, build.source));
        builds.chain(self.workload.iter().map(|workload| (workload.view.path, workload.source)))
    }

    /// The container that the chapters tell of: the first one that stays.
    pub(super) fn main(&self) -> Option<ContainerView<'a>> {
        let view = self.workload?.view;
        let main = view.containers().find(|container| container.container.role == Role::Main);
        main.or_else(|| view.containers().next())
    }

    /// The Dockerfile of that container; the app's own where there is no container.
    pub(super) fn build(&self) -> Option<&Build<'a>> {
        match self.main() {
            None => self.builds.first(),
            Some(main) => {
                let link = self.repository().link(main)?;
                self.builds.iter().find(|build| build.path == link.dockerfile)
            }
        }
    }

    /// Whether the pod runs on Windows, where most chapters have nothing to say.
    pub(super) fn is_windows(&self) -> bool {
        self.workload.is_some_and(|workload| workload.view.is_windows())
    }

    /// Who the image alone starts as: the uid, and the gid.
    pub(super) fn image_user(&self) -> (Option<u32>, Option<u32>) {
        match self.build().map(|build| &build.facts.user) {
            Some(ImageUser::Number { uid, gid }) => (Some(*uid), Some(gid.unwrap_or(0))),
            Some(ImageUser::Name { uid, .. }) => (*uid, *uid),
            _ => (None, None),
        }
    }

    /// Who the program runs as in the pod: the uid, and the gid.
    pub(super) fn user(&self) -> (Option<u32>, Option<u32>) {
        let (uid, gid) = self.image_user();
        let Some(main) = self.main() else { return (uid, gid) };
        let pod = main.pod.pod;
        let of = |id: Option<&i64>| id.and_then(|id| u32::try_from(*id).ok());
        let own = of(pod.run_as_user(main.container).get());
        let group = of(pod.run_as_group(main.container).get());
        // Without a group of its own a numbered user has that of its account, else root's.
        (own.or(uid), group.or(if own.is_some() && own != uid { Some(0) } else { gid }))
    }

    /// As whom it is to run once the chapters are done.
    pub(super) fn wanted(&self) -> Option<(u32, u32)> {
        let who = self.build().and_then(|build| build.who).map(|who| (who.uid, who.gid));
        who.or_else(|| {
            let named = self.main()?.image().and_then(|image| image::Reference::parse(image).ok())?;
            let chosen = self.engine.settings().chosen.users.get(&named.name()).copied();
            chosen.or_else(|| image::known::of(&named)?.runs_as())
        })
    }

    /// The name that the container's own account file gives to the uid.
    pub(super) fn account(&self, uid: u32) -> Option<String> {
        if uid == 0 {
            return Some("root".to_owned());
        }
        let build = self.build()?;
        let stage = build.file.final_stage()?;
        let named = match &build.facts.user {
            ImageUser::Name { name, .. } => Some(name.clone()),
            _ => None,
        };
        let names = named.into_iter().chain(["app".to_owned()]);
        let number = |name: &String| {
            accounts::account(&Scripts::new(build.source.text(), build.file), stage, name)
                .map(|account| account.uid)
        };
        names.into_iter().find(|name| number(name) == Some(accounts::Number::Written(uid)))
    }

    pub(super) fn family(&self) -> Family {
        let of = |build: &Build<'_>| {
            build.file.final_stage().map(|stage| accounts::base(build.file, stage).family)
        };
        self.build().and_then(of).unwrap_or_else(|| {
            let image = self.main().and_then(ContainerView::image);
            let image = image.and_then(|image| image::Reference::parse(image).ok());
            image.map_or(Family::Unknown, |image| image::Base::of(&image).family)
        })
    }

    /// The program's command line, as near as the files tell.
    pub(super) fn program(&self) -> String {
        if let Some(main) = self.main() {
            let words = |list: &crate::manifest::model::List<String>| {
                list.each().map(|(_, word)| word.clone()).collect::<Vec<_>>()
            };
            let model = &main.container.model;
            let own = [words(&model.command), words(&model.args)].concat();
            if !model.command.is_absent() && !own.is_empty() {
                return one_line(&own.join(" "));
            }
        }
        let build = self.build().and_then(|build| Some((build, build.file.final_stage()?)));
        let said = build.map(|(build, stage)| said(build, stage)).unwrap_or_default();
        if said.is_empty() { "(the image's own program)".to_owned() } else { one_line(&said) }
    }

    /// The workload as kubectl names it: `deployment/tides`.
    pub(super) fn target(&self) -> Option<String> {
        let object = self.workload?.view.object;
        Some(format!("{}/{}", object.kind.to_lowercase(), object.name.as_deref()?))
    }

    /// Whether the main container's root filesystem is read-only.
    pub(super) fn is_read_only(&self) -> bool {
        let context = |main: ContainerView<'_>| {
            main.container.model.security_context.field(|context| &context.read_only_root_filesystem)
        };
        self.main().is_some_and(|main| context(main) == Lenient::Value(true))
    }
}

fn said(build: &Build<'_>, stage: &Stage) -> String {
    let words = |index| {
        let command = build.file.instruction(index).and_then(|instruction| instruction.command());
        match command {
            Some(Command::Shell(span)) => {
                let line = span.of(build.source.text());
                // A single command may take the shell's place, as busybox's lets it; several never do.
                if line.contains(['|', '&', ';', '<', '>', '(', '`']) {
                    format!("/bin/sh -c {line}")
                } else {
                    line.to_owned()
                }
            }
            Some(Command::Exec(words)) => {
                words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
            }
            None => String::new(),
        }
    };
    let (entrypoint, cmd) = (words(stage.in_effect.entrypoint), words(stage.in_effect.cmd));
    format!("{entrypoint} {cmd}").trim().to_owned()
}

/// A command of several lines as the builder joins them: without the comments and the continuations.
pub(super) fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(|line| line.trim_end_matches(['\\', '`']).split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

fn workload<'a>(engine: &'a Engine, path: &'a RelPath, object: &str) -> Option<Workload<'a>> {
    let (source, Meaning::Manifest(manifest)) = engine.file(path)? else { return None };
    let documents = manifest.documents.iter().enumerate();
    let mut views = documents.flat_map(|(at, document)| {
        document.pods.iter().enumerate().filter_map(move |(nth, pod)| {
            let object = document.objects.get(pod.object)?;
            let patch = engine.index().is_patch(path, at);
            let settings = engine.settings();
            Some(PodView { path, document, at: (at, nth), object, pod, patch, settings })
        })
    });
    let view = views.find(|view| !view.patch && view.object.label() == object)?;
    Some(Workload { source, view })
}

fn build(engine: &Engine, path: RelPath) -> Option<Build<'_>> {
    let (source, Meaning::Build(file)) = engine.file(&path)? else { return None };
    let who = engine.repository().who(&path);
    Some(Build { facts: BuildFacts::of(source.text(), file), path, source, file, who })
}
