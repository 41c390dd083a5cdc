//! Random numbers that are the same on every machine: integers, and floats made by `+ - * /` alone.

/// `SplitMix64` (Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// A stream that begins here.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for each list of numbers: a seed, what for, a day, a piece of the day.
    pub fn of(numbers: &[u64]) -> Self {
        let mut state = Self(0);
        for number in numbers {
            state = Self(state.next() ^ number);
        }
        Self(state.next())
    }

    /// Any number of 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `n` − 1; the bias of the remainder does not matter here.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("less than n")
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).expect("low is not above high");
        low + i64::try_from(self.below(span)).expect("small")
    }

    /// 0 ≤ x < 1.
    pub fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).expect("32 bits")) / 4_294_967_296.0
    }

    /// True with this probability.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Nearly standard normal: the sum of twelve uniforms, so that no library's logarithm decides a byte.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Nearly log-normal with this median.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * exp(sigma * self.normal())
    }

    /// One of these, each as likely as the others.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// The place of one of these weights, by chance in proportion to it.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (i, w) in weights.iter().enumerate() {
            if left < *w {
                return i;
            }
            left -= w;
        }
        weights.iter().rposition(|w| *w > 0.0).expect("some weight")
    }
}

/// (1 + x / 4096)⁴⁰⁹⁶: close enough to eˣ, and the same everywhere.
fn exp(x: f64) -> f64 {
    let mut y = 1.0 + x / 4096.0;
    for _ in 0..12 {
        y *= y;
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers from the reference implementation with the seed 1234567.
    #[test]
    fn the_stream_is_that_of_the_reference() {
        let mut rng = Rng::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn streams_differ_by_every_number_and_by_their_order() {
        let first = |numbers: &[u64]| Rng::of(numbers).next();
        let all = [first(&[1, 2, 3]), first(&[1, 2, 4]), first(&[1, 3, 2]), first(&[2, 2, 3]), first(&[1, 2])];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b), "{i}");
        }
        assert_eq!(first(&[1, 2, 3]), all[0]);
    }

    #[test]
    fn weights_of_nothing_are_never_picked() {
        let mut rng = Rng::new(5);
        let mut seen = [0; 4];
        (0..10_000).for_each(|_| seen[rng.weighted(&[0.0, 1.0, 3.0, 0.0])] += 1);
        assert_eq!((seen[0], seen[3]), (0, 0));
        assert!((2300..2700).contains(&seen[1]), "{seen:?}");
    }
}
