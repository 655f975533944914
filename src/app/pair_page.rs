//! Holds the page that shows a Dockerfile and the workload of its image side by side, and the place in it.

use std::sync::Arc;

use super::list_cursor::ListCursor;
use crate::pairs::{PairSheet, PairSide, SidePair};
use crate::repo::RelPath;
use crate::text::{LineSegment, wrap_rows};

/// One of the two sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PairColumn {
    #[default]
    Image,
    Pod,
}

/// The object for whose containers the pairs are asked: its file and name, and the container that was in view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairSubject {
    pub path: RelPath,
    pub object: Arc<str>,
    pub container: Option<Arc<str>>,
}

/// The page, while it is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairPage {
    pub subject: PairSubject,
    /// None until they are found.
    pub sheet: Option<Arc<PairSheet>>,
    pub cursor: ListCursor,
    pub column: PairColumn,
}

impl PairColumn {
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Image => Self::Pod,
            Self::Pod => Self::Image,
        }
    }

    #[must_use]
    pub const fn side(self, pair: &SidePair) -> &PairSide {
        match self {
            Self::Image => &pair.image,
            Self::Pod => &pair.pod,
        }
    }
}

impl PairPage {
    /// The most lines for why the two files belong together.
    const MOST_EVIDENCE_ROWS: usize = 3;
    /// The columns from which on both sides stand on the screen.
    pub const BESIDE_COLUMNS: u16 = 90;

    /// Why the two files belong together, and its rows in so many cells.
    #[must_use]
    pub fn evidence_rows(&self, cells: u16) -> (String, Vec<LineSegment>) {
        let evidence = self.sheet.as_ref().map(|sheet| sheet.evidence.as_str()).unwrap_or_default();
        let words = format!("linked: {evidence}");
        let rows = wrap_rows(&words, usize::from(cells), Self::MOST_EVIDENCE_ROWS);
        (words, rows)
    }

    /// The lines above the pairs in so many columns: what they belong to, why the two files do, and the files.
    #[must_use]
    pub fn frame_rows(&self, width: u16) -> u16 {
        let (_, rows) = self.evidence_rows(width.saturating_sub(2));
        2 + u16::try_from(rows.len()).unwrap_or(1)
    }

    #[must_use]
    pub fn selected_pair(&self) -> Option<&SidePair> {
        self.sheet.as_ref()?.pairs.get(self.cursor.row)
    }

    /// The file of a column.
    #[must_use]
    pub fn file_of(&self, column: PairColumn) -> Option<&RelPath> {
        let sheet = self.sheet.as_ref()?;
        match column {
            PairColumn::Image => sheet.dockerfile.as_ref().ok(),
            PairColumn::Pod => Some(&sheet.manifest),
        }
    }

    /// The place of the selected pair in the column that has the cursor; where nothing is written there, in the other.
    pub(super) fn selected_place(&self) -> Option<(RelPath, usize)> {
        let pair = self.selected_pair()?;
        let columns = [self.column, self.column.other()];
        columns.into_iter().find_map(|column| Some((self.file_of(column)?.clone(), column.side(pair).line?)))
    }
}
