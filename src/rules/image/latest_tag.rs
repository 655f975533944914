//! `latest-tag`: whatever was pushed last.

use super::{Fault, in_build, in_container};
use crate::finding::{ImageWant, Severity};
use crate::image::Reference;
use crate::rules::rule::page;
use crate::rules::{Check, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "latest-tag",
    severity: Severity::Medium,
    theme: Theme::Image,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("latest-tag"),
    checks: &[
        Check::Build(|view, out| in_build(view, out, fault)),
        Check::Container(|view, out| in_container(view, out, fault)),
    ],
};

fn fault(image: &Reference) -> Option<Fault> {
    let latest = image.tag() == Some("latest") && image.digest().is_none();
    latest.then(|| {
        let message = format!("`{}` is whatever was pushed last", image.text());
        Fault { message, want: ImageWant::Version }
    })
}
