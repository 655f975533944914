//! Finds in a script what may hand a parameter on unseen, for templates: what is in doubt counts as a command.

use crate::dockerfile::shell::{CommandConnector, ShellScript, is_reserved};

/// Commands that make code of a text, or keep a text for later, wherever their words come from.
const UNSEEN_WORDS: [&str; 6] = ["eval", "trap", "alias", "mapfile", "readarray", "coproc"];
/// Loops give their variable one value after another.
const LOOPS: [&str; 4] = ["for", "select", "foreach", "repeat"];
/// Heredocs and strings as input, substituted processes and arithmetic, in which a name runs what stands in its index.
const UNSEEN_SIGNS: [&str; 5] = ["<<", "<(", ">(", "((", "$["];

/// True where a text may go from the script's parameters into a variable, an input, a file or a formula, where the
/// words of its commands do not show it.
pub(super) fn may_hand_on(script: &str, parsed: &ShellScript) -> bool {
    let mut words = script.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    words.any(|word| UNSEEN_WORDS.contains(&word))
        || UNSEEN_SIGNS.iter().any(|sign| script.contains(sign))
        || parsed.commands.iter().any(|command| command.connector == CommandConnector::Pipe)
        || has_loop(script)
        || writes_file(script)
        || script.split("${").skip(1).any(|rest| !is_plain_expansion(rest))
}

/// True where a loop may begin: its word is the first of a command.
fn has_loop(script: &str) -> bool {
    script.split([';', '\n', '|', '&', '(', ')', '{', '}', '`']).any(|command| {
        let mut words =
            command.split_whitespace().skip_while(|word| is_reserved(word) && !LOOPS.contains(word));
        words.next().is_some_and(|word| LOOPS.contains(&word))
    })
}

/// True where an output may go into a file.
fn writes_file(script: &str) -> bool {
    script.split('>').skip(1).any(|rest| {
        let target = rest.trim_start_matches(['&', '|', ' ']);
        !(target.is_empty()
            || target.starts_with("/dev/null")
            || target.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// True where `${…}`, here behind its sign, gives a text as it is, or a part of it; not where it evaluates the text
/// (`${1@P}`, `${!1}`, `${a[$1]}`) or keeps it (`${m:=$1}`).
fn is_plain_expansion(rest: &str) -> bool {
    let Some((inner, _)) = rest.split_once('}') else { return false };
    let name = inner.strip_prefix('#').unwrap_or(inner);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    let (name, form) = match name.strip_prefix(['@', '*']) {
        Some(form) => ("@", form),
        None => name.split_at(end),
    };
    let is_form = form.is_empty() || form.starts_with(['#', '%', '-', '+', '/']) || form.starts_with(":-");
    !name.is_empty() && is_form && !form.contains(['$', '[', '@', '`'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::shell::parse_script_text;

    #[test]
    fn what_only_starts_programs_is_seen() {
        for script in [
            "vi \"$1\"",
            "${EDITOR:-vi} -- \"$1\" 2>/dev/null >&2",
            "cd \"${1%/*}\" && exec vi \"${1##*/}\"",
            "case \"$1\" in *.yaml) vi -R \"$1\";; esac",
            "notify-send \"new for you\" \"$1\"",
        ] {
            assert!(!may_hand_on(script, &parse_script_text(script)), "{script}");
        }
    }

    #[test]
    fn what_is_handed_on_is_in_doubt() {
        for script in [
            "sh <<E\n$1\nE",
            "for m; do x; done",
            "if true; then for m in \"$@\"; do x; done; fi",
            "echo \"${1@P}\"",
            "echo \"${!1}\"",
            ": \"${m:=$1}\"",
            "echo \"$((a[$1]))\"",
            "{ ls \"$1\"; } > x",
            "{ echo \"$1\"; echo; } | sh",
            "mapfile -C \"$1\" -c 1",
            "builtin eval x",
        ] {
            assert!(may_hand_on(script, &parse_script_text(script)), "{script}");
        }
    }
}
