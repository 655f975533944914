//! The seam between the screen and the work: what the screen asks for, and what it is told.

use std::collections::BTreeSet;

use super::registry_lookup::{LookupProgress, LookupResult};
use crate::audit::AuditUpdate;
use crate::audit::PinnedImage;
use crate::finding::FindingKey;
use crate::fix::{FixPlan, RequiredValue};
use crate::image::Reference;
use crate::image::registry::DigestStatus;
use crate::repo::RelPath;
use crate::settings::{ImagePin, ResourceDefaults};
use crate::walkthrough::{AppId, Chapter, WalkOverview};

/// What does the work: it audits, plans, writes and takes back. It lives on a thread of its own and is given one
/// request at a time, so it needs no locks; what takes long may reply as often as it has something to show.
pub trait AppBackend: Send {
    fn handle_request(&mut self, request: BackendRequest, reply: &dyn Fn(BackendMessage));
}

/// What is asked of the backend: by the screen, and by the watcher.
#[derive(Clone, Debug, PartialEq)]
pub enum BackendRequest {
    /// Audit everything anew. Answered by any number of `Scanning` and `Updated`, then `Scanned`. Every update is taken
    /// in whole, so files come in batches, not one by one.
    Scan,
    /// Everything may have changed on disk: look at all of it again. Answered as `Scan` is.
    Rescan,
    /// These files changed, came or went on disk. Answered by `Updated` when anything about them did.
    PathsChanged(Vec<RelPath>),
    /// Make the fix of these findings, and prove it. Answered by `Planned` with the same generation, and by `Missing`
    /// where it lacks what a person can say. Of several that wait, only the latest is handed on.
    Plan { generation: u64, keys: Vec<FindingKey> },
    /// Nobody waits for plans of older generations any more. Not answered.
    StopPlanning { generation: u64 },
    /// Write a plan, exactly. Answered by `Written` or `Refused`; in both cases the files are audited afresh and an
    /// `Updated` follows.
    Write(FixPlan),
    /// Take the last write back. Answered by `Undone` or `Refused`, then `Updated`.
    Undo,
    /// Make the write again that was taken back last. Answered by `Redone` or `Refused`, then `Updated`.
    Redo,
    /// Write the comment that allows a finding, with the reason. Answered like `Write`.
    Suppress { key: FindingKey, reason: String },
    /// Tell how the walk of an app stands, or with none which apps there are. Answered by `Walk`.
    Walk(Option<AppId>),
    /// Keep the reason for which a chapter is skipped; without one, forget it. Answered by `Walk`.
    SkipChapter { id: AppId, chapter: Chapter, reason: Option<String> },
    /// Take a value of the person's own for what the app's chapters write. Answered by `Walk`.
    SetWalkValue { id: AppId, choice: WalkChoice },
    /// Save what came of an app's walk as a new file in the current folder. Answered by `Notice` or `Refused`.
    SaveResults { id: AppId, text: String },
    /// Take a person's word for as whom an image runs. Not answered: whoever says it asks for its plan again.
    SetImageUser { image: String, uid: u32, gid: u32 },
    /// Ask the registries of these images, beside everything else that is done. Answered by any number of `Looking`,
    /// then `Looked` with the same id; by nothing more once it is stopped. What was said counts for every plan from
    /// then on.
    LookUpImages { id: u64, images: Vec<Reference>, mode: LookupMode },
    /// Tell which images are pinned by a digest. Answered by `Pins`; nobody is asked.
    ListPins { id: u64 },
    /// Ask registries what has become of these pinned images, as `Look` does. Answered by `Looking`, then `Checked`.
    CheckPins { id: u64, images: Vec<Reference> },
    /// Make the fix that writes these digests in the place of those that the references have. Answered like `Plan`.
    Repin { generation: u64, digests: Vec<(Reference, String)> },
    /// Nobody waits for registries any more.
    StopLookup,
    /// Of the tags that have an image's digest take this one; none to keep its own.
    PreferTag { image: Reference, tag: Option<String> },
    /// Stop reacting to changes on disk, or go on and catch up. Answered by `Watching`.
    Pause(bool),
}

impl BackendRequest {
    /// Of a plan, or of there being none: which question it is. Those before it are of no more use to anybody.
    #[must_use]
    pub const fn generation(&self) -> Option<u64> {
        match self {
            Self::Plan { generation, .. }
            | Self::StopPlanning { generation }
            | Self::Repin { generation, .. } => Some(*generation),
            _ => None,
        }
    }
}

/// Who may be asked about images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupMode {
    /// Nobody: only what was said lately counts. What is not known is missing in the answer.
    CachedOnly,
    /// Registries, about what they have not said lately.
    AskUnknown,
    /// Registries, about all of it.
    AskAll,
}

/// A value that a person chose in the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkChoice {
    User {
        key: String,
        uid: u32,
        gid: u32,
    },
    Resources(ResourceDefaults),
    WritablePaths {
        container: String,
        paths: Vec<String>,
    },
    /// By the reference as the files have it.
    Image {
        reference: String,
        pin: ImagePin,
    },
}

/// What the backend and the watcher tell the screen.
#[derive(Clone, Debug)]
pub enum BackendMessage {
    /// So many of so many files are read.
    ScanProgress {
        done: usize,
        total: usize,
    },
    /// What an audit changed. During a scan there may be several.
    AuditUpdated(AuditUpdate),
    /// All that `Scan` asked for is in.
    ScanFinished,
    PlanFinished {
        generation: u64,
        plan: Result<FixPlan, String>,
    },
    ValueRequired {
        generation: u64,
        required: RequiredValue,
    },
    /// A fix is on disk: its title, and the files it wrote.
    FixWritten {
        title: String,
        files: Vec<RelPath>,
    },
    /// The last fix is taken back; the files it had written.
    FixUndone {
        files: Vec<RelPath>,
    },
    /// What was taken back is made again; the files it wrote.
    FixRedone {
        files: Vec<RelPath>,
    },
    /// Nothing was written, and why.
    WriteRefused {
        reason: String,
    },
    /// So many of so many images are answered.
    LookupProgress {
        id: u64,
        progress: LookupProgress,
    },
    /// What registries said.
    LookupFinished {
        id: u64,
        results: Vec<(Reference, LookupResult)>,
        other_hosts: BTreeSet<String>,
    },
    /// The images that are pinned.
    PinsListed {
        id: u64,
        pins: Vec<PinnedImage>,
    },
    /// What has become of pinned images, in the order in which they were asked about.
    PinCheckFinished {
        id: u64,
        results: Vec<Result<DigestStatus, String>>,
        other_hosts: BTreeSet<String>,
    },
    /// How the walk stands.
    WalkUpdated(Box<WalkOverview>),
    WatchChanged(WatchStatus),
    /// Something the user should know: a sentence.
    Notice(String),
}

/// How changes on disk are noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WatchStatus {
    /// Not yet, or not at all.
    #[default]
    Off,
    /// The system says when something changes.
    Events,
    /// The known files are looked at every so often; why.
    Polling(String),
    Paused,
}
