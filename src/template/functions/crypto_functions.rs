//! Hashes, which are real, and what hides a text, which is a placeholder: no chart needs it to be audited.

use ring::digest;

use super::argument_access::{int, text};
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;

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
    FunctionSpec::new("derivePassword", &[Int, Text, Text, Text, Text], |state, arguments| {
        let length = usize::try_from(int(arguments, 0)).unwrap_or(0).clamp(1, 20);
        Ok(state.random("Derived0Password0000"[..length].to_owned()).into())
    }),
    FunctionSpec::new("encryptAES", &[Text, Text], encrypt),
    FunctionSpec::new("decryptAES", &[Text, Text], decrypt),
];

/// How many bytes AES takes at once.
const AES_BLOCK: usize = 16;

/// A placeholder as long as what Helm makes of the text, of which this render remembers what it stands for.
fn encrypt(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let (password, plain) = (text(arguments, 0), text(arguments, 1));
    if plain.is_empty() {
        return Ok(state.plain_text("").into());
    }
    let length = AES_BLOCK + (plain.len() / AES_BLOCK + 1) * AES_BLOCK;
    state.charge_bytes(length)?;
    let mut bytes = vec![0; length];
    bytes[..8].copy_from_slice(&state.draw().to_be_bytes());
    let hidden = crate::template::base_encoding::encode_base64(&bytes);
    state.keep_hidden(&hidden, password.bytes(), plain);
    Ok(state.random(hidden).into())
}

/// What this render hid with the password; nothing else can be read, since nothing is hidden in truth.
fn decrypt(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let (password, hidden) = (text(arguments, 0), text(arguments, 1));
    if hidden.is_empty() {
        return Ok(state.plain_text("").into());
    }
    match state.find_hidden(hidden.bytes(), password.bytes()) {
        Some(plain) => Ok(plain.into()),
        None => Err("AES is not decrypted here".into()),
    }
}

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
