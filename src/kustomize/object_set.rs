//! Holds the objects of a build in their order, each identity once.

use std::collections::HashSet;

use super::build_fault::BuildFault;
use super::built_object::BuiltObject;
use super::object_id::ObjectId;

#[derive(Clone, Debug, Default)]
pub(super) struct ObjectSet {
    pub objects: Vec<BuiltObject>,
    /// True where only some of the objects are there: what is for none of them is for another.
    pub is_part: bool,
}

/// The most objects of one build.
const MAX_OBJECTS: usize = 20_000;

/// The identities of a set's objects as text, kept while objects are added to it, so that many of them, each from a file of
/// its own, cost no square of comparisons.
pub(super) struct TakenIds(HashSet<String>);

impl ObjectSet {
    pub(super) fn taken_ids(&self) -> TakenIds {
        TakenIds(self.objects.iter().map(|own| own.id().as_key()).collect())
    }

    /// Adds an object whose identity no other has.
    pub(super) fn add_new(&mut self, object: BuiltObject) -> Result<(), BuildFault> {
        if self.objects.len() >= MAX_OBJECTS {
            return Err(BuildFault::new("it has too many objects"));
        }
        self.objects.push(object);
        Ok(())
    }

    /// Adds objects to a set whose identities are `taken`.
    pub(super) fn add_all(
        &mut self,
        objects: impl IntoIterator<Item = BuiltObject>,
        taken: &mut TakenIds,
    ) -> Result<(), BuildFault> {
        for object in objects {
            let id = object.id();
            if !taken.0.insert(id.as_key()) {
                return Err(BuildFault::new(format!("{} is there twice", id.display())));
            }
            self.add_new(object)?;
        }
        Ok(())
    }

    /// Refuses two objects that have become one.
    pub(super) fn check_ids(&self) -> Result<(), BuildFault> {
        let mut known = HashSet::new();
        let twice = self.objects.iter().map(BuiltObject::id).find(|id| !known.insert(id.as_key()));
        twice.map_or(Ok(()), |id| Err(BuildFault::new(format!("two objects become {}", id.display()))))
    }

    /// The one object that has, or had, an identity; none where it is not among those that are there.
    pub(super) fn find_one(&self, id: &ObjectId) -> Result<Option<usize>, BuildFault> {
        // Most have another name, which tells at once.
        let candidates =
            self.objects.iter().enumerate().filter(|(_, object)| object.may_have_had_name(&id.name));
        let is_same =
            |(at, object): (usize, &BuiltObject)| object.has_had(|own| own.is_same(id)).then_some(at);
        let mut found: Vec<usize> = candidates.filter_map(is_same).collect();
        match (found.pop(), found.is_empty()) {
            (Some(at), true) => Ok(Some(at)),
            (None, _) if self.is_part => Ok(None),
            (None, _) => Err(BuildFault::new(format!("no object is the patch's {}", id.display()))),
            _ => Err(BuildFault::new(format!("several objects are the patch's {}", id.display()))),
        }
    }

    /// The places of the objects that have, or had, such an identity.
    pub(super) fn positions(&self, matches: impl Fn(&ObjectId) -> bool) -> Vec<usize> {
        let has = |(at, object): (usize, &BuiltObject)| object.has_had(&matches).then_some(at);
        self.objects.iter().enumerate().filter_map(has).collect()
    }
}
