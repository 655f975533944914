//! Verifies that an edited Dockerfile is what its edits make of it, and nothing else, by two readers.

use std::collections::HashSet;

use crate::dockerfile::{
    Dockerfile, Instruction, InstructionKind, Keyword, SecondReading, parse, read_with_external,
};
use crate::finding::DockerfileEdit;

/// Verifies that `after` is what the edits make of `before`, and nothing else: read anew, each instruction that no edit
/// owns is still there, byte for byte and in order; heredocs and comments are untouched; nothing became unreadable.
/// That a second run changes nothing is the audit's to say: the findings are gone.
///
/// # Errors
/// The difference, for the screen.
pub(in crate::fix) fn verify_dockerfile(
    before: &str,
    after: &str,
    edits: &[&DockerfileEdit],
) -> Result<(), String> {
    let (old, new) = (parse(before), parse(after));
    if new.problems.len() > old.problems.len() {
        return Err("the edited file cannot be read".to_owned());
    }
    let edited = DockerfileComparison::new((before, &old), (after, &new), edits).edited_instructions()?;
    check_second_reading((before, &old), (after, &new), &edited)?;
    let comments = |text: &str, file: &Dockerfile| -> Vec<String> {
        file.comments.iter().map(|comment| comment.slice(text).trim_end().to_owned()).collect()
    };
    if !is_subsequence(&comments(before, &old), &comments(after, &new)) {
        return Err("the edit would lose a comment".to_owned());
    }
    let bodies = |text: &str, file: &Dockerfile| -> Vec<String> {
        let heredocs = file.instructions.iter().flat_map(|i| &i.heredocs);
        heredocs.map(|heredoc| heredoc.body.slice(text).to_owned()).collect()
    };
    if bodies(before, &old) != bodies(after, &new) {
        return Err("the edit would change a heredoc".to_owned());
    }
    if before.ends_with('\n') != after.ends_with('\n') {
        return Err("the edit would change the end of the file".to_owned());
    }
    Ok(())
}

/// An instruction that an edit changed, as it was and as it is; of one that is added there was none.
type EditedInstruction<'a> = (Option<&'a Instruction>, &'a Instruction);

/// Checks that the second parser reads each edited instruction as ours does. What it did not read before it need not
/// read after; what it read before and rejects now is withheld.
fn check_second_reading(
    (before, old): (&str, &Dockerfile),
    (after, new): (&str, &Dockerfile),
    edited: &[EditedInstruction<'_>],
) -> Result<(), String> {
    if edited.is_empty() {
        return Ok(());
    }
    let no_proof = |error| format!("a second reader cannot be started: {error}");
    let are: Vec<&Instruction> = edited.iter().map(|(_, is)| *is).collect();
    let readings = read_with_external(after, new, &are).map_err(no_proof)?;
    let is_doubt = |reading| matches!(reading, SecondReading::Different | SecondReading::Rejected);
    let doubted = edited.iter().zip(readings).filter(|(_, reading)| is_doubt(*reading));
    for ((was, is), _) in doubted {
        let earlier = match was {
            Some(was) => read_with_external(before, old, &[was]).map_err(no_proof)?.into_iter().next(),
            None => None,
        };
        if earlier.is_none_or(|earlier| earlier == SecondReading::Same) {
            let keyword = is.keyword.name();
            return Err(format!("a second reader does not read the edited `{keyword}` as it is meant"));
        }
    }
    Ok(())
}

struct DockerfileComparison<'a> {
    before: &'a str,
    after: &'a str,
    old_file: &'a Dockerfile,
    new_file: &'a Dockerfile,
    sets_user: bool,
    /// What is inserted.
    texts: HashSet<&'a str>,
    /// The instructions that go, and those that are reworded, by their indexes.
    removed: HashSet<usize>,
    reworded: HashSet<usize>,
}

impl<'a> DockerfileComparison<'a> {
    fn new(
        (before, old_file): (&'a str, &'a Dockerfile),
        (after, new_file): (&'a str, &'a Dockerfile),
        edits: &[&'a DockerfileEdit],
    ) -> Self {
        let (texts, removed, reworded) = (HashSet::new(), HashSet::new(), HashSet::new());
        let mut own = Self { before, after, old_file, new_file, sets_user: false, texts, removed, reworded };
        for edit in edits {
            match edit {
                DockerfileEdit::SetUser => own.sets_user = true,
                DockerfileEdit::InsertBefore { text, .. } => drop(own.texts.insert(text.trim_end())),
                DockerfileEdit::CommentOut { instruction }
                | DockerfileEdit::RemoveInstruction { instruction } => {
                    own.removed.insert(*instruction);
                }
                DockerfileEdit::UseExecForm { instruction }
                | DockerfileEdit::ReplaceWords { instruction, .. } => {
                    own.reworded.insert(*instruction);
                }
            }
        }
        own
    }

    /// The instructions that differ, where nothing differs but what the edits say.
    fn edited_instructions(&self) -> Result<Vec<EditedInstruction<'a>>, String> {
        let mut edited: Vec<EditedInstruction<'a>> = Vec::new();
        let mut rest = self.new_file.instructions.iter().peekable();
        for old in &self.old_file.instructions {
            if self.is_removed(old) {
                continue;
            }
            while let Some(new) = rest.next_if(|new| !self.matches_edit(old, new) && self.is_added(new)) {
                edited.push((None, new));
            }
            let same = rest.next().filter(|new| self.matches_edit(old, new));
            if let Some(new) = same {
                if old.span.slice(self.before).trim_end() != new.span.slice(self.after).trim_end() {
                    edited.push((Some(old), new));
                }
            } else {
                let line = self.before.get(..old.span.start).unwrap_or_default().matches('\n').count() + 1;
                return Err(format!("the edit would change more than it should, at line {line}"));
            }
        }
        for new in rest {
            if !self.is_added(new) {
                return Err("the edit would add an instruction".to_owned());
            }
            edited.push((None, new));
        }
        Ok(edited)
    }

    fn is_removed(&self, old: &Instruction) -> bool {
        self.removed.contains(&old.index)
    }

    /// Whether an edit says that such an instruction is to be added.
    fn is_added(&self, new: &Instruction) -> bool {
        self.sets_user && matches!(new.kind, InstructionKind::User(_) | InstructionKind::Run(_))
            || self.texts.contains(new.span.slice(self.after).trim_end())
    }

    /// Whether `new` is `old`, or what an edit may make of it.
    fn matches_edit(&self, old: &Instruction, new: &Instruction) -> bool {
        let (was, is) = (old.span.slice(self.before), new.span.slice(self.after));
        if was.trim_end() == is.trim_end() {
            return true;
        }
        let readable = new.kind != InstructionKind::Opaque || old.kind == InstructionKind::Opaque;
        let is_reworded = || self.reworded.contains(&old.index) && may_become(old.keyword, new.keyword);
        readable && (self.sets_user && is_renumbered(old, new, was, is) || is_reworded())
    }
}

/// True where a reworded instruction may have this keyword.
fn may_become(old: Keyword, new: Keyword) -> bool {
    old == new || matches!((old, new), (Keyword::Add, Keyword::Copy) | (Keyword::Maintainer, Keyword::Label))
}

/// True where nothing but an account's number differs.
fn is_renumbered(old: &Instruction, new: &Instruction, was: &str, is: &str) -> bool {
    match (&old.kind, &new.kind) {
        (InstructionKind::User(_), InstructionKind::User(word)) => {
            word.text.split(':').all(|id| id.parse::<u32>().is_ok())
                || word.has_variables && without_digits(was) == without_digits(is)
        }
        (InstructionKind::Run(_), InstructionKind::Run(_)) => is_renumbered_run(was, is),
        (InstructionKind::Arg(_), InstructionKind::Arg(_))
        | (InstructionKind::Env(_), InstructionKind::Env(_)) => without_digits(was) == without_digits(is),
        (InstructionKind::Copy { .. }, InstructionKind::Copy { .. }) => {
            let was = without_owner(old, was);
            was.is_some() && was == without_owner(new, is)
        }
        _ => false,
    }
}

/// True where nothing differs but numbers: one in another's place, or in that of a name that an option gives the owner
/// or the group (`install -o app`).
fn is_renumbered_run(was: &str, is: &str) -> bool {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let old: Vec<&str> = was.split_inclusive(char::is_whitespace).collect();
    let new: Vec<&str> = is.split_inclusive(char::is_whitespace).collect();
    let mut before = "";
    old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| {
            let word = new.trim_end();
            let option = std::mem::replace(&mut before, word);
            let joined = ["--owner=", "--group=", "-o", "-g"]
                .iter()
                .any(|option| old.starts_with(option) && word.strip_prefix(option).is_some_and(is_number));
            let by_option = matches!(option, "-o" | "-g" | "--owner" | "--group") && is_number(word);
            joined || by_option || without_digits(old) == without_digits(new)
        })
}

/// The text with each number as one mark.
fn without_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// The text without the value of its `--chown`.
fn without_owner(instruction: &Instruction, text: &str) -> Option<String> {
    let flag = instruction.flags.iter().find(|flag| flag.name == "chown")?;
    let owner = flag.value_span?;
    let (start, end) = (owner.start - instruction.span.start, owner.end - instruction.span.start);
    Some(format!("{}{}", text.get(..start)?, text.get(end..)?))
}

fn is_subsequence(small: &[String], big: &[String]) -> bool {
    let mut rest = big.iter();
    small.iter().all(|wanted| rest.any(|found| found == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn an_instruction_that_a_second_reader_reads_otherwise_is_no_fix() {
        let before = "FROM alpine:3.20\nCMD node server.js\n";
        let edit =
            DockerfileEdit::ReplaceWords { instruction: 1, span: Span::new(21, 35), to: String::new() };
        let good = before.replace("node server.js", "[\"node\", \"server.js\"]");
        assert_eq!(verify_dockerfile(before, &good, &[&edit]), Ok(()));
        let odd = before.replace("node server.js", "['node', 'server.js']");
        let reason = verify_dockerfile(before, &odd, &[&edit]).expect_err("two readers differ");
        assert!(reason.contains("second reader"), "{reason}");
    }
}
