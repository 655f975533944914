//! Which image it is, and whether it stays the same one.

pub(super) mod latest_tag;
pub(super) mod moving_tag;
pub(super) mod unpinned_image;
pub(super) mod untagged_image;

use super::{BuildView, ContainerView, Findings};
use crate::dockerfile::{Base, Kind, Scope};
use crate::finding::{Remedy, Safety};
use crate::image::Reference;
use crate::text::Span;

/// An image that a file names, and where.
struct Named {
    span: Span,
    image: Reference,
}

/// Judges each image that a Dockerfile brings in from outside: of every stage, and of every `COPY --from`. What is open,
/// as an `ARG` without a default is, cannot be judged.
fn in_build(
    view: &BuildView<'_>,
    out: &mut Findings<'_>,
    fault: impl Fn(&Reference) -> Option<(String, Remedy)>,
) {
    let (named, open) = images(*view);
    if open {
        out.unknown();
    }
    for Named { span, image } in named {
        if let Some((message, remedy)) = fault(&image) {
            out.report(span, message, remedy);
        }
    }
}

/// Judges a container's image.
fn in_container(
    view: &ContainerView<'_>,
    out: &mut Findings<'_>,
    fault: impl Fn(&Reference) -> Option<(String, Remedy)>,
) {
    let image = &view.container.model.image;
    if image.is_absent() {
        return out.silent();
    }
    let Some(image) = image.get().and_then(|text| Reference::parse(text).ok()) else { return out.unknown() };
    if let Some((message, remedy)) = fault(&image) {
        out.report(view.span_of(&["image"]).unwrap_or(view.place()), message, remedy);
    }
}

fn images(view: BuildView<'_>) -> (Vec<Named>, bool) {
    let mut named = Vec::new();
    let mut open = false;
    let mut take = |text: &str, span| match Reference::parse(text) {
        Ok(image) => named.push(Named { span, image }),
        Err(_) => open = true,
    };
    for stage in &view.file.stages {
        let Some(Kind::From { image, .. }) = view.instruction(stage.from).map(|from| &from.kind) else {
            continue;
        };
        match &stage.base {
            Base::Image(name) => take(name, image.span),
            Base::Open(_) => take("", image.span),
            Base::Stage(_) | Base::Scratch => {}
        }
    }
    for copy in view.file.instructions.iter().filter(|i| matches!(i.kind, Kind::Copy { .. })) {
        for flag in copy.flags.iter().filter(|flag| flag.name == "from") {
            let value = Scope::at(view.text, view.file, copy.index).expand_flag(view.text, flag);
            let span = flag.value_span.unwrap_or(flag.span);
            match () {
                () if value.open => take("", span),
                () if is_stage(view, &value.text) => {}
                () => take(&value.text, span),
            }
        }
    }
    named.sort_by_key(|named| named.span);
    (named, open)
}

/// Whether a `--from` names a stage, by name or by number; a context of the build cannot be told from an image.
fn is_stage(view: BuildView<'_>, from: &str) -> bool {
    from.parse::<usize>().is_ok()
        || view.file.stages.iter().any(|stage| stage.name.as_deref() == Some(&from.to_ascii_lowercase()))
}

/// A fix that waits for what the registry says.
fn asks_the_registry(title: &str) -> Remedy {
    Remedy::change(title, Safety::Value, Vec::new())
}
