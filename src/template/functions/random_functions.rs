//! What Helm draws at random: fixed here, the same in each render, and marked.

use super::argument_access::{int, text};
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::render_state::RenderState;
use crate::template::template_value::{IntType, TemplateValue};

pub(super) const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// How long a random text may be.
const MAX_LENGTH: i64 = 1_000_000;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("randAlphaNum", &[Int], |state, arguments| random_text(state, arguments, ALPHANUMERIC)),
    FunctionSpec::new("randAlpha", &[Int], |state, arguments| {
        random_text(state, arguments, &ALPHANUMERIC[..52])
    }),
    FunctionSpec::new("randNumeric", &[Int], |state, arguments| {
        random_text(state, arguments, &ALPHANUMERIC[52..])
    }),
    FunctionSpec::new("randAscii", &[Int], |state, arguments| random_text(state, arguments, ALPHANUMERIC)),
    FunctionSpec::new("randBytes", &[Int], |state, arguments| {
        let length = checked_length(int(arguments, 0))?;
        let letters = draw_letters(state, length, ALPHANUMERIC);
        Ok(state.random(crate::template::base_encoding::encode_base64(letters.as_bytes())).into())
    }),
    FunctionSpec::new("randInt", &[Int, Int], |state, arguments| {
        let (low, high) = (int(arguments, 0), int(arguments, 1));
        if high <= low {
            return Err("invalid argument to Intn".into());
        }
        let width = high.wrapping_sub(low).unsigned_abs();
        let value = low.wrapping_add_unsigned(state.draw() % width);
        let literal = state.random(value.to_string());
        Ok(TemplateValue::Int(value, IntType::Int, Some(literal)))
    }),
    FunctionSpec::new("shuffle", &[Text], |state, arguments| {
        let value = text(arguments, 0).as_str().into_owned();
        Ok(state.random(value).into())
    }),
    FunctionSpec::new("uuidv4", &[], |state, _| {
        let (high, low) = (mix(state.draw()), mix(state.draw()));
        let text = format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0xfff,
            low & 0xffff_ffff_ffff
        );
        Ok(state.random(text).into())
    }),
];

fn checked_length(length: i64) -> Result<usize, CallError> {
    if length > MAX_LENGTH {
        return Err(format!("a random text of more than {MAX_LENGTH} characters is refused").into());
    }
    Ok(usize::try_from(length).unwrap_or(0))
}

fn random_text(state: &mut RenderState, arguments: &[TemplateValue], letters: &[u8]) -> CallResult {
    let length = checked_length(int(arguments, 0))?;
    let text = draw_letters(state, length, letters);
    Ok(state.random(text).into())
}

pub(super) fn draw_letters(state: &mut RenderState, length: usize, letters: &[u8]) -> String {
    let mut seed = state.draw();
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let index = usize::try_from(mix(seed) % letters.len() as u64).unwrap_or(0);
        text.push(char::from(letters[index]));
    }
    text
}

/// Spreads a counter's bits.
fn mix(value: u64) -> u64 {
    let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}
