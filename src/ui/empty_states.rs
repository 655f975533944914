//! Draws a pane that has nothing to show: why it is empty, and what the user can do.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{query_view, safe_text};
use crate::app::{AppState, FileTally, LayoutShape, Pane, ScreenArea};
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
    paragraphs.push((
        "It goes on looking: save one here and it is shown. Or try `seaworthy demo`.".to_owned(),
        StyleToken::Muted,
    ));
    let width = area.width.saturating_sub(4).min(72);
    let area =
        ScreenArea::new(area.x + 2, area.y + area.height.min(8) / 4, width, area.height.saturating_sub(2));
    draw_paragraphs(canvas, area, &paragraphs);
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
    if state.index.entries.is_empty() {
        return draw_no_findings(canvas, state, area);
    }
    let Some(file) = state
        .current_path()
        .and_then(|path| state.store.file(path))
        .filter(|_| state.active_list == Pane::Files)
    else {
        return;
    };
    let paragraph = match &file.status {
        FileStatus::Audited => ("Nothing found in this file.".to_owned(), StyleToken::Good),
        FileStatus::Partial(reason) => {
            (format!("Partly read, and nothing found in the rest: {reason}"), StyleToken::Caution)
        }
        FileStatus::Skipped(reason) => (format!("Not audited: {reason}"), StyleToken::Caution),
    };
    draw_paragraphs(canvas, area, &[paragraph]);
}

/// Draws the screen without findings, with the number of files audited.
fn draw_no_findings(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let count = |kind| state.store.files().filter(|f| f.kind == kind && !is_skipped(&f.status)).count();
    let (dockerfiles, manifests) = (count(FileKind::Dockerfile), count(FileKind::Manifest));
    if dockerfiles + manifests == 0 {
        let words = "Only templates and files that cannot be read are here. Render the templates (helm template, \
                     kustomize build) and audit what comes out.";
        draw_paragraphs(
            canvas,
            area,
            &[("Nothing was audited.".to_owned(), StyleToken::Title), (words.to_owned(), StyleToken::Base)],
        );
        return;
    }
    let workloads: Vec<_> = state.store.workloads().collect();
    let restricted = workloads.iter().filter(|w| w.pod_security == Some(PodSecurity::Restricted)).count();
    let FileTally { partial, skipped, .. } = state.index.tally;
    let left_out = partial + skipped;
    let quiet = state.index.suppressed.len();
    let title = match (quiet, left_out) {
        _ if dockerfiles == 0 && workloads.is_empty() => "Nothing found, and no workload to harden.",
        (0, 0) => "Everything here is hardened.",
        (0, _) => "What was audited is hardened.",
        _ => "Nothing is open.",
    };
    let kinds = [(dockerfiles, "Dockerfile"), (manifests, "manifest")];
    let checked: Vec<String> =
        kinds.into_iter().filter(|(n, _)| *n > 0).map(|(n, kind)| safe_text::count_of(n, kind)).collect();
    let mut paragraphs = vec![
        (title.to_owned(), StyleToken::Good),
        (format!("Checked {}.", checked.join(" and ")), StyleToken::Base),
    ];
    if left_out > 0 {
        let words = format!(
            "{} could not be audited in whole: the tree marks them.",
            safe_text::count_of(left_out, "file")
        );
        paragraphs.push((words, StyleToken::Caution));
    }
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
    draw_paragraphs(canvas, area, &paragraphs);
}

const fn is_skipped(status: &FileStatus) -> bool {
    matches!(status, FileStatus::Skipped(_))
}

fn draw_paragraphs(canvas: &mut Canvas<'_>, area: ScreenArea, paragraphs: &[(String, StyleToken)]) {
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
