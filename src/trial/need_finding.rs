//! Tells from a run that failed, and the part of the hardening that broke it, what the program needs.

use std::collections::BTreeSet;

use super::failure_words::{FailureClue, read_clues};
use super::hardening_parts::HardeningPart;
use super::image_contents::ImageContents;
use super::local_image::LocalImage;
use super::pod_launch::{ContainerLaunch, LaunchVolumeKind, PodLaunch};
use super::run_record::{ContainerRun, RunEnd, WrittenFolder};
use super::written_folders::ImagePath;
use crate::base::at_or_below;
use crate::needs::{NeedKind, describe_memory};

/// Ports below this one are not everybody's to listen on.
const FIRST_ORDINARY_PORT: u16 = 1024;
/// The statuses by which an engine says that a program cannot be executed, or is not found: so also where it may not be seen.
const NOT_EXECUTED: [i32; 3] = [125, 126, 127];
/// The capabilities by which root takes files over, of which programs show one after the other.
const OWNERSHIP: [&str; 3] = ["CHOWN", "FOWNER", "DAC_OVERRIDE"];
/// Those by which root becomes another user.
const USER_CHANGE: [&str; 2] = ["SETUID", "SETGID"];
/// All of a process of root that it may have given up, in the order in which each is tried without.
const ALL_DEFAULTS: [&str; 14] = [
    "CHOWN",
    "FOWNER",
    "DAC_OVERRIDE",
    "SETUID",
    "SETGID",
    "NET_BIND_SERVICE",
    "KILL",
    "SYS_CHROOT",
    "FSETID",
    "SETPCAP",
    "SETFCAP",
    "NET_RAW",
    "MKNOD",
    "AUDIT_WRITE",
];

/// A container whose run failed, beside the same container as it is.
pub(super) struct FailedRun<'a, 'e> {
    pub part: HardeningPart,
    pub failed: &'a ContainerRun,
    pub as_is: &'a ContainerRun,
    pub pod: &'a PodLaunch,
    /// As it was started when it failed.
    pub launch: &'a ContainerLaunch,
    /// As it is started today.
    pub before: &'a ContainerLaunch,
    pub image: &'a LocalImage,
    pub contents: &'a mut ImageContents<'e>,
}

/// A need with the line that shows it, where one does.
pub(super) type FoundNeed = (NeedKind, Option<String>);

impl FailedRun<'_, '_> {
    /// The needs; none where nothing tells.
    pub(super) fn find_needs(&mut self) -> Vec<FoundNeed> {
        match self.part {
            HardeningPart::Mounts => self.find_hidden_paths(),
            HardeningPart::ReadOnlyRoot => self.find_written_paths(),
            HardeningPart::User => self.find_user_needs(),
            HardeningPart::Capabilities => self.find_capabilities(),
            HardeningPart::NoNewPrivileges => vec![(NeedKind::SetUserId, self.last_line())],
            HardeningPart::Limits => self.find_memory(),
            HardeningPart::Token => vec![(NeedKind::ApiToken, self.last_line())],
            HardeningPart::SystemCalls => Vec::new(),
        }
    }

    /// The clues of its last lines; a path without a beginning is one of its working folder.
    fn clues(&self) -> Vec<(FailureClue, &str)> {
        let folder = self.launch.workdir.as_deref().unwrap_or(&self.image.workdir);
        let clues = read_clues(self.failed.lines_from_last()).into_iter();
        clues.map(|(clue, line)| (clue.in_folder(folder), line)).collect()
    }

    /// The last line, as the evidence where no other is better.
    fn last_line(&self) -> Option<String> {
        let clue = self.clues().first().map(|(_, line)| (*line).to_owned());
        clue.or_else(|| self.failed.lines_from_last().next().map(str::to_owned))
    }

    /// The paths of the build that a new volume hides.
    fn find_hidden_paths(&mut self) -> Vec<FoundNeed> {
        let is_new = |path: &str| !self.before.mounts.iter().any(|mount| mount.path == path);
        let new: Vec<String> =
            self.launch.mounts.iter().map(|mount| mount.path.clone()).filter(|path| is_new(path)).collect();
        let line = self.last_line();
        let mut needs = Vec::new();
        for path in new {
            match self.contents.look_at(&path) {
                ImagePath::FilledFolder => needs.extend(hidden_path_needs(self.as_is, &path, &line)),
                // The program needs even the empty folders that lie there.
                ImagePath::EmptyFolder if self.contents.files_at(&path).len() > 1 => {
                    needs.extend(hidden_path_needs(self.as_is, &path, &line));
                }
                _ => {}
            }
        }
        needs
    }

    /// The folders that it wrote as it is, and those that its words name.
    fn find_written_paths(&mut self) -> Vec<FoundNeed> {
        let clues: Vec<(Option<String>, String)> = self
            .clues()
            .into_iter()
            .filter_map(|(clue, line)| match clue {
                FailureClue::ReadOnly { path } => Some((path, line.to_owned())),
                _ => None,
            })
            .collect();
        let line_of = |folder: &str| {
            let named =
                clues.iter().find(|(path, _)| path.as_ref().is_some_and(|path| at_or_below(path, folder)));
            named.map(|(_, line)| line.clone())
        };
        let open =
            |folder: &WrittenFolder| !folder.is_mounted && self.launch.mount_of(&folder.folder).is_none();
        let mut needs: Vec<FoundNeed> = self
            .as_is
            .written
            .iter()
            .filter(|folder| open(folder))
            .map(|own| (folder_need(own), line_of(&own.folder)))
            .collect();
        for (path, line) in &clues {
            let Some(path) = path.as_ref().filter(|path| self.launch.mount_of(path).is_none()) else {
                continue;
            };
            let is_known =
                |need: &FoundNeed| need_path(&need.0).is_some_and(|folder| at_or_below(path, folder));
            if !needs.iter().any(is_known) {
                needs.extend(self.folder_of(path).map(|kind| (kind, Some(line.clone()))));
            }
        }
        needs
    }

    /// The need of a path that was to be written: its nearest folder that is there, or where that is shared, itself.
    fn folder_of(&mut self, path: &str) -> Option<NeedKind> {
        let (above, _) = path.rsplit_once('/').filter(|(above, _)| !above.is_empty())?;
        Some(match (self.contents.look_at(path), self.contents.look_at(above)) {
            (ImagePath::EmptyFolder, _) => NeedKind::WrittenPath(path.to_owned()),
            (ImagePath::FilledFolder, _) => NeedKind::OccupiedPath(path.to_owned()),
            (ImagePath::File, _) | (_, ImagePath::FilledFolder) => NeedKind::OccupiedPath(above.to_owned()),
            _ => NeedKind::WrittenPath(above.to_owned()),
        })
    }

    /// The needs of a user. Another than root needs its own number, and perhaps its group, and never root.
    fn find_user_needs(&mut self) -> Vec<FoundNeed> {
        let found = self.read_user_needs();
        let today = self.before.uid.or_else(|| self.image.uid());
        let Some(uid) = today.filter(|uid| *uid != 0) else { return found };
        let own = if self.launch.uid.is_some_and(|own| own != uid) {
            Some(NeedKind::AgreedUid(i64::from(uid)))
        } else {
            let group = self.before.gid.or_else(|| self.image.gid_of(uid));
            let is_other = self.launch.gid.is_some_and(|own| Some(own) != group);
            is_other.then_some(NeedKind::GroupZero)
        };
        let mut needs: Vec<FoundNeed> = Vec::new();
        for (kind, line) in found {
            let is_roots =
                matches!(kind, NeedKind::RootStart | NeedKind::RootOnlyPath(_) | NeedKind::Capability(_));
            let kind = if is_roots { own.clone() } else { Some(kind) };
            needs.extend(
                kind.filter(|kind| !needs.iter().any(|(other, _)| other == kind)).map(|kind| (kind, line)),
            );
        }
        needs
    }

    /// The needs of a user that is root today, as they are read from the end and the last words.
    fn read_user_needs(&mut self) -> Vec<FoundNeed> {
        if let RunEnd::NotStarted { status, .. } = &self.failed.end
            && NOT_EXECUTED.contains(status)
        {
            let line = Some(self.failed.end_text());
            let paths = self.program_paths();
            let is_closed = |path: &&String| self.contents.is_closed_program(path);
            let closed = paths.iter().find_map(|path| self.closed_part(path));
            let closed = closed.or_else(|| paths.iter().find(is_closed).cloned());
            return vec![(closed.map_or(NeedKind::RootStart, NeedKind::RootOnlyPath), line)];
        }
        let clues: Vec<(FailureClue, String)> =
            self.clues().into_iter().map(|(clue, line)| (clue, line.to_owned())).collect();
        let low_ports = self.as_is.ports.iter().filter(|port| **port < FIRST_ORDINARY_PORT);
        let low_port = low_ports.copied().find(|port| !self.failed.ports.contains(port));
        for (clue, line) in &clues {
            let found = match clue {
                FailureClue::LowPort => low_port.map(|port| vec![NeedKind::LowPort(port)]),
                FailureClue::Ownership => Some(root_with(&OWNERSHIP)),
                FailureClue::UserChange => Some(root_with(&USER_CHANGE)),
                FailureClue::Capability(name) => Some(root_with(&[name])),
                FailureClue::Root => Some(vec![NeedKind::RootStart]),
                FailureClue::SetUserId => Some(vec![NeedKind::SetUserId, NeedKind::RootStart]),
                FailureClue::Denied { path: Some(path) } => Some(self.denied_need(path)),
                _ => None,
            };
            if let Some(found) = found {
                return found.into_iter().map(|kind| (kind, Some(line.clone()))).collect();
            }
        }
        let line = self.last_line();
        // It may go on without its port, and say nothing.
        if let Some(port) = low_port {
            return vec![(NeedKind::LowPort(port), line)];
        }
        vec![(NeedKind::RootStart, line)]
    }

    /// The need of a path that this user may not use.
    fn denied_need(&mut self, path: &str) -> Vec<NeedKind> {
        if let Some(mount) = self.launch.mount_of(path) {
            let is_claim =
                self.pod.volume(&mount.volume).is_some_and(|volume| volume.kind == LaunchVolumeKind::Claim);
            if is_claim {
                return vec![NeedKind::KeptVolume { path: mount.path.clone(), takes_fs_group: true }];
            }
        }
        let written = self.as_is.written.iter().find(|own| at_or_below(path, &own.folder));
        match written {
            Some(own) if !own.is_filled && self.launch.mount_of(&own.folder).is_none() => {
                vec![NeedKind::WrittenPath(own.folder.clone())]
            }
            Some(own) => vec![NeedKind::RootOnlyPath(own.folder.clone())],
            None => vec![NeedKind::RootOnlyPath(self.closed_part(path).unwrap_or_else(|| path.to_owned()))],
        }
    }

    /// The folder on the way to a path which only root may enter.
    fn closed_part(&self, path: &str) -> Option<String> {
        self.contents.closed_folder_above(path)
    }

    /// Where the container's program may lie.
    fn program_paths(&self) -> Vec<String> {
        let words = [&self.launch.command, &self.image.entrypoint, &self.launch.args, &self.image.cmd];
        let Some(program) = words.iter().find_map(|words| words.first()) else { return Vec::new() };
        if program.contains('/') {
            return vec![program.clone()];
        }
        let own_path =
            self.launch.env.iter().find(|(name, _)| name == "PATH").map(|(_, value)| value.clone());
        let folders = own_path
            .map_or_else(|| self.image.search_path(), |path| path.split(':').map(str::to_owned).collect());
        let candidates = folders.iter().map(|folder| format!("{}/{program}", folder.trim_end_matches('/')));
        candidates.filter(|path| !self.contents.files_at(path).is_empty()).collect()
    }

    /// The capabilities of a process that stays root.
    fn find_capabilities(&self) -> Vec<FoundNeed> {
        if !self.launch.is_root {
            return Vec::new();
        }
        let given = |names: &[&str], line: Option<String>| -> Vec<FoundNeed> {
            let new = names.iter().filter(|name| !self.launch.added.contains(**name));
            new.map(|name| (NeedKind::Capability((*name).to_owned()), line.clone())).collect()
        };
        for (clue, line) in self.clues() {
            let names: &[&str] = match &clue {
                FailureClue::Ownership => &OWNERSHIP,
                FailureClue::Denied { .. } => &OWNERSHIP,
                FailureClue::UserChange => &USER_CHANGE,
                FailureClue::LowPort => &["NET_BIND_SERVICE"],
                FailureClue::Capability(name) => &[name],
                _ => continue,
            };
            let needs = given(names, Some(line.to_owned()));
            if !needs.is_empty() {
                return needs;
            }
        }
        // Nothing tells which: all are given back, and each that is not missed is taken away again.
        given(&ALL_DEFAULTS, self.last_line())
    }

    fn find_memory(&self) -> Vec<FoundNeed> {
        let is_killed = self.failed.lacked_memory || self.failed.end == RunEnd::Exited(137);
        let says_so = self.clues().iter().any(|(clue, _)| *clue == FailureClue::Memory);
        // A child that is ended for it may leave no more than the status of its parent.
        let is_above =
            self.launch.memory.is_some_and(|limit| self.as_is.memory.is_some_and(|seen| seen > limit));
        let Some(limit) = self.launch.memory.filter(|_| is_killed || says_so || is_above) else {
            return Vec::new();
        };
        let seen = self.as_is.memory.filter(|seen| *seen > limit / 2).unwrap_or(limit.saturating_mul(2));
        let how = if is_killed {
            "the system ended it for want of memory"
        } else if says_so {
            "it could get no more memory"
        } else {
            "it has more as it is, and does not live"
        };
        vec![(NeedKind::Memory(seen), Some(format!("{how} at {}", describe_memory(limit))))]
    }
}

/// The need of a folder that was written.
pub(super) fn folder_need(own: &WrittenFolder) -> NeedKind {
    if own.is_filled {
        NeedKind::OccupiedPath(own.folder.clone())
    } else {
        NeedKind::WrittenPath(own.folder.clone())
    }
}

/// The path of a need of one.
pub(super) fn need_path(kind: &NeedKind) -> Option<&str> {
    match kind {
        NeedKind::WrittenPath(path)
        | NeedKind::OccupiedPath(path)
        | NeedKind::FilledPath(path)
        | NeedKind::RootOnlyPath(path)
        | NeedKind::KeptVolume { path, .. } => Some(path),
        _ => None,
    }
}

/// That files of the build are needed at a path; and where that is written, too, that it needs a volume which holds them.
fn hidden_path_needs(as_is: &ContainerRun, path: &str, line: &Option<String>) -> Vec<FoundNeed> {
    let is_written = as_is.written.iter().any(|own| at_or_below(&own.folder, path));
    let occupied = is_written.then(|| NeedKind::OccupiedPath(path.to_owned()));
    std::iter::once(NeedKind::FilledPath(path.to_owned()))
        .chain(occupied)
        .map(|kind| (kind, line.clone()))
        .collect()
}

fn root_with(capabilities: &[&str]) -> Vec<NeedKind> {
    let names: BTreeSet<&str> = capabilities.iter().copied().collect();
    std::iter::once(NeedKind::RootStart)
        .chain(names.into_iter().map(|name| NeedKind::Capability(name.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL_DEFAULTS;
    use crate::kubernetes::DEFAULT_CAPABILITIES;

    #[test]
    fn every_capability_that_runtimes_give_may_be_what_is_missed() {
        assert_eq!(BTreeSet::from(ALL_DEFAULTS), BTreeSet::from(DEFAULT_CAPABILITIES));
    }
}
