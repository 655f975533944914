//! `untagged-image`: no tag, which means `latest`.

use super::{Fault, in_build, in_container};
use crate::finding::{ImageWant, Severity};
use crate::image::Reference;
use crate::rules::rule::page;
use crate::rules::{Check, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "untagged-image",
    severity: Severity::Medium,
    theme: Theme::Image,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("untagged-image"),
    checks: &[
        Check::Build(|view, out| in_build(view, out, fault)),
        Check::Container(|view, out| in_container(view, out, fault)),
    ],
};

fn fault(image: &Reference) -> Option<Fault> {
    let untagged = image.tag().is_none() && image.digest().is_none();
    untagged.then(|| {
        let message = format!("`{}` has no tag, which means `latest`", image.text());
        Fault { message, want: ImageWant::Version }
    })
}
