//! Ids and jitter from the entropy the host handed in once: the engine draws no randomness of its own.

use alloc::string::String;

use super::time::Stamp;

/// xoshiro128++: small in wasm, and every id of one document comes from one 128-bit seed.
#[derive(Debug)]
pub struct Random([u32; 4]);

impl Random {
    /// The stamp is mixed in because a page may have replaced `getRandomValues` by one that gives zeros.
    pub fn new(entropy: [u32; 4], at: Stamp) -> Random {
        let [a, b, c, d] = entropy;
        let mut random =
            Random([a ^ at.wall as u32, b ^ (at.wall >> 32) as u32, c ^ at.mono as u32, d ^ 0x9E37_79B9]);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    pub fn next(&mut self) -> u32 {
        let [a, b, c, d] = &mut self.0;
        let result = a.wrapping_add(*d).rotate_left(7).wrapping_add(*a);
        let shifted = *b << 9;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(11);
        result
    }

    /// 128 bits as 32 hexadecimal digits, put into what is empty.
    pub fn id(&mut self, out: &mut String) {
        for _ in 0..4 {
            hex(out, self.next());
        }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        (u64::from(self.next()) * (bound & 0xFFFF_FFFF)) >> 32
    }
}

pub fn hex(out: &mut String, value: u32) {
    for nibble in (0..8).rev() {
        out.push(char::from_digit(value >> (nibble * 4) & 15, 16).unwrap_or('0'));
    }
}
