//! Tells where a line of a rendered text was written: the values, the text of a template, the action that computed it.

use std::sync::Arc;

use super::rendered_files::file_of_origin;
use crate::audit::RenderReport;
use crate::helm::{OriginPlace, OriginSegment, SegmentKind};
use crate::repo::RelPath;
use crate::store::Store;
use crate::unit::UnitKind;

/// The most places that are named for one line.
const MAX_ORIGINS: usize = 12;

/// A place where a part of a rendered line was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOrigin {
    pub path: RelPath,
    /// From 1.
    pub line: usize,
    pub kind: LineOriginKind,
}

/// What stands at an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineOriginKind {
    /// A value, with its keys.
    Value(Arc<str>),
    Text,
    /// An action, which computed it.
    Action,
    /// An action, which included what is written elsewhere.
    Include,
}

/// The places of a line, counted from 1: values before text, text before actions, and last what included them. Only
/// files that can be shown are named. Of what an overlay builds, what it brings comes before the `home` of its objects.
pub(super) fn origins_of_line(
    store: &Store,
    home: &RelPath,
    render: &RenderReport,
    line: usize,
) -> Vec<LineOrigin> {
    let segments = segments_of_line(render, line);
    let mut origins: Vec<LineOrigin> = Vec::new();
    let mut add = |place: &OriginPlace, at: usize, kind: LineOriginKind| {
        let origin = find_place(store, &render.unit.path, place, at).map(|(path, line)| LineOrigin {
            path,
            line,
            kind,
        });
        if let Some(origin) = origin.filter(|origin| !origins.contains(origin) && origins.len() < MAX_ORIGINS)
        {
            origins.push(origin);
        }
    };
    for rank in 0..3 {
        for (segment, at) in &segments {
            match &segment.kind {
                SegmentKind::Value { key } if rank == 0 => {
                    add(&segment.place, *at, LineOriginKind::Value(key.clone()));
                }
                SegmentKind::Text if rank == 1 => add(&segment.place, *at, LineOriginKind::Text),
                SegmentKind::Computed { .. } if rank == 2 => add(&segment.place, 0, LineOriginKind::Action),
                _ => {}
            }
        }
    }
    for site in segments.iter().flat_map(|(segment, _)| segment.via.iter().rev()) {
        add(site, 0, LineOriginKind::Include);
    }
    if render.unit.kind == UnitKind::Kustomization {
        origins.sort_by_key(|origin| origin.path == *home);
    }
    origins
}

/// The segments that a line shows anything of, each with the first such byte in it.
fn segments_of_line(render: &RenderReport, line: usize) -> Vec<(&OriginSegment, usize)> {
    let text = render.text.text();
    let span = render.text.line_span(line);
    let first = render.origin.partition_point(|segment| segment.end <= span.start);
    let within = render.origin[first..].iter().take_while(|segment| segment.start < span.end);
    let shown = within.filter_map(|segment| {
        let start = segment.start.max(span.start);
        let part = text.get(start..segment.end.min(span.end)).unwrap_or_default();
        let blanks = part.len() - part.trim_start().len();
        (blanks < part.len()).then(|| (segment, start + blanks - segment.start))
    });
    shown.collect()
}

/// The file and the line of a place, `at` bytes after it.
fn find_place(store: &Store, folder: &RelPath, place: &OriginPlace, at: usize) -> Option<(RelPath, usize)> {
    let path = file_of_origin(folder, &place.path)?;
    let source = store.file(&path)?.source.as_ref()?;
    Some((path, source.line_number_at(place.offset + at)))
}
