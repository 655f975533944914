//! Draws a pane that has nothing to show: why it is empty, and what the user can do.

use std::collections::BTreeMap;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{borders, query_view, safe_text};
use crate::app::{Action, AppState, FileTally, LayoutShape, Pane, ScreenArea, ScreenLayout};
use crate::audit::{FileStatus, PodSecurity};
use crate::repo::FileKind;
use crate::theme::StyleToken;

/// Draws one sentence where there is no room for anything else.
pub(super) fn draw_too_small(canvas: &mut Canvas<'_>) {
    let (width, height) = (canvas.buffer.area.width, canvas.buffer.area.height);
    let lines: Vec<_> = safe_text::wrap_words("seaworthy needs 30 by 6 cells", usize::from(width))
        .into_iter()
        .map(Line::from)
        .collect();
    canvas.draw_lines(ScreenArea::new(0, 0, width, height), &lines);
}

/// Draws the screen of a repository without any candidate.
pub(super) fn draw_no_candidates(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let mut paragraphs = vec![
        (format!("No Dockerfile and no Kubernetes manifest in {}.", state.name), StyleToken::Title),
        (
            "Looked for Dockerfile, Dockerfile.*, *.Dockerfile and Containerfile*, and for YAML and JSON files that \
             hold apiVersion and kind, in all folders that ignore files do not hide."
                .to_owned(),
            StyleToken::Base,
        ),
    ];
    if state.store.ignored_count() > 0 {
        let hidden = safe_text::count_of(state.store.ignored_count(), "candidate");
        paragraphs.push((
            format!("Ignore files hide {hidden}: name one on the command line to audit it."),
            StyleToken::Caution,
        ));
    }
    let keys = [(Action::Rescan, "looks again"), (Action::Help, "lists the keys")];
    paragraphs.push((
        format!("It goes on looking: save one here and it is shown. {}", key_words(state, &keys)),
        StyleToken::Base,
    ));
    paragraphs.push(("`seaworthy demo` opens a small app to try.".to_owned(), StyleToken::Base));
    draw_centred(canvas, area, &paragraphs);
}

/// What some keys do here, in a sentence.
fn key_words(state: &AppState, actions: &[(Action, &str)]) -> String {
    let key = |action| state.config.keymap.keys_for(action).first();
    let known = actions.iter().filter_map(|(action, words)| Some(format!("{} {words}", key(*action)?)));
    format!("{}.", known.collect::<Vec<_>>().join(", "))
}

/// Draws what there is to say in place of the panes, where nothing is open and nobody looks at a file.
pub(super) fn draw_clean_body(canvas: &mut Canvas<'_>, state: &AppState, layout: &ScreenLayout) {
    let (files, top) = (layout.pane_area(Pane::Files), layout.top_border());
    let x = files.right() + 1;
    let area = ScreenArea::new(x, top + 1, layout.width - 1 - x, layout.height.saturating_sub(top + 2));
    canvas.clear_area(area);
    let plain = canvas.token_style(StyleToken::Border);
    canvas.draw_vertical(files.right(), area.y, area.height, plain);
    canvas.draw_sign(files.right(), files.bottom(), canvas.glyphs().junctions[3], plain);
    borders::close_outer_frame(canvas);
    draw_centred(canvas, area, &clean_paragraphs(state));
}

/// True where nothing is open, the list has the keys, and there is room for more than it.
pub(super) fn is_clean_body(state: &AppState, layout: &ScreenLayout) -> bool {
    state.is_scanned
        && state.index.entries.is_empty()
        && state.index.suppressed.is_empty()
        && state.mended.is_none()
        && state.focus == Pane::Findings
        && layout.shape == LayoutShape::Panes
}

/// Draws a list without findings, and the reason.
pub(super) fn draw_empty_list(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let words = if !state.is_scanned {
        format!("Reading {}", canvas.glyphs().ellipsis)
    } else if state.index.entries.is_empty() && state.layout().shape != LayoutShape::Panes {
        let area = ScreenArea { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        return draw_no_findings(canvas, state, area);
    } else if state.index.entries.is_empty() {
        "Nothing found.".to_owned()
    } else if state.filter.is_active() {
        return draw_no_match(canvas, state, area);
    } else {
        format!("Nothing at {} or above; s lowers the floor.", state.filter.min_severity)
    };
    let area = ScreenArea { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    draw_paragraphs(canvas, area, &[(words, StyleToken::Muted)]);
}

/// Draws the list of a search that finds nothing: why, and the way out.
fn draw_no_match(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let mut paragraphs: Vec<_> =
        query_view::explain_nothing(state).into_iter().map(|text| (text, StyleToken::Caution)).collect();
    paragraphs.push(("Esc clears the filter.".to_owned(), StyleToken::Muted));
    let area = ScreenArea { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    draw_paragraphs(canvas, area, &paragraphs);
}

/// Draws a pane without a selected finding: the selected file has none, or there is none at all.
pub(super) fn draw_nothing_selected(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    if !state.is_scanned {
        return;
    }
    let current = state.current_path().filter(|_| state.active_list == Pane::Files);
    let file = current.and_then(|path| state.store.file(path));
    let paragraph = match (file, file.and_then(|file| unread_words(&file.status))) {
        (_, Some(words)) => (words, StyleToken::Caution),
        _ if state.index.entries.is_empty() => return draw_no_findings(canvas, state, area),
        (Some(_), None) => ("Nothing found in this file.".to_owned(), StyleToken::Good),
        (None, None) => return,
    };
    draw_paragraphs(canvas, area, &[paragraph]);
}

/// Why a file was not audited whole; none for one that was.
pub(super) fn unread_words(status: &FileStatus) -> Option<String> {
    match status {
        FileStatus::Audited => None,
        FileStatus::Partial(reason) => Some(format!("Partly read: {reason}.")),
        FileStatus::Skipped(reason) => Some(format!("Not audited: {reason}.")),
    }
}

/// Draws the screen without findings, with the number of files audited.
fn draw_no_findings(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    draw_paragraphs(canvas, area, &clean_paragraphs(state));
}

/// What was checked and how it stands, what was not read and why, and what a person can do next.
fn clean_paragraphs(state: &AppState) -> Vec<(String, StyleToken)> {
    let count = |kind| state.store.files().filter(|f| f.kind == kind && !is_skipped(&f.status)).count();
    let (dockerfiles, manifests) = (count(FileKind::Dockerfile), count(FileKind::Manifest));
    let mut paragraphs = if dockerfiles + manifests == 0 {
        let words = "Only templates and files that cannot be read are here. Render the templates (helm template, \
                     kustomize build) and audit what comes out.";
        vec![("Nothing was audited.".to_owned(), StyleToken::Title), (words.to_owned(), StyleToken::Base)]
    } else {
        checked_paragraphs(state, dockerfiles, manifests)
    };
    paragraphs.extend(unread_paragraph(state));
    let mut keys = Vec::new();
    if state.index.tally.partial + state.index.tally.skipped > 0 {
        keys.push((Action::NextUnread, "goes to what was not read"));
    }
    if state.store.workloads().next().is_some() {
        keys.push((Action::Walk, "walks through an app"));
    }
    keys.extend([
        (Action::Files, "shows the files"),
        (Action::Rescan, "looks again"),
        (Action::Help, "lists the keys"),
    ]);
    paragraphs.push((key_words(state, &keys), StyleToken::Base));
    paragraphs
}

fn checked_paragraphs(state: &AppState, dockerfiles: usize, manifests: usize) -> Vec<(String, StyleToken)> {
    let workloads: Vec<_> = state.store.workloads().collect();
    let restricted = workloads.iter().filter(|w| w.pod_security == Some(PodSecurity::Restricted)).count();
    let FileTally { partial, skipped, .. } = state.index.tally;
    let quiet = state.index.suppressed.len();
    let title = match (quiet, partial + skipped) {
        _ if dockerfiles == 0 && workloads.is_empty() => "Nothing found, and no workload to harden.",
        (0, 0) => "Everything here is hardened.",
        (0, _) => "What was audited is hardened.",
        _ => "Nothing is open.",
    };
    let kinds = [(dockerfiles, "Dockerfile"), (manifests, "manifest")];
    let checked: Vec<String> =
        kinds.into_iter().filter(|(n, _)| *n > 0).map(|(n, kind)| safe_text::count_of(n, kind)).collect();
    let score = state.store.score().map(|score| format!(" Score {score} of 100.")).unwrap_or_default();
    let mut paragraphs = vec![
        (title.to_owned(), StyleToken::Good),
        (format!("Checked {}.{score}", checked.join(" and ")), StyleToken::Base),
    ];
    if !workloads.is_empty() {
        let words = format!(
            "Workloads that meet the restricted Pod Security Standard: {restricted} of {}.",
            workloads.len()
        );
        paragraphs.push((words, StyleToken::Base));
    }
    if quiet > 0 {
        let words = format!("{} allowed, or in the baseline.", safe_text::count_of(quiet, "finding"));
        paragraphs.push((words, StyleToken::Muted));
    }
    paragraphs
}

/// The most reasons that are named.
const MAX_REASONS: usize = 3;

/// How many files were not read whole, why, and the key that goes to them.
fn unread_paragraph(state: &AppState) -> Option<(String, StyleToken)> {
    let FileTally { files, partial, skipped } = state.index.tally;
    let count = partial + skipped;
    if count == 0 {
        return None;
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in state.store.files().filter_map(|file| file.status.reason()) {
        *reasons.entry(reason).or_default() += 1;
    }
    let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let named: Vec<String> =
        reasons.iter().take(MAX_REASONS).map(|(reason, count)| format!("{reason} ({count})")).collect();
    let more = match reasons.len().saturating_sub(MAX_REASONS) {
        0 => String::new(),
        1 => ", and another reason".to_owned(),
        more => format!(", and {more} other reasons"),
    };
    let words = format!("{count} of {files} files not read whole: {}{more}.", named.join(", "));
    Some((words, StyleToken::Caution))
}

const fn is_skipped(status: &FileStatus) -> bool {
    matches!(status, FileStatus::Skipped(_))
}

pub(super) fn draw_paragraphs(
    canvas: &mut Canvas<'_>,
    area: ScreenArea,
    paragraphs: &[(String, StyleToken)],
) {
    let mut lines = Vec::new();
    for (words, slot) in paragraphs {
        let words = safe_text::clean_text(words, canvas.glyphs().control_char);
        for line in safe_text::wrap_words(&words, usize::from(area.width)) {
            lines.push(Line::from(Span::styled(line, canvas.token_style(*slot))));
        }
        lines.push(Line::default());
    }
    canvas.draw_lines(area, &lines);
}

/// Draws paragraphs in the middle of an area, as wide as they are easily read.
fn draw_centred(canvas: &mut Canvas<'_>, area: ScreenArea, paragraphs: &[(String, StyleToken)]) {
    let width = area.width.saturating_sub(4).min(72);
    let lines = paragraphs.iter().map(|(words, _)| {
        let words = safe_text::clean_text(words, canvas.glyphs().control_char);
        safe_text::wrap_words(&words, usize::from(width)).len() + 1
    });
    let height = u16::try_from(lines.sum::<usize>()).unwrap_or(u16::MAX).min(area.height);
    let (x, y) = (area.x + (area.width - width) / 2, area.y + (area.height - height) / 3);
    draw_paragraphs(canvas, ScreenArea::new(x, y, width, height), paragraphs);
}
