//! Marks the parts of a text that only a build itself knows, for the readers of build files.

/// Stands for text that is not known.
pub(super) const UNKNOWN: char = '\u{fffc}';
/// Stands for the name of a platform, such as `amd64`.
pub(super) const UNKNOWN_PLATFORM: char = '\u{fffb}';
/// Stands for the repository's root at the beginning of a path.
pub(super) const ROOT: char = '\u{fff9}';

/// Marks that begin, part and end the values that a text may have: which of them, a condition decides that is not known.
const CHOICE: [char; 3] = ['\u{fff2}', '\u{fff3}', '\u{fff4}'];
/// The most values of a choice that are followed.
const MAX_CHOICES: usize = 6;

/// A text that is one or the other.
pub(super) fn either_text(one: &str, other: &str) -> String {
    let [begin, part, end] = CHOICE;
    let values = one.strip_prefix(begin).and_then(|inner| inner.strip_suffix(end)).unwrap_or(one);
    if values.split(part).any(|value| value == other) {
        return one.to_owned();
    }
    if values.contains([begin, end])
        || other.contains(CHOICE)
        || values.matches(part).count() + 2 > MAX_CHOICES
    {
        return UNKNOWN.to_string();
    }
    format!("{begin}{values}{part}{other}{end}")
}

/// The texts that a text with choices may be: the first values of all, the second ones, and so on. One condition mostly
/// decides all of them.
pub(super) fn chosen_texts(text: &str) -> Vec<String> {
    let [begin, part, end] = CHOICE;
    if !text.contains(begin) {
        return vec![text.to_owned()];
    }
    let mut count = 1;
    let mut pieces: Vec<Vec<&str>> = Vec::new();
    for (nth, piece) in text.split(begin).enumerate() {
        let (choice, rest) =
            if nth == 0 { ("", piece) } else { piece.split_once(end).unwrap_or((piece, "")) };
        let values: Vec<&str> = choice.split(part).collect();
        count = count.max(values.len());
        pieces.push(values);
        pieces.push(vec![rest]);
    }
    let nth =
        |at: usize| pieces.iter().filter_map(|values| values.get(at).or(values.last())).copied().collect();
    (0..count).map(nth).collect()
}

/// True where a part of the text is not known.
pub(super) fn has_unknown(text: &str) -> bool {
    text.contains([UNKNOWN, UNKNOWN_PLATFORM])
}

/// True where all of the text is known, whatever is decided elsewhere.
pub(super) fn is_certain(text: &str) -> bool {
    !has_unknown(text) && !text.contains(CHOICE) && !text.contains(ROOT)
}

/// True where nothing of the text is known.
pub(super) fn is_unknown(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, UNKNOWN | UNKNOWN_PLATFORM))
}

/// The mark for the value of a variable of that name.
pub(super) fn unknown_value(variable: &str) -> String {
    let upper = variable.to_ascii_uppercase();
    let is_platform = ["ARCH", "PLATFORM"].iter().any(|word| upper.contains(word));
    if is_platform { UNKNOWN_PLATFORM } else { UNKNOWN }.to_string()
}
