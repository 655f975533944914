//! Reads the field paths of replacements and variables, and finds what they name.

use super::built_node::{BuiltNode, BuiltValue};

/// A step of a field path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FieldStep {
    Key(String),
    /// Every element, or every value.
    All,
    /// The elements with this value of a key.
    Element(String, String),
}

/// A path such as `spec.template.spec.containers.[name=api].image`.
#[derive(Clone, Debug)]
pub(super) struct FieldPath(Vec<FieldStep>);

impl FieldPath {
    pub(super) fn parse(text: &str) -> Self {
        let (mut steps, mut word, mut in_brackets) = (Vec::new(), String::new(), false);
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' if letters.peek() == Some(&'.') => word.extend(letters.next()),
                '[' if !in_brackets => {
                    push_step(&mut steps, &mut word, false);
                    in_brackets = true;
                }
                ']' if in_brackets => {
                    push_step(&mut steps, &mut word, true);
                    in_brackets = false;
                }
                '.' if !in_brackets => push_step(&mut steps, &mut word, false),
                letter => word.push(letter),
            }
        }
        push_step(&mut steps, &mut word, false);
        Self(steps)
    }

    pub(super) fn find<'a>(&self, root: &'a BuiltNode) -> Option<&'a BuiltNode> {
        self.0.iter().try_fold(root, |node, step| match (step, &node.value) {
            (FieldStep::Key(key), BuiltValue::List(items)) => items.get(key.parse::<usize>().ok()?),
            (FieldStep::Key(key), _) => node.get(key),
            (FieldStep::All, _) => node.items().first(),
            (FieldStep::Element(key, value), _) => {
                node.items().iter().find(|item| has_value(item, key, value))
            }
        })
    }

    /// Calls for each field that it names, made where it may be. The number of them.
    pub(super) fn visit(
        &self,
        root: &mut BuiltNode,
        creates: bool,
        call: &mut dyn FnMut(&mut BuiltNode),
    ) -> usize {
        visit_steps(root, &self.0, creates, call)
    }
}

fn push_step(steps: &mut Vec<FieldStep>, word: &mut String, is_bracketed: bool) {
    let word = std::mem::take(word);
    if word.is_empty() {
        return;
    }
    steps.push(match word.split_once('=').filter(|_| is_bracketed) {
        Some((key, value)) => FieldStep::Element(key.to_owned(), value.to_owned()),
        None if word == "*" => FieldStep::All,
        None => FieldStep::Key(word),
    });
}

fn has_value(item: &BuiltNode, key: &str, value: &str) -> bool {
    item.get(key).and_then(BuiltNode::scalar_text).is_some_and(|own| own == value)
}

fn visit_steps(
    node: &mut BuiltNode,
    steps: &[FieldStep],
    creates: bool,
    call: &mut dyn FnMut(&mut BuiltNode),
) -> usize {
    let Some((step, rest)) = steps.split_first() else {
        call(node);
        return 1;
    };
    match (step, &mut node.value) {
        (FieldStep::Key(key), BuiltValue::List(items)) => {
            let item = key.parse::<usize>().ok().and_then(|at| items.get_mut(at));
            item.map_or(0, |item| visit_steps(item, rest, creates, call))
        }
        (FieldStep::Key(key), BuiltValue::Map(_) | BuiltValue::Null) => {
            if node.is_null() && creates {
                node.value = BuiltValue::Map(Vec::new());
            }
            if node.get(key).is_none() && creates {
                node.set(key, BuiltNode::default());
            }
            node.get_mut(key).map_or(0, |child| visit_steps(child, rest, creates, call))
        }
        (FieldStep::All, BuiltValue::List(items)) => {
            items.iter_mut().map(|item| visit_steps(item, rest, creates, call)).sum()
        }
        (FieldStep::All, BuiltValue::Map(entries)) => {
            entries.iter_mut().map(|entry| visit_steps(&mut entry.node, rest, creates, call)).sum()
        }
        (FieldStep::Element(key, value), BuiltValue::List(items)) => {
            if creates && !items.iter().any(|item| has_value(item, key, value)) {
                let mut made = BuiltNode::empty_map();
                made.set(key, BuiltNode::text_of(value.clone(), Vec::new()));
                items.push(made);
            }
            let found = items.iter_mut().filter(|item| has_value(item, key, value));
            found.map(|item| visit_steps(item, rest, creates, call)).sum()
        }
        (FieldStep::Element(..), BuiltValue::Null) if creates => {
            *node = BuiltNode::empty_list();
            visit_steps(node, steps, creates, call)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_keys_elements_and_escaped_dots() {
        let FieldPath(steps) =
            FieldPath::parse("metadata.annotations.cert-manager\\.io/ca.[name=a.b].*.ports[0].port");
        let key = |text: &str| FieldStep::Key(text.to_owned());
        let element = FieldStep::Element("name".to_owned(), "a.b".to_owned());
        let expected = [
            key("metadata"),
            key("annotations"),
            key("cert-manager.io/ca"),
            element,
            FieldStep::All,
            key("ports"),
            key("0"),
            key("port"),
        ];
        assert_eq!(steps, expected);
    }
}
