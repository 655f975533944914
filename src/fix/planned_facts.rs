//! Holds the facts that files would have once they are written, for fixes that depend on one another.

use crate::project::FileFacts;
use crate::repo::RelPath;

/// Facts of files as they would be, by path.
pub(super) type PlannedFacts = std::collections::HashMap<RelPath, FileFacts>;
