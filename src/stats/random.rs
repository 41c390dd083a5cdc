//! Random numbers that are the same in each run: `SplitMix64`. G. L. Steele, D. Lea, C. H. Flood, *Fast Splittable Pseudorandom Number
//! Generators*, OOPSLA 2014.

/// Where the sequence begins.
const SEED: u64 = 0x5eed_0f5a_7157_ac75;

/// A sequence of numbers.
pub struct Random(u64);

impl Random {
    pub const fn new() -> Self {
        Self(SEED)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; its bias is below bound ÷ 2⁶⁴.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Origin: the first outputs for the seed 1234567, as published with the reference implementation.
    #[test]
    fn numbers_of_the_generator() {
        let mut random = Random(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }
}
