//! Finds the place in a file where a finding of a build is decided, and holds it against findings of the file itself.

use crate::audit::TemplateRender;
use crate::audit::charts::{ChartPlace, container_name_key, find_places, without_quotes};
use crate::audit::file_record::FilesByPath;
use crate::finding::Finding;
use crate::helm::{OriginSegment, SegmentKind};
use crate::repo::RelPath;
use crate::text::Span;

/// The bytes of a file that decide a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DecidingPlace {
    pub span: Span,
    /// The key `name` of the container that lacks something, where the finding stands there or at its value.
    pub name_key: Option<Span>,
}

/// How far a container's name stands behind its key, quotes counted.
const MAX_NAME_GAP: usize = 4;

impl DecidingPlace {
    pub(super) const fn at(span: Span) -> Self {
        Self { span, name_key: None }
    }

    /// True where a finding of the file itself stands here.
    pub(super) fn is_of(&self, finding: &Finding) -> bool {
        let own = finding.span;
        let touches = |span: Span| {
            let end = |span: Span| span.end.max(span.start + 1);
            own.start < end(span) && span.start < end(own)
        };
        let follows = |key: Span| own.start >= key.end && own.start - key.end <= MAX_NAME_GAP;
        touches(self.span) || self.name_key.is_some_and(follows)
    }
}

/// The file and the place that decide a finding of a build; none where no file that can be edited does.
pub(super) fn find_place(
    render: &TemplateRender,
    finding: &Finding,
    files: &FilesByPath,
    place: ChartPlace<'_>,
) -> Option<(RelPath, DecidingPlace)> {
    let key = container_name_key(&render.text, finding);
    for found in find_places(render, finding) {
        let file = place.path_of(&found.file).filter(|_| !found.file.is_empty());
        let Some(file) = file.filter(|file| files.contains_key(file)) else { continue };
        let Some(key) = key else { return Some((file, DecidingPlace::at(found.span))) };
        let name_key = Some(found.span);
        // Where the name itself stands behind its key, the finding stands there.
        let name = without_quotes(&render.text, finding.span);
        let value = render.origin_of(name).iter().find(|segment| segment.kind == SegmentKind::Text);
        let is_near = |value: &&OriginSegment| {
            *value.place.path == *found.file
                && render.origin_of(key).iter().any(|segment| segment.kind == SegmentKind::Text)
                && (found.span.end..=found.span.end + MAX_NAME_GAP).contains(&value.place.offset)
        };
        let span = value.filter(is_near).map_or(found.span, |value| {
            Span::new(value.place.offset, value.place.offset + (value.end - value.start))
        });
        return Some((file, DecidingPlace { span, name_key }));
    }
    None
}
