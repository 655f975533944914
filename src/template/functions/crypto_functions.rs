//! Hashes, which are real, and keys, which are placeholders: no chart needs one to be audited.

use ring::digest;

use super::argument_access::{int, text};
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("sha1sum", &[Text], |state, arguments| {
        hash(state, arguments, &digest::SHA1_FOR_LEGACY_USE_ONLY)
    }),
    FunctionSpec::new("sha256sum", &[Text], |state, arguments| hash(state, arguments, &digest::SHA256)),
    FunctionSpec::new("sha512sum", &[Text], |state, arguments| hash(state, arguments, &digest::SHA512)),
    FunctionSpec::new("adler32sum", &[Text], |state, arguments| {
        let (mut low, mut high) = (1_u32, 0_u32);
        for byte in text(arguments, 0).bytes() {
            low = (low + u32::from(*byte)) % 65_521;
            high = (high + low) % 65_521;
        }
        Ok(state.computed((high << 16 | low).to_string(), arguments).into())
    }),
    FunctionSpec::new("bcrypt", &[Text], |state, _| Ok(bcrypt_like(state))),
    FunctionSpec::new("htpasswd", &[Text, Text], |state, arguments| {
        let user = text(arguments, 0).as_str().into_owned();
        if user.contains(':') {
            return Ok(state.plain_text(&format!("invalid username: {user}")).into());
        }
        let TemplateValue::Text(hash) = bcrypt_like(state) else { return Ok(TemplateValue::NIL) };
        Ok(state.random(format!("{user}:{}", hash.as_str())).into())
    }),
    FunctionSpec::new("genPrivateKey", &[Text], |state, _| {
        Ok(state.random(pem_like("RSA PRIVATE KEY")).into())
    }),
    FunctionSpec::new("genCA", &[Text, Int], |state, _| Ok(certificate_like(state))),
    FunctionSpec::new("genCAWithKey", &[Text, Int, Text], |state, _| Ok(certificate_like(state))),
    FunctionSpec::new("genSelfSignedCert", &[Text, List, List, Int], |state, _| Ok(certificate_like(state))),
    FunctionSpec::new("genSelfSignedCertWithKey", &[Text, List, List, Int, Text], |state, _| {
        Ok(certificate_like(state))
    }),
    FunctionSpec::new("genSignedCert", &[Text, List, List, Int, Any], |state, _| Ok(certificate_like(state))),
    FunctionSpec::new("genSignedCertWithKey", &[Text, List, List, Int, Any, Text], |state, _| {
        Ok(certificate_like(state))
    }),
    FunctionSpec::new("buildCustomCert", &[Text, Text], |state, arguments| {
        let pair = ValueMap::default();
        for (name, index) in [("Cert", 0), ("Key", 1)] {
            let decoded = crate::template::base_encoding::decode_base64(text(arguments, index).bytes());
            let decoded = decoded.map_err(|_| format!("unable to decode base64 certificate part {name}"))?;
            let value = state.computed(decoded, arguments);
            pair.insert(name, value.into());
        }
        Ok(TemplateValue::Map(pair))
    }),
    FunctionSpec::new("derivePassword", &[Int, Text, Text, Text, Text], |state, arguments| {
        let length = usize::try_from(int(arguments, 0)).unwrap_or(0).clamp(1, 20);
        Ok(state.random("Derived0Password0000"[..length].to_owned()).into())
    }),
    FunctionSpec::new("encryptAES", &[Text, Text], |state, arguments| {
        let length = text(arguments, 1).len().min(4096).div_ceil(16) * 16 + 16;
        let text = crate::template::base_encoding::encode_base64(&vec![0; length]);
        Ok(state.random(text).into())
    }),
    FunctionSpec::new("decryptAES", &[Text, Text], |state, _| Ok(state.random("").into())),
];

fn hash(
    state: &mut RenderState,
    arguments: &[TemplateValue],
    algorithm: &'static digest::Algorithm,
) -> CallResult {
    let sum = digest::digest(algorithm, text(arguments, 0).bytes());
    let hex: String = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(state.computed(hex, arguments).into())
}

/// A text of the shape that `bcrypt` has.
fn bcrypt_like(state: &mut RenderState) -> TemplateValue {
    let letters = super::random_functions::draw_letters(state, 53, super::random_functions::ALPHANUMERIC);
    state.random(format!("$2a$10${letters}")).into()
}

/// A text of the shape of a key or certificate, with nothing in it.
fn pem_like(label: &str) -> String {
    let line = "A".repeat(64);
    let lines = [line.as_str(); 12].join("\n");
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}

fn certificate_like(state: &mut RenderState) -> TemplateValue {
    let pair = ValueMap::default();
    let (cert, key) = (state.random(pem_like("CERTIFICATE")), state.random(pem_like("RSA PRIVATE KEY")));
    pair.insert("Cert", cert.into());
    pair.insert("Key", key.into());
    TemplateValue::Map(pair)
}
