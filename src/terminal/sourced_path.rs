//! Tells whether a text with a path in it reads the file in as code, for templates.

/// The words of editors, shells and languages before the name of a file that is run or loaded.
const SOURCING: &str = "so sou sour sourc source ru runtime luafile luaf pyfile pyf py3file rubyfile rubyf perlfile mzfile \
    . ! exec execute execfile load load-file load-library runpy dofile loadfile require import include do run system \
    shell terminal term --load -l --script -S -u -U --rcfile --init-file --require --import --from-file --process-file";

/// True where the word before the path, or before the sign that joins both, loads a file: `:source {file}`,
/// `(load "{file}")`, `--rcfile={file}`, `-S{file}`.
pub(super) fn is_sourced(text: &str) -> bool {
    let places = ["{file}", "{text}"].into_iter().flat_map(|place| text.match_indices(place));
    let parameters = text.match_indices('$').filter(|(at, _)| is_parameter(&text[at + 1..]));
    places.chain(parameters).any(|(at, _)| ends_in_sourcing(&text[..at]))
}

/// True for what stands behind the sign of a numbered parameter, or of all.
pub(super) fn is_parameter(rest: &str) -> bool {
    rest.trim_start_matches('{').starts_with(|c: char| c.is_ascii_digit() || matches!(c, '@' | '*'))
}

fn ends_in_sourcing(before: &str) -> bool {
    let before = before.trim_end_matches(['"', '\'', '(', '=', ' ', '%']);
    let from = before.rfind(|c: char| !is_word_sign(c)).map_or(0, |at| at + 1);
    let word = before[from..].trim_start_matches(|c: char| c == '+' || c.is_ascii_digit());
    let word = word.strip_suffix('!').filter(|word| !word.is_empty()).unwrap_or(word);
    SOURCING.split_whitespace().any(|sourcing| sourcing == word)
}

const fn is_word_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '!' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_sourced_by_the_word_before_it() {
        for text in [
            "source {file}",
            "+so {file}",
            "so! {file}",
            ":!{file}",
            "(load \"{file}\")",
            "--rcfile={file}",
            "-S{file}",
            "+so $1",
        ] {
            assert!(is_sourced(text), "{text}");
        }
        for text in [
            "{file}",
            "e {file}",
            "(find-file \"{file}\")",
            "<C-N>:e +{line} {file}<CR>",
            "vi '{file}'",
            "{file}:7",
        ] {
            assert!(!is_sourced(text), "{text}");
        }
    }
}
