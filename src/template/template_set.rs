//! All templates of a render by name: one name space over all charts, and a layer over it for each `tpl`.

use std::collections::HashMap;
use std::rc::Rc;

use super::template_tree::{TemplateBody, is_blank};

#[derive(Debug, Default)]
pub(super) struct TemplateSet {
    bodies: HashMap<Rc<str>, Rc<TemplateBody>>,
    below: Option<Rc<Self>>,
}

impl TemplateSet {
    /// A set that sees another's templates and may define its own over them.
    pub(super) fn over(below: Rc<Self>) -> Self {
        Self { bodies: HashMap::new(), below: Some(below) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Rc<TemplateBody>> {
        match self.bodies.get(name) {
            Some(body) => Some(body),
            None => self.below.as_deref().and_then(|below| below.get(name)),
        }
    }

    /// Adds what one text defines. The last one wins, but a blank body replaces nothing.
    pub(super) fn add(&mut self, bodies: Vec<TemplateBody>) {
        for body in bodies {
            let blank = is_blank(&body.nodes, &body.source.text);
            if !(blank && self.get(&body.name).is_some()) {
                self.bodies.insert(body.name.clone(), Rc::new(body));
            }
        }
    }
}
