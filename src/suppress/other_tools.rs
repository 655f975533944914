//! Reads other tools' suppressions, for the rules that they map to; a rule's page names them.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use crate::finding::InlineSuppression;
use crate::rules::ALL_RULES;
use crate::text::{Span, WordMatcher};

/// The words of which a manifest with any suppression has one: spares most files the search.
const SUPPRESSION_MARKS: [&str; 8] = [
    "seaworthy:",
    "checkov",
    "bridgecrew:skip=",
    "cortex:skip=",
    "trivy:ignore:",
    "kube-linter.io/",
    "polaris.fairwinds.com/",
    "kube-score/ignore",
];

static MARK_MATCHER: LazyLock<WordMatcher> = LazyLock::new(|| WordMatcher::new(SUPPRESSION_MARKS));

/// True when a manifest may hold suppressions at all.
#[must_use]
pub fn may_hold_suppressions(text: &str) -> bool {
    MARK_MATCHER.any_in(text)
}

/// A `# check=` directive of BuildKit: `skip=JSONArgsRecommended,StageNameCasing;error=true`, or `skip=all`.
pub(super) fn parse_check_directive(value: &str, file: Span) -> Option<InlineSuppression> {
    let skip = value.split(';').find_map(|option| option.trim().strip_prefix("skip="))?;
    let rules = if skip.trim() == "all" {
        rules_known_to_tool("buildkit")
    } else {
        rules_for_tool_ids("buildkit", skip.split(','))
    };
    tool_suppression("buildkit", rules, None, Some(file))
}

/// The suppression in a comment of a Dockerfile: `# hadolint ignore=…`, `# hadolint global ignore=…`, `# tally
/// ignore=…`, `# checkov:skip=ID:reason`, `# trivy:ignore:ID`. Checkov's words reach the file, wherever they stand.
pub(super) fn parse_dockerfile_comment(
    comment: &str,
    next: Option<Span>,
    file: Span,
) -> Option<InlineSuppression> {
    let words = comment.trim_start_matches('#').trim();
    for tool in ["hadolint", "tally"] {
        let Some(rest) = words.strip_prefix(tool).filter(|rest| rest.starts_with([' ', '\t'])) else {
            continue;
        };
        let rest = rest.trim_start();
        let (rest, reach) = match rest.strip_prefix("global") {
            Some(rest) => (rest.trim_start(), Some(file)),
            None => (rest, next),
        };
        let ids = rest.strip_prefix("ignore=")?;
        let (ids, reason) = match ids.split_once(';').or_else(|| ids.split_once(" #")) {
            Some((ids, reason)) => (ids, reason.trim().trim_start_matches("reason=")),
            None => (ids, ""),
        };
        return tool_suppression(tool, rules_for_tool_ids(tool, ids.split(',')), Some(reason), reach);
    }
    parse_checkov(words, Some(file)).or_else(|| parse_trivy(words, next))
}

/// The suppression in a comment of a manifest. Checkov's words reach the document, wherever they stand in it.
pub(super) fn parse_manifest_comment(
    comment: &str,
    next: impl FnOnce() -> Option<Span>,
    document: Option<Span>,
) -> Option<InlineSuppression> {
    let words = comment.trim_start_matches('#').trim();
    parse_checkov(words, document)
        .or_else(|| if words.contains(TRIVY_MARK) { parse_trivy(words, next()) } else { None })
}

/// The suppression in an object's annotation, which reaches the object.
pub(super) fn parse_annotation(key: &str, value: &str, object: Span) -> Option<InlineSuppression> {
    let reach = Some(object);
    if let Some(check) = key.strip_prefix("ignore-check.kube-linter.io/") {
        return tool_suppression(
            "kube-linter",
            rules_for_tool_ids("kube-linter", [check].into_iter()),
            Some(value),
            reach,
        );
    }
    if key == "kube-linter.io/ignore-all" {
        return tool_suppression("kube-linter", rules_known_to_tool("kube-linter"), Some(value), reach);
    }
    if key.strip_prefix("checkov.io/skip").is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit())) {
        let (id, reason) = value.split_once('=').unwrap_or((value, ""));
        return tool_suppression(
            "checkov",
            rules_for_tool_ids("checkov", [id].into_iter()),
            Some(reason),
            reach,
        );
    }
    if key == "kube-score/ignore" {
        return tool_suppression(
            "kube-score",
            rules_for_tool_ids("kube-score", value.split(',')),
            None,
            reach,
        );
    }
    let exempt = key.strip_prefix("polaris.fairwinds.com/").filter(|_| value == "true")?;
    let rules = match exempt.strip_suffix("-exempt") {
        Some(check) => rules_for_tool_ids("polaris", [check].into_iter()),
        None if exempt == "exempt" => rules_known_to_tool("polaris"),
        None => return None,
    };
    tool_suppression("polaris", rules, None, reach)
}

/// `checkov:skip=CKV_DOCKER_3:reason`, of several checks with commas between them; the tool also goes by two other names.
fn parse_checkov(words: &str, reach: Option<Span>) -> Option<InlineSuppression> {
    let rest = CHECKOV_NAMES.iter().find_map(|name| words.strip_prefix(name)?.strip_prefix(":skip="))?;
    let (ids, reason) = rest.split_once(':').unwrap_or((rest, ""));
    tool_suppression("checkov", rules_for_tool_ids("checkov", ids.split(',')), Some(reason), reach)
}

const CHECKOV_NAMES: [&str; 3] = ["checkov", "bridgecrew", "cortex"];

const TRIVY_MARK: &str = "trivy:ignore:";

/// `trivy:ignore:DS-0002`, several of them after each other. One with an end date or a scope is left alone: what may
/// have run out is not called allowed.
fn parse_trivy(words: &str, reach: Option<Span>) -> Option<InlineSuppression> {
    let ids = words.split_whitespace().map_while(|word| word.strip_prefix(TRIVY_MARK));
    tool_suppression("trivy", rules_for_tool_ids("trivy", ids.filter(|id| !id.contains(':'))), None, reach)
}

fn tool_suppression(
    by: &'static str,
    rules: Vec<&'static str>,
    reason: Option<&str>,
    reach: Option<Span>,
) -> Option<InlineSuppression> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    (!rules.is_empty()).then(|| InlineSuppression { source: by, rules, reason, reach, comment: None })
}

/// Our rules by the tools' names for them.
fn rules_by_tool_id() -> &'static HashMap<(&'static str, String), Vec<&'static str>> {
    static MAPPING: OnceLock<HashMap<(&'static str, String), Vec<&'static str>>> = OnceLock::new();
    MAPPING.get_or_init(|| {
        let mut mapping: HashMap<_, Vec<&'static str>> = HashMap::new();
        for rule in ALL_RULES {
            for (tool, ids) in rule.parse_page().tool_ids() {
                for id in ids.split(',').map(canonical_tool_id) {
                    mapping.entry((tool, id)).or_default().push(rule.id);
                }
            }
        }
        mapping
    })
}

fn rules_for_tool_ids<'i>(tool: &'static str, ids: impl Iterator<Item = &'i str>) -> Vec<&'static str> {
    let mut rules: Vec<_> = ids
        .filter_map(|id| rules_by_tool_id().get(&(tool, canonical_tool_id(id))))
        .flatten()
        .copied()
        .collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// All rules that a tool has a name for.
fn rules_known_to_tool(tool: &str) -> Vec<&'static str> {
    let known =
        |rule: &&crate::rules::Rule| rule.parse_page().tool_ids().iter().any(|(name, _)| *name == tool);
    ALL_RULES.iter().copied().filter(known).map(|rule| rule.id).collect()
}

/// An id as it is compared: the forms that trivy takes for one check (`AVD-DS-0002`, `DS002`, `DS-0002`) are one.
fn canonical_tool_id(id: &str) -> String {
    let id = id.trim().to_ascii_lowercase();
    let id = id.strip_prefix("avd-").unwrap_or(&id);
    let number = id.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let (letters, digits) = (&id[..id.len() - number.len()], number.trim_start_matches('-'));
    match (letters, digits.parse::<u32>()) {
        ("ds" | "ksv", Ok(number)) => format!("{letters}-{number}"),
        _ => id.to_owned(),
    }
}
