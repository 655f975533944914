//! A certificate and its key, as the struct that sprig gives for them.

use std::rc::Rc;

use crate::template::origin_text::OriginText;
use crate::template::template_value::{GoKind, TemplateObject, TemplateValue};
use crate::template::value_collection::ValueMap;

/// Go's type of it; a parameter of that type takes nothing else.
pub(super) const CERTIFICATE_TYPE: &str = "sprig.certificate";

pub(super) struct CertificatePair {
    pub certificate: OriginText,
    pub key: OriginText,
    /// It was made, not given.
    pub random: bool,
}

impl From<CertificatePair> for TemplateValue {
    fn from(pair: CertificatePair) -> Self {
        let object: Rc<dyn TemplateObject> = Rc::new(pair);
        object.into()
    }
}

impl TemplateObject for CertificatePair {
    fn type_name(&self) -> &'static str {
        CERTIFICATE_TYPE
    }

    fn kind(&self) -> GoKind {
        GoKind::Struct
    }

    fn field(&self, name: &str) -> Option<TemplateValue> {
        match name {
            "Cert" => Some(self.certificate.clone().into()),
            "Key" => Some(self.key.clone().into()),
            _ => None,
        }
    }

    fn to_plain(&self) -> TemplateValue {
        let own = ValueMap::default();
        own.insert("Cert", self.certificate.clone().into());
        own.insert("Key", self.key.clone().into());
        TemplateValue::Map(own)
    }

    fn print(&self) -> String {
        format!("{{{} {}}}", self.certificate.as_str(), self.key.as_str())
    }

    fn is_random(&self) -> bool {
        self.random
    }
}
