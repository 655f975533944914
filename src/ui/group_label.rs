//! Names a group of findings in its row: short, but with what tells it from the groups of the same name around it.

use super::canvas::Canvas;
use super::safe_text;
use crate::app::{AppState, FindingGroup, FindingsRow, ListNode};
use crate::repo::RelPath;

/// How many groups above and below are looked at, and how many rows: those that a person sees beside it.
const NEIGHBOUR_GROUPS: usize = 12;
const NEIGHBOUR_ROWS: usize = 200;
/// The least cells of a path that say anything.
const LEAST_PATH_CELLS: usize = 8;

/// The name of a group, and of an object that has its name from another file also where it stands.
pub(super) struct GroupLabel {
    pub(super) name: String,
    pub(super) place: Option<String>,
}

/// The label of the object in the row at that place of the list, in so many cells; in the second number of them, which
/// leaves room for all that stands beside it, where that is enough to tell it apart.
pub(super) fn label_object(
    canvas: &Canvas<'_>,
    state: &AppState,
    at: usize,
    (path, object): (&RelPath, &str),
    (cells, roomy): (usize, usize),
) -> GroupLabel {
    let mark = canvas.glyphs().ellipsis;
    let twins = find_twins(state, at, object);
    let is_of_kind = |(_, other): &&(RelPath, String)| *other == *object;
    let name = if twins.iter().all(|twin| is_of_kind(&twin)) {
        fit_object(object, cells, mark)
    } else {
        safe_text::fit_middle(object, cells, mark).into_owned()
    };
    let paths: Vec<&str> = twins.iter().filter(is_of_kind).map(|(path, _)| path.as_str()).collect();
    let Some(place) = place_apart(path.as_str(), &paths) else { return GroupLabel { name, place: None } };
    if place.is_empty() {
        return GroupLabel { name, place: None };
    }
    let short = object_name(&name);
    let least = safe_text::text_width(object_name(&name)) + LEAST_PATH_CELLS + 1;
    let cells = if roomy >= least { roomy.min(cells) } else { cells };
    let room = cells.saturating_sub(LEAST_PATH_CELLS + 1);
    let name = [name.as_str(), short].into_iter().find(|name| safe_text::text_width(name) <= room);
    let name = name.map_or_else(|| safe_text::fit_middle(short, room, mark).into_owned(), str::to_owned);
    let room = cells.saturating_sub(safe_text::text_width(&name) + 1);
    let place = safe_text::clean_text(place, canvas.glyphs().control_char).into_owned();
    let is_roomy = safe_text::text_width(&place) <= room;
    let place = if is_roomy { place.as_str() } else { strip_extension(&place) };
    GroupLabel { name, place: Some(safe_text::fit_middle(place, room, mark).into_owned()) }
}

/// The files of the groups around a row, one above and one below, whose folder and name are its own.
pub(super) fn paths_beside(state: &AppState, at: usize) -> [Option<String>; 2] {
    let rows = &state.findings_list.rows;
    let group = |row: &FindingsRow| match state.findings_list.node_of_row(&state.index, row) {
        ListNode::Group(FindingGroup::File(path)) => Some(path.to_string()),
        _ => None,
    };
    let own = rows.get(at).and_then(group).unwrap_or_default();
    let end = |path: &str| path.rsplitn(3, '/').take(2).map(str::to_owned).collect::<Vec<_>>();
    let ends_alike = |path: &String| *path != own && end(path) == end(&own);
    let (above, below) = neighbour_groups(rows, at);
    [above.filter_map(group).find(ends_alike), below.filter_map(group).find(ends_alike)]
}

/// The groups above and below a row that a person sees beside it, the nearest first.
fn neighbour_groups(
    rows: &[FindingsRow],
    at: usize,
) -> (impl Iterator<Item = &FindingsRow>, impl Iterator<Item = &FindingsRow>) {
    let above = rows[..at.min(rows.len())].iter().rev().take(NEIGHBOUR_ROWS);
    let below = rows.iter().skip(at + 1).take(NEIGHBOUR_ROWS);
    let is_group = |row: &&FindingsRow| row.depth == 0;
    (above.filter(is_group).take(NEIGHBOUR_GROUPS), below.filter(is_group).take(NEIGHBOUR_GROUPS))
}

/// The objects around a row that have the same name, of whatever kind and in whatever file.
fn find_twins(state: &AppState, at: usize, object: &str) -> Vec<(RelPath, String)> {
    let rows = &state.findings_list.rows;
    let (above, below) = neighbour_groups(rows, at);
    let group = |row: &FindingsRow| match state.findings_list.node_of_row(&state.index, row) {
        ListNode::Group(FindingGroup::Object(path, other)) => Some((path, other.to_string())),
        _ => None,
    };
    let own = object_name(object);
    // Few have the same name: only these are looked at closely.
    let may_be_twin = |row: &&FindingsRow| {
        let mut entries = state.findings_list.entries_under(&state.index, row);
        let object = entries.find_map(|entry| Some(state.index.app_of_finding(&entry.key)?.1));
        object.is_some_and(|object| object_name(object) == own)
    };
    above.chain(below).filter(may_be_twin).filter_map(group).collect()
}

/// The name of an object, without its kind.
fn object_name(object: &str) -> &str {
    object.split_once('/').map_or(object, |(_, name)| name)
}

/// The name of an object without its kind where there is no room for that, then without its middle.
fn fit_object(object: &str, cells: usize, mark: &str) -> String {
    if safe_text::text_width(object) <= cells {
        return object.to_owned();
    }
    safe_text::fit_middle(object_name(object), cells, mark).into_owned()
}

/// What tells a path from several others; none where there are none. Where what would be said of one of them reads the
/// same, it is the other part of the path.
fn place_apart<'a>(path: &'a str, others: &[&'a str]) -> Option<&'a str> {
    let part_beside = |own: &'a str| {
        let mut beside = others.iter().chain(std::iter::once(&path)).filter(|other| **other != own);
        beside.next().map(|other| distinct_part(own, other))
    };
    let own = part_beside(path)?;
    let reads_as = |other: &&'a str| part_beside(other).map(strip_extension) == Some(strip_extension(own));
    let (folder, name) = split_path(path);
    match others.iter().any(reads_as) {
        true if own == name => Some(folder),
        true => Some(name),
        false => Some(own),
    }
}

/// What tells a path from another: the name of the file, else the folder without the end that both have in common.
fn distinct_part<'a>(path: &'a str, other: &str) -> &'a str {
    let (folder, name) = split_path(path);
    let (_, other_name) = split_path(other);
    if name != other_name {
        return name;
    }
    let same = path.rsplit('/').zip(other.rsplit('/')).take_while(|(own, other)| own == other);
    let length: usize = same.map(|(part, _)| part.len() + 1).sum();
    match path.len().checked_sub(length) {
        Some(end) if end > 0 => &path[..end],
        _ => folder,
    }
}

/// The name of a manifest without the end that says that it is one.
fn strip_extension(name: &str) -> &str {
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
}

/// The folder of a path, and the name of its file.
fn split_path(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_a_file_of_one_name_are_told_apart() {
        let paths = ["manifests/web.yaml", "release/manifests.yaml", "base/web.yaml"];
        let place = |at: usize| {
            let others: Vec<&str> = paths.iter().copied().filter(|path| *path != paths[at]).collect();
            place_apart(paths[at], &others).map(strip_extension)
        };
        assert_eq!([place(0), place(1), place(2)], [Some("manifests"), Some("release"), Some("base")]);
        assert_eq!(place_apart("a.yaml", &[]), None);
    }

    #[test]
    fn what_two_paths_have_in_common_is_left_out() {
        let apart = [
            ("base/app/deploy.yaml", "prod/app/deploy.yaml", "base"),
            ("a/deploy.yaml", "deploy.yaml", "a"),
            ("deploy.yaml", "a/deploy.yaml", ""),
            ("chart/Chart.yaml", "chart/templates/app.yaml", "Chart.yaml"),
            ("a/app.yaml", "a/app.yml", "app.yaml"),
            ("a/same.yaml", "a/same.yaml", "a"),
        ];
        for (path, other, expected) in apart {
            assert_eq!(distinct_part(path, other), expected, "{path} beside {other}");
        }
    }
}
