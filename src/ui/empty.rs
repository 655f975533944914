//! What is shown where there is nothing to show: why, and what to do.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::text;
use crate::app::{Area, Pane, Shape, State, Tally};
use crate::audit::{PodSecurity, Status};
use crate::finding::Severity;
use crate::repo::FileKind;
use crate::theme::Slot;

/// One sentence where there is no room for anything else.
pub(super) fn too_small(canvas: &mut Canvas<'_>) {
    let (width, height) = (canvas.buffer.area.width, canvas.buffer.area.height);
    let lines: Vec<_> =
        text::wrap("seaworthy needs 30 by 6 cells", usize::from(width)).into_iter().map(Line::from).collect();
    canvas.lines(Area::new(0, 0, width, height), &lines);
}

/// No candidate at all.
pub(super) fn nothing_here(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    let mut paragraphs = vec![
        (format!("No Dockerfile and no Kubernetes manifest in {}.", state.name), Slot::Title),
        (
            "Looked for Dockerfile, Dockerfile.*, *.Dockerfile and Containerfile*, and for YAML and JSON files that \
             hold apiVersion and kind, in all folders that ignore files do not hide."
                .to_owned(),
            Slot::Base,
        ),
    ];
    if state.store.ignored() > 0 {
        let hidden = text::count(state.store.ignored(), "candidate");
        paragraphs.push((
            format!("Ignore files hide {hidden}: name one on the command line to audit it."),
            Slot::Caution,
        ));
    }
    paragraphs.push((
        "It goes on looking: save one here and it is shown. Or try `seaworthy demo`.".to_owned(),
        Slot::Muted,
    ));
    let width = area.width.saturating_sub(4).min(72);
    let area = Area::new(area.x + 2, area.y + area.height.min(8) / 4, width, area.height.saturating_sub(2));
    say(canvas, area, &paragraphs);
}

/// No finding in the list, and why.
pub(super) fn no_findings(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    let words = if !state.scanned {
        format!("Reading {}", canvas.glyphs().cut)
    } else if state.index.entries.is_empty() && state.layout().shape != Shape::Panes {
        let area = Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        return all_well(canvas, state, area);
    } else if state.index.entries.is_empty() {
        "Nothing found.".to_owned()
    } else if state.filter.text.is_empty() {
        format!("Nothing at {} or above; s lowers the floor.", state.filter.floor)
    } else if state.filter.floor > Severity::Info {
        format!("Nothing at {} or above matches; Esc clears the filter.", state.filter.floor)
    } else {
        "Nothing matches; Esc clears the filter.".to_owned()
    };
    let area = Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    say(canvas, area, &[(words, Slot::Muted)]);
}

/// No finding is selected: because the selected file has none, or because there is none at all.
pub(super) fn nothing_selected(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    if !state.scanned {
        return;
    }
    if state.index.entries.is_empty() {
        return all_well(canvas, state, area);
    }
    let Some(file) =
        state.path().and_then(|path| state.store.file(path)).filter(|_| state.list == Pane::Files)
    else {
        return;
    };
    let paragraph = match &file.status {
        Status::Audited => ("Nothing found in this file.".to_owned(), Slot::Good),
        Status::Partial(reason) => {
            (format!("Partly read, and nothing found in the rest: {reason}"), Slot::Caution)
        }
        Status::Skipped(reason) => (format!("Not audited: {reason}"), Slot::Caution),
    };
    say(canvas, area, &[paragraph]);
}

/// Nothing is wrong; what was looked at.
fn all_well(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    let count = |kind| state.store.files().filter(|f| f.kind == kind && !skipped(&f.status)).count();
    let (dockerfiles, manifests) = (count(FileKind::Dockerfile), count(FileKind::Manifest));
    if dockerfiles + manifests == 0 {
        let words = "Only templates and files that cannot be read are here. Render the templates (helm template, \
                     kustomize build) and audit what comes out.";
        say(
            canvas,
            area,
            &[("Nothing was audited.".to_owned(), Slot::Title), (words.to_owned(), Slot::Base)],
        );
        return;
    }
    let workloads: Vec<_> = state.store.workloads().collect();
    let restricted = workloads.iter().filter(|w| w.pod_security == Some(PodSecurity::Restricted)).count();
    let Tally { partial, skipped, .. } = state.index.tally;
    let left_out = partial + skipped;
    let quiet = state.index.quiet.len();
    let title = match (quiet, left_out) {
        (0, 0) => "Everything here is hardened.",
        (0, _) => "What was audited is hardened.",
        _ => "Nothing is open.",
    };
    let kinds = [(dockerfiles, "Dockerfile"), (manifests, "manifest")];
    let checked: Vec<String> =
        kinds.into_iter().filter(|(n, _)| *n > 0).map(|(n, kind)| text::count(n, kind)).collect();
    let mut paragraphs =
        vec![(title.to_owned(), Slot::Good), (format!("Checked {}.", checked.join(" and ")), Slot::Base)];
    if left_out > 0 {
        let words =
            format!("{} could not be audited in whole: the tree marks them.", text::count(left_out, "file"));
        paragraphs.push((words, Slot::Caution));
    }
    if !workloads.is_empty() {
        let words = format!(
            "Workloads that meet the restricted Pod Security Standard: {restricted} of {}.",
            workloads.len()
        );
        paragraphs.push((words, Slot::Base));
    }
    if quiet > 0 {
        let words = format!("{} allowed, or in the baseline.", text::count(quiet, "finding"));
        paragraphs.push((words, Slot::Muted));
    }
    say(canvas, area, &paragraphs);
}

const fn skipped(status: &Status) -> bool {
    matches!(status, Status::Skipped(_))
}

fn say(canvas: &mut Canvas<'_>, area: Area, paragraphs: &[(String, Slot)]) {
    let mut lines = Vec::new();
    for (words, slot) in paragraphs {
        let words = text::clean(words, canvas.glyphs().control);
        for line in text::wrap(&words, usize::from(area.width)) {
            lines.push(Line::from(Span::styled(line, canvas.style(*slot))));
        }
        lines.push(Line::default());
    }
    canvas.lines(area, &lines);
}
