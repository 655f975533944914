//! Reports a password, a key or a token that is written out (`secret-in-env`).

use crate::finding::Severity;
use crate::kubernetes::model::ConfigData;
use crate::rules::rule_definition::page;
use crate::rules::{
    ContainerView, DocumentView, FindingCollector, Rule, RuleCheck, RuleKinds, RuleTheme, secret_detection,
};
use crate::text::Span;
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "secret-in-env",
    severity: Severity::High,
    theme: RuleTheme::Token,
    article: false,
    kinds: RuleKinds::Objects(&["ConfigMap"]),
    text: page!("secret-in-env"),
    checks: &[RuleCheck::Container(check_container), RuleCheck::Document(check_config_maps)],
};

/// The literal values of the container's `env`; what comes from a Secret is not written here.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let variables = view.container.model.env.valid_items();
    let found: Vec<(usize, &str, &str)> = variables
        .filter_map(|(at, variable)| {
            Some((at, variable.name.get()?.as_str(), variable.value.get()?.as_str()))
        })
        .filter(|(_, name, value)| is_secret(name, value))
        .collect();
    let Some((at, _, value)) = found.first() else { return };
    let span = view.container.span_of(&path!["env", *at, "value"]).unwrap_or(view.label_span());
    let names: Vec<&str> = found.iter().map(|(_, name, _)| *name).collect();
    out.report(span, secret_message(&names, value), Ok(None));
}

fn check_config_maps(view: &DocumentView<'_>, out: &mut FindingCollector<'_>) {
    for object in view.objects_of("", &["ConfigMap"]) {
        let map: ConfigData = view.document.deserialize_node(object.root);
        let entries = map.data.get().into_iter().flatten();
        let texts = entries.filter_map(|(key, value)| Some((key.as_str(), value.get()?.as_str()?)));
        let place = |key: &str| view.value_or_kind_span(object, &path!["data", key]);
        let secrets = texts.filter(|(key, value)| is_secret(key, value));
        let mut found: Vec<(Span, &str, &str)> =
            secrets.map(|(key, value)| (place(key), key, value)).collect();
        found.sort_unstable_by_key(|(span, ..)| *span);
        let Some((span, _, value)) = found.first() else { continue };
        let names: Vec<&str> = found.iter().map(|(_, key, _)| *key).collect();
        out.report_object(object, *span, secret_message(&names, value), Ok(None));
    }
}

fn is_secret(name: &str, value: &str) -> bool {
    secret_detection::is_secret_value(value)
        || (secret_detection::is_secret_name(name) && secret_detection::may_be_secret(value))
}

/// Names what holds a secret, and shows no more of the first than its beginning.
fn secret_message(names: &[&str], value: &str) -> String {
    let others = match names.len() {
        0 | 1 => String::new(),
        _ => format!(", and so are {}", names[1..].join(", ")),
    };
    format!(
        "`{}` is written out (`{}`){others}",
        names.first().unwrap_or(&""),
        secret_detection::mask_secret(value)
    )
}
