//! Lists the files of a stage, each with its changes and the fixes that make them.

use std::collections::HashMap;
use std::ops::Range;

use super::stage_group::StageGroup;
use super::staged_change::StagedPlace;
use crate::finding::FindingKey;
use crate::fix::StagedGroup;
use crate::repo::RelPath;

/// The files in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct FileList {
    pub files: Vec<StageFile>,
    numbers: HashMap<RelPath, usize>,
}

/// A file of a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct StageFile {
    pub path: RelPath,
    pub group: usize,
    /// What would be written; where nothing of it is taken, what could be.
    pub places: Vec<StagedPlace>,
    pub fixes: Vec<FileFix>,
    /// The lines that would come and go.
    pub added: usize,
    pub removed: usize,
}

/// The fixes of one kind in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileFix {
    pub title: String,
    pub is_safe: bool,
    pub keys: Vec<FindingKey>,
}

impl FileList {
    pub(super) fn add_group(&mut self, (number, group): (usize, &StageGroup)) {
        for (side, is_taken) in [(group.taken(), true), (&group.full, false)] {
            for (patch_number, patch) in side.patches.iter().enumerate() {
                let file = self.file_of(&patch.patch.path, number);
                if !is_taken && !file.places.is_empty() {
                    continue;
                }
                let blocks = 0..patch.blocks.len();
                let place = |block| StagedPlace { group: number, patch: patch_number, block, is_taken };
                file.places.extend(blocks.map(place));
                if is_taken {
                    let count = |side: fn(&crate::text::diff::ChangedBlock) -> &Range<usize>| -> usize {
                        patch.blocks.iter().map(|staged| side(&staged.block).len()).sum()
                    };
                    (file.added, file.removed) = (count(|block| &block.after), count(|block| &block.before));
                }
            }
        }
        self.add_fixes(number, &group.full);
    }

    fn add_fixes(&mut self, number: usize, full: &StagedGroup) {
        for fix in &full.fixes {
            let file = self.file_of(&fix.key.path, number);
            match file.fixes.iter_mut().find(|known| known.title == fix.title) {
                Some(known) => {
                    known.is_safe &= fix.is_safe;
                    known.keys.push(fix.key.clone());
                }
                None => file.fixes.push(FileFix {
                    title: fix.title.clone(),
                    is_safe: fix.is_safe,
                    keys: vec![fix.key.clone()],
                }),
            }
        }
    }

    fn file_of(&mut self, path: &RelPath, group: usize) -> &mut StageFile {
        let next = self.files.len();
        let at = *self.numbers.entry(path.clone()).or_insert(next);
        if at == next {
            let (places, fixes) = (Vec::new(), Vec::new());
            self.files.push(StageFile { path: path.clone(), group, places, fixes, added: 0, removed: 0 });
        }
        &mut self.files[at]
    }
}
