//! Gathers an app's files, user and program, from which its evidence is computed.

use super::AppId;
use super::image_tools::ImageTools;
use super::run_users::{RunUser, account_group, image_user, pod_user};
use super::walk_app::chart_placements;
use crate::audit::{AuditEngine, FileContent};
use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{BuildStage, CommandForm, Dockerfile};
use crate::finding::Finding;
use crate::image::{self, DistroFamily};
use crate::kubernetes::ContainerRole;
use crate::needs::pod::find_token_volumes;
use crate::project::{DockerfileFacts, ImageUser, RepositoryView, image_accounts};
use crate::repo::RelPath;
use crate::rules::{ContainerView, PodView};
use crate::text::SourceText;
use crate::yaml::Lenient;

/// An app's files, ready to be queried.
pub(super) struct WalkContext<'a> {
    pub engine: &'a AuditEngine,
    /// The Dockerfiles that build its images; one alone most often.
    pub dockerfiles: Vec<AppDockerfile<'a>>,
    pub workload: Option<AppWorkload<'a>>,
}

/// A Dockerfile of the app.
#[derive(Clone)]
pub(super) struct AppDockerfile<'a> {
    pub path: RelPath,
    pub source: &'a SourceText,
    pub file: &'a Dockerfile,
    pub facts: DockerfileFacts,
}

/// The pod of the app.
#[derive(Clone, Copy)]
pub(super) struct AppWorkload<'a> {
    pub view: PodView<'a>,
    /// The folder of the chart that renders it, where one does.
    pub chart: Option<&'a RelPath>,
}

impl<'a> WalkContext<'a> {
    /// None where the app's file is gone or cannot be read.
    pub(super) fn from_app(engine: &'a AuditEngine, id: &'a AppId) -> Option<Self> {
        let workload = match &id.workload {
            Some((path, object)) => Some(find_workload(engine, path, object)?),
            None => None,
        };
        let mut paths: Vec<RelPath> = id.dockerfile.iter().cloned().collect();
        for container in workload.iter().flat_map(|workload| workload.view.containers()) {
            if let Some(link) = engine.repository().link_of_key(&container.key())
                && !paths.contains(&link.dockerfile)
            {
                paths.push(link.dockerfile.clone());
            }
        }
        let builds: Vec<AppDockerfile<'_>> =
            paths.into_iter().filter_map(|path| find_dockerfile(engine, path)).collect();
        (workload.is_some() || !builds.is_empty()).then_some(Self { engine, dockerfiles: builds, workload })
    }

    pub(super) fn repository(&self) -> RepositoryView<'a> {
        self.engine.repository()
    }

    /// The app's files, the Dockerfiles first as in the walk.
    pub(super) fn files(&self) -> impl Iterator<Item = (&RelPath, &'a SourceText)> {
        let builds = self.dockerfiles.iter().map(|build| (&build.path, build.source));
        let chart = self.workload.and_then(|workload| workload.chart);
        let plain =
            self.workload.filter(|workload| workload.chart.is_none()).map(|workload| workload.view.path);
        let parts = chart.into_iter().flat_map(|folder| self.engine.chart_files(folder));
        let sources = plain.into_iter().chain(parts);
        builds.chain(sources.filter_map(|path| Some((path, self.engine.source(path)?))))
    }

    /// True for a finding of the app: of its Dockerfiles, where `builds` are asked for, or of its workload.
    pub(super) fn is_about(&self, path: &RelPath, finding: &Finding, (builds, pods): (bool, bool)) -> bool {
        if self.dockerfiles.iter().any(|build| build.path == *path) {
            return builds;
        }
        let object = self.workload.map(|workload| workload.view.object.label());
        pods && match finding.placements.as_deref().and_then(chart_placements) {
            Some(placements) => placements.iter().any(|placed| placed.object.as_deref() == object.as_deref()),
            None => finding.subject.object.as_deref() == object.as_deref(),
        }
    }

    /// The container that the chapters are about: the first one that stays.
    pub(super) fn main_container(&self) -> Option<ContainerView<'a>> {
        let view = self.workload?.view;
        let main = view.containers().find(|container| container.container.role == ContainerRole::Main);
        main.or_else(|| view.containers().next())
    }

    /// The Dockerfile of that container; the app's own where there is no container.
    pub(super) fn main_dockerfile(&self) -> Option<&AppDockerfile<'a>> {
        match self.main_container() {
            None => self.dockerfiles.first(),
            Some(main) => {
                let link = self.repository().link_of_key(&main.key())?;
                self.dockerfiles.iter().find(|build| build.path == link.dockerfile)
            }
        }
    }

    /// True when the pod runs on Windows, where most chapters do not apply.
    pub(super) fn is_windows(&self) -> bool {
        self.workload.is_some_and(|workload| workload.view.is_windows())
    }

    /// The user that the image alone starts as.
    pub(super) fn image_user(&self) -> RunUser {
        let build = self.main_dockerfile();
        build.map(|build| image_user(build.source.text(), build.file, &build.facts)).unwrap_or_default()
    }

    /// The user that the program runs as in the pod.
    pub(super) fn pod_user(&self) -> RunUser {
        let image = self.image_user();
        let Some(main) = self.main_container() else { return image };
        pod_user(main.pod.pod, main.container, image, |uid| self.account_group(uid))
    }

    /// The gid of the account that the image has for a uid.
    fn account_group(&self, uid: u32) -> Option<u32> {
        let Some(build) = self.main_dockerfile() else {
            let image =
                self.main_container()?.image().and_then(|image| image::Reference::parse(image).ok())?;
            let accounts = &image::known::find_known_image(&image)?.accounts;
            return accounts.iter().find(|account| account.uid == uid).map(|account| account.gid);
        };
        account_group(&ScriptCache::new(build.source.text(), build.file), build.file, &uid.to_string())
    }

    /// The tools that the main container's image certainly has.
    pub(super) fn image_tools(&self) -> ImageTools {
        ImageTools::from_family(self.base_family())
    }

    /// The name that the container's own account file gives to the uid.
    pub(super) fn account_name(&self, uid: u32) -> Option<String> {
        if uid == 0 {
            return Some("root".to_owned());
        }
        let build = self.main_dockerfile()?;
        let stage = build.file.final_stage()?;
        let named = match &build.facts.user {
            ImageUser::Name { name, .. } => Some(name.clone()),
            _ => None,
        };
        let names = named.into_iter().chain(["app".to_owned()]);
        let number = |name: &String| {
            image_accounts::find_account(&ScriptCache::new(build.source.text(), build.file), stage, name)
                .map(|account| account.uid)
        };
        names.into_iter().find(|name| number(name) == Some(image_accounts::AccountUid::Written(uid)))
    }

    pub(super) fn base_family(&self) -> DistroFamily {
        let of = |build: &AppDockerfile<'_>| {
            build.file.final_stage().map(|stage| image_accounts::stage_base_image(build.file, stage).family)
        };
        self.main_dockerfile().and_then(of).unwrap_or_else(|| {
            let image = self.main_container().and_then(ContainerView::image);
            let image = image.and_then(|image| image::Reference::parse(image).ok());
            image.map_or(DistroFamily::Unknown, |image| image::BaseImage::from_reference(&image).family)
        })
    }

    /// The program's command line, as near as the files show.
    pub(super) fn program_line(&self) -> String {
        if let Some(main) = self.main_container() {
            let words = |list: &crate::yaml::LenientList<String>| {
                list.valid_items().map(|(_, word)| word.clone()).collect::<Vec<_>>()
            };
            let model = &main.container.model;
            let own = [words(&model.command), words(&model.args)].concat();
            if !model.command.is_absent() && !own.is_empty() {
                return join_to_one_line(&own.join(" "));
            }
        }
        let build = self.main_dockerfile().and_then(|build| Some((build, build.file.final_stage()?)));
        let said = build.map(|(build, stage)| image_command(build, stage)).unwrap_or_default();
        if said.is_empty() { "(the image's own program)".to_owned() } else { join_to_one_line(&said) }
    }

    /// The workload as kubectl names it: `deployment/tides`.
    pub(super) fn kubectl_target(&self) -> Option<String> {
        let object = self.workload?.view.object;
        Some(format!("{}/{}", object.kind.to_lowercase(), object.name.as_deref()?))
    }

    /// True when the pod has a token: by a volume, by its own word, else by its account's, else since Kubernetes mounts one
    /// (Kubernetes, "Opt out of API credential automounting"); none where the files do not tell.
    pub(super) fn mounts_token(&self) -> Option<bool> {
        let view = self.workload?.view;
        if !find_token_volumes(view.place()).is_empty() {
            return Some(true);
        }
        match &view.pod.model.automount_service_account_token {
            Lenient::Value(own) => Some(*own),
            Lenient::Wrong(_) => None,
            Lenient::Absent => {
                let account = view.pod.model.service_account_or_default()?;
                let said = self.repository().automounts_token(view.path, view.namespace(), account);
                Some(said.unwrap_or(true))
            }
        }
    }

    /// True when the main container's root filesystem is read-only.
    pub(super) fn is_read_only(&self) -> bool {
        let context = |main: ContainerView<'_>| {
            main.container.model.security_context.map_field(|context| &context.read_only_root_filesystem)
        };
        self.main_container().is_some_and(|main| context(main) == Lenient::Value(true))
    }
}

impl AppWorkload<'_> {
    /// The file that it stands in: of a chart's workload the template.
    pub(super) fn file(&self, engine: &AuditEngine) -> RelPath {
        engine.record_path(self.view.path)
    }
}

fn image_command(build: &AppDockerfile<'_>, stage: &BuildStage) -> String {
    let words = |index| {
        let command = build.file.instruction_at(index).and_then(|instruction| instruction.command_form());
        match command {
            Some(CommandForm::Shell(span)) => {
                let line = span.slice(build.source.text());
                // A single command may take the shell's place, as busybox's lets it; several never do.
                if line.contains(['|', '&', ';', '<', '>', '(', '`']) {
                    format!("/bin/sh -c {line}")
                } else {
                    line.to_owned()
                }
            }
            Some(CommandForm::Exec(words)) => {
                words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
            }
            None => String::new(),
        }
    };
    let (entrypoint, cmd) = (words(stage.environment.entrypoint), words(stage.environment.cmd));
    format!("{entrypoint} {cmd}").trim().to_owned()
}

/// A command of several lines as the builder joins them: without the comments and the continuations.
pub(super) fn join_to_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(|line| line.trim_end_matches(['\\', '`']).split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

fn find_workload<'a>(engine: &'a AuditEngine, path: &'a RelPath, object: &str) -> Option<AppWorkload<'a>> {
    let view = engine.deployed_pods(path).find(|view| !view.is_patch && view.object.label() == object)?;
    Some(AppWorkload { view, chart: engine.chart_of(path) })
}

fn find_dockerfile(engine: &AuditEngine, path: RelPath) -> Option<AppDockerfile<'_>> {
    let (source, FileContent::Dockerfile(file)) = engine.file(&path)? else { return None };
    Some(AppDockerfile { facts: DockerfileFacts::from_dockerfile(source.text(), file), path, source, file })
}
