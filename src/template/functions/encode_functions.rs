//! Base 64 and base 32.

use super::argument_access::text;
use crate::template::base_encoding::{decode_base32, decode_base64, encode_base32, encode_base64};
use crate::template::function_spec::{FunctionSpec, ParamType::*};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("b64enc", &[Text], |state, arguments| {
        Ok(state.computed(encode_base64(text(arguments, 0).bytes()), arguments).into())
    }),
    FunctionSpec::new("b64dec", &[Text], |state, arguments| {
        match decode_base64(text(arguments, 0).bytes()) {
            Ok(bytes) => Ok(state.computed(bytes, arguments).into()),
            Err(at) => Ok(state.plain_text(&format!("illegal base64 data at input byte {at}")).into()),
        }
    }),
    FunctionSpec::new("b32enc", &[Text], |state, arguments| {
        Ok(state.computed(encode_base32(text(arguments, 0).bytes()), arguments).into())
    }),
    FunctionSpec::new("b32dec", &[Text], |state, arguments| {
        match decode_base32(text(arguments, 0).bytes()) {
            Some(bytes) => Ok(state.computed(bytes, arguments).into()),
            None => Ok(state.plain_text("illegal base32 data at input byte 0").into()),
        }
    }),
];
