//! `unpinned-image`: the same name may be another image tomorrow.

use super::{Fault, in_build, in_container};
use crate::finding::{ImageWant, Severity};
use crate::image::Reference;
use crate::rules::rule::page;
use crate::rules::{Check, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "unpinned-image",
    severity: Severity::Medium,
    theme: Theme::Image,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("unpinned-image"),
    checks: &[
        Check::Build(|view, out| in_build(view, out, fault)),
        Check::Container(|view, out| in_container(view, out, fault)),
    ],
};

/// A digest of a registered algorithm, whole (OCI image specification, "Digests").
fn fault(image: &Reference) -> Option<Fault> {
    if image.is_pinned() {
        return None;
    }
    let message = match image.digest() {
        Some(_) => format!("the digest of `{}` is not well formed", image.familiar_name()),
        None => format!("`{}` is not pinned by its digest", image.text()),
    };
    Some(Fault { message, want: ImageWant::Digest })
}
