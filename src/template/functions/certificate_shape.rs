//! The bytes of a certificate as Go's `crypto/x509` lays it out, its key and signature aside, for placeholders.
//!
//! Source: RFC 5280; Go, `CreateCertificate`; sprig, `crypto.go`.

use core::net::IpAddr;

use super::date_layout::format_layout;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const COMMON_NAME: &[u8] = b"\x06\x03\x55\x04\x03";
const SHA256_WITH_RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
const RSA_ENCRYPTION: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
const EXPONENT: &[u8] = b"\x02\x03\x01\x00\x01";
const VERSION_3: &[u8] = b"\xa0\x03\x02\x01\x02";
/// Digital signature and key encipherment; an authority's signs certificates, too.
const KEY_USAGE: &[u8] = b"\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x05\xa0";
const AUTHORITY_KEY_USAGE: &[u8] = b"\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x02\xa4";
/// Server and client authentication.
const EXTENDED_KEY_USAGE: &[u8] = b"\x30\x1d\x06\x03\x55\x1d\x25\x04\x16\x30\x14\
    \x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02";
const CONSTRAINTS: &[u8] = b"\x30\x0c\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x02\x30\x00";
const AUTHORITY_CONSTRAINTS: &[u8] = b"\x30\x0f\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x05\x30\x03\x01\x01\xff";
const SUBJECT_KEY: &[u8] = b"\x30\x1d\x06\x03\x55\x1d\x0e\x04\x16\x04\x14";
const AUTHORITY_KEY: &[u8] = b"\x30\x1f\x06\x03\x55\x1d\x23\x04\x18\x30\x16\x80\x14";
const ALTERNATIVE_NAMES: &[u8] = b"\x06\x03\x55\x1d\x11";
/// The years from 2050 on have four digits.
const FOUR_DIGIT_YEARS: i64 = 2_524_608_000;
const KEY_BYTES: usize = 256;

/// What a certificate says, and so how long it is.
#[derive(Clone, Copy, Default)]
pub(super) struct CertificateShape<'a> {
    pub subject: &'a [u8],
    /// The name that signs it, encoded; its own where there is none.
    pub issuer: Option<&'a [u8]>,
    pub addresses: &'a [IpAddr],
    pub hosts: &'a [String],
    /// Seconds since 1970.
    pub valid: (i64, i64),
    pub serial: u64,
    pub is_authority: bool,
}

impl CertificateShape<'_> {
    pub(super) fn encode(&self) -> Vec<u8> {
        let subject = encode_name(self.subject);
        let issuer = self.issuer.unwrap_or(&subject);
        let serial = [&[0x02, 16, 0x40][..], &self.serial.to_be_bytes(), &[0; 7]].concat();
        let valid = [encode_time(self.valid.0), encode_time(self.valid.1)].concat();
        let mut key = vec![0x02, 0x82, 0x01, 0x01, 0x00];
        key.extend([0x80; KEY_BYTES]);
        key.extend(EXPONENT);
        let key = encode(SEQUENCE, &[RSA_ENCRYPTION, &encode_bits(&encode(SEQUENCE, &key))].concat());
        let is_foreign = *issuer != *subject;
        let extensions = encode(0xa3, &encode(SEQUENCE, &self.encode_extensions(is_foreign)));
        let valid = encode(SEQUENCE, &valid);
        let parts: [&[u8]; 8] =
            [VERSION_3, &serial, SHA256_WITH_RSA, issuer, &valid, &subject, &key, &extensions];
        let body = encode(SEQUENCE, &parts.concat());
        encode(SEQUENCE, &[&body, SHA256_WITH_RSA, &encode_bits(&[0; KEY_BYTES])].concat())
    }

    fn encode_extensions(&self, is_foreign: bool) -> Vec<u8> {
        let usage = if self.is_authority { AUTHORITY_KEY_USAGE } else { KEY_USAGE };
        let mut all = [usage, EXTENDED_KEY_USAGE].concat();
        all.extend(if self.is_authority { AUTHORITY_CONSTRAINTS } else { CONSTRAINTS });
        for (own, label) in [(self.is_authority, SUBJECT_KEY), (is_foreign, AUTHORITY_KEY)] {
            if own {
                all.extend([label, &[0; 20]].concat());
            }
        }
        let hosts = self.hosts.iter().map(|host| encode(0x82, host.as_bytes()));
        let addresses = self.addresses.iter().map(|address| match address {
            IpAddr::V4(address) => encode(0x87, &address.octets()),
            IpAddr::V6(address) => encode(0x87, &address.octets()),
        });
        let names: Vec<u8> = hosts.chain(addresses).flatten().collect();
        if !names.is_empty() {
            let critical: &[u8] = if self.subject.is_empty() { b"\x01\x01\xff" } else { b"" };
            let names = encode(0x04, &encode(SEQUENCE, &names));
            all.extend(encode(SEQUENCE, &[ALTERNATIVE_NAMES, critical, &names].concat()));
        }
        all
    }
}

/// The subject of a certificate, encoded.
pub(super) fn subject_of(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, body, _) = split_element(certificate)?;
    let (_, mut rest, _) = split_element(body)?;
    // The version, the serial number, the algorithm, the issuer and the validity stand before it.
    for _ in 0..5 {
        rest = split_element(rest)?.2;
    }
    Some(split_element(rest)?.0.to_vec())
}

/// The first element, what it holds, and what follows.
fn split_element(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let first = usize::from(*bytes.get(1)?);
    let more = first.saturating_sub(0x80);
    let long = bytes.get(2..2 + more)?.iter().fold(0_usize, |all, byte| (all << 8) | usize::from(*byte));
    let (start, length) = (2 + more, if more == 0 { first } else { long });
    let end = start.checked_add(length)?;
    Some((bytes.get(..end)?, bytes.get(start..end)?, &bytes[end..]))
}

fn encode(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let used = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
    let mut all = vec![tag];
    if content.len() >= 0x80 {
        all.push(0x80 | used.len() as u8);
    }
    all.extend(used);
    all.extend(content);
    all
}

/// A string of whole bytes.
fn encode_bits(content: &[u8]) -> Vec<u8> {
    encode(0x03, &[&[0], content].concat())
}

fn encode_name(name: &[u8]) -> Vec<u8> {
    if name.is_empty() {
        return encode(SEQUENCE, b"");
    }
    let is_printable = |byte: &u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte);
    let tag = if name.iter().all(is_printable) { 0x13 } else { 0x0c };
    let pair = encode(SEQUENCE, &[COMMON_NAME, &encode(tag, name)].concat());
    encode(SEQUENCE, &encode(SET, &pair))
}

fn encode_time(seconds: i64) -> Vec<u8> {
    let is_long = seconds >= FOUR_DIGIT_YEARS;
    let (tag, layout) = if is_long { (0x18, "20060102150405Z") } else { (0x17, "060102150405Z") };
    encode(tag, format_layout(seconds, layout).as_bytes())
}
