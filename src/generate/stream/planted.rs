//! The defect that rises and repeats, in the proportions of the fixtures.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::company::{Company, Purpose};
use crate::generate::calendar::{day, is_workday};
use crate::generate::people::{Customer, Role, Staff};
use crate::generate::products::{DEFECT, DEFECT_MODEL, Model};
use crate::generate::rng::Rng;
use crate::generate::tickets::{Made, Office, Ticket, moment, ticket};

/// Tickets of the fixtures, to which the numbers of the waves belong.
const FIXTURES: u64 = 9_127;

/// A quarter's share: first and last day, tickets of customers who never had it, and how many of those (from the first part
/// of the quarter) come back with it.
struct Wave {
    from: NaiveDate,
    to: NaiveDate,
    back_until: NaiveDate,
    first: u64,
    again: u64,
}

/// A ticket with the planted defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Plant {
    pub date: NaiveDate,
    /// Of the day.
    pub second: u32,
    /// Number of the customer with the defect, of all that have it.
    pub number: u32,
    /// He comes back with it.
    pub again: bool,
}

/// All tickets with the planted defect, in the order of their requests.
#[derive(Debug)]
pub struct Plants {
    pub all: Vec<Plant>,
    /// How many customers have it.
    customers: u64,
}

impl Plants {
    /// For so many tickets as the company has.
    pub fn new(company: &Company) -> Self {
        let waves = [
            Wave { from: day(1, 5), to: day(3, 30), back_until: day(2, 27), first: 21, again: 1 },
            Wave { from: day(4, 1), to: day(6, 29), back_until: day(5, 25), first: 25, again: 1 },
            Wave { from: day(7, 1), to: day(9, 29), back_until: day(8, 25), first: 62, again: 20 },
        ];
        let scaled = |n: u64| n * company.sizes.tickets / FIXTURES;
        let customers = waves.iter().map(|wave| scaled(wave.first)).sum();
        let mut plants = Self { all: Vec::new(), customers };
        let mut number = 0;
        for wave in waves {
            let days = |last: NaiveDate| -> Vec<NaiveDate> {
                wave.from.iter_days().take_while(|d| *d <= last).filter(|d| is_workday(*d)).collect()
            };
            let (any, early) = (days(wave.to), days(wave.back_until));
            for n in 0..scaled(wave.first) {
                let mut rng = company.rng(Purpose::PlantedMoments, [number.into(), 0]);
                let back = n < scaled(wave.again);
                let first = plant(*rng.pick(if back { &early } else { &any }), number, false, &mut rng);
                plants.all.push(first);
                if let Some(end) = plants.leak(&Sketch(company), company, first).1.resolved.filter(|_| back) {
                    let mut date = (end + Duration::days(rng.between(3, 25))).date();
                    while !is_workday(date) {
                        date = date.pred_opt().expect("a day before");
                    }
                    // What would come after the last dump does not come.
                    if date <= day(9, 30) {
                        plants.all.push(plant(date, number, true, &mut rng));
                    }
                }
                number += 1;
            }
        }
        plants.all.sort_unstable();
        plants
    }

    /// The tickets of a day, as places in `all`.
    pub fn of_day(&self, date: NaiveDate) -> std::ops::Range<usize> {
        let begin = self.all.partition_point(|plant| plant.date < date);
        begin..self.all.partition_point(|plant| plant.date <= date)
    }

    /// The ticket and its customer.
    pub fn leak(&self, office: &impl Office, company: &Company, plant: Plant) -> (Customer, Ticket) {
        let number = u64::from(plant.number);
        let (place, owner) =
            company.owner(number, self.customers, &mut company.rng(Purpose::PlantedMoments, [number, 1]));
        let place = usize::try_from(place).expect("a customer");
        let requested = plant.requested();
        let mut attempt = 2 * u64::from(plant.again);
        loop {
            // A draw of its own each time, so that who is there does not matter for when it ends.
            let mut rng = company.rng(Purpose::Planted, [number, attempt]);
            let mut t = ticket(office, requested, place, &owner, DEFECT_MODEL, Some(DEFECT), &mut rng);
            if t.resolved.is_some() {
                t.made = if plant.again { Made::Again } else { Made::Planted };
                return (owner, t);
            }
            attempt += 4;
        }
    }
}

impl Plant {
    /// The moment of the request.
    pub fn requested(&self) -> NaiveDateTime {
        self.date.and_time(NaiveTime::MIN) + Duration::seconds(self.second.into())
    }
}

fn plant(date: NaiveDate, number: u32, again: bool, rng: &mut Rng) -> Plant {
    Plant { date, second: moment(date, rng).num_seconds_from_midnight(), number, again }
}

/// A company where nobody needs to be there: enough to know when a ticket ends.
struct Sketch<'a>(&'a Company);

impl Office for Sketch<'_> {
    fn staff(&self, place: usize) -> &Staff {
        &self.0.staff[place]
    }

    fn assign(&self, _: usize, _: Role, _: NaiveDate, _: &mut Rng) -> usize {
        0
    }

    fn colleague(&self, _: usize, _: NaiveDate, _: &mut Rng) -> usize {
        0
    }

    fn model(&self, place: usize) -> &Model {
        &self.0.models[place]
    }

    fn describe(&self, _: &str, _: &mut Rng) -> String {
        String::new()
    }

    fn wish(&self, _: &mut Rng) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::stream::shift::Shift;
    use crate::generate::stream::sizes::Scale;

    #[test]
    fn who_comes_back_comes_within_thirty_days_of_the_resolution() {
        let scale = Scale { tickets: 91_270, seed: 5, staff: None, customers: None, models: None };
        let company = Company::new(scale.sizes());
        let plants = Plants::new(&company);
        let count =
            |from, to, again| plants.all.iter().filter(|p| (from..=to).contains(&p.date) && p.again == again).count();
        assert_eq!(count(day(1, 1), day(3, 31), false), 210);
        assert_eq!(count(day(7, 1), day(9, 30), false), 620);
        let again = count(day(7, 1), day(9, 30), true);
        assert!((195..=210).contains(&again), "{again}");
        let back: Vec<Plant> = plants.all.iter().copied().filter(|p| p.again).collect();
        for plant in back {
            let first = *plants.all.iter().find(|p| p.number == plant.number && !p.again).unwrap();
            let told = |p: Plant| plants.leak(&Shift::new(&company, p.date), &company, p);
            let ((a, first), (b, again)) = (told(first), told(plant));
            assert_eq!(a.id, b.id);
            let days = (again.requested - first.resolved.unwrap()).num_days();
            assert!((0..30).contains(&days), "{days}");
        }
    }
}
