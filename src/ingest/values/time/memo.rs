//! The dates of a column, remembered: a month of tickets has a thousand times a day, and few days.

use super::date::{Order, Written};
use super::{Format, SECOND, fast};
use crate::time::Wall;

/// Dates that are remembered at once, a power of two.
const SLOTS: usize = 256;
/// A multiplier whose product is well mixed in its highest bits.
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// Reads times that begin with a date of ten signs, each date once.
#[derive(Debug)]
pub struct Memo {
    order: Order,
    separator: u8,
    slots: Vec<Slot>,
}

/// A date as written, in two numbers, and its midnight.
#[derive(Debug, Clone, Copy)]
struct Slot {
    front: u64,
    end: u16,
    midnight: Wall,
}

impl Format {
    /// A memo for times of this format, where they may have dates of ten signs.
    pub fn memo(&self) -> Option<Memo> {
        match self {
            Self::Dated(Written::Numbers { order, short_year: false, separator }) => {
                // No text has such bytes.
                let none = Slot { front: u64::MAX, end: u16::MAX, midnight: 0 };
                Some(Memo { order: *order, separator: *separator, slots: vec![none; SLOTS] })
            }
            _ => None,
        }
    }
}

impl Memo {
    /// The moment of `2026-07-01`, `2026-07-01 08:30`, `2026-07-01T08:30:05`; none where the text is written in any other way,
    /// or where the midnight of its date does not pass the test, which is asked once a date.
    pub fn parse(&mut self, text: &[u8], fits: impl FnOnce(Wall) -> bool) -> Option<Wall> {
        let (date, clock) = text.split_first_chunk()?;
        let seconds = match clock {
            [] => 0,
            [b' ' | b'T', hour_tens, hour_ones, b':', minute_tens, minute_ones, rest @ ..] => {
                let (hour, minute) = (two(*hour_tens, *hour_ones), two(*minute_tens, *minute_ones));
                let second = match rest {
                    [] => 0,
                    [b':', tens, ones] => two(*tens, *ones),
                    _ => return None,
                };
                if hour > 23 || minute > 59 || second > 59 {
                    return None;
                }
                hour * 3600 + minute * 60 + second
            }
            _ => return None,
        };
        Some(self.midnight(date, fits)? + i64::from(seconds) * SECOND)
    }

    fn midnight(&mut self, date: &[u8; 10], fits: impl FnOnce(Wall) -> bool) -> Option<Wall> {
        let (front, end) = (u64::from_le_bytes(*date.first_chunk()?), u16::from_le_bytes(*date.last_chunk()?));
        let place = (front ^ u64::from(end).rotate_left(40)).wrapping_mul(MIX) >> 56;
        let slot = self.slots.get_mut(usize::try_from(place).ok()?)?;
        if slot.front != front || slot.end != end {
            let midnight = fast::parse(date, self.order, self.separator).filter(|wall| fits(*wall))?;
            *slot = Slot { front, end, midnight };
        }
        Some(slot.midnight)
    }
}

/// The number of two digits; a large one where they are none.
fn two(tens: u8, ones: u8) -> u32 {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { 100 } else { u32::from(tens) * 10 + u32::from(ones) }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use crate::ingest::values::time::given;

    proptest! {
        #[test]
        fn a_memo_reads_what_the_patient_way_reads(
            texts in prop::collection::vec(
                "[0-3][0-9][-/][0-3]?[0-9][-/]20[0-9]{2}([ T][0-9:]{0,8})?|20[0-9]{2}[-/][01]?[0-9][-/][0-3]?[0-9]([ T]{0,2}[0-2][0-9]:[0-6][0-9](:[0-9]{0,3})?)?",
                1..8,
            ),
        ) {
            for notation in ["%Y-%m-%d", "%Y/%m/%d", "%d-%m-%Y", "%m/%d/%Y"] {
                let format = given(notation).unwrap();
                let mut memo = format.memo().unwrap();
                for text in texts.iter().chain(&texts) {
                    let quick = memo.parse(text.as_bytes(), |_| true);
                    prop_assert!(quick.is_none() || quick == format.parse(text, Tz::UTC), "{}", text);
                }
            }
        }
    }

    #[test]
    fn usual_times_are_quick_and_years_are_asked_about() {
        let format = given("%Y-%m-%d").unwrap();
        let mut memo = format.memo().unwrap();
        for text in ["2026-07-01", "2026-07-01 08:30", "2026-07-01T23:59:59"] {
            assert!(memo.parse(text.as_bytes(), |_| true).is_some(), "{text}");
        }
        for text in ["2026-07-01 24:00", "2026-07-01 08:60", "2026-07-01 8:30", "2026-02-30", "2026-07-01 08:30:00.5"] {
            assert_eq!(memo.parse(text.as_bytes(), |_| true), None, "{text}");
        }
        assert_eq!(memo.parse(b"2030-07-01", |_| false), None);
        assert!(given("%Y年%m月%d日").unwrap().memo().is_none());
    }
}
