//! Hashes bytes to the same number on every machine and in every release, for keys and caches.

/// FNV-1a, 64 bits (the IETF draft's offset basis and prime). For comparing texts and for deriving numbers that must
/// not change between runs; not for anything that an adversary could gain from.
#[must_use]
pub fn stable_hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
