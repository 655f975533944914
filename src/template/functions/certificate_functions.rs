//! Keys and certificates of the shape that Helm makes: as long, and with nothing in them that opens anything.

use core::net::IpAddr;

use super::argument_access::{any, int, items, text};
use super::certificate_pair::{CERTIFICATE_TYPE, CertificatePair};
use super::certificate_shape::{CertificateShape, subject_of};
use crate::template::base_encoding::{decode_base64, encode_base64};
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::origin_text::OriginText;
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;

/// The lengths of keys in bytes, as Go encodes them most often.
const RSA_2048_LENGTH: usize = 1191;
const RSA_4096_LENGTH: usize = 2349;
const DSA_LENGTH: usize = 858;
const EC_P256_LENGTH: usize = 121;
const ED25519_LENGTH: usize = 48;

const DAY_SECONDS: i64 = 86_400;

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("genPrivateKey", &[Text], |state, arguments| {
        let kind = text(arguments, 0).as_str().into_owned();
        let (label, length) = match kind.as_str() {
            "" | "rsa" => ("RSA PRIVATE KEY", RSA_4096_LENGTH),
            "dsa" => ("DSA PRIVATE KEY", DSA_LENGTH),
            "ecdsa" => ("EC PRIVATE KEY", EC_P256_LENGTH),
            "ed25519" => ("PRIVATE KEY", ED25519_LENGTH),
            _ => return Ok(state.computed(format!("Unknown type {kind}"), arguments).into()),
        };
        Ok(state.random(write_pem(label, &vec![0; length])).into())
    }),
    FunctionSpec::new("genCA", &[Text, Int], make_authority),
    FunctionSpec::new("genCAWithKey", &[Text, Int, Text], make_authority),
    FunctionSpec::new("genSelfSignedCert", &[Text, List, List, Int], make_self_signed),
    FunctionSpec::new("genSelfSignedCertWithKey", &[Text, List, List, Int, Text], make_self_signed),
    FunctionSpec::new("genSignedCert", &[Text, List, List, Int, Any], make_signed),
    FunctionSpec::new("genSignedCertWithKey", &[Text, List, List, Int, Any, Text], make_signed),
    FunctionSpec::new("buildCustomCert", &[Text, Text], |state, arguments| {
        let mut part = |name: &str, index: usize| {
            let decoded = decode_base64(text(arguments, index).bytes());
            let decoded = decoded.map_err(|_| format!("unable to decode base64 certificate part {name}"))?;
            Ok::<OriginText, CallError>(state.computed(decoded, arguments))
        };
        let (certificate, key) = (part("Cert", 0)?, part("Key", 1)?);
        for (label, pem) in [("certificate", &certificate), ("key", &key)] {
            if read_pem(pem.bytes()).is_empty() {
                return Err(format!("unable to decode {label}").into());
            }
        }
        Ok(CertificatePair { certificate, key, random: false }.into())
    }),
];

fn make_authority(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let name = text(arguments, 0);
    let shape = CertificateShape { subject: name.bytes(), is_authority: true, ..CertificateShape::default() };
    Ok(make_pair(state, shape, int(arguments, 1)))
}

fn make_self_signed(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    make_for_hosts(state, arguments, None)
}

fn make_signed(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let authority = match any(arguments, 4) {
        TemplateValue::Object(pair) if pair.type_name() == CERTIFICATE_TYPE => pair.field("Cert"),
        _ => None,
    };
    let Some(TemplateValue::Text(certificate)) = authority else {
        return Err("unable to decode certificate".into());
    };
    let issuer = subject_of(&read_pem(certificate.bytes())).unwrap_or_default();
    make_for_hosts(state, arguments, Some(&issuer))
}

fn make_for_hosts(state: &mut RenderState, arguments: &[TemplateValue], issuer: Option<&[u8]>) -> CallResult {
    let (name, hosts) = (text(arguments, 0), texts_of(&any(arguments, 2), "processing alternate dns name")?);
    let addresses = texts_of(&any(arguments, 1), "parsing ip")?.into_iter().map(|address| {
        address.parse::<IpAddr>().map_err(|_| CallError::new(format!("error parsing ip: {address}")))
    });
    let addresses = addresses.collect::<Result<Vec<_>, _>>()?;
    let shape = CertificateShape {
        subject: name.bytes(),
        issuer,
        addresses: &addresses,
        hosts: &hosts,
        ..CertificateShape::default()
    };
    Ok(make_pair(state, shape, int(arguments, 3)))
}

fn texts_of(list: &TemplateValue, verb: &str) -> Result<Vec<String>, CallError> {
    let items = if list.is_nil() { Vec::new() } else { items(list, verb)? };
    let texts = items.into_iter().map(|item| match item {
        TemplateValue::Text(text) => Ok(text.as_str().into_owned()),
        other => Err(CallError::new(format!("error {verb}: a {} is not a string", other.kind_name()))),
    });
    texts.collect()
}

fn make_pair(state: &mut RenderState, mut shape: CertificateShape<'_>, days: i64) -> TemplateValue {
    let now = state.settings.now;
    shape.valid = (now, now.saturating_add(days.saturating_mul(DAY_SECONDS)));
    shape.serial = state.draw();
    let certificate = state.random(write_pem("CERTIFICATE", &shape.encode()));
    let key = state.random(write_pem("RSA PRIVATE KEY", &[0; RSA_2048_LENGTH]));
    CertificatePair { certificate, key, random: true }.into()
}

fn write_pem(label: &str, bytes: &[u8]) -> String {
    let encoded = encode_base64(bytes);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in encoded.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + &format!("-----END {label}-----\n")
}

/// The bytes of the first block of a PEM text; none where there is none.
fn read_pem(pem: &[u8]) -> Vec<u8> {
    let pem = String::from_utf8_lossy(pem);
    let lines = pem.lines().skip_while(|line| !line.starts_with("-----BEGIN ")).skip(1);
    let encoded: String = lines.take_while(|line| !line.starts_with("-----")).collect();
    decode_base64(encoded.as_bytes()).unwrap_or_default()
}
