//! The seam between the screen and the work: what the screen asks for, and what it is told.

use std::collections::BTreeSet;

use super::lookup::{Progress, Said};
use crate::audit::Update;
use crate::finding::FindingKey;
use crate::fix::{Missing, PinnedImage, Plan};
use crate::image::Reference;
use crate::image::registry::DigestStatus;
use crate::repo::RelPath;
use crate::settings::{Pin, Resources};
use crate::walkthrough::{AppId, Chapter, WalkOverview};

/// What does the work: it audits, plans, writes and takes back. It lives on a thread of its own and is given one
/// request at a time, so it needs no locks; what takes long may reply as often as it has something to show.
pub trait Backend: Send {
    fn handle(&mut self, request: Request, reply: &dyn Fn(Message));
}

/// What is asked of the backend: by the screen, and by the watcher.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Audit everything anew. Answered by any number of `Scanning` and `Updated`, then `Scanned`. Every update is taken
    /// in whole, so files come in batches, not one by one.
    Scan,
    /// Everything may have changed on disk: look at all of it again. Answered as `Scan` is.
    Rescan,
    /// These files changed, came or went on disk. Answered by `Updated` when anything about them did.
    Changed(Vec<RelPath>),
    /// Make the fix of these findings, and prove it. Answered by `Planned` with the same generation, and by `Missing`
    /// where it lacks what a person can say. Of several that wait, only the latest is handed on.
    Plan { generation: u64, keys: Vec<FindingKey> },
    /// Nobody waits for plans of older generations any more. Not answered.
    StopPlanning { generation: u64 },
    /// Write a plan, exactly. Answered by `Written` or `Refused`; in both cases the files are audited afresh and an
    /// `Updated` follows.
    Write(Plan),
    /// Take the last write back. Answered by `Undone` or `Refused`, then `Updated`.
    Undo,
    /// Make the write again that was taken back last. Answered by `Redone` or `Refused`, then `Updated`.
    Redo,
    /// Write the comment that allows a finding, with the reason. Answered like `Write`.
    Allow { key: FindingKey, reason: String },
    /// Tell how the walk of an app stands, or with none which apps there are. Answered by `Walk`.
    Walk(Option<AppId>),
    /// Keep the reason for which a chapter is skipped; without one, forget it. Answered by `Walk`.
    Skip { id: AppId, chapter: Chapter, reason: Option<String> },
    /// Take a value of the person's own for what the app's chapters write. Answered by `Walk`.
    Choose { id: AppId, choice: Choice },
    /// Save what came of an app's walk as a new file in the current folder. Answered by `Notice` or `Refused`.
    Save { id: AppId, text: String },
    /// Take a person's word for as whom an image runs. Not answered: whoever says it asks for its plan again.
    User { image: String, uid: u32, gid: u32 },
    /// Ask the registries of these images, beside everything else that is done. Answered by any number of `Looking`,
    /// then `Looked` with the same id; by nothing more once it is stopped. What was said counts for every plan from
    /// then on.
    Look { id: u64, images: Vec<Reference>, asking: Asking },
    /// Tell which images are pinned by a digest. Answered by `Pins`; nobody is asked.
    Pins { id: u64 },
    /// Ask registries what has become of these pinned images, as `Look` does. Answered by `Looking`, then `Checked`.
    Check { id: u64, images: Vec<Reference> },
    /// Make the fix that writes these digests in the place of those that the references have. Answered like `Plan`.
    Renew { generation: u64, digests: Vec<(Reference, String)> },
    /// Nobody waits for registries any more.
    StopLooking,
    /// Of the tags that have an image's digest take this one; none to keep its own.
    Prefer { image: Reference, tag: Option<String> },
    /// Stop reacting to changes on disk, or go on and catch up. Answered by `Watching`.
    Pause(bool),
}

impl Request {
    /// Of a plan, or of there being none: which question it is. Those before it are of no more use to anybody.
    #[must_use]
    pub const fn generation(&self) -> Option<u64> {
        match self {
            Self::Plan { generation, .. }
            | Self::StopPlanning { generation }
            | Self::Renew { generation, .. } => Some(*generation),
            _ => None,
        }
    }
}

/// Who may be asked about images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Nobody: only what was said lately counts. What is not known is missing in the answer.
    Nobody,
    /// Registries, about what they have not said lately.
    Registries,
    /// Registries, about all of it.
    Again,
}

/// A value that a person chose in the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    User {
        key: String,
        uid: u32,
        gid: u32,
    },
    Resources(Resources),
    Writable {
        container: String,
        paths: Vec<String>,
    },
    /// By the reference as the files have it.
    Image {
        reference: String,
        pin: Pin,
    },
}

/// What the backend and the watcher tell the screen.
#[derive(Clone, Debug)]
pub enum Message {
    /// So many of so many files are read.
    Scanning {
        done: usize,
        total: usize,
    },
    /// What an audit changed. During a scan there may be several.
    Updated(Update),
    /// All that `Scan` asked for is in.
    Scanned,
    Planned {
        generation: u64,
        plan: Result<Plan, String>,
    },
    Missing {
        generation: u64,
        missing: Missing,
    },
    /// A fix is on disk: its title, and the files it wrote.
    Written {
        title: String,
        files: Vec<RelPath>,
    },
    /// The last fix is taken back; the files it had written.
    Undone {
        files: Vec<RelPath>,
    },
    /// What was taken back is made again; the files it wrote.
    Redone {
        files: Vec<RelPath>,
    },
    /// Nothing was written, and why.
    Refused {
        reason: String,
    },
    /// So many of so many images are answered.
    Looking {
        id: u64,
        progress: Progress,
    },
    /// What registries said.
    Looked {
        id: u64,
        said: Vec<(Reference, Said)>,
        others: BTreeSet<String>,
    },
    /// The images that are pinned.
    Pins {
        id: u64,
        pins: Vec<PinnedImage>,
    },
    /// What has become of pinned images, in the order in which they were asked about.
    Checked {
        id: u64,
        said: Vec<Result<DigestStatus, String>>,
        others: BTreeSet<String>,
    },
    /// How the walk stands.
    Walk(Box<WalkOverview>),
    Watching(Watching),
    /// Something the user should know: a sentence.
    Notice(String),
}

/// How changes on disk are noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Watching {
    /// Not yet, or not at all.
    #[default]
    Off,
    /// The system says when something changes.
    Events,
    /// The known files are looked at every so often; why.
    Polling(String),
    Paused,
}
