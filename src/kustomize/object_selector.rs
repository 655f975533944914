//! Finds the objects that a patch's or a replacement's target means.

use regex::Regex;

use super::build_fault::BuildFault;
use super::built_node::BuiltNode;
use super::built_object::BuiltObject;
use super::object_set::ObjectSet;

/// A target: each field that is there must match.
#[derive(Clone, Debug, Default)]
pub(super) struct ObjectSelector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: Vec<LabelDemand>,
    annotations: Vec<LabelDemand>,
}

/// One demand of a label selector.
#[derive(Clone, Debug)]
struct LabelDemand {
    key: String,
    /// The values that it may have; none for any.
    values: Option<Vec<String>>,
    is_negated: bool,
}

/// The fields that a target may have.
const FIELDS: [&str; 8] =
    ["group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector", "apiVersion"];

impl ObjectSelector {
    pub(super) fn from_node(node: &BuiltNode) -> Result<Self, BuildFault> {
        for entry in node.entries() {
            if !FIELDS.contains(&entry.key.as_str()) {
                return Err(BuildFault::new(format!("a target has no field `{}`", entry.key)));
            }
        }
        let pattern = |key: &str| -> Result<Option<Regex>, BuildFault> {
            match node.get(key).filter(|value| !value.is_null()) {
                None => Ok(None),
                Some(value) => match value.as_text() {
                    None => Err(BuildFault::new(format!("a target's `{key}` is no text"))),
                    Some("") => Ok(None),
                    Some(text) => anchored(text).map(Some),
                },
            }
        };
        Ok(Self {
            group: pattern("group")?,
            version: pattern("version")?,
            kind: pattern("kind")?,
            name: pattern("name")?,
            namespace: pattern("namespace")?,
            ..Self::of_notes(node)?
        })
    }

    /// The labels and annotations alone that a target demands.
    pub(super) fn of_notes(node: &BuiltNode) -> Result<Self, BuildFault> {
        let demands = |key: &str| node.text_at(&[key]).map_or_else(|| Ok(Vec::new()), parse_demands);
        let (labels, annotations) = (demands("labelSelector")?, demands("annotationSelector")?);
        Ok(Self { labels, annotations, ..Self::default() })
    }

    pub(super) fn has_notes(&self) -> bool {
        !self.labels.is_empty() || !self.annotations.is_empty()
    }

    pub(super) fn positions(&self, set: &ObjectSet) -> Vec<usize> {
        let has = |(at, object): (usize, &BuiltObject)| self.matches(object).then_some(at);
        set.objects.iter().enumerate().filter_map(has).collect()
    }

    pub(super) fn matches(&self, object: &BuiltObject) -> bool {
        let (id, first) = (object.id(), object.first_id());
        let fits =
            |pattern: &Option<Regex>, text: &str| pattern.as_ref().is_none_or(|regex| regex.is_match(text));
        (fits(&self.namespace, first.effective_namespace())
            || fits(&self.namespace, id.effective_namespace()))
            && (fits(&self.name, &first.name) || fits(&self.name, &id.name))
            && fits(&self.group, &id.group)
            && fits(&self.version, &id.version)
            && fits(&self.kind, &id.kind)
            && self.labels.iter().all(|demand| demand.holds(object.metadata_text("labels", &demand.key)))
            && self
                .annotations
                .iter()
                .all(|demand| demand.holds(object.metadata_text("annotations", &demand.key)))
    }
}

impl LabelDemand {
    fn holds(&self, value: Option<&str>) -> bool {
        let is_met = match (&self.values, value) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(values), Some(value)) => values.iter().any(|own| own == value),
        };
        is_met != self.is_negated
    }
}

/// Targets match whole texts.
fn anchored(text: &str) -> Result<Regex, BuildFault> {
    Regex::new(&format!("^(?:{text})$"))
        .map_err(|_| BuildFault::new(format!("`{text}` is no regular expression")))
}

/// Reads `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
fn parse_demands(selector: &str) -> Result<Vec<LabelDemand>, BuildFault> {
    if selector.trim().is_empty() {
        return Ok(Vec::new());
    }
    split_outside_brackets(selector)
        .into_iter()
        .map(|text| {
            let is_sound = |demand: &LabelDemand| {
                let mut values = demand.values.iter().flatten();
                is_label_key(&demand.key) && values.all(|value| value.is_empty() || is_label_word(value))
            };
            let refuse = || BuildFault::new(format!("`{}` is no label selector", text.trim()));
            parse_demand(text.trim()).filter(is_sound).ok_or_else(refuse)
        })
        .collect()
}

/// True for what may be the key of a label: a word, maybe behind a domain and a slash.
fn is_label_key(key: &str) -> bool {
    let (domain, word) = key.split_once('/').map_or((None, key), |(domain, word)| (Some(domain), word));
    let is_small = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    let is_part = |part: &str| {
        !part.is_empty() && !part.starts_with('-') && !part.ends_with('-') && part.chars().all(is_small)
    };
    is_label_word(word) && domain.is_none_or(|domain| domain.len() <= 253 && domain.split('.').all(is_part))
}

/// True for what may be the value of a label.
fn is_label_word(word: &str) -> bool {
    let is_end = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphanumeric());
    word.len() <= 63
        && is_end(word.chars().next())
        && is_end(word.chars().last())
        && word.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_.".contains(sign))
}

fn split_outside_brackets(selector: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, byte) in selector.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&selector[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&selector[start..]);
    parts
}

fn parse_demand(text: &str) -> Option<LabelDemand> {
    let demand = |key: &str, values: Option<Vec<String>>, is_negated| {
        Some(LabelDemand { key: key.trim().to_owned(), values, is_negated })
    };
    if let Some((key, set)) = text.split_once('(') {
        let values = set.strip_suffix(')')?.split(',').map(|it| it.trim().to_owned()).collect();
        return match key.split_whitespace().collect::<Vec<_>>()[..] {
            [key, "in"] => demand(key, Some(values), false),
            [key, "notin"] => demand(key, Some(values), true),
            _ => None,
        };
    }
    if let Some((key, value)) = text.split_once("!=") {
        return demand(key, Some(vec![value.trim().to_owned()]), true);
    }
    if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return demand(key, Some(vec![value.trim().to_owned()]), false);
    }
    text.strip_prefix('!').map_or_else(|| demand(text, None, false), |key| demand(key, None, true))
}
