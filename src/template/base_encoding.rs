//! Base 64 and base 32 as Go's standard encodings write and read them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes, or the offset of the first character that is wrong. Line ends are skipped, as in Go.
pub fn decode_base64(text: &[u8]) -> Result<Vec<u8>, usize> {
    let clean: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    STANDARD.decode(&clean).map_err(|error| match error {
        base64::DecodeError::InvalidByte(at, _) => at,
        _ => clean.len() - clean.len() % 4,
    })
}

pub fn encode_base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut group = [0_u8; 5];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let filled = (chunk.len() * 8).div_ceil(5);
        for index in 0..8 {
            let value = usize::try_from(bits >> (35 - 5 * index) & 31).unwrap_or(0);
            text.push(if index < filled { char::from(BASE32[value]) } else { '=' });
        }
    }
    text
}

pub fn decode_base32(text: &[u8]) -> Option<Vec<u8>> {
    let clean: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !clean.len().is_multiple_of(8) {
        return None;
    }
    let mut bytes = Vec::new();
    for group in clean.chunks(8) {
        let filled = group.iter().position(|byte| *byte == b'=').unwrap_or(8);
        if group[filled..].iter().any(|byte| *byte != b'=') {
            return None;
        }
        let mut bits = 0_u64;
        for byte in &group[..filled] {
            let value = BASE32.iter().position(|own| own == byte)?;
            bits = bits << 5 | value as u64;
        }
        bits <<= 5 * (8 - filled);
        let whole = bits.to_be_bytes();
        bytes.extend_from_slice(&whole[3..3 + filled * 5 / 8]);
    }
    Some(bytes)
}
