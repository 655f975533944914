//! Reads what a chart would render with a fix, and finds where that is written, for those who look for a fix's values.

use super::written_text::WrittenText;
use crate::audit::{AuditEngine, ChartView, TemplateView};
use crate::helm::SegmentKind;
use crate::kubernetes::Pod;
use crate::repo::{FilePatch, RelPath};
use crate::rules::PodView;
use crate::text::Span;

/// Takes a pod as it is, as it would be, and the text in which that stands.
type PodReader<'r> = &'r mut dyn FnMut(PodView<'_>, &Pod, &dyn WrittenText);

/// Reads each pod that a chart would render with its patches; false where it would not render.
pub(super) fn find_rendered_pods(
    engine: &AuditEngine,
    folder: &RelPath,
    patches: &[&FilePatch],
    read: PodReader<'_>,
) -> bool {
    let Some(view) = engine.chart_view(folder) else { return false };
    let texts = patches.iter();
    let texts =
        texts.filter_map(|patch| Some((view.name_of(&patch.path)?, patch.after.shared_text().clone())));
    let Some(after) = view.with_texts(&texts.collect(), &view.templates, |_, _| true) else { return false };
    for template in &after {
        let written = TemplateText { view: &view, template, patches };
        for own in engine.deployed_pods(&template.path) {
            let (document, nth) = own.position;
            let is_shown = *own.path == template.render.index_path;
            let pods = template.render.manifest.documents.get(document).filter(|_| is_shown);
            if let Some(pod) = pods.and_then(|document| document.pods.get(nth)) {
                read(own, pod, &written);
            }
        }
    }
    true
}

/// A text that a chart would render once its patches are written.
struct TemplateText<'a> {
    view: &'a ChartView<'a>,
    template: &'a TemplateView,
    patches: &'a [&'a FilePatch],
}

impl WrittenText for TemplateText<'_> {
    fn text(&self) -> &str {
        &self.template.render.text
    }

    /// Where the bytes are copied from, whole, in a line that a patch adds.
    fn find_place(&self, span: Span) -> Option<(&FilePatch, Span)> {
        let [segment] = self.template.render.origin_of(span) else { return None };
        if matches!(segment.kind, SegmentKind::Computed { .. }) {
            return None;
        }
        let path = self.view.find_file(&segment.place.path)?;
        let patch = self.patches.iter().find(|patch| patch.path == path)?;
        let start = segment.place.offset + span.start.checked_sub(segment.start)?;
        let own = Span::new(start, start + span.len());
        (own.slice(patch.after.text()) == span.slice(self.text())).then_some((patch, own))
    }
}
