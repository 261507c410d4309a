//! Chance: the only source of variety in the demo department. It is a SplitMix64 stream, written out here so that one
//! seed gives one department on every machine and after every update of the random-number crates. It knows nothing of
//! the world, and it is no good for secrets.

/// A deterministic stream of choices.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn scramble(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Chance {
    /// The stream of one `part` of one thing: the same three numbers always give the same stream, and the streams of
    /// different parts do not disturb one another.
    pub(crate) fn of(seed: u64, part: u64, number: u64) -> Self {
        let mixed = scramble(seed.wrapping_add(STEP))
            ^ scramble(part.wrapping_mul(STEP).wrapping_add(7))
            ^ scramble(number.wrapping_add(STEP.rotate_left(17))).rotate_left(23);
        Chance(scramble(mixed))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        scramble(self.0)
    }

    /// A whole number in `0..limit`; 0 when `limit` is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.bits()) * limit as u128) >> 64) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True in `percent` cases of a hundred.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        (self.below(100) as u32) < percent
    }

    /// True in `share` cases of a thousand.
    pub(crate) fn per_mille(&mut self, share: u32) -> bool {
        (self.below(1000) as u32) < share
    }

    /// One of the choices. The slice must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// The index of one weight, in proportion to the weights; 0 when they are all zero.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: usize = weights.iter().map(|weight| *weight as usize).sum();
        let mut left = self.below(total);
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight as usize {
                return index;
            }
            left -= *weight as usize;
        }
        0
    }

    /// A delay in seconds around `typical` minutes with the long right tail that human answers have.
    pub(crate) fn delay(&mut self, typical: i64) -> i64 {
        let minutes = match self.below(100) {
            0..25 => self.between(typical / 4, typical / 2),
            25..70 => self.between(typical / 2, typical * 3 / 2),
            70..92 => self.between(typical * 3 / 2, typical * 4),
            _ => self.between(typical * 4, typical * 14),
        };
        minutes.max(1) * 60 + self.between(0, 59)
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_three_numbers_give_the_same_stream() {
        let first: Vec<u64> = (0..8).scan(Chance::of(1, 2, 3), |chance, _| Some(chance.bits())).collect();
        let again: Vec<u64> = (0..8).scan(Chance::of(1, 2, 3), |chance, _| Some(chance.bits())).collect();
        let other: Vec<u64> = (0..8).scan(Chance::of(1, 3, 2), |chance, _| Some(chance.bits())).collect();
        assert_eq!(first, again);
        assert_ne!(first, other);
    }

    #[test]
    fn weights_are_kept() {
        let mut chance = Chance::of(5, 0, 0);
        let hits = (0..10_000).filter(|_| chance.weighted(&[0, 3, 1]) == 1).count();
        assert!((7_200..7_800).contains(&hits), "{hits}");
        assert_eq!(chance.weighted(&[0, 0]), 0);
    }

    #[test]
    fn between_includes_both_ends() {
        let mut chance = Chance::of(9, 0, 0);
        let seen: std::collections::BTreeSet<i64> = (0..200).map(|_| chance.between(-1, 2)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [-1, 0, 1, 2]);
    }
}
