//! Holds the values of a fix while a person changes them where they stand in its diff.

use super::key_press::KeyPress;
use super::text_field::TextField;
use crate::fix::{PlanValue, PlanValueKind, ValueOwner, ValueSheet};
use crate::repo::FilePatch;
use crate::walkthrough::typed_values::{self, TypedValue, ValueRemark};

/// What becomes of the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueStage {
    /// A fix with a free value is being made, to have a place for it.
    Opening,
    #[default]
    Typing,
    /// They are taken, and the fix with them is being proven.
    Proving,
}

/// The fields of a fix's values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueEditor {
    pub fields: Vec<ValueField>,
    /// The index of the field that has the keys.
    pub focused: usize,
    /// The files in which they stand, as these would be written.
    pub files: Vec<FilePatch>,
    /// The reason why the typed values cannot be taken.
    pub error: Option<String>,
    pub stage: ValueStage,
    /// The number of the editor: what was chosen in it is taken back under it.
    pub id: u64,
    /// True once a fix was made with what was typed, and did not hold it: that choice is still to be replaced.
    pub was_refused: bool,
    /// True once something was chosen, which leaving takes back.
    pub has_chosen: bool,
}

/// One value with what is typed in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueField {
    pub value: PlanValue,
    pub text: TextField,
    /// True once a person typed it: then it follows no other.
    pub is_typed: bool,
    /// True while the text is a suggestion that nobody has edited: what is typed takes its place.
    pub is_suggested: bool,
    /// The remark on the typed text.
    pub remark: Option<ValueRemark>,
}

impl ValueField {
    fn new(value: PlanValue) -> Self {
        let text = TextField::with_text(value.text.as_str());
        let mut field = Self { value, text, is_typed: false, is_suggested: true, remark: None };
        field.update_remark();
        field
    }

    /// The typed text, without blanks around it.
    #[must_use]
    pub fn typed_text(&self) -> &str {
        self.text.text().trim()
    }

    /// True where the text differs from the planned one.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.typed_text() != self.value.text
    }

    /// True where what is typed next takes the place of the whole text.
    #[must_use]
    pub fn is_selected(&self) -> bool {
        self.is_suggested && !self.text.text().is_empty()
    }

    /// The index of the suggestion that is typed.
    #[must_use]
    pub fn suggestion(&self) -> Option<usize> {
        self.value.suggestions.iter().position(|suggestion| suggestion.text == self.typed_text())
    }

    /// The reason why the typed text cannot be taken, where the files have decided otherwise.
    #[must_use]
    pub fn decided_reason(&self) -> Option<String> {
        let place = self.value.decided_at.as_ref().filter(|_| self.is_changed())?;
        let (name, text) = (self.value.kind.name(), &self.value.text);
        Some(format!("{place} has decided the {name}, {text}: change it there, and this follows"))
    }

    /// Empties the field for what is typed in the place of a suggestion.
    fn replace_suggestion(&mut self) {
        if std::mem::take(&mut self.is_suggested) {
            self.text = TextField::default();
        }
    }

    fn update_remark(&mut self) {
        if let Some(reason) = self.decided_reason() {
            self.remark = Some(ValueRemark::Refused(reason));
            return;
        }
        let suggested = self.value.suggestions.iter().map(|suggestion| suggestion.text.as_str());
        let image = self.value.owners.iter().find_map(|owner| match owner {
            ValueOwner::Image(image) => Some(image),
            _ => None,
        });
        self.remark = typed_values::remark_on_value(&TypedValue {
            kind: self.value.kind,
            text: self.typed_text(),
            taken: std::iter::once(self.value.text.as_str()).chain(suggested).collect(),
            used: &self.value.used,
            image,
        });
    }

    fn set_text(&mut self, text: &str) {
        self.text = TextField::with_text(text);
        self.update_remark();
    }

    /// The value of the same owner that goes with this one: a uid's gid, a tag's digest.
    fn companion_kind(&self) -> Option<PlanValueKind> {
        match self.value.kind {
            PlanValueKind::Uid => Some(PlanValueKind::Gid),
            PlanValueKind::Tag => Some(PlanValueKind::Digest),
            _ => None,
        }
    }
}

impl ValueEditor {
    /// The fields of these values.
    #[must_use]
    pub fn of_sheet(sheet: &ValueSheet, id: u64) -> Self {
        let fields = sheet.values.iter().cloned().map(ValueField::new).collect();
        Self { fields, files: sheet.files.clone(), id, ..Self::default() }
    }

    /// The field that has the keys.
    #[must_use]
    pub fn current_field(&self) -> Option<&ValueField> {
        self.fields.get(self.focused)
    }

    pub(super) fn focused_text(&mut self) -> Option<&mut TextField> {
        let is_open = self.stage == ValueStage::Typing;
        self.fields.get_mut(self.focused).filter(|_| is_open).map(|field| &mut field.text)
    }

    /// Makes room for a paste: it takes the place of a suggestion.
    pub(super) fn begin_paste(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focused).filter(|_| self.stage == ValueStage::Typing) {
            field.replace_suggestion();
        }
    }

    /// Goes to another field, and begins again at the end.
    pub(super) fn move_focus(&mut self, forward: bool) {
        let count = self.fields.len().max(1);
        self.focused = (self.focused + if forward { 1 } else { count - 1 }) % count;
        self.error = None;
    }

    /// Puts the next or the previous suggestion in the place of what is typed.
    pub(super) fn take_suggestion(&mut self, forward: bool) {
        let Some(field) = self.fields.get_mut(self.focused) else { return };
        let count = field.value.suggestions.len();
        let next = match (field.suggestion(), forward) {
            (_, _) if count == 0 => return,
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
            (None, true) => 0,
            (None, false) => count - 1,
        };
        let text = field.value.suggestions[next].text.clone();
        field.text = TextField::with_text(text);
        field.is_suggested = true;
        self.follow_text();
    }

    /// Types a key into the field that has the keys: a letter takes the place of a suggestion, other keys edit it.
    pub(super) fn type_key(&mut self, key: KeyPress) {
        if let Some(field) = self.fields.get_mut(self.focused) {
            let before = field.typed_text().to_owned();
            if key.typed_char().is_some() {
                field.replace_suggestion();
            }
            field.is_suggested &= !field.text.on_key(key);
            if field.typed_text() != before {
                self.follow_text();
            }
        }
    }

    /// Takes in what was typed: what follows the field follows it, as long as nobody typed that.
    pub(super) fn follow_text(&mut self) {
        if self.stage != ValueStage::Typing {
            return;
        }
        self.error = None;
        let Some(field) = self.fields.get_mut(self.focused) else { return };
        field.is_typed = true;
        field.update_remark();
        let (value, text) = (field.value.clone(), field.typed_text().to_owned());
        let kind = field.companion_kind();
        let owner = value.owners.first();
        let companion = self.fields.iter_mut().find(|other| {
            Some(other.value.kind) == kind
                && other.value.owners.iter().any(|own| owner.is_some_and(|owner| own.is_same(owner)))
        });
        if let Some(other) = companion.filter(|other| !other.is_typed) {
            other.set_text(&companion_text(&value, &text, &other.value.text));
        }
        if value.kind == PlanValueKind::AddedPath && !text.is_empty() {
            self.add_path_field(value);
        }
    }

    /// Adds an empty field for another path, where there is none.
    fn add_path_field(&mut self, value: PlanValue) {
        let is_open = |field: &ValueField| {
            field.value.kind == value.kind
                && field.value.owners == value.owners
                && field.typed_text().is_empty()
        };
        if !self.fields.iter().any(is_open) {
            self.fields.insert(self.focused + 1, ValueField::new(value));
        }
    }
}

/// What goes with a value that is typed: with a suggested one, what was suggested with it; a gid is the uid's number unless
/// they differed before; and of a tag of one's own nobody knows the digest.
fn companion_text(value: &PlanValue, text: &str, planned: &str) -> String {
    if text == value.text {
        return planned.to_owned();
    }
    let suggested = value.suggestions.iter().find(|suggestion| suggestion.text == text);
    if let Some(companion) = suggested.and_then(|suggestion| suggestion.companion.clone()) {
        return companion;
    }
    match value.kind {
        PlanValueKind::Uid if planned == value.text => text.to_owned(),
        PlanValueKind::Uid => planned.to_owned(),
        _ => String::new(),
    }
}
