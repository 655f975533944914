//! Words a rule's page for one finding: with its own names, and its own change in the place of the example's.

use crate::app::{AppState, PatchLine, PreviewState};
use crate::audit::ListedFinding;
use crate::fix::PlanValueKind;
use crate::rules::{PageNames, is_secret_rule};
use crate::text::diff::LineChange;

/// The heading of the section that shows what a fix writes.
const CHANGE_SECTION: &str = "## What the fix changes";
/// The most rows of the change: the source pane shows all of it.
const MAX_CHANGE_ROWS: usize = 16;

/// The page, or its sections, for this finding.
pub(super) fn page_for_finding(state: &AppState, entry: &ListedFinding, page: &str) -> String {
    let filled = own_names(state, entry).fill_page(page);
    match own_change(state, entry) {
        Some(change) => replace_example(&filled, &change),
        None => filled,
    }
}

fn own_names(state: &AppState, entry: &ListedFinding) -> PageNames {
    let subject = &entry.key.subject;
    let path = &entry.key.path;
    let object = subject.object.as_ref().and_then(|object| object.split_once('/'));
    let workloads = state.store.workloads_in(path);
    let workload = workloads.iter().find(|workload| Some(&workload.object) == subject.object.as_ref());
    // Where no namespace is said, or `default`, the page's own stands for the one to choose.
    let namespace = workload.and_then(|workload| workload.namespace.as_ref());
    let folder = path.folder().rsplit('/').next().filter(|folder| !folder.is_empty());
    // An image that is built by hand has whatever name is given to it: the folder's is as good as any.
    let image = || folder.unwrap_or(&state.name).to_lowercase();
    let quoted = || entry.finding.message.strip_prefix('`')?.split_once('`').map(|(name, _)| name.to_owned());
    PageNames {
        kind: object.map(|(kind, _)| kind.to_owned()),
        name: Some(object.map_or_else(image, |(_, name)| name.to_owned())),
        container: subject.container.as_ref().map(ToString::to_string),
        namespace: namespace.filter(|name| ***name != *"default").map(ToString::to_string),
        path: Some(path.to_string()),
        variable: is_secret_rule(entry.key.rule).then(quoted).flatten(),
        ids: planned_ids(state, entry),
    }
}

/// The uid and the gid that the finding's fix writes.
fn planned_ids(state: &AppState, entry: &ListedFinding) -> Option<(String, String)> {
    let values = &state.preview.values().filter(|_| is_planned(state, entry))?.values;
    let of = |kind| values.iter().find(|value| value.kind == kind).map(|value| value.text.clone());
    let (uid, gid) = (of(PlanValueKind::Uid), of(PlanValueKind::Gid));
    let uid = uid.or_else(|| gid.clone())?;
    Some((uid.clone(), gid.unwrap_or(uid)))
}

/// True once the fix of the finding is in view.
fn is_planned(state: &AppState, entry: &ListedFinding) -> bool {
    matches!(state.preview.state, PreviewState::Ready(_)) && state.preview.keys.contains(&entry.key)
}

/// The lines that the finding's fix writes, as a block of the page; none where it has no fix.
fn own_change(state: &AppState, entry: &ListedFinding) -> Option<String> {
    state.preview.writable_plan().filter(|_| is_planned(state, entry))?;
    let lines = &state.preview.short_lines;
    let largest = lines.iter().filter_map(|line| match line {
        PatchLine::Line(line) => line.after,
        _ => None,
    });
    let digits = largest.max().unwrap_or(1).to_string().len();
    let row = |line: &PatchLine| match line {
        PatchLine::File(path) => path.to_string(),
        PatchLine::Gap => "…".to_owned(),
        PatchLine::Line(line) => {
            let sign = match line.change {
                LineChange::Added => '+',
                LineChange::Removed => '-',
                LineChange::Unchanged => ' ',
            };
            let number = line.after.filter(|_| sign != '-').map(|number| number.to_string());
            format!("{sign} {:>digits$}  {}", number.unwrap_or_default(), line.text)
        }
    };
    let mut rows: Vec<String> = lines.iter().take(MAX_CHANGE_ROWS).map(row).collect();
    let more = lines.len().saturating_sub(MAX_CHANGE_ROWS);
    if more > 0 {
        rows.push(format!("… {}", super::safe_text::count_of(more, "more line")));
    }
    Some(rows.join("\n"))
}

/// The page with a block in the place of the first one that shows what the fix changes.
fn replace_example(page: &str, change: &str) -> String {
    let Some(section) = page.find(CHANGE_SECTION) else { return page.to_owned() };
    let end = page[section + CHANGE_SECTION.len()..].find("\n## ");
    let end = end.map_or(page.len(), |at| section + CHANGE_SECTION.len() + at);
    let Some((fence, close)) = first_block(&page[section..end]) else {
        return format!("{}\n\n```diff\n{change}\n```\n{}", page[..end].trim_end(), &page[end..]);
    };
    format!("{}```diff\n{change}\n{}", &page[..section + fence], &page[section + close..])
}

/// The offsets of the first block of code that is no session of a shell, and of the mark that closes it.
fn first_block(text: &str) -> Option<(usize, usize)> {
    let (mut at, mut open) = (0, None);
    for line in text.split_inclusive('\n') {
        if line.starts_with("```") {
            open = match open {
                None => Some((at, !line.starts_with("```console"))),
                Some((from, true)) => return Some((from, at)),
                Some(_) => None,
            };
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_change_takes_the_place_of_the_first_example_of_its_section() {
        let page = "# x\n\n## Before\n```yaml\na\n```\n\n## What the fix changes\nWords:\n\n```console\n$ b\n```\n\n\
            ```yaml\nc\n```\n\n```yaml\nd\n```\n\n## After\n```yaml\ne\n```\n";
        let own = replace_example(page, "+ 3  own");
        assert_eq!(own, page.replace("```yaml\nc\n", "```diff\n+ 3  own\n"));
        let without = page.replace("```yaml\nc\n```\n\n```yaml\nd\n```\n\n", "");
        let added = without.replace("$ b\n```\n\n", "$ b\n```\n\n```diff\n+ 3  own\n```\n\n");
        assert_eq!(replace_example(&without, "+ 3  own"), added);
    }
}
