//! Turns typed values into choices, each owner's together: only those that differ from what is planned.

use super::value_editor::{ValueEditor, ValueField};
use crate::fix::{PlanValueKind, ValueOwner};
use crate::settings::{ResourceDefaults, ValueChoice};
use crate::walkthrough::typed_values;

impl ValueEditor {
    /// The choices that the typed values make; with `all`, those that are as planned, too.
    ///
    /// # Errors
    /// The index of the first field whose value cannot be taken, and the reason.
    pub(super) fn make_choices(&self, all: bool) -> Result<Vec<ValueChoice>, (usize, String)> {
        let mut owners: Vec<&ValueOwner> = Vec::new();
        for field in self.fields.iter().filter(|field| all || field.is_changed()) {
            for owner in &field.value.owners {
                if !owners.iter().any(|known| known.is_same(owner)) {
                    owners.push(owner);
                }
            }
        }
        owners.into_iter().map(|owner| self.make_choice(owner)).collect()
    }

    fn make_choice(&self, owner: &ValueOwner) -> Result<ValueChoice, (usize, String)> {
        let owned = OwnedFields { editor: self, owner };
        match owner {
            ValueOwner::User { key, ids: (uid, gid) } => {
                let typed_uid = owned.parse_id(PlanValueKind::Uid)?;
                let typed_gid = owned.parse_id(PlanValueKind::Gid)?;
                let chosen = typed_uid.unwrap_or(*uid);
                // A group that is not written follows the user, too.
                let follows = typed_gid.unwrap_or(if uid == gid { chosen } else { *gid });
                Ok(ValueChoice::User { key: key.clone(), uid: chosen, gid: follows })
            }
            ValueOwner::Bounds { path, object, container, bounds } => Ok(ValueChoice::Bounds {
                path: path.clone(),
                object: object.clone(),
                container: container.clone(),
                bounds: owned.parse_bounds(bounds)?,
            }),
            ValueOwner::Paths { path, object, container, image } => Ok(ValueChoice::WritablePaths {
                path: path.clone(),
                object: object.clone(),
                container: container.clone(),
                image: image.clone(),
                paths: owned.parse_paths()?,
            }),
            ValueOwner::Image(image) => {
                let (tag_at, tag) = owned.text_of(PlanValueKind::Tag);
                let (_, digest) = owned.text_of(PlanValueKind::Digest);
                let pin = typed_values::parse_pin(image, tag, digest);
                let pin = pin.map_err(|reason| (owned.faulty_part(tag_at), reason))?;
                Ok(ValueChoice::Image { reference: image.text().to_owned(), pin })
            }
        }
    }
}

/// The fields of one owner.
#[derive(Clone, Copy)]
struct OwnedFields<'a> {
    editor: &'a ValueEditor,
    owner: &'a ValueOwner,
}

impl<'a> OwnedFields<'a> {
    fn fields(self) -> impl Iterator<Item = (usize, &'a ValueField)> {
        let owns = move |field: &ValueField| field.value.owners.iter().any(|own| own.is_same(self.owner));
        self.editor.fields.iter().enumerate().filter(move |(_, field)| owns(field))
    }

    fn field_of(self, kind: PlanValueKind) -> Option<(usize, &'a ValueField)> {
        self.fields().find(|(_, field)| field.value.kind == kind)
    }

    fn text_of(self, kind: PlanValueKind) -> (usize, &'a str) {
        self.field_of(kind).map_or((0, ""), |(at, field)| (at, field.typed_text()))
    }

    fn parse_id(self, kind: PlanValueKind) -> Result<Option<u32>, (usize, String)> {
        let Some((at, field)) = self.field_of(kind) else { return Ok(None) };
        if let Some(reason) = field.decided_reason() {
            return Err((at, reason));
        }
        let suggested = field.value.suggestions.iter().map(|suggestion| suggestion.text.as_str());
        let taken: Vec<&str> = std::iter::once(field.value.text.as_str()).chain(suggested).collect();
        let parsed = typed_values::parse_id(kind.name(), field.typed_text(), &taken);
        parsed.map(Some).map_err(|reason| (at, reason))
    }

    /// The bounds chosen before with the typed ones in their places. One that is as planned is taken as it is.
    fn parse_bounds(self, chosen: &ResourceDefaults) -> Result<ResourceDefaults, (usize, String)> {
        let mut bounds = chosen.clone();
        let mut shown = ResourceDefaults::none();
        let mut last = 0;
        for (at, field) in self.fields() {
            let text = field.typed_text();
            let kind = field.value.kind;
            if field.is_changed() {
                let is_memory = matches!(kind, PlanValueKind::MemoryRequest | PlanValueKind::MemoryLimit);
                let parse = if is_memory { typed_values::parse_memory } else { typed_values::parse_cpu };
                parse(text).map_err(|reason| (at, reason))?;
                last = at;
                *bound_of(&mut bounds, kind) = Some(text.to_owned());
            }
            *bound_of(&mut shown, kind) = Some(text.to_owned());
        }
        typed_values::check_bounds(&shown).map_err(|reason| (last, reason))?;
        Ok(bounds)
    }

    /// Each path once, without the empty ones.
    fn parse_paths(self) -> Result<Vec<String>, (usize, String)> {
        let mut paths: Vec<String> = Vec::new();
        for (at, field) in self.fields().filter(|(_, field)| !field.typed_text().is_empty()) {
            let path = match field.is_changed() {
                true => typed_values::parse_path(field.typed_text()).map_err(|reason| (at, reason))?,
                false => field.value.text.clone(),
            };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        Ok(paths)
    }

    /// The field of a reference that is refused: the one that is remarked on, else its tag.
    fn faulty_part(self, tag_at: usize) -> usize {
        let is_faulty =
            |field: &ValueField| matches!(field.remark, Some(typed_values::ValueRemark::Refused(_)));
        self.fields().find(|(_, field)| is_faulty(field)).map_or(tag_at, |(at, _)| at)
    }
}

fn bound_of(bounds: &mut ResourceDefaults, kind: PlanValueKind) -> &mut Option<String> {
    match kind {
        PlanValueKind::CpuRequest => &mut bounds.cpu_request,
        PlanValueKind::CpuLimit => &mut bounds.cpu_limit,
        PlanValueKind::MemoryRequest => &mut bounds.memory_request,
        _ => &mut bounds.memory_limit,
    }
}
