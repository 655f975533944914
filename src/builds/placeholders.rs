//! Expands what stands between two signs in a text, such as `${name}`, for the readers of build files.

/// The text with the value of each placeholder in its place: `value_of` is given what stands between the signs, and all of
/// it with them. One that is never closed goes on to the end.
pub(super) fn expand_placeholders(
    text: &str,
    [open, close]: [&str; 2],
    mut value_of: impl FnMut(&str, &str) -> String,
) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        expanded.push_str(&rest[..at]);
        let inner = &rest[at + open.len()..];
        let length = inner.find(close).unwrap_or(inner.len());
        let after = inner.get(length + close.len()..).unwrap_or_default();
        let whole = &rest[at..rest.len() - after.len()];
        expanded.push_str(&value_of(&inner[..length], whole));
        rest = after;
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::expand_placeholders;

    #[test]
    fn each_is_expanded_and_one_that_is_open_goes_to_the_end() {
        let expand =
            |text: &str| expand_placeholders(text, ["{{", "}}"], |inner, whole| format!("[{inner}|{whole}]"));
        assert_eq!(expand("a{{b}}c{{}}"), "a[b|{{b}}]c[|{{}}]");
        assert_eq!(expand("a{{b"), "a[b|{{b]");
        assert_eq!(expand("no {"), "no {");
    }
}
