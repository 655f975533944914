//! Knows where package managers keep their caches, what fills them and what cleans them, for `uncleaned-package-cache`.

use std::collections::BTreeMap;

use super::package_calls::{PackageCall, PackageManager, package_call};
use super::run_edits::{RunInstruction, run_instructions};
use crate::base::at_or_below;
use crate::dockerfile::shell::{Invocation, SimpleCommand};
use crate::dockerfile::{VariableScope, VariableValue};
use crate::project::image_homes::home_at;
use crate::rules::DockerfileView;

/// One cache of a package manager.
pub(super) struct PackageCache {
    /// The folders of which it has one. None where that depends on a home that is not known.
    pub(super) folders: Option<Vec<String>>,
    /// The end of its path, whatever the home.
    pub(super) path_end: &'static str,
    kind: CacheKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CacheKind {
    /// apt's lists of packages.
    AptLists,
    /// apt's packages, once the image's own setting no longer removes them.
    AptArchives,
    Other,
}

impl PackageCache {
    fn at_folders(kind: CacheKind, folders: &[&str]) -> Self {
        Self { folders: Some(folders.iter().map(|&folder| folder.to_owned()).collect()), path_end: "", kind }
    }
}

/// The caches that a call may fill.
pub(super) fn find_caches(
    run: &RunInstruction<'_>,
    index: usize,
    call: &PackageCall<'_>,
) -> Vec<PackageCache> {
    let other = |folders: &[&str]| vec![PackageCache::at_folders(CacheKind::Other, folders)];
    match call.manager {
        PackageManager::Apt => vec![
            PackageCache::at_folders(CacheKind::AptLists, &["/var/lib/apt/lists"]),
            PackageCache::at_folders(CacheKind::AptArchives, &["/var/cache/apt/archives"]),
        ],
        PackageManager::Apk => other(&["/var/cache/apk", "/etc/apk/cache"]),
        PackageManager::Dnf => other(&["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"]),
        PackageManager::Zypper => other(&["/var/cache/zypp"]),
        PackageManager::Pip => {
            let folders = pip_cache(run, index, call).map(|folder| vec![folder]);
            vec![PackageCache { folders, path_end: "/.cache/pip", kind: CacheKind::Other }]
        }
    }
}

/// pip's cache: its option, its variable, the folder for caches, the home. None where it is not known.
fn pip_cache(run: &RunInstruction<'_>, index: usize, call: &PackageCall<'_>) -> Option<String> {
    let own = call.invocation.option_value(&["--cache-dir"]).map(str::to_owned);
    let set = |name: &str| match variable_at(run, index, name) {
        VariableValue::Set(value) if !value.is_empty() => Some(Some(value)),
        VariableValue::Unset => Some(None),
        _ => None,
    };
    if let Some(folder) = own.map(Some).or_else(|| set("PIP_CACHE_DIR")) {
        return folder.filter(|folder| !folder.contains('$'));
    }
    let caches = match set("XDG_CACHE_HOME") {
        Some(folder) => folder?,
        None => match set("HOME") {
            Some(home) => format!("{}/.cache", home?.trim_end_matches('/')),
            None => format!("{}/.cache", home_at(run.view.scripts, run.instruction)?.trim_end_matches('/')),
        },
    };
    Some(format!("{}/pip", caches.trim_end_matches('/'))).filter(|folder| !folder.contains('$'))
}

/// The value of a variable for one command: what stands before it, what is exported earlier in the RUN, else what the
/// Dockerfile sets.
fn variable_at(run: &RunInstruction<'_>, index: usize, name: &str) -> VariableValue {
    let earlier = run.script.commands[..=index].iter().rev().flat_map(|command| {
        let exported = command.called_program().filter(|call| call.name() == "export");
        let own = command.span == run.script.commands[index].span || command.words.is_empty();
        let assigned = command.assignments.iter().filter(move |_| own);
        assigned.chain(exported.into_iter().flat_map(Invocation::arguments))
    });
    let here = earlier.filter_map(|word| word.text.strip_prefix(name)?.strip_prefix('=')).next();
    here.map_or_else(|| run.variable_value(name), |value| VariableValue::Set(value.to_owned()))
}

/// True when a call leaves something behind in the cache.
pub(super) fn fills_cache(
    (run, index): (&RunInstruction<'_>, usize),
    call: &PackageCall<'_>,
    cache: &PackageCache,
    archives: &KeptArchives,
) -> bool {
    match call.manager {
        PackageManager::Apt if cache.kind == CacheKind::AptArchives => {
            call.installs() && call.invocation.name() == "apt-get" && archives.are_kept_at(run, index)
        }
        PackageManager::Apt => call.refreshes(),
        PackageManager::Apk => {
            let fetches =
                ["no-cache", "no-network"].iter().all(|flag| call.invocation.find_flag(None, flag).is_none());
            call.installs() && fetches
        }
        PackageManager::Dnf => call.installs() || call.refreshes(),
        PackageManager::Zypper => call.installs() || call.refreshes() || call.upgrades(),
        PackageManager::Pip => {
            call.installs()
                && call.invocation.find_flag(None, "no-cache-dir").is_none()
                && !pip_keeps_none(run, index)
        }
    }
}

/// Where each stage first takes away the setting by which Debian's and Ubuntu's images remove each package after its install
/// (`/etc/apt/apt.conf.d/docker-clean`): by stage the instruction and the command.
pub(super) struct KeptArchives(BTreeMap<usize, (usize, usize)>);

impl KeptArchives {
    pub(super) fn read(view: &DockerfileView<'_>) -> Self {
        let mut kept = BTreeMap::new();
        // Hardly any file does.
        if view.text.contains("docker-clean") {
            for run in run_instructions(view) {
                let removing = run.script.commands.iter().position(removes_setting);
                if let (Some(stage), Some(command)) = (run.instruction.stage, removing) {
                    kept.entry(stage).or_insert((run.instruction.index, command));
                }
            }
        }
        Self(kept)
    }

    /// True where that is before a command.
    fn are_kept_at(&self, run: &RunInstruction<'_>, index: usize) -> bool {
        let stage = run.instruction.stage.and_then(|stage| run.view.file.stages.get(stage));
        let Some(stage) = stage.filter(|_| !self.0.is_empty()) else { return false };
        let mut removed = run.view.file.stage_chain(stage).filter_map(|stage| self.0.get(&stage.index));
        removed.any(|place| *place < (run.instruction.index, index))
    }
}

fn removes_setting(command: &SimpleCommand) -> bool {
    command.effective_invocation().is_some_and(|call| {
        let removes = matches!(call.name(), "rm" | "unlink" | "mv");
        removes && call.arguments().iter().any(|word| word.text.ends_with("/docker-clean"))
    })
}

/// True when `PIP_NO_CACHE_DIR` turns the cache off.
fn pip_keeps_none(run: &RunInstruction<'_>, index: usize) -> bool {
    let says_yes = |value: &str| {
        !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "off" | "no" | "false" | "n" | "f")
    };
    matches!(variable_at(run, index, "PIP_NO_CACHE_DIR"), VariableValue::Set(value) if says_yes(&value))
}

/// True when a command after it, in the same RUN, takes the cache away.
pub(super) fn is_cleaned(
    run: &RunInstruction<'_>,
    index: usize,
    call: &PackageCall<'_>,
    cache: &PackageCache,
) -> bool {
    run.script.commands[index + 1..].iter().any(|command| {
        let Some(later) = command.effective_invocation() else { return false };
        let removes = matches!(later.name(), "rm" | "find" | "truncate" | "unlink");
        let cleans = package_call(command).is_some_and(|later| {
            let same = later.manager == call.manager
                && (call.manager != PackageManager::Dnf || later.invocation.name() == call.invocation.name());
            let verb = later.verb.text.as_str();
            same && match call.manager {
                PackageManager::Apt if cache.kind == CacheKind::AptArchives => {
                    matches!(verb, "clean" | "autoclean" | "dist-clean" | "distclean")
                }
                PackageManager::Apt => matches!(verb, "dist-clean" | "distclean"),
                PackageManager::Apk | PackageManager::Pip => verb == "cache",
                PackageManager::Dnf => verb == "clean",
                PackageManager::Zypper => matches!(verb, "clean" | "cc"),
            }
        });
        removes && later.arguments().iter().any(|word| removes_cache(&word.text, cache)) || cleans
    })
}

/// True for a path at the cache, above it but no system folder, or in it.
fn removes_cache(path: &str, cache: &PackageCache) -> bool {
    let whole = |text: &str| matches!(text.trim_end_matches(['/', '*']), "/var/cache" | "/var/lib");
    if path.starts_with("/var/lib/{") || path.starts_with("/var/cache/{") {
        return cache.folders.iter().flatten().any(|folder| folder.starts_with(&path[..path.len().min(9)]));
    }
    let own_home = ["~", "$HOME", "${HOME}"].iter().any(|home| {
        path.strip_prefix(home)
            .is_some_and(|rest| cache.path_end.starts_with("/.cache") && rest.starts_with("/.cache"))
    });
    let gone = path.trim_end_matches(['/', '*']);
    let at = |folder: &String| {
        at_or_below(gone, folder)
            || at_or_below(folder, gone)
                && (gone.matches('/').count() > 1 || whole(path) && path != "/var/lib/")
    };
    let unknown_home = || cache.folders.is_none() && gone.contains("/.cache");
    own_home || unknown_home() || cache.folders.iter().flatten().any(at)
}

/// True when a RUN mounts a cache at one of the folders or above it.
pub(super) fn is_mounted(run: &RunInstruction<'_>, cache: &PackageCache) -> bool {
    let scope = VariableScope::at_instruction(run.view.text, run.view.file, run.instruction.index);
    let mounts = run.instruction.flags.iter().filter(|flag| flag.name == "mount");
    mounts.map(|flag| scope.expand_flag(run.view.text, flag).text).any(|mount| {
        let fields: Vec<(&str, &str)> = mount.split(',').filter_map(|f| f.split_once('=')).collect();
        let is = |name: &str, value: &str| fields.contains(&(name, value));
        let target = fields.iter().find(|(key, _)| matches!(*key, "target" | "dst" | "destination"));
        let covers = |target: &str| {
            let target = target.trim_end_matches('/');
            match &cache.folders {
                Some(folders) => folders.iter().any(|folder| at_or_below(folder, target)),
                None => target.ends_with(cache.path_end) || target.ends_with("/.cache"),
            }
        };
        (is("type", "cache") || is("type", "tmpfs")) && target.is_some_and(|(_, target)| covers(target))
    })
}
