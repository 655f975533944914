//! Reads the commands that a manifest gives a container, each word with its place: at its start, in hooks and probes.

use super::PodPlace;
use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::{SimpleCommand, parse_script_text, script_word};
use crate::kubernetes::Container;
use crate::text::Span;
use crate::yaml::yaml_tree::NodeId;

/// A command that a manifest gives a container.
pub(super) struct ContainerCommand {
    pub occasion: CommandOccasion,
    /// The command itself, then those of the script that it gives a shell, in the order they begin.
    pub commands: Vec<SimpleCommand>,
}

/// The occasion on which a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandOccasion {
    /// At the start, in the place of the image's entrypoint.
    Start,
    /// At the start, as the words that the image's entrypoint is handed, or as all of it where there is none.
    Arguments,
    /// Before or after the program's run, or to see how it is.
    Hook(&'static str),
}

impl CommandOccasion {
    /// True for what the container itself is started with.
    pub(super) fn is_start(self) -> bool {
        !matches!(self, Self::Hook(_))
    }
}

/// The commands of hooks and probes: the way to each from its container.
const HOOKS: [(&[&str], &str); 5] = [
    (&["lifecycle", "postStart", "exec", "command"], "postStart hook"),
    (&["lifecycle", "preStop", "exec", "command"], "preStop hook"),
    (&["livenessProbe", "exec", "command"], "liveness probe"),
    (&["readinessProbe", "exec", "command"], "readiness probe"),
    (&["startupProbe", "exec", "command"], "startup probe"),
];

/// The commands of a container, in the order of their occasions.
pub(super) fn read_commands(place: PodPlace<'_>, container: &Container) -> Vec<ContainerCommand> {
    let mut all = Vec::new();
    let (command, args) =
        (read_words(place, container, &["command"]), read_words(place, container, &["args"]));
    let occasion = if command.is_empty() { CommandOccasion::Arguments } else { CommandOccasion::Start };
    add_command(place, occasion, [command, args].concat(), &mut all);
    for (path, name) in HOOKS {
        add_command(place, CommandOccasion::Hook(name), read_words(place, container, path), &mut all);
    }
    all
}

/// A word of a list, with its node.
type ListedWord = (NodeId, SpannedWord);

fn read_words(place: PodPlace<'_>, container: &Container, path: &[&str]) -> Vec<ListedWord> {
    let tree = &place.document.tree;
    let list = path.iter().try_fold(container.node, |node, key| tree.get_resolved(node, key));
    let items = list.map(|list| tree.items(list)).unwrap_or_default();
    let word = |item: &NodeId| {
        let node = tree.resolve_alias(*item);
        let text = tree.scalar_text(node)?.to_owned();
        Some((node, SpannedWord { span: tree.span(node), has_variables: text.contains("$("), text }))
    };
    items.iter().filter_map(word).collect()
}

fn add_command(
    place: PodPlace<'_>,
    occasion: CommandOccasion,
    listed: Vec<ListedWord>,
    all: &mut Vec<ContainerCommand>,
) {
    let words: Vec<SpannedWord> = listed.iter().map(|(_, word)| word.clone()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    let span = first.span.to(last.span);
    // Arguments that begin with `-c` are for a shell that the image starts.
    let script = match words.as_slice() {
        [flag, _, ..] if flag.text == "-c" && occasion == CommandOccasion::Arguments => Some(1),
        words => script_word(words),
    };
    let script = script.and_then(|at| listed.get(at));
    let mut commands = vec![SimpleCommand { words, span, ..SimpleCommand::default() }];
    if let Some((node, word)) = script {
        let to_file = |part: Span| place.document.tree.span_in_scalar(*node, part);
        let found = parse_script_text(&word.text).commands.into_iter();
        commands.extend(found.map(|command| move_command(command, to_file)));
    }
    all.push(ContainerCommand { occasion, commands });
}

/// The same command with its places in the file.
fn move_command(mut command: SimpleCommand, to_file: impl Fn(Span) -> Span) -> SimpleCommand {
    command.span = to_file(command.span);
    let targets = command.redirections.iter_mut().map(|redirection| &mut redirection.target);
    for word in command.assignments.iter_mut().chain(&mut command.words).chain(targets) {
        word.span = to_file(word.span);
    }
    command
}
