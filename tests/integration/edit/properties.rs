//! Whatever the layout and whatever the order of the changes, an edit is right or refused.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use seaworthy::kubernetes::{MANIFEST_CONVENTIONS, parse_manifest};
use seaworthy::yaml::PathStep;
use seaworthy::yaml::edit::{EditRefusal, YamlEdit, apply_edits, verify_edits};
use serde_yaml::Value;

use super::hardening::{fixes, path, pods, value_at};
use super::layouts::LAYOUTS;
use super::repositories::lost_lines;

const BEFORE: &str = "# A neighbour.\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: first} # c\n---\n";
const AFTER: &str = "\n---\napiVersion: v1\nkind: ConfigMap\ndata:\n  text: |+\n    kept\n\n";

/// What else is asked for: entries and items that go.
const REMOVALS: [&str; 6] = [
    "dnsPolicy",
    "terminationGracePeriodSeconds",
    "containers[0].ports[0].hostPort",
    "containers[0].args[0]",
    "containers[0].securityContext.privileged",
    "containers[0].securityContext.capabilities.add[0]",
];

pub(crate) fn workloads() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/edit/workloads");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// A change of the layout alone.
#[derive(Clone, Debug)]
enum Mutation {
    Layout(Index),
    Comment(Index),
    BlankLine(Index),
    TrailingBlanks(Index),
    DoubleIndentation,
    Neighbours,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        2 => any::<Index>().prop_map(Mutation::Layout),
        5 => any::<Index>().prop_map(Mutation::Comment),
        2 => any::<Index>().prop_map(Mutation::BlankLine),
        1 => any::<Index>().prop_map(Mutation::TrailingBlanks),
        1 => Just(Mutation::DoubleIndentation),
        1 => Just(Mutation::Neighbours),
    ]
}

impl Mutation {
    fn of(&self, text: &str) -> Option<String> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let around = |at: &Index, edit: &dyn Fn(&str) -> String| {
            let at = at.index(lines.len());
            let edited = edit(lines[at]);
            [lines[..at].concat(), edited, lines[at + 1..].concat()].concat()
        };
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        match self {
            Self::Layout(index) => index.get(&LAYOUTS).1(text),
            Self::Comment(at) => Some(around(at, &|line| {
                let indentation = &line[..line.len() - line.trim_start_matches(' ').len()];
                format!("{indentation}# added{ending}{line}")
            })),
            Self::BlankLine(at) => Some(around(at, &|line| format!("{ending}{line}"))),
            Self::TrailingBlanks(at) => Some(around(at, &|line| match line.strip_suffix(ending) {
                Some(content) => format!("{content}  {ending}"),
                None => line.to_owned(),
            })),
            Self::DoubleIndentation => Some(lines.iter().map(|line| doubled(line)).collect()),
            Self::Neighbours => {
                Some(format!("{BEFORE}{text}{AFTER}").replace('\n', ending).replace("\r\r", "\r"))
            }
        }
    }
}

fn doubled(line: &str) -> String {
    let content = line.trim_start_matches(' ');
    let indentation = " ".repeat(2 * (line.len() - content.len()));
    match content.strip_prefix("- ") {
        Some(rest) => format!("{indentation}-   {rest}"),
        None => format!("{indentation}{content}"),
    }
}

/// The values that matter, whatever stands around them.
fn values(text: &str) -> Vec<Value> {
    parse_manifest(text)
        .documents
        .into_iter()
        .map(|d| d.value().clone())
        .filter(|value| !pods(value).is_empty())
        .collect()
}

/// The layout changed, one change after the other; those that would change a value are left out.
fn laid_out(text: &str, mutations: &[Mutation]) -> String {
    let wanted = values(text);
    let marked_within = |text: &str| text.rfind('\u{feff}').is_some_and(|at| at > 0);
    mutations.iter().fold(text.to_owned(), |text, mutation| {
        mutation.of(&text).filter(|new| !marked_within(new) && values(new) == wanted).unwrap_or(text)
    })
}

fn chosen(value: &Value, picks: &[Index]) -> Vec<YamlEdit> {
    let mut all: Vec<YamlEdit> = Vec::new();
    for pod in pods(value) {
        all.extend(fixes(value, &pod).pop().map(|(_, ops)| ops).unwrap_or_default());
        let removals = REMOVALS.iter().map(|below| [pod.as_slice(), &path(below)].concat());
        all.extend(
            removals.filter(|path| value_at(value, path).is_some()).map(|path| YamlEdit::Remove { path }),
        );
    }
    picks.iter().map(|pick| pick.get(&all).clone()).fold(Vec::new(), |mut ops, op| {
        let again =
            matches!(&op, YamlEdit::Remove { path } if matches!(path.last(), Some(PathStep::Index(_))));
        if !(again && ops.contains(&op)) {
            ops.push(op);
        }
        ops
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_is_right_or_refused(
        file in any::<Index>(),
        mutations in prop::collection::vec(mutation(), 0..8),
        picks in prop::collection::vec(any::<Index>(), 1..10),
    ) {
        let files = workloads();
        let text = laid_out(&file.get(&files).1, &mutations);
        let documents = parse_manifest(&text).documents;
        let document = documents.iter().position(|d| !pods(d.value()).is_empty()).unwrap();
        let ops = chosen(documents[document].value(), &picks);
        match apply_edits(MANIFEST_CONVENTIONS, &text, document, &ops) {
            Ok(after) => {
                let proof = verify_edits(MANIFEST_CONVENTIONS, &text, &after, document, &ops);
                prop_assert!(proof.is_ok(), "{proof:?}\n{ops:?}\n--- before\n{text}\n--- after\n{after}");
                let lost = lost_lines(&text, &after, &ops);
                prop_assert!(lost.is_empty(), "{lost:?}\n{ops:?}\n--- before\n{text}\n--- after\n{after}");
            }
            Err(reason) => prop_assert!(matches!(reason, EditRefusal::AttachedComment(_)), "{reason}\n{ops:?}\n{text}"),
        }
    }
}
