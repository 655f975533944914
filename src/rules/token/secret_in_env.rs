//! Reports a password, a key or a token that is written out (`secret-in-env`).

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::finding::Severity;
use crate::kubernetes::model::ConfigData;
use crate::rules::possible_secret::may_be_secret;
use crate::rules::rule_definition::page;
use crate::rules::secret_detection::{is_secret_value, mask_secret};
use crate::rules::{
    ContainerView, DocumentView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
    is_secret_name,
};
use crate::text::Span;
use crate::yaml::path;
use crate::yaml::yaml_tree::YamlTree;

pub(crate) static RULE: Rule = Rule {
    id: "secret-in-env",
    severity: Severity::High,
    theme: RuleTheme::Token,
    decision: RuleDecision::WrittenSecret,
    article: false,
    kinds: RuleKinds::Objects(&["ConfigMap"]),
    text: page!("secret-in-env"),
    checks: &[RuleCheck::Container(check_container), RuleCheck::Document(check_config_maps)],
};

/// The literal values of the container's `env`; what comes from a Secret is not written here.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let referred = ReferredNames::new(&view.pod.document.tree);
    let variables = view.container.model.env.valid_items();
    let found: Vec<(usize, &str, &str)> = variables
        .filter_map(|(at, variable)| {
            Some((at, variable.name.get()?.as_str(), variable.value.get()?.as_str()))
        })
        .filter(|(_, name, value)| is_secret(name, value) && !names_object(&referred, name, value))
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
    is_secret_value(value) || (is_secret_name(name) && may_be_secret(value))
}

/// True for the name of an object that holds the secret: one that the document refers to elsewhere, or one that ends as
/// such names do, under a variable that asks for one (`TLS_SECRET: gate-tls-secret`).
fn names_object(referred: &ReferredNames<'_>, name: &str, value: &str) -> bool {
    let endings = ["secret", "secrets", "credentials", "creds", "tls", "cert"];
    let asks =
        ["SECRET", "CREDENTIAL", "CREDENTIALS"].iter().any(|end| name.to_ascii_uppercase().ends_with(end));
    let is_label =
        value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.');
    let ends = value.rsplit_once('-').is_some_and(|(_, end)| endings.contains(&end));
    asks && is_label && ends || referred.names().contains(value)
}

/// The names of the Secrets that a document refers to, gathered when the first is asked for: there may be very many
/// variables.
struct ReferredNames<'a> {
    tree: &'a YamlTree,
    names: OnceCell<HashSet<&'a str>>,
}

impl<'a> ReferredNames<'a> {
    const fn new(tree: &'a YamlTree) -> Self {
        Self { tree, names: OnceCell::new() }
    }

    fn names(&self) -> &HashSet<&'a str> {
        let tree = self.tree;
        let find = || {
            let mappings = tree.node_ids().filter(|id| tree.is_mapping(*id));
            let nodes = mappings.flat_map(|id| {
                let references = ["secretRef", "secretKeyRef", "nodePublishSecretRef"];
                let reference = references.iter().find_map(|key| tree.get(id, key));
                [tree.get(id, "secretName"), reference.and_then(|id| tree.get(id, "name"))]
            });
            nodes.flatten().filter_map(|id| tree.scalar_text(id)).collect()
        };
        self.names.get_or_init(find)
    }
}

/// Names what holds a secret, and shows no more of the first than its beginning.
fn secret_message(names: &[&str], value: &str) -> String {
    let others = match names.len() {
        0 | 1 => String::new(),
        _ => format!(", and so are {}", names[1..].join(", ")),
    };
    format!("`{}` is written out (`{}`){others}", names.first().unwrap_or(&""), mask_secret(value))
}
