//! Finds the place where a finding in a rendered text can be edited: a value, the template's text, else the action.

use std::sync::Arc;

use super::template_render::TemplateRender;
use crate::finding::Finding;
use crate::helm::{OriginPlace, OriginSegment, SegmentKind};
use crate::rules::{self, RuleTheme};
use crate::text::{Span, line_start};

/// A place in a file of a chart, which is named from the chart's folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::audit) struct FindingPlace {
    pub file: Arc<str>,
    pub span: Span,
    /// The path of keys, where it is a value.
    pub keys: Option<Arc<str>>,
}

/// The places of a finding, the best one first: further ones count where a file is none that can be edited.
pub(in crate::audit) fn find_places(render: &TemplateRender, finding: &Finding) -> Vec<FindingPlace> {
    let what_lacks = container_name_key(&render.text, finding);
    let span = what_lacks.unwrap_or_else(|| without_quotes(&render.text, finding.span));
    let segment = deciding_segment(render.origin_of(span), finding, what_lacks.is_some());
    segment.map(|segment| places_of_segment(segment, span)).unwrap_or_default()
}

/// The places of bytes of a rendered text, the best one first.
pub(super) fn places_of_span(render: &TemplateRender, span: Span) -> Vec<FindingPlace> {
    let segments = render.origin_of(span);
    let segment = segments.iter().find(is_written).or_else(|| segments.first());
    segment.map(|segment| places_of_segment(segment, span)).unwrap_or_default()
}

/// The place in a segment, and after it the actions that its bytes went through, the innermost first.
fn places_of_segment(segment: &OriginSegment, span: Span) -> Vec<FindingPlace> {
    let via = segment.via.iter().rev().map(place_of_action);
    std::iter::once(place_in_segment(segment, span)).chain(via).collect()
}

/// True for bytes that stand in a file as they are.
fn is_written(segment: &&OriginSegment) -> bool {
    !matches!(segment.kind, SegmentKind::Computed { .. })
}

/// The key `name` before a container's name. What a container lacks is found at its name, and its name may be a value,
/// but it is added where the container itself is written.
pub(in crate::audit) fn container_name_key(text: &str, finding: &Finding) -> Option<Span> {
    finding.subject.container.as_ref()?;
    let line = line_start(text, finding.span.start);
    let before = text[line..finding.span.start].trim_end_matches(['"', '\'']).trim_end();
    let key = before.strip_suffix(':')?.trim_end().trim_end_matches(['"', '\'']);
    let above = key.strip_suffix("name")?;
    let is_key = above.trim_start_matches([' ', '\t', '-', '"', '\'', '{']).is_empty();
    is_key.then(|| Span::new(line + above.len(), line + key.len()))
}

/// The span of a scalar without the quotes around it.
pub(in crate::audit) fn without_quotes(text: &str, span: Span) -> Span {
    let written = span.slice(text);
    let is_quoted = ['"', '\'']
        .iter()
        .any(|quote| written.len() > 2 && written.starts_with(*quote) && written.ends_with(*quote));
    if is_quoted { Span::new(span.start + 1, span.end - 1) } else { span }
}

/// The segment that decides: of an image the last that was written, for there stands its tag; else the first value, and
/// else the first text. Of several lines, the first text decides.
fn deciding_segment<'a>(
    segments: &'a [OriginSegment],
    finding: &Finding,
    is_lack: bool,
) -> Option<&'a OriginSegment> {
    let is_value = |segment: &&OriginSegment| matches!(segment.kind, SegmentKind::Value { .. });
    let is_text = |segment: &&OriginSegment| matches!(segment.kind, SegmentKind::Text);
    let theme = rules::find_rule(finding.rule).map(|rule| rule.theme);
    let chosen = if is_lack {
        segments.iter().find(is_text)
    } else if theme == Some(RuleTheme::Image) {
        segments.iter().rev().find(is_written)
    } else {
        segments.iter().find(is_value).or_else(|| segments.iter().find(is_text))
    };
    chosen.or_else(|| segments.first())
}

/// The place of the part of the span that comes from the segment; of computed bytes, the action that made them.
fn place_in_segment(segment: &OriginSegment, span: Span) -> FindingPlace {
    let offset = segment.place.offset;
    let file = segment.place.path.clone();
    let (start, end) = match &segment.kind {
        SegmentKind::Computed { length, .. } => (offset, offset + length),
        _ => {
            let start = span.start.max(segment.start) - segment.start;
            let end = span.end.clamp(segment.start, segment.end) - segment.start;
            (offset + start, offset + end.max(start))
        }
    };
    let keys = match &segment.kind {
        SegmentKind::Value { key } => Some(key.clone()),
        _ => None,
    };
    FindingPlace { file, span: Span::new(start, end), keys }
}

fn place_of_action(place: &OriginPlace) -> FindingPlace {
    FindingPlace { file: place.path.clone(), span: Span::empty_at(place.offset), keys: None }
}
