//! Holds the words and the user that an image is started with, for the needs that hang on them.

use crate::image::known::{ImageNeeds, RootDrop};

/// The start of an image.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImageStart<'a> {
    /// The image in a sentence, as a person knows it: `redis:7.2`, or `its base redis:7.2`.
    pub image: &'a str,
    /// The words that take the place of the image's entrypoint, where there are any.
    pub command: Option<&'a [String]>,
    /// The words that take the place of its CMD.
    pub args: Option<&'a [String]>,
    /// True where it is said to start as uid 0, false where as another. Without it the image decides.
    pub is_root: Option<bool>,
    /// The capabilities that it is given, by Kubernetes' names.
    pub granted: &'a [String],
}

impl ImageStart<'_> {
    /// True where the image's own entrypoint runs.
    pub(super) fn runs_entrypoint(&self) -> bool {
        self.command.is_none_or(|words| words.iter().any(|word| names_entrypoint(word)))
    }

    /// True where what the image does as root is done in this start.
    pub(super) fn prepares(&self, needs: &ImageNeeds) -> bool {
        let Some(root) = &needs.as_root else { return false };
        if self.runs_entrypoint() {
            // An option is put behind the image's own program, which its CMD names too.
            return self.first_word().is_none_or(|word| word.starts_with('-') || needs.prepares(word));
        }
        let program = self.command.and_then(<[String]>::first).map(|word| file_name(word));
        root.drops == RootDrop::Program
            && !root.commands.is_empty()
            && program.is_some_and(|name| needs.prepares(name))
    }

    /// The first word that the entrypoint gets, where it is not the image's own CMD.
    fn first_word(&self) -> Option<&str> {
        let after_entrypoint = |words: &'_ [String]| words.iter().position(|word| names_entrypoint(word));
        let given = match self.command {
            Some(words) => after_entrypoint(words).and_then(|at| words.get(at + 1)),
            None => None,
        };
        // A script of `sh -c` holds the word within.
        given.or_else(|| self.args?.first()).map(String::as_str)
    }
}

fn names_entrypoint(word: &str) -> bool {
    word.contains("entrypoint")
}

fn file_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}
