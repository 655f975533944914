//! Keeps which fixes made which lines of a chart's files, while fixes are added one by one, for the stage.

use std::collections::BTreeMap;

use super::chart_draft::{ChartDraft, ChartTexts};
use super::rendered_edits::DocumentEdits;
use crate::finding::FindingKey;
use crate::helm::{OriginSegment, SegmentKind};
use crate::text::diff::changed_blocks;
use crate::yaml::edit::YamlEdit;

/// The fixes of one file's lines, by their places in [`LineOwners::keys`].
type FileOwners = Vec<Vec<usize>>;

/// A file by its name in the chart, and a line of it from 0.
pub(super) type FileLine = (String, usize);

/// Where the values that edits set are written in the chart's files now.
pub(super) fn lines_of_edits(draft: &ChartDraft<'_>, documents: &[DocumentEdits]) -> Vec<FileLine> {
    let mut lines = Vec::new();
    for own in documents {
        let Some(template) = draft.templates.iter().find(|at| at.render.index_path == own.index_path) else {
            continue;
        };
        let Some(document) = template.render.manifest.documents.get(own.document) else { continue };
        let tree = &*document.yaml.tree;
        for edit in &own.edits {
            let YamlEdit::Set { path, .. } = edit else { continue };
            let Some(node) = tree.root().and_then(|root| tree.node_at(root, path)) else { continue };
            let segments = template.render.origin_of(tree.span(node)).iter();
            lines.extend(segments.filter_map(|segment| line_of_place(draft, segment)));
        }
    }
    lines
}

/// The line where bytes stand in a file as they are.
fn line_of_place(draft: &ChartDraft<'_>, segment: &OriginSegment) -> Option<FileLine> {
    if matches!(segment.kind, SegmentKind::Computed { .. }) {
        return None;
    }
    let file = &*segment.place.path;
    let text = draft.original_text(file)?;
    let line = text.get(..segment.place.offset)?.matches('\n').count();
    Some((file.to_owned(), line))
}

/// The fixes so far, and of each edited file the lines that they made.
#[derive(Default)]
pub(super) struct LineOwners {
    keys: Vec<FindingKey>,
    files: BTreeMap<String, FileOwners>,
}

impl LineOwners {
    /// Notes what a fix made of the files. One that found everything made stands with those that made it: at the `places`
    /// of what it wants, else with those of its rule.
    pub(super) fn add_fix(
        &mut self,
        key: &FindingKey,
        (before, after): (&ChartTexts, &ChartTexts),
        original: impl Fn(&str) -> String,
        places: impl FnOnce() -> Vec<FileLine>,
    ) {
        let number = self.keys.len();
        self.keys.push(key.clone());
        let mut is_new = true;
        for (file, text) in after.iter().filter(|(file, text)| before.get(*file) != Some(text)) {
            let old = before.get(file).map_or_else(|| original(file), ToString::to_string);
            let owners = self.files.remove(file).unwrap_or_else(|| vec![Vec::new(); count_lines(&old)]);
            self.files.insert(file.clone(), own_changed_lines(owners, number, (&old, text)));
            is_new = false;
        }
        if is_new && !self.join_lines(number, places()) {
            self.share_lines(number);
        }
    }

    /// True where one of these lines was made by a fix.
    fn join_lines(&mut self, number: usize, places: Vec<FileLine>) -> bool {
        let mut is_known = false;
        for (file, line) in places {
            let owners = self.files.get_mut(&file).and_then(|lines| lines.get_mut(line));
            if let Some(owners) = owners.filter(|owners| !owners.is_empty()) {
                if !owners.contains(&number) {
                    owners.push(number);
                }
                is_known = true;
            }
        }
        is_known
    }

    fn share_lines(&mut self, number: usize) {
        let rule = self.keys[number].rule;
        for owners in self.files.values_mut().flatten() {
            if owners.iter().any(|own| self.keys[*own].rule == rule) {
                owners.push(number);
            }
        }
    }

    /// Of each file the lines with owners, from 0; where lines only went, the one that follows them.
    pub(super) fn into_lines(self) -> BTreeMap<String, BTreeMap<usize, Vec<FindingKey>>> {
        let Self { keys, files } = self;
        let named = |owners: Vec<usize>| owners.into_iter().map(|own| keys[own].clone()).collect();
        let lines = |owners: FileOwners| {
            let owned = owners.into_iter().enumerate().filter(|(_, own)| !own.is_empty());
            owned.map(|(at, own)| (at, named(own))).collect()
        };
        files.into_iter().map(|(file, owners)| (file, lines(owners))).collect()
    }
}

/// The lines of a text, and the end behind the last.
fn count_lines(text: &str) -> usize {
    text.split_inclusive('\n').count() + 1
}

fn own_changed_lines(owners: FileOwners, number: usize, (before, after): (&str, &str)) -> FileOwners {
    let mut made = FileOwners::with_capacity(owners.len());
    let mut at = 0;
    for block in changed_blocks(before, after) {
        made.extend(owners[at..block.before.start].iter().cloned());
        let mut own: Vec<usize> = owners[block.before.clone()].concat();
        own.push(number);
        own.sort_unstable();
        own.dedup();
        made.extend(vec![own.clone(); block.after.len()]);
        at = block.before.end;
        if block.after.is_empty() {
            // The line behind what went stands for it.
            own.extend(owners[at].iter().copied());
            made.push(own);
            at += 1;
        }
    }
    made.extend(owners[at..].iter().cloned());
    made
}

#[cfg(test)]
mod tests {
    use super::{count_lines, own_changed_lines};

    #[test]
    fn each_line_is_of_the_fixes_that_made_it() {
        let (first, second, third) = ("a: {}\nb: 1\n", "a:\n  c: 1\nb: 1\n", "a:\n  c: 1\n  d: 2\nb: 1\n");
        let none = vec![Vec::new(); count_lines(first)];
        let owners = own_changed_lines(none, 0, (first, second));
        assert_eq!(owners, [vec![0], vec![0], vec![], vec![]]);
        let owners = own_changed_lines(owners, 1, (second, third));
        assert_eq!(owners, [vec![0], vec![0], vec![1], vec![], vec![]]);
        let owners = own_changed_lines(owners, 2, (third, "a:\n  c: 1\nb: 1\n"));
        assert_eq!(owners, [vec![0], vec![0], vec![1, 2], vec![]]);
    }
}
