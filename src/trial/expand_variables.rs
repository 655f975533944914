//! Fills in `$(NAME)` in words and values, as the kubelet does.

/// The text with each reference to a variable before it filled in. One that is not known stays, and `$$` is a dollar.
pub(super) fn expand_references(text: &str, env: &[(String, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (filled, length) = if after.starts_with('$') {
            ("$".to_owned(), 1)
        } else {
            let name = after.strip_prefix('(').and_then(|inner| inner.split_once(')')).map(|(name, _)| name);
            let known = name.and_then(|name| env.iter().find(|(key, _)| key == name));
            match (name, known) {
                (Some(name), Some((_, value))) => (value.clone(), name.len() + 2),
                _ => ("$".to_owned(), 0),
            }
        };
        out.push_str(&filled);
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_filled_in_as_the_kubelet_does() {
        let env = [("HOST".to_owned(), "db".to_owned())];
        let expand = |text| expand_references(text, &env);
        assert_eq!(expand("--host=$(HOST):$(PORT)"), "--host=db:$(PORT)");
        assert_eq!(expand("$$(HOST) $HOST $"), "$(HOST) $HOST $");
        assert_eq!(expand("größe$(HOST"), "größe$(HOST");
    }
}
