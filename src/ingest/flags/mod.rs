//! Signs that a survey is not what it seems. Nothing is removed for them: they are told beside the survey.
//!
//! One flag, one file. To add one: write its file, list it in [`FLAGS`], and tell readers of it in the listing `survey_flags`.

mod all_equal;
mod at_once;
mod copied;
mod many_top;
mod same_customer;

use crate::plan::Integrity;
use crate::schema::shared::JOINED;
use crate::time::{DAY_SECONDS, MICROS, Wall};

/// A sign, and how it is found.
#[derive(Debug)]
pub struct Flag {
    pub name: &'static str,
    find: fn(&Surveys, &Integrity) -> Vec<bool>,
}

/// All flags, sorted by name.
pub static FLAGS: [&Flag; 5] = [&all_equal::FLAG, &at_once::FLAG, &copied::FLAG, &many_top::FLAG, &same_customer::FLAG];

/// The highest score, in thousandths of a point.
const TOP: i32 = 5000;

/// The used surveys of the reviewed period, in the order of the dumps; each list has an entry for each of them.
#[derive(Debug, Default)]
pub struct Surveys {
    /// How many dimensions there are.
    pub dimensions: usize,
    pub answered: Vec<Wall>,
    /// A hash of the member of staff; none where nobody is credited.
    pub staff: Vec<Option<u64>>,
    /// A hash of the customer.
    pub customer: Vec<Option<u64>>,
    /// A hash of the customer's phone.
    pub phone: Vec<Option<u64>>,
    /// When the service ended.
    pub ended: Vec<Option<Wall>>,
    /// A number for the ticket.
    pub ticket: Vec<Option<u32>>,
    /// Answered by a customer.
    pub by_customer: Vec<bool>,
    /// Thousandths of a point, all dimensions of a survey one after the other.
    pub scores: Vec<Option<i32>>,
}

impl Surveys {
    const fn len(&self) -> usize {
        self.answered.len()
    }

    /// Adds more surveys of the same dimensions.
    pub fn extend(&mut self, more: Self) {
        self.answered.extend(more.answered);
        self.staff.extend(more.staff);
        self.customer.extend(more.customer);
        self.phone.extend(more.phone);
        self.ended.extend(more.ended);
        self.ticket.extend(more.ticket);
        self.by_customer.extend(more.by_customer);
        self.scores.extend(more.scores);
    }

    /// The scores of a survey, in the order of the dimensions.
    fn scores(&self, survey: usize) -> &[Option<i32>] {
        &self.scores[survey * self.dimensions..(survey + 1) * self.dimensions]
    }

    /// When a survey was answered; none where only the day is known, which is told as its midnight.
    fn moment(&self, survey: usize) -> Option<Wall> {
        let at = self.answered[survey];
        (at.rem_euclid(DAY_SECONDS * MICROS) != 0).then_some(at)
    }

    /// Whether a survey gives nothing but top marks, and some.
    fn is_top(&self, survey: usize) -> bool {
        let mut given = self.scores(survey).iter().flatten().peekable();
        given.peek().is_some() && given.all(|score| *score == TOP)
    }
}

/// The flags of a survey: a bit for each of [`FLAGS`].
pub type Found = u8;

const _: () = assert!(FLAGS.len() <= Found::BITS as usize);

/// The flags of each survey.
pub fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<Found> {
    let mut found = vec![0; surveys.len()];
    for (place, flag) in FLAGS.iter().enumerate() {
        for (found, flagged) in found.iter_mut().zip((flag.find)(surveys, thresholds)) {
            *found |= Found::from(flagged) << place;
        }
    }
    found
}

/// The names of some flags, joined; none where there is no flag.
pub fn names(found: Found) -> Option<String> {
    let names = FLAGS.iter().enumerate().filter(|(place, _)| found >> place & 1 == 1).map(|(_, flag)| flag.name);
    (found > 0).then(|| names.collect::<Vec<_>>().join(JOINED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Integrity =
        Integrity { equal_dimensions: 3, many_top: 3, many_top_within: 3600, same_customer: 3, at_once: 60 };

    /// A survey of minute, staff, customer, end of the service, ticket, whether by a customer, scores.
    type Given = (i64, u64, u64, Option<i64>, Option<u32>, bool, [i32; 3]);

    fn surveys(given: &[Given]) -> Surveys {
        let minute = |minute: i64| minute * 60 * MICROS;
        let mut all = Surveys { dimensions: 3, ..Surveys::default() };
        for (answered, staff, customer, ended, ticket, by_customer, scores) in given {
            all.answered.push(minute(*answered));
            all.staff.push(Some(*staff).filter(|staff| *staff > 0));
            // Customers above 100 share a phone.
            all.customer.push(Some(*customer).filter(|customer| *customer > 0));
            all.phone.push(Some(*customer).filter(|customer| *customer > 100).map(|_| 1));
            all.ended.push(ended.map(minute));
            all.ticket.push(*ticket);
            all.by_customer.push(*by_customer);
            all.scores.extend(scores.map(|score| Some(1000 * score).filter(|score| *score > 0)));
        }
        all
    }

    fn flags(given: &[Given]) -> Vec<String> {
        find(&surveys(given), &USUAL).into_iter().map(|found| names(found).unwrap_or_default()).collect()
    }

    #[test]
    fn flags_are_sorted_and_listed() {
        assert!(FLAGS.is_sorted_by_key(|flag| flag.name));
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ingest/flags")).unwrap();
        assert_eq!(files.count(), FLAGS.len() + 1, "every file is listed");
    }

    #[test]
    fn all_dimensions_alike() {
        let of = |scores| (0, 1, 0, None, None, true, scores);
        assert_eq!(flags(&[of([4, 4, 4]), of([4, 4, 5]), of([4, 4, 0]), of([0, 0, 0])]), ["all_equal", "", "", ""]);
    }

    #[test]
    fn many_top_marks_within_an_hour() {
        let of = |minute, staff, top| (minute, staff, 0, None, None, true, [5, 5, if top { 0 } else { 4 }]);
        // Two of one member within the hour are not many, three are; who else is praised then does not count.
        let given =
            [of(1, 1, true), of(62, 1, true), of(90, 1, true), of(100, 2, true), of(122, 1, true), of(123, 1, false)];
        assert_eq!(flags(&given), ["", "many_top", "many_top", "", "many_top", ""]);
        let nobody = [of(1, 0, true), of(2, 0, true), of(3, 0, true)];
        assert_eq!(flags(&nobody), ["", "", ""]);
        // At midnight there is no time of day.
        let days = [of(0, 1, true), of(0, 1, true), of(0, 1, true), of(1440, 1, true)];
        assert_eq!(flags(&days), ["", "", "", ""]);
    }

    #[test]
    fn one_customer_many_times() {
        let of = |customer, by_customer| (0, 1, customer, None, None, by_customer, [3, 4, 5]);
        let given = [of(7, true), of(7, true), of(8, true), of(7, false), of(7, true)];
        assert_eq!(flags(&given), ["same_customer", "same_customer", "", "", "same_customer"]);
        let phones = [of(101, true), of(102, true), of(7, true), of(103, true), of(104, false)];
        assert_eq!(flags(&phones), ["same_customer", "same_customer", "", "same_customer", ""]);
    }

    #[test]
    fn answered_before_or_as_the_service_ended() {
        let of = |answered, ended| (answered, 1, 0, ended, None, true, [3, 4, 5]);
        let given =
            [of(9, Some(10)), of(10, Some(10)), of(11, Some(10)), of(12, Some(10)), of(12, None), of(0, Some(10))];
        assert_eq!(flags(&given), ["at_once", "at_once", "at_once", "", "", ""]);
    }

    #[test]
    fn marks_copied_from_the_customer() {
        let of = |ticket, by_customer, scores| (0, 1, 0, None, ticket, by_customer, scores);
        let given = [
            of(Some(1), true, [3, 4, 5]),
            of(Some(1), false, [3, 4, 5]),
            of(Some(2), true, [3, 4, 5]),
            of(Some(2), false, [3, 4, 4]),
            of(Some(3), false, [3, 4, 5]),
            of(None, false, [3, 4, 5]),
            // Two dimensions in common are few.
            of(Some(4), true, [3, 4, 0]),
            of(Some(4), false, [3, 4, 5]),
        ];
        assert_eq!(flags(&given), ["", "copied", "", "", "", "", "", ""]);
    }
}
