//! `moving-tag`: a tag that is moved from one version to the next.

use super::{Fault, in_build, in_container};
use crate::finding::{ImageWant, Severity};
use crate::image::{Reference, TagKind};
use crate::rules::rule::page;
use crate::rules::{Check, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "moving-tag",
    severity: Severity::Info,
    theme: Theme::Image,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("moving-tag"),
    checks: &[
        Check::Build(|view, out| in_build(view, out, fault)),
        Check::Container(|view, out| in_container(view, out, fault)),
    ],
};

fn fault(image: &Reference) -> Option<Fault> {
    let tag = image.tag().filter(|tag| image.digest().is_none() && TagKind::of(tag) == TagKind::Moving)?;
    let message = format!("`{tag}` moves from one version to the next");
    Some(Fault { message, want: ImageWant::Version })
}
