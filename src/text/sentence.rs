//! Makes sentences of the words of rules and fixes, which are worded so that they can stand within one, too, and counts.

/// The text as a sentence begins.
#[must_use]
pub fn capitalise_text(text: &str) -> String {
    let mut letters = text.chars();
    // A name or a piece of code keeps its own spelling.
    let word = text.split_whitespace().next().unwrap_or_default();
    match letters.next() {
        Some(first) if word.chars().all(char::is_alphabetic) => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// So many of a thing: `1 file`, `2 files`.
#[must_use]
pub fn count_of(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

/// Words as a sentence of their own.
#[must_use]
pub fn to_sentence(words: &str) -> String {
    let words = capitalise_text(words);
    if words.ends_with('.') { words } else { format!("{words}.") }
}
